//! Language files → words: interface texts, and the name and explanation of each field.

use std::collections::HashMap;
use std::rc::Rc;

use super::browser::fetch_words;
use crate::engine::FieldView;
use crate::scene;
use crate::session::Language;
use crate::text::{self, Said};

/// Everything that the page says in one language, as far as it has been loaded.
#[derive(Clone, Default)]
pub struct Words {
    pub language: Language,
    /// Protocols whose explanations are here.
    pub explained: Vec<String>,
    /// Words of the interface as they are called, and what `cargo xtask` bundled of the fields: `name:ip.ttl`,
    /// `text:ip.ttl`, `here:ip.ttl.start`, `value:no error`, `rule:acknowledged`.
    words: HashMap<String, String>,
}

impl Words {
    /// The interface's words, and the explanations of these protocols.
    pub async fn load(language: Language, protocols: Vec<String>) -> Result<Rc<Words>, String> {
        let tag = language.tag();
        let mut words = Words { language, ..Words::default() };
        for name in ["ui", "common"] {
            words.words.extend(fetch_words(&format!("./lang/{name}.{tag}.json")).await?);
        }
        for protocol in protocols {
            words.explain(Explained::load(language, protocol).await?);
        }
        Ok(Rc::new(words))
    }

    pub fn explain(&mut self, explained: Explained) {
        self.explained.push(explained.protocol);
        self.words.extend(explained.words);
    }

    /// A word of the interface; a missing one shows its key, which a test of the language files makes impossible.
    pub fn get<'a>(&'a self, key: &'a str) -> &'a str {
        self.words.get(key).map_or(key, String::as_str)
    }

    /// As `get`, or nothing where there is no such word.
    pub fn find(&self, key: &str) -> Option<&str> {
        self.words.get(key).map(String::as_str)
    }

    /// A word with its `{name}`s filled in, as `text::fill` does.
    pub fn fill(&self, key: &str, values: &[(&str, &str)]) -> String {
        text::fill(self.get(key), values.iter().copied())
    }

    /// The words that a scene writes itself.
    pub fn scene<T>(&self, draw: impl FnOnce(&scene::Words) -> T) -> T {
        let marks = scene::MARKS.map(|mark| self.find(&format!("mark.{mark}")).unwrap_or(mark));
        draw(&scene::Words {
            silence: self.get("scene.silence"),
            marks: &marks,
            seen: self.get("ends.seen"),
            inferred: self.get("ends.inferred"),
            unknown: self.get("ends.unknown"),
            frame: self.get("scene.frame"),
            link: self.get("scene.link"),
            beyond: self.get("scene.beyond"),
        })
    }

    /// What a protocol is called; its short name where nobody calls it otherwise.
    pub fn protocol(&self, protocol: &str) -> String {
        self.find(&format!("protocol.{protocol}")).map_or_else(|| protocol.to_ascii_uppercase(), str::to_string)
    }

    /// An English word of a value, in the language of the page.
    pub fn value(&self, english: &str) -> String {
        text::translate(english, |word| self.find(&format!("value:{word}"))).unwrap_or_else(|| english.to_string())
    }

    /// The key stands until the explanations are here.
    pub fn field_name<'a>(&'a self, field: &'a FieldView) -> &'a str {
        self.find(&format!("name:{}", field.key)).unwrap_or(&field.key)
    }

    /// RFC or IEEE section that describes the field.
    pub fn field_source(&self, key: &str) -> &str {
        self.find(&format!("source:{key}")).unwrap_or_default()
    }

    pub fn field_text(&self, key: &str) -> Option<&str> {
        self.find(&format!("text:{key}"))
    }

    /// Why decoding stopped. A sentence that begins with a field calls it by its name in the page's language.
    pub fn stop(&self, why: &str) -> String {
        let named = text::about(why).and_then(|(key, rest)| Some((self.find(&format!("name:{key}"))?, rest)));
        let Some((name, rest)) = named else { return self.value(why) };
        let sentence = text::translate(&format!("It{rest}"), |word| self.find(&format!("value:{word}")));
        format!("{name}{}", sentence.as_deref().unwrap_or(rest))
    }

    /// A sentence about a value in this packet; nothing until it is here.
    pub fn said(&self, said: &Said) -> Option<String> {
        let sentence = self.find(&format!("here:{}", said.key))?;
        Some(text::fill(sentence, said.values.iter().map(|(name, value)| (name.as_str(), value.as_str()))))
    }

    pub fn rule(&self, key: &str) -> Option<&str> {
        self.find(&format!("rule:{key}"))
    }
}

/// What is said about one protocol's fields: `lang/fields/PROTOCOL.LANGUAGE.json`.
pub struct Explained {
    pub language: Language,
    protocol: String,
    words: Vec<(String, String)>,
}

impl Explained {
    pub async fn load(language: Language, protocol: String) -> Result<Explained, String> {
        let words = fetch_words(&format!("./lang/fields/{protocol}.{}.json", language.tag())).await?;
        Ok(Explained { language, protocol, words })
    }
}
