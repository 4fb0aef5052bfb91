//! Extensions by which TLS 1.3 agrees on keys → public keys, identities of earlier sessions, cookie (RFC 8446 §4.2.8–11).

use super::field::{COMPUTED, Field, Show, field, words};
use super::header::Header;
use super::tls_extensions::Within;
use super::tls_names;
use super::tls_span::Span;

const SHARE: &str = "RFC 8446 §4.2.8";
const PSK: &str = "RFC 8446 §4.2.11";

static SHARES_LENGTH: Field =
    field("tls.handshake.extensions_key_share_client_length", "Key shares length", COMPUTED, Show::Dec, SHARE);
static SHARE_GROUP: Field =
    field("tls.handshake.extensions_key_share_group", "Key share group", COMPUTED, Show::Dec, SHARE);
static SHARE_LENGTH: Field =
    field("tls.handshake.extensions_key_share_key_exchange_length", "Key share length", COMPUTED, Show::Dec, SHARE);
static SHARE_KEY: Field =
    field("tls.handshake.extensions_key_share_key_exchange", "Key share", COMPUTED, Show::Bytes, SHARE);
static SELECTED_GROUP: Field =
    field("tls.handshake.extensions_key_share_selected_group", "Selected group", COMPUTED, Show::Dec, SHARE);
static COOKIE_LENGTH: Field =
    field("tls.handshake.extensions.cookie_len", "Cookie length", COMPUTED, Show::Dec, "RFC 8446 §4.2.2");
static COOKIE: Field = field("tls.handshake.extensions.cookie", "Cookie", COMPUTED, Show::Bytes, "RFC 8446 §4.2.2");
static MODES_LENGTH: Field =
    field("tls.extension.psk_ke_modes_length", "Modes length", COMPUTED, Show::Dec, "RFC 8446 §4.2.9");
static MODE: Field = field("tls.extension.psk_ke_mode", "PSK mode", COMPUTED, Show::Dec, "RFC 8446 §4.2.9")
    .words(words![(0, "PSK only"), (1, "PSK with (EC)DHE")]);
static IDENTITIES_LENGTH: Field =
    field("tls.handshake.extensions.psk.identities.length", "Identities length", COMPUTED, Show::Dec, PSK);
static IDENTITY_LENGTH: Field =
    field("tls.handshake.extensions.psk.identity.identity_length", "Identity length", COMPUTED, Show::Dec, PSK);
static IDENTITY: Field =
    field("tls.handshake.extensions.psk.identity.identity", "Identity", COMPUTED, Show::Bytes, PSK);
static AGE: Field = field(
    "tls.handshake.extensions.psk.identity.obfuscated_ticket_age",
    "Obfuscated ticket age",
    COMPUTED,
    Show::Dec,
    PSK,
);
static BINDERS_LENGTH: Field =
    field("tls.handshake.extensions.psk.binders_len", "Binders length", COMPUTED, Show::Dec, PSK);
static BINDERS: Field = field("tls.handshake.extensions.psk.binders", "Binders", COMPUTED, Show::None, PSK);
static SELECTED_IDENTITY: Field =
    field("tls.handshake.extensions.psk.identity.selected", "Selected identity", COMPUTED, Show::Dec, PSK);

pub(super) fn fields() -> impl Iterator<Item = &'static Field> {
    [
        &SHARES_LENGTH,
        &SHARE_GROUP,
        &SHARE_LENGTH,
        &SHARE_KEY,
        &SELECTED_GROUP,
        &COOKIE_LENGTH,
        &COOKIE,
        &MODES_LENGTH,
        &MODE,
        &IDENTITIES_LENGTH,
        &IDENTITY_LENGTH,
        &IDENTITY,
        &AGE,
        &BINDERS_LENGTH,
        &BINDERS,
        &SELECTED_IDENTITY,
    ]
    .into_iter()
}

/// The body of `key_share`, `pre_shared_key`, `cookie` or `psk_key_exchange_modes`.
pub(super) fn decode(header: &mut Header, kind: u64, body: &mut Span, within: Within, depth: u8) -> Option<()> {
    match (kind, within) {
        (41, Within::ClientHello) => identities(header, body, depth),
        (41, _) => body.take(header, &SELECTED_IDENTITY, 2, depth + 1).map(|_| ()),
        (44, _) => body.opaque(header, &COOKIE_LENGTH, 2, &COOKIE, depth),
        (45, _) => {
            let mut modes = body.vector(header, &MODES_LENGTH, 1, depth)?;
            modes.list(header, &MODE, 1, depth, |value| MODE.word(value))
        }
        (_, Within::ClientHello) => {
            let mut shares = body.vector(header, &SHARES_LENGTH, 2, depth + 1)?;
            while shares.left() > 0 {
                share(header, &mut shares, depth + 2)?;
            }
            Some(())
        }
        (_, Within::Retry) => body.named(header, &SELECTED_GROUP, 2, depth + 1, tls_names::group).map(|_| ()),
        _ => share(header, body, depth + 2),
    }
}

fn share(header: &mut Header, body: &mut Span, depth: u8) -> Option<()> {
    body.named(header, &SHARE_GROUP, 2, depth, tls_names::group)?;
    body.opaque(header, &SHARE_LENGTH, 2, &SHARE_KEY, depth)
}

fn identities(header: &mut Header, body: &mut Span, depth: u8) -> Option<()> {
    let mut list = body.vector(header, &IDENTITIES_LENGTH, 2, depth + 1)?;
    while list.left() > 0 {
        list.opaque(header, &IDENTITY_LENGTH, 2, &IDENTITY, depth + 2)?;
        list.take(header, &AGE, 4, depth + 2)?;
    }
    let binders = body.vector(header, &BINDERS_LENGTH, 2, depth + 1)?;
    binders.group(header, &BINDERS, depth + 1, "");
    Some(())
}
