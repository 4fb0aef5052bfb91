//! `cargo xtask test`: the core natively, what needs a browser in one, and the built page as a visitor uses it.

use std::fs;
use std::process::Command;

use crate::page::{self, Mode};
use crate::root;
use crate::setup::{self, Browser, WASM};
use crate::step::{run as run_command, step};

pub fn run(arguments: &[String]) -> Result<(), String> {
    if let Some(other) = arguments.first() {
        return Err(format!("`test` takes no argument, but was given `{other}`"));
    }
    step("Native tests", || cargo(&["test", "--workspace", "--exclude", "browser-tests"]))?;
    let browser = setup::browser()?;
    let tools = setup::bindgen()?;
    step("Tests of the wasm build, in Chromium", || {
        let mut command = tools.command("cargo");
        command.args(["test", "--target", WASM, "--features", "web", "--test", "web", "--test", "web_worker"]);
        let command = browser.named(&mut command).env("WASM_BINDGEN_TEST_WEBDRIVER_JSON", webdriver(&browser)?);
        run_command(command.current_dir(root()))
    })?;
    let dist = page::build(Mode::Release)?;
    step("Tests of the built page, in Chromium", || {
        let mut command = Command::new("cargo");
        command.args(["test", "--package", "browser-tests", "--", "--test-threads", "2"]);
        run_command(browser.named(&mut command).env("PACKET_THEATER_DIST", &dist).current_dir(root()))
    })?;
    println!("All tests passed.");
    Ok(())
}

fn cargo(arguments: &[&str]) -> Result<(), String> {
    run_command(Command::new("cargo").args(arguments).current_dir(root()))
}

/// How wasm-bindgen's test runner starts the browser: a file, because that is what it reads.
fn webdriver(browser: &Browser) -> Result<std::path::PathBuf, String> {
    let mut switches = vec!["--headless=new", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run"];
    if xtask::is_root() {
        switches.push("--no-sandbox");
    }
    let capabilities = serde_json::json!({ "goog:chromeOptions": { "binary": browser.chrome, "args": switches } });
    let file = root().join("target/webdriver.json");
    fs::write(&file, capabilities.to_string()).map_err(|error| format!("cannot write {}: {error}", file.display()))?;
    Ok(file)
}
