//! The fuzz targets' seeds and every input that once broke something → the same entries, without a fuzzer.
//!
//! The seeds are made of the goldens and lessons as they are; `fuzz/regressions/TARGET/` has the findings. `cargo xtask fuzz` looks
//! for more.

#[path = "../fuzz/src/entries.rs"]
mod entries;
#[path = "../fuzz/src/seeds.rs"]
mod seeds;

use std::fs;
use std::panic::catch_unwind;
use std::path::Path;

#[test]
fn every_seed_passes_its_entry() {
    for (name, entry) in entries::ENTRIES {
        let seeds = seeds::seeds(name, Path::new(env!("CARGO_MANIFEST_DIR")));
        assert!(seeds.len() > 10, "{name} has {} seeds", seeds.len());
        seeds.iter().for_each(|seed| entry(seed));
    }
}

#[test]
fn every_seed_passes_the_entry_cut_short() {
    for (name, entry) in entries::ENTRIES {
        for seed in seeds::seeds(name, Path::new(env!("CARGO_MANIFEST_DIR"))).iter().step_by(7) {
            for cut in (0..seed.len()).step_by(1 + seed.len() / 16) {
                entry(&seed[..cut]);
            }
        }
    }
}

#[test]
fn what_once_broke_an_entry_passes() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/regressions");
    let mut broken = Vec::new();
    for (name, entry) in entries::ENTRIES {
        for file in fs::read_dir(folder.join(name)).into_iter().flatten().flatten() {
            let input = fs::read(file.path()).unwrap();
            if catch_unwind(|| entry(&input)).is_err() {
                broken.push(file.path());
            }
        }
    }
    assert!(broken.is_empty(), "{broken:#?}");
}
