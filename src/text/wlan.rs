//! An 802.11 frame → `Beacon (Packet Theater) [1.0* 2.0* Mbit] ESS CH: 6, PRIVACY`, or the line of what it carries.

use super::llc;
use super::printer::{Cut, Data, Line, Printed, mac, say};
use super::wlan_words::{reason, status};
use crate::protocol::decimal::fixed;

const PROTECTED: u8 = 0x40;

/// `padded`: the header is filled up to four bytes. `check`: bytes of check sequence at the end.
pub(super) fn print(line: &mut Line, data: Data<'_>, length: u32, padded: bool, check: u32) -> Printed {
    line.protocol = "802.11";
    let length = length.checked_sub(check).ok_or(Cut)?;
    let data = data.first(length as usize);
    data.take(0, 2)?;
    let (control, flags) = (data.u8(0)?, data.u8(1)?);
    let (kind, subtype) = (control >> 2 & 3, control >> 4);
    let Some(size) = size(line, kind, subtype, flags) else { return Ok(()) };
    let size = if padded { size.next_multiple_of(4) } else { size };
    data.take(0, size)?;
    line.body.get_or_insert(line.out.len());
    let (body, rest) = (data.from(size), length.saturating_sub(size as u32));
    match kind {
        0 => management(line, subtype, flags, data.take(10, 6)?, body),
        1 => control_frame(line, subtype, data),
        _ if subtype & 4 != 0 => Ok(()),
        _ if flags & PROTECTED != 0 => {
            say!(line, "Data");
            vector(line, body)
        }
        _ => {
            let (source, destination) = match flags & 3 {
                0 => (10, 4),
                1 => (10, 16),
                2 => (16, 4),
                _ => (24, 16),
            };
            let stations = (data.take(source, 6)?, data.take(destination, 6)?);
            line.body = None;
            llc::print(line, body, rest, Some(stations)).map(|_| ())
        }
    }
}

fn size(line: &mut Line, kind: u8, subtype: u8, flags: u8) -> Option<usize> {
    match (kind, subtype) {
        (0, _) => Some(24),
        (1, 7) => Some(10),
        (1, 8) => Some(20),
        (1, 9) => Some(16),
        (1, 10 | 11 | 14 | 15) => Some(16),
        (1, 12 | 13) => Some(10),
        (1, _) => {
            say!(line, "unknown 802.11 ctrl frame subtype ({subtype})");
            None
        }
        (2, _) => Some(if flags & 3 == 3 { 30 } else { 24 } + if subtype & 8 != 0 { 2 } else { 0 }),
        _ => {
            say!(line, "unknown 802.11 frame type ({kind})");
            None
        }
    }
}

fn little(data: Data<'_>, at: usize) -> Result<u16, Cut> {
    Ok(data.u16(at)?.swap_bytes())
}

/// The beginning of what is encrypted, as WEP has it.
fn vector(line: &mut Line, data: Data<'_>) -> Printed {
    let word = data.u32(0)?.swap_bytes();
    say!(line, " IV:{:3x} Pad {:x} KeyID {:x}", word & 0xff_ffff, word >> 24 & 0x3f, word >> 30);
    Ok(())
}

fn control_frame(line: &mut Line, subtype: u8, data: Data<'_>) -> Printed {
    let receiver = mac(data.take(4, 6)?);
    match subtype {
        7 => say!(line, "Control Wrapper"),
        8 => {
            let (sender, control, sequence) = (mac(data.take(10, 6)?), little(data, 16)?, little(data, 18)?);
            say!(line, "BAR RA:{receiver} TA:{sender} CTL({control:x}) SEQ({sequence}) ");
        }
        9 => say!(line, "BA RA:{receiver} "),
        10 => say!(line, "Power Save-Poll AID({:x})", little(data, 2)?),
        11 => say!(line, "Request-To-Send TA:{} ", mac(data.take(10, 6)?)),
        12 => say!(line, "Clear-To-Send RA:{receiver} "),
        13 => say!(line, "Acknowledgment RA:{receiver} "),
        14 => say!(line, "CF-End RA:{receiver} "),
        _ => say!(line, "CF-End+CF-Ack RA:{receiver} "),
    }
    Ok(())
}

fn management(line: &mut Line, subtype: u8, flags: u8, sender: &[u8], data: Data<'_>) -> Printed {
    const NAMES: [&str; 14] = [
        "Assoc Request",
        "Assoc Response",
        "ReAssoc Request",
        "ReAssoc Response",
        "Probe Request",
        "Probe Response",
        "",
        "",
        "Beacon",
        "ATIM",
        "Disassociation",
        "Authentication",
        "DeAuthentication",
        "Action",
    ];
    match NAMES.get(usize::from(subtype)).filter(|name| !name.is_empty()) {
        Some(name) => say!(line, "{name}"),
        None => say!(line, "Unhandled Management subtype({subtype:x})"),
    }
    if flags & PROTECTED != 0 {
        return vector(line, data);
    }
    match subtype {
        0 => {
            data.take(0, 4)?;
            let elements = Elements::read(data.from(4));
            elements.name(line);
            elements.rates(line);
            elements.end
        }
        1 | 3 => {
            data.take(0, 6)?;
            let (abilities, code, number) = (little(data, 0)?, little(data, 2)?, little(data, 4)?);
            let private = if abilities & 0x10 != 0 { " PRIVACY " } else { "" };
            say!(line, " AID({:x}) :{private}: {}", number & 0x3fff, status(code));
            Elements::read(data.from(6)).end
        }
        2 => {
            data.take(0, 10)?;
            let elements = Elements::read(data.from(10));
            elements.name(line);
            say!(line, " AP : {}", mac(data.take(4, 6)?));
            elements.end
        }
        4 => {
            let elements = Elements::read(data);
            elements.name(line);
            elements.rates(line);
            elements.end
        }
        5 | 8 => {
            data.take(0, 12)?;
            let abilities = little(data, 10)?;
            let elements = Elements::read(data.from(12));
            elements.name(line);
            elements.rates(line);
            if subtype == 8 {
                say!(line, " {}", if abilities & 1 != 0 { "ESS" } else { "IBSS" });
            }
            if let Some(channel) = elements.channel {
                say!(line, " CH: {channel}");
            }
            if abilities & 0x10 != 0 {
                say!(line, ", PRIVACY");
            }
            elements.end
        }
        10 => {
            say!(line, ": {}", reason(little(data, 0)?));
            Ok(())
        }
        11 => authentication(line, data),
        12 => {
            let reason = reason(little(data, 0)?);
            say!(line, " ({}): {reason}", mac(sender));
            Ok(())
        }
        13 => action(line, sender, data),
        _ => Ok(()),
    }
}

fn authentication(line: &mut Line, data: Data<'_>) -> Printed {
    data.take(0, 6)?;
    let (method, turn, code) = (little(data, 0)?, little(data, 2)?, little(data, 4)?);
    let name = ["Open System", "Shared Key", "EAP"].get(usize::from(method)).copied().unwrap_or("Reserved");
    let outcome = if turn % 2 == 1 { status(code) } else { "" };
    let challenge = if method == 1 && matches!(turn, 2 | 3) { " [Challenge Text]" } else { ":" };
    say!(line, " ({name})-{turn:x}{challenge} {outcome}");
    Elements::read(data.from(6)).end
}

fn action(line: &mut Line, sender: &[u8], data: Data<'_>) -> Printed {
    let (category, action) = (data.u8(0)?, data.u8(1)?);
    say!(line, " ({}): ", mac(sender));
    let named = |line: &mut Line, word: &str, names: &[&str]| match names.get(usize::from(action)) {
        Some(name) => say!(line, "{word} {name}"),
        None => say!(line, "{word} Act#{action}"),
    };
    match category {
        0 => say!(line, "Spectrum Management Act#{action}"),
        1 => say!(line, "QoS Act#{action}"),
        2 => say!(line, "DLS Act#{action}"),
        3 => named(line, "BA", &["ADDBA Request", "ADDBA Response", "DELBA"]),
        7 => named(line, "HT", &["TxChWidth", "MIMOPwrSave"]),
        13 => named(line, "MeshAction", &["MeshLink", "HWMP", "Gate Announcement", "Congestion Control"]),
        14 => named(line, "MultiohopAction", &["Proxy Update", "Proxy Update Confirmation"]),
        15 => named(line, "SelfprotectAction", &["", "Peering Open", "Peering Confirm", "Peering Close"]),
        127 => say!(line, "Vendor Act#{action}"),
        _ => say!(line, "Reserved({category}) Act#{action}"),
    }
    Ok(())
}

/// The elements that the line names; those behind a damaged one are not read.
struct Elements<'a> {
    name: Option<&'a [u8]>,
    rates: &'a [u8],
    channel: Option<u8>,
    end: Printed,
}

const LONGEST_NAME: usize = 32;
const MOST_RATES: usize = 16;

impl<'a> Elements<'a> {
    fn read(data: Data<'a>) -> Elements<'a> {
        let mut elements = Elements { name: None, rates: &[], channel: None, end: Ok(()) };
        elements.end = elements.fill(data);
        elements
    }

    fn fill(&mut self, data: Data<'a>) -> Printed {
        let mut at = 0;
        while at < data.0.len() {
            let (kind, size) = (data.u8(at)?, usize::from(data.u8(at + 1)?));
            let value = data.take(at + 2, size)?;
            match kind {
                0 if size > LONGEST_NAME => return Err(Cut),
                0 => _ = self.name.get_or_insert(value),
                1 if size > MOST_RATES => return Err(Cut),
                1 if self.rates.is_empty() => self.rates = value,
                3 if size == 1 => self.channel = self.channel.or(value.first().copied()),
                5 if size > 254 => return Err(Cut),
                16 if size > 253 => return Err(Cut),
                _ => {}
            }
            at += 2 + size;
        }
        Ok(())
    }

    fn name(&self, line: &mut Line) {
        if let Some(name) = self.name {
            say!(line, " (");
            line.readable(name.split(|byte| *byte == 0).next().unwrap_or_default());
            say!(line, ")");
        }
    }

    fn rates(&self, line: &mut Line) {
        for (i, rate) in self.rates.iter().enumerate() {
            let before = if i == 0 { " [" } else { " " };
            let basic = if rate & 0x80 != 0 { "*" } else { "" };
            say!(line, "{before}{}{basic}", fixed(u64::from(rate & 0x7f), 2, 1));
        }
        if !self.rates.is_empty() {
            say!(line, " Mbit]");
        }
    }
}
