//! A piece of work → lines that say what is done and how long it took.

use std::process::Command;
use std::time::Instant;

/// Says what happens, does it, and says how long it took.
pub fn step<T>(what: &str, work: impl FnOnce() -> Result<T, String>) -> Result<T, String> {
    println!("▸ {what}");
    let started = Instant::now();
    let result = work();
    let verdict = if result.is_ok() { "done" } else { "FAILED" };
    println!("  {verdict} in {:.1} s: {what}", started.elapsed().as_secs_f64());
    result
}

/// Runs a command with its output shown; an error when it cannot start or does not succeed.
pub fn run(command: &mut Command) -> Result<(), String> {
    println!("  $ {}", words(command));
    let status = command.status().map_err(|error| format!("cannot start `{}`: {error}", words(command)))?;
    if status.success() { Ok(()) } else { Err(format!("`{}` ended with {status}", words(command))) }
}

/// What a command prints to its standard output; an error when it cannot start or does not succeed.
pub fn output(command: &mut Command) -> Result<String, String> {
    let output = command.output().map_err(|error| format!("cannot start `{}`: {error}", words(command)))?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    Err(format!(
        "`{}` ended with {}: {}",
        words(command),
        output.status,
        String::from_utf8_lossy(&output.stderr).trim()
    ))
}

fn words(command: &Command) -> String {
    let program = command.get_program().to_string_lossy().into_owned();
    command.get_args().fold(program, |line, word| line + " " + &word.to_string_lossy())
}
