//! An 802.1X frame → a port's key exchange message by message (IEEE 802.11 §12.7.2), or what kind of frame it is (IEEE 802.1X §11.3).

use super::field::{Bits, Field, Show, Words, bits, field, tiles, words};
use super::header::{Header, Next, Step};

const SPEC: &str = "IEEE 802.1X §11.3";
const KEY: &str = "IEEE 802.11 §12.7.2";

static HEADER: [Field; 3] = [
    field("eapol.version", "Version", bits(0, 8), Show::Dec, SPEC),
    field("eapol.type", "Type", bits(8, 8), Show::Dec, SPEC).words(TYPES),
    field("eapol.len", "Length", bits(16, 16), Show::Dec, SPEC),
];
const _: () = assert!(tiles(&HEADER, 0, 32));
static DESCRIPTOR: Field = field("eapol.keydes.type", "Descriptor", bits(32, 8), Show::Dec, KEY).words(DESCRIPTORS);
static MESSAGE: Field = field("wlan_rsna_eapol.keydes.msgnr", "Message", bits(0, 0), Show::Dec, KEY);
static INFORMATION: Field =
    field("wlan_rsna_eapol.keydes.key_info", "Key information", bits(40, 16), Show::Hex(4), KEY);
static PARTS: [Field; 11] = [
    part("wlan_rsna_eapol.keydes.key_info.keydes_version", "Ciphers", bits(53, 3)),
    part("wlan_rsna_eapol.keydes.key_info.key_type", "Pairwise", bits(52, 1)),
    part("wlan_rsna_eapol.keydes.key_info.key_index", "Key index", bits(50, 2)),
    part("wlan_rsna_eapol.keydes.key_info.install", "Install", bits(49, 1)),
    part("wlan_rsna_eapol.keydes.key_info.key_ack", "Answer wanted", bits(48, 1)),
    part("wlan_rsna_eapol.keydes.key_info.key_mic", "MIC present", bits(47, 1)),
    part("wlan_rsna_eapol.keydes.key_info.secure", "Secure", bits(46, 1)),
    part("wlan_rsna_eapol.keydes.key_info.error", "Error", bits(45, 1)),
    part("wlan_rsna_eapol.keydes.key_info.request", "Request", bits(44, 1)),
    part("wlan_rsna_eapol.keydes.key_info.encrypted_key_data", "Data encrypted", bits(43, 1)),
    part("wlan_rsna_eapol.keydes.key_info.smk_message", "SMK message", bits(42, 1)),
];
static BODY: [Field; 8] = [
    field("eapol.keydes.key_len", "Key length", bits(56, 16), Show::Dec, KEY),
    field("eapol.keydes.replay_counter", "Replay counter", bits(72, 64), Show::Dec, KEY),
    field("wlan_rsna_eapol.keydes.nonce", "Nonce", bits(136, 256), Show::Bytes, KEY),
    field("eapol.keydes.key_iv", "Key IV", bits(392, 128), Show::Bytes, KEY),
    field("wlan_rsna_eapol.keydes.rsc", "Receive counter", bits(520, 64), Show::Bytes, KEY),
    field("wlan_rsna_eapol.keydes.id", "Key identifier", bits(584, 64), Show::Bytes, KEY),
    field("wlan_rsna_eapol.keydes.mic", "Integrity code", bits(648, 128), Show::Bytes, KEY),
    field("wlan_rsna_eapol.keydes.data_len", "Key data length", bits(776, 16), Show::Dec, KEY),
];
const _: () = assert!(tiles(&BODY, 56, 792));
static DATA: Field = field("wlan_rsna_eapol.keydes.data", "Key data", bits(792, 0), Show::Bytes, KEY);

const fn part(key: &'static str, name: &'static str, at: Bits) -> Field {
    field(key, name, at, Show::Dec, KEY)
}

const TYPES: Words = words![(0, "EAP packet"), (1, "start"), (2, "logoff"), (3, "key"), (4, "alert")];
const DESCRIPTORS: Words = words![(1, "RC4"), (2, "802.11 RSN"), (254, "WPA")];
const SIZE: usize = 4;
const DATA_AT: usize = 99;

pub(super) fn fields() -> impl Iterator<Item = &'static Field> {
    HEADER.iter().chain(&PARTS).chain(&BODY).chain([&DESCRIPTOR, &MESSAGE, &INFORMATION, &DATA])
}

pub(super) fn decode(header: &mut Header) -> Option<Step> {
    header.is("eapol", SIZE);
    let [version, kind, length] = &HEADER;
    header.row(version, 0)?;
    let kind = header.row(kind, 0)?;
    let claimed = header.row(length, 0)? as usize;
    header.claims(length, SIZE, claimed);
    header.is("eapol", SIZE + claimed);
    let end = header.place.start + SIZE + claimed;
    match kind {
        3 => {
            key(header)?;
            None
        }
        0 => header.within_end(Next::Eap, SIZE, end),
        _ => header.within_end(Next::Data, SIZE, end),
    }
}

fn key(header: &mut Header) -> Option<()> {
    let descriptor = header.row(&DESCRIPTOR, 0)?;
    if !matches!(descriptor, 2 | 254) {
        return None;
    }
    let information = header.u16(5).unwrap_or(0);
    if descriptor == 2 && information & 8 != 0 {
        let (answer, install, secure) = (information & 0x80 != 0, information & 0x40 != 0, information & 0x200 != 0);
        let number = match (answer, install, secure) {
            (true, false, _) => 1,
            (true, true, _) => 3,
            (false, _, false) => 2,
            (false, _, true) => 4,
        };
        header.generate(&MESSAGE, number, 0);
    }
    header.row(&INFORMATION, 0)?;
    header.rows(&PARTS, 1)?;
    header.rows(&BODY, 0)?;
    let size = usize::from(header.u16(DATA_AT - 2)?);
    if size > 0 {
        header.at(&DATA, DATA_AT, size, 0)?;
    }
    Some(())
}
