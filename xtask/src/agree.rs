//! `cargo xtask agree PATH…` → how far we and tshark agree on the same packets, protocol by protocol, against the targets.
//!
//! A field is compared where both have it in the same packet: its printed value, and its bytes wherever tshark's range is a true
//! place in the frame. Fields of one key belong together that lie at the same place, the rest in their order. The lists of layers
//! are compared among the protocols that the tables here speak of. `scope` says which of tshark's fields count for coverage, and
//! `xtask/agree.allow` which differences have a reason. `--lines` compares `inspect lines` with tcpdump instead, and `--analysis`
//! what is said of each TCP segment with tshark's `tcp.analysis` fields. `--filter` asks tshark for the recorded filters again.

mod allow;
mod analysis;
mod captures;
mod compare;
mod filter;
mod lines;
mod pdml;
mod report;

mod scope;
mod walk;

use std::path::PathBuf;
use std::process::Command;

use allow::Allowed;
use compare::Tally;
use report::Report;
use scope::Scope;

use crate::root;
use crate::step::run as run_command;

/// Captures that are named one by one in the output; of more, only those that were left out.
const NAMED: usize = 20;

#[derive(Default)]
struct Options {
    paths: Vec<PathBuf>,
    sample: Option<usize>,
    seed: u64,
    /// Compare lines with tcpdump's instead of fields with tshark's.
    lines: bool,
    /// Compare the analysis of TCP segments.
    analysis: bool,
    /// Fail where a target is missed.
    enforce: bool,
    all: bool,
    /// This is the optimised build.
    built: bool,
}

pub fn run(arguments: &[String]) -> Result<(), String> {
    if arguments == ["--filter"] {
        return filter::run();
    }
    let options = Options::parse(arguments)?;
    if options.lines {
        return lines::run(&options.captures()?, options.all, options.enforce);
    }
    if options.is_large() {
        return optimised(arguments);
    }
    if options.analysis {
        return analysis::run(&options.captures()?, options.all, options.enforce);
    }
    let (captures, scope) = (options.captures()?, Scope::ask()?);
    let allowed = Allowed::read(&root().join("xtask/agree.allow"))?;
    let results = walk::each(&captures, |file| walk::compare(file, &scope));
    let (mut tally, mut left_out) = (Tally::default(), 0);
    for (file, (one, left_off)) in captures.iter().zip(results) {
        match left_off {
            None if captures.len() <= NAMED => println!("{:>7} frames  {}", one.packets, file.display()),
            None => {}
            Some(why) => {
                left_out += 1;
                println!("   left out     {}: {why}", file.display());
            }
        }
        tally.merge(one);
    }
    println!("{} captures, {left_out} of them left out wholly or from some frame on", captures.len());
    let reached = Report { scope: &scope, allowed, tally, all: options.all }.print();
    if options.enforce { reached } else { Ok(()) }
}

impl Options {
    fn parse(arguments: &[String]) -> Result<Options, String> {
        let mut options = Options { seed: 1, ..Options::default() };
        let mut rest = arguments.iter();
        while let Some(argument) = rest.next() {
            let mut number =
                || rest.next().and_then(|text| text.parse().ok()).ok_or(format!("{argument} needs a number"));
            match argument.as_str() {
                "--sample" => options.sample = Some(number()? as usize),
                "--seed" => options.seed = number()?,
                "--lines" => options.lines = true,
                "--analysis" => options.analysis = true,
                "--enforce" => options.enforce = true,
                "--all" => options.all = true,
                "--built" => options.built = true,
                other if other.starts_with("--") => return Err(format!("there is no option {other}")),
                path => options.paths.push(PathBuf::from(path)),
            }
        }
        if options.lines && options.paths.is_empty() {
            options.paths = ["tests/golden", "lessons"].map(|path| root().join(path)).to_vec();
        }
        if options.paths.is_empty() {
            return Err("say which captures: cargo xtask agree PATH… or agree --sample N --seed S PATH…".to_string());
        }
        Ok(options)
    }

    fn captures(&self) -> Result<Vec<PathBuf>, String> {
        match self.sample {
            None => captures::below(&self.paths),
            Some(count) => captures::sample(&self.paths, count, self.seed),
        }
    }

    fn is_large(&self) -> bool {
        !self.built && self.paths.iter().any(|path| path.is_dir())
    }
}

/// Compares in a process of its own, optimised but with every check for overflow: `cargo xtask` itself is built for a quick start.
fn optimised(arguments: &[String]) -> Result<(), String> {
    let mut command = Command::new("cargo");
    command.args(["run", "--quiet", "--profile", "proof", "--package", "xtask", "--manifest-path"]);
    command.arg(root().join("Cargo.toml")).args(["--", "agree", "--built"]).args(arguments);
    run_command(&mut command)
}
