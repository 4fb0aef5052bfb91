//! An HTTP/1 message → head, body by its length, by its chunks or up to the close, and the next message (RFC 9112).

use super::field::{Buffer, Field, Made, bits};
use super::framing::{Framing, MAX_ASKED, Talk};
use super::header::{Header, Next, Place, Step};
use super::http_fields::{BODY, CHUNK_DATA, CHUNK_END, CHUNK_SIZE, TRAILER};
use super::http_head::{self, Head};
use super::inflate::inflate;
use super::lines::{MAX_HEAD, lines, text};

/// Chunks of one body that are taken apart.
const MAX_CHUNKS: usize = 4096;
/// Digits of a chunk's size that make sense: 4 GiB.
const MAX_SIZE_DIGITS: usize = 8;

pub(super) fn fields() -> impl Iterator<Item = &'static Field> {
    super::http_fields::fields()
}

pub(super) fn knows(bytes: &[u8]) -> bool {
    http_head::knows(bytes)
}

/// How long a message is hangs on its head and, for an answer, on what was asked.
pub(super) fn framing(bytes: &[u8], talk: &mut Talk) -> Framing {
    if !http_head::begins(bytes) {
        return if http_head::may_begin(bytes) { Framing::More } else { Framing::Loose };
    }
    let Some(head) = Head::of(bytes) else {
        return if bytes.len() < MAX_HEAD { Framing::More } else { Framing::Loose };
    };
    let interim = matches!(head.code, 100..=199);
    let asked_for_body = head.request || interim || talk.asked.front() != Some(&false);
    let behind = bytes.get(head.size..).unwrap_or_default();
    let framing = match extent(&head, behind, asked_for_body) {
        Extent::Bytes(size) => Framing::Bytes(head.size.saturating_add(size)),
        Extent::More => return Framing::More,
        Extent::UntilClose => Framing::UntilClose,
    };
    if head.request && talk.asked.len() < MAX_ASKED {
        talk.asked.push_back(!matches!(head.method, b"HEAD" | b"CONNECT"));
    } else if !head.request && !interim {
        talk.asked.pop_front();
    }
    framing
}

enum Extent {
    Bytes(usize),
    More,
    UntilClose,
}

/// How far the body goes that begins `behind` (RFC 9112 §6.3).
fn extent(head: &Head, behind: &[u8], asked_for_body: bool) -> Extent {
    // To CONNECT and HEAD nothing but a head comes back; a refusal of CONNECT does have a body.
    let refusal = head.code >= 300 && !behind.is_empty() && !http_head::begins(behind);
    if head.bodiless() || (!asked_for_body && !refusal) {
        return Extent::Bytes(0);
    }
    if head.chunked {
        return match chunks(behind) {
            Chunks { size, whole: true, .. } => Extent::Bytes(size),
            Chunks { sound: false, .. } => Extent::UntilClose,
            _ => Extent::More,
        };
    }
    match head.length {
        Some(length) => Extent::Bytes(usize::try_from(length).unwrap_or(usize::MAX)),
        None if head.request => Extent::Bytes(0),
        None => Extent::UntilClose,
    }
}

pub(super) fn decode(header: &mut Header) -> Option<Step> {
    header.is("http", header.claimed());
    let bytes = header.rest(0);
    if !http_head::begins(bytes) {
        // Bytes of a message whose head was not seen.
        body(header, 0, bytes.len());
        return None;
    }
    let head = http_head::read(header)?;
    let behind = bytes.get(head.size..)?;
    // Where the answer to HEAD says a length, the next answer or nothing at all follows.
    let asked_for_body = head.request || !(behind.is_empty() || http_head::begins(behind));
    let size = match extent(&head, behind, asked_for_body) {
        Extent::Bytes(size) if head.chunked => return chunked(header, &head, size),
        Extent::More if head.chunked => return chunked(header, &head, header.claimed() - head.size),
        Extent::Bytes(size) => size,
        _ => header.claimed() - head.size,
    };
    let end = head.size.saturating_add(size);
    if end > header.claimed() {
        header.claims(&super::http_fields::LENGTH, head.size, size);
    }
    let end = end.min(header.claimed());
    if end < header.claimed() {
        let place = Place { start: header.place.start + end, ..header.place };
        header.also(Next::Same, place);
    }
    let here = behind.get(..size).unwrap_or(behind);
    if size == 0 {
        header.is("http", head.size);
        return None;
    }
    let place = Place { start: header.place.start + head.size, end: header.place.start + end, ..header.place };
    if let Some(plain) = inflate(head.encoding, here) {
        return unpacked(header, &head, plain);
    }
    if head.encoding.is_empty() {
        body(header, head.size, here.len());
    }
    follow(header, &head, end, place)
}

/// The body as a layer of its own, where the head says what it is.
fn follow(header: &mut Header, head: &Head, end: usize, place: Place) -> Option<Step> {
    if head.media.is_empty() {
        header.is("http", end);
        if header.have() < end {
            header.cut(head.size, end - head.size);
        }
        return None;
    }
    header.is("http", head.size);
    let next = if head.encoding.is_empty() { Next::Media(is_text(head.media)) } else { Next::Data };
    Some(Step { next, place })
}

fn body(header: &mut Header, at: usize, len: usize) {
    if let Some(bytes) = header.bytes(at, len).filter(|bytes| !bytes.is_empty()) {
        header.put(&BODY, bits(at as u32 * 8, len as u32 * 8), until_zero(bytes), String::new(), 0);
    }
}

/// Text ends where binary data begins.
fn until_zero(bytes: &[u8]) -> String {
    text(bytes.split(|byte| *byte == 0).next().unwrap_or_default())
}

/// Media types that are read line by line.
fn is_text(media: &[u8]) -> bool {
    let media = media.split(|byte| *byte == b';').next().unwrap_or_default().trim_ascii().to_ascii_lowercase();
    let (kind, name) = (media.starts_with(b"text/"), media.split(|byte| *byte == b'/').nth(1).unwrap_or_default());
    let names = ["javascript", "x-javascript", "json", "xml", "x-www-form-urlencoded", "x-ns-proxy-autoconfig"];
    kind || names.iter().any(|known| name == known.as_bytes()) || name.ends_with(b"+json") || name.ends_with(b"+xml")
}

/// A body that is not in the packet as it is: out of its chunks, or decompressed.
fn unpacked(header: &mut Header, head: &Head, bytes: Vec<u8>) -> Option<Step> {
    let shown = until_zero(&bytes);
    let len = bytes.len();
    header.is("http", head.size);
    if len == 0 {
        return None;
    }
    let place = header.spawn(Buffer { made: Made::Unpacked, bytes, parts: Vec::new() })?;
    header.generate(&BODY, shown, 0);
    if let Some(found) = header.layer.found.last_mut() {
        (found.buffer, found.at) = (place.buffer, bits(0, len as u32 * 8));
    }
    if head.media.is_empty() {
        return None;
    }
    Some(Step { next: Next::Media(is_text(head.media)), place })
}

/// A chunk of a body: where its size line begins, its data, and its length.
struct Chunk {
    line: usize,
    data: usize,
    len: usize,
}

/// The chunks at the beginning of some bytes.
struct Chunks {
    list: Vec<Chunk>,
    /// Where the line that says 0 begins and ends, where it is there.
    last: Option<(usize, usize)>,
    /// Bytes up to the end of the trailer, or as far as they make sense.
    size: usize,
    whole: bool,
    /// Every size so far is a number.
    sound: bool,
}

fn chunks(bytes: &[u8]) -> Chunks {
    let mut found = Chunks { list: Vec::new(), last: None, size: 0, whole: false, sound: true };
    while found.list.len() < MAX_CHUNKS {
        let at = found.size;
        let Some(line) = lines(bytes.get(at..).unwrap_or_default()).next().filter(|line| line.text.len() < line.next)
        else {
            return found;
        };
        let digits = line.text.split(|byte| *byte == b';').next().unwrap_or_default().trim_ascii();
        let digits = std::str::from_utf8(digits).ok().filter(|digits| digits.len() <= MAX_SIZE_DIGITS);
        let Some(len) = digits.and_then(|digits| usize::from_str_radix(digits, 16).ok()) else {
            found.sound = false;
            return found;
        };
        let data = at + line.next;
        if len == 0 {
            found.last = Some((at, data));
            let trailer = bytes.get(data..).unwrap_or_default();
            let empty = lines(trailer).find(|line| line.text.is_empty() && line.next > line.start);
            found.whole = empty.is_some();
            found.size = data + empty.map_or(trailer.len(), |line| line.next);
            return found;
        }
        let end = data.saturating_add(len).saturating_add(2);
        if end > bytes.len() {
            return found;
        }
        found.list.push(Chunk { line: at, data, len });
        found.size = end;
    }
    found.sound = false;
    found
}

/// Pushes the chunks and puts the body together; `size`: bytes of the body in chunks.
fn chunked(header: &mut Header, head: &Head, size: usize) -> Option<Step> {
    let bytes = header.rest(head.size);
    let found = chunks(bytes);
    let mut whole = Vec::new();
    let span = |from: usize, len: usize| bits((head.size + from) as u32 * 8, len as u32 * 8);
    for Chunk { line, data, len } in &found.list {
        header.put(&CHUNK_SIZE, span(*line, data - line), len.to_string(), String::new(), 0);
        header.at(&CHUNK_DATA, head.size + data, *len, 1)?;
        header.at(&CHUNK_END, head.size + data + len, 2, 1)?;
        whole.extend_from_slice(bytes.get(*data..data + len)?);
    }
    if let Some((line, end)) = found.last {
        header.put(&CHUNK_SIZE, span(line, end - line), "0".to_string(), String::new(), 0);
        let trailer = bytes.get(end..found.size)?;
        for line in lines(trailer).filter(|line| !line.text.is_empty()) {
            let at = span(end + line.start, line.next - line.start);
            header.put(&TRAILER, at, text(line.whole(trailer)), String::new(), 0);
        }
    }
    if !found.whole {
        let missing = size.saturating_sub(found.size).max(1);
        match found.sound {
            true => header.cut(head.size + found.size, missing),
            false => header.refuse(&CHUNK_SIZE, head.size + found.size, "The size of this chunk is no number."),
        }
    } else if head.size + found.size < header.claimed() {
        let place = Place { start: header.place.start + head.size + found.size, ..header.place };
        header.also(Next::Same, place);
    }
    let whole = inflate(head.encoding, &whole).unwrap_or(whole);
    unpacked(header, head, whole)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(talk: &mut Talk, bytes: &[u8]) -> Framing {
        framing(bytes, talk)
    }

    #[test]
    fn the_length_of_an_answer_hangs_on_what_was_asked() {
        let mut talk = Talk::default();
        for method in ["HEAD", "GET", "GET", "CONNECT"] {
            let request = format!("{method} / HTTP/1.1\r\nHost: a\r\n\r\nGET");
            assert_eq!(frame(&mut talk, request.as_bytes()), Framing::Bytes(request.len() - 3));
        }
        assert_eq!(frame(&mut talk, b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n"), Framing::Bytes(38));
        assert_eq!(frame(&mut talk, b"HTTP/1.1 100 Continue\r\n\r\n"), Framing::Bytes(25));
        assert_eq!(frame(&mut talk, b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n"), Framing::Bytes(43));
        assert_eq!(frame(&mut talk, b"HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n"), Framing::Bytes(48));
        assert_eq!(frame(&mut talk, b"HTTP/1.1 200 Connected\r\n\r\n"), Framing::Bytes(26));
        assert_eq!(frame(&mut talk, b"HTTP/1.0 200 OK\r\n\r\nno length"), Framing::UntilClose);
        assert_eq!(frame(&mut talk, b"HTTP/1.0 200 OK\r\n"), Framing::More);
        assert_eq!(frame(&mut talk, b"what else\r\n\r\n"), Framing::Loose);
    }

    #[test]
    fn chunks_end_with_an_empty_line() {
        let chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nX: y\r\n\r\nHTTP";
        let mut talk = Talk::default();
        for cut in 0..chunked.len() - 4 {
            assert_eq!(frame(&mut talk, &chunked[..cut]), Framing::More, "{cut}");
        }
        assert_eq!(frame(&mut talk, chunked), Framing::Bytes(chunked.len() - 4));
        let worse = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfive\r\nhello";
        assert_eq!(frame(&mut talk, worse), Framing::UntilClose);
    }
}
