#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| packet_theater_fuzz::entries::text(data));
