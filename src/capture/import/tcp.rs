//! `Flags [S], seq 1, win 64240, options […], length 0` → a TCP segment; relative numbers become absolute again.

use std::collections::HashMap;
use std::net::SocketAddr;

use super::dns;
use super::frame::{TCP, Upper};
use super::scan::{Scan, after, number_after, readable};

const HEADER: usize = 20;
const MOST_OPTIONS: usize = 40;
const CHECKSUM: usize = 16;
const LETTERS: [char; 9] = ['F', 'S', 'R', 'P', '.', 'U', 'E', 'W', 'e'];
const FIN: u16 = 0x01;
const SYN: u16 = 0x02;
const ACK: u16 = 0x10;

/// Ends the line of a segment whose words follow in lines of their own (`tcpdump -v`).
pub(super) const WORDS_FOLLOW: &str = ", length: ";

/// What is known of both ends of a connection, the end with the lower address first.
#[derive(Default)]
pub(super) struct Connection {
    /// What tcpdump counts from: it takes the numbers of the first segment that acknowledges.
    bases: Option<[u32; 2]>,
    /// Whether numbers count from the bases; a file shows it with the second segment that acknowledges.
    relative: Option<bool>,
    /// Where each end's next byte goes.
    next: [Option<u32>; 2],
}

pub(super) type Connections = HashMap<[SocketAddr; 2], Connection>;

/// What a line says in numbers.
struct Numbers {
    flags: u16,
    seq: Option<u32>,
    ack: u32,
    length: u32,
}

pub(super) fn segment(
    text: &str,
    ends: (SocketAddr, SocketAddr),
    known: &mut Connections,
    questions: &mut dns::Questions,
) -> Option<Upper> {
    let mut scan = Scan(text);
    let letters = scan.eat("Flags [").then(|| scan.until("]"))??;
    let (told, list) = match scan.0.split_once("options [") {
        Some((before, list)) => {
            let mut list = Scan(list);
            let options = list.until("]")?;
            scan = list;
            (before, Some(options))
        }
        None => (scan.0, None),
    };
    let length = number_after(scan.0, ", length ")?;
    let content = after(scan.0, ", length ")?.trim_start_matches(|letter: char| letter.is_ascii_digit());
    let numbers = Numbers {
        flags: LETTERS
            .iter()
            .enumerate()
            .filter(|(_, letter)| letters.contains(**letter))
            .map(|(bit, _)| 1 << bit)
            .sum(),
        seq: number_after(told, " seq "),
        ack: number_after(told, " ack ").unwrap_or(0),
        length,
    };
    let swapped = ends.0 > ends.1;
    let key = if swapped { [ends.1, ends.0] } else { [ends.0, ends.1] };
    let (seq, ack, base) = known.entry(key).or_default().place(&numbers, usize::from(swapped));
    let options = list.map(|list| options(list, base, ack)).unwrap_or_default();
    let mut bytes = Vec::with_capacity(HEADER + options.len());
    bytes.extend(ends.0.port().to_be_bytes());
    bytes.extend(ends.1.port().to_be_bytes());
    bytes.extend(seq.to_be_bytes());
    bytes.extend(ack.to_be_bytes());
    let words = ((HEADER + options.len()) / 4) as u16;
    bytes.extend((words << 12 | numbers.flags).to_be_bytes());
    bytes.extend(number_after::<u16>(told, " win ")?.to_be_bytes());
    bytes.extend([0; 2]);
    bytes.extend(number_after::<u16>(told, " urg ").unwrap_or(0).to_be_bytes());
    bytes.extend(options);
    let whole = bytes.len().checked_add(length as usize)?;
    bytes.extend(payload(content, ends, length as usize, questions));
    Some(Upper { protocol: TCP, bytes, length: whole, checksum: Some(CHECKSUM) })
}

impl Connection {
    /// Absolute sequence and acknowledgment number of a segment that end `from` sent, and what blocks of a selective
    /// acknowledgment count from.
    fn place(&mut self, told: &Numbers, from: usize) -> (u32, u32, Option<u32>) {
        let to = 1 - from.min(1);
        let acknowledges = told.flags & ACK != 0;
        let guess = self.at(from).unwrap_or(0);
        let (seq, ack, base) = match self.bases {
            _ if !acknowledges => (told.seq.unwrap_or(guess), told.ack, None),
            Some([first, second]) if told.flags & SYN == 0 => {
                let (own, other) = if from == 0 { (first, second) } else { (second, first) };
                let relative = *self.relative.get_or_insert_with(|| is_relative(told, own, other));
                let base = |number: u32, base| if relative { number.wrapping_add(base) } else { number };
                let guess = self.next.get(from).copied().flatten().unwrap_or(own.wrapping_add(1));
                let seq = told.seq.map_or(guess, |seq| base(seq, own));
                (seq, base(told.ack, other), relative.then_some(other))
            }
            _ => {
                let (seq, base) = (told.seq.unwrap_or(guess), told.ack.wrapping_sub(1));
                self.bases = Some(if from == 0 { [seq, base] } else { [base, seq] });
                self.relative = None;
                (seq, told.ack, Some(base))
            }
        };
        let taken =
            told.length.wrapping_add(u32::from(told.flags & SYN != 0)).wrapping_add(u32::from(told.flags & FIN != 0));
        let end = seq.wrapping_add(taken);
        // A retransmission does not take the next byte back.
        let is_news = self.at(from).is_none_or(|next| end.wrapping_sub(next) < 1 << 31) || told.flags & SYN != 0;
        if let Some(next) = self.next.get_mut(from).filter(|_| is_news) {
            *next = Some(end);
        }
        if let Some(next) = self.next.get_mut(to).filter(|next| next.is_none() && acknowledges) {
            *next = Some(ack);
        }
        (seq, ack, base)
    }

    fn at(&self, end: usize) -> Option<u32> {
        self.next.get(end).copied().flatten()
    }
}

/// Whether numbers are nearer to zero than to the bases.
fn is_relative(told: &Numbers, own: u32, other: u32) -> bool {
    let far = |number: u32, from: u32| u64::from(number.wrapping_sub(from).min(from.wrapping_sub(number)));
    let from_zero = told.seq.map_or(0, |seq| far(seq, 0)) + far(told.ack, 0);
    let from_bases = told.seq.map_or(0, |seq| far(seq, own)) + far(told.ack, other);
    from_zero < from_bases
}

/// The bytes of `mss 1460,sackOK,TS val 1 ecr 0,nop,wscale 7`, padded to a multiple of four.
fn options(list: &str, base: Option<u32>, ack: u32) -> Vec<u8> {
    let mut bytes = Vec::new();
    for option in list.split(',') {
        let known = one(option, base, ack).unwrap_or_default();
        if bytes.len() + known.len() <= MOST_OPTIONS {
            bytes.extend(known);
        }
    }
    bytes.resize(bytes.len().next_multiple_of(4), 0);
    bytes
}

/// `None` for an option whose value the line does not give.
fn one(option: &str, base: Option<u32>, ack: u32) -> Option<Vec<u8>> {
    let number = |key| number_after::<u32>(option, key);
    let mut bytes = match option.split(' ').next()? {
        "eol" => return Some(vec![0]),
        "nop" => return Some(vec![1]),
        "sackOK" => vec![4, 0],
        "mss" => [&[2, 0][..], &number_after::<u16>(option, "mss ")?.to_be_bytes()].concat(),
        "wscale" => vec![3, 0, number_after(option, "wscale ")?],
        "TS" => [&[8, 0][..], &number("val ")?.to_be_bytes(), &number("ecr ")?.to_be_bytes()].concat(),
        "sack" => {
            let mut bytes = vec![5, 0];
            for edge in option.split('{').skip(1).flat_map(|block| block.trim_end_matches('}').split(':')) {
                bytes.extend(block_edge(edge.parse().ok()?, base, ack).to_be_bytes());
            }
            bytes
        }
        "tfo" if option.ends_with("cookiereq") => vec![34, 0],
        _ => return None,
    };
    let length = u8::try_from(bytes.len()).ok()?;
    *bytes.get_mut(1)? = length;
    Some(bytes)
}

/// The absolute number of a block's edge. A first segment does not show whether its numbers count from the base: then the
/// one nearer to what it acknowledges is taken.
fn block_edge(number: u32, base: Option<u32>, ack: u32) -> u32 {
    let Some(base) = base else { return number };
    let moved = number.wrapping_add(base);
    let far = |number: u32| number.wrapping_sub(ack).min(ack.wrapping_sub(number));
    if far(moved) <= far(number) { moved } else { number }
}

/// The first bytes of data that the line shows: a line of a text protocol, a DNS message.
fn payload(content: &str, ends: (SocketAddr, SocketAddr), length: usize, questions: &mut dns::Questions) -> Vec<u8> {
    if let Some((_, lines)) = content.split_once('\n').filter(|(first, _)| first.contains(WORDS_FOLLOW)) {
        return [lines.split('\n').map(readable).collect::<Vec<_>>().join(&b"\r\n"[..]), b"\r\n".to_vec()].concat();
    }
    if let Some(text) = content.strip_prefix(": ").and_then(|content| after(content, ": ")) {
        return [&readable(text)[..], b"\r\n"].concat();
    }
    let message = content.strip_prefix(' ').filter(|_| length > 2);
    let message = message.and_then(|message| dns::message(message, ends, length - 2, questions));
    message.map(|message| [&(message.len() as u16).to_be_bytes()[..], &message].concat()).unwrap_or_default()
}
