//! Bytes of a DNS message → a name, its compression pointers followed (RFC 1035 §3.1, §4.1.4).

/// A name as tshark prints it, the bytes that it takes where it stands, and how many labels it has.
pub(super) struct Name {
    pub text: String,
    pub size: usize,
    pub labels: usize,
}

/// Pointers followed in one name. Every honest name needs fewer than it has labels.
pub const MAX_POINTERS: usize = 64;
/// Bytes of a name in all (RFC 1035 §2.3.4).
pub const MAX_NAME: usize = 255;

/// Reads the name at `start`; `None` where it leaves the message, is too long, or its pointers go round.
pub(super) fn read(message: &[u8], start: usize) -> Option<Name> {
    let (mut at, mut size, mut pointers, mut labels) = (start, None, 0, 0);
    let mut text = String::new();
    loop {
        let length = *message.get(at)?;
        match length >> 6 {
            0 if length == 0 => break,
            0 => {
                let label = message.get(at + 1..at + 1 + usize::from(length))?;
                if labels > 0 {
                    text.push('.');
                }
                push(&mut text, label);
                labels += 1;
                at += 1 + usize::from(length);
            }
            3 => {
                let low = *message.get(at + 1)?;
                size.get_or_insert_with(|| at + 2 - start);
                at = usize::from(length & 0x3f) << 8 | usize::from(low);
                pointers += 1;
            }
            _ => return None,
        }
        if pointers > MAX_POINTERS || text.len() > MAX_NAME * 4 {
            return None;
        }
    }
    if labels == 0 {
        text.push_str("<Root>");
    }
    Some(Name { text, size: size.unwrap_or_else(|| at + 1 - start), labels })
}

/// Bytes that print stay as they are, others as `\000` in octal.
fn push(text: &mut String, label: &[u8]) {
    for byte in label {
        match byte {
            0x20..=0x7e => text.push(char::from(*byte)),
            _ => text.push_str(&format!("\\{byte:03o}")),
        }
    }
}
