//! Captured bytes → a growing line: reads that stop where the capture stops, and the words that tcpdump uses for that.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// A read went past the captured bytes. The line ends with `[|protocol]`, as tcpdump's does.
pub(super) struct Cut;

pub(super) type Printed = Result<(), Cut>;

/// Captured bytes from the start of a header on. Offsets and lengths are in bytes.
#[derive(Clone, Copy)]
pub(super) struct Data<'a>(pub &'a [u8]);

impl<'a> Data<'a> {
    pub fn take(self, at: usize, count: usize) -> Result<&'a [u8], Cut> {
        let end = at.checked_add(count).ok_or(Cut)?;
        self.0.get(at..end).ok_or(Cut)
    }

    fn array<const N: usize>(self, at: usize) -> Result<[u8; N], Cut> {
        self.take(at, N)?.try_into().map_err(|_| Cut)
    }

    pub fn u8(self, at: usize) -> Result<u8, Cut> {
        self.0.get(at).copied().ok_or(Cut)
    }

    pub fn u16(self, at: usize) -> Result<u16, Cut> {
        self.array(at).map(u16::from_be_bytes)
    }

    pub fn u32(self, at: usize) -> Result<u32, Cut> {
        self.array(at).map(u32::from_be_bytes)
    }

    pub fn v4(self, at: usize) -> Result<Ipv4Addr, Cut> {
        self.array::<4>(at).map(Ipv4Addr::from)
    }

    pub fn v6(self, at: usize) -> Result<V6, Cut> {
        self.array::<16>(at).map(|octets| V6(Ipv6Addr::from(octets)))
    }

    /// All from `at` on; nothing when the capture ends before.
    pub fn from(self, at: usize) -> Data<'a> {
        Data(self.0.get(at..).unwrap_or_default())
    }

    /// At most `count` bytes: what lies behind belongs to somebody else (padding of the frame).
    pub fn first(self, count: usize) -> Data<'a> {
        Data(self.0.get(..count).unwrap_or(self.0))
    }
}

/// An IPv6 address as tcpdump writes it: like Rust does, but for `::192.0.2.1`, which Rust writes as `::c000:201`.
#[derive(Clone, Copy)]
pub(super) struct V6(pub Ipv6Addr);

impl fmt::Display for V6 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.segments() {
            [0, 0, 0, 0, 0, 0, high, low] if high != 0 => {
                write!(f, "::{}", Ipv4Addr::from((u32::from(high) << 16) | u32::from(low)))
            }
            _ => self.0.fmt(f),
        }
    }
}

/// Bytes as colon-separated hexadecimal, the way hardware addresses are written.
pub(super) struct Hex<'a>(pub &'a [u8], pub &'static str);

impl fmt::Display for Hex<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, byte) in self.0.iter().enumerate() {
            write!(f, "{}{byte:02x}", if place == 0 { "" } else { self.1 })?;
        }
        Ok(())
    }
}

pub(super) fn mac(bytes: &[u8]) -> Hex<'_> {
    Hex(bytes, ":")
}

/// The line under construction.
pub(super) struct Line {
    pub out: String,
    /// What a cut is reported as.
    pub protocol: &'static str,
    /// Sequence numbers that count as 0 for the sender and for the receiver.
    pub bases: Option<(u32, u32)>,
    /// For the ladder: an opening too is numbered relative to `bases`.
    pub ladder: bool,
    /// Where the words begin that follow the outermost addresses.
    pub body: Option<usize>,
    /// Tunnels that the line went into.
    pub tunnels: u32,
}

/// Appends formatted text to a line.
macro_rules! say {
    ($line:expr, $($format:tt)+) => { $line.say(format_args!($($format)+)) };
}
pub(super) use say;

impl Line {
    pub fn say(&mut self, words: fmt::Arguments<'_>) {
        // Writing to a String cannot fail.
        let _ = fmt::Write::write_fmt(&mut self.out, words);
    }

    pub fn cut(&mut self) {
        let protocol = self.protocol;
        say!(self, " [|{protocol}]");
    }

    pub fn invalid(&mut self) {
        say!(self, " (invalid)");
    }

    /// Bytes of text that a protocol claims to be readable; others are shown as `^X` and `M-X`.
    pub fn readable(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            let low = byte & 0x7f;
            let sign = if byte > 0x7f { "M-" } else { "" };
            match low {
                0x20..=0x7e => say!(self, "{sign}{}", char::from(low)),
                _ => say!(self, "{sign}^{}", char::from(low ^ 0x40)),
            }
        }
    }
}

/// Who talks to whom.
#[derive(Clone, Copy)]
pub(super) struct Ends {
    pub source: IpAddr,
    pub destination: IpAddr,
    /// The addresses stand in the line already (behind IPv6 extension headers); only ports are left to say.
    pub said: bool,
}

impl Ends {
    pub fn print(&self, line: &mut Line) {
        say!(line, "{} > {}: ", Written(self.source), Written(self.destination));
        line.body.get_or_insert(line.out.len());
    }

    pub fn print_ports(&self, line: &mut Line, source: u16, destination: u16) {
        if self.said {
            say!(line, "{source} > {destination}: ");
        } else {
            say!(line, "{}.{source} > {}.{destination}: ", Written(self.source), Written(self.destination));
        }
        line.body.get_or_insert(line.out.len());
    }
}

struct Written(IpAddr);

impl fmt::Display for Written {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            IpAddr::V4(address) => address.fmt(f),
            IpAddr::V6(address) => V6(address).fmt(f),
        }
    }
}
