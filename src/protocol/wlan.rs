//! An 802.11 frame → what kind it is, the up to four stations it concerns, its number, and how it is protected (IEEE 802.11 §9.2, §9.3).

use super::field::{COMPUTED, Field, Show, Words, bits, field, words};
use super::header::{Header, Next, Step};
use super::little::{Low, flag, low, number, split, word};

const SPEC: &str = "IEEE 802.11 §9.2.4";
const ADDRESS: &str = "IEEE 802.11 §9.2.4.3";
const ACK: &str = "IEEE 802.11 §9.3.1.8";

static KIND: Field = field("wlan.fc.type_subtype", "Kind", bits(0, 8), Show::Hex(4), SPEC).words(KINDS);
static CONTROL: Field = field("wlan.fc", "Frame control", bits(0, 16), Show::Hex(4), SPEC);
static CONTROL_BITS: [Field; 3] = [
    field("wlan.fc.version", "Version", bits(6, 2), Show::Dec, SPEC),
    field("wlan.fc.type", "Type", bits(4, 2), Show::Dec, SPEC).words(TYPES),
    field("wlan.fc.subtype", "Subtype", bits(0, 4), Show::Dec, SPEC),
];
static FLAGS: Field = field("wlan.flags", "Flags", bits(8, 8), Show::Hex(2), SPEC);
static FLAG_BITS: [Field; 7] = [
    field("wlan.fc.ds", "To and from DS", bits(14, 2), Show::Hex(2), SPEC).words(WAYS),
    field("wlan.fc.frag", "More fragments", bits(13, 1), Show::Flag, SPEC),
    field("wlan.fc.retry", "Retry", bits(12, 1), Show::Flag, SPEC),
    field("wlan.fc.pwrmgt", "Power management", bits(11, 1), Show::Flag, SPEC),
    field("wlan.fc.moredata", "More data", bits(10, 1), Show::Flag, SPEC),
    field("wlan.fc.protected", "Protected", bits(9, 1), Show::Flag, SPEC),
    field("wlan.fc.order", "Order", bits(8, 1), Show::Flag, SPEC),
];
static DURATION: Field = field("wlan.duration", "Duration", COMPUTED, Show::Dec, "IEEE 802.11 §9.2.5");
static ASSOCIATION: Field = field("wlan.aid", "Association", COMPUTED, Show::Dec, "IEEE 802.11 §9.4.1.8");
static RECEIVER: Field = field("wlan.ra", "Receiver", COMPUTED, Show::Mac, ADDRESS);
static TRANSMITTER: Field = field("wlan.ta", "Transmitter", COMPUTED, Show::Mac, ADDRESS);
static DESTINATION: Field = field("wlan.da", "Destination", COMPUTED, Show::Mac, ADDRESS);
static SOURCE: Field = field("wlan.sa", "Source", COMPUTED, Show::Mac, ADDRESS);
static NETWORK: Field = field("wlan.bssid", "BSS", COMPUTED, Show::Mac, ADDRESS);
static STATION: Field = field("wlan.staa", "Station", COMPUTED, Show::Mac, ADDRESS);
static SEQUENCE: [Low; 2] = [
    low("wlan.frag", "Fragment", 0, 4, Show::Dec, "IEEE 802.11 §9.2.4.4"),
    low("wlan.seq", "Sequence number", 4, 12, Show::Dec, "IEEE 802.11 §9.2.4.4"),
];
static QOS: Field = field("wlan.qos", "QoS control", COMPUTED, Show::Hex(4), "IEEE 802.11 §9.2.4.5");
const QUALITY: &str = "IEEE 802.11 §9.2.4.5";
static QOS_FIRST: [Low; 2] = [
    low("wlan.qos.tid", "Traffic", 0, 4, Show::Dec, QUALITY),
    low("wlan.qos.priority", "Priority", 0, 3, Show::Dec, QUALITY).words(PRIORITIES),
];
static QOS_END: [Low; 1] = [flag("wlan.qos.eosp", "End of service", 4, QUALITY)];
static QOS_BIT: [Low; 1] = [flag("wlan.qos.bit4", "Queue meant", 4, QUALITY)];
static QOS_ACK: [Low; 1] = [low("wlan.qos.ack", "Acknowledgement", 5, 2, Show::Hex(4), QUALITY).words(ACKS)];
static QOS_BUNDLE: [Low; 1] = [flag("wlan.qos.amsdupresent", "A-MSDU", 7, QUALITY)];
static QOS_BUFFER: [Low; 2] = [
    low("wlan.qos.ps_buf_state", "Buffer state", 8, 8, Show::Hex(4), QUALITY),
    flag("wlan.qos.buf_state_indicated", "State indicated", 9, QUALITY),
];
static QOS_TIME: [Low; 1] = [low("wlan.qos.txop_dur_req", "Time asked for", 8, 8, Show::Dec, QUALITY)];
static HT_CONTROL: Field = field("wlan.htc", "HT control", COMPUTED, Show::Hex(8), "IEEE 802.11 §9.2.4.6");
static CCMP: Field = field("wlan.ccmp.extiv", "Packet number", COMPUTED, Show::Hex(12), "IEEE 802.11 §12.5.3.2");
static TKIP: Field = field("wlan.tkip.extiv", "Sequence counter", COMPUTED, Show::Hex(12), "IEEE 802.11 §12.5.2.2");
static KEY: Field = field("wlan.wep.key", "Key", COMPUTED, Show::Dec, "IEEE 802.11 §12.3.2.2");
static VECTOR: Field = field("wlan.wep.iv", "Initialization vector", COMPUTED, Show::Hex(6), "IEEE 802.11 §12.3.2.2");
static INTEGRITY: Field = field("wlan.wep.icv", "Integrity value", COMPUTED, Show::Hex(8), "IEEE 802.11 §12.3.2.2");
static CHECK: Field = field("wlan.fcs", "Check sequence", COMPUTED, Show::Hex(8), "IEEE 802.11 §9.2.4.8");
static CHECK_STATUS: Field = field("wlan.fcs.status", "Check status", COMPUTED, Show::Dec, "IEEE 802.11 §9.2.4.8")
    .words(super::checksum::STATUS);
static BLOCK: Field = field("wlan.ba.control", "Block ack control", COMPUTED, Show::Hex(4), ACK);
static BLOCK_BITS: [Low; 4] = [
    flag("wlan.ba.control.ackpolicy", "No answer wanted", 0, ACK),
    low("wlan.ba.control.ba_type", "Kind", 1, 4, Show::Hex(4), ACK).words(words![
        (0, "basic"),
        (2, "compressed"),
        (3, "multi-TID"),
    ]),
    low("wlan.ba.control.reserved", "Reserved", 5, 7, Show::Hex(4), ACK),
    low("wlan.ba.basic.tidinfo", "Traffic", 12, 4, Show::Hex(4), ACK),
];
static START: Field = field("wlan.fixed.ssc", "Starting sequence", COMPUTED, Show::Hex(4), ACK);
static START_BITS: [Low; 2] = [
    low("wlan.fixed.ssc.fragment", "Fragment", 0, 4, Show::Dec, ACK),
    low("wlan.fixed.ssc.sequence", "Sequence number", 4, 12, Show::Dec, ACK),
];
static BITMAP: Field = field("wlan.ba.bm", "Bitmap", COMPUTED, Show::Bytes, ACK);

const TYPES: Words = words![(0, "management"), (1, "control"), (2, "data"), (3, "extension")];
const WAYS: Words = words![
    (0, "within the cell"),
    (1, "to the access point"),
    (2, "from the access point"),
    (3, "between access points")
];
const ACKS: Words = words![(0, "normal"), (1, "none"), (2, "no explicit one"), (3, "block")];
const PRIORITIES: Words = words![
    (0, "best effort"),
    (1, "background"),
    (2, "background"),
    (3, "best effort"),
    (4, "video"),
    (5, "video"),
    (6, "voice"),
    (7, "voice"),
];
const KINDS: Words = words![
    (0x00, "association request"),
    (0x01, "association response"),
    (0x02, "reassociation request"),
    (0x03, "reassociation response"),
    (0x04, "probe request"),
    (0x05, "probe response"),
    (0x08, "beacon"),
    (0x09, "ATIM"),
    (0x0a, "disassociation"),
    (0x0b, "authentication"),
    (0x0c, "deauthentication"),
    (0x0d, "action"),
    (0x0e, "action, no ack"),
    (0x18, "block ack request"),
    (0x19, "block ack"),
    (0x1a, "power save poll"),
    (0x1b, "request to send"),
    (0x1c, "clear to send"),
    (0x1d, "acknowledgement"),
    (0x1e, "end of contention-free period"),
    (0x20, "data"),
    (0x24, "null, no data"),
    (0x28, "QoS data"),
    (0x2c, "QoS null, no data"),
];

const MANAGEMENT: u8 = 0;
const CONTROL_TYPE: u8 = 1;
const DATA: u8 = 2;
const POLL: u8 = 10;
const CHECK_SIZE: usize = 4;
const PROTECTED: u8 = 0x40;
const ORDER: u8 = 0x80;
const EXTENDED: u8 = 0x20;

pub(super) fn fields() -> impl Iterator<Item = &'static Field> {
    let parts = SEQUENCE.iter().chain(&QOS_FIRST).chain(&QOS_END).chain(&QOS_BIT).chain(&QOS_ACK).chain(&QOS_BUNDLE);
    let parts = parts.chain(&QOS_BUFFER).chain(&QOS_TIME).chain(&BLOCK_BITS).chain(&START_BITS).map(|low| &low.field);
    CONTROL_BITS.iter().chain(&FLAG_BITS).chain(parts).chain([
        &KIND,
        &CONTROL,
        &FLAGS,
        &DURATION,
        &ASSOCIATION,
        &RECEIVER,
        &TRANSMITTER,
        &DESTINATION,
        &SOURCE,
        &NETWORK,
        &STATION,
        &QOS,
        &HT_CONTROL,
        &CCMP,
        &TKIP,
        &KEY,
        &VECTOR,
        &INTEGRITY,
        &CHECK,
        &CHECK_STATUS,
        &BLOCK,
        &START,
        &BITMAP,
    ])
}

pub(super) fn decode(header: &mut Header) -> Option<Step> {
    frame(header, false)
}

/// With the four bytes of the check sequence at the end, as the radio says.
pub(super) fn decode_checked(header: &mut Header) -> Option<Step> {
    frame(header, true)
}

fn frame(header: &mut Header, checked: bool) -> Option<Step> {
    header.is("wlan", 10);
    let Some(first) = header.u8(0) else {
        header.row(&KIND, 0)?;
        return None;
    };
    let (kind, subtype) = (first >> 2 & 3, first >> 4);
    let combined = u64::from(kind << 4 | subtype);
    header.put(&KIND, bits(0, 8), format!("0x{combined:04x}"), KIND.word(combined).to_string(), 0);
    header.row(&CONTROL, 0)?;
    header.rows(&CONTROL_BITS, 1)?;
    let flags = header.row(&FLAGS, 1)? as u8;
    header.rows(&FLAG_BITS, 2)?;
    if kind == CONTROL_TYPE && subtype == POLL {
        let Some(word) = header.array(2).map(u16::from_le_bytes) else {
            header.cut(2, 2);
            return None;
        };
        let association = word & 0x3fff;
        header.put(&ASSOCIATION, bits(16, 16), association.to_string(), String::new(), 0);
    } else {
        number(header, &DURATION, 2, 2, 0)?;
    }
    let end =
        if checked { header.place.end.saturating_sub(CHECK_SIZE).max(header.place.start) } else { header.place.end };
    let step = match kind {
        MANAGEMENT => management(header, subtype, flags, end),
        CONTROL_TYPE => control(header, subtype),
        DATA => data(header, subtype, flags, end),
        _ => header.within_end(Next::Data, 4, end),
    };
    // Its value may be missing in a frame that was cut.
    let at = end - header.place.start;
    if checked && header.stop.is_none() && header.bytes(at, CHECK_SIZE).is_some() {
        number(header, &CHECK, at, CHECK_SIZE, 0)?;
        header.generate(&CHECK_STATUS, super::checksum::UNVERIFIED, 0);
    }
    step
}

fn address(header: &mut Header, row: &'static Field, at: usize) -> Option<()> {
    header.at(row, at, 6, 0).map(|_| ())
}

fn management(header: &mut Header, subtype: u8, flags: u8, end: usize) -> Option<Step> {
    let size = if flags & ORDER == 0 { 24 } else { 28 };
    header.is("wlan", size);
    for (row, at) in [(&RECEIVER, 4), (&DESTINATION, 4), (&TRANSMITTER, 10), (&SOURCE, 10), (&NETWORK, 16)] {
        address(header, row, at)?;
    }
    sequence(header)?;
    if flags & ORDER != 0 {
        number(header, &HT_CONTROL, 24, 4, 0)?;
    }
    let next = if flags & PROTECTED == 0 { Next::WlanManagement(subtype) } else { Next::Data };
    header.within_end(next, size, end)
}

fn sequence(header: &mut Header) -> Option<()> {
    let Some(word) = header.array(22).map(u16::from_le_bytes) else {
        header.cut(22, 2);
        return None;
    };
    split(header, &SEQUENCE, word.into(), 22, 0);
    Some(())
}

fn control(header: &mut Header, subtype: u8) -> Option<Step> {
    header.is("wlan", 10);
    address(header, &RECEIVER, 4)?;
    match subtype {
        8 | 9 => {
            header.is("wlan", 16);
            address(header, &TRANSMITTER, 10)?;
            let kind = word(header, &BLOCK, &BLOCK_BITS, 16, 2, 0)? >> 1 & 15;
            if kind != 3 {
                word(header, &START, &START_BITS, 18, 2, 0)?;
                let size = if kind == 0 { 128 } else { 8 };
                if subtype == 9 {
                    header.at(&BITMAP, 20, size, 0)?;
                }
            }
        }
        POLL => {
            header.is("wlan", 16);
            address(header, &NETWORK, 4)?;
            address(header, &TRANSMITTER, 10)?;
        }
        4 | 5 | 11 | 14 | 15 => {
            header.is("wlan", 16);
            address(header, &TRANSMITTER, 10)?;
        }
        _ => {}
    }
    None
}

fn data(header: &mut Header, subtype: u8, flags: u8, end: usize) -> Option<Step> {
    let (four, qos) = (flags & 3 == 3, subtype & 8 != 0);
    let mut at = if four { 30 } else { 24 };
    header.is("wlan", at + if qos { 2 } else { 0 });
    let bundled = qos && subtype & 4 == 0 && header.u8(at).is_some_and(|byte| byte & 0x80 != 0);
    let stations: &[(&'static Field, usize)] = match flags & 3 {
        0 => &[(&DESTINATION, 4), (&SOURCE, 10), (&NETWORK, 16), (&STATION, 10)],
        1 => &[(&DESTINATION, 16), (&SOURCE, 10), (&NETWORK, 4), (&STATION, 10)],
        2 => &[(&DESTINATION, 4), (&SOURCE, 16), (&NETWORK, 10), (&STATION, 4)],
        _ => &[(&DESTINATION, 16), (&SOURCE, 24)],
    };
    address(header, &RECEIVER, 4)?;
    address(header, &TRANSMITTER, 10)?;
    for (row, at) in stations {
        // In a bundle each part has its own end beyond the access point.
        let beyond = match row.key {
            "wlan.da" => flags & 3 != 2,
            "wlan.sa" => flags & 3 != 1,
            _ => false,
        };
        if !(bundled && beyond) {
            address(header, row, *at)?;
        }
    }
    sequence(header)?;
    if qos {
        quality(header, subtype, flags, at)?;
        at += 2;
    }
    if qos && flags & ORDER != 0 {
        header.is("wlan", at + 4);
        number(header, &HT_CONTROL, at, 4, 0)?;
        at += 4;
    }
    if subtype & 4 != 0 {
        return None;
    }
    if flags & PROTECTED != 0 {
        return protected(header, at, end);
    }
    header.within_end(if bundled { Next::WlanBundle } else { Next::Llc }, at, end)
}

fn quality(header: &mut Header, subtype: u8, flags: u8, at: usize) -> Option<()> {
    let word = number(header, &QOS, at, 2, 0)?;
    let from_access_point = flags & 2 != 0;
    split(header, &QOS_FIRST, word, at, 1);
    split(header, if from_access_point { &QOS_END } else { &QOS_BIT }, word, at, 1);
    split(header, &QOS_ACK, word, at, 1);
    if subtype & 4 == 0 {
        split(header, &QOS_BUNDLE, word, at, 1);
    }
    if !from_access_point {
        split(header, &QOS_TIME, word, at, 1);
    } else if flags & 3 == 2 {
        split(header, &QOS_BUFFER, word, at, 1);
    }
    Some(())
}

/// The header of the cipher, behind which everything is encrypted: told apart by its bytes, as tshark does.
fn protected(header: &mut Header, at: usize, end: usize) -> Option<Step> {
    let Some([a, b, c, d]) = header.array(at) else {
        header.cut(at, 4);
        return None;
    };
    if d & EXTENDED == 0 {
        header.at(&VECTOR, at, 3, 0)?;
        header.put(&KEY, bits(at as u32 * 8 + 24, 8), (d >> 6).to_string(), String::new(), 0);
        let value = end.saturating_sub(header.place.start + 4);
        if value > at + 4 && header.bytes(value, 4).is_some() {
            header.at(&INTEGRITY, value, 4, 0)?;
            return header.within_end(Next::Data, at + 4, end - 4);
        }
        return header.within_end(Next::Data, at + 4, end);
    }
    header.is("wlan", at + 8);
    let Some([e, f, g, h]) = header.array(at + 4) else {
        header.cut(at, 8);
        return None;
    };
    let seed = (a | 0x20) & 0x7f;
    let counter = match (b == seed, c == 0) {
        (true, _) => Some((&TKIP, [0, 0, h, g, f, e, a, c])),
        (false, true) => Some((&CCMP, [0, 0, h, g, f, e, b, a])),
        _ => None,
    };
    if let Some((row, counter)) = counter {
        header.put(row, bits(at as u32 * 8, 64), format!("0x{:012x}", u64::from_be_bytes(counter)), String::new(), 0);
    }
    header.put(&KEY, bits(at as u32 * 8 + 24, 8), (d >> 6).to_string(), String::new(), 0);
    header.within_end(Next::Data, at + 8, end)
}
