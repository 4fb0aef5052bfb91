//! Sources → the built page, by trunk.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::lessons;
use crate::root;
use crate::setup::{self, Tools};
use crate::step::{run as run_command, step};
use crate::words;

/// How the page is built.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Quick to build and quick enough to use; not small.
    Serve,
    /// As small as it gets.
    Release,
}

/// `cargo xtask build`
pub fn run(arguments: &[String]) -> Result<(), String> {
    if let Some(other) = arguments.first() {
        return Err(format!("`build` takes no argument, but was given `{other}`"));
    }
    let dist = build(Mode::Release)?;
    println!("The page is in {}; copy it under any path of any static host.", dist.display());
    Ok(())
}

/// Sets up what building needs, builds, and returns the directory with the page.
pub fn build(mode: Mode) -> Result<PathBuf, String> {
    let tools = setup::page_tools(mode == Mode::Release)?;
    step("Bundle the lessons and the words", || bundle(&root()))?;
    step("Fetch the dependencies", || {
        run_command(Command::new("cargo").args(["fetch", "--locked", "--target", setup::WASM]).current_dir(root()))
    })?;
    let (directory, what) = match mode {
        Mode::Serve => (root().join("target/serve"), "Build the page (quick build; the first one takes a minute)"),
        Mode::Release => (root().join("dist"), "Build the page (release; takes a few minutes)"),
    };
    step(what, || trunk(&tools, mode, &directory))?;
    Ok(directory)
}

/// What index.html copies has to exist, even when there is nothing in it yet.
fn bundle(root: &Path) -> Result<(), String> {
    let samples = root.join("static/samples");
    fs::create_dir_all(&samples).map_err(|error| format!("cannot make {}: {error}", samples.display()))?;
    words::bundle(&root.join("target/lang"))?;
    lessons::bundle(&root.join("target/lessons"))
}

fn trunk(tools: &Tools, mode: Mode, directory: &Path) -> Result<(), String> {
    let mut command = tools.command("trunk");
    command.arg("build").arg("--dist").arg(directory).current_dir(root());
    match mode {
        Mode::Serve => command.args(["--cargo-profile", "serve"]),
        Mode::Release => command.arg("--release"),
    };
    // Trunk reads NO_COLOR as a flag of its own and takes only `true` or `false`.
    run_command(command.env_remove("NO_COLOR"))
}
