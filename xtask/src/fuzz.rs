//! `cargo xtask fuzz [--seconds N] [TARGET…]`: seeds from the goldens → each fuzz target run for that long, and what it found.

#[allow(dead_code, reason = "only the names of the entries and their ports are needed here")]
#[path = "../../fuzz/src/entries.rs"]
mod entries;
#[path = "../../fuzz/src/seeds.rs"]
mod seeds;

use std::fs;
use std::process::{Command, Stdio};

use crate::root;

/// Seconds for each target.
const SECONDS: u64 = 300;
/// The longest input: longer ones are slower and show nothing that shorter ones cannot.
const LONGEST: usize = 32 * 1024;

pub fn run(arguments: &[String]) -> Result<(), String> {
    let (mut seconds, mut chosen) = (SECONDS, Vec::new());
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        match argument.as_str() {
            "--seconds" => {
                seconds = rest.next().and_then(|text| text.parse().ok()).ok_or("--seconds needs a number")?;
            }
            name => chosen.push(name),
        }
    }
    let names: Vec<&str> = entries::ENTRIES.iter().map(|(name, _)| *name).collect();
    if let Some(unknown) = chosen.iter().find(|name| !names.contains(name)) {
        return Err(format!("there is no fuzz target {unknown}: they are {}", names.join(", ")));
    }
    let found = Command::new("cargo").args(["fuzz", "--version"]).stdout(Stdio::null()).stderr(Stdio::null()).status();
    if !found.is_ok_and(|status| status.success()) {
        return Err("cargo-fuzz is missing; install it with: cargo install --locked cargo-fuzz --version 0.13.2".into());
    }
    let mut broken = Vec::new();
    for name in names.iter().filter(|name| chosen.is_empty() || chosen.contains(name)) {
        let seeds = write_seeds(name)?;
        println!("▸ {name}: {seeds} seeds, {seconds} s");
        if !fuzz(name, seconds)? {
            broken.push(*name);
        }
    }
    match broken.is_empty() {
        true => Ok(()),
        false => Err(format!("inputs that break {} lie in fuzz/artifacts/", broken.join(", "))),
    }
}

/// Writes the seeds into the target's corpus, where the fuzzer keeps what it learns, and says how many there are.
fn write_seeds(name: &str) -> Result<usize, String> {
    let folder = root().join("fuzz/corpus").join(name);
    let write = || -> std::io::Result<usize> {
        fs::create_dir_all(&folder)?;
        let seeds = seeds::seeds(name, &root());
        for (number, seed) in seeds.iter().enumerate() {
            fs::write(folder.join(format!("seed-{number}")), seed)?;
        }
        Ok(seeds.len())
    };
    write().map_err(|error| format!("{}: {error}", folder.display()))
}

/// Whether the target ran its time without a finding. Without a sanitizer: there is no `unsafe` for one to look at.
fn fuzz(name: &str, seconds: u64) -> Result<bool, String> {
    let mut command = Command::new("cargo");
    command.env("RUSTUP_TOOLCHAIN", "nightly").current_dir(root());
    command.args(["fuzz", "run", "--sanitizer", "none", name, "--"]);
    command.args([format!("-max_total_time={seconds}"), format!("-max_len={LONGEST}")]);
    command.args(["-timeout=10", "-print_final_stats=1", "-verbosity=0"]);
    let output = command.output().map_err(|error| format!("cargo fuzz: {error}"))?;
    let text = String::from_utf8_lossy(&output.stderr);
    let count = text.lines().find_map(|line| line.strip_prefix("stat::number_of_executed_units:"));
    println!("  {} executions", count.unwrap_or("unknown number of").trim());
    if !output.status.success() {
        let said = text.lines().skip_while(|line| !line.contains("panicked at") && !line.starts_with("==")).take(3);
        let input = text.lines().filter(|line| line.contains("Test unit written"));
        said.chain(input).for_each(|line| println!("    {line}"));
    }
    Ok(output.status.success())
}
