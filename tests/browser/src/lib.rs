//! A built page → one that a test drives in real Chromium, blocking, with everything it says and fetches recorded.
//!
//! `cargo xtask test` builds the page, finds the browser and runs the tests with these variables set:
//! `PACKET_THEATER_DIST` (the built page), `CHROME` and `CHROMEDRIVER` (programs).

mod driver;
pub mod stage;

use std::path::{Path, PathBuf};
use std::time::Duration;
use std::{env, fs};

use fantoccini::actions::{InputSource, KeyAction, KeyActions};
use fantoccini::elements::Element;
use fantoccini::error::CmdError;
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use tokio::runtime::Runtime;

use driver::{Driver, Post};
pub use fantoccini::key::Key;

/// Not the root, so that every test also shows that the page works under any path.
const PREFIX: &str = "/some/path/";

/// How long a test waits for something before it fails.
const PATIENCE: Duration = Duration::from_secs(20);

/// What the browser is like when it opens the page.
pub struct Setting {
    /// CSS pixels.
    pub size: (u32, u32),
    /// What the page finds in `navigator.language`.
    pub language: &'static str,
    pub dark: bool,
}

impl Default for Setting {
    fn default() -> Self {
        Setting { size: (1280, 720), language: "en-US", dark: false }
    }
}

/// The page in a browser of its own; dropped, the browser ends. A fault of the page panics, as in any test.
pub struct Page {
    client: Client,
    runtime: Runtime,
    _driver: Driver,
    /// Where the page is served, with the slash at the end.
    pub address: String,
}

impl Page {
    /// Opens `link` (empty for the home page, `#…` or `?…` for a deep link) in a fresh browser.
    pub fn open(link: &str) -> Page {
        Page::open_as(link, &Setting::default())
    }

    pub fn open_as(link: &str, setting: &Setting) -> Page {
        let page = Page::start();
        page.set_size(setting.size.0, setting.size.1);
        page.set_language(setting.language);
        page.set_dark(setting.dark);
        page.goto(link);
        page
    }

    fn start() -> Page {
        let dist = PathBuf::from(variable("PACKET_THEATER_DIST"));
        assert!(dist.join("index.html").is_file(), "{} holds no built page: cargo xtask build", dist.display());
        let address = xtask::server::start(&dist, PREFIX, 0).expect("the page is served");
        let driver = Driver::start(Path::new(&variable("CHROMEDRIVER")));
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime starts");
        let capabilities = driver::capabilities(&variable("CHROME"), &driver.profile);
        let mut builder = ClientBuilder::new(HttpConnector::new());
        let client = runtime
            .block_on(builder.capabilities(capabilities).connect(&driver.address))
            .expect("Chromium starts a session");
        Page { client, runtime, _driver: driver, address }
    }

    /// Goes to a link of the page: empty for home, `#…`.
    pub fn goto(&self, link: &str) {
        self.wait_on(self.client.goto(&format!("{}{link}", self.address)));
    }

    pub fn reload(&self) {
        self.wait_on(self.client.refresh());
    }

    pub fn back(&self) {
        self.wait_on(self.client.back());
    }

    /// What the address bar shows after the page's own address: `#…`.
    pub fn link(&self) -> String {
        let url = self.wait_on(self.client.current_url());
        url.as_str().strip_prefix(&self.address).unwrap_or(url.as_str()).to_string()
    }

    /// Waits until an element for the CSS selector is there.
    pub fn find(&self, css: &str) -> Element {
        let found = self.client.wait().at_most(PATIENCE).for_element(Locator::Css(css));
        self.runtime.block_on(found).unwrap_or_else(|error| panic!("no `{css}`: {error}\n{}", self.state()))
    }

    /// How many elements there are for the CSS selector now.
    pub fn count(&self, css: &str) -> usize {
        self.wait_on(self.client.find_all(Locator::Css(css))).len()
    }

    /// The visible text of the first element for the CSS selector.
    pub fn text(&self, css: &str) -> String {
        let element = self.find(css);
        self.wait_on(element.text())
    }

    pub fn click(&self, css: &str) {
        let element = self.find(css);
        self.wait_on(element.click());
    }

    /// Chooses a file in an `<input type="file">`, as the browser's own picker does.
    pub fn upload(&self, css: &str, file: &Path) {
        let element = self.find(css);
        self.wait_on(element.send_keys(&absolute(file)));
    }

    /// Drags a file from the desktop and drops it onto the middle of an element.
    pub fn drop_file(&self, css: &str, file: &Path) {
        self.find(css);
        let script = "const r = document.querySelector(arguments[0]).getBoundingClientRect(); return [r.x + r.width / 2, r.y + r.height / 2];";
        let middle = self.wait_on(self.client.execute(script, vec![css.into()]));
        let data = json!({ "items": [], "files": [absolute(file)], "dragOperationsMask": 1 });
        for kind in ["dragEnter", "dragOver", "drop"] {
            self.devtools(
                "Input.dispatchDragEvent",
                json!({ "type": kind, "x": middle[0], "y": middle[1], "data": data }),
            );
        }
    }

    /// Types one key, or several of a text, where the focus is.
    pub fn press(&self, keys: impl Into<Keys>) {
        let actions = keys.into().0.into_iter().fold(KeyActions::new("keyboard".into()), |actions, value| {
            actions.then(KeyAction::Down { value }).then(KeyAction::Up { value })
        });
        self.wait_on(self.client.perform_actions(actions));
    }

    /// The value of a JavaScript expression; promises are awaited.
    pub fn eval(&self, expression: &str) -> Value {
        let script = format!(
            "const done = arguments[0]; Promise.resolve().then(() => ({expression})).then(done, error => done(`error: ${{error}}`));"
        );
        self.wait_on(self.client.execute_async(&script, vec![]))
    }

    /// Waits until a JavaScript expression is true.
    pub fn until(&self, expression: &str) {
        let started = std::time::Instant::now();
        while self.eval(expression) != Value::Bool(true) {
            assert!(started.elapsed() < PATIENCE, "never true: {expression}\n{}", self.state());
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// The inner size of the window, in CSS pixels.
    pub fn set_size(&self, width: u32, height: u32) {
        let metrics = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
        self.devtools("Emulation.setDeviceMetricsOverride", metrics);
    }

    pub fn set_dark(&self, dark: bool) {
        let scheme = if dark { "dark" } else { "light" };
        let features = json!({ "features": [{ "name": "prefers-color-scheme", "value": scheme }] });
        self.devtools("Emulation.setEmulatedMedia", features);
    }

    fn set_language(&self, language: &str) {
        let agent = self.devtools("Browser.getVersion", json!({}))["userAgent"].clone();
        self.devtools("Emulation.setUserAgentOverride", json!({ "userAgent": agent, "acceptLanguage": language }));
    }

    /// Writes what the window shows to `target/screenshots/NAME.png` and returns the file.
    pub fn screenshot(&self, name: &str) -> PathBuf {
        let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/screenshots");
        fs::create_dir_all(&directory).expect("target/ can be written to");
        let file = directory.join(format!("{name}.png"));
        fs::write(&file, self.wait_on(self.client.screenshot())).expect("target/ can be written to");
        file
    }

    /// Warnings and errors of the console since the last call, uncaught exceptions and refused requests among them.
    pub fn complaints(&self) -> Vec<String> {
        let entries = self.log("browser");
        let loud = entries.iter().filter(|entry| matches!(entry["level"].as_str(), Some("SEVERE" | "WARNING")));
        loud.map(|entry| entry["message"].as_str().unwrap_or_default().to_string()).collect()
    }

    /// URLs that the page asked for since the last call.
    pub fn requests(&self) -> Vec<String> {
        let entries = self.log("performance");
        let messages = entries.iter().filter_map(|entry| serde_json::from_str(entry["message"].as_str()?).ok());
        let sent = messages.filter(|message: &Value| message["message"]["method"] == "Network.requestWillBeSent");
        sent.filter_map(|message| Some(message["message"]["params"]["request"]["url"].as_str()?.to_string())).collect()
    }

    /// Ends a test: the console is quiet, and nothing was asked of anybody but the page's own host.
    pub fn finish(self) {
        let complaints = self.complaints();
        assert!(complaints.is_empty(), "the console says:\n{}", complaints.join("\n"));
        // Chromium's own new tab stands before the page and loads parts of the browser.
        let sent = self.requests().into_iter().filter(|url| !url.starts_with("chrome"));
        let own = |url: &String| [self.address.as_str(), "blob:", "data:"].iter().any(|start| url.starts_with(start));
        let (own, foreign): (Vec<_>, Vec<_>) = sent.partition(own);
        assert!(foreign.is_empty(), "requests elsewhere:\n{}", foreign.join("\n"));
        assert!(!own.is_empty(), "no request was recorded at all");
    }

    /// Calls a command of Chromium's DevTools protocol.
    pub fn devtools(&self, command: &str, parameters: Value) -> Value {
        let body = json!({ "cmd": command, "params": parameters });
        self.wait_on(self.client.issue_cmd(Post { path: "goog/cdp/execute", body }))
    }

    fn log(&self, kind: &str) -> Vec<Value> {
        let body = json!({ "type": kind });
        let entries = self.wait_on(self.client.issue_cmd(Post { path: "se/log", body }));
        entries.as_array().cloned().unwrap_or_default()
    }

    /// What a failed test prints to tell why.
    fn state(&self) -> String {
        let test = std::thread::current().name().unwrap_or("test").replace("::", "-");
        let file = self.screenshot(&format!("failed-{test}"));
        format!("page: {}\nscreenshot: {}\nconsole: {:#?}", self.link(), file.display(), self.complaints())
    }

    fn wait_on<T>(&self, command: impl Future<Output = Result<T, CmdError>>) -> T {
        self.runtime.block_on(command).unwrap_or_else(|error| panic!("the browser refuses: {error}"))
    }
}

impl Drop for Page {
    fn drop(&mut self) {
        // Whatever a failing close leaves behind goes with the driver.
        let _ = self.runtime.block_on(self.client.clone().close());
    }
}

/// Characters to type; special keys are [`Key`]s.
pub struct Keys(Vec<char>);

impl From<Key> for Keys {
    fn from(key: Key) -> Keys {
        Keys(vec![key.into()])
    }
}

impl From<&str> for Keys {
    fn from(text: &str) -> Keys {
        Keys(text.chars().collect())
    }
}

fn absolute(file: &Path) -> String {
    let file = file.canonicalize().unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    file.display().to_string()
}

fn variable(name: &str) -> String {
    env::var(name).unwrap_or_else(|_| panic!("{name} is not set: run the browser tests by `cargo xtask test`"))
}
