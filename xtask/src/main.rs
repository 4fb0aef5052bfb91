//! `cargo xtask COMMAND` → the project's work, from setting up a machine to the figures in benches/README.md.

mod agree;
mod bench;
mod check;
mod fuzz;
mod inspect;
mod kernel;
mod lessons;
mod page;
mod serve;
mod setup;
mod size;
mod step;
mod test;
mod terms;
mod words;

use std::path::PathBuf;
use std::process::ExitCode;

struct Command {
    name: &'static str,
    arguments: &'static str,
    about: &'static str,
    run: fn(&[String]) -> Result<(), String>,
}

impl Command {
    const fn new(
        name: &'static str,
        arguments: &'static str,
        about: &'static str,
        run: fn(&[String]) -> Result<(), String>,
    ) -> Command {
        Command { name, arguments, about, run }
    }
}

/// Every command, in the order of the help text.
const COMMANDS: &[Command] = &[
    Command::new("serve", "[--port N]", "set up, build and serve the page on 127.0.0.1", serve::run),
    Command::new("test", "", "set up and pass every test: native, wasm, and of the built page in Chromium", test::run),
    Command::new("build", "", "build dist/ for any static host", page::run),
    Command::new(
        "inspect",
        "layers|conversations|lines FILE [-o OUT]",
        "print what the engine finds in a capture; save it as OUT",
        inspect::run,
    ),
    Command::new("check", "", "formatting, clippy for native and wasm, and the tidy test", check::run),
    Command::new(
        "agree",
        "[--enforce] [--analysis] PATH… | --lines [PATH…] | --filter",
        "compare every field, the analysis of TCP or the recorded filters with tshark's, or every line with tcpdump's",
        agree::run,
    ),
    Command::new(
        "kernel",
        "[--keep FOLDER] [SCENARIO…]",
        "hold the engine's TCP states against those of two real hosts (Linux, root)",
        kernel::run,
    ),
    Command::new("fuzz", "[--seconds N] [TARGET…]", "throw damaged input at every entry (needs cargo-fuzz)", fuzz::run),
    Command::new("size", "", "what the page weighs after brotli, against its budgets", size::run),
    Command::new("bench", "[native|browser]", "take the figures of benches/README.md", bench::run),
    Command::new("record", "LESSON", "record a lesson's capture and terminals again (Linux, root)", lessons::record),
];

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let Some((name, rest)) = arguments.split_first() else {
        print!("{}", help());
        return ExitCode::SUCCESS;
    };
    if matches!(name.as_str(), "help" | "-h" | "--help") {
        print!("{}", help());
        return ExitCode::SUCCESS;
    }
    let Some(command) = COMMANDS.iter().find(|command| command.name == name) else {
        eprintln!("error: there is no command `{name}`\n\n{}", help());
        return ExitCode::FAILURE;
    };
    match (command.run)(rest) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn help() -> String {
    let mut text = String::from("Packet Theater's commands: cargo xtask COMMAND\n\n");
    for Command { name, arguments, about, .. } in COMMANDS {
        text += &format!("  {:<36} {about}\n", format!("{name} {arguments}"));
    }
    text
}

/// The project's directory: where Cargo.toml, index.html and lessons/ are.
pub fn root() -> PathBuf {
    // Cargo tells where it runs the program from; the path of the build is right only until the clone is moved.
    let manifest =
        std::env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| env!("CARGO_MANIFEST_DIR").into(), PathBuf::from);
    manifest.parent().map_or_else(|| PathBuf::from("."), PathBuf::from)
}
