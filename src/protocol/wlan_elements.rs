//! The elements of an 802.11 management frame → network name, rates, channel, security, abilities (IEEE 802.11 §9.4.2).

use super::decimal::exact;
use super::field::{COMPUTED, Field, Show, Words, bits, field, words};
use super::header::Header;
use super::little::{Low, flag, low, number, word};
use super::{wlan_security, wlan_speed};

const SPEC: &str = "IEEE 802.11 §9.4.2.1";
const MAP: &str = "IEEE 802.11 §9.4.2.5";
const COUNTRY: &str = "IEEE 802.11 §9.4.2.8";
const LOAD: &str = "IEEE 802.11 §9.4.2.27";

static ALL: Field = field("wlan.tagged.all", "Elements", COMPUTED, Show::None, SPEC);
static ELEMENT: Field = field("wlan.tag", "Element", COMPUTED, Show::None, SPEC);
static NUMBER: Field = field("wlan.tag.number", "Element number", COMPUTED, Show::Dec, SPEC).words(ELEMENTS);
static LENGTH: Field = field("wlan.tag.length", "Element length", COMPUTED, Show::Dec, SPEC);
static NAME: Field = field("wlan.ssid", "Network name", COMPUTED, Show::Bytes, "IEEE 802.11 §9.4.2.2");
static RATE: Field = field("wlan.supported_rates", "Rate", COMPUTED, Show::Hex(2), "IEEE 802.11 §9.4.2.3");
static MORE_RATE: Field =
    field("wlan.extended_supported_rates", "Rate", COMPUTED, Show::Hex(2), "IEEE 802.11 §9.4.2.13");
static CHANNEL: Field = field("wlan.ds.current_channel", "Channel", COMPUTED, Show::Dec, "IEEE 802.11 §9.4.2.4");
static COUNT: Field = field("wlan.tim.dtim_count", "DTIM count", COMPUTED, Show::Dec, MAP);
static PERIOD: Field = field("wlan.tim.dtim_period", "DTIM period", COMPUTED, Show::Dec, MAP);
static MAPPED: Field = field("wlan.tim.bmapctl", "Bitmap control", COMPUTED, Show::Hex(2), MAP);
static MAPPED_BITS: [Low; 2] = [
    flag("wlan.tim.bmapctl.multicast", "Multicast waits", 0, MAP),
    low("wlan.tim.bmapctl.offset", "Bitmap offset", 1, 7, Show::Hex(2), MAP),
];
static BITMAP: Field = field("wlan.tim.partial_virtual_bitmap", "Bitmap", COMPUTED, Show::Bytes, MAP);
static WAITING: Field = field("wlan.tim.aid", "Frames wait", COMPUTED, Show::Hex(2), MAP);
static CODE: Field = field("wlan.country_info.code", "Country", COMPUTED, Show::Text, COUNTRY);
static PLACE: Field = field("wlan.country_info.environment", "Environment", COMPUTED, Show::Dec, COUNTRY)
    .words(words![(32, "indoors and outdoors"), (73, "indoors"), (79, "outdoors"),]);
static BAND: Field = field("wlan.country_info.fnm", "Channels", COMPUTED, Show::None, COUNTRY);
static BAND_PARTS: [Field; 3] = [
    field("wlan.country_info.fnm.fcn", "First channel", bits(0, 8), Show::Dec, COUNTRY),
    field("wlan.country_info.fnm.nc", "Number of channels", bits(8, 8), Show::Dec, COUNTRY),
    field("wlan.country_info.fnm.mtpl", "Most power", bits(16, 8), Show::Dec, COUNTRY),
];
static STATIONS: Field = field("wlan.qbss.scount", "Stations", COMPUTED, Show::Dec, LOAD);
static BUSY: Field = field("wlan.qbss.cu", "Channel use", COMPUTED, Show::Dec, LOAD);
static ROOM: Field = field("wlan.qbss.adc", "Time left", COMPUTED, Show::Dec, LOAD);
static OLD: Field = field("wlan.erp_info", "ERP", COMPUTED, Show::Hex(2), "IEEE 802.11 §9.4.2.11");
static OLD_BITS: [Low; 4] = [
    flag("wlan.erp_info.erp_present", "802.11b present", 0, "IEEE 802.11 §9.4.2.11"),
    flag("wlan.erp_info.use_protection", "Use protection", 1, "IEEE 802.11 §9.4.2.11"),
    flag("wlan.erp_info.barker_preamble_mode", "Long preambles", 2, "IEEE 802.11 §9.4.2.11"),
    low("wlan.erp_info.reserved", "Reserved", 3, 5, Show::Hex(2), "IEEE 802.11 §9.4.2.11"),
];
static EXTENDED: Field = field("wlan.extcap", "Extended capabilities", COMPUTED, Show::Hex(2), "IEEE 802.11 §9.4.2.26");
static CLASS: Field =
    field("wlan.supopeclass.current", "Operating class", COMPUTED, Show::Dec, "IEEE 802.11 §9.4.2.53");
static DATA: Field = field("wlan.tag.data", "Value", COMPUTED, Show::Bytes, SPEC);
static START: Field = field("wlan.fixed.ssc", "Starting sequence", COMPUTED, Show::Hex(4), "IEEE 802.11 §9.6.4");
static START_BITS: [Low; 2] = [
    low("wlan.fixed.ssc.fragment", "Fragment", 0, 4, Show::Dec, "IEEE 802.11 §9.6.4"),
    low("wlan.fixed.ssc.sequence", "Sequence number", 4, 12, Show::Dec, "IEEE 802.11 §9.6.4"),
];

const ELEMENTS: Words = words![
    (0, "SSID"),
    (1, "supported rates"),
    (3, "DS parameter set"),
    (5, "traffic indication map"),
    (7, "country"),
    (11, "load"),
    (32, "power constraint"),
    (33, "power capability"),
    (36, "supported channels"),
    (37, "channel switch"),
    (42, "ERP, mixed with 802.11b"),
    (45, "HT capabilities (802.11n)"),
    (48, "RSN, security"),
    (50, "more supported rates"),
    (54, "mobility domain"),
    (55, "fast transition"),
    (59, "operating classes"),
    (61, "HT operation (802.11n)"),
    (70, "radio measurement"),
    (72, "20/40 coexistence"),
    (74, "overlapping networks"),
    (107, "interworking"),
    (113, "mesh configuration"),
    (114, "mesh identifier"),
    (127, "extended capabilities"),
    (191, "VHT capabilities (802.11ac)"),
    (192, "VHT operation (802.11ac)"),
    (195, "transmit power"),
    (221, "vendor specific"),
    (244, "RSN extension"),
    (255, "extension element"),
];

pub(super) fn fields() -> impl Iterator<Item = &'static Field> {
    let parts = MAPPED_BITS.iter().chain(&OLD_BITS).map(|low| &low.field);
    wlan_security::fields().chain(wlan_speed::fields()).chain(&BAND_PARTS).chain(parts).chain([
        &ALL, &ELEMENT, &NUMBER, &LENGTH, &NAME, &RATE, &MORE_RATE, &CHANNEL, &COUNT, &PERIOD, &MAPPED, &BITMAP,
        &WAITING, &CODE, &PLACE, &BAND, &STATIONS, &BUSY, &ROOM, &OLD, &EXTENDED, &CLASS, &DATA,
    ])
}

/// Where the first of the acknowledged frames begins.
pub(super) fn starting(header: &mut Header, at: usize) -> Option<()> {
    word(header, &START, &START_BITS, at, 2, 0).map(|_| ())
}

/// Reads elements from `at` to the end of the body.
pub(super) fn read(header: &mut Header, from: usize) -> Option<()> {
    let there = header.rest(from).len() as u32 * 8;
    header.put(&ALL, bits(from as u32 * 8, there), String::new(), String::new(), 0);
    let (mut at, end) = (from, header.claimed());
    while at < end {
        let (Some(kind), Some(length)) = (header.u8(at), header.u8(at + 1)) else {
            header.cut(at, 2);
            return None;
        };
        let length = usize::from(length);
        let there = header.rest(at).len().min(length + 2) as u32 * 8;
        header.put(&ELEMENT, bits(at as u32 * 8, there), String::new(), NUMBER.word(kind.into()).to_string(), 1);
        header.at(&NUMBER, at, 1, 2)?;
        header.at(&LENGTH, at + 1, 1, 2)?;
        if header.bytes(at + 2, length).is_none() || at + 2 + length > end {
            header.claims(&LENGTH, at + 2, length);
            return None;
        }
        element(header, kind, at + 2, length)?;
        at += 2 + length;
    }
    Some(())
}

/// The value of an element, as far as its kind is known and its length fits.
fn element(header: &mut Header, kind: u8, at: usize, length: usize) -> Option<()> {
    match (kind, length) {
        (0, _) => {
            let name = String::from_utf8_lossy(header.bytes(at, length)?).into_owned();
            let show = super::header::colons(header.bytes(at, length)?);
            header.put(&NAME, bits(at as u32 * 8, length as u32 * 8), show, name, 2);
        }
        (1, _) => (at..at + length).try_for_each(|at| rate(header, &RATE, at))?,
        (50, _) => (at..at + length).try_for_each(|at| rate(header, &MORE_RATE, at))?,
        (3, 1) => header.at(&CHANNEL, at, 1, 2).map(|_| ())?,
        (5, 4..) => {
            header.at(&COUNT, at, 1, 2)?;
            header.at(&PERIOD, at + 1, 1, 2)?;
            word(header, &MAPPED, &MAPPED_BITS, at + 2, 1, 2)?;
            header.at(&BITMAP, at + 3, length - 3, 2)?;
            waiting(header, at + 2, length - 2);
        }
        (7, 3..) => {
            header.at(&CODE, at, 2, 2)?;
            header.at(&PLACE, at + 2, 1, 2)?;
            for band in (at + 3..).step_by(3).take_while(|band| band + 3 <= at + length) {
                header.put(&BAND, bits(band as u32 * 8, 24), String::new(), String::new(), 2);
                BAND_PARTS.iter().try_for_each(|row| header.within(row, band, 3).map(|_| ()))?;
            }
        }
        (11, 5) => {
            number(header, &STATIONS, at, 2, 2)?;
            number(header, &BUSY, at + 2, 1, 2)?;
            number(header, &ROOM, at + 3, 2, 2)?;
        }
        (42, 1) => word(header, &OLD, &OLD_BITS, at, 1, 2).map(|_| ())?,
        (48, 2..) => wlan_security::robust(header, at, length)?,
        (45, 26) => wlan_speed::high_throughput(header, at)?,
        (61, 22..) => wlan_speed::high_operation(header, at)?,
        (191, 12..) => wlan_speed::very_high_throughput(header, at)?,
        (192, 5..) => wlan_speed::very_high_operation(header, at)?,
        (221, 4..) => wlan_security::vendor(header, at, length)?,
        (127, _) => (at..at + length).try_for_each(|at| header.at(&EXTENDED, at, 1, 2).map(|_| ()))?,
        (59, 1..) => header.at(&CLASS, at, 1, 2).map(|_| ())?,
        (_, 0) => {}
        _ => header.at(&DATA, at, length, 2).map(|_| ())?,
    }
    Some(())
}

/// The stations for which the access point keeps frames: one bit each, from the number that the control byte says on.
fn waiting(header: &mut Header, at: usize, length: usize) {
    let first = usize::from(header.u8(at).unwrap_or(0) >> 1) * 16;
    let bitmap = header.bytes(at + 1, length - 1).unwrap_or_default();
    for (i, byte) in bitmap.iter().enumerate() {
        for bit in (0..8).filter(|bit| byte >> bit & 1 == 1) {
            let station = first + i * 8 + bit;
            let place = bits((at + 1 + i) as u32 * 8 + 7 - bit as u32, 1);
            // tshark shows the lowest byte of the number.
            header.put(&WAITING, place, format!("0x{:02x}", station & 0xff), format!("station {station}"), 2);
        }
    }
}

/// In steps of half a megabit a second; the highest bit marks those that every station has to know.
fn rate(header: &mut Header, row: &'static Field, at: usize) -> Option<()> {
    let value = header.at(row, at, 1, 2)?;
    let basic = if value & 0x80 != 0 { ", basic" } else { "" };
    header.means(format!("{} Mb/s{basic}", exact(value & 0x7f, 2)));
    Some(())
}
