//! Language files → words: interface texts, and the name and explanation of each field.

use std::collections::HashMap;
use std::rc::Rc;

use super::browser::{fetch_entries, member};
use crate::engine::FieldView;
use crate::scene;
use crate::session::Language;

#[derive(Default)]
pub struct Words {
    ui: HashMap<String, String>,
    names: HashMap<String, String>,
    texts: HashMap<String, String>,
    rules: HashMap<String, String>,
}

impl Words {
    pub async fn load(language: Language) -> Result<Rc<Words>, String> {
        let tag = language.tag();
        let text = |entries: Vec<(String, wasm_bindgen::JsValue)>| {
            entries.into_iter().filter_map(|(key, value)| Some((key, value.as_string()?))).collect()
        };
        let mut words = Words {
            ui: text(fetch_entries(&format!("./lang/ui.{tag}.json")).await?),
            rules: text(fetch_entries(&format!("./lang/rules.{tag}.json")).await?),
            ..Words::default()
        };
        for (key, value) in fetch_entries(&format!("./lang/fields.{tag}.json")).await? {
            words.names.extend(member(&value, "name").map(|name| (key.clone(), name)));
            words.texts.extend(member(&value, "text").map(|text| (key, text)));
        }
        Ok(Rc::new(words))
    }

    /// A word of the interface; a missing one shows its key, which a test of the language files makes impossible.
    pub fn get<'a>(&'a self, key: &'a str) -> &'a str {
        self.ui.get(key).map_or(key, String::as_str)
    }

    /// As `get`, or nothing where there is no such word.
    pub fn find(&self, key: &str) -> Option<&str> {
        self.ui.get(key).map(String::as_str)
    }

    /// A word with its `{name}`s filled in.
    pub fn fill(&self, key: &str, values: &[(&str, &str)]) -> String {
        let word = self.get(key).to_string();
        values.iter().fold(word, |word, (name, value)| word.replace(&format!("{{{name}}}"), value))
    }

    /// The words that a scene writes itself.
    pub fn scene<T>(&self, draw: impl FnOnce(&scene::Words) -> T) -> T {
        draw(&scene::Words {
            silence: self.get("scene.silence"),
            lost: self.get("scene.lost"),
            retransmission: self.get("scene.retransmission"),
            bad_checksum: self.get("scene.bad-checksum"),
            cut: self.get("scene.cut"),
            seen: self.get("ends.seen"),
            inferred: self.get("ends.inferred"),
            unknown: self.get("ends.unknown"),
            frame: self.get("scene.frame"),
        })
    }

    pub fn field_name<'a>(&'a self, field: &'a FieldView) -> &'a str {
        self.names.get(&field.key).map_or(&field.name, String::as_str)
    }

    pub fn field_text(&self, key: &str) -> Option<&str> {
        self.texts.get(key).map(String::as_str)
    }

    pub fn rule(&self, key: &str) -> Option<&str> {
        self.rules.get(key).map(String::as_str)
    }
}
