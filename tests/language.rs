//! Both languages say everything, in labels that fit the bit grid.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use packet_theater::conversation::analysis::{GROUNDS, POINT_RULES, REASONS};
use packet_theater::conversation::story::EVENTS;
use packet_theater::conversation::{Machine, RULES, State, exchange, hosts};
use packet_theater::protocol;
use serde::Deserialize;

const LANGUAGES: [&str; 2] = ["en", "zh-CN"];
/// What a 32-bit grid at 1280×720 has room for; a Chinese character is twice as wide as a letter.
const LABEL_COLUMNS_EN: usize = 24;
const LABEL_COLUMNS_ZH: usize = 16;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Explanation {
    name: String,
    text: String,
}

fn read<T: serde::de::DeserializeOwned>(name: &str, language: &str) -> BTreeMap<String, T> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("static/lang/{name}.{language}.json"));
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Every explanation of every protocol, in one language; a field that lacks it there fails.
fn fields(language: &str) -> BTreeMap<String, Explanation> {
    let mut all = BTreeMap::new();
    for entry in fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("static/fields")).expect("static/fields") {
        let path = entry.expect("an entry").path();
        let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let rows: BTreeMap<String, BTreeMap<String, Explanation>> =
            serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        for (key, mut said) in rows {
            let prefix = key.split('.').next();
            assert_eq!(prefix, path.file_stem().and_then(|stem| stem.to_str()), "{key} belongs into another file");
            let words = said.remove(language).unwrap_or_else(|| panic!("{}: {key} lacks {language}", path.display()));
            assert!(all.insert(key.clone(), words).is_none(), "{key} is explained twice, also in {}", path.display());
        }
    }
    all
}

fn columns(label: &str) -> usize {
    label.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum()
}

fn is_chinese(text: &str) -> bool {
    text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c))
}

/// `frames` of `{frames}` and of `{frames?s}`, which chooses by the number.
fn placeholders(text: &str) -> BTreeSet<&str> {
    text.split('{')
        .skip(1)
        .filter_map(|rest| rest.split_once('}'))
        .map(|(place, _)| place.split('?').next().unwrap_or(place))
        .collect()
}

#[test]
fn fields_are_explained_in_both_languages() {
    let [en, zh] = LANGUAGES.map(fields);
    for (key, explanation) in en.iter().chain(&zh) {
        assert!(!explanation.name.trim().is_empty(), "{key}: name is empty");
        assert!(!explanation.text.trim().is_empty(), "{key}: text is empty");
        assert!(explanation.text.ends_with(['.', '。']), "{key}: text is not a sentence: {}", explanation.text);
    }
    for (key, explanation) in &en {
        assert!(columns(&explanation.name) <= LABEL_COLUMNS_EN, "{key}: label is too long: {}", explanation.name);
        assert!(!is_chinese(&explanation.text), "{key}: Chinese in the English file");
    }
    for (key, explanation) in &zh {
        assert!(columns(&explanation.name) <= LABEL_COLUMNS_ZH, "{key}: label is too long: {}", explanation.name);
        assert!(is_chinese(&explanation.text), "{key}: no Chinese in the Chinese file");
    }
    let decoded: BTreeSet<String> = protocol::fields().map(|field| field.key.to_string()).collect();
    for (language, keys) in [("en", en.into_keys().collect()), ("zh-CN", zh.into_keys().collect::<BTreeSet<_>>())] {
        let missing: Vec<_> = decoded.difference(&keys).collect();
        assert!(missing.is_empty(), "{language}: decoded but not explained: {missing:?}");
        let leftover: Vec<_> = keys.difference(&decoded).collect();
        assert!(leftover.is_empty(), "{language}: explained but never decoded: {leftover:?}");
    }
}

#[test]
fn interface_texts_agree() {
    let [en, zh] = LANGUAGES.map(|language| read::<String>("ui", language));
    for (key, text) in &en {
        let Some(other) = zh.get(key) else { continue };
        assert_eq!(placeholders(text), placeholders(other), "{key}: placeholders differ");
    }
    same_keys("ui", &en.into_keys().collect(), &zh.into_keys().collect());
}

#[test]
fn rules_that_statements_rest_on_are_explained_in_both_languages() {
    let grounds = GROUNDS.iter().filter(|(key, _)| !key.is_empty());
    let reasons = REASONS.iter().map(|(key, _)| format!("again.{key}"));
    let rules =
        RULES.iter().chain(hosts::RULES).chain(grounds).chain(POINT_RULES).map(|(key, _)| key).chain(exchange::RULES);
    let rules: BTreeSet<String> = rules.map(|key| key.to_string()).chain(reasons).collect();
    for language in LANGUAGES {
        same_keys(&format!("rules.{language}"), &rules, &read::<String>("rules", language).into_keys().collect());
    }
}

#[test]
fn every_kind_of_event_has_its_sentence_and_its_short_name_in_both_languages() {
    for language in LANGUAGES {
        let (story, interface) = (read::<String>("story", language), read::<String>("ui", language));
        for (kind, _) in EVENTS {
            assert!(story.contains_key(*kind), "story.{language}.json lacks {kind}");
            assert!(interface.contains_key(&format!("verdict.{kind}")), "ui.{language}.json lacks verdict.{kind}");
        }
    }
}

#[test]
fn figures_and_their_states_are_explained_in_both_languages() {
    let [en, zh] = LANGUAGES.map(|language| read::<String>("figures", language));
    for (key, text) in &en {
        let Some(other) = zh.get(key) else { continue };
        assert_eq!(placeholders(text), placeholders(other), "{key}: placeholders differ");
    }
    for figure in Machine::ALL.map(Machine::figure) {
        let states = figure.nodes.iter().filter(|node| node.state != State::Unknown);
        let states = states.map(|node| format!("{}.{}", figure.key, node.name));
        for key in states.chain([figure.key.to_string(), format!("{}.short", figure.key)]) {
            assert!(en.contains_key(&key), "figures.en.json lacks {key}");
        }
    }
    same_keys("figures", &en.into_keys().collect(), &zh.into_keys().collect());
}

fn same_keys(name: &str, a: &BTreeSet<String>, b: &BTreeSet<String>) {
    let missing: Vec<_> = a.symmetric_difference(b).collect();
    assert!(missing.is_empty(), "{name}: only on one side: {missing:?}");
}
