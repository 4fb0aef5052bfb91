//! Language files → what the page loads: the interface's words as they are, and every protocol's explanations as one file a language.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use packet_theater::lesson::source::LANGUAGES;
use serde_json::Value;

use crate::root;

/// Writes `ui.LANGUAGE.json` and its like, and `fields.LANGUAGE.json` out of `static/fields/*.json`.
pub fn bundle(out: &Path) -> Result<(), String> {
    fs::create_dir_all(out).map_err(|error| format!("cannot make {}: {error}", out.display()))?;
    for path in files(&root().join("static/lang"))? {
        let name = path.file_name().unwrap_or_default();
        fs::copy(&path, out.join(name)).map_err(|error| format!("cannot copy {}: {error}", path.display()))?;
    }
    let mut fields: BTreeMap<&str, BTreeMap<String, Value>> = BTreeMap::new();
    for path in files(&root().join("static/fields"))? {
        let text = fs::read_to_string(&path).map_err(|error| format!("cannot read {}: {error}", path.display()))?;
        let rows: BTreeMap<String, BTreeMap<String, Value>> =
            serde_json::from_str(&text).map_err(|error| format!("{}: {error}", path.display()))?;
        for (key, mut said) in rows {
            for language in LANGUAGES {
                let words = said.remove(language).ok_or(format!("{}: {key} lacks {language}", path.display()))?;
                fields.entry(language).or_default().insert(key.clone(), words);
            }
        }
    }
    for (language, fields) in fields {
        let text = serde_json::to_string(&fields).map_err(|error| error.to_string())?;
        fs::write(out.join(format!("fields.{language}.json")), text)
            .map_err(|error| format!("cannot write into {}: {error}", out.display()))?;
    }
    Ok(())
}

fn files(folder: &Path) -> Result<Vec<std::path::PathBuf>, String> {
    let entries = fs::read_dir(folder).map_err(|error| format!("cannot read {}: {error}", folder.display()))?;
    let mut files: Vec<_> = entries.flatten().map(|entry| entry.path()).collect();
    files.sort();
    Ok(files)
}
