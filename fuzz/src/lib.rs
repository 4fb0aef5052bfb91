//! Bytes of the fuzzer → calls of Packet Theater's entries; `tests/fuzz_corpus.rs` includes both modules and replays them.

pub mod entries;
pub mod seeds;
