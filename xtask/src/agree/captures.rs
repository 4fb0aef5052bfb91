//! Paths → the captures that are compared: files as they are named, directories with all that lies below them, or a sample.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

/// First four bytes of the files below a directory that count: pcap in both resolutions and byte orders and Kuznetzov's
/// modified one, pcapng, snoop, and anything that gzip compressed.
const MAGIC: [&[u8]; 9] = [
    &[0xa1, 0xb2, 0xc3, 0xd4],
    &[0xd4, 0xc3, 0xb2, 0xa1],
    &[0xa1, 0xb2, 0x3c, 0x4d],
    &[0x4d, 0x3c, 0xb2, 0xa1],
    &[0xa1, 0xb2, 0xcd, 0x34],
    &[0x34, 0xcd, 0xb2, 0xa1],
    &[0x0a, 0x0d, 0x0d, 0x0a],
    b"snoo",
    &[0x1f, 0x8b],
];

/// All captures below `roots`, sorted; a root that is a file counts whatever its first bytes are.
pub fn below(roots: &[PathBuf]) -> Result<Vec<PathBuf>, String> {
    let mut captures = Vec::new();
    for root in roots {
        if root.is_file() {
            captures.push(root.clone());
            continue;
        }
        collect(root, &mut captures).map_err(|error| format!("{}: {error}", root.display()))?;
    }
    captures.sort();
    captures.dedup();
    Ok(captures)
}

/// Draws `count` of the captures below `roots`; the same seed draws the same ones.
pub fn sample(roots: &[PathBuf], count: usize, seed: u64) -> Result<Vec<PathBuf>, String> {
    let mut captures = below(roots)?;
    let mut random = SplitMix(seed);
    for i in 0..count.min(captures.len()) {
        let other = i + (random.next() % (captures.len() - i) as u64) as usize;
        captures.swap(i, other);
    }
    captures.truncate(count);
    captures.sort();
    Ok(captures)
}

fn collect(path: &Path, captures: &mut Vec<PathBuf>) -> std::io::Result<()> {
    if path.is_dir() {
        for entry in fs::read_dir(path)? {
            collect(&entry?.path(), captures)?;
        }
    } else {
        let mut magic = [0; 4];
        let read = fs::File::open(path)?.read_exact(&mut magic);
        if read.is_ok() && MAGIC.iter().any(|known| magic.starts_with(known)) {
            captures.push(path.to_path_buf());
        }
    }
    Ok(())
}

/// Steele, Lea and Flood's generator: small, and the same everywhere.
struct SplitMix(u64);

impl SplitMix {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
}
