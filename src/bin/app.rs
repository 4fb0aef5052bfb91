//! The page: mounts the Yew app.

fn main() {
    packet_theater::app::start();
}
