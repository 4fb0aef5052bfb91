//! A capture → tshark's dissection of it, read packet by packet from its PDML.

use std::io::{BufReader, Read};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

/// One `field` element with a name.
#[derive(Default)]
pub struct Element {
    pub key: String,
    pub pos: usize,
    pub size: usize,
    pub show: String,
    /// The bytes that tshark says the field has, in hexadecimal; those under a bit mask before masking.
    pub bytes: String,
    /// Whether a mask was laid over the bytes, so that the field has only some of their bits.
    pub masked: bool,
    /// tshark's window does not show it (`hide="yes"`).
    pub hidden: bool,
    /// Part of a remark of tshark's own about the packet (`_ws.expert`).
    pub remark: bool,
    /// Says again what the field around it says: `eth.addr` in `eth.dst`.
    pub alias: bool,
    /// The protocol element around it, by its place in [`Packet::protocols`].
    pub within: usize,
}

impl Element {
    /// The field's bytes; none where tshark gives none, or none that are as many as it says.
    pub fn hex(&self) -> Vec<u8> {
        let digits: Option<Vec<u32>> = self.bytes.chars().map(|digit| digit.to_digit(16)).collect();
        let bytes =
            digits.unwrap_or_default().chunks_exact(2).map(|pair| (pair[0] << 4 | pair[1]) as u8).collect::<Vec<_>>();
        if bytes.len() == self.size { bytes } else { Vec::new() }
    }
}

/// One `proto` element.
pub struct Protocol {
    pub name: String,
    pub pos: usize,
    pub size: usize,
}

#[derive(Default)]
pub struct Packet {
    pub captured: u32,
    pub protocols: Vec<Protocol>,
    pub elements: Vec<Element>,
}

/// What the comparison asks of tshark: nothing resolved, every checksum verified, relative numbers, one pass.
const SETTINGS: [&str; 13] = [
    "-n",
    "-o",
    "ip.check_checksum:TRUE",
    "-o",
    "tcp.check_checksum:TRUE",
    "-o",
    "udp.check_checksum:TRUE",
    "-o",
    "tcp.relative_sequence_numbers:TRUE",
    "-o",
    "tcp.analyze_sequence_numbers:TRUE",
    "-T",
    "pdml",
];

/// The first line of what tshark says of its version.
pub fn version() -> Result<String, String> {
    let output =
        tshark().arg("--version").stdout(Stdio::piped()).output().ok().filter(|output| output.status.success());
    let output = output.ok_or("tshark is missing; install it with: apt-get install -y tshark")?;
    Ok(String::from_utf8_lossy(&output.stdout).lines().next().unwrap_or_default().to_string())
}

/// tshark without anybody's preferences.
pub fn tshark() -> Command {
    let profile = std::env::temp_dir().join("packet-theater-tshark");
    let mut command = Command::new("tshark");
    command
        .envs([("TZ", "UTC"), ("LC_ALL", "C.UTF-8")])
        .envs([("HOME", &profile), ("XDG_CONFIG_HOME", &profile), ("WIRESHARK_CONFIG_DIR", &profile)])
        .stderr(Stdio::null());
    command
}

/// The packets of a capture as tshark sees them, in order.
pub struct Packets {
    child: Child,
    reader: Reader<BufReader<ChildStdout>>,
    buffer: Vec<u8>,
}

impl Packets {
    pub fn of(file: &Path) -> Result<Packets, String> {
        let mut command = tshark();
        let mut child = command
            .arg("-r")
            .arg(file)
            .args(SETTINGS)
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| format!("tshark: {error}"))?;
        let output = child.stdout.take().ok_or("tshark has no output")?;
        let mut reader = Reader::from_reader(BufReader::with_capacity(1 << 16, output));
        reader.config_mut().check_end_names = false;
        Ok(Packets { child, reader, buffer: Vec::new() })
    }

    pub fn next(&mut self) -> Result<Option<Packet>, String> {
        let mut open: Option<Open> = None;
        loop {
            self.buffer.clear();
            let event = self.reader.read_event_into(&mut self.buffer).map_err(|error| format!("PDML: {error}"))?;
            match event {
                Event::Eof => return Ok(None),
                Event::Start(tag) if tag.name().as_ref() == "packet" => open = Some(Open::default()),
                Event::End(tag) if tag.name().as_ref() == "packet" => return Ok(open.map(|open| open.packet)),
                Event::Start(tag) => {
                    let Some(open) = &mut open else { continue };
                    open.enter(&tag);
                }
                Event::Empty(tag) => {
                    let Some(open) = &mut open else { continue };
                    open.enter(&tag);
                    open.leave();
                }
                Event::End(_) => {
                    let Some(open) = &mut open else { continue };
                    open.leave();
                }
                _ => {}
            }
        }
    }
}

impl Drop for Packets {
    fn drop(&mut self) {
        // A comparison that ends early must not leave tshark blocked on a full pipe.
        let _ = self.reader.get_mut().get_mut().read(&mut [0; 1]);
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A packet that is being read, and the elements around the present place.
#[derive(Default)]
struct Open {
    packet: Packet,
    around: Vec<Around>,
}

#[derive(Clone, Default)]
struct Around {
    /// The innermost protocol element.
    protocol: usize,
    remark: bool,
    pos: usize,
    size: usize,
    show: String,
}

impl Open {
    fn enter(&mut self, tag: &BytesStart) {
        let (mut element, name) = element(tag);
        let outer = self.around.last().cloned().unwrap_or_default();
        if tag.name().as_ref() == "proto" {
            let protocol = self.packet.protocols.len();
            self.packet.protocols.push(Protocol { name, pos: element.pos, size: element.size });
            self.around.push(Around { protocol, ..Around::default() });
            return;
        }
        element.remark = outer.remark || name.starts_with("_ws.");
        element.alias = !outer.show.is_empty()
            && (outer.pos, outer.size, outer.show.as_str()) == (element.pos, element.size, element.show.as_str());
        element.within = outer.protocol;
        element.key = name;
        if element.key == "frame.cap_len" {
            self.packet.captured = element.show.parse().unwrap_or(0);
        }
        self.around.push(Around {
            protocol: outer.protocol,
            remark: element.remark,
            pos: element.pos,
            size: element.size,
            show: element.show.clone(),
        });
        if !element.key.is_empty() {
            self.packet.elements.push(element);
        }
    }

    fn leave(&mut self) {
        self.around.pop();
    }
}

fn element(tag: &BytesStart) -> (Element, String) {
    let mut element = Element::default();
    let mut name = String::new();
    for attribute in tag.attributes().with_checks(false).flatten() {
        let raw = attribute.value;
        let value = quick_xml::escape::unescape(&raw).map_or_else(|_| raw.to_string(), |text| text.to_string());
        match attribute.key.as_ref() {
            "name" => name = value,
            "pos" => element.pos = value.parse().unwrap_or(0),
            "size" => element.size = value.parse().unwrap_or(0),
            "show" => element.show = value,
            "hide" => element.hidden = value == "yes",
            "value" if !element.masked => element.bytes = value,
            "unmaskedvalue" => {
                element.bytes = value;
                element.masked = true;
            }
            _ => {}
        }
    }
    (element, name)
}
