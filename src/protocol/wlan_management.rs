//! The body of an 802.11 management frame → its fixed parameters, then its elements (IEEE 802.11 §9.3.3, §9.4.1).

use super::field::{COMPUTED, Field, Show, Words, bits, field, words};
use super::header::{Header, Step};
use super::little::{Low, flag, low, number, word};
use super::wlan_elements;

const ABLE: &str = "IEEE 802.11 §9.4.1.4";
const BLOCK: &str = "IEEE 802.11 §9.6.4";

static ALL: Field = field("wlan.fixed.all", "Fixed parameters", COMPUTED, Show::None, "IEEE 802.11 §9.3.3");
static TIME: Field = field("wlan.fixed.timestamp", "Timestamp", COMPUTED, Show::Dec, "IEEE 802.11 §9.4.1.10");
static INTERVAL: Field = field("wlan.fixed.beacon", "Beacon interval", COMPUTED, Show::Dec, "IEEE 802.11 §9.4.1.3");
static ABILITIES: Field = field("wlan.fixed.capabilities", "Capabilities", COMPUTED, Show::Hex(4), ABLE);
static ABILITY_BITS: [Low; 16] = [
    flag("wlan.fixed.capabilities.ess", "ESS", 0, ABLE),
    flag("wlan.fixed.capabilities.ibss", "IBSS", 1, ABLE),
    flag("wlan.fixed.capabilities.reserved1", "Reserved", 2, ABLE),
    flag("wlan.fixed.capabilities.reserved2", "Reserved", 3, ABLE),
    flag("wlan.fixed.capabilities.privacy", "Privacy", 4, ABLE),
    flag("wlan.fixed.capabilities.short_preamble", "Short preamble", 5, ABLE),
    flag("wlan.fixed.capabilities.reserved3", "Reserved", 6, ABLE),
    flag("wlan.fixed.capabilities.reserved4", "Reserved", 7, ABLE),
    flag("wlan.fixed.capabilities.spec_man", "Spectrum management", 8, ABLE),
    flag("wlan.fixed.capabilities.qos", "QoS", 9, ABLE),
    flag("wlan.fixed.capabilities.short_slot_time", "Short slot", 10, ABLE),
    flag("wlan.fixed.capabilities.apsd", "APSD", 11, ABLE),
    flag("wlan.fixed.capabilities.radio_measurement", "Radio measurement", 12, ABLE),
    flag("wlan.fixed.capabilities.epd", "EPD", 13, ABLE),
    flag("wlan.fixed.capabilities.reserved5", "Reserved", 14, ABLE),
    flag("wlan.fixed.capabilities.reserved6", "Reserved", 15, ABLE),
];
static LISTEN: Field =
    field("wlan.fixed.listen_ival", "Listen interval", COMPUTED, Show::Hex(4), "IEEE 802.11 §9.4.1.6");
static CURRENT: Field = field("wlan.fixed.current_ap", "Current AP", COMPUTED, Show::Mac, "IEEE 802.11 §9.4.1.5");
static STATUS: Field =
    field("wlan.fixed.status_code", "Status", COMPUTED, Show::Hex(4), "IEEE 802.11 §9.4.1.9").words(STATUSES);
static ASSOCIATION: Field = field("wlan.fixed.aid", "Association", COMPUTED, Show::Hex(4), "IEEE 802.11 §9.4.1.8");
static METHOD: Field =
    field("wlan.fixed.auth.alg", "Method", COMPUTED, Show::Dec, "IEEE 802.11 §9.4.1.1").words(METHODS);
static TURN: Field = field("wlan.fixed.auth_seq", "Turn", COMPUTED, Show::Hex(4), "IEEE 802.11 §9.4.1.2");
static REASON: Field =
    field("wlan.fixed.reason_code", "Reason", COMPUTED, Show::Hex(4), "IEEE 802.11 §9.4.1.7").words(REASONS);
static CATEGORY: Field =
    field("wlan.fixed.category_code", "Category", COMPUTED, Show::Dec, "IEEE 802.11 §9.4.1.11").words(CATEGORIES);
static ACTION: Field = field("wlan.fixed.action_code", "Action", COMPUTED, Show::Hex(2), BLOCK).words(words![
    (0, "add block ack, request"),
    (1, "add block ack, response"),
    (2, "delete block ack"),
]);
static TOKEN: Field = field("wlan.fixed.dialog_token", "Token", COMPUTED, Show::Hex(2), "IEEE 802.11 §9.4.1.12");
static AGREEMENT: Field = field("wlan.fixed.baparams", "Block ack parameters", COMPUTED, Show::Hex(4), BLOCK);
static AGREEMENT_BITS: [Low; 4] = [
    flag("wlan.fixed.baparams.amsdu", "A-MSDU", 0, BLOCK),
    flag("wlan.fixed.baparams.policy", "Immediate", 1, BLOCK),
    low("wlan.fixed.baparams.tid", "Traffic", 2, 4, Show::Hex(4), BLOCK),
    low("wlan.fixed.baparams.buffersize", "Buffers", 6, 10, Show::Dec, BLOCK),
];
static TIMEOUT: Field = field("wlan.fixed.batimeout", "Timeout", COMPUTED, Show::Hex(4), BLOCK);

const METHODS: Words =
    words![(0, "open system"), (1, "shared key (WEP)"), (2, "fast transition"), (3, "SAE (WPA3)"), (4, "FILS")];
const STATUSES: Words = words![
    (0, "successful"),
    (1, "unspecified failure"),
    (10, "capabilities cannot be supported"),
    (11, "no association to take over"),
    (12, "denied, reason outside of the standard"),
    (13, "authentication method not supported"),
    (14, "authentication out of turn"),
    (15, "wrong answer to the challenge"),
    (16, "timed out"),
    (17, "no room for another station"),
    (18, "a basic rate is not supported"),
    (30, "refused for now, try again later"),
    (31, "violates protection of management frames"),
    (37, "refused"),
    (40, "invalid element"),
    (41, "invalid group cipher"),
    (42, "invalid pairwise cipher"),
    (43, "invalid key management"),
    (45, "RSN capabilities not supported"),
    (53, "invalid key identifier (PMKID)"),
    (72, "invalid content of information elements"),
    (76, "anti-clogging token required"),
    (77, "group of the key exchange not supported"),
    (126, "SAE by hash to element"),
];
const REASONS: Words = words![
    (1, "unspecified"),
    (2, "authentication no longer valid"),
    (3, "the station is leaving"),
    (4, "inactive"),
    (5, "the access point cannot handle so many stations"),
    (6, "class 2 frame from a station that is not authenticated"),
    (7, "class 3 frame from a station that is not associated"),
    (8, "the station is leaving the network"),
    (9, "not authenticated"),
    (13, "invalid element"),
    (14, "message integrity failure"),
    (15, "4-way handshake timed out"),
    (16, "group key handshake timed out"),
    (17, "element differs between handshake and beacon"),
    (18, "invalid group cipher"),
    (19, "invalid pairwise cipher"),
    (20, "invalid key management"),
    (23, "802.1X authentication failed"),
    (24, "cipher suite rejected"),
    (34, "too many frames unacknowledged"),
    (36, "the station is leaving"),
    (39, "timed out"),
];
const CATEGORIES: Words = words![
    (0, "spectrum management"),
    (1, "QoS"),
    (3, "block ack"),
    (4, "public"),
    (5, "radio measurement"),
    (6, "fast transition"),
    (7, "HT"),
    (8, "protection of management frames (SA query)"),
    (10, "wireless network management"),
    (13, "mesh"),
    (15, "self-protected"),
    (21, "VHT"),
    (126, "vendor specific, protected"),
    (127, "vendor specific"),
];
const BLOCK_ACK: u64 = 3;

pub(super) fn fields() -> impl Iterator<Item = &'static Field> {
    let parts = ABILITY_BITS.iter().chain(&AGREEMENT_BITS).map(|low| &low.field);
    wlan_elements::fields().chain(parts).chain([
        &ALL,
        &TIME,
        &INTERVAL,
        &ABILITIES,
        &LISTEN,
        &CURRENT,
        &STATUS,
        &ASSOCIATION,
        &METHOD,
        &TURN,
        &REASON,
        &CATEGORY,
        &ACTION,
        &TOKEN,
        &AGREEMENT,
        &TIMEOUT,
    ])
}

/// What the body of a frame begins with.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Time,
    Interval,
    Abilities,
    Listen,
    Current,
    Status,
    Association,
    Method,
    Turn,
    Reason,
}

impl Part {
    fn size(self) -> usize {
        match self {
            Part::Time => 8,
            Part::Current => 6,
            _ => 2,
        }
    }
}

/// By the frame's subtype.
fn parts(subtype: u8) -> &'static [Part] {
    match subtype {
        0 => &[Part::Abilities, Part::Listen],
        1 | 3 => &[Part::Abilities, Part::Status, Part::Association],
        2 => &[Part::Abilities, Part::Listen, Part::Current],
        5 | 8 => &[Part::Time, Part::Interval, Part::Abilities],
        10 | 12 => &[Part::Reason],
        11 => &[Part::Method, Part::Turn, Part::Status],
        _ => &[],
    }
}

// One function each, because a decoder is told nothing but where its bytes are.
macro_rules! bodies {
    ($($name:ident = $subtype:literal),*) => { $(
        pub(super) fn $name(header: &mut Header) -> Option<Step> {
            body(header, $subtype)
        }
    )* };
}
bodies!(association = 0, response = 1, reassociation = 2, probe = 4, beacon = 8, leave = 10, authentication = 11);

fn body(header: &mut Header, subtype: u8) -> Option<Step> {
    header.is("wlan.mgt", header.claimed());
    let parts = parts(subtype);
    let size: usize = parts.iter().map(|part| part.size()).sum();
    if size > 0 {
        let there = size.min(header.have()) as u32 * 8;
        header.put(&ALL, bits(0, there), String::new(), String::new(), 0);
    }
    let mut at = 0;
    for part in parts {
        fixed(header, *part, at)?;
        at += part.size();
    }
    if at < header.claimed() {
        wlan_elements::read(header, at)?;
    }
    None
}

fn fixed(header: &mut Header, part: Part, at: usize) -> Option<()> {
    match part {
        Part::Time => number(header, &TIME, at, 8, 1),
        Part::Interval => number(header, &INTERVAL, at, 2, 1),
        Part::Abilities => word(header, &ABILITIES, &ABILITY_BITS, at, 2, 1),
        Part::Listen => number(header, &LISTEN, at, 2, 1),
        Part::Current => header.at(&CURRENT, at, 6, 1),
        Part::Status => number(header, &STATUS, at, 2, 1),
        Part::Method => number(header, &METHOD, at, 2, 1),
        Part::Turn => number(header, &TURN, at, 2, 1),
        Part::Reason => number(header, &REASON, at, 2, 1),
        Part::Association => {
            let Some(word) = header.array(at).map(u16::from_le_bytes) else {
                header.cut(at, 2);
                return None;
            };
            // The two highest bits are always set.
            let number = word & 0x3fff;
            header.put(&ASSOCIATION, bits(at as u32 * 8, 16), format!("0x{number:04x}"), number.to_string(), 1);
            Some(0)
        }
    }
    .map(|_| ())
}

/// A request or an answer of one of many kinds; of these only the agreement on block acknowledgements is read further.
pub(super) fn action(header: &mut Header) -> Option<Step> {
    header.is("wlan.mgt", header.claimed());
    let category = header.at(&CATEGORY, 0, 1, 0)?;
    if category != BLOCK_ACK {
        return None;
    }
    let action = header.at(&ACTION, 1, 1, 0)?;
    if action > 1 {
        return None;
    }
    header.at(&TOKEN, 2, 1, 0)?;
    let at = if action == 0 { 3 } else { 5 };
    if action == 1 {
        number(header, &STATUS, 3, 2, 0)?;
    }
    word(header, &AGREEMENT, &AGREEMENT_BITS, at, 2, 0)?;
    number(header, &TIMEOUT, at + 2, 2, 0)?;
    if action == 0 {
        wlan_elements::starting(header, at + 4)?;
    }
    None
}
