//! A TCP segment (RFC 9293) → `Flags [S], seq 1, win 64240, options […], length 0`, and the first words of its data.

use super::printer::{Cut, Data, Ends, Line, Printed, say};
use super::{dns, tcp_options, words};

const HEADER: u32 = 20;
const FIN: u8 = 0x01;
const SYN: u8 = 0x02;
const RST: u8 = 0x04;
const ACK: u8 = 0x10;
const URG: u8 = 0x20;
/// Letters of the flags, from the lowest bit up.
const LETTERS: [char; 8] = ['F', 'S', 'R', 'P', '.', 'U', 'E', 'W'];

pub(super) fn print(line: &mut Line, data: Data<'_>, length: u32, ends: &Ends) -> Printed {
    line.protocol = "tcp";
    let (Ok(source), Ok(destination)) = (data.u16(0), data.u16(2)) else {
        ends.print(line);
        // tcpdump leaves one space less here than it does elsewhere.
        line.out.pop();
        return Err(Cut);
    };
    ends.print_ports(line, source, destination);
    data.take(0, HEADER as usize)?;
    let header = u32::from(data.u8(12)? >> 4) * 4;
    if header < HEADER {
        let rest = length.wrapping_sub(header);
        say!(line, " tcp {rest} [bad hdr length {header} - too short, < {HEADER}]");
        return Ok(());
    }
    let flags = data.u8(13)?;
    say!(line, "Flags [{}]", letters(flags));
    if header > length {
        say!(line, " [bad hdr length {header} - too long, > {length}]");
        return Ok(());
    }
    let length = length - header;
    let receiver_base = numbers(line, data, flags, length)?;
    if header > HEADER && !tcp_options::print(line, data.from(HEADER as usize), header - HEADER, receiver_base, flags)?
    {
        return Ok(());
    }
    say!(line, ", length {length}");
    if length == 0 {
        return Ok(());
    }
    if data.0.len() < header as usize {
        say!(line, " [remaining caplen({}) < header length({header})]", data.0.len());
        return Err(Cut);
    }
    content(line, data.from(header as usize), length, source, destination)
}

fn letters(flags: u8) -> String {
    match flags {
        0 => "none".to_string(),
        _ => (0..8).filter(|bit| flags & (1 << bit) != 0).map(|bit| LETTERS[bit]).collect(),
    }
}

/// Sequence and acknowledgment numbers and the window. Answers the number that counts as 0 for the receiver, which the
/// blocks of a SACK option are relative to.
fn numbers(line: &mut Line, data: Data<'_>, flags: u8, length: u32) -> Result<u32, Cut> {
    let (seq, ack) = (data.u32(4)?, data.u32(8)?);
    // tcpdump learns its bases from an ACK, so a segment without one and the opening's SYN, ACK show raw numbers.
    let relative = line.ladder || (flags & ACK != 0 && flags & SYN == 0);
    let known = line.bases.filter(|_| relative);
    let (seq_base, ack_base) = known.unwrap_or((0, 0));
    let seq = seq.wrapping_sub(seq_base);
    if length > 0 || flags & (SYN | FIN | RST) != 0 {
        say!(line, ", seq {seq}");
        if length > 0 {
            say!(line, ":{}", seq.wrapping_add(length));
        }
    }
    if flags & ACK != 0 {
        say!(line, ", ack {}", ack.wrapping_sub(ack_base));
    }
    say!(line, ", win {}", data.u16(14)?);
    if flags & URG != 0 {
        say!(line, ", urg {}", data.u16(18)?);
    }
    Ok(match known {
        Some((_, receiver)) => receiver,
        None if flags & ACK != 0 => ack.wrapping_sub(1),
        None => 0,
    })
}

/// What the well-known port promises about the data, where tcpdump says it in its short form too.
fn content(line: &mut Line, data: Data<'_>, length: u32, source: u16, destination: u16) -> Printed {
    let either = |ports: &[u16]| ports.contains(&source) || ports.contains(&destination);
    if either(&[23]) {
        words::telnet(line, data, length)
    } else if either(&[25]) {
        words::text(line, data, length, &words::SMTP)
    } else if either(&[43]) {
        words::text(line, data, length, &words::WHOIS)
    } else if either(&[179]) {
        say!(line, ": BGP");
        Ok(())
    } else if either(&[22]) {
        words::ssh(line, data, length)
    } else if either(&[21]) {
        words::text(line, data, length, &words::FTP)
    } else if either(&[80, 8080]) {
        words::text(line, data, length, &words::HTTP)
    } else if either(&[554, 8554]) {
        words::text(line, data, length, &words::RTSP)
    } else if either(&[53]) {
        dns::print_stream(line, data, length)
    } else {
        words::excerpt(line, data);
        Ok(())
    }
}
