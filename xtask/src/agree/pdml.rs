//! A capture → tshark's dissection of it, read packet by packet from its PDML.

use std::io::{BufReader, Read};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

/// One `field` or `proto` element.
pub struct Element {
    pub protocol: String,
    /// Empty for the protocol's own element.
    pub key: String,
    pub pos: usize,
    pub size: usize,
    pub show: String,
    /// The bytes that tshark says the field has, in hexadecimal; those under a bit mask before masking.
    pub bytes: String,
    /// Whether a mask was laid over the bytes, so that the field has only some of their bits.
    pub masked: bool,
}

pub struct Packet {
    pub captured: u32,
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

pub fn available() -> Result<(), String> {
    let found = Command::new("tshark").arg("--version").output().is_ok_and(|output| output.status.success());
    if found { Ok(()) } else { Err("tshark is missing; install it with: apt-get install -y tshark".to_string()) }
}

/// The packets of a capture as tshark sees them, in order.
pub struct Packets {
    child: Child,
    reader: Reader<BufReader<ChildStdout>>,
    buffer: Vec<u8>,
}

impl Packets {
    pub fn of(file: &Path) -> Result<Packets, String> {
        let profile = std::env::temp_dir().join("packet-theater-tshark");
        let mut child = Command::new("tshark")
            .arg("-r")
            .arg(file)
            .args(SETTINGS)
            .envs([("TZ", "UTC"), ("LC_ALL", "C.UTF-8")])
            .envs([("HOME", &profile), ("XDG_CONFIG_HOME", &profile), ("WIRESHARK_CONFIG_DIR", &profile)])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| format!("tshark: {error}"))?;
        let output = child.stdout.take().ok_or("tshark has no output")?;
        let mut reader = Reader::from_reader(BufReader::with_capacity(1 << 16, output));
        reader.config_mut().check_end_names = false;
        Ok(Packets { child, reader, buffer: Vec::new() })
    }

    pub fn next(&mut self) -> Result<Option<Packet>, String> {
        let mut packet: Option<Packet> = None;
        let mut protocols: Vec<String> = Vec::new();
        loop {
            self.buffer.clear();
            let event = self.reader.read_event_into(&mut self.buffer).map_err(|error| format!("PDML: {error}"))?;
            match event {
                Event::Eof => return Ok(None),
                Event::Start(tag) if tag.name().as_ref() == "packet" => {
                    packet = Some(Packet { captured: 0, elements: Vec::new() });
                }
                Event::End(tag) if tag.name().as_ref() == "packet" => return Ok(packet),
                Event::End(tag) if tag.name().as_ref() == "proto" => drop(protocols.pop()),
                Event::Start(tag) | Event::Empty(tag) => {
                    let Some(packet) = &mut packet else { continue };
                    let (mut element, name) = element(&tag);
                    if tag.name().as_ref() == "proto" {
                        protocols.push(name);
                        element.protocol = protocols.last().cloned().unwrap_or_default();
                    } else {
                        element.protocol = protocols.last().cloned().unwrap_or_default();
                        element.key = name;
                    }
                    if element.key == "frame.cap_len" {
                        packet.captured = element.show.parse().unwrap_or(0);
                    }
                    packet.elements.push(element);
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

fn element(tag: &BytesStart) -> (Element, String) {
    let mut element = Element {
        protocol: String::new(),
        key: String::new(),
        pos: 0,
        size: 0,
        show: String::new(),
        bytes: String::new(),
        masked: false,
    };
    let mut name = String::new();
    for attribute in tag.attributes().with_checks(false).flatten() {
        let raw = attribute.value;
        let value = quick_xml::escape::unescape(&raw).map_or_else(|_| raw.to_string(), |text| text.to_string());
        match attribute.key.as_ref() {
            "name" => name = value,
            "pos" => element.pos = value.parse().unwrap_or(0),
            "size" => element.size = value.parse().unwrap_or(0),
            "show" => element.show = value,
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
