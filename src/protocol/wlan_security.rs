//! The security elements of an 802.11 network → which ciphers and which proof of identity it asks for (IEEE 802.11 §9.4.2.24; WPA).

use super::field::{COMPUTED, Field, Show, Words, bits, field, words};
use super::header::Header;
use super::little::{Low, flag, low, number, word};

const SPEC: &str = "IEEE 802.11 §9.4.2.24";
const ABLE: &str = "IEEE 802.11 §9.4.2.24.4";
const WPA: &str = "Wi-Fi Alliance WPA 3.1";
const VENDOR: &str = "IEEE 802.11 §9.4.2.25";
const WMM: &str = "Wi-Fi Alliance WMM 1.1";

/// A suite: the whole, its organization, its number.
type Suite = [Field; 3];

const fn suite(keys: [&'static str; 3], name: &'static str, words: Words, source: &'static str) -> Suite {
    [
        field(keys[0], name, COMPUTED, Show::Dec, source),
        field(keys[1], "Organization", COMPUTED, Show::Dec, source),
        field(keys[2], "Suite", COMPUTED, Show::Dec, source).words(words),
    ]
}

/// How many suites there are, and all of them.
type List = [Field; 2];

static VERSION: Field = field("wlan.rsn.version", "Version", COMPUTED, Show::Dec, SPEC);
static GROUP: Suite = suite(["wlan.rsn.gcs", "wlan.rsn.gcs.oui", "wlan.rsn.gcs.type"], "Group cipher", CIPHERS, SPEC);
static PAIRS: List = [
    field("wlan.rsn.pcs.count", "Pairwise ciphers", COMPUTED, Show::Dec, SPEC),
    field("wlan.rsn.pcs.list", "Pairwise ciphers", COMPUTED, Show::None, SPEC),
];
static PAIR: Suite = suite(["wlan.rsn.pcs", "wlan.rsn.pcs.oui", "wlan.rsn.pcs.type"], "Pairwise cipher", CIPHERS, SPEC);
static KEYS: List = [
    field("wlan.rsn.akms.count", "Key managements", COMPUTED, Show::Dec, SPEC),
    field("wlan.rsn.akms.list", "Key managements", COMPUTED, Show::None, SPEC),
];
static KEY: Suite = suite(["wlan.rsn.akms", "wlan.rsn.akms.oui", "wlan.rsn.akms.type"], "Key management", PROOFS, SPEC);
static ABILITIES: Field = field("wlan.rsn.capabilities", "Capabilities", COMPUTED, Show::Hex(4), ABLE);
static ABILITY_BITS: [Low; 9] = [
    flag("wlan.rsn.capabilities.preauth", "Pre-authentication", 0, ABLE),
    flag("wlan.rsn.capabilities.no_pairwise", "No pairwise", 1, ABLE),
    low("wlan.rsn.capabilities.ptksa_replay_counter", "Pairwise counters", 2, 2, Show::Hex(4), ABLE).words(COUNTERS),
    low("wlan.rsn.capabilities.gtksa_replay_counter", "Group counters", 4, 2, Show::Hex(4), ABLE).words(COUNTERS),
    flag("wlan.rsn.capabilities.mfpr", "Protection required", 6, ABLE),
    flag("wlan.rsn.capabilities.mfpc", "Protection possible", 7, ABLE),
    flag("wlan.rsn.capabilities.jmr", "Several bands", 8, ABLE),
    flag("wlan.rsn.capabilities.peerkey", "PeerKey", 9, ABLE),
    flag("wlan.rsn.capabilities.extended_key_id_iaf", "Extended key number", 13, ABLE),
];
static KNOWN: List = [
    field("wlan.rsn.pmkid.count", "Known keys", COMPUTED, Show::Dec, SPEC),
    field("wlan.rsn.pmkid.list", "Known keys", COMPUTED, Show::Bytes, SPEC),
];
static MANAGING: Suite =
    suite(["wlan.rsn.gmcs", "wlan.rsn.gmcs.oui", "wlan.rsn.gmcs.type"], "Management cipher", CIPHERS, SPEC);

static ORGANIZATION: Field = field("wlan.tag.oui", "Organization", COMPUTED, Show::Dec, VENDOR).words(MAKERS);
static KIND: Field = field("wlan.tag.vendor.oui.type", "Vendor's type", COMPUTED, Show::Dec, VENDOR);
static DATA: Field = field("wlan.tag.vendor.data", "Vendor's data", COMPUTED, Show::Bytes, VENDOR);
static ALLIANCE: Field = field("wlan.wfa.ie.type", "Wi-Fi Alliance type", COMPUTED, Show::Hex(2), WPA).words(words![
    (1, "WPA"),
    (2, "WMM, quality of service"),
    (4, "WPS, simple setup"),
]);
static OLD_VERSION: Field = field("wlan.wfa.ie.wpa.version", "Version", COMPUTED, Show::Dec, WPA);
static OLD_GROUP: Suite =
    suite(["wlan.wfa.ie.wpa.mcs", "wlan.wfa.ie.wpa.mcs.oui", "wlan.wfa.ie.wpa.mcs.type"], "Group cipher", CIPHERS, WPA);
static OLD_PAIRS: List = [
    field("wlan.wfa.ie.wpa.ucs.count", "Pairwise ciphers", COMPUTED, Show::Dec, WPA),
    field("wlan.wfa.ie.wpa.ucs.list", "Pairwise ciphers", COMPUTED, Show::None, WPA),
];
static OLD_PAIR: Suite = suite(
    ["wlan.wfa.ie.wpa.ucs", "wlan.wfa.ie.wpa.ucs.oui", "wlan.wfa.ie.wpa.ucs.type"],
    "Pairwise cipher",
    CIPHERS,
    WPA,
);
static OLD_KEYS: List = [
    field("wlan.wfa.ie.wpa.akms.count", "Key managements", COMPUTED, Show::Dec, WPA),
    field("wlan.wfa.ie.wpa.akms.list", "Key managements", COMPUTED, Show::None, WPA),
];
static OLD_KEY: Suite =
    suite(["wlan.wfa.ie.wpa.akms", "wlan.wfa.ie.wpa.akms.oui", "wlan.wfa.ie.wpa.type"], "Key management", PROOFS, WPA);
static QUALITY: [Field; 2] = [
    field("wlan.wfa.ie.wme.subtype", "WMM subtype", COMPUTED, Show::Dec, WMM)
        .words(words![(0, "information"), (1, "parameters")]),
    field("wlan.wfa.ie.wme.version", "WMM version", COMPUTED, Show::Dec, WMM),
];

static ACCESS_INFO: Field = field("wlan.wfa.ie.wme.qos_info", "QoS information", COMPUTED, Show::Hex(2), WMM);
static RESERVED: Field = field("wlan.wfa.ie.wme.reserved", "Reserved", COMPUTED, Show::Bytes, WMM);
/// How long each of four kinds of traffic waits for the air.
static ACCESS: Field = field("wlan.wfa.ie.wme.acp", "Access category", COMPUTED, Show::None, WMM);
static WAIT: Field = field("wlan.wfa.ie.wme.acp.aci_aifsn", "Category and wait", COMPUTED, Show::Hex(2), WMM);
static WAIT_BITS: [Low; 4] = [
    low("wlan.wfa.ie.wme.acp.aifsn", "Wait", 0, 4, Show::Dec, WMM),
    flag("wlan.wfa.ie.wme.acp.acm", "Admission needed", 4, WMM),
    low("wlan.wfa.ie.wme.acp.aci", "Category", 5, 2, Show::Dec, WMM).words(CATEGORIES),
    low("wlan.wfa.ie.wme.acp.reserved", "Reserved", 7, 1, Show::Dec, WMM),
];
static WINDOW: Field = field("wlan.wfa.ie.wme.acp.ecw", "Contention window", COMPUTED, Show::Hex(2), WMM);
static WINDOW_BITS: [Low; 2] = [
    low("wlan.wfa.ie.wme.acp.ecw.max", "Largest exponent", 4, 4, Show::Dec, WMM),
    low("wlan.wfa.ie.wme.acp.ecw.min", "Smallest exponent", 0, 4, Show::Dec, WMM),
];
static WINDOWS: [Field; 2] = [
    field("wlan.wfa.ie.wme.acp.cw.max", "Largest window", COMPUTED, Show::Dec, WMM),
    field("wlan.wfa.ie.wme.acp.cw.min", "Smallest window", COMPUTED, Show::Dec, WMM),
];
static BURST: Field = field("wlan.wfa.ie.wme.acp.txop_limit", "Burst limit", COMPUTED, Show::Dec, WMM);

const CATEGORIES: Words = words![(0, "best effort"), (1, "background"), (2, "video"), (3, "voice")];
/// Bytes of the parameters of one category.
const ACCESS_SIZE: usize = 4;

/// IEEE 802.11 table 9-149.
const CIPHERS: Words = words![
    (0, "the group cipher"),
    (1, "WEP-40"),
    (2, "TKIP"),
    (4, "CCMP-128 (AES)"),
    (5, "WEP-104"),
    (6, "BIP, for management frames"),
    (7, "no group traffic"),
    (8, "GCMP-128"),
    (9, "GCMP-256"),
    (10, "CCMP-256"),
];
/// IEEE 802.11 table 9-151.
const PROOFS: Words = words![
    (1, "802.1X, a user's own key"),
    (2, "PSK, a shared passphrase"),
    (3, "fast transition with 802.1X"),
    (4, "fast transition with PSK"),
    (5, "802.1X with SHA-256"),
    (6, "PSK with SHA-256"),
    (8, "SAE (WPA3)"),
    (9, "fast transition with SAE"),
    (11, "802.1X, Suite B"),
    (12, "802.1X, Suite B, 192 bit"),
    (18, "OWE, encryption without a password"),
];
const COUNTERS: Words = words![(0, "1"), (1, "2"), (2, "4"), (3, "16")];
const MAKERS: Words = words![
    (0x000fac, "IEEE 802.11"),
    (0x0050f2, "Microsoft (WPA, WMM, WPS)"),
    (0x506f9a, "Wi-Fi Alliance"),
    (0x0017f2, "Apple"),
    (0x00904c, "Epigram (Broadcom)"),
    (0x001018, "Broadcom"),
];
const MICROSOFT: u64 = 0x0050f2;

pub(super) fn fields() -> impl Iterator<Item = &'static Field> {
    let suites = [&GROUP, &PAIR, &KEY, &MANAGING, &OLD_GROUP, &OLD_PAIR, &OLD_KEY].into_iter().flatten();
    let lists = [&PAIRS, &KEYS, &KNOWN, &OLD_PAIRS, &OLD_KEYS, &QUALITY].into_iter().flatten();
    suites
        .chain(lists)
        .chain(&WINDOWS)
        .chain(ABILITY_BITS.iter().chain(&WAIT_BITS).chain(&WINDOW_BITS).map(|low| &low.field))
        .chain([
            &ACCESS_INFO,
            &RESERVED,
            &ACCESS,
            &WAIT,
            &WINDOW,
            &BURST,
            &VERSION,
            &ABILITIES,
            &ORGANIZATION,
            &KIND,
            &DATA,
            &ALLIANCE,
            &OLD_VERSION,
        ])
}

/// The RSN element: everything behind the version may be left out from some point on.
pub(super) fn robust(header: &mut Header, at: usize, length: usize) -> Option<()> {
    let end = at + length;
    number(header, &VERSION, at, 2, 2)?;
    let mut at = at + 2;
    if at + 4 > end {
        return Some(());
    }
    one(header, &GROUP, at, 2)?;
    at = several(header, &PAIRS, &PAIR, at + 4, end)?;
    at = several(header, &KEYS, &KEY, at, end)?;
    if at + 2 <= end {
        word(header, &ABILITIES, &ABILITY_BITS, at, 2, 2)?;
        at += 2;
    }
    if at + 2 <= end {
        let [count, list] = &KNOWN;
        let size = number(header, count, at, 2, 2)? as usize * 16;
        at += 2;
        if at + size > end {
            header.refuse(count, at - 2, "So many do not fit into the element.");
            return None;
        }
        let show = header.bytes(at, size).map(super::header::colons).unwrap_or_default();
        header.put(list, bits(at as u32 * 8, size as u32 * 8), show, String::new(), 2);
        at += size;
    }
    if at + 4 <= end {
        one(header, &MANAGING, at, 2)?;
    }
    Some(())
}

fn one(header: &mut Header, suite: &'static Suite, at: usize, depth: u8) -> Option<()> {
    let [whole, organization, number] = suite;
    header.at(whole, at, 4, depth)?;
    header.at(organization, at, 3, depth + 1)?;
    let value = header.at(number, at + 3, 1, depth + 1)?;
    // The whole is easier to read by the name of its part.
    let word = number.word(value);
    if let Some(found) = header.layer.found.iter_mut().rev().find(|found| found.field == whole) {
        found.meaning = word.to_string();
    }
    Some(())
}

/// A count and as many suites; returns where they end.
fn several(header: &mut Header, list: &'static List, suite: &'static Suite, at: usize, end: usize) -> Option<usize> {
    if at + 2 > end {
        return Some(end);
    }
    let [count, all] = list;
    let size = number(header, count, at, 2, 2)? as usize * 4;
    if at + 2 + size > end {
        header.refuse(count, at, "So many do not fit into the element.");
        return None;
    }
    header.put(all, bits(at as u32 * 8 + 16, size as u32 * 8), String::new(), String::new(), 2);
    for at in (at + 2..at + 2 + size).step_by(4) {
        one(header, suite, at, 3)?;
    }
    Some(at + 2 + size)
}

/// What a maker added; WPA came into use so, and quality of service.
pub(super) fn vendor(header: &mut Header, at: usize, length: usize) -> Option<()> {
    let end = at + length;
    let organization = header.at(&ORGANIZATION, at, 3, 2)?;
    let kind = header.at(&KIND, at + 3, 1, 2)?;
    if organization != MICROSOFT {
        return header.at(&DATA, at + 3, length - 3, 2).map(|_| ());
    }
    header.at(&ALLIANCE, at + 3, 1, 2)?;
    let at = at + 4;
    match kind {
        1 if at + 6 <= end => {
            number(header, &OLD_VERSION, at, 2, 2)?;
            one(header, &OLD_GROUP, at + 2, 2)?;
            let at = several(header, &OLD_PAIRS, &OLD_PAIR, at + 6, end)?;
            several(header, &OLD_KEYS, &OLD_KEY, at, end).map(|_| ())
        }
        2 if at + 2 <= end => {
            let [subtype, version] = &QUALITY;
            header.at(subtype, at, 1, 2)?;
            header.at(version, at + 1, 1, 2)?;
            if at + 3 <= end {
                header.at(&ACCESS_INFO, at + 2, 1, 2)?;
            }
            if at + 4 + 4 * ACCESS_SIZE <= end {
                header.at(&RESERVED, at + 3, 1, 2)?;
                (0..4).try_for_each(|category| access(header, at + 4 + category * ACCESS_SIZE))?;
            }
            Some(())
        }
        _ => Some(()),
    }
}

fn access(header: &mut Header, at: usize) -> Option<()> {
    header.put(&ACCESS, bits(at as u32 * 8, ACCESS_SIZE as u32 * 8), String::new(), String::new(), 2);
    word(header, &WAIT, &WAIT_BITS, at, 1, 3)?;
    let window = word(header, &WINDOW, &WINDOW_BITS, at + 1, 1, 3)?;
    for (row, exponent) in WINDOWS.iter().zip([window >> 4, window & 15]) {
        let slots = (1u64 << exponent) - 1;
        header.put(row, bits(at as u32 * 8 + 8, 8), slots.to_string(), String::new(), 4);
    }
    number(header, &BURST, at + 2, 2, 3).map(|_| ())
}
