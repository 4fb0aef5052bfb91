//! A radiotap header → what the receiver's radio measured: time, rate, channel, signal (radiotap.org). It was never on the air.

use super::decimal::exact;
use super::field::{COMPUTED, Field, Show, Words, bits, field, words};
use super::header::{Header, Next, Step};
use super::little::{Low, flag, low, number, word};

const SPEC: &str = "radiotap.org";

static VERSION: Field = field("radiotap.version", "Version", bits(0, 8), Show::Dec, SPEC);
static PAD: Field = field("radiotap.pad", "Pad", bits(8, 8), Show::Dec, SPEC);
static LENGTH: Field = field("radiotap.length", "Length", COMPUTED, Show::Dec, SPEC);
static PRESENT: Field = field("radiotap.present", "Present", COMPUTED, Show::None, SPEC);
static PRESENT_WORD: Field = field("radiotap.present.word", "Present word", COMPUTED, Show::Hex(8), SPEC);
static PRESENT_BITS: [Low; 30] = [
    flag("radiotap.present.tsft", "Time", 0, SPEC),
    flag("radiotap.present.flags", "Flags", 1, SPEC),
    flag("radiotap.present.rate", "Rate", 2, SPEC),
    flag("radiotap.present.channel", "Channel", 3, SPEC),
    flag("radiotap.present.fhss", "Hopping", 4, SPEC),
    flag("radiotap.present.dbm_antsignal", "Signal (dBm)", 5, SPEC),
    flag("radiotap.present.dbm_antnoise", "Noise (dBm)", 6, SPEC),
    flag("radiotap.present.lock_quality", "Lock quality", 7, SPEC),
    flag("radiotap.present.tx_attenuation", "Attenuation", 8, SPEC),
    flag("radiotap.present.db_tx_attenuation", "Attenuation (dB)", 9, SPEC),
    flag("radiotap.present.dbm_tx_power", "Power", 10, SPEC),
    flag("radiotap.present.antenna", "Antenna", 11, SPEC),
    flag("radiotap.present.db_antsignal", "Signal (dB)", 12, SPEC),
    flag("radiotap.present.db_antnoise", "Noise (dB)", 13, SPEC),
    flag("radiotap.present.rxflags", "Receive flags", 14, SPEC),
    flag("radiotap.present.txflags", "Transmit flags", 15, SPEC),
    flag("radiotap.present.data_retries", "Retries", 17, SPEC),
    flag("radiotap.present.xchannel", "Channel, extended", 18, SPEC),
    flag("radiotap.present.mcs", "MCS", 19, SPEC),
    flag("radiotap.present.ampdu", "A-MPDU", 20, SPEC),
    flag("radiotap.present.vht", "VHT", 21, SPEC),
    flag("radiotap.present.timestamp", "Timestamp", 22, SPEC),
    flag("radiotap.present.he", "HE", 23, SPEC),
    flag("radiotap.present.he_mu", "HE-MU", 24, SPEC),
    flag("radiotap.present.0_length.psdu", "No data", 26, SPEC),
    flag("radiotap.present.l_sig", "L-SIG", 27, SPEC),
    flag("radiotap.present.tlv", "TLVs", 28, SPEC),
    flag("radiotap.present.rtap_ns", "Radiotap next", 29, SPEC),
    flag("radiotap.present.vendor_ns", "Vendor next", 30, SPEC),
    flag("radiotap.present.ext", "More words", 31, SPEC),
];

static TIME: Field = field("radiotap.mactime", "Time", COMPUTED, Show::Dec, SPEC);
static FLAGS: Field = field("radiotap.flags", "Flags", COMPUTED, Show::Hex(2), SPEC);
static FLAG_BITS: [Low; 8] = [
    flag("radiotap.flags.cfp", "Contention-free", 0, SPEC),
    flag("radiotap.flags.preamble", "Short preamble", 1, SPEC),
    flag("radiotap.flags.wep", "WEP", 2, SPEC),
    flag("radiotap.flags.frag", "Fragment", 3, SPEC),
    flag("radiotap.flags.fcs", "Check sequence", 4, SPEC),
    flag("radiotap.flags.datapad", "Data pad", 5, SPEC),
    flag("radiotap.flags.badfcs", "Bad check sequence", 6, SPEC),
    flag("radiotap.flags.shortgi", "Short guard interval", 7, SPEC),
];
/// In steps of half a megabit a second.
static RATE: Field = field("radiotap.datarate", "Data rate", COMPUTED, Show::Text, SPEC);
static FREQUENCY: Field = field("radiotap.channel.freq", "Frequency", COMPUTED, Show::Dec, SPEC);
static CHANNEL: Field = field("radiotap.channel.flags", "Channel flags", COMPUTED, Show::Hex(4), SPEC);
static CHANNEL_BITS: [Low; 15] = [
    flag("radiotap.channel.flags.700mhz", "700 MHz", 0, SPEC),
    flag("radiotap.channel.flags.800mhz", "800 MHz", 1, SPEC),
    flag("radiotap.channel.flags.900mhz", "900 MHz", 2, SPEC),
    flag("radiotap.channel.flags.turbo", "Turbo", 4, SPEC),
    flag("radiotap.channel.flags.cck", "CCK", 5, SPEC),
    flag("radiotap.channel.flags.ofdm", "OFDM", 6, SPEC),
    flag("radiotap.channel.flags.2ghz", "2 GHz", 7, SPEC),
    flag("radiotap.channel.flags.5ghz", "5 GHz", 8, SPEC),
    flag("radiotap.channel.flags.passive", "Passive", 9, SPEC),
    flag("radiotap.channel.flags.dynamic", "CCK and OFDM", 10, SPEC),
    flag("radiotap.channel.flags.gfsk", "GFSK", 11, SPEC),
    flag("radiotap.channel.flags.gsm", "GSM", 12, SPEC),
    flag("radiotap.channel.flags.sturbo", "Static turbo", 13, SPEC),
    flag("radiotap.channel.flags.half", "10 MHz wide", 14, SPEC),
    flag("radiotap.channel.flags.quarter", "5 MHz wide", 15, SPEC),
];
static SIGNAL: Field = field("radiotap.dbm_antsignal", "Signal", COMPUTED, Show::Dec, SPEC);
static NOISE: Field = field("radiotap.dbm_antnoise", "Noise", COMPUTED, Show::Dec, SPEC);
static QUALITY: Field = field("radiotap.quality", "Signal quality", COMPUTED, Show::Dec, SPEC);
static POWER: Field = field("radiotap.txpower", "Transmit power", COMPUTED, Show::Dec, SPEC);
static ANTENNA: Field = field("radiotap.antenna", "Antenna", COMPUTED, Show::Dec, SPEC);
static SIGNAL_DB: Field = field("radiotap.db_antsignal", "Signal (dB)", COMPUTED, Show::Dec, SPEC);
static NOISE_DB: Field = field("radiotap.db_antnoise", "Noise (dB)", COMPUTED, Show::Dec, SPEC);
static RECEIVED: Field = field("radiotap.rxflags", "Receive flags", COMPUTED, Show::Hex(4), SPEC);
static RECEIVED_BITS: [Low; 1] = [flag("radiotap.rxflags.badplcp", "Bad PLCP", 1, SPEC)];
static MCS: Field = field("radiotap.mcs", "MCS", COMPUTED, Show::None, SPEC);
static KNOWN: Field = field("radiotap.mcs.known", "Known", COMPUTED, Show::Hex(2), SPEC);
static KNOWN_BITS: [Low; 7] = [
    flag("radiotap.mcs.have_bw", "Bandwidth known", 0, SPEC),
    flag("radiotap.mcs.have_index", "Index known", 1, SPEC),
    flag("radiotap.mcs.have_gi", "Interval known", 2, SPEC),
    flag("radiotap.mcs.have_format", "Format known", 3, SPEC),
    flag("radiotap.mcs.have_fec", "Coding known", 4, SPEC),
    flag("radiotap.mcs.have_stbc", "STBC known", 5, SPEC),
    flag("radiotap.mcs.have_ness", "Streams known", 6, SPEC),
];
/// Each with the bit of `known` that makes it count.
static MCS_BITS: [(u64, [Low; 1]); 5] = [
    (0, [low("radiotap.mcs.bw", "Bandwidth", 0, 2, Show::Dec, SPEC).words(WIDTHS)]),
    (2, [low("radiotap.mcs.gi", "Guard interval", 2, 1, Show::Dec, SPEC).words(words![(0, "long"), (1, "short")])]),
    (3, [low("radiotap.mcs.format", "Format", 3, 1, Show::Dec, SPEC).words(words![(0, "mixed"), (1, "greenfield")])]),
    (4, [low("radiotap.mcs.fec", "Coding", 4, 1, Show::Dec, SPEC).words(words![(0, "BCC"), (1, "LDPC")])]),
    (5, [low("radiotap.mcs.stbc", "STBC streams", 5, 2, Show::Dec, SPEC)]),
];
static INDEX: Field = field("radiotap.mcs.index", "MCS index", COMPUTED, Show::Dec, SPEC);
static AMPDU: Field = field("radiotap.ampdu", "A-MPDU", COMPUTED, Show::None, SPEC);
static REFERENCE: Field = field("radiotap.ampdu.reference", "A-MPDU reference", COMPUTED, Show::Dec, SPEC);
static AMPDU_FLAGS: Field = field("radiotap.ampdu.flags", "A-MPDU flags", COMPUTED, Show::Hex(4), SPEC);
static AMPDU_BITS: [Low; 7] = [
    flag("radiotap.ampdu.flags.report_zerolen", "Reports empty", 0, SPEC),
    flag("radiotap.ampdu.flags.is_zerolen", "Is empty", 1, SPEC),
    flag("radiotap.ampdu.flags.lastknown", "Last known", 2, SPEC),
    flag("radiotap.ampdu.flags.last", "Last", 3, SPEC),
    flag("radiotap.ampdu.flags.delim_crc_error", "Delimiter error", 4, SPEC),
    flag("radiotap.ampdu.flags.eof", "End of frame", 6, SPEC),
    flag("radiotap.ampdu.flags.eof_known", "End known", 7, SPEC),
];

const WIDTHS: Words = words![(0, "20 MHz"), (1, "40 MHz"), (2, "20 MHz, lower"), (3, "20 MHz, upper")];

/// By bit: alignment and size of what it announces.
const SIZES: [(usize, usize); 28] = [
    (8, 8),
    (1, 1),
    (1, 1),
    (2, 4),
    (2, 2),
    (1, 1),
    (1, 1),
    (2, 2),
    (2, 2),
    (2, 2),
    (1, 1),
    (1, 1),
    (1, 1),
    (1, 1),
    (2, 2),
    (2, 2),
    (1, 1),
    (1, 1),
    (4, 8),
    (1, 3),
    (4, 8),
    (2, 12),
    (8, 12),
    (2, 12),
    (2, 12),
    (2, 6),
    (1, 1),
    (2, 4),
];
const SHORTEST: usize = 8;
const HAS_CHECK: u64 = 0x10;
/// Words of presence bits in one header.
const MOST_WORDS: usize = 16;

pub(super) fn fields() -> impl Iterator<Item = &'static Field> {
    let bits = PRESENT_BITS.iter().chain(&FLAG_BITS).chain(&CHANNEL_BITS).chain(&RECEIVED_BITS).chain(&KNOWN_BITS);
    let bits = bits.chain(MCS_BITS.iter().flat_map(|(_, part)| part)).chain(&AMPDU_BITS).map(|low| &low.field);
    [
        &VERSION,
        &PAD,
        &LENGTH,
        &PRESENT,
        &PRESENT_WORD,
        &TIME,
        &FLAGS,
        &RATE,
        &FREQUENCY,
        &CHANNEL,
        &SIGNAL,
        &NOISE,
        &QUALITY,
        &POWER,
        &ANTENNA,
        &SIGNAL_DB,
        &NOISE_DB,
        &RECEIVED,
        &MCS,
        &KNOWN,
        &INDEX,
        &AMPDU,
        &REFERENCE,
        &AMPDU_FLAGS,
    ]
    .into_iter()
    .chain(bits)
}

pub(super) fn decode(header: &mut Header) -> Option<Step> {
    header.is("radiotap", SHORTEST);
    let version = header.row(&VERSION, 0)?;
    header.row(&PAD, 0)?;
    let length = number(header, &LENGTH, 2, 2, 0)? as usize;
    if length < SHORTEST {
        header.refuse(&LENGTH, 2, "A radiotap header has at least 8 bytes.");
        return None;
    }
    header.is("radiotap", length);
    if length > header.have() {
        header.claims(&LENGTH, SHORTEST, length - SHORTEST);
        return None;
    }
    if version != 0 {
        header.refuse(&VERSION, 0, "Only version 0 is defined.");
        return None;
    }
    let words = presence(header, length)?;
    let mut flags = 0;
    let mut at = 4 + words.len() * 4;
    // Bits of the second word and of those after it mean the same again, for one antenna each.
    for present in words {
        for (bit, (align, size)) in SIZES.iter().enumerate().filter(|(bit, _)| present >> bit & 1 == 1) {
            at = at.next_multiple_of(*align);
            if at + size > length {
                header.refuse(&LENGTH, 2, "The announced fields go beyond the header.");
                return header.then(Next::Wlan(flags & HAS_CHECK != 0), length);
            }
            if bit == 1 {
                flags = u64::from(header.u8(at).unwrap_or(0));
            }
            measured(header, bit, at)?;
            at += size;
        }
        if present >> 28 & 7 != 1 && present >> 28 & 7 != 0 && present >> 29 & 1 == 0 {
            // What follows is counted by a vendor, or written as records: neither is taken apart.
            break;
        }
    }
    header.then(Next::Wlan(flags & HAS_CHECK != 0), length)
}

fn presence(header: &mut Header, length: usize) -> Option<Vec<u64>> {
    let mut words = Vec::new();
    let group = header.layer.found.len();
    header.put(&PRESENT, bits(32, 32), String::new(), String::new(), 0);
    loop {
        let at = 4 + words.len() * 4;
        if at + 4 > length || words.len() == MOST_WORDS {
            header.refuse(&LENGTH, 2, "The words that say which fields are present have no end.");
            return None;
        }
        let present = word(header, &PRESENT_WORD, &PRESENT_BITS, at, 4, 1)?;
        words.push(present);
        if present >> 31 == 0 {
            break;
        }
    }
    if let Some(found) = header.layer.found.get_mut(group) {
        found.at.len = words.len() as u32 * 32;
    }
    Some(words)
}

/// One of the fields, by its bit; others are left as they are.
fn measured(header: &mut Header, bit: usize, at: usize) -> Option<()> {
    let signed = |header: &mut Header, row: &'static Field| {
        let value = header.u8(at)?.cast_signed();
        header.put(row, bits(at as u32 * 8, 8), value.to_string(), format!("{value} dBm"), 0);
        Some(())
    };
    match bit {
        0 => number(header, &TIME, at, 8, 0).map(|_| ()),
        1 => word(header, &FLAGS, &FLAG_BITS, at, 1, 0).map(|_| ()),
        2 => {
            let rate = exact(header.u8(at)?.into(), 2);
            header.put(&RATE, bits(at as u32 * 8, 8), rate.clone(), format!("{rate} Mb/s"), 0);
            Some(())
        }
        3 => {
            let frequency = number(header, &FREQUENCY, at, 2, 0)?;
            if let Some(channel) = channel(frequency) {
                header.means(format!("channel {channel}"));
            }
            word(header, &CHANNEL, &CHANNEL_BITS, at + 2, 2, 0).map(|_| ())
        }
        5 => signed(header, &SIGNAL),
        6 => signed(header, &NOISE),
        7 => number(header, &QUALITY, at, 2, 0).map(|_| ()),
        10 => signed(header, &POWER),
        11 => number(header, &ANTENNA, at, 1, 0).map(|_| ()),
        12 => number(header, &SIGNAL_DB, at, 1, 0).map(|_| ()),
        13 => number(header, &NOISE_DB, at, 1, 0).map(|_| ()),
        14 => word(header, &RECEIVED, &RECEIVED_BITS, at, 2, 0).map(|_| ()),
        19 => {
            header.put(&MCS, bits(at as u32 * 8, 24), String::new(), String::new(), 0);
            let known = word(header, &KNOWN, &KNOWN_BITS, at, 1, 1)?;
            let flags = u64::from(header.u8(at + 1)?);
            for (_, part) in MCS_BITS.iter().filter(|(bit, _)| known >> bit & 1 == 1) {
                super::little::split(header, part, flags, at + 1, 1);
            }
            if known & 2 != 0 {
                number(header, &INDEX, at + 2, 1, 1)?;
            }
            Some(())
        }
        20 => {
            header.put(&AMPDU, bits(at as u32 * 8, 64), String::new(), String::new(), 0);
            number(header, &REFERENCE, at, 4, 1)?;
            word(header, &AMPDU_FLAGS, &AMPDU_BITS, at + 4, 2, 1).map(|_| ())
        }
        _ => Some(()),
    }
}

/// The channel's number, by which people know it (IEEE 802.11 §17.3.8.4).
fn channel(frequency: u64) -> Option<u64> {
    match frequency {
        2484 => Some(14),
        2412..=2472 if (frequency - 2407).is_multiple_of(5) => Some((frequency - 2407) / 5),
        5005..=5895 if frequency.is_multiple_of(5) => Some((frequency - 5000) / 5),
        5955..=7115 if frequency.is_multiple_of(5) => Some((frequency - 5950) / 5),
        _ => None,
    }
}
