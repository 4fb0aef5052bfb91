//! A UDP datagram (RFC 768) → `UDP, length N`, or the line of the message inside, where its port tells its printer.

use super::printer::{Cut, Data, Ends, Line, Printed, say};
use super::{dns, services, words};

const HEADER: u32 = 8;
const DNS: u16 = 53;
const SIP: u16 = 5060;
const MULTICAST_DNS: u16 = 5353;

pub(super) fn print(line: &mut Line, data: Data<'_>, length: u32, ends: &Ends, fragmented: bool) -> Printed {
    line.protocol = "udp";
    let (Ok(source), Ok(destination)) = (data.u16(0), data.u16(2)) else {
        if !ends.said {
            ends.print(line);
        }
        return Err(Cut);
    };
    ends.print_ports(line, source, destination);
    if length < HEADER {
        say!(line, "truncated-udp {length}");
        return Ok(());
    }
    let claimed = match u32::from(data.u16(4)?) {
        // A jumbogram (RFC 2675) is too long for the field.
        0 if length > 65535 => length,
        claimed => claimed,
    };
    let Some(claimed) = claimed.checked_sub(HEADER) else {
        say!(line, "truncated-udplength {claimed}");
        return Ok(());
    };
    let there = length - HEADER;
    data.take(0, HEADER as usize)?;
    let payload = data.from(HEADER as usize);
    let either = |port| source == port || destination == port;
    if either(DNS) {
        dns::print(line, payload, claimed.min(there), false)
    } else if either(MULTICAST_DNS) {
        dns::print(line, payload, claimed.min(there), true)
    } else if either(SIP) {
        words::unmarked(line, payload, claimed.min(there), &words::SIP)
    } else if let Some(print) = services::of(source, destination) {
        print(line, payload, claimed.min(there))
    } else {
        if claimed > there && !fragmented {
            say!(line, "UDP, bad length {claimed} > {there}");
        } else {
            say!(line, "UDP, length {claimed}");
            words::excerpt(line, payload);
        }
        Ok(())
    }
}
