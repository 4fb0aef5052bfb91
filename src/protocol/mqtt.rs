//! An MQTT control packet → its kind, its flags and what it carries, in versions 3.1.1 and 5.

use super::field::{COMPUTED, Field, Show, Words, bits, field, tiles, words};
use super::framing::{Framing, Talk};
use super::header::{Header, Next, Step};
use super::mqtt_properties::{self, number};

const FIXED: &str = "MQTT 5 §2.1";
const CONNECT_FLAGS: &str = "MQTT 5 §3.1.2.3";
const OPTIONS: &str = "MQTT 5 §3.8.3.1";

static KIND: [Field; 3] = [
    field("mqtt.hdrflags", "Kind and flags", bits(0, 8), Show::Hex(2), FIXED),
    field("mqtt.msgtype", "Kind", bits(0, 4), Show::Dec, "MQTT 5 §2.1.2").words(KINDS),
    field("mqtt.hdr_reserved", "Reserved", bits(4, 4), Show::Dec, "MQTT 5 §2.1.3"),
];
static PUBLISH_FLAGS: [Field; 4] = [
    field("mqtt.msgtype", "Kind", bits(0, 4), Show::Dec, "MQTT 5 §2.1.2").words(KINDS),
    field("mqtt.dupflag", "Duplicate", bits(4, 1), Show::Flag, "MQTT 5 §3.3.1.1"),
    field("mqtt.qos", "Quality of service", bits(5, 2), Show::Dec, "MQTT 5 §3.3.1.2").words(QUALITIES),
    field("mqtt.retain", "Retain", bits(7, 1), Show::Flag, "MQTT 5 §3.3.1.3"),
];
const _: () = assert!(tiles(&PUBLISH_FLAGS, 0, 8));
static LENGTH: Field = field("mqtt.len", "Remaining length", COMPUTED, Show::Dec, "MQTT 5 §2.1.4");

static FLAGS: [Field; 8] = [
    field("mqtt.conflags", "Connect flags", bits(0, 8), Show::Hex(2), CONNECT_FLAGS),
    field("mqtt.conflag.uname", "User name", bits(0, 1), Show::Flag, "MQTT 5 §3.1.2.8"),
    field("mqtt.conflag.passwd", "Password", bits(1, 1), Show::Flag, "MQTT 5 §3.1.2.9"),
    field("mqtt.conflag.retain", "Will retain", bits(2, 1), Show::Flag, "MQTT 5 §3.1.2.7"),
    field("mqtt.conflag.qos", "Will quality", bits(3, 2), Show::Dec, "MQTT 5 §3.1.2.6").words(QUALITIES),
    field("mqtt.conflag.willflag", "Will", bits(5, 1), Show::Flag, "MQTT 5 §3.1.2.5"),
    field("mqtt.conflag.cleansess", "Clean start", bits(6, 1), Show::Flag, "MQTT 5 §3.1.2.4"),
    field("mqtt.conflag.reserved", "Reserved", bits(7, 1), Show::Flag, CONNECT_FLAGS),
];
static ACKNOWLEDGE: [Field; 3] = [
    field("mqtt.conack.flags", "Acknowledge flags", bits(0, 8), Show::Hex(2), "MQTT 5 §3.2.2.1"),
    field("mqtt.conack.flags.reserved", "Reserved", bits(0, 7), Show::Flag, "MQTT 5 §3.2.2.1"),
    field("mqtt.conack.flags.sp", "Session present", bits(7, 1), Show::Flag, "MQTT 5 §3.2.2.1.1"),
];
static SUBSCRIPTION: [Field; 6] = [
    field("mqtt.subscription_options", "Subscription options", bits(0, 8), Show::Hex(2), OPTIONS),
    field("mqtt.subscription_options_reserved", "Reserved", bits(0, 2), Show::Hex(2), OPTIONS),
    field("mqtt.subscription_options_retain", "Retained messages", bits(2, 2), Show::Dec, OPTIONS).words(RETAINED),
    field("mqtt.subscription_options_rap", "Retain as published", bits(4, 1), Show::Flag, OPTIONS),
    field("mqtt.subscription_options_nl", "No local", bits(5, 1), Show::Flag, OPTIONS),
    field("mqtt.subscription_options_qos", "Highest quality", bits(6, 2), Show::Dec, OPTIONS).words(QUALITIES),
];

static PROTOCOL_LENGTH: Field = field("mqtt.proto_len", "Name length", COMPUTED, Show::Dec, "MQTT 5 §3.1.2.1");
static PROTOCOL: Field = field("mqtt.protoname", "Protocol name", COMPUTED, Show::Text, "MQTT 5 §3.1.2.1");
static VERSION: Field = field("mqtt.ver", "Version", COMPUTED, Show::Dec, "MQTT 5 §3.1.2.2").words(VERSIONS);
static KEEP_ALIVE: Field = field("mqtt.kalive", "Keep alive (s)", COMPUTED, Show::Dec, "MQTT 5 §3.1.2.10");
static CLIENT_LENGTH: Field = field("mqtt.clientid_len", "Client ID length", COMPUTED, Show::Dec, "MQTT 5 §3.1.3.1");
static CLIENT: Field = field("mqtt.clientid", "Client ID", COMPUTED, Show::Text, "MQTT 5 §3.1.3.1");
static WILL_TOPIC_LENGTH: Field =
    field("mqtt.willtopic_len", "Will topic length", COMPUTED, Show::Dec, "MQTT 5 §3.1.3.3");
static WILL_TOPIC: Field = field("mqtt.willtopic", "Will topic", COMPUTED, Show::Text, "MQTT 5 §3.1.3.3");
static WILL_LENGTH: Field = field("mqtt.willmsg_len", "Will length", COMPUTED, Show::Dec, "MQTT 5 §3.1.3.4");
static WILL: Field = field("mqtt.willmsg", "Will message", COMPUTED, Show::Bytes, "MQTT 5 §3.1.3.4");
static USER_LENGTH: Field = field("mqtt.username_len", "User name length", COMPUTED, Show::Dec, "MQTT 5 §3.1.3.5");
static USER: Field = field("mqtt.username", "User name", COMPUTED, Show::Text, "MQTT 5 §3.1.3.5");
static PASSWORD_LENGTH: Field = field("mqtt.passwd_len", "Password length", COMPUTED, Show::Dec, "MQTT 5 §3.1.3.6");
static PASSWORD: Field = field("mqtt.passwd", "Password", COMPUTED, Show::Text, "MQTT 5 §3.1.3.6");
static RETURN_CODE: Field =
    field("mqtt.conack.val", "Return code", COMPUTED, Show::Dec, "MQTT 3.1.1 §3.2.2.3").words(RETURN_CODES);
static TOPIC_LENGTH: Field = field("mqtt.topic_len", "Topic length", COMPUTED, Show::Dec, "MQTT 5 §3.3.2.1");
static TOPIC: Field = field("mqtt.topic", "Topic", COMPUTED, Show::Text, "MQTT 5 §4.7");
static PACKET: Field = field("mqtt.msgid", "Packet identifier", COMPUTED, Show::Dec, "MQTT 5 §2.2.1");
static MESSAGE: Field = field("mqtt.msg", "Message", COMPUTED, Show::Bytes, "MQTT 5 §3.3.3");
static WANTED: Field = field("mqtt.sub.qos", "Highest quality", COMPUTED, Show::Dec, OPTIONS).words(QUALITIES);
static GRANTED: Field =
    field("mqtt.suback.qos", "Granted quality", COMPUTED, Show::Dec, "MQTT 3.1.1 §3.9.3").words(REASONS);

/// Reason codes of version 5, by the kind of packet that carries them.
static REASON: [(u8, Field); 9] = [
    (CONNACK, reason("mqtt.connack.reason_code")),
    (PUBACK, reason("mqtt.puback.reason_code")),
    (PUBREC, reason("mqtt.pubrec.reason_code")),
    (PUBREL, reason("mqtt.pubrel.reason_code")),
    (PUBCOMP, reason("mqtt.pubcomp.reason_code")),
    (SUBACK, reason("mqtt.suback.reason_code")),
    (UNSUBACK, reason("mqtt.unsuback.reason_code")),
    (DISCONNECT, reason("mqtt.disconnect.reason_code")),
    (AUTH, reason("mqtt.auth.reason_code")),
];

const fn reason(key: &'static str) -> Field {
    field(key, "Reason code", COMPUTED, Show::Dec, "MQTT 5 §2.4").words(REASONS)
}

const CONNECT: u8 = 1;
const CONNACK: u8 = 2;
const PUBLISH: u8 = 3;
const PUBACK: u8 = 4;
const PUBREC: u8 = 5;
const PUBREL: u8 = 6;
const PUBCOMP: u8 = 7;
const SUBSCRIBE: u8 = 8;
const SUBACK: u8 = 9;
const UNSUBSCRIBE: u8 = 10;
const UNSUBACK: u8 = 11;
const DISCONNECT: u8 = 14;
const AUTH: u8 = 15;
const KINDS: Words = words![
    (1, "CONNECT"),
    (2, "CONNACK"),
    (3, "PUBLISH"),
    (4, "PUBACK"),
    (5, "PUBREC, received"),
    (6, "PUBREL, release"),
    (7, "PUBCOMP, complete"),
    (8, "SUBSCRIBE"),
    (9, "SUBACK"),
    (10, "UNSUBSCRIBE"),
    (11, "UNSUBACK"),
    (12, "PINGREQ"),
    (13, "PINGRESP"),
    (14, "DISCONNECT"),
    (15, "AUTH"),
];
const QUALITIES: Words = words![(0, "at most once"), (1, "at least once"), (2, "exactly once")];
const VERSIONS: Words = words![(3, "3.1"), (4, "3.1.1"), (5, "5")];
const RETAINED: Words = words![(0, "send them"), (1, "send them to a new subscription"), (2, "do not send them")];
const RETURN_CODES: Words = words![
    (0, "accepted"),
    (1, "version refused"),
    (2, "client ID refused"),
    (3, "server not available"),
    (4, "bad user name or password"),
    (5, "not authorized"),
];
const REASONS: Words = words![
    (0, "success, or at most once"),
    (1, "at least once"),
    (2, "exactly once"),
    (4, "disconnect with will"),
    (16, "no matching subscribers"),
    (17, "no subscription existed"),
    (24, "continue authentication"),
    (25, "authenticate again"),
    (128, "unspecified error"),
    (129, "malformed packet"),
    (130, "protocol error"),
    (132, "version not supported"),
    (133, "client ID not valid"),
    (134, "bad user name or password"),
    (135, "not authorized"),
    (136, "server not available"),
    (137, "server busy"),
    (141, "keep alive timeout"),
    (142, "session taken over"),
    (143, "topic filter not valid"),
    (144, "topic name not valid"),
    (149, "packet too large"),
    (151, "quota exceeded"),
];
/// Topics of one packet that are taken apart.
const MAX_TOPICS: usize = 256;
const VERSION_5: u64 = 5;

pub(super) fn fields() -> impl Iterator<Item = &'static Field> {
    let [_, flags @ ..] = &PUBLISH_FLAGS;
    let connect = [&LENGTH, &PROTOCOL_LENGTH, &PROTOCOL, &VERSION, &KEEP_ALIVE, &CLIENT_LENGTH, &CLIENT];
    let will = [&WILL_TOPIC_LENGTH, &WILL_TOPIC, &WILL_LENGTH, &WILL, &USER_LENGTH, &USER, &PASSWORD_LENGTH, &PASSWORD];
    let others = [&RETURN_CODE, &TOPIC_LENGTH, &TOPIC, &PACKET, &MESSAGE, &WANTED, &GRANTED];
    let tables = KIND.iter().chain(flags).chain(&FLAGS).chain(&ACKNOWLEDGE).chain(&SUBSCRIPTION);
    let reasons = REASON.iter().map(|(_, row)| row);
    tables.chain(connect).chain(will).chain(others).chain(reasons).chain(mqtt_properties::fields())
}

/// Whether this is the packet that opens a session.
pub(super) fn knows(bytes: &[u8]) -> bool {
    let Some((_, size)) = number(bytes.get(1..).unwrap_or_default()) else { return false };
    let name = bytes.get(1 + size..).unwrap_or_default();
    bytes.first() == Some(&0x10) && (name.starts_with(b"\0\x04MQTT") || name.starts_with(b"\0\x06MQIsdp"))
}

pub(super) fn framing(bytes: &[u8], _: &mut Talk) -> Framing {
    let Some((kind, rest)) = bytes.split_first() else { return Framing::More };
    match number(rest) {
        _ if kind >> 4 == 0 => Framing::Loose,
        Some((length, size)) => Framing::Bytes(1 + size + length as usize),
        None if rest.len() < 4 => Framing::More,
        None => Framing::Loose,
    }
}

pub(super) fn decode(header: &mut Header) -> Option<Step> {
    header.is("mqtt", header.claimed());
    header.row(&KIND[0], 0)?;
    let kind = header.u8(0)? >> 4;
    header.rows(if kind == PUBLISH { &PUBLISH_FLAGS } else { &KIND[1..] }, 1)?;
    let Some((length, size)) = number(header.rest(1)) else {
        header.cut(1, 1);
        return None;
    };
    header.put(&LENGTH, bits(8, size as u32 * 8), length.to_string(), String::new(), 0);
    let (start, end) = (1 + size, 1 + size + length as usize);
    let next = header.then(Next::Same, end);
    header.is("mqtt", end);
    if end > header.claimed() {
        header.claims(&LENGTH, start, end - start);
    }
    header.place.end = header.place.end.min(header.place.start + end);
    body(header, kind, start, end);
    next
}

/// What follows the fixed header; stops where a length in it does not hold.
fn body(header: &mut Header, kind: u8, at: usize, end: usize) -> Option<()> {
    match kind {
        CONNECT => connect(header, at, end),
        CONNACK => {
            header.within(&ACKNOWLEDGE[0], at, 0)?;
            header.within(&ACKNOWLEDGE[1], at, 1)?;
            header.within(&ACKNOWLEDGE[2], at, 1)?;
            if end == at + 2 {
                header.at(&RETURN_CODE, at + 1, 1, 0)?;
                return Some(());
            }
            reasons(header, kind, at + 1, end)
        }
        PUBLISH => publish(header, at, end),
        PUBACK | PUBREC | PUBREL | PUBCOMP => {
            header.at(&PACKET, at, 2, 0)?;
            reasons(header, kind, at + 2, end)
        }
        SUBSCRIBE | UNSUBSCRIBE => subscribe(header, kind, at, end),
        SUBACK | UNSUBACK => {
            header.at(&PACKET, at, 2, 0)?;
            granted(header, kind, at + 2, end)
        }
        DISCONNECT | AUTH => reasons(header, kind, at, end),
        _ => Some(()),
    }
}

/// Text or bytes behind a length of two bytes; says where the next thing begins.
fn string(header: &mut Header, length: &'static Field, value: &'static Field, at: usize, end: usize) -> Option<usize> {
    let len = header.at(length, at, 2, 0)? as usize;
    if at + 2 + len > end {
        header.claims(length, at + 2, len);
        return None;
    }
    if len > 0 {
        header.at(value, at + 2, len, 0)?;
    }
    Some(at + 2 + len)
}

fn connect(header: &mut Header, at: usize, end: usize) -> Option<()> {
    let at = string(header, &PROTOCOL_LENGTH, &PROTOCOL, at, end)?;
    let version = header.at(&VERSION, at, 1, 0)?;
    for (place, row) in FLAGS.iter().enumerate() {
        header.within(row, at + 1, u8::from(place > 0))?;
    }
    let flags = header.u8(at + 1)?;
    header.at(&KEEP_ALIVE, at + 2, 2, 0)?;
    let mut at = at + 4;
    if version == VERSION_5 {
        at = mqtt_properties::read(header, at, end, false)?;
    }
    at = string(header, &CLIENT_LENGTH, &CLIENT, at, end)?;
    if flags & 0x04 != 0 {
        if version == VERSION_5 {
            at = mqtt_properties::read(header, at, end, true)?;
        }
        at = string(header, &WILL_TOPIC_LENGTH, &WILL_TOPIC, at, end)?;
        at = string(header, &WILL_LENGTH, &WILL, at, end)?;
    }
    if flags & 0x80 != 0 {
        at = string(header, &USER_LENGTH, &USER, at, end)?;
    }
    if flags & 0x40 != 0 {
        string(header, &PASSWORD_LENGTH, &PASSWORD, at, end)?;
    }
    Some(())
}

fn publish(header: &mut Header, at: usize, end: usize) -> Option<()> {
    let mut at = string(header, &TOPIC_LENGTH, &TOPIC, at, end)?;
    if header.u8(0)? & 0x06 != 0 {
        header.at(&PACKET, at, 2, 0)?;
        at += 2;
    }
    // Only CONNECT says which version is spoken: what reads as properties are properties.
    if mqtt_properties::sound(header.rest(at)) {
        at = mqtt_properties::read(header, at, end, false)?;
    }
    if at < end {
        let here = header.rest(at).len().min(end - at);
        if here > 0 {
            header.at(&MESSAGE, at, here, 0)?;
        }
        if here < end - at {
            header.cut(at, end - at);
        }
    }
    Some(())
}

fn subscribe(header: &mut Header, kind: u8, at: usize, end: usize) -> Option<()> {
    header.at(&PACKET, at, 2, 0)?;
    let mut at = at + 2;
    let option = usize::from(kind == SUBSCRIBE);
    let fifth = !topics_fill(header.rest(at), option);
    if fifth {
        at = mqtt_properties::read(header, at, end, false)?;
    }
    for _ in 0..MAX_TOPICS {
        if at >= end {
            break;
        }
        at = string(header, &TOPIC_LENGTH, &TOPIC, at, end)?;
        if option == 1 && fifth {
            for (place, row) in SUBSCRIPTION.iter().enumerate() {
                header.within(row, at, u8::from(place > 0))?;
            }
        } else if option == 1 {
            header.at(&WANTED, at, 1, 0)?;
        }
        at += option;
    }
    Some(())
}

/// Whether the bytes are topics to the last one, as in version 3.1.1; version 5 has properties before them.
fn topics_fill(mut bytes: &[u8], option: usize) -> bool {
    while let Some(length) = bytes.first_chunk() {
        let size = 2 + usize::from(u16::from_be_bytes(*length)) + option;
        match bytes.get(size..) {
            Some(rest) => bytes = rest,
            None => return false,
        }
    }
    bytes.is_empty()
}

fn granted(header: &mut Header, kind: u8, at: usize, end: usize) -> Option<()> {
    // With properties, if only their length of 0, there are more bytes than codes of version 3.1.1.
    let fifth = mqtt_properties::sound(header.rest(at)) && end > at + 1;
    if !fifth {
        for at in at..end.min(at + MAX_TOPICS) {
            header.at(&GRANTED, at, 1, 0)?;
        }
        return Some(());
    }
    let at = mqtt_properties::read(header, at, end, false)?;
    for at in at..end.min(at + MAX_TOPICS) {
        header.at(reason_of(kind)?, at, 1, 0)?;
    }
    Some(())
}

fn reason_of(kind: u8) -> Option<&'static Field> {
    REASON.iter().find(|(of, _)| *of == kind).map(|(_, row)| row)
}

/// The reason code of version 5 and its properties, where they are there.
fn reasons(header: &mut Header, kind: u8, at: usize, end: usize) -> Option<()> {
    if at < end {
        header.at(reason_of(kind)?, at, 1, 0)?;
    }
    if at + 1 < end {
        mqtt_properties::read(header, at + 1, end, false)?;
    }
    Some(())
}
