//! A machine with only Rust → one with the pinned tools: found on PATH, else installed once into a per-user cache.

use std::env;
use std::ffi::OsString;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::step::{output, run, step};

/// The target that the page is compiled for.
pub const WASM: &str = "wasm32-unknown-unknown";

/// A tool in exactly one version: with another one trunk refuses to work or the built page breaks.
struct Tool {
    /// Name in the registry that it comes from.
    package: &'static str,
    version: &'static str,
    /// What is run, and what its `--version` has to print among its words.
    program: &'static str,
    prints: &'static str,
    /// Where its programs are under the directory that it is installed into.
    programs: &'static str,
    install: fn(&Tool, &Path) -> Result<(), String>,
    /// Said before an installation.
    patience: &'static str,
}

const TRUNK: Tool = Tool {
    package: "trunk",
    version: "0.21.14",
    program: "trunk",
    prints: "0.21.14",
    programs: "bin",
    install: cargo_install,
    patience: "once, about 6 minutes",
};

/// The same version as the library `wasm-bindgen` in Cargo.toml.
const BINDGEN: Tool = Tool {
    package: "wasm-bindgen-cli",
    version: "0.2.129",
    program: "wasm-bindgen",
    prints: "0.2.129",
    programs: "bin",
    install: cargo_install,
    patience: "once, about 3 minutes",
};

const WASM_OPT: Tool = Tool {
    package: "binaryen",
    version: "132",
    program: "wasm-opt",
    prints: "version_132",
    programs: "node_modules/.bin",
    install: npm_install,
    patience: "once, a few seconds",
};

/// Directories with the tools that are not on PATH.
pub struct Tools(Vec<PathBuf>);

impl Tools {
    /// A command that finds the tools before anything else on PATH.
    pub fn command(&self, program: &str) -> Command {
        // Some systems look a bare name up on the parent's PATH, so it is resolved here.
        let file = self.0.iter().map(|directory| directory.join(program)).find(|file| file.is_file());
        let mut command = Command::new(file.unwrap_or_else(|| program.into()));
        command.env("PATH", self.path());
        command
    }

    fn path(&self) -> OsString {
        let rest = env::var_os("PATH").unwrap_or_default();
        let all = self.0.iter().cloned().chain(env::split_paths(&rest));
        env::join_paths(all).unwrap_or(rest)
    }
}

/// What building the page needs; wasm-opt (and npm for it) only for the small one.
pub fn page_tools(small: bool) -> Result<Tools, String> {
    wasm_target()?;
    let mut directories = vec![provide(&BINDGEN)?, provide(&TRUNK)?];
    if small {
        directories.push(provide(&WASM_OPT)?);
    }
    Ok(Tools(directories.into_iter().flatten().collect()))
}

/// What running tests of the wasm build needs, beside a browser.
pub fn bindgen() -> Result<Tools, String> {
    wasm_target()?;
    Ok(Tools(provide(&BINDGEN)?.into_iter().collect()))
}

/// The standard library for the page's target.
pub fn wasm_target() -> Result<(), String> {
    let sysroot = output(Command::new("rustc").args(["--print", "sysroot"]))?;
    if Path::new(sysroot.trim()).join("lib/rustlib").join(WASM).is_dir() {
        return Ok(());
    }
    if find("rustup").is_none() {
        return Err(format!(
            "Rust's {WASM} target is missing and there is no rustup to add it: install the target the way Rust was installed"
        ));
    }
    step("Add the wasm target to Rust", || run(Command::new("rustup").args(["target", "add", WASM])))
}

/// The directory to put in front of PATH, or `None` when the tool on PATH is the right one.
fn provide(tool: &Tool) -> Result<Option<PathBuf>, String> {
    if fits(tool, Path::new(tool.program)) {
        return Ok(None);
    }
    let cache = cache()?;
    let home = cache.join(format!("{}-{}", tool.package, tool.version));
    let programs = home.join(tool.programs);
    if fits(tool, &programs.join(tool.program)) {
        return Ok(Some(programs));
    }
    let told = |error: std::io::Error| format!("cannot write to {}: {error}", cache.display());
    fs::create_dir_all(&cache).map_err(told)?;
    // Two commands at once install a tool one after the other, and the second finds it there.
    let lock = File::create(cache.join("lock")).map_err(told)?;
    lock.lock().map_err(told)?;
    if fits(tool, &programs.join(tool.program)) {
        return Ok(Some(programs));
    }
    step(&format!("Install {} {} into {} ({})", tool.package, tool.version, home.display(), tool.patience), || {
        // The tool appears under its name only when it is whole, so an interrupted installation is begun afresh.
        let unfinished = cache.join(format!("unfinished-{}", tool.package));
        for leftover in [&unfinished, &home] {
            if leftover.exists() {
                fs::remove_dir_all(leftover).map_err(told)?;
            }
        }
        fs::create_dir_all(&unfinished).map_err(told)?;
        (tool.install)(tool, &unfinished)?;
        if !fits(tool, &unfinished.join(tool.programs).join(tool.program)) {
            return Err(format!(
                "{} was installed, but `{} --version` does not print {}",
                tool.package, tool.program, tool.prints
            ));
        }
        fs::rename(&unfinished, &home).map_err(told)
    })?;
    Ok(Some(programs))
}

fn fits(tool: &Tool, program: &Path) -> bool {
    output(Command::new(program).arg("--version"))
        .is_ok_and(|text| text.split([' ', '\n', '(', ')']).any(|word| word == tool.prints))
}

/// `$XDG_CACHE_HOME/packet-theater/tools`, or the same under `~/.cache`: outside `target/`, so every clone shares it.
fn cache() -> Result<PathBuf, String> {
    let base = env::var_os("XDG_CACHE_HOME").map(PathBuf::from).filter(|path| path.is_absolute());
    let base = base.or_else(|| env::home_dir().map(|home| home.join(".cache")));
    Ok(base
        .ok_or("neither XDG_CACHE_HOME nor HOME is set: there is no place for the tools")?
        .join("packet-theater/tools"))
}

fn cargo_install(tool: &Tool, home: &Path) -> Result<(), String> {
    let exact = format!("{}@{}", tool.package, tool.version);
    if find("cargo-binstall").is_some() {
        let quick =
            run(Command::new("cargo").args(["binstall", "--no-confirm", "--locked", "--root"]).arg(home).arg(&exact));
        if quick.is_ok() {
            return quick;
        }
        println!("  cargo-binstall did not manage; building it instead");
    }
    // The tools run for seconds: building them quickly matters more than how fast they are.
    run(Command::new("cargo")
        .args(["install", "--locked", &exact, "--root"])
        .arg(home)
        .env("CARGO_PROFILE_RELEASE_LTO", "off")
        .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16")
        .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1")
        .current_dir(home))
}

fn npm_install(tool: &Tool, home: &Path) -> Result<(), String> {
    if find("npm").is_none() || find("node").is_none() {
        debian(&["nodejs", "npm"], "wasm-opt comes through npm, which is missing")?;
    }
    run(Command::new("npm")
        .args(["install", "--no-audit", "--no-fund", "--prefix"])
        .arg(home)
        .arg(format!("{}@{}", tool.package, tool.version)))
}

/// Chromium and its driver, where they are.
pub struct Browser {
    pub chrome: PathBuf,
    pub driver: PathBuf,
}

impl Browser {
    /// Tells a command where the browser is, as the tests look for it.
    pub fn named<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        command.env("CHROME", &self.chrome).env("CHROMEDRIVER", &self.driver)
    }
}

/// Finds Chromium and chromedriver: in CHROME and CHROMEDRIVER, on PATH, or by installing them.
pub fn browser() -> Result<Browser, String> {
    let look = || {
        let chrome =
            named("CHROME").or_else(|| ["chromium", "chromium-browser", "google-chrome"].into_iter().find_map(find))?;
        let driver = named("CHROMEDRIVER").or_else(|| find("chromedriver"))?;
        Some(Browser { chrome, driver })
    };
    if let Some(browser) = look() {
        return Ok(browser);
    }
    debian(
        &["chromium", "chromium-driver"],
        "the browser tests need Chromium and chromedriver of the same version, on PATH or named by CHROME and CHROMEDRIVER",
    )?;
    look().ok_or_else(|| "Chromium was installed, but is not on PATH".into())
}

fn named(variable: &str) -> Option<PathBuf> {
    env::var_os(variable).map(PathBuf::from).filter(|path| path.is_file())
}

/// A program on PATH.
pub fn find(program: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    env::split_paths(&path).map(|directory| directory.join(program)).find(|file| file.is_file())
}

/// Installs Debian packages where that is possible, else says `why` and the command that does it.
pub fn debian(packages: &[&str], why: &str) -> Result<(), String> {
    if find("apt-get").is_none() || !xtask::is_root() {
        return Err(format!("{why}. On Debian: sudo apt-get update && sudo apt-get install {}", packages.join(" ")));
    }
    step(&format!("Install Debian's {}", packages.join(", ")), || {
        run(Command::new("apt-get").args(["update", "-qq"]))?;
        run(Command::new("apt-get")
            .args(["install", "-y", "-qq", "--no-install-recommends"])
            .args(packages)
            .env("DEBIAN_FRONTEND", "noninteractive"))
    })
}
