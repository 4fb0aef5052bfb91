//! A chromedriver program → a running one, with the browser's switches and the commands WebDriver itself lacks.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::{env, fs, process, thread};

use fantoccini::wd::{Capabilities, WebDriverCompatibleCommand};
use serde_json::{Value, json};

/// Without them Chromium asks hosts of its own for updates and the like, or needs a display.
const SWITCHES: &[&str] = &[
    "--headless=new",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    // Nothing but this machine has a name, so a request elsewhere fails and is seen.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    // Measured times and memory are then as exact as the platform's clock.
    "--enable-precise-memory-info",
];

/// A chromedriver of its own, and a fresh profile for its browser; both end with it.
pub struct Driver {
    child: Child,
    pub address: String,
    pub profile: PathBuf,
}

/// How often a chromedriver is started before it is given up.
const STARTS: u32 = 8;

/// Starts one and waits for the port that it tells; `None` where it ended without.
fn listening(program: &Path) -> Option<(Child, String)> {
    let mut child = Command::new(program)
        .arg("--port=0")
        .stdout(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| panic!("cannot start {}: {error}", program.display()));
    let mut lines = BufReader::new(child.stdout.take().expect("its output is piped")).lines().map_while(Result::ok);
    // "ChromeDriver was started successfully on port 40123."
    let port =
        lines.find_map(|line| Some(line.split_once("successfully on port ")?.1.trim_end_matches('.').to_string()));
    if port.is_none() {
        let _ = child.wait();
    }
    // A full pipe would stop it.
    thread::spawn(move || lines.for_each(drop));
    port.map(|port| (child, port))
}

impl Driver {
    pub fn start(program: &Path) -> Driver {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name = format!("packet-theater-{}-{}", process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let profile = env::temp_dir().join(name);
        // A chromedriver ends at once where the port that it picked was taken meanwhile on its other address; another
        // one picks another.
        let (child, port) = (0..STARTS)
            .find_map(|_| listening(program))
            .unwrap_or_else(|| panic!("chromedriver did not start {STARTS} times"));
        Driver { child, address: format!("http://127.0.0.1:{port}"), profile }
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = fs::remove_dir_all(&self.profile);
    }
}

pub fn capabilities(chrome: &str, profile: &Path) -> Capabilities {
    let mut switches: Vec<String> = SWITCHES.iter().map(ToString::to_string).collect();
    switches.push(format!("--user-data-dir={}", profile.display()));
    if xtask::is_root() {
        switches.push("--no-sandbox".into());
    }
    let wanted = json!({
        "goog:chromeOptions": { "binary": chrome, "args": switches },
        "goog:loggingPrefs": { "browser": "ALL", "performance": "ALL" },
    });
    wanted.as_object().cloned().unwrap_or_default()
}

/// A command of chromedriver's own: `POST /session/ID/PATH`.
#[derive(Debug)]
pub struct Post {
    pub path: &'static str,
    pub body: Value,
}

impl WebDriverCompatibleCommand for Post {
    fn endpoint(&self, base: &url::Url, session: Option<&str>) -> Result<url::Url, url::ParseError> {
        base.join(&format!("session/{}/{}", session.unwrap_or_default(), self.path))
    }

    fn method_and_body(&self, _: &url::Url) -> (http::Method, Option<String>) {
        (http::Method::POST, Some(self.body.to_string()))
    }
}
