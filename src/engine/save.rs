//! The capture as it was read → a pcap or pcapng file, packet by packet, so that any size passes through little memory.

use std::io::{self, Write};

use super::{Engine, Failure, Format};
use crate::capture::{PcapWriter, PcapngWriter, Source};

/// Why a capture was not saved.
pub enum SaveError {
    /// The capture does not allow it, or cannot be read any more.
    Capture(Failure),
    /// The file could not be written.
    Output(io::Error),
}

impl From<io::Error> for SaveError {
    fn from(error: io::Error) -> SaveError {
        SaveError::Output(error)
    }
}

enum Writer<W: Write> {
    Pcap(PcapWriter<W>),
    Pcapng(PcapngWriter<W>),
}

impl<S: Source> Engine<S> {
    /// Writes all packets read so far with their times and lengths, in pcapng with their comments too. Answers how many.
    ///
    /// A pcap file has one link type for all packets; a capture with more is refused with `mixed-links`.
    pub fn save<W: Write>(&mut self, format: Format, out: W) -> Result<u32, SaveError> {
        let mut writer = match format {
            Format::Pcap => {
                let links = self.index.links();
                let [link] = links.as_slice() else {
                    let names: Vec<String> = links.iter().map(ToString::to_string).collect();
                    let names = names.join(", ");
                    let detail =
                        format!("the packets have different link types ({names}), and a pcap file has one for all");
                    return Err(SaveError::Capture(Failure::new("mixed-links", detail)));
                };
                Writer::Pcap(PcapWriter::new(out, *link)?)
            }
            Format::Pcapng => Writer::Pcapng(PcapngWriter::new(out)?),
        };
        let mut bytes = Vec::new();
        for frame in 1..=self.frames() {
            let Some(record) = self.index.get(frame) else { break };
            bytes.resize(record.captured as usize, 0);
            let count = self.reader.content().read_at(record.offset, &mut bytes).map_err(|why| {
                SaveError::Capture(Failure::new("unreadable", format!("frame {frame} could not be read again: {why}")))
            })?;
            bytes.truncate(count);
            match &mut writer {
                Writer::Pcap(writer) => writer.packet(record.time, record.length, &bytes)?,
                Writer::Pcapng(writer) => writer.packet(&record, &bytes, self.reader.comments(frame))?,
            }
        }
        match writer {
            Writer::Pcap(writer) => drop(writer.finish()?),
            Writer::Pcapng(writer) => drop(writer.finish()?),
        }
        Ok(self.frames())
    }
}

impl Format {
    /// The name under which a capture is saved: its own with the format's ending.
    pub fn name(self, capture: &str) -> String {
        let name = capture.strip_suffix(".gz").unwrap_or(capture);
        let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
        format!("{stem}.{}", if self == Format::Pcap { "pcap" } else { "pcapng" })
    }
}
