//! A line of a hexadecimal dump (tcpdump, tshark and Wireshark, hexdump, xxd, od) → its offset and bytes.

/// Bytes of a line where a program does not group them otherwise.
const LINE: usize = 16;

#[derive(Debug, PartialEq, Eq)]
pub(super) struct Dump {
    /// The offset read as hexadecimal and, where it can be, as octal: `od` counts so unless it is told otherwise.
    offsets: [Option<usize>; 2],
    pub bytes: Vec<u8>,
    /// Its offset has `0x` in front: it follows a line of tcpdump.
    pub marked: bool,
    /// It begins with a tab and a blank: `tcpdump -v` shows a part of a packet in this way.
    pub nested: bool,
}

impl Dump {
    pub fn is_at(&self, offset: usize) -> bool {
        self.offsets.contains(&Some(offset))
    }

    /// The offset that continues `length` bytes after some that were left out because they repeat.
    pub fn skips_to(&self, length: usize) -> Option<usize> {
        self.offsets.iter().flatten().copied().find(|&offset| offset > length && (offset - length).is_multiple_of(LINE))
    }
}

/// `None` for a line that is no dump. An offset alone is one: it ends the dumps of hexdump and od.
pub(super) fn parse(line: &str) -> Option<Dump> {
    let text = line.trim_start();
    let (marked, text) = text.strip_prefix("0x").map_or((false, text), |text| (true, text));
    let end = text.find(|letter: char| !letter.is_ascii_hexdigit()).unwrap_or(text.len());
    let (offset, rest) = text.split_at(end);
    if !(4..=8).contains(&offset.len()) {
        return None;
    }
    let offsets = [16, 8].map(|radix| usize::from_str_radix(offset, radix).ok());
    let nested = line.starts_with("\t ");
    if let Some(rest) = rest.strip_prefix(':') {
        let bytes = groups(rest.trim_start())?;
        return Some(Dump { offsets, bytes, marked, nested });
    }
    let is_end = rest.trim().is_empty() && offset.len() >= 6;
    if marked || !(is_end || rest.starts_with([' ', '\t'])) {
        return None;
    }
    let bytes = if is_end { Vec::new() } else { pairs(rest.trim_start())? };
    Some(Dump { offsets, bytes, marked, nested })
}

/// Groups of any size up to two blanks, behind which the characters stand (tcpdump, xxd).
fn groups(text: &str) -> Option<Vec<u8>> {
    let text = text.split("  ").next().unwrap_or_default();
    let mut bytes = Vec::with_capacity(LINE);
    for group in text.split_whitespace() {
        bytes.extend(hex(group)?);
    }
    (!bytes.is_empty()).then_some(bytes)
}

/// Single bytes up to a wide gap or a bar, behind which the characters stand; in the middle of a line the gap is two
/// blanks. Groups of four digits are hexdump's own words, whose bytes stand in the order of little-endian machines.
fn pairs(text: &str) -> Option<Vec<u8>> {
    let mut rest = text.split(" |").next().unwrap_or_default().trim_end();
    let mut bytes = Vec::with_capacity(LINE);
    while bytes.len() < LINE {
        let end = rest.find(' ').unwrap_or(rest.len());
        let (group, behind) = rest.split_at(end);
        let Some(mut group) = hex(group).filter(|group| group.len() <= 2) else { break };
        group.reverse();
        bytes.extend(group);
        let blanks = behind.len() - behind.trim_start_matches(' ').len();
        if blanks == 0 || blanks > 2 || (blanks == 2 && bytes.len() != LINE / 2) {
            break;
        }
        rest = behind.get(blanks..).unwrap_or_default();
    }
    (!bytes.is_empty()).then_some(bytes)
}

fn hex(digits: &str) -> Option<Vec<u8>> {
    let digits = digits.as_bytes();
    if digits.is_empty() || !digits.len().is_multiple_of(2) {
        return None;
    }
    let nibble = |digit: &u8| char::from(*digit).to_digit(16);
    digits.chunks_exact(2).map(|pair| Some((nibble(pair.first()?)? << 4 | nibble(pair.get(1)?)?) as u8)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(line: &str, offset: usize, bytes: &[u8]) {
        let dump = parse(line).expect("a dump");
        assert!(dump.is_at(offset), "{dump:?}");
        assert_eq!(dump.bytes, bytes);
    }

    #[test]
    fn every_program_has_its_own_form() {
        check("\t0x0010:  4500 003c 1c", 16, &[0x45, 0, 0, 0x3c, 0x1c]);
        check("\t0x0010:  6162                                     ab", 16, b"ab");
        check("00000000: 4500 003c 61                             E..<a", 0, &[0x45, 0, 0, 0x3c, 0x61]);
        check("0020  61 62 63 64 65 66 67 68                           abcdefgh", 32, b"abcdefgh");
        check("00000010  61 62 63 64 65 66 67 68  69 6a                    |abcdefghij|", 16, b"abcdefghij");
        check("000020 61 62", 32, b"ab");
        check("0000020 61 62", 16, b"ab");
        check("0000000 6261 6463", 0, b"abcd");
        check("0000012", 10, &[]);
        check("0000  41 20 7c 42 63 64 65 66 67 68 69 6a 6b 6c 6d 6e   A |Bcdefghijklmn", 0, b"A |Bcdefghijklmn");
    }

    #[test]
    fn other_lines_are_none() {
        for line in
            ["", "abcd", "12:34:56.789 IP x", "face the 1234", "0x0000", "IP 192.0.2.1 > 192.0.2.2: x", "2026-11-22"]
        {
            assert_eq!(parse(line), None, "{line}");
        }
    }
}
