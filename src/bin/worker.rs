//! The engine in a Web Worker.

fn main() {
    // Thrown here, the error fails the initialiser, whose caller (`static/worker_loader.js`) passes it on to the page.
    if let Err(error) = packet_theater::app::port::host::run() {
        wasm_bindgen::throw_val(error);
    }
}
