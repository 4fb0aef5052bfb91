//! `cargo xtask check`: what a change has to pass before anybody reads it; under a minute when warm.

use std::process::Command;

use crate::root;
use crate::setup::{self, WASM};
use crate::step::{run as run_command, step};

pub fn run(arguments: &[String]) -> Result<(), String> {
    if let Some(other) = arguments.first() {
        return Err(format!("`check` takes no argument, but was given `{other}`"));
    }
    setup::wasm_target()?;
    let deny = ["--", "--deny", "warnings"];
    step("Formatting (mend: cargo fmt --all)", || cargo(&["fmt", "--all", "--check"], &[]))?;
    step("Clippy, native", || cargo(&["clippy", "--workspace", "--all-targets"], &deny))?;
    step("Clippy, wasm", || {
        cargo(
            &[
                "clippy",
                "--target",
                WASM,
                "--features",
                "web",
                "--lib",
                "--bins",
                "--test",
                "web",
                "--test",
                "web_worker",
            ],
            &deny,
        )
    })?;
    step("Tidy", || cargo(&["test", "--test", "tidy"], &[]))
}

fn cargo(arguments: &[&str], rest: &[&str]) -> Result<(), String> {
    run_command(Command::new("cargo").args(arguments).args(rest).current_dir(root()))
}
