//! Key exchange messages of TLS up to 1.2 → parameters, public keys and signatures (RFC 5246 §7.4.3, §7.4.7, RFC 8422 §5).

use super::field::{COMPUTED, Field, Show, Words, field, words};
use super::header::Header;
use super::tls_extensions;
use super::tls_handshake::Session;
use super::tls_names;
use super::tls_span::Span;

const CURVES: &str = "RFC 8422 §5.4";
const POINT: &str = "RFC 8422 §5.7";
const SERVER: &str = "RFC 5246 §7.4.3";
const CLIENT: &str = "RFC 5246 §7.4.7";

static CURVE_TYPE: Field =
    field("tls.handshake.server_curve_type", "Curve type", COMPUTED, Show::Hex(2), CURVES).words(CURVE_TYPES);
static CURVE: Field = field("tls.handshake.server_named_curve", "Curve", COMPUTED, Show::Hex(4), CURVES);
static POINT_LENGTH: Field = field("tls.handshake.server_point_len", "Public key length", COMPUTED, Show::Dec, CURVES);
static SERVER_POINT: Field = field("tls.handshake.server_point", "Server public key", COMPUTED, Show::Bytes, CURVES);
static PRIME_LENGTH: Field = field("tls.handshake.p_len", "Prime length", COMPUTED, Show::Dec, SERVER);
static PRIME: Field = field("tls.handshake.p", "Prime", COMPUTED, Show::Bytes, SERVER);
static GENERATOR_LENGTH: Field = field("tls.handshake.g_len", "Generator length", COMPUTED, Show::Dec, SERVER);
static GENERATOR: Field = field("tls.handshake.g", "Generator", COMPUTED, Show::Bytes, SERVER);
static SERVER_KEY_LENGTH: Field = field("tls.handshake.ys_len", "Public key length", COMPUTED, Show::Dec, SERVER);
static SERVER_KEY: Field = field("tls.handshake.ys", "Server public key", COMPUTED, Show::Bytes, SERVER);
static SIGNATURE_LENGTH: Field = field("tls.handshake.sig_len", "Signature length", COMPUTED, Show::Dec, SERVER);
static SIGNATURE: Field = field("tls.handshake.sig", "Signature", COMPUTED, Show::Bytes, SERVER);
static CLIENT_POINT_LENGTH: Field =
    field("tls.handshake.client_point_len", "Public key length", COMPUTED, Show::Dec, POINT);
static CLIENT_POINT: Field = field("tls.handshake.client_point", "Client public key", COMPUTED, Show::Bytes, POINT);
static CLIENT_KEY_LENGTH: Field = field("tls.handshake.yc_len", "Public key length", COMPUTED, Show::Dec, CLIENT);
static CLIENT_KEY: Field = field("tls.handshake.yc", "Client public key", COMPUTED, Show::Bytes, CLIENT);
static SECRET_LENGTH: Field = field("tls.handshake.epms_len", "Secret length", COMPUTED, Show::Dec, CLIENT);
static SECRET: Field = field("tls.handshake.epms", "Encrypted secret", COMPUTED, Show::Bytes, CLIENT);

const CURVE_TYPES: Words = words![(1, "explicit prime"), (2, "explicit char2"), (3, "named curve")];
const NAMED_CURVE: u8 = 3;
const TLS_1_0: u64 = 0x0301;
const TLS_1_2: u64 = 0x0303;

pub(super) fn fields() -> impl Iterator<Item = &'static Field> {
    [
        &CURVE_TYPE,
        &CURVE,
        &POINT_LENGTH,
        &SERVER_POINT,
        &PRIME_LENGTH,
        &PRIME,
        &GENERATOR_LENGTH,
        &GENERATOR,
        &SERVER_KEY_LENGTH,
        &SERVER_KEY,
        &SIGNATURE_LENGTH,
        &SIGNATURE,
        &CLIENT_POINT_LENGTH,
        &CLIENT_POINT,
        &CLIENT_KEY_LENGTH,
        &CLIENT_KEY,
        &SECRET_LENGTH,
        &SECRET,
    ]
    .into_iter()
}

/// The cipher suite says which form a message has; where the server's hello is not at hand, only its bytes do.
#[derive(Clone, Copy, PartialEq)]
enum Exchange {
    Curve,
    Prime,
    Secret,
    Other,
}

impl Exchange {
    fn of(session: &Session) -> Option<Exchange> {
        let name = tls_names::suite(session.suite?);
        let kind = name.strip_prefix("TLS_")?.split_once("_WITH")?.0;
        Some(match kind {
            "ECDHE_RSA" | "ECDHE_ECDSA" | "ECDH_anon" => Exchange::Curve,
            "DHE_RSA" | "DHE_DSS" | "DH_anon" | "DHE_RSA_EXPORT" | "DHE_DSS_EXPORT" => Exchange::Prime,
            "RSA" => Exchange::Secret,
            _ => Exchange::Other,
        })
    }
}

pub(super) fn server(header: &mut Header, span: &mut Span, session: &Session, depth: u8) -> Option<()> {
    let curve = header.u8(span.at) == Some(NAMED_CURVE);
    let prime = header.u16(span.at).is_some_and(|len| len >= 32 && usize::from(len) + 4 < span.left());
    match Exchange::of(session) {
        Some(Exchange::Curve) => {}
        None if curve => {}
        Some(Exchange::Prime) => return primes(header, span, session, depth),
        None if prime => return primes(header, span, session, depth),
        _ => return Some(()),
    }
    let depth = depth + 1;
    span.take(header, &CURVE_TYPE, 1, depth)?;
    if !curve {
        return Some(());
    }
    span.named(header, &CURVE, 2, depth, tls_names::group)?;
    span.opaque(header, &POINT_LENGTH, 1, &SERVER_POINT, depth)?;
    signature(header, span, session, depth)
}

fn primes(header: &mut Header, span: &mut Span, session: &Session, depth: u8) -> Option<()> {
    let depth = depth + 1;
    span.opaque(header, &PRIME_LENGTH, 2, &PRIME, depth)?;
    span.opaque(header, &GENERATOR_LENGTH, 2, &GENERATOR, depth)?;
    span.opaque(header, &SERVER_KEY_LENGTH, 2, &SERVER_KEY, depth)?;
    signature(header, span, session, depth)
}

/// Anonymous key exchange has none.
fn signature(header: &mut Header, span: &mut Span, session: &Session, depth: u8) -> Option<()> {
    if span.left() == 0 {
        return Some(());
    }
    if session.version >= TLS_1_2 {
        tls_extensions::signature(header, span, depth)?;
    }
    span.opaque(header, &SIGNATURE_LENGTH, 2, &SIGNATURE, depth)
}

pub(super) fn client(header: &mut Header, span: &mut Span, session: &Session, depth: u8) -> Option<()> {
    let point = header.u8(span.at).is_some_and(|len| usize::from(len) + 1 == span.left());
    let exchange = match Exchange::of(session) {
        Some(exchange) => exchange,
        None if point => Exchange::Curve,
        None => Exchange::Secret,
    };
    let depth = depth + 1;
    match exchange {
        Exchange::Curve => span.opaque(header, &CLIENT_POINT_LENGTH, 1, &CLIENT_POINT, depth),
        Exchange::Prime => span.opaque(header, &CLIENT_KEY_LENGTH, 2, &CLIENT_KEY, depth),
        // SSL 3.0 wrote no length.
        Exchange::Secret if session.version < TLS_1_0 => span.rest(header, &SECRET, depth),
        Exchange::Secret => span.opaque(header, &SECRET_LENGTH, 2, &SECRET, depth),
        Exchange::Other => Some(()),
    }
}
