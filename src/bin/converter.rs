//! What makes captures of gzip data and of text, in a Web Worker of its own.

fn main() {
    // Thrown here, the error fails the initialiser, whose caller (`static/worker_loader.js`) passes it on.
    if let Err(error) = packet_theater::app::port::converter::run() {
        wasm_bindgen::throw_val(error);
    }
}
