//! Records → columns: a few tens of bytes a packet, in chunks, so that growing never copies or doubles what is there.

use super::{LinkType, Record};

/// Values in one chunk: small enough that a small capture costs little, large enough that chunks are few.
const CHUNK: usize = 4096;

/// A growing list of small values that allocates a chunk at a time.
#[derive(Clone, Debug)]
pub struct Column<T> {
    chunks: Vec<Vec<T>>,
    len: usize,
}

impl<T: Copy> Column<T> {
    pub fn new() -> Column<T> {
        Column { chunks: Vec::new(), len: 0 }
    }

    pub fn push(&mut self, value: T) {
        if self.len.is_multiple_of(CHUNK) {
            self.chunks.push(Vec::with_capacity(CHUNK));
        }
        if let Some(chunk) = self.chunks.last_mut() {
            chunk.push(value);
            self.len += 1;
        }
    }

    /// The value at position `at`, from 0.
    pub fn get(&self, at: usize) -> Option<T> {
        self.chunks.get(at / CHUNK)?.get(at % CHUNK).copied()
    }

    pub fn get_mut(&mut self, at: usize) -> Option<&mut T> {
        self.chunks.get_mut(at / CHUNK)?.get_mut(at % CHUNK)
    }

    /// The first position whose value is not `before`, which all values up to some position are and none behind it.
    pub fn partition_point(&self, before: impl Fn(&T) -> bool) -> usize {
        let chunk = self.chunks.partition_point(|chunk| chunk.last().is_some_and(&before));
        chunk * CHUNK + self.chunks.get(chunk).map_or(0, |chunk| chunk.partition_point(&before))
    }

    pub fn iter(&self) -> impl Iterator<Item = T> + '_ {
        self.chunks.iter().flatten().copied()
    }

    /// The values from a position on.
    pub fn iter_from(&self, at: usize) -> impl Iterator<Item = T> + '_ {
        let chunks = self.chunks.get(at / CHUNK..).unwrap_or_default();
        chunks.iter().flatten().skip(at % CHUNK).copied()
    }

    pub fn len(&self) -> usize {
        self.len
    }

    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Memory that the column holds, in bytes.
    pub fn bytes(&self) -> usize {
        self.chunks.len() * CHUNK * size_of::<T>() + self.chunks.capacity() * size_of::<Vec<T>>()
    }
}

impl<T: Copy> Default for Column<T> {
    fn default() -> Column<T> {
        Column::new()
    }
}

/// The records of a capture by frame number, 26 bytes each.
#[derive(Clone, Debug, Default)]
pub struct Index {
    offset: Column<u64>,
    time: Column<i64>,
    captured: Column<u32>,
    length: Column<u32>,
    interface: Column<u16>,
    /// Link type by interface number: an interface never changes its own.
    links: Vec<LinkType>,
}

impl Index {
    pub fn new() -> Index {
        Index::default()
    }

    /// Appends the record of the next frame. All records of one interface have its link type.
    pub fn push(&mut self, record: &Record) {
        let interface = usize::from(record.interface);
        if self.links.len() <= interface {
            self.links.resize(interface + 1, record.link);
        }
        if let Some(link) = self.links.get_mut(interface) {
            *link = record.link;
        }
        self.offset.push(record.offset);
        self.time.push(record.time);
        self.captured.push(record.captured);
        self.length.push(record.length);
        self.interface.push(record.interface);
    }

    /// The record of a frame; frame numbers start at 1.
    pub fn get(&self, frame: u32) -> Option<Record> {
        let at = usize::try_from(frame.checked_sub(1)?).ok()?;
        let interface = self.interface.get(at)?;
        Some(Record {
            offset: self.offset.get(at)?,
            time: self.time.get(at)?,
            captured: self.captured.get(at)?,
            length: self.length.get(at)?,
            link: *self.links.get(usize::from(interface))?,
            interface,
        })
    }

    /// The link types of the frames, each once.
    pub fn links(&self) -> Vec<LinkType> {
        let mut found = Vec::new();
        let mut before = None;
        for interface in self.interface.iter().filter(|interface| before.replace(*interface) != Some(*interface)) {
            found.extend(self.links.get(usize::from(interface)).filter(|link| !found.contains(*link)).copied());
        }
        found
    }

    /// Number of frames.
    pub fn len(&self) -> u32 {
        u32::try_from(self.offset.len()).unwrap_or(u32::MAX)
    }

    pub fn is_empty(&self) -> bool {
        self.offset.is_empty()
    }

    /// Memory that the index holds, in bytes.
    pub fn bytes(&self) -> usize {
        self.offset.bytes()
            + self.time.bytes()
            + self.captured.bytes()
            + self.length.bytes()
            + self.interface.bytes()
            + self.links.capacity() * size_of::<LinkType>()
    }
}
