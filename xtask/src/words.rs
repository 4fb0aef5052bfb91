//! Language files → what the page loads: the interface's words as they are, and explanations in one file a protocol and language.
//!
//! A protocol's file is loaded when its first packet is looked at. It is flat: `name:`, `text:` and `source:` of each field key, `here:`
//! templates of what values mean in a packet, `value:` an English word of a value in the page's language. What no single
//! protocol owns is in `common.LANGUAGE.json`.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use packet_theater::lesson::source::LANGUAGES;
use packet_theater::{filter, protocol};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::root;
use crate::terms::terms;

type Words = BTreeMap<String, String>;
/// A language's files by name, each a flat list of words.
type Files = BTreeMap<String, Words>;

/// The file of the glossary's rows, which is loaded when the glossary is opened.
pub const GLOSSARY: &str = "glossary.bin";
/// The file of all fields' names and forms, which is loaded when somebody filters.
pub const NAMES: &str = "names.bin";
/// The file of what belongs to no protocol.
const COMMON: &str = "common";

/// Writes `ui.LANGUAGE.json`, `common.LANGUAGE.json`, `fields/PREFIX.LANGUAGE.json`, the glossary's rows and the names for filters.
pub fn bundle(out: &Path) -> Result<(), String> {
    // A protocol that was renamed must not stay behind.
    if out.exists() {
        fs::remove_dir_all(out).map_err(|error| format!("cannot clear {}: {error}", out.display()))?;
    }
    fs::create_dir_all(out.join("fields")).map_err(|error| format!("cannot make {}: {error}", out.display()))?;
    let mut all = Vec::new();
    for language in LANGUAGES {
        let interface = format!("ui.{language}.json");
        write(&out.join(&interface), &read::<Words>(&root().join("static/lang").join(&interface))?)?;
        let files = explanations(language)?;
        for (name, words) in &files {
            let folder = if name == COMMON { out.to_path_buf() } else { out.join("fields") };
            write(&folder.join(format!("{name}.{language}.json")), words)?;
        }
        all.push(files);
    }
    let names = |key: &str| {
        let of = |files: &Files| files.get(prefix(key))?.get(&format!("name:{key}")).cloned();
        [0, 1].map(|language| all.get(language).and_then(of).unwrap_or_default())
    };
    pack(&out.join(GLOSSARY), &terms(names))?;
    pack(&out.join(NAMES), &filter::known())
}

/// Everything that is said about fields in one language, by the file that it is loaded with.
fn explanations(language: &str) -> Result<Files, String> {
    let lang = root().join("static/lang");
    let rules = read::<Words>(&lang.join(format!("rules.{language}.json")))?;
    let events = read::<Words>(&lang.join(format!("story.{language}.json")))?;
    let figures = read::<Words>(&lang.join(format!("figures.{language}.json")))?;
    let common = rules.into_iter().map(|(rule, text)| (format!("rule:{rule}"), text));
    let common = common.chain(figures.into_iter().map(|(key, text)| (format!("figure:{key}"), text)));
    let common = common.chain(events.into_iter().map(|(event, text)| (format!("story:{event}"), text)));
    let mut files = Files::from([(COMMON.to_string(), common.collect())]);
    let sources: BTreeMap<&str, &str> = protocol::fields().map(|field| (field.key, field.source)).collect();
    for path in json_files(&root().join("static/fields"))? {
        for (key, mut said) in read::<BTreeMap<String, BTreeMap<String, Words>>>(&path)? {
            let said = said.remove(language).ok_or(format!("{}: {key} lacks {language}", path.display()))?;
            let file = files.entry(prefix(&key).to_string()).or_default();
            file.extend(sources.get(key.as_str()).map(|source| (format!("source:{key}"), (*source).to_string())));
            file.extend(said.into_iter().map(|(part, text)| (format!("{part}:{key}"), text)));
        }
    }
    for (key, text) in read::<Words>(&lang.join(format!("here.{language}.json")))? {
        let name = if files.contains_key(prefix(&key)) { prefix(&key) } else { COMMON };
        files.entry(name.to_string()).or_default().insert(format!("here:{key}"), text);
    }
    translate(&mut files, &lang.join(format!("values.{language}.json")))?;
    Ok(files)
}

/// Adds what values are called in this language to the files of the protocols whose tables use the word; what no table has
/// (sentences that decoders make) is common. English needs no such list.
fn translate(files: &mut Files, list: &Path) -> Result<(), String> {
    if !list.exists() {
        return Ok(());
    }
    let mut users: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for field in protocol::fields() {
        for (_, word) in field.words.iter() {
            users.entry(word).or_default().insert(prefix(field.key));
        }
    }
    // A proper name that stays as it is needs no entry.
    for (english, word) in read::<Words>(list)?.into_iter().filter(|(english, word)| english != word) {
        let common = BTreeSet::from([COMMON]);
        for name in users.get(english.as_str()).unwrap_or(&common) {
            files.entry((*name).to_string()).or_default().insert(format!("value:{english}"), word.clone());
        }
    }
    Ok(())
}

/// `ip` of `ip.ttl`: the name of the file that explains the field.
fn prefix(key: &str) -> &str {
    key.split('.').next().unwrap_or(key)
}

fn read<T: DeserializeOwned>(path: &Path) -> Result<T, String> {
    let text = fs::read_to_string(path).map_err(|error| format!("cannot read {}: {error}", path.display()))?;
    serde_json::from_str(&text).map_err(|error| format!("{}: {error}", path.display()))
}

fn write(path: &Path, words: &impl Serialize) -> Result<(), String> {
    let text = serde_json::to_string(words).map_err(|error| error.to_string())?;
    fs::write(path, text).map_err(|error| format!("cannot write {}: {error}", path.display()))
}

fn pack(path: &Path, rows: &impl Serialize) -> Result<(), String> {
    let bytes = postcard::to_allocvec(rows).map_err(|error| format!("cannot pack {}: {error}", path.display()))?;
    fs::write(path, bytes).map_err(|error| format!("cannot write {}: {error}", path.display()))
}

fn json_files(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let entries = fs::read_dir(folder).map_err(|error| format!("cannot read {}: {error}", folder.display()))?;
    let mut files: Vec<_> = entries.flatten().map(|entry| entry.path()).collect();
    files.sort();
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_protocol_has_its_own_file_in_each_language() {
        for language in LANGUAGES {
            let files = explanations(language).unwrap();
            for field in protocol::fields() {
                let file = &files[prefix(field.key)];
                for part in ["name", "text"] {
                    assert!(file.contains_key(&format!("{part}:{}", field.key)), "{}: no {part}", field.key);
                }
            }
            assert!(!files[COMMON].keys().any(|key| key.starts_with("name:")));
        }
    }
}
