//! TLS handshake messages → their fields (RFC 8446 §4, RFC 5246 §7.4).

use super::date;
use super::field::{COMPUTED, Field, Show, Words, bits, field, words};
use super::framing::Chosen;
use super::header::Header;
use super::tls::MAX_MESSAGE;
use super::tls_extensions::{self, Within};
use super::tls_keys;
use super::tls_names::{self, MESSAGES};
use super::tls_span::Span;
use super::tls_status;
use super::x509;

const SPEC: &str = "RFC 8446 §4";
const HELLO: &str = "RFC 8446 §4.1.2";
const CERTIFICATE: &str = "RFC 5246 §7.4.2";
const REQUEST: &str = "RFC 5246 §7.4.4";
const TICKET_SPEC: &str = "RFC 5077 §3.3";

static MESSAGE: Field = field("tls.handshake", "Handshake message", COMPUTED, Show::None, SPEC);
static TYPE: Field = field("tls.handshake.type", "Message type", COMPUTED, Show::Dec, SPEC).words(MESSAGES);
static LENGTH: Field = field("tls.handshake.length", "Message length", COMPUTED, Show::Dec, SPEC);
static VERSION: Field = field("tls.handshake.version", "Version", COMPUTED, Show::Hex(4), HELLO);
static RANDOM: Field = field("tls.handshake.random", "Random", COMPUTED, Show::Bytes, HELLO);
static TIME: Field = field("tls.handshake.random_time", "Time", COMPUTED, Show::Text, "RFC 5246 §7.4.1.2");
static NONCE: Field = field("tls.handshake.random_bytes", "Random bytes", COMPUTED, Show::Bytes, "RFC 5246 §7.4.1.2");
static SESSION_LENGTH: Field =
    field("tls.handshake.session_id_length", "Session ID length", COMPUTED, Show::Dec, HELLO);
static SESSION: Field = field("tls.handshake.session_id", "Session ID", COMPUTED, Show::Bytes, HELLO);
static SUITES_LENGTH: Field =
    field("tls.handshake.cipher_suites_length", "Cipher suites length", COMPUTED, Show::Dec, HELLO);
static SUITES: Field = field("tls.handshake.ciphersuites", "Cipher suites", COMPUTED, Show::None, HELLO);
static SUITE: Field = field("tls.handshake.ciphersuite", "Cipher suite", COMPUTED, Show::Hex(4), HELLO);
static METHODS_LENGTH: Field =
    field("tls.handshake.comp_methods_length", "Compression length", COMPUTED, Show::Dec, HELLO);
static METHODS: Field = field("tls.handshake.comp_methods", "Compression methods", COMPUTED, Show::None, HELLO);
static METHOD: Field = field("tls.handshake.comp_method", "Compression", COMPUTED, Show::Dec, HELLO)
    .words(words![(0, "none"), (1, "DEFLATE")]);
static TICKET_LIFETIME: Field =
    field("tls.handshake.session_ticket_lifetime_hint", "Ticket lifetime (s)", COMPUTED, Show::Dec, TICKET_SPEC);
static TICKET_LENGTH: Field =
    field("tls.handshake.session_ticket_length", "Ticket length", COMPUTED, Show::Dec, TICKET_SPEC);
static TICKET: Field = field("tls.handshake.session_ticket", "Session ticket", COMPUTED, Show::Bytes, TICKET_SPEC);
static CHAIN_LENGTH: Field =
    field("tls.handshake.certificates_length", "Certificates length", COMPUTED, Show::Dec, CERTIFICATE);
static CHAIN: Field = field("tls.handshake.certificates", "Certificates", COMPUTED, Show::None, CERTIFICATE);
static ONE_LENGTH: Field =
    field("tls.handshake.certificate_length", "Certificate length", COMPUTED, Show::Dec, CERTIFICATE);
static ONE: Field = field("tls.handshake.certificate", "Certificate", COMPUTED, Show::Bytes, CERTIFICATE);
static KINDS_COUNT: Field =
    field("tls.handshake.cert_types_count", "Certificate type count", COMPUTED, Show::Dec, REQUEST);
static KINDS: Field = field("tls.handshake.cert_types", "Certificate types", COMPUTED, Show::None, REQUEST);
static KIND: Field =
    field("tls.handshake.cert_type", "Certificate type", COMPUTED, Show::Dec, REQUEST).words(KIND_WORDS);
static NAMES_LENGTH: Field = field("tls.handshake.dnames_len", "Authorities length", COMPUTED, Show::Dec, REQUEST);
static NAMES: Field = field("tls.handshake.dnames", "Authorities", COMPUTED, Show::None, REQUEST);
static NAME_LENGTH: Field = field("tls.handshake.dname_len", "Authority length", COMPUTED, Show::Dec, REQUEST);
static VERIFY_LENGTH: Field =
    field("tls.handshake.client_cert_vrfy.sig_len", "Signature length", COMPUTED, Show::Dec, "RFC 5246 §7.4.8");
static VERIFY: Field =
    field("tls.handshake.client_cert_vrfy.sig", "Signature", COMPUTED, Show::Bytes, "RFC 5246 §7.4.8");
static STATUS_LENGTH: Field =
    field("tls.handshake.ocsp_response_len", "OCSP response length", COMPUTED, Show::Dec, "RFC 6066 §8");
static FINISHED: Field = field("tls.handshake.verify_data", "Verify data", COMPUTED, Show::Bytes, "RFC 8446 §4.4.4");

const KIND_WORDS: Words = words![
    (1, "RSA signature"),
    (2, "DSS signature"),
    (3, "RSA, fixed DH"),
    (4, "DSS, fixed DH"),
    (64, "ECDSA signature"),
    (65, "RSA, fixed ECDH"),
    (66, "ECDSA, fixed ECDH"),
];

const HELLO_REQUEST: u8 = 0;
const CLIENT_HELLO: u8 = 1;
const SERVER_HELLO: u8 = 2;
const NEW_SESSION_TICKET: u8 = 4;
const ENCRYPTED_EXTENSIONS: u8 = 8;

const HEAD: usize = 4;
const TLS_1_2: u64 = 0x0303;
/// A hello retry request is a server hello with this random (RFC 8446 §4.1.3); it begins so.
const RETRY: [u8; 8] = [0xcf, 0x21, 0xad, 0x74, 0xe5, 0x9a, 0x61, 0x11];

/// What earlier records and messages of the same bytes say.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Session {
    /// Of the record that the message lies in.
    pub version: u64,
    /// TLS 1.3 was chosen.
    pub modern: bool,
    /// The cipher suite that the server chose, where its hello is among the bytes.
    pub suite: Option<u64>,
}

pub(super) fn fields() -> impl Iterator<Item = &'static Field> {
    [
        &MESSAGE,
        &TYPE,
        &LENGTH,
        &VERSION,
        &RANDOM,
        &TIME,
        &NONCE,
        &SESSION_LENGTH,
        &SESSION,
        &SUITES_LENGTH,
        &SUITES,
        &SUITE,
        &METHODS_LENGTH,
        &METHODS,
        &METHOD,
        &TICKET_LIFETIME,
        &TICKET_LENGTH,
        &TICKET,
        &CHAIN_LENGTH,
        &CHAIN,
        &ONE_LENGTH,
        &ONE,
        &KINDS_COUNT,
        &KINDS,
        &KIND,
        &NAMES_LENGTH,
        &NAMES,
        &NAME_LENGTH,
        &VERIFY_LENGTH,
        &VERIFY,
        &STATUS_LENGTH,
        &FINISHED,
    ]
    .into_iter()
    .chain(tls_extensions::fields())
    .chain(tls_keys::fields())
    .chain(x509::fields())
}

/// Type and whole length of the message that these bytes begin; `None` where no known message does.
fn message(bytes: &[u8]) -> Option<(u8, usize)> {
    let [kind, high, middle, low, ..] = *bytes else { return None };
    let length = usize::from(high) << 16 | usize::from(u16::from_be_bytes([middle, low]));
    let known = MESSAGES.get(kind.into()).is_some();
    (known && length < MAX_MESSAGE && (kind != HELLO_REQUEST || length == 0)).then_some((kind, HEAD + length))
}

/// Whether a known message begins here.
pub(super) fn begins(body: &[u8]) -> bool {
    body.len() < HEAD || message(body).is_some()
}

/// Whether a record of `length` bytes, or what is here of it, is messages in the clear; encrypted ones do not look like any.
/// `exact`: the last one may not go on in the next record.
pub(super) fn tile(body: &[u8], length: usize, exact: bool) -> bool {
    let body = body.get(..length).unwrap_or(body);
    let mut at = 0;
    while let Some(rest) = body.get(at..).filter(|rest| rest.len() >= HEAD) {
        let Some((_, size)) = message(rest) else { return false };
        at += size;
    }
    !exact || at == length
}

/// How many bytes a record's messages take in all where the last one goes on in the next record; `None` where none does.
pub(super) fn needs(body: &[u8]) -> Option<usize> {
    let mut at = 0;
    while at < body.len() {
        let rest = body.get(at..)?;
        if rest.len() < HEAD {
            return Some(at + HEAD);
        }
        at += message(rest)?.1;
    }
    (at > body.len()).then_some(at)
}

/// TLS 1.3 and its drafts.
fn is_modern(version: u16) -> bool {
    version == 0x0304 || version >> 8 == 0x7f
}

/// What a server hello chooses that begins these messages.
pub(super) fn hello(body: &[u8]) -> Option<Chosen> {
    let (SERVER_HELLO, size) = message(body)? else { return None };
    let version = body.get(HEAD..)?.first_chunk().copied().map(u16::from_be_bytes)?;
    let (extended, suite) = tls_extensions::chosen(body.get(HEAD + 2..size)?)?;
    Some(Chosen { modern: is_modern(extended.unwrap_or(version)), suite: Some(suite) })
}

/// Reads the messages that are whole, and says where the first one begins that is not.
pub(super) fn messages(header: &mut Header, body: Span, session: &mut Session, depth: u8) -> Option<usize> {
    let mut at = body.at;
    while at < body.end {
        let Some((kind, size)) = message(header.rest(at)) else {
            if header.rest(at).len() < HEAD && at + HEAD <= body.end {
                header.cut(at, HEAD);
                return None;
            }
            return Some(at);
        };
        if at + size > body.end {
            return Some(at);
        }
        one(header, kind, Span { at, end: at + size }, session, depth)?;
        at += size;
    }
    Some(at)
}

/// A message that cannot be read.
pub(super) fn sealed(header: &mut Header, body: Span) {
    body.group(header, &MESSAGE, 1, "encrypted");
}

fn one(header: &mut Header, kind: u8, mut span: Span, session: &mut Session, depth: u8) -> Option<()> {
    span.group(header, &MESSAGE, depth, TYPE.word(kind.into()));
    let depth = depth + 1;
    span.take(header, &TYPE, 1, depth)?;
    span.take(header, &LENGTH, 3, depth)?;
    match kind {
        CLIENT_HELLO => client_hello(header, &mut span, session, depth),
        SERVER_HELLO => server_hello(header, &mut span, session, depth),
        NEW_SESSION_TICKET => {
            span.take(header, &TICKET_LIFETIME, 4, depth)?;
            span.opaque(header, &TICKET_LENGTH, 2, &TICKET, depth)
        }
        ENCRYPTED_EXTENSIONS => tls_extensions::decode(header, &mut span, Within::Others, depth),
        11 => certificates(header, &mut span, depth),
        12 => tls_keys::server(header, &mut span, session, depth),
        13 => certificate_request(header, &mut span, session, depth),
        15 => {
            if session.version >= TLS_1_2 {
                tls_extensions::signature(header, &mut span, depth)?;
            }
            span.opaque(header, &VERIFY_LENGTH, 2, &VERIFY, depth)
        }
        16 => tls_keys::client(header, &mut span, session, depth),
        20 => span.rest(header, &FINISHED, depth),
        22 => {
            tls_status::kind(header, &mut span, depth)?;
            span.vector(header, &STATUS_LENGTH, 3, depth).map(|_| ())
        }
        _ => Some(()),
    }
}

fn client_hello(header: &mut Header, span: &mut Span, session: &Session, depth: u8) -> Option<()> {
    span.named(header, &VERSION, 2, depth, tls_names::version)?;
    random(header, span, !session.modern, depth)?;
    span.opaque(header, &SESSION_LENGTH, 1, &SESSION, depth)?;
    let mut suites = span.vector(header, &SUITES_LENGTH, 2, depth)?;
    suites.group(header, &SUITES, depth, &format!("{} suites", suites.left() / 2));
    suites.list(header, &SUITE, 2, depth + 1, tls_names::suite)?;
    let mut methods = span.vector(header, &METHODS_LENGTH, 1, depth)?;
    methods.group(header, &METHODS, depth, "");
    methods.list(header, &METHOD, 1, depth + 1, |value| METHOD.word(value))?;
    tls_extensions::decode(header, span, Within::ClientHello, depth)
}

fn server_hello(header: &mut Header, span: &mut Span, session: &mut Session, depth: u8) -> Option<()> {
    let version = span.named(header, &VERSION, 2, depth, tls_names::version)?;
    let retry = header.bytes(span.at, RETRY.len()) == Some(&RETRY);
    // Drafts up to 21 had no session and no compression here, and named themselves in the version.
    let draft = (0x7f00..=0x7f15).contains(&version);
    let hello = header.bytes(span.at, span.left()).and_then(tls_extensions::chosen);
    session.modern |= draft || hello.is_some_and(|(version, _)| version.is_some_and(is_modern));
    random(header, span, !session.modern, depth)?;
    if retry {
        header.means("a hello retry request");
    }
    if !draft {
        span.opaque(header, &SESSION_LENGTH, 1, &SESSION, depth)?;
    }
    session.suite = Some(span.named(header, &SUITE, 2, depth, tls_names::suite)?);
    if !draft {
        span.take(header, &METHOD, 1, depth)?;
    }
    let within = if retry { Within::Retry } else { Within::ServerHello };
    tls_extensions::decode(header, span, within, depth)
}

/// Before TLS 1.3 the first four bytes were the sender's time.
fn random(header: &mut Header, span: &mut Span, timed: bool, depth: u8) -> Option<()> {
    const SIZE: usize = 32;
    let mut inner = *span;
    span.take(header, &RANDOM, SIZE, depth)?;
    if timed {
        let seconds = header.u32(inner.at)?;
        let place = bits(inner.at as u32 * 8, 32);
        header.put(&TIME, place, date::seconds(seconds), String::new(), depth + 1);
        inner.at += 4;
        inner.take(header, &NONCE, SIZE - 4, depth + 1)?;
    }
    Some(())
}

fn certificates(header: &mut Header, span: &mut Span, depth: u8) -> Option<()> {
    let mut chain = span.vector(header, &CHAIN_LENGTH, 3, depth)?;
    if chain.left() == 0 {
        return Some(());
    }
    chain.group(header, &CHAIN, depth, "");
    while chain.left() > 0 {
        let mut one = chain.vector(header, &ONE_LENGTH, 3, depth + 1)?;
        let Span { at, end } = one;
        one.rest(header, &ONE, depth + 1)?;
        x509::decode(header, at, end, depth + 2);
    }
    Some(())
}

fn certificate_request(header: &mut Header, span: &mut Span, session: &Session, depth: u8) -> Option<()> {
    let mut kinds = span.vector(header, &KINDS_COUNT, 1, depth)?;
    kinds.group(header, &KINDS, depth, "");
    kinds.list(header, &KIND, 1, depth + 1, |value| KIND.word(value))?;
    if session.version >= TLS_1_2 {
        tls_extensions::signatures(header, span, depth)?;
    }
    authorities(header, span, depth)
}

/// Distinguished names of the authorities that the sender trusts.
pub(super) fn authorities(header: &mut Header, span: &mut Span, depth: u8) -> Option<()> {
    let mut names = span.vector(header, &NAMES_LENGTH, 2, depth)?;
    if names.left() == 0 {
        return Some(());
    }
    names.group(header, &NAMES, depth, "");
    while names.left() > 0 {
        names.vector(header, &NAME_LENGTH, 2, depth + 1)?;
    }
    Some(())
}
