//! Extensions of a TLS handshake message → type, length, and the body of those in use (RFC 8446 §4.2, RFC 6066).

use super::field::{COMPUTED, Field, Show, Words, field, words};
use super::header::Header;
use super::tls_names;
use super::tls_parameters;
use super::tls_share;
use super::tls_span::Span;
use super::tls_status;

const SPEC: &str = "RFC 8446 §4.2";
const ALPN: &str = "RFC 7301 §3.1";
const ALPS: &str = "draft-vvv-tls-alps-01 §3";
const SNI: &str = "RFC 6066 §3";
const CURVES: &str = "RFC 8446 §4.2.7";
const FORMATS_SPEC: &str = "RFC 8422 §5.1.2";
const SIGNATURES_SPEC: &str = "RFC 8446 §4.2.3";

static LENGTH: Field = field("tls.handshake.extensions_length", "Extensions length", COMPUTED, Show::Dec, SPEC);
static TYPE: Field = field("tls.handshake.extension.type", "Extension type", COMPUTED, Show::Dec, SPEC);
static BODY_LENGTH: Field = field("tls.handshake.extension.len", "Extension length", COMPUTED, Show::Dec, SPEC);
static BODY: Field = field("tls.handshake.extension.data", "Extension data", COMPUTED, Show::Bytes, SPEC);
static NAMES_LENGTH: Field =
    field("tls.handshake.extensions_server_name_list_len", "Name list length", COMPUTED, Show::Dec, SNI);
static NAME_TYPE: Field = field("tls.handshake.extensions_server_name_type", "Name type", COMPUTED, Show::Dec, SNI)
    .words(words![(0, "host name")]);
static NAME_LENGTH: Field = field("tls.handshake.extensions_server_name_len", "Name length", COMPUTED, Show::Dec, SNI);
static NAME: Field = field("tls.handshake.extensions_server_name", "Server name", COMPUTED, Show::Text, SNI);
static GROUPS_LENGTH: Field =
    field("tls.handshake.extensions_supported_groups_length", "Groups length", COMPUTED, Show::Dec, CURVES);
static GROUPS: Field =
    field("tls.handshake.extensions_supported_groups", "Supported groups", COMPUTED, Show::None, CURVES);
static GROUP: Field =
    field("tls.handshake.extensions_supported_group", "Supported group", COMPUTED, Show::Hex(4), CURVES);
static FORMATS_LENGTH: Field =
    field("tls.handshake.extensions_ec_point_formats_length", "Formats length", COMPUTED, Show::Dec, FORMATS_SPEC);
static FORMATS: Field =
    field("tls.handshake.extensions_ec_point_formats", "Point formats", COMPUTED, Show::None, FORMATS_SPEC);
static FORMAT: Field =
    field("tls.handshake.extensions_ec_point_format", "Point format", COMPUTED, Show::Dec, FORMATS_SPEC).words(words![
        (0, "uncompressed"),
        (1, "ansiX962_compressed_prime"),
        (2, "ansiX962_compressed_char2"),
    ]);
static PROTOCOLS_LENGTH: Field =
    field("tls.handshake.extensions_alpn_len", "Protocol list length", COMPUTED, Show::Dec, ALPN);
static PROTOCOLS: Field = field("tls.handshake.extensions_alpn_list", "Protocols", COMPUTED, Show::None, ALPN);
static PROTOCOL_LENGTH: Field =
    field("tls.handshake.extensions_alpn_str_len", "Protocol name length", COMPUTED, Show::Dec, ALPN);
static PROTOCOL: Field = field("tls.handshake.extensions_alpn_str", "Protocol", COMPUTED, Show::Text, ALPN);
static SETTINGS_LENGTH: Field =
    field("tls.handshake.extensions_alps_len", "Protocol list length", COMPUTED, Show::Dec, ALPS);
static SETTINGS: Field =
    field("tls.handshake.extensions_alps_alpn_list", "Protocols with settings", COMPUTED, Show::None, ALPS);
static SETTING_LENGTH: Field =
    field("tls.handshake.extensions_alps_alpn_str_len", "Protocol name length", COMPUTED, Show::Dec, ALPS);
static SETTING: Field =
    field("tls.handshake.extensions_alps_alpn_str", "Protocol with settings", COMPUTED, Show::Text, ALPS);
static ALGORITHMS_LENGTH: Field =
    field("tls.handshake.sig_hash_alg_len", "Algorithms length", COMPUTED, Show::Dec, SIGNATURES_SPEC);
static ALGORITHMS: Field =
    field("tls.handshake.sig_hash_algs", "Signature algorithms", COMPUTED, Show::None, SIGNATURES_SPEC);
static ALGORITHM: Field =
    field("tls.handshake.sig_hash_alg", "Signature algorithm", COMPUTED, Show::Hex(4), SIGNATURES_SPEC);
static HASH: Field =
    field("tls.handshake.sig_hash_hash", "Hash", COMPUTED, Show::Dec, "RFC 5246 §7.4.1.4.1").words(HASH_WORDS);
static SIGN: Field =
    field("tls.handshake.sig_hash_sig", "Signature", COMPUTED, Show::Dec, "RFC 5246 §7.4.1.4.1").words(SIGN_WORDS);
static VERSIONS_LENGTH: Field =
    field("tls.handshake.extensions.supported_versions_len", "Versions length", COMPUTED, Show::Dec, "RFC 8446 §4.2.1");
static VERSION: Field =
    field("tls.handshake.extensions.supported_version", "Supported version", COMPUTED, Show::Hex(4), "RFC 8446 §4.2.1");
static RENEGOTIATION_LENGTH: Field =
    field("tls.handshake.extensions_reneg_info_len", "Renegotiation length", COMPUTED, Show::Dec, "RFC 5746 §3.2");
static RENEGOTIATION: Field =
    field("tls.handshake.extensions_reneg_info", "Renegotiation info", COMPUTED, Show::Bytes, "RFC 5746 §3.2");
static PADDING: Field = field("tls.handshake.extensions_padding_data", "Padding", COMPUTED, Show::Bytes, "RFC 7685 §3");
static FRAGMENT: Field =
    field("tls.handshake.max_fragment_length", "Largest fragment", COMPUTED, Show::Dec, "RFC 6066 §4").words(words![
        (1, "512 bytes"),
        (2, "1024 bytes"),
        (3, "2048 bytes"),
        (4, "4096 bytes"),
    ]);
static HEARTBEAT: Field =
    field("tls.handshake.extension.heartbeat.mode", "Heartbeat mode", COMPUTED, Show::Dec, "RFC 6520 §2")
        .words(words![(1, "may send requests"), (2, "may not send requests")]);
static LIMIT: Field = field("tls.record_size_limit", "Record size limit", COMPUTED, Show::Dec, "RFC 8449 §4");
static COMPRESSIONS_LENGTH: Field =
    field("tls.compress_certificate.algorithms_length", "Algorithms length", COMPUTED, Show::Dec, "RFC 8879 §3");
static COMPRESSION: Field =
    field("tls.compress_certificate.algorithm", "Compression algorithm", COMPUTED, Show::Dec, "RFC 8879 §3")
        .words(words![(1, "zlib"), (2, "brotli"), (3, "zstd"),]);

const HASH_WORDS: Words = words![
    (0, "none"),
    (1, "MD5"),
    (2, "SHA1"),
    (3, "SHA224"),
    (4, "SHA256"),
    (5, "SHA384"),
    (6, "SHA512"),
    (7, "SM3")
];
const SIGN_WORDS: Words = words![(0, "anonymous"), (1, "RSA"), (2, "DSA"), (3, "ECDSA")];

/// Which message has the extensions: several have another body in an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Within {
    ClientHello,
    ServerHello,
    Retry,
    Others,
}

pub(super) fn fields() -> impl Iterator<Item = &'static Field> {
    [
        &LENGTH,
        &TYPE,
        &BODY_LENGTH,
        &BODY,
        &NAMES_LENGTH,
        &NAME_TYPE,
        &NAME_LENGTH,
        &NAME,
        &GROUPS_LENGTH,
        &GROUPS,
        &GROUP,
        &FORMATS_LENGTH,
        &FORMATS,
        &FORMAT,
        &PROTOCOLS_LENGTH,
        &PROTOCOLS,
        &PROTOCOL_LENGTH,
        &PROTOCOL,
        &SETTINGS_LENGTH,
        &SETTINGS,
        &SETTING_LENGTH,
        &SETTING,
        &ALGORITHMS_LENGTH,
        &ALGORITHMS,
        &ALGORITHM,
        &HASH,
        &SIGN,
        &VERSIONS_LENGTH,
        &VERSION,
        &RENEGOTIATION_LENGTH,
        &RENEGOTIATION,
        &PADDING,
        &FRAGMENT,
        &HEARTBEAT,
        &LIMIT,
        &COMPRESSIONS_LENGTH,
        &COMPRESSION,
    ]
    .into_iter()
    .chain(tls_share::fields())
    .chain(tls_status::fields())
    .chain(tls_parameters::fields())
}

/// Type of `supported_versions`.
const SUPPORTED_VERSIONS: u16 = 43;

/// The version that the extensions of a server hello choose, and its cipher suite; the bytes begin with the random.
pub(super) fn chosen(hello: &[u8]) -> Option<(Option<u16>, u16)> {
    let word = |at: usize| hello.get(at..)?.first_chunk().copied().map(u16::from_be_bytes);
    let suite_at = 32 + 1 + usize::from(*hello.get(32)?);
    let suite = word(suite_at)?;
    // After the suite: compression, and the length of the extensions.
    let mut at = suite_at + 2 + 1 + 2;
    while let (Some(kind), Some(len)) = (word(at), word(at + 2)) {
        if kind == SUPPORTED_VERSIONS {
            return Some((word(at + 4), suite));
        }
        at += 4 + usize::from(len);
    }
    Some((None, suite))
}

/// All extensions of a message; an old message has none, not even their length.
pub(super) fn decode(header: &mut Header, span: &mut Span, within: Within, depth: u8) -> Option<()> {
    if span.left() == 0 {
        return Some(());
    }
    let mut list = span.vector(header, &LENGTH, 2, depth)?;
    while list.left() > 0 {
        let kind = list.named(header, &TYPE, 2, depth, tls_names::extension)?;
        let mut body = list.vector(header, &BODY_LENGTH, 2, depth + 1)?;
        extension(header, kind, &mut body, within, depth + 1)?;
    }
    Some(())
}

/// Reads the body as its type and the kind of message tell.
fn extension(header: &mut Header, kind: u64, body: &mut Span, within: Within, depth: u8) -> Option<()> {
    let asks = within == Within::ClientHello;
    match kind {
        0 if body.left() > 0 => server_names(header, body, depth),
        1 => body.take(header, &FRAGMENT, 1, depth).map(|_| ()),
        5 if asks => tls_status::request(header, body, depth),
        10 => {
            let mut groups = body.vector(header, &GROUPS_LENGTH, 2, depth)?;
            groups.group(header, &GROUPS, depth, "");
            groups.list(header, &GROUP, 2, depth + 1, tls_names::group)
        }
        11 => {
            let mut formats = body.vector(header, &FORMATS_LENGTH, 1, depth)?;
            formats.group(header, &FORMATS, depth, "");
            formats.list(header, &FORMAT, 1, depth + 1, |value| FORMAT.word(value))
        }
        13 | 34 | 50 => signatures(header, body, depth),
        15 => body.take(header, &HEARTBEAT, 1, depth).map(|_| ()),
        16 => protocols(header, body, [&PROTOCOLS_LENGTH, &PROTOCOLS, &PROTOCOL_LENGTH, &PROTOCOL], depth),
        17513 | 17613 if asks => {
            protocols(header, body, [&SETTINGS_LENGTH, &SETTINGS, &SETTING_LENGTH, &SETTING], depth)
        }
        18 if body.left() > 0 => tls_status::timestamps(header, body, depth),
        21 => body.rest(header, &PADDING, depth),
        27 => {
            let mut algorithms = body.vector(header, &COMPRESSIONS_LENGTH, 1, depth)?;
            algorithms.list(header, &COMPRESSION, 2, depth, |value| COMPRESSION.word(value))
        }
        28 => body.take(header, &LIMIT, 2, depth).map(|_| ()),
        43 if asks => {
            let mut versions = body.vector(header, &VERSIONS_LENGTH, 1, depth)?;
            versions.list(header, &VERSION, 2, depth, tls_names::version)
        }
        43 => body.named(header, &VERSION, 2, depth, tls_names::version).map(|_| ()),
        40 | 41 | 44 | 45 | 51 => tls_share::decode(header, kind, body, within, depth),
        // Drafts up to 26 wrote lengths otherwise, and their sum first.
        65445 if header.u16(body.at).map(usize::from) == Some(body.left().saturating_sub(2)) => {
            body.rest(header, &BODY, depth)
        }
        57 | 65445 => tls_parameters::decode(header, body, depth),
        65281 => body.opaque(header, &RENEGOTIATION_LENGTH, 1, &RENEGOTIATION, depth + 1),
        // These say all by being there.
        0 | 5 | 18 | 22 | 23 | 42 | 49 if body.left() == 0 => Some(()),
        _ => body.take(header, &BODY, body.left(), depth).map(|_| ()),
    }
}

fn server_names(header: &mut Header, body: &mut Span, depth: u8) -> Option<()> {
    let mut names = body.vector(header, &NAMES_LENGTH, 2, depth)?;
    while names.left() > 0 {
        names.take(header, &NAME_TYPE, 1, depth)?;
        names.opaque(header, &NAME_LENGTH, 2, &NAME, depth)?;
    }
    Some(())
}

/// A list of names: its length, itself, and the length and text of each.
fn protocols(header: &mut Header, body: &mut Span, rows: [&'static Field; 4], depth: u8) -> Option<()> {
    let [length, all, name_length, name] = rows;
    let mut names = body.vector(header, length, 2, depth)?;
    names.group(header, all, depth, "");
    while names.left() > 0 {
        names.opaque(header, name_length, 1, name, depth + 1)?;
    }
    Some(())
}

/// The list of signature algorithms of an extension, or of a certificate request up to TLS 1.2.
pub(super) fn signatures(header: &mut Header, span: &mut Span, depth: u8) -> Option<()> {
    let mut algorithms = span.vector(header, &ALGORITHMS_LENGTH, 2, depth)?;
    algorithms.group(header, &ALGORITHMS, depth, "");
    while algorithms.left() > 0 {
        signature(header, &mut algorithms, depth + 1)?;
    }
    Some(())
}

/// One algorithm; TLS 1.2 counted its bytes as hash and signature.
pub(super) fn signature(header: &mut Header, span: &mut Span, depth: u8) -> Option<()> {
    let mut halves = *span;
    span.named(header, &ALGORITHM, 2, depth, tls_names::signature)?;
    halves.take(header, &HASH, 1, depth + 1)?;
    halves.take(header, &SIGN, 1, depth + 1).map(|_| ())
}
