//! What only a browser can show: the core as wasm, run by wasm-bindgen's test runner in headless Chromium.
#![cfg(target_arch = "wasm32")]

use packet_theater::capture::{Source, open};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

#[wasm_bindgen_test]
fn a_file_that_is_no_capture_is_refused_in_wasm_too() {
    let bytes: &[u8] = b"<!DOCTYPE html>";
    assert_eq!(bytes.size(), 15);
    assert_eq!(open(bytes).err().map(|error| error.kind()), Some("not-a-capture"));
}
