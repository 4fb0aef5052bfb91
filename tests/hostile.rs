//! Golden captures, cut at every byte and with bytes flipped → layers all the same: no panic, and no bit outside of the frame.

use std::fs;
use std::path::Path;

use packet_theater::capture::{self, LinkType};
use packet_theater::protocol::{Context, dissect, peek};

/// Damaged copies of each frame.
const COPIES: u64 = 200;

#[test]
fn frames_cut_at_every_byte() {
    each_frame(|link, length, bytes| {
        let whole = dissect(link, bytes, length, &Context::default());
        // Where the last layer reaches the frame's end and nothing is quoted, whatever is cut off must be missed.
        let full = whole.layers.last().is_some_and(|layer| layer.pos + layer.size == length);
        let quotes = whole.layers.iter().filter(|layer| layer.protocol.starts_with("ip")).count() > 1;
        for cut in 0..bytes.len() {
            check(link, &bytes[..cut], length);
            let stop = dissect(link, &bytes[..cut], length, &Context::default()).stop;
            assert!(stop.is_some() || !full || quotes, "cut at {cut}, and nothing says so: {bytes:02x?}");
            // The same bytes, but as if no more had been on the wire.
            check(link, &bytes[..cut], cut as u32);
        }
    });
}

#[test]
fn frames_with_random_bytes_flipped() {
    let mut random = Random(1);
    each_frame(|link, length, bytes| {
        for _ in 0..COPIES {
            let mut damaged = bytes.to_vec();
            for _ in 0..=random.below(4) {
                // Headers lie in front, so most damage goes there.
                let reach = if random.below(4) == 0 { damaged.len() } else { damaged.len().min(100) };
                damaged[random.below(reach as u64) as usize] = random.below(256) as u8;
            }
            check(link, &damaged, length);
        }
    });
}

#[test]
fn noise_under_every_link_type() {
    let mut random = Random(2);
    for _ in 0..20_000 {
        let link = [LinkType::ETHERNET, LinkType::RAW, LinkType::NULL, LinkType::LINUX_SLL, LinkType::LINUX_SLL2];
        let link = link[random.below(link.len() as u64) as usize];
        let noise: Vec<u8> = (0..random.below(80)).map(|_| random.below(256) as u8).collect();
        check(link, &noise, noise.len() as u32 + random.below(3) as u32);
    }
}

fn check(link: LinkType, bytes: &[u8], length: u32) {
    peek(link, bytes, length);
    let packet = dissect(link, bytes, length, &Context::default());
    let end = bytes.len() as u32;
    for layer in &packet.layers {
        assert!(layer.pos <= end && layer.pos + layer.size <= end, "{} leaves the frame: {bytes:02x?}", layer.protocol);
        for found in &layer.found {
            let inside = found.at.pos + found.at.len <= end * 8;
            assert!(inside, "{} leaves the frame of {end} bytes: {:?} {bytes:02x?}", found.field.key, found.at);
        }
    }
}

fn each_frame(mut visit: impl FnMut(LinkType, u32, &[u8])) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "pcap") {
            continue;
        }
        let file = fs::read(&path).unwrap();
        let mut reader = capture::open(&file[..]).unwrap();
        while let Some((record, bytes)) = reader.next().unwrap() {
            visit(record.link, record.length, bytes);
        }
    }
}

/// Marsaglia's xorshift: the same damage every time.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % bound.max(1)
    }
}
