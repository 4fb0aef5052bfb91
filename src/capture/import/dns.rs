//! `12345+ A? example.com. (29)` and its answers → a DNS message (RFC 1035), as long as the line says that it is.

use std::collections::HashMap;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};

use super::scan::{Scan, after, readable};

/// What was asked, by who asked and the message's number: a line of an answer does not repeat it.
pub(super) type Questions = HashMap<(SocketAddr, u16), Vec<(String, u16, u16)>>;

const OPT: u16 = 41;
/// What an assumed OPT record offers (RFC 6891); a common value.
const ASSUMED_SIZE: u16 = 1232;
/// A record of the root without data.
const EMPTY_RECORD: usize = 11;
const MOST_POINTED_AT: usize = 0x4000;
const LONGEST_LABEL: usize = 63;
const LONGEST_NAME: usize = 255;
const LONGEST_MESSAGE: usize = 0xffff;

const KINDS: [(&str, u16); 24] = [
    ("A", 1),
    ("NS", 2),
    ("CNAME", 5),
    ("SOA", 6),
    ("NULL", 10),
    ("PTR", 12),
    ("HINFO", 13),
    ("MX", 15),
    ("TXT", 16),
    ("AAAA", 28),
    ("LOC", 29),
    ("SRV", 33),
    ("NAPTR", 35),
    ("CERT", 37),
    ("DNAME", 39),
    ("OPT", 41),
    ("DS", 43),
    ("SSHFP", 44),
    ("RRSIG", 46),
    ("NSEC", 47),
    ("DNSKEY", 48),
    ("SPF", 99),
    ("AXFR", 252),
    ("ANY", 255),
];

/// Response codes 1 to 10 as tcpdump spells them.
const CODES: [&str; 10] =
    ["FormErr", "ServFail", "NXDomain", "NotImp", "Refused", "YXDomain", "YXRRSet", "NXRRSet", "NotAuth", "NotZone"];

fn kind(name: &str) -> Option<u16> {
    let known = KINDS.iter().find(|(known, _)| *known == name).map(|&(_, kind)| kind);
    known.or_else(|| name.strip_prefix("Type")?.parse().ok())
}

/// The message of `length` bytes. `None` where the line is none of DNS.
pub(super) fn message(
    text: &str,
    ends: (SocketAddr, SocketAddr),
    length: usize,
    known: &mut Questions,
) -> Option<Vec<u8>> {
    let mut scan = Scan(text);
    let id: u16 = scan.number()?;
    let (told, _) = scan.0.rsplit_once(" (")?;
    let mut writer = Writer { bytes: id.to_be_bytes().to_vec(), names: HashMap::new() };
    match told.split(' ').find_map(counts) {
        Some(counts) => writer.response(told, counts, ends.1, id, known)?,
        None => writer.query(told, ends.0, id, known)?,
    }
    writer.fill(length);
    Some(writer.bytes)
}

/// `2/0/1`: answers, authority and additional records.
fn counts(word: &str) -> Option<[u16; 3]> {
    let mut parts = word.split('/').map(|part| part.parse().ok());
    let counts = [parts.next()??, parts.next()??, parts.next()??];
    parts.next().is_none().then_some(counts)
}

/// `[2q]`: how many records of a section, where it is not what one expects.
fn odd_count(told: &str, unit: &str) -> Option<u16> {
    told.split('[').skip(1).find_map(|rest| rest.split(']').next()?.strip_suffix(unit)?.parse().ok())
}

struct Writer {
    bytes: Vec<u8>,
    /// Where each name, or the end of one, stands.
    names: HashMap<String, usize>,
}

impl Writer {
    fn numbers(&mut self, numbers: &[u16]) {
        self.bytes.extend(numbers.iter().flat_map(|number| number.to_be_bytes()));
    }

    fn query(&mut self, told: &str, client: SocketAddr, id: u16, known: &mut Questions) -> Option<()> {
        let (first, _) = told.split_once("? ")?;
        let marks = first.split(' ').next()?;
        let flags = u16::from(marks.contains('+')) << 8 | u16::from(marks.contains('%')) << 4;
        let count = |unit, usual| odd_count(told, unit).unwrap_or(usual);
        self.numbers(&[flags, count("q", 1), count("a", 0), count("n", 0), count("au", 0)]);
        // With -v the additional records follow the questions.
        let told = told.split(" ar: ").next()?;
        let mut questions = Vec::new();
        let mut parts = told.split("? ");
        let mut before = parts.next()?;
        for part in parts {
            let name = part.split(' ').next()?;
            questions.push(question(before, name)?);
            before = part;
        }
        questions.iter().for_each(|(name, kind, class)| self.question(name, *kind, *class));
        known.insert((client, id), questions);
        Some(())
    }

    fn question(&mut self, name: &str, kind: u16, class: u16) {
        self.name(name);
        self.numbers(&[kind, class]);
    }

    fn response(&mut self, told: &str, counts: [u16; 3], client: SocketAddr, id: u16, known: &Questions) -> Option<()> {
        let [answers, authorities, additionals] = counts;
        let (marks, records) = told.split_once(&format!(" {answers}/{authorities}/{additionals}"))?;
        // With -v the question stands there, and the other sections behind the answers.
        let (marks, repeated) = marks.split_once(" q: ").unwrap_or((marks, ""));
        let code = CODES.iter().position(|code| marks.contains(code)).map_or(0, |at| at as u16 + 1);
        let mark = |letter: char, bit: u16| if marks.contains(letter) { bit } else { 0 };
        // That recursion was desired is assumed, as in most answers.
        let flags = 0x8180 | code | mark('*', 0x400) | mark('|', 0x200) | mark('$', 0x20);
        let records = records.split(" ns: ").next()?;
        let records = split(records.split(" ar: ").next()?);
        let repeated = repeated.split_once("? ").and_then(|(kind, name)| question(kind, name.trim_end()));
        let asked = match odd_count(marks, "q") {
            Some(0) => Vec::new(),
            _ if repeated.is_some() => repeated.into_iter().collect(),
            _ => known.get(&(client, id)).cloned().unwrap_or_else(|| {
                let kind = records.iter().find_map(|record| record.split(' ').find_map(self::kind));
                vec![(String::from("."), kind.unwrap_or(1), 1)]
            }),
        };
        self.numbers(&[flags & !mark('-', 0x80), asked.len() as u16, answers, authorities, additionals]);
        asked.iter().for_each(|(name, kind, class)| self.question(name, *kind, *class));
        let owner = asked.first().map_or(".", |(name, ..)| name.as_str());
        for record in records.iter().take(answers.into()) {
            self.record(record.trim(), owner);
        }
        Some(())
    }

    /// One record of an answer. With -v its owner and lifetime stand before it.
    fn record(&mut self, told: &str, owner: &str) {
        let (owner, told) = match told.split_once(' ') {
            Some((name, rest)) if name.ends_with('.') => (name, rest.split_once("] ").map_or(rest, |(_, rest)| rest)),
            _ => (owner, told),
        };
        let flush = told.starts_with("(Cache flush) ");
        let told = told.strip_prefix("(Cache flush) ").unwrap_or(told);
        let (name, data) = told.split_once(' ').unwrap_or((told, ""));
        let kind = kind(name).unwrap_or(0);
        if kind == OPT {
            self.bytes.push(0);
            self.numbers(&[
                OPT,
                after(data, "UDPsize=").and_then(|size| size.parse().ok()).unwrap_or(ASSUMED_SIZE),
                0,
                0,
                0,
            ]);
            return;
        }
        self.name(owner);
        // The lifetime is not told: zero.
        self.numbers(&[kind, 1 | u16::from(flush) << 15, 0, 0, 0]);
        let start = self.bytes.len();
        let _ = self.data(kind, data);
        let size = (self.bytes.len() - start) as u16;
        super::frame::put(&mut self.bytes, start - 2, &size.to_be_bytes());
    }

    fn data(&mut self, kind: u16, told: &str) -> Option<()> {
        let mut words = told.split(' ');
        match kind {
            1 => self.bytes.extend(told.parse::<Ipv4Addr>().ok()?.octets()),
            28 => self.bytes.extend(told.parse::<Ipv6Addr>().ok()?.octets()),
            2 | 5 | 12 | 39 => self.name(told),
            6 => self.bytes.extend([0; 22]),
            15 => {
                let name = words.next()?;
                self.numbers(&[words.next()?.parse().ok()?]);
                self.name(name);
            }
            33 => {
                let (name, port) = words.next()?.rsplit_once(':')?;
                let [priority, weight] = [words.next()?.parse().ok()?, words.next()?.parse().ok()?];
                self.numbers(&[priority, weight, port.parse().ok()?]);
                self.name(name);
            }
            16 => {
                for text in told.split('"').skip(1).step_by(2) {
                    let mut text = readable(text);
                    text.truncate(255);
                    self.bytes.push(text.len() as u8);
                    self.bytes.extend(text);
                }
            }
            _ => {}
        }
        Some(())
    }

    /// A name, with a pointer to where its end stands already (RFC 1035 §4.1.4).
    fn name(&mut self, name: &str) {
        let mut rest = name.trim_end_matches('.');
        // A name longer than any is cut, and so is a message: hostile text shall not make either grow.
        let end = rest.char_indices().map(|(at, _)| at).take_while(|&at| at <= LONGEST_NAME).last().unwrap_or(0);
        if rest.len() > LONGEST_NAME {
            rest = rest.get(..end).unwrap_or_default();
        }
        while !rest.is_empty() && self.bytes.len() <= LONGEST_MESSAGE {
            if let Some(&at) = self.names.get(rest) {
                return self.numbers(&[0xc000 | at as u16]);
            }
            if self.bytes.len() < MOST_POINTED_AT {
                self.names.insert(rest.to_owned(), self.bytes.len());
            }
            let (label, others) = rest.split_once('.').unwrap_or((rest, ""));
            let label = label.as_bytes();
            let label = label.get(..LONGEST_LABEL).unwrap_or(label);
            self.bytes.push(label.len() as u8);
            self.bytes.extend(label);
            rest = others;
        }
        self.bytes.push(0);
    }

    /// Makes the message as long as the line says: the records that it only counts get the bytes that are left.
    fn fill(&mut self, length: usize) {
        let count = |at: usize| {
            self.bytes.get(at..at + 2).and_then(|it| it.first_chunk()).map_or(0, |it| u16::from_be_bytes(*it))
        };
        let (is_query, authorities, additionals) =
            (self.bytes.get(2).is_some_and(|byte| byte & 0x80 == 0), count(8), count(10));
        let mut left = u32::from(authorities) + u32::from(additionals) + if is_query { u32::from(count(6)) } else { 0 };
        while left > 0 && self.bytes.len() + EMPTY_RECORD <= length {
            let is_last = left == 1;
            let rest = if is_last { length - self.bytes.len() - EMPTY_RECORD } else { 0 };
            let is_opt = is_last && additionals > 0;
            self.bytes.push(0);
            let (kind, class) = if is_opt { (OPT, ASSUMED_SIZE) } else { (0, 0) };
            self.numbers(&[kind, class, 0, 0, rest.min(0xffff) as u16]);
            left -= 1;
            if is_last {
                // Data of the assumed record: an option that pads (RFC 7830), where there is room for its header.
                let padding = is_opt && rest >= 4;
                if padding {
                    self.numbers(&[12, (rest - 4).min(0xffff) as u16]);
                }
            }
        }
        self.bytes.resize(length, 0);
    }
}

/// The question of ` A? name`, ` PTR (QM)? name`, ` TXT CHAOS? name`: `before` ends with its type and class.
fn question(before: &str, name: &str) -> Option<(String, u16, u16)> {
    let mut class = 1;
    for word in before.split(' ').rev().take(3) {
        match word {
            "(QM)" => {}
            "(QU)" => class |= 0x8000,
            "CHAOS" => class = 3,
            "HS" => class = 4,
            "ANY" if class != 255 && before.ends_with(" ANY ANY") => class = 255,
            word => return Some((name.to_owned(), kind(word)?, class)),
        }
    }
    None
}

/// Records between commas; quoted text may have commas of its own.
fn split(records: &str) -> Vec<&str> {
    let (mut found, mut start, mut quoted) = (Vec::new(), 0, false);
    for (at, letter) in records.char_indices() {
        quoted ^= letter == '"';
        if letter == ',' && !quoted {
            found.extend(records.get(start..at));
            start = at + 1;
        }
    }
    found.extend(records.get(start..).filter(|rest| !rest.trim().is_empty()));
    found
}
