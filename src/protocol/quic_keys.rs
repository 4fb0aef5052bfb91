//! A connection ID → the keys of Initial packets, and with them a protected packet → its frames (RFC 9001 §5, RFC 9369 §3).
//!
//! Anybody who sees a connection's first packet can compute these keys: they guard against accidents, not against readers.

use aes_gcm::aes::Aes128;
use aes_gcm::aes::cipher::{Block, BlockEncrypt};
use aes_gcm::{AeadInPlace, Aes128Gcm, KeyInit};
use hkdf::Hkdf;
use sha2::Sha256;

/// Bytes of the ciphertext that the mask of the header is made of, and how far behind the packet number's first byte.
const SAMPLE: usize = 16;
const SAMPLE_AT: usize = 4;
const TAG: usize = 16;

/// What distinguishes the versions: the salt, and the prefix of the labels.
struct Recipe {
    salt: [u8; 20],
    prefix: &'static str,
}

const V1: Recipe = Recipe {
    salt: [
        0x38, 0x76, 0x2c, 0xf7, 0xf5, 0x59, 0x34, 0xb3, 0x4d, 0x17, 0x9a, 0xe6, 0xa4, 0xc8, 0x0c, 0xad, 0xcc, 0xbb,
        0x7f, 0x0a,
    ],
    prefix: "quic",
};
const V2: Recipe = Recipe {
    salt: [
        0x0d, 0xed, 0xe3, 0xde, 0xf7, 0x00, 0xa6, 0xdb, 0x81, 0x93, 0x81, 0xbe, 0x6e, 0x26, 0x9d, 0xcb, 0xf9, 0xbd,
        0x2e, 0xd9,
    ],
    prefix: "quicv2",
};
const DRAFT_29: Recipe = Recipe {
    salt: [
        0xaf, 0xbf, 0xec, 0x28, 0x99, 0x93, 0xd2, 0x4c, 0x9e, 0x97, 0x86, 0xf1, 0x9c, 0x61, 0x11, 0xe0, 0x43, 0x90,
        0xa8, 0x99,
    ],
    prefix: "quic",
};
const DRAFT_21: Recipe = Recipe {
    salt: [
        0x7f, 0xbc, 0xdb, 0x0e, 0x7c, 0x66, 0xbb, 0xe9, 0x19, 0x3a, 0x96, 0xcd, 0x21, 0x51, 0x9e, 0xbd, 0x7a, 0x02,
        0x64, 0x4a,
    ],
    prefix: "quic",
};
const DRAFT_23: Recipe = Recipe {
    salt: [
        0xc3, 0xee, 0xf7, 0x12, 0xc7, 0x2e, 0xbb, 0x5a, 0x11, 0xa7, 0xd2, 0x43, 0x2b, 0xb4, 0x63, 0x65, 0xbe, 0xf9,
        0xf5, 0x02,
    ],
    prefix: "quic",
};

fn recipe(version: u32) -> Option<Recipe> {
    Some(match version {
        1 | 0xff00_0021 | 0xff00_0022 => V1,
        0x6b33_43cf => V2,
        0xff00_001d..=0xff00_0020 | 0xface_b002..=0xface_b00f => DRAFT_29,
        0xff00_0017..=0xff00_001c => DRAFT_23,
        0xff00_0015..=0xff00_0016 => DRAFT_21,
        _ => return None,
    })
}

/// Keys of one direction.
pub(super) struct Keys {
    packets: Aes128Gcm,
    iv: [u8; 12],
    header: Aes128,
}

/// A packet without its protection.
pub(super) struct Opened {
    pub first: u8,
    /// As it is on the wire: the lowest bytes of the whole number.
    pub number: u64,
    pub number_len: usize,
    pub frames: Vec<u8>,
}

impl Keys {
    /// `id`: the destination connection ID of the client's first packet; `client`: who sends.
    pub fn initial(version: u32, id: &[u8], client: bool) -> Option<Keys> {
        let Recipe { salt, prefix } = recipe(version)?;
        let first = Hkdf::<Sha256>::new(Some(&salt), id);
        let mut secret = [0; 32];
        expand(&first, if client { "client in" } else { "server in" }, &mut secret)?;
        let secret = Hkdf::<Sha256>::from_prk(&secret).ok()?;
        let (mut key, mut iv, mut header) = ([0; 16], [0; 12], [0; 16]);
        expand(&secret, &format!("{prefix} key"), &mut key)?;
        expand(&secret, &format!("{prefix} iv"), &mut iv)?;
        expand(&secret, &format!("{prefix} hp"), &mut header)?;
        Some(Keys { packets: Aes128Gcm::new(&key.into()), iv, header: Aes128::new(&header.into()) })
    }

    /// Opens a long header's packet, of which the number begins at `number_at`; `None`: these are not its keys, or it is cut.
    pub fn open(&self, packet: &[u8], number_at: usize) -> Option<Opened> {
        let sample = packet.get(number_at + SAMPLE_AT..)?.get(..SAMPLE)?;
        let mut mask: Block<Aes128> = *Block::<Aes128>::from_slice(sample);
        self.header.encrypt_block(&mut mask);
        let first = packet.first()? ^ (mask.first()? & 0x0f);
        let number_len = usize::from(first & 3) + 1;
        let mut head = packet.get(..number_at + number_len)?.to_vec();
        *head.first_mut()? = first;
        let mut number = 0;
        for (byte, mask) in head.iter_mut().skip(number_at).zip(mask.iter().skip(1)) {
            *byte ^= mask;
            number = number << 8 | u64::from(*byte);
        }
        let mut nonce = self.iv;
        for (byte, part) in nonce.iter_mut().skip(4).zip(number.to_be_bytes()) {
            *byte ^= part;
        }
        let sealed = packet.get(number_at + number_len..)?;
        let (sealed, tag) = sealed.split_at_checked(sealed.len().checked_sub(TAG)?)?;
        let mut frames = sealed.to_vec();
        let tag: [u8; TAG] = tag.try_into().ok()?;
        self.packets.decrypt_in_place_detached(&nonce.into(), &head, &mut frames, &tag.into()).ok()?;
        Some(Opened { first, number, number_len, frames })
    }
}

/// HKDF-Expand-Label with an empty context (RFC 8446 §7.1).
fn expand(secret: &Hkdf<Sha256>, label: &str, out: &mut [u8]) -> Option<()> {
    let len = u16::try_from(out.len()).ok()?.to_be_bytes();
    let size = [6 + u8::try_from(label.len()).ok()?];
    secret.expand_multi_info(&[&len, &size, b"tls13 ", label.as_bytes(), &[0]], out).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: [u8; 8] = [0x83, 0x94, 0xc8, 0xf0, 0x3e, 0x51, 0x57, 0x08];

    fn bytes(hex: &str) -> Vec<u8> {
        let digits: Vec<u8> = hex.bytes().filter(u8::is_ascii_hexdigit).collect();
        digits.chunks(2).map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap()).collect()
    }

    /// The server's Initial packets of RFC 9001 §A.3 and RFC 9369 §A.3: an ACK, and a CRYPTO frame with a server hello.
    #[test]
    fn the_server_initials_of_the_rfcs() {
        let v1 = bytes(
            "cf000000010008f067a5502a4262b5004075c0d95a482cd0991cd25b0aac406a5816b6394100f37a1c69797554780bb38cc5a99f
             5ede4cf73c3ec2493a1839b3dbcba3f6ea46c5b7684df3548e7ddeb9c3bf9c73cc3f3bded74b562bfb19fb84022f8ef4cdd93795
             d77d06edbb7aaf2f58891850abbdca3d20398c276456cbc42158407dd074ee",
        );
        let v2 = bytes(
            "dc6b3343cf0008f067a5502a4262b5004075d92faaf16f05d8a4398c47089698baeea26b91eb761d9b89237bbf87263017915358
             230035f7fd3945d88965cf17f9af6e16886c61bfc703106fbaf3cb4cfa52382dd16a393e42757507698075b2c984c707f0a0812d8
             cd5a6881eaf21ceda98f4bd23f6fe1a3e2c43edd9ce7ca84bed8521e2e140",
        );
        for (version, packet) in [(1, v1), (0x6b33_43cf, v2)] {
            let opened = Keys::initial(version, &ID, false).unwrap().open(&packet, 18).unwrap();
            assert_eq!((opened.number, opened.number_len), (1, 2));
            assert_eq!(opened.frames.get(..9), Some(&[0x02, 0, 0, 0, 0, 0x06, 0, 0x40, 0x5a][..]));
            assert!(Keys::initial(version, &ID, true).unwrap().open(&packet, 18).is_none());
        }
    }

    /// RFC 9001 §A.1 and RFC 9369 §A.1, by what they make of a known packet: the client's keys for v1 and v2 differ.
    #[test]
    fn a_client_initial_opens_only_with_its_own_connection_id() {
        let mut packet = vec![0xc0, 0, 0, 0, 1, 8];
        packet.extend(ID);
        packet.extend([0, 0, 0x40, 40]);
        let number_at = packet.len();
        packet.extend([0; 40]);
        assert!(Keys::initial(1, &ID, true).unwrap().open(&packet, number_at).is_none());
        assert!(Keys::initial(0x1234_5678, &ID, true).is_none());
    }
}
