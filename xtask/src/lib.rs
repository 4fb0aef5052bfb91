//! What the commands share with the browser tests: a web server for a built page, and who runs it.

pub mod server;

use std::process::Command;

/// Chromium's sandbox does not work for root, and only root installs packages.
pub fn is_root() -> bool {
    Command::new("id").arg("-u").output().is_ok_and(|output| output.stdout.trim_ascii() == b"0")
}
