//! `cargo xtask inspect WHAT FILE`: a capture → lines on standard output, from the engine that the page runs.
//!
//! `-o` also saves the capture, whatever it was read from. Notes about the capture go to standard error, so that the output stays one JSON value (or line) a packet.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{self, BufWriter, ErrorKind, Write};
use std::path::Path;

use packet_theater::capture::FileSource;
use packet_theater::conversation::{Endpoint, Kind, Transition};
use packet_theater::engine::{
    Engine, Failure, Format, FrameView, MAX_ROWS, Request, Response, SaveError, Stage, Summary,
};
use packet_theater::protocol::{Context, Stop};
use serde::Serialize;

const USAGE: &str = "usage: cargo xtask inspect layers|conversations|lines FILE [-o OUT.pcap|OUT.pcapng]";

/// Enough for a file of any size: the whole capture is read before the first line is printed.
const WHOLE: u64 = u64::MAX;

/// Prints the capture; the error is a sentence for the user.
pub fn run(arguments: &[String]) -> Result<(), String> {
    let (what, path, save) = match arguments {
        [what, path] => (what, path, None),
        [what, path, option, out] if option == "-o" => (what, path, Some(out)),
        _ => return Err(USAGE.to_owned()),
    };
    let print = match what.as_str() {
        "layers" => layers,
        "conversations" => conversations,
        "lines" => lines,
        _ => return Err(format!("there is nothing called `{what}` to inspect; {USAGE}")),
    };
    let mut inspected = Inspected::open(path)?;
    if let Some(out) = save {
        inspected.save(path, out)?;
    }
    let mut out = BufWriter::new(io::stdout().lock());
    match print(&mut inspected, &mut out).and_then(|()| Ok(out.flush()?)) {
        Err(Trouble::Output(error)) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        Err(Trouble::Output(error)) => Err(format!("the output could not be written: {error}")),
        Err(Trouble::Capture(failure)) => Err(format!("{path}: {}", failure.detail)),
        Ok(()) => Ok(()),
    }
}

struct Inspected {
    engine: Engine<FileSource>,
    summary: Summary,
}

enum Trouble {
    Output(io::Error),
    Capture(Failure),
}

impl From<io::Error> for Trouble {
    fn from(error: io::Error) -> Trouble {
        Trouble::Output(error)
    }
}

impl Inspected {
    fn open(path: &str) -> Result<Inspected, String> {
        let say = |failure: Failure| format!("{path}: {}", failure.detail);
        let source = FileSource::open(path)?;
        let mut engine = Engine::open(source, path).map_err(say)?;
        let summary = match engine.advance(WHOLE).map_err(say)? {
            Response::Opened(summary) => summary,
            other => return Err(format!("{path}: the engine stopped early: {other:?}")),
        };
        for note in &summary.notes {
            eprintln!("note: {note}");
        }
        Ok(Inspected { engine, summary })
    }

    /// Writes the whole capture; the name says in which format. Nothing is left behind where that fails.
    fn save(&mut self, path: &str, out: &str) -> Result<(), String> {
        let format = match Path::new(out).extension().and_then(OsStr::to_str) {
            Some("pcap") => Format::Pcap,
            Some("pcapng") => Format::Pcapng,
            _ => return Err(format!("{out}: the name must end with .pcap or .pcapng; {USAGE}")),
        };
        let is_same = fs::canonicalize(out).is_ok_and(|out| fs::canonicalize(path).is_ok_and(|path| path == out));
        if is_same {
            return Err(format!("{out} is the capture that is read; give another name"));
        }
        let told = |error: io::Error| format!("{out}: {error}");
        let file = File::create(out).map_err(told)?;
        let saved = self.engine.save(format, BufWriter::new(file)).map_err(|error| match error {
            SaveError::Capture(failure) if failure.kind == "mixed-links" => {
                format!("{path}: {}; give a name that ends with .pcapng", failure.detail)
            }
            SaveError::Capture(failure) => format!("{path}: {}", failure.detail),
            SaveError::Output(error) => told(error),
        });
        if saved.is_err() {
            // The error that is told matters more than a file that cannot be removed.
            let _ = fs::remove_file(out);
        }
        eprintln!("note: {} packets were saved to {out}", saved?);
        Ok(())
    }

    fn ask(&mut self, request: Request) -> Result<Response, Trouble> {
        match self.engine.answer(&request) {
            Response::Failed(failure) => Err(Trouble::Capture(failure)),
            response => Ok(response),
        }
    }
}

fn layers(inspected: &mut Inspected, out: &mut impl Write) -> Result<(), Trouble> {
    for frame in 1..=inspected.summary.frames {
        if let Response::Layers(view) = inspected.ask(Request::Layers { frame })? {
            let context = inspected.engine.context(frame);
            write_json(out, &packet_line(&view, &context))?;
        }
    }
    Ok(())
}

/// One line of `layers`. Positions are in the frame: bytes for layers, bits for fields.
#[derive(Serialize)]
struct PacketLine<'a> {
    number: u32,
    time_epoch: String,
    caplen: u32,
    len: u32,
    link_type: u16,
    layers: Vec<LayerLine<'a>>,
    /// Key, position, length, and the value as tshark's PDML shows it.
    fields: Vec<(&'a str, u32, u32, &'a str)>,
    /// Key and meaning of the fields whose value says little by itself: `["tcp.dstport", "https"]`.
    meanings: Vec<(&'a str, &'a str)>,
    stop: &'a Option<Stop>,
    tcp_stream: Option<u32>,
    udp_stream: Option<u32>,
}

#[derive(Serialize)]
struct LayerLine<'a> {
    p: &'a str,
    pos: u32,
    size: u32,
}

fn packet_line<'a>(view: &'a FrameView, context: &Context) -> PacketLine<'a> {
    let layers = view.layers.iter().map(|it| LayerLine { p: &it.protocol, pos: it.pos, size: it.size });
    let fields = view.layers.iter().flat_map(|layer| &layer.fields);
    let meanings = fields.clone().filter(|it| !it.meaning.is_empty());
    PacketLine {
        number: view.frame,
        time_epoch: epoch(view.time),
        caplen: view.captured,
        len: view.length,
        link_type: view.link,
        layers: layers.collect(),
        meanings: meanings.map(|it| (it.key.as_str(), it.meaning.as_str())).collect(),
        fields: fields.map(|it| (it.key.as_str(), it.at.pos, it.at.len, it.show.as_str())).collect(),
        stop: &view.stop,
        tcp_stream: context.tcp_stream,
        udp_stream: context.udp_stream,
    }
}

/// Seconds with nine decimals, as tshark prints `frame.time_epoch`.
fn epoch(time: i64) -> String {
    const SECOND: u64 = 1_000_000_000;
    let sign = if time < 0 { "-" } else { "" };
    let time = time.unsigned_abs();
    format!("{sign}{}.{:09}", time / SECOND, time % SECOND)
}

fn conversations(inspected: &mut Inspected, out: &mut impl Write) -> Result<(), Trouble> {
    let total = inspected.summary.conversations;
    for start in (0..total).step_by(MAX_ROWS as usize) {
        let Response::Conversations { rows, .. } = inspected.ask(Request::Conversations { start, count: MAX_ROWS })?
        else {
            continue;
        };
        for row in rows {
            if let Response::Stage(stage) = inspected.ask(Request::Stage { conversation: row.id })? {
                write_json(out, &conversation_line(&stage))?;
            }
        }
    }
    Ok(())
}

/// One line of `conversations`.
#[derive(Serialize)]
struct ConversationLine<'a> {
    id: u32,
    protocol: &'a str,
    tcp_stream: Option<u32>,
    udp_stream: Option<u32>,
    endpoints: &'a [Endpoint; 2],
    frames: u32,
    /// Bytes on the wire.
    bytes: u64,
    first: String,
    last: String,
    transitions: &'a [Transition],
}

fn conversation_line(stage: &Stage) -> ConversationLine<'_> {
    let it = &stage.conversation;
    let (tcp_stream, udp_stream) = match it.kind {
        Kind::Tcp(stream) => (Some(stream), None),
        Kind::Udp(stream) => (None, Some(stream)),
        Kind::Other => (None, None),
    };
    ConversationLine {
        id: it.id,
        protocol: &it.protocol,
        tcp_stream,
        udp_stream,
        endpoints: &it.ends,
        frames: it.frames,
        bytes: it.bytes,
        first: epoch(it.first),
        last: epoch(it.last),
        transitions: &stage.transitions,
    }
}

fn write_json(out: &mut impl Write, line: &impl Serialize) -> Result<(), Trouble> {
    // Plain structs always serialise, so what fails can only be the output.
    serde_json::to_writer(&mut *out, line).map_err(io::Error::from)?;
    Ok(writeln!(out)?)
}

fn lines(inspected: &mut Inspected, out: &mut impl Write) -> Result<(), Trouble> {
    let total = inspected.summary.frames;
    for start in (0..total).step_by(MAX_ROWS as usize) {
        let request = Request::Frames { conversation: None, start, count: MAX_ROWS };
        if let Response::Frames { rows, .. } = inspected.ask(request)? {
            for row in rows {
                writeln!(out, "{}", row.line)?;
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::epoch;

    #[test]
    fn times_are_printed_as_tshark_prints_them() {
        for (time, text) in [(0, "0.000000000"), (1_000_000_001, "1.000000001"), (-1, "-0.000000001")] {
            assert_eq!(epoch(time), text);
        }
    }
}
