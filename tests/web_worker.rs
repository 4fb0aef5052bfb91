//! What needs a real worker: a blob read by slices.
#![cfg(target_arch = "wasm32")]

use js_sys::{Array, Uint8Array};
use packet_theater::app::port::BlobSource;
use packet_theater::capture::Source;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use web_sys::Blob;

wasm_bindgen_test_configure!(run_in_dedicated_worker);

fn source(bytes: &[u8]) -> BlobSource {
    let parts = Array::of1(&Uint8Array::from(bytes));
    let blob = Blob::new_with_u8_array_sequence(&parts).expect("a blob of bytes");
    BlobSource::new(blob).expect("workers have a FileReaderSync")
}

/// Every read gives the same bytes as a slice does, whether it is answered from the block read last or not.
#[wasm_bindgen_test]
fn reads_are_those_of_a_slice() {
    let bytes: Vec<u8> = (0..300_000_u32).map(|n| (n * 7 / 5) as u8).collect();
    let mut blob = source(&bytes);
    let mut slice = bytes.as_slice();
    assert_eq!(blob.size(), slice.size());
    let reads: [(u64, usize); 11] = [
        (0, 24),
        (24, 100),
        (60_000, 10_000),
        (0, 0),
        (65_535, 2),
        (100, 70_000),
        (299_999, 1),
        (299_990, 100),
        (300_000, 10),
        (u64::MAX, 10),
        (10, 300_000),
    ];
    for (offset, length) in reads {
        let (mut read, mut expected) = (vec![0; length], vec![0; length]);
        let count = blob.read_at(offset, &mut read).expect("a blob in memory can be read");
        assert_eq!(Ok(count), slice.read_at(offset, &mut expected), "{length} bytes at {offset}");
        assert_eq!(read, expected, "{length} bytes at {offset}");
    }
}
