//! TCP fields → what they mean in this segment of its conversation.

use super::{Look, Rule, Said, say};

pub(super) const RULES: &[(&str, Rule)] = &[
    ("tcp.len", length),
    ("tcp.seq", sequence),
    ("tcp.seq_raw", raw_sequence),
    ("tcp.nxtseq", next_sequence),
    ("tcp.ack", acknowledgment),
    ("tcp.ack", newly_acknowledged),
    ("tcp.ack_raw", raw_acknowledgment),
    ("tcp.hdr_len", header_length),
    ("tcp.flags", flags),
    ("tcp.window_size_value", window),
    ("tcp.window_size", window),
    ("tcp.checksum", checksum),
    ("tcp.urgent_pointer", urgent),
    ("tcp.options.mss_val", largest_segment),
    ("tcp.options.wscale.shift", scale),
    ("tcp.options.timestamp.tsecr", echo),
    ("tcp.options.sack_le", block),
];

const FIN: u64 = 0x01;
const SYN: u64 = 0x02;
const RST: u64 = 0x04;
const PSH: u64 = 0x08;
const ACK: u64 = 0x10;
const URG: u64 = 0x20;
const ECE: u64 = 0x40;
const CWR: u64 = 0x80;

const FIXED: u64 = 20;

fn set(look: &Look) -> Option<u64> {
    look.of("tcp.flags")
}

fn length(look: &Look) -> Option<Said> {
    let (header, data) = (look.of("tcp.hdr_len")?, look.value()?);
    let ip = look.outer(&["ip", "ipv6"])?;
    let read = |key: &str| ip.get(key)?.show.parse::<u64>().ok();
    let (total, around) = match ip.protocol {
        "ip" => (read("ip.len")?, read("ip.hdr_len")?),
        _ => (read("ipv6.plen")? + 40, u64::from(ip.size)),
    };
    (total == around + header + data)
        .then(|| say("tcp.len.parts").with("total", total).with("ip", around).with("tcp", header).with("data", data))
}

/// RFC 9293 §3.4: SYN and FIN each take a number, as a byte of data does.
fn sequence(look: &Look) -> Option<Said> {
    let (first, data, flags) = (look.value()?, look.of("tcp.len")?, set(look)?);
    look.context()?.seq_base?;
    Some(match data {
        _ if flags & SYN != 0 => say("tcp.seq.syn").with("raw", look.of("tcp.seq_raw")?),
        0 if flags & FIN != 0 => say("tcp.seq.fin").with("number", first),
        0 => say("tcp.seq.next").with("number", first),
        _ => say("tcp.seq.data").with("first", first).with("last", first + data - 1),
    })
}

fn raw_sequence(look: &Look) -> Option<Said> {
    let base = look.context()?.seq_base?;
    Some(say("tcp.seq_raw.base").with("base", base).with("number", look.of("tcp.seq")?))
}

fn next_sequence(look: &Look) -> Option<Said> {
    let (first, data, flags) = (look.of("tcp.seq")?, look.of("tcp.len")?, set(look)?);
    let said = match flags & (SYN | FIN) {
        0 => say("tcp.nxtseq.sum"),
        SYN => say("tcp.nxtseq.flag").with("flag", "SYN"),
        _ => say("tcp.nxtseq.flag").with("flag", "FIN"),
    };
    Some(said.with("first", first).with("data", data))
}

fn acknowledgment(look: &Look) -> Option<Said> {
    let (number, flags) = (look.value()?, set(look)?);
    if flags & ACK == 0 {
        return Some(say("tcp.ack.unset"));
    }
    look.context()?.ack_base?;
    Some(match number {
        1 if flags & SYN != 0 => say("tcp.ack.syn"),
        1 => say("tcp.ack.first"),
        _ => say("tcp.ack.upto").with("last", number.checked_sub(1)?).with("number", number),
    })
}

fn newly_acknowledged(look: &Look) -> Option<Said> {
    look.context()?;
    let before = look.known.acked.filter(|_| set(look).is_some_and(|flags| flags & ACK != 0))?;
    let now = look.of("tcp.ack_raw")? as u32;
    // Numbers go around at 2^32; less than half of them ahead is ahead.
    match now.wrapping_sub(before) {
        0 if look.of("tcp.len")? == 0 => Some(say("tcp.ack.same")),
        new @ 1..0x8000_0000 => Some(say("tcp.ack.new").with("new", new)),
        _ => None,
    }
}

fn raw_acknowledgment(look: &Look) -> Option<Said> {
    let base = look.context()?.ack_base.filter(|_| set(look).is_some_and(|flags| flags & ACK != 0))?;
    Some(say("tcp.ack_raw.base").with("base", base).with("number", look.of("tcp.ack")?))
}

fn header_length(look: &Look) -> Option<Said> {
    let bytes = look.value()?;
    let said = if bytes > FIXED { say("header.options").with("options", bytes - FIXED) } else { say("header.plain") };
    Some(said.with("words", bytes / 4))
}

fn flags(look: &Look) -> Option<Said> {
    let flags = look.value()? & 0xff;
    Some(say(match flags & (FIN | SYN | RST | PSH | ACK | URG) {
        SYN if flags & (ECE | CWR) == ECE | CWR => "tcp.flags.ecn",
        SYN => "tcp.flags.open",
        _ if flags & (SYN | ACK) == SYN | ACK => "tcp.flags.accept",
        _ if flags & (SYN | FIN) == SYN | FIN => "tcp.flags.odd",
        _ if flags & (SYN | RST) == SYN | RST => "tcp.flags.odd",
        _ if flags & (RST | ACK) == RST | ACK => "tcp.flags.refuse",
        _ if flags & RST != 0 => "tcp.flags.abort",
        _ if flags & FIN != 0 && flags & ACK != 0 => "tcp.flags.close",
        0 => "tcp.flags.null",
        _ if flags & FIN != 0 => "tcp.flags.scan",
        _ if flags & ACK != 0 && flags & PSH != 0 => "tcp.flags.push",
        ACK if look.of("tcp.len")? == 0 => "tcp.flags.ack-only",
        _ if flags & ACK != 0 => "tcp.flags.data",
        _ => return None,
    }))
}

/// RFC 7323 §2.2: windows are scaled once both SYNs have offered it, and never in a SYN.
fn window(look: &Look) -> Option<Said> {
    let (value, bytes) = (look.of("tcp.window_size_value")?, look.of("tcp.window_size")?);
    let context = look.context()?;
    let flags = set(look)?;
    let said = match context.window_shift {
        // Nobody waits for room at the end of a connection that is gone.
        _ if flags & RST != 0 => return None,
        _ if flags & SYN != 0 => say("tcp.window.syn"),
        _ if value == 0 => say("tcp.window.zero"),
        Some(shift) => say("tcp.window.scaled").with("value", value).with("shift", shift),
        None if context.no_window_scaling => say("tcp.window.plain"),
        None => say("tcp.window.unknown"),
    };
    Some(said.with("bytes", bytes))
}

fn checksum(look: &Look) -> Option<Said> {
    let pseudo = if look.outer(&["ip", "ipv6"])?.protocol == "ip" { 12 } else { 40 };
    let bytes = look.of("tcp.hdr_len")? + look.of("tcp.len")?;
    Some(say("tcp.checksum.covers").with("bytes", bytes).with("pseudo", pseudo))
}

fn urgent(look: &Look) -> Option<Said> {
    Some(match (set(look)? & URG, look.value()?) {
        (0, _) => say("tcp.urgent_pointer.unset"),
        (_, offset) => say("tcp.urgent_pointer.set").with("bytes", offset),
    })
}

/// RFC 9293 §3.7.1: what is left of a link's packet without the fixed headers.
fn largest_segment(look: &Look) -> Option<Said> {
    let (mss, ip) = (look.value()?, if look.outer(&["ip", "ipv6"])?.protocol == "ip" { 20 } else { 40 });
    let mtu = mss + ip + FIXED;
    let said = if mtu == 1500 { say("tcp.options.mss_val.ethernet") } else { say("tcp.options.mss_val.mtu") };
    Some(said.with("mss", mss).with("ip", ip).with("mtu", mtu))
}

fn scale(look: &Look) -> Option<Said> {
    let shift = look.value()?.min(14);
    let said = say("tcp.options.wscale.shift.factor").with("shift", shift);
    Some(said.with("factor", 1u64 << shift).with("most", 65_535u64 << shift))
}

fn echo(look: &Look) -> Option<Said> {
    let ack = set(look)? & ACK != 0;
    Some(say(if ack { "tcp.options.timestamp.tsecr.echo" } else { "tcp.options.timestamp.tsecr.none" }))
}

fn block(look: &Look) -> Option<Said> {
    let (left, right) = (look.value()?, look.next("tcp.options.sack_re")?);
    Some(say("tcp.options.sack.block").with("first", left).with("last", right.checked_sub(1)?))
}
