//! The stage as its viewer names things → selectors: opening captures, states, the ladder's list, the player's place.

use std::fs;
use std::path::{Path, PathBuf};

use crate::Page;

impl Page {
    /// Goes to the first page and chooses a file there.
    pub fn choose(&self, file: &Path) {
        self.goto("#/");
        self.find("#picker");
        self.upload("#picker", file);
    }

    /// As `choose`, and waits until its packets are on the stage.
    pub fn play(&self, file: &Path) {
        self.choose(file);
        self.on_stage();
    }

    /// Waits until packets are there and one of them is taken apart.
    pub fn on_stage(&self) {
        self.until("document.querySelector('.theater') !== null && document.getElementById('loading') === null");
        self.until("document.querySelectorAll('svg.ladder line').length > 0");
    }

    /// Waits until the first element for the selector says this.
    pub fn says(&self, css: &str, text: &str) {
        self.until(&format!(
            "document.querySelector({})?.textContent.replaceAll('\\u00a0', ' ').includes({}) === true",
            quoted(css),
            quoted(text)
        ));
    }

    /// Waits until the machine tells this state of the two ends.
    pub fn in_states(&self, a: &str, b: &str) {
        self.until(&format!(
            "document.querySelector('svg.machine')?.getAttribute('aria-label') === {}",
            quoted(&format!("A: {a}, B: {b}"))
        ));
    }

    /// How many packets a screen reader finds in the ladder.
    pub fn listed(&self) -> usize {
        self.count("#ladder-list li")
    }

    /// Waits until nothing moves and the player has passed this many packets.
    pub fn rests_at(&self, packets: &str) {
        self.says("#moment", &format!("· {packets}"));
        self.until("document.querySelectorAll('g.moving > *').length === 0");
    }

    /// Cuts instead of movement from the next load on, and a light page.
    pub fn reduce_motion(&self) {
        let features = serde_json::json!({ "features": [{ "name": "prefers-reduced-motion", "value": "reduce" }] });
        self.devtools("Emulation.setEmulatedMedia", features);
        self.reload();
    }
}

/// A JavaScript string.
pub fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// One of the captures beside the core's tests.
pub fn golden(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../golden").join(name)
}

/// A file of these bytes for one test.
pub fn written(name: &str, bytes: &[u8]) -> PathBuf {
    let file = scratch().join(name);
    fs::write(&file, bytes).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    file
}

/// Where tests put their files: `target/tmp`.
pub fn scratch() -> PathBuf {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/tmp");
    fs::create_dir_all(&directory).unwrap_or_else(|error| panic!("{}: {error}", directory.display()));
    directory
}
