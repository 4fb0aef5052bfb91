//! Source → records, whichever format it is in: the one way into a capture.

use super::content::{Content, head};
use super::convert::{Origin, convert, needs_conversion};
use super::error::OpenError;
use super::pcap::Pcap;
use super::pcapng::Pcapng;
use super::remarks::{Name, Remarks};
use super::snoop::Snoop;
use super::window::Window;
use super::{Record, Source};

/// One step through a capture.
pub(super) enum Step {
    /// A packet, and where the next record begins.
    Packet(Record, u64),
    /// The source ends between two records.
    End,
    /// The source ends within a record that needs so many bytes.
    Cut(u64),
    /// What stands there cannot be a record, and why; where the next one begins is unknown.
    Damage(String),
}

impl Step {
    /// What it means that `needed` bytes at `position` are not there.
    pub fn missing<S: Source>(window: &Window<S>, position: u64, needed: u64) -> Step {
        if window.size() <= position { Step::End } else { Step::Cut(needed) }
    }
}

enum Format {
    Pcap(Pcap),
    Pcapng(Pcapng),
    Snoop(Snoop),
}

impl Format {
    /// The format that `head` begins, and where its first record stands.
    fn of(head: &[u8], remarks: &mut Remarks) -> Option<(Format, u64)> {
        if let Some(pcap) = Pcap::open(head, remarks) {
            let first = pcap.first();
            Some((Format::Pcap(pcap), first))
        } else if Pcapng::opens(head) {
            Some((Format::Pcapng(Pcapng::default()), 0))
        } else {
            let snoop = Snoop::open(head, remarks)?;
            let first = snoop.first();
            Some((Format::Snoop(snoop), first))
        }
    }
}

/// Reads a capture from its beginning, a record at a time, through a window of about a megabyte.
pub struct Reader<S> {
    window: Window<Content<S>>,
    format: Format,
    origin: Option<Origin>,
    position: u64,
    frames: u32,
    remarks: Remarks,
    /// The last note says that the source ends within a record; it is withdrawn when the source has grown.
    cut: bool,
    damaged: bool,
}

/// Opens a capture; its content alone decides what it is. Gzip data and text are converted in memory. Errors: no capture,
/// empty, too large, or the source's own failure.
pub fn open<S: Source>(mut source: S) -> Result<Reader<S>, OpenError> {
    if !needs_conversion(&mut source)? {
        return open_plain(source, None);
    }
    let (bytes, origin) = convert(source)?;
    read(Content::Memory(bytes), Some(origin))
}

/// Opens a capture that needs no conversion, or was converted from `origin`. Errors: as of [`open`].
pub fn open_plain<S: Source>(source: S, origin: Option<Origin>) -> Result<Reader<S>, OpenError> {
    read(Content::Source(source), origin)
}

fn read<S: Source>(mut content: Content<S>, origin: Option<Origin>) -> Result<Reader<S>, OpenError> {
    let mut remarks = Remarks::default();
    origin.iter().flat_map(|origin| &origin.notes).for_each(|note| remarks.note(note.clone()));
    let head = head(&mut content).map_err(OpenError::Unreadable)?;
    let packed = origin.as_ref().is_some_and(|origin| origin.packed);
    let opened = Format::of(&head, &mut remarks);
    let (format, position) = opened.ok_or_else(|| OpenError::not_a_capture(&head, content.size(), packed))?;
    let window = Window::new(content);
    Ok(Reader { window, format, origin, position, frames: 0, remarks, cut: false, damaged: false })
}

impl<S: Source> Reader<S> {
    /// The next packet and its bytes, which are a slice of the window. `None` is the source's present end, and the call may
    /// be repeated when the source has grown. Damage ends the reading with a note; errors are the source's own.
    #[expect(clippy::should_implement_trait, reason = "an iterator cannot lend slices of its window")]
    pub fn next(&mut self) -> Result<Option<(Record, &[u8])>, String> {
        if self.damaged {
            return Ok(None);
        }
        if self.cut {
            self.cut = false;
            self.remarks.notes.pop();
        }
        let step = match &mut self.format {
            Format::Pcap(pcap) => pcap.step(&mut self.window, self.position)?,
            Format::Snoop(snoop) => snoop.step(&mut self.window, self.position)?,
            Format::Pcapng(pcapng) => {
                let frame = self.frames.saturating_add(1);
                pcapng.step(&mut self.window, &mut self.position, frame, &mut self.remarks)?
            }
        };
        match step {
            Step::Packet(record, next) => {
                self.position = next;
                self.frames = self.frames.saturating_add(1);
                let bytes = self.window.get(record.offset, record.captured as usize)?;
                return Ok(bytes.map(|bytes| (record, bytes)));
            }
            Step::End => {}
            Step::Cut(needed) => self.note_cut(needed),
            Step::Damage(why) => {
                self.damaged = true;
                let (position, frames) = (self.position, self.frames);
                self.remarks.notes.push(format!(
                    "Damaged at byte {position}, after frame {frames}: {why}. Nothing after it was read."
                ));
            }
        }
        Ok(None)
    }

    fn note_cut(&mut self, needed: u64) {
        let (position, frames, size) = (self.position, self.frames, self.window.size());
        let had = size.saturating_sub(position);
        self.cut = true;
        self.remarks.notes.push(format!(
            "Cut short at byte {size}, after frame {frames}: the record that begins at byte {position} needs at least {needed} bytes and {had} are there."
        ));
    }

    /// Bytes consumed so far: where the next record begins.
    pub fn position(&self) -> u64 {
        self.position
    }

    /// `pcap, microseconds, little-endian`, `pcapng`, `snoop`, `text`; `…, in gzip`.
    pub fn format(&self) -> String {
        let format = match &self.format {
            _ if self.origin.as_ref().is_some_and(|origin| origin.text) => "text".to_owned(),
            Format::Pcap(pcap) => pcap.describe(),
            Format::Pcapng(_) => "pcapng".to_owned(),
            Format::Snoop(_) => "snoop".to_owned(),
        };
        if self.origin.as_ref().is_some_and(|origin| origin.packed) { format + ", in gzip" } else { format }
    }

    /// Bytes of the file as it was brought.
    pub fn file_size(&mut self) -> u64 {
        self.origin.as_ref().map_or(self.window.size(), |origin| origin.size)
    }

    /// English sentences about the file: cut short or damaged and where, unknown link types, comments on sections.
    pub fn notes(&self) -> &[String] {
        &self.remarks.notes
    }

    /// The capture's own comments on a frame (from 1).
    pub fn comments(&self, frame: u32) -> &[String] {
        self.remarks.comments.get(&frame).map_or(&[], Vec::as_slice)
    }

    /// Addresses that the capture names itself.
    pub fn names(&self) -> &[Name] {
        &self.remarks.names
    }

    /// How many interface statistics blocks were passed.
    pub fn statistics(&self) -> u32 {
        self.remarks.statistics
    }

    /// What is read: offsets of records and [`Reader::position`] count in it.
    pub fn content(&mut self) -> &mut Content<S> {
        self.window.source()
    }
}
