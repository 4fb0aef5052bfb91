//! The elements of 802.11n and 802.11ac → what a station's radio can do, and how its network runs (IEEE 802.11 §9.4.2.55–57, §9.4.2.157–158).

use super::field::{COMPUTED, Field, Show, Words, field, words};
use super::header::Header;
use super::little::{Low, flag, low, number, word};

const HT: &str = "IEEE 802.11 §9.4.2.55";
const RUN: &str = "IEEE 802.11 §9.4.2.56";
const VHT: &str = "IEEE 802.11 §9.4.2.157";
const VHT_RUN: &str = "IEEE 802.11 §9.4.2.158";

static ABLE: Field = field("wlan.ht.capabilities", "HT capabilities", COMPUTED, Show::Hex(4), HT);
static ABLE_BITS: [Low; 14] = [
    flag("wlan.ht.capabilities.ldpccoding", "LDPC", 0, HT),
    flag("wlan.ht.capabilities.width", "40 MHz", 1, HT),
    low("wlan.ht.capabilities.sm", "Power save", 2, 2, Show::Hex(4), HT).words(words![
        (0, "static"),
        (1, "dynamic"),
        (3, "off"),
    ]),
    flag("wlan.ht.capabilities.green", "Greenfield", 4, HT),
    flag("wlan.ht.capabilities.short20", "Short GI, 20 MHz", 5, HT),
    flag("wlan.ht.capabilities.short40", "Short GI, 40 MHz", 6, HT),
    flag("wlan.ht.capabilities.txstbc", "Sends STBC", 7, HT),
    low("wlan.ht.capabilities.rxstbc", "Receives STBC", 8, 2, Show::Hex(4), HT),
    flag("wlan.ht.capabilities.delayedblockack", "Delayed block ack", 10, HT),
    flag("wlan.ht.capabilities.amsdu", "Long A-MSDU", 11, HT),
    flag("wlan.ht.capabilities.dsscck", "CCK in 40 MHz", 12, HT),
    flag("wlan.ht.capabilities.psmp", "PSMP", 13, HT),
    flag("wlan.ht.capabilities.40mhzintolerant", "40 MHz intolerant", 14, HT),
    flag("wlan.ht.capabilities.lsig", "L-SIG protection", 15, HT),
];
static BUNDLE: Field = field("wlan.ht.ampduparam", "A-MPDU", COMPUTED, Show::Hex(2), HT);
static BUNDLE_BITS: [Low; 3] = [
    low("wlan.ht.ampduparam.maxlength", "Longest A-MPDU", 0, 2, Show::Hex(2), HT).words(LONGEST),
    low("wlan.ht.ampduparam.mpdudensity", "Spacing", 2, 3, Show::Hex(2), HT),
    low("wlan.ht.ampduparam.reserved", "Reserved", 5, 3, Show::Hex(2), HT),
];
static RATES: Field = field("wlan.ht.mcsset", "Rates", COMPUTED, Show::None, HT);
static MODULATIONS: Field = field("wlan.ht.mcsset.rxbitmask", "Received", COMPUTED, Show::None, HT);
static FIRST: [Low; 4] = [
    low("wlan.ht.mcsset.rxbitmask.0to7", "One stream", 0, 8, Show::Hex(8), HT),
    low("wlan.ht.mcsset.rxbitmask.8to15", "Two streams", 8, 8, Show::Hex(8), HT),
    low("wlan.ht.mcsset.rxbitmask.16to23", "Three streams", 16, 8, Show::Hex(8), HT),
    low("wlan.ht.mcsset.rxbitmask.24to31", "Four streams", 24, 8, Show::Hex(8), HT),
];
static LATER: [Low; 3] = [
    low("wlan.ht.mcsset.rxbitmask.32", "MCS 32", 0, 1, Show::Hex(8), HT),
    low("wlan.ht.mcsset.rxbitmask.33to38", "MCS 33 to 38", 1, 6, Show::Hex(8), HT),
    low("wlan.ht.mcsset.rxbitmask.39to52", "MCS 39 to 52", 7, 14, Show::Hex(8), HT),
];
static LAST: [Low; 1] = [low("wlan.ht.mcsset.rxbitmask.53to76", "MCS 53 to 76", 5, 24, Show::Hex(8), HT)];
static HIGHEST: [Low; 1] = [low("wlan.ht.mcsset.highestdatarate", "Highest rate", 0, 10, Show::Hex(4), HT)];
static SENT: [Low; 4] = [
    flag("wlan.ht.mcsset.txsetdefined", "Sending defined", 0, HT),
    flag("wlan.ht.mcsset.txrxmcsnotequal", "Sends otherwise", 1, HT),
    low("wlan.ht.mcsset.txmaxss", "Sending streams", 2, 2, Show::Hex(4), HT),
    flag("wlan.ht.mcsset.txunequalmod", "Unequal modulation", 4, HT),
];
static MORE: Field = field("wlan.htex.capabilities", "Extended capabilities", COMPUTED, Show::Hex(4), HT);
static BEAMS: Field = field("wlan.txbf", "Beamforming", COMPUTED, Show::Hex(8), HT);
static ANTENNAS: Field = field("wlan.asel", "Antenna selection", COMPUTED, Show::Hex(2), HT);

static CHANNEL: Field = field("wlan.ht.info.primarychannel", "Primary channel", COMPUTED, Show::Dec, RUN);
static WIDTH: Field = field("wlan.ht.info.delim1", "Channel", COMPUTED, Show::Hex(2), RUN);
static WIDTH_BITS: [Low; 4] = [
    low("wlan.ht.info.secchanoffset", "Second channel", 0, 2, Show::Hex(2), RUN).words(SECOND),
    flag("wlan.ht.info.chanwidth", "Any width", 2, RUN),
    flag("wlan.ht.info.rifs", "RIFS", 3, RUN),
    low("wlan.ht.info.reserved_b4_b7", "Reserved", 4, 4, Show::Hex(2), RUN),
];
static PROTECTION: Field = field("wlan.ht.info.delim2", "Protection", COMPUTED, Show::Hex(4), RUN);
static PROTECTION_BITS: [Low; 6] = [
    low("wlan.ht.info.ht_protection", "HT protection", 0, 2, Show::Hex(4), RUN),
    flag("wlan.ht.info.greenfield", "No greenfield", 2, RUN),
    low("wlan.ht.info.reserved_b11", "Reserved", 3, 1, Show::Hex(4), RUN),
    flag("wlan.ht.info.obssnonht", "Old neighbours", 4, RUN),
    low("wlan.ht.info.chan_center_freq_seg_2", "Second centre", 5, 8, Show::Dec, RUN),
    low("wlan.ht.info.reserved_b21_b23", "Reserved", 13, 3, Show::Hex(4), RUN),
];
static BEACONS: Field = field("wlan.ht.info.delim3", "Beacons", COMPUTED, Show::Hex(4), RUN);
static BEACON_BITS: [Low; 8] = [
    low("wlan.ht.info.reserved_b24_b29", "Reserved", 0, 6, Show::Hex(4), RUN),
    flag("wlan.ht.info.dualbeacon", "Dual beacon", 6, RUN),
    flag("wlan.ht.info.dualcts", "Dual CTS", 7, RUN),
    flag("wlan.ht.info.secondarybeacon", "Second beacon", 8, RUN),
    flag("wlan.ht.info.lsigprotsupport", "L-SIG protection", 9, RUN),
    flag("wlan.ht.info.pco.active", "PCO", 10, RUN),
    flag("wlan.ht.info.pco.phase", "PCO phase", 11, RUN),
    low("wlan.ht.info.reserved_b36_b39", "Reserved", 12, 4, Show::Hex(4), RUN),
];

static FAST: Field = field("wlan.vht.capabilities", "VHT capabilities", COMPUTED, Show::Hex(8), VHT);
static FAST_BITS: [Low; 20] = [
    low("wlan.vht.capabilities.maxmpdulength", "Longest MPDU", 0, 2, Show::Hex(8), VHT).words(MPDU),
    low("wlan.vht.capabilities.supportedchanwidthset", "Widths", 2, 2, Show::Hex(8), VHT),
    flag("wlan.vht.capabilities.rxldpc", "LDPC", 4, VHT),
    flag("wlan.vht.capabilities.short80", "Short GI, 80 MHz", 5, VHT),
    flag("wlan.vht.capabilities.short160", "Short GI, 160 MHz", 6, VHT),
    flag("wlan.vht.capabilities.txstbc", "Sends STBC", 7, VHT),
    low("wlan.vht.capabilities.rxstbc", "Receives STBC", 8, 3, Show::Hex(8), VHT),
    flag("wlan.vht.capabilities.subeamformer", "SU beamformer", 11, VHT),
    flag("wlan.vht.capabilities.subeamformee", "SU beamformee", 12, VHT),
    low("wlan.vht.capabilities.beamformee_sts_cap", "Beamformee streams", 13, 3, Show::Hex(8), VHT),
    low("wlan.vht.capabilities.soundingdimensions", "Sounding", 16, 3, Show::Hex(8), VHT),
    flag("wlan.vht.capabilities.mubeamformer", "MU beamformer", 19, VHT),
    flag("wlan.vht.capabilities.mubeamformee", "MU beamformee", 20, VHT),
    flag("wlan.vht.capabilities.vhttxopps", "TXOP power save", 21, VHT),
    flag("wlan.vht.capabilities.vhthtc", "VHT control", 22, VHT),
    low("wlan.vht.capabilities.maxampdu", "Longest A-MPDU", 23, 3, Show::Hex(8), VHT),
    low("wlan.vht.capabilities.linkadapt", "Link adaptation", 26, 2, Show::Hex(8), VHT),
    flag("wlan.vht.capabilities.rxpatconsist", "Steady reception", 28, VHT),
    flag("wlan.vht.capabilities.txpatconsist", "Steady sending", 29, VHT),
    low("wlan.vht.capabilities.ext_nss_bw_support", "Streams by width", 30, 2, Show::Hex(8), VHT),
];
static FAST_RATES: Field = field("wlan.vht.mcsset", "VHT rates", COMPUTED, Show::None, VHT);
static RECEIVES: Field = field("wlan.vht.mcsset.rxmcsmap", "Received", COMPUTED, Show::Hex(4), VHT);
static SENDS: Field = field("wlan.vht.mcsset.txmcsmap", "Sent", COMPUTED, Show::Hex(4), VHT);
static OPERATION: Field = field("wlan.vht.op", "VHT operation", COMPUTED, Show::None, VHT_RUN);
static OPERATION_PARTS: [Field; 3] = [
    field("wlan.vht.op.channelwidth", "Width", COMPUTED, Show::Dec, VHT_RUN)
        .words(words![(0, "20 or 40 MHz"), (1, "80 MHz or more")]),
    field("wlan.vht.op.channelcenter0", "Centre", COMPUTED, Show::Dec, VHT_RUN),
    field("wlan.vht.op.channelcenter1", "Second centre", COMPUTED, Show::Dec, VHT_RUN),
];
static BASIC: Field = field("wlan.vht.op.basicmcsmap", "Basic rates", COMPUTED, Show::Hex(4), VHT_RUN);

const LONGEST: Words = words![(0, "8191 bytes"), (1, "16383 bytes"), (2, "32767 bytes"), (3, "65535 bytes")];
const SECOND: Words = words![(0, "none"), (1, "above"), (3, "below")];
const MPDU: Words = words![(0, "3895 bytes"), (1, "7991 bytes"), (2, "11454 bytes")];

pub(super) fn fields() -> impl Iterator<Item = &'static Field> {
    let parts =
        ABLE_BITS.iter().chain(&BUNDLE_BITS).chain(&FIRST).chain(&LATER).chain(&LAST).chain(&HIGHEST).chain(&SENT);
    let parts = parts.chain(&WIDTH_BITS).chain(&PROTECTION_BITS).chain(&BEACON_BITS).chain(&FAST_BITS);
    parts.map(|low| &low.field).chain(&OPERATION_PARTS).chain([
        &ABLE,
        &BUNDLE,
        &RATES,
        &MODULATIONS,
        &MORE,
        &BEAMS,
        &ANTENNAS,
        &CHANNEL,
        &WIDTH,
        &PROTECTION,
        &BEACONS,
        &FAST,
        &FAST_RATES,
        &RECEIVES,
        &SENDS,
        &OPERATION,
        &BASIC,
    ])
}

/// A part without a value of its own.
fn group(header: &mut Header, row: &'static Field, at: usize, len: usize, depth: u8) {
    let place = super::field::bits(at as u32 * 8, len as u32 * 8);
    header.put(row, place, String::new(), String::new(), depth);
}

fn part(header: &mut Header, parts: &'static [Low], at: usize, size: usize, depth: u8) -> Option<()> {
    let word = header.bytes(at, size)?.iter().rev().fold(0, |sum, byte| sum << 8 | u64::from(*byte));
    super::little::split(header, parts, word, at, depth);
    Some(())
}

/// 26 bytes.
pub(super) fn high_throughput(header: &mut Header, at: usize) -> Option<()> {
    word(header, &ABLE, &ABLE_BITS, at, 2, 2)?;
    word(header, &BUNDLE, &BUNDLE_BITS, at + 2, 1, 2)?;
    rates(header, at + 3)?;
    number(header, &MORE, at + 19, 2, 2)?;
    number(header, &BEAMS, at + 21, 4, 2)?;
    number(header, &ANTENNAS, at + 25, 1, 2).map(|_| ())
}

fn rates(header: &mut Header, at: usize) -> Option<()> {
    group(header, &RATES, at, 16, 2);
    group(header, &MODULATIONS, at, 10, 3);
    part(header, &FIRST, at, 4, 4)?;
    part(header, &LATER, at + 4, 4, 4)?;
    part(header, &LAST, at + 6, 4, 4)?;
    part(header, &HIGHEST, at + 10, 2, 3)?;
    part(header, &SENT, at + 12, 1, 3)
}

/// 22 bytes.
pub(super) fn high_operation(header: &mut Header, at: usize) -> Option<()> {
    number(header, &CHANNEL, at, 1, 2)?;
    word(header, &WIDTH, &WIDTH_BITS, at + 1, 1, 2)?;
    word(header, &PROTECTION, &PROTECTION_BITS, at + 2, 2, 2)?;
    word(header, &BEACONS, &BEACON_BITS, at + 4, 2, 2)?;
    rates(header, at + 6)
}

/// 12 bytes.
pub(super) fn very_high_throughput(header: &mut Header, at: usize) -> Option<()> {
    word(header, &FAST, &FAST_BITS, at, 4, 2)?;
    group(header, &FAST_RATES, at + 4, 8, 2);
    number(header, &RECEIVES, at + 4, 2, 3)?;
    number(header, &SENDS, at + 8, 2, 3).map(|_| ())
}

/// 5 bytes.
pub(super) fn very_high_operation(header: &mut Header, at: usize) -> Option<()> {
    group(header, &OPERATION, at, 3, 2);
    for (i, row) in OPERATION_PARTS.iter().enumerate() {
        number(header, row, at + i, 1, 3)?;
    }
    number(header, &BASIC, at + 3, 2, 2).map(|_| ())
}
