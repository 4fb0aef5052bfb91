//! Directories + a seed → the captures that are compared.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

/// First four bytes of the files that count: pcap in both resolutions and byte orders, pcapng.
const MAGIC: [[u8; 4]; 5] = [
    [0xa1, 0xb2, 0xc3, 0xd4],
    [0xd4, 0xc3, 0xb2, 0xa1],
    [0xa1, 0xb2, 0x3c, 0x4d],
    [0x4d, 0x3c, 0xb2, 0xa1],
    [0x0a, 0x0d, 0x0d, 0x0a],
];

/// Sorts all captures below `roots` and draws `count` of them; the same seed draws the same ones.
pub fn choose(roots: &[PathBuf], count: usize, seed: u64) -> Result<Vec<PathBuf>, String> {
    let mut captures = Vec::new();
    for root in roots {
        collect(root, &mut captures).map_err(|error| format!("{}: {error}", root.display()))?;
    }
    captures.sort();
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
        if fs::File::open(path)?.read_exact(&mut magic).is_ok() && MAGIC.contains(&magic) {
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
