//! What a packet holds and what a filter names → values that can be compared.

use std::cmp::Ordering;

use super::names::{Form, Known};
use crate::protocol::{Field, Show};

/// Numbers count billionths, so that seconds with their fractions stay exact without floating point.
const UNIT: i128 = 1_000_000_000;
/// Digits behind the point that count.
const DIGITS: usize = 9;

#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    Number(i128),
    Text(String),
    /// Bytes, and how many of their first bits count: a network's prefix.
    Bytes(Vec<u8>, usize),
}

impl Value {
    pub fn whole(number: u64) -> Value {
        Value::Number(i128::from(number) * UNIT)
    }

    pub fn nanoseconds(time: i64) -> Value {
        Value::Number(time.into())
    }

    pub fn bytes(bytes: &[u8]) -> Value {
        Value::Bytes(bytes.to_vec(), bytes.len() * 8)
    }

    /// A field's value out of its printed form.
    pub fn of(field: &Field, show: &str) -> Value {
        let value = match field.show {
            Show::Dec | Show::Times(_) | Show::Hex(_) | Show::Flag => number(show).map(Value::Number),
            Show::Ipv4 | Show::Ipv6 => address(show),
            Show::Mac | Show::Bytes => octets(show).map(|bytes| Value::bytes(&bytes)),
            Show::Text | Show::None => None,
        };
        value.unwrap_or_else(|| Value::Text(show.to_owned()))
    }

    /// How it stands to another value; `None`: they cannot be compared. A network is equal to its addresses.
    pub fn order(&self, other: &Value) -> Option<Ordering> {
        match (self, other) {
            (Value::Number(one), Value::Number(other)) => Some(one.cmp(other)),
            (Value::Text(one), Value::Text(other)) => Some(one.as_str().cmp(other)),
            (Value::Text(one), Value::Number(other)) => Some(number(one)?.cmp(other)),
            (Value::Bytes(one, own), Value::Bytes(other, bits)) => {
                let bits = if *bits == other.len() * 8 { *own } else { *bits };
                Some(prefix(one, bits).cmp(prefix(other, bits)))
            }
            _ => None,
        }
    }

    pub fn contains(&self, part: &Value) -> bool {
        let (whole, part) = (self.octets(), part.octets());
        part.is_empty() || whole.windows(part.len()).any(|window| window == part)
    }

    fn octets(&self) -> &[u8] {
        match self {
            Value::Number(_) => &[],
            Value::Text(text) => text.as_bytes(),
            Value::Bytes(bytes, _) => bytes,
        }
    }

    /// Whether any bit of it is.
    pub fn is_set(&self) -> bool {
        match self {
            Value::Number(number) => *number != 0,
            value => value.octets().iter().any(|byte| *byte != 0),
        }
    }

    pub fn masked(self, mask: Option<u64>) -> Value {
        match (self, mask) {
            (Value::Number(number), Some(mask)) => Value::whole((number / UNIT) as u64 & mask),
            (Value::Bytes(mut bytes, bits), Some(mask)) => {
                let masks = mask.to_be_bytes().into_iter().rev().chain(std::iter::repeat(0));
                bytes.iter_mut().rev().zip(masks).for_each(|(byte, mask)| *byte &= mask);
                Value::Bytes(bytes, bits)
            }
            (value, _) => value,
        }
    }

    /// Some of its bytes; `None` where it ends before the last of them.
    pub fn sliced(self, slice: Option<(usize, usize)>) -> Option<Value> {
        let Some((from, to)) = slice else { return Some(self) };
        let to = if to == usize::MAX { self.octets().len() } else { to };
        let bytes = self.octets().get(from..to)?;
        Some(match &self {
            Value::Text(_) => Value::Text(String::from_utf8_lossy(bytes).into_owned()),
            _ => Value::bytes(bytes),
        })
    }
}

/// The bytes that hold the first bits; what is behind the last of them in its byte is not there.
fn prefix(bytes: &[u8], bits: usize) -> impl Iterator<Item = u8> + '_ {
    let mask = move |index: usize| match bits.saturating_sub(index * 8) {
        left @ 0..8 => !(0xff >> left),
        _ => 0xff,
    };
    bytes.iter().take(bits.div_ceil(8)).enumerate().map(move |(index, byte)| byte & mask(index))
}

/// `80`, `0x50`, `-2`, `1.25`
pub fn number(text: &str) -> Option<i128> {
    let (negative, text) = text.strip_prefix('-').map_or((false, text), |text| (true, text));
    if let Some(digits) = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) {
        let value = digits.bytes().all(|digit| digit.is_ascii_hexdigit()).then(|| u64::from_str_radix(digits, 16).ok());
        return value.flatten().map(|value| i128::from(value) * UNIT).filter(|_| !negative);
    }
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let digits = |text: &str| text.bytes().all(|digit| digit.is_ascii_digit());
    if whole.is_empty() || !digits(whole) || !digits(part) || text.ends_with('.') {
        return None;
    }
    let mut value = i128::from(whole.parse::<u64>().ok()?);
    let mut part = part.bytes();
    for _ in 0..DIGITS {
        value = value * 10 + i128::from(part.next().unwrap_or(b'0') - b'0');
    }
    Some(if negative { -value } else { value })
}

/// `10.0.0.1`, `10.0.0.0/8`, `fe80::/10`
pub fn address(text: &str) -> Option<Value> {
    let (text, bits) = match text.split_once('/') {
        Some((text, bits)) => (text, Some(bits.parse::<usize>().ok()?)),
        None => (text, None),
    };
    let octets = match text.parse::<std::net::IpAddr>().ok()? {
        std::net::IpAddr::V4(address) => address.octets().to_vec(),
        std::net::IpAddr::V6(address) => address.octets().to_vec(),
    };
    let most = octets.len() * 8;
    Some(Value::Bytes(octets, bits.unwrap_or(most))).filter(|_| bits.is_none_or(|bits| bits <= most))
}

/// `00:1b:21`, `00-1b-21`, `001b.2100`, `47`
pub fn octets(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len() / 2);
    for part in text.split([':', '-', '.']) {
        if let [digit] = part.as_bytes() {
            bytes.push(char::from(*digit).to_digit(16)? as u8);
            continue;
        }
        if part.is_empty() || part.len() % 2 != 0 || !part.bytes().all(|digit| digit.is_ascii_hexdigit()) {
            return None;
        }
        for at in (0..part.len()).step_by(2) {
            bytes.push(u8::from_str_radix(part.get(at..at + 2)?, 16).ok()?);
        }
    }
    Some(bytes)
}

/// What a text stands for beside a field of this form; `Err` has an example of what can stand there.
pub fn literal(known: &Known, text: &str, quoted: bool) -> Result<Value, &'static str> {
    let word = || {
        let lines = known.words.lines().filter_map(|line| line.split_once(' '));
        let value = lines.into_iter().find(|(_, word)| *word == text).and_then(|(value, _)| value.parse().ok());
        value.map(Value::whole)
    };
    let plain = || number(text).filter(|_| !quoted).map(Value::Number).or_else(word);
    match known.form {
        Form::Flag => match text {
            "True" | "TRUE" if !quoted => Some(Value::whole(1)),
            "False" | "FALSE" if !quoted => Some(Value::whole(0)),
            _ => plain(),
        }
        .ok_or("1, 0, True"),
        Form::Number => plain().ok_or("80, 0x50"),
        Form::Ipv4 => address(text).filter(|value| value.octets().len() == 4).ok_or("192.0.2.1, 192.0.2.0/24"),
        Form::Ipv6 => address(text).filter(|value| value.octets().len() == 16).ok_or("2001:db8::1, fe80::/10"),
        Form::Mac => octets(text).filter(|bytes| bytes.len() == 6).map(|b| Value::bytes(&b)).ok_or("00:1b:21:3c:4d:5e"),
        Form::Text if !quoted => Ok(number(text).map_or_else(|| Value::Text(text.to_owned()), Value::Number)),
        Form::Text => Ok(Value::Text(text.to_owned())),
        Form::Bytes => raw(text, quoted).ok_or("47:45:54, \"GET\""),
    }
}

/// Bytes by their digits, or in quotes as text.
pub fn raw(text: &str, quoted: bool) -> Option<Value> {
    let digits = text.strip_prefix("0x").unwrap_or(text);
    if quoted { Some(Value::bytes(text.as_bytes())) } else { octets(digits).map(|bytes| Value::bytes(&bytes)) }
}
