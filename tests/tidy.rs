//! Source files → the rules of ARCHITECTURE.md that they break, each with its file, line and mend.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

const LINES: usize = 400;
const WEB_CRATES: &[&str] = &["yew", "web_sys", "js_sys", "gloo", "wasm_bindgen", "wasm_bindgen_futures"];

/// A source file of the project, its tests cut off: rules about what a module may know do not bind its tests.
struct Source {
    /// Relative to the project, such as `src/protocol/tcp.rs`.
    path: String,
    text: String,
    /// Lines with code, comments taken out, numbered from 1.
    code: Vec<(usize, String)>,
}

struct Broken {
    path: String,
    line: usize,
    what: String,
    mend: String,
}

#[test]
fn a_module_imports_only_from_modules_above_it() {
    let order = modules();
    let mut broken = Vec::new();
    for source in sources("src") {
        // bin/ stands on top of everything, lib.rs is the list itself.
        let Some(own) = source.module().and_then(|module| order.iter().position(|other| *other == module)) else {
            continue;
        };
        for (line, name) in names_after(&source.code, "crate::") {
            let Some(place) = order.iter().position(|other| *other == name) else { continue };
            if place > own {
                let what = format!("`{}` imports from `{name}`, which stands below it in src/lib.rs", order[own]);
                broken.push(source.broken(line, what, format!("move what both need into `{}` or above", order[own])));
            }
        }
    }
    report(&broken);
}

#[test]
fn one_protocol_never_imports_another() {
    let walk = names_after(&source("src/protocol/dispatch.rs").code, "super::");
    let apps = names_after(&source("src/protocol/dispatch/apps.rs").code, "crate::protocol::");
    let protocols: Vec<String> = walk.into_iter().chain(apps).map(|(_, name)| name).collect();
    let is_protocol = |name: &str| protocols.iter().any(|other| other == name) && !SHARED.contains(&name);
    assert!(is_protocol("tcp"), "src/protocol/dispatch.rs imports no tcp: this test no longer knows the protocols");
    let mut broken = Vec::new();
    for source in sources("src/protocol") {
        let own = source.path.rsplit('/').next().unwrap_or_default().trim_end_matches(".rs");
        if !is_protocol(own) {
            continue;
        }
        let mut imports = names_after(&source.code, "super::");
        imports.extend(names_after(&source.code, "crate::protocol::"));
        for (line, name) in imports.into_iter().filter(|(_, name)| name != own && is_protocol(name)) {
            let mend = "hand on a `Next` and let src/protocol/dispatch.rs choose who reads it".into();
            broken.push(source.broken(line, format!("protocol `{own}` imports protocol `{name}`"), mend));
        }
    }
    report(&broken);
}

/// What the dispatcher imports beside protocols: what every protocol is written with.
const SHARED: &[&str] = &["checksum", "field", "framing", "header", "names", "peek", "together"];

#[test]
fn only_the_page_names_a_web_crate() {
    let mut broken = Vec::new();
    for source in sources("src").into_iter().filter(|source| !is_page(&source.path)) {
        for (line, code) in &source.code {
            for name in WEB_CRATES.iter().filter(|name| has_word(code, name)) {
                let mend =
                    "keep the core free of the web: let src/app/ or src/bin/ do it and hand in plain data".into();
                broken.push(source.broken(*line, format!("the core names `{name}`"), mend));
            }
        }
    }
    report(&broken);
}

/// Names by which a string becomes elements of a page.
const MARKUP: &[&str] =
    &["set_inner_html", "set_outer_html", "insert_adjacent_html", "from_html_unchecked", "VRaw", "innerHTML", "srcdoc"];

#[test]
fn no_string_becomes_markup() {
    let mut broken = Vec::new();
    for source in sources("src") {
        for (line, code) in &source.code {
            for name in MARKUP.iter().filter(|name| has_word(code, name)) {
                let mend = "build elements and give them text: a capture's strings are written by strangers".into();
                broken.push(source.broken(*line, format!("`{name}` makes elements of a string"), mend));
            }
        }
    }
    report(&broken);
}

#[test]
fn every_module_says_what_it_turns_into_what() {
    let mut broken = Vec::new();
    for source in all_sources().into_iter().filter(|source| !source.text.starts_with("//! ")) {
        broken.push(source.broken(
            1,
            "the file does not open with `//!`".into(),
            "say there what it turns into what".into(),
        ));
    }
    report(&broken);
}

#[test]
fn files_fit_a_sitting() {
    let mut broken = Vec::new();
    for source in all_sources().into_iter().filter(|source| !source.path.contains("tests")) {
        let lines = source.text.lines().count();
        if lines > LINES {
            let what = format!("{lines} lines without its tests; {LINES} are the limit");
            broken.push(source.broken(LINES + 1, what, "split it where one thought ends".into()));
        }
    }
    report(&broken);
}

#[test]
fn nothing_is_unsafe() {
    let mut broken = Vec::new();
    for source in all_sources().into_iter().filter(|source| source.path != "tests/tidy.rs") {
        for (line, _) in source.code.iter().filter(|(_, code)| has_word(code, "unsafe")) {
            broken.push(source.broken(*line, "`unsafe`".into(), "write it in safe Rust".into()));
        }
    }
    report(&broken);
}

impl Source {
    fn read(path: &Path) -> Source {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let whole = fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let text = whole.split("#[cfg(test)]\nmod tests").next().unwrap_or_default().to_string();
        let numbered = text.lines().enumerate().map(|(index, line)| (index + 1, line));
        let code = numbered.filter(|(_, line)| !line.trim_start().starts_with("//"));
        let code =
            code.map(|(number, line)| (number, line.split(" // ").next().unwrap_or_default().to_string())).collect();
        let path = path.strip_prefix(root).unwrap_or(path).to_string_lossy().replace('\\', "/");
        Source { path, text, code }
    }

    /// The module of src/lib.rs that the file belongs to.
    fn module(&self) -> Option<&str> {
        Some(self.path.strip_prefix("src/")?.split(['/', '.']).next().unwrap_or_default())
    }

    fn broken(&self, line: usize, what: String, mend: String) -> Broken {
        Broken { path: self.path.clone(), line, what, mend }
    }
}

/// The modules of the core in the order in which src/lib.rs lists them.
fn modules() -> Vec<String> {
    let names = source("src/lib.rs").code.into_iter().filter_map(|(_, line)| {
        let name = line.trim().strip_prefix("pub mod ")?.strip_suffix(';')?;
        Some(name.to_string())
    });
    let names: Vec<String> = names.collect();
    assert_eq!(names.first().map(String::as_str), Some("capture"), "src/lib.rs lists the modules in data-path order");
    names
}

fn all_sources() -> Vec<Source> {
    ["src", "tests", "xtask/src"].into_iter().flat_map(sources).collect()
}

fn source(path: &str) -> Source {
    Source::read(&Path::new(env!("CARGO_MANIFEST_DIR")).join(path))
}

fn sources(directory: &str) -> Vec<Source> {
    let mut found = Vec::new();
    walk(&Path::new(env!("CARGO_MANIFEST_DIR")).join(directory), &mut found);
    found.sort();
    found.iter().map(|path| Source::read(path)).collect()
}

fn walk(directory: &Path, found: &mut Vec<PathBuf>) {
    let entries = fs::read_dir(directory).unwrap_or_else(|error| panic!("{}: {error}", directory.display()));
    for path in entries.map(|entry| entry.expect("a directory that can be listed").path()) {
        if path.is_dir() {
            walk(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// The first name after every `prefix` (`crate::`, `super::`), those in braces one by one, with their lines.
fn names_after(code: &[(usize, String)], prefix: &str) -> Vec<(usize, String)> {
    let mut names = Vec::new();
    for (index, (number, line)) in code.iter().enumerate() {
        for (start, _) in line.match_indices(prefix) {
            let rest = &line[start + prefix.len()..];
            if let Some(group) = rest.strip_prefix('{') {
                let following = code[index + 1..].iter().map(|(_, line)| line.as_str());
                let group = std::iter::once(group).chain(following).collect::<Vec<_>>().join(" ");
                names.extend(members(&group).into_iter().map(|name| (*number, name)));
            } else {
                names.push((*number, first_name(rest)));
            }
        }
    }
    names
}

/// The first names of `a::b, c::{d, e}, f}…`: a, c and f.
fn members(group: &str) -> Vec<String> {
    let mut names = Vec::new();
    let (mut depth, mut start) = (0, 0);
    for (index, letter) in group.char_indices() {
        match letter {
            '{' => depth += 1,
            '}' if depth > 0 => depth -= 1,
            '}' | ',' if depth == 0 => {
                names.push(first_name(group[start..index].trim()));
                start = index + 1;
                if letter == '}' {
                    break;
                }
            }
            _ => {}
        }
    }
    names.retain(|name| !name.is_empty());
    names
}

fn first_name(path: &str) -> String {
    path.chars().take_while(|letter| letter.is_alphanumeric() || *letter == '_').collect()
}

fn has_word(code: &str, word: &str) -> bool {
    let is_part = |letter: char| letter.is_alphanumeric() || letter == '_';
    code.match_indices(word).any(|(start, _)| {
        let (before, after) = (&code[..start], &code[start + word.len()..]);
        !before.ends_with(is_part) && !after.starts_with(is_part) && !before.ends_with('"')
    })
}

fn is_page(path: &str) -> bool {
    path.starts_with("src/app/") || path.starts_with("src/app.rs") || path.starts_with("src/bin/")
}

fn report(broken: &[Broken]) {
    let text = broken.iter().fold(String::new(), |mut text, Broken { path, line, what, mend }| {
        let _ = write!(text, "\n{path}:{line}: {what}\n    mend: {mend}");
        text
    });
    assert!(broken.is_empty(), "{text}\n");
}

#[test]
fn names_are_found_in_groups_that_span_lines() {
    let code = vec![
        (1, "use crate::{capture::{Index, Reader},".into()),
        (2, "    text::line};".into()),
        (3, "crate::engine::x()".into()),
    ];
    let names: Vec<String> = names_after(&code, "crate::").into_iter().map(|(_, name)| name).collect();
    assert_eq!(names, ["capture", "text", "engine"]);
}
