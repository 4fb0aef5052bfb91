//! An ARP message (RFC 826) → `ARP, Request who-has … tell …, length 28`.

use super::printer::{Cut, Data, Line, Printed, mac, say};

const IPV4: u16 = 0x0800;
const TRAILERS: u16 = 0x1000;
const HEADER: usize = 8;

/// Where the four addresses lie, and how long they are.
struct Message<'a> {
    data: Data<'a>,
    hardware: usize,
    protocol: usize,
}

impl Message<'_> {
    fn hardware_at(&self, at: usize) -> Result<String, Cut> {
        let address = self.data.take(at, self.hardware)?;
        Ok(if address.is_empty() { "<empty>".to_string() } else { mac(address).to_string() })
    }

    fn sender_hardware(&self) -> Result<String, Cut> {
        self.hardware_at(HEADER)
    }

    fn sender(&self) -> Result<std::net::Ipv4Addr, Cut> {
        self.data.v4(HEADER + self.hardware)
    }

    fn target_hardware(&self) -> Result<String, Cut> {
        self.hardware_at(HEADER + self.hardware + self.protocol)
    }

    fn target(&self) -> Result<std::net::Ipv4Addr, Cut> {
        self.data.v4(HEADER + 2 * self.hardware + self.protocol)
    }
}

pub(super) fn print(line: &mut Line, data: Data<'_>, length: u32) -> Printed {
    line.protocol = "arp";
    let (kind, protocol) = (data.u16(0)?, data.u16(2)?);
    let message = Message { data, hardware: usize::from(data.u8(4)?), protocol: usize::from(data.u8(5)?) };
    let operation = data.u16(6)?;
    data.take(0, HEADER + 2 * (message.hardware + message.protocol))?;
    line.body.get_or_insert(line.out.len());
    say!(line, "ARP, ");
    if !matches!(protocol, IPV4 | TRAILERS) || message.protocol != 4 || message.hardware == 0 {
        let (hardware, size) = (hardware_name(kind), message.protocol);
        say!(line, "{hardware} (len {}), {} (len {size})", message.hardware, protocol_name(protocol));
    } else if !print_operation(line, &message, operation)? {
        return Ok(());
    }
    say!(line, ", length {length}");
    Ok(())
}

/// Says what is asked or answered; false for an operation that nobody knows (tcpdump dumps its bytes then).
fn print_operation(line: &mut Line, message: &Message<'_>, operation: u16) -> Result<bool, Cut> {
    match operation {
        1 => {
            say!(line, "Request who-has {}", message.target()?);
            let hardware = message.target_hardware()?;
            if hardware.bytes().any(|c| !matches!(c, b'0' | b':')) {
                say!(line, " ({hardware})");
            }
            say!(line, " tell {}", message.sender()?);
        }
        2 => say!(line, "Reply {} is-at {}", message.sender()?, message.sender_hardware()?),
        3 => say!(line, "Reverse Request who-is {} tell {}", message.target_hardware()?, message.sender_hardware()?),
        4 => say!(line, "Reverse Reply {} at {}", message.target_hardware()?, message.target()?),
        8 => say!(line, "Inverse Request who-is {} tell {}", message.target_hardware()?, message.sender_hardware()?),
        9 => say!(line, "Inverse Reply {} at {}", message.sender_hardware()?, message.sender()?),
        10 => say!(line, "NACK Reply "),
        _ => say!(line, "Unknown ({operation}) "),
    }
    Ok(!matches!(operation, 10..) && !matches!(operation, 0 | 5..=7))
}

fn hardware_name(kind: u16) -> String {
    match kind {
        1 => "Ethernet".to_string(),
        6 => "TokenRing".to_string(),
        7 => "ArcNet".to_string(),
        15 => "FrameRelay".to_string(),
        23 => "Strip".to_string(),
        24 => "IEEE 1394".to_string(),
        32 => "InfiniBand".to_string(),
        _ => format!("Unknown Hardware ({kind})"),
    }
}

fn protocol_name(protocol: u16) -> String {
    match super::link::type_name(protocol) {
        Some(name) => name.to_string(),
        None => format!("Unknown Protocol (0x{protocol:04x})"),
    }
}
