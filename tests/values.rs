//! What decoders say in English about values and about where they stopped → its Chinese, of everything.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use packet_theater::engine::{Engine, Request, Response};
use packet_theater::protocol;
use packet_theater::text::{about, pattern, translate};

/// Fields whose meaning is a name out of the packet.
const QUOTES: [&str; 4] = ["lldp.chassis.id", "wlan.ssid", "x509af.rdnSequence", "x509if.rdnSequence"];

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn catalogue() -> BTreeMap<String, String> {
    let path = root().join("static/lang/values.zh-CN.json");
    serde_json::from_str(&fs::read_to_string(path).expect("a catalogue")).expect("a flat list of texts")
}

/// Whether a word is of the language and no name: it has three letters in a row that no digit or `_` touches, not all of
/// them capitals. `ECT(1)`, `x25519`, `ecdsa_secp256r1_sha256` and `TLS_AES_128_GCM_SHA256` need no translation; a name such as
/// `NetBIOS` is listed as itself.
fn is_plain(word: &str) -> bool {
    let runs = word.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_');
    runs.filter(|run| run.len() >= 3 && run.bytes().all(|letter| letter.is_ascii_alphabetic()))
        .any(|run| run.bytes().any(|letter| letter.is_ascii_lowercase()))
}

/// Names what the list lacks, in the form in which it has to be added.
fn all_are_there<'a>(what: &str, english: impl Iterator<Item = (&'a str, String)>) {
    let list = catalogue();
    let find = |word: &str| list.get(word).map(String::as_str);
    let lacking: BTreeMap<&str, String> =
        english.filter(|(word, _)| is_plain(word) && translate(word, find).is_none()).collect();
    let lines =
        lacking.iter().fold(String::new(), |text, (word, place)| text + &format!("\n  {word:?}: \"\",  ({place})"));
    assert!(lacking.is_empty(), "{} {what} are not in static/lang/values.zh-CN.json:{lines}", lacking.len());
}

#[test]
fn every_word_of_a_table_is_translated() {
    let words =
        protocol::fields().flat_map(|field| field.words.iter().map(move |(_, word)| (word, field.key.to_owned())));
    all_are_there("words of tables", words);
}

/// The sentences that the decoders hold, `format!`'s places as numbers.
#[test]
fn every_sentence_of_a_decoder_is_translated() {
    let mut sentences = Vec::new();
    for path in sources(&root().join("src/protocol")) {
        let code = code(&path);
        let place = path.strip_prefix(root()).expect("a file of the project").display().to_string();
        sentences
            .extend(literals(&code).into_iter().filter(|text| is_sentence(text)).map(|text| (text, place.clone())));
    }
    assert!(sentences.len() > 10, "the sentences are not found any more");
    let sentences: Vec<(String, String)> = sentences
        .into_iter()
        .flat_map(|(text, place)| expand(&text).into_iter().map(move |text| (text, place.clone())))
        .collect();
    all_are_there("sentences", sentences.iter().map(|(text, place)| (text.as_str(), place.clone())));
}

/// Lists of numbers and words that decoders look into by themselves, beside those of the tables.
#[test]
fn every_word_of_a_list_is_translated() {
    let mut words = Vec::new();
    for path in sources(&root().join("src/protocol")) {
        let code = code(&path);
        let place = path.strip_prefix(root()).expect("a file of the project").display().to_string();
        for row in code.split('(').skip(1) {
            let Some((number, rest)) = row.split_once(", \"") else { continue };
            let is_number = number.starts_with(|first: char| first.is_ascii_digit()) && !number.contains([')', '"']);
            if let Some((word, _)) = rest.split_once("\")").filter(|_| is_number) {
                words.push((word.to_owned(), place.clone()));
            }
        }
    }
    assert!(words.len() > 100, "the lists are not found any more");
    all_are_there("words of lists", words.iter().map(|(word, place)| (word.as_str(), place.clone())));
}

/// What is made of several parts is found where it is said: in every packet of every golden.
#[test]
fn everything_said_in_a_golden_is_translated() {
    let mut said: BTreeSet<(String, String)> = BTreeSet::new();
    for entry in fs::read_dir(root().join("tests/golden")).expect("goldens") {
        let path = entry.expect("an entry").path();
        if path.extension().is_none_or(|extension| extension != "pcap") {
            continue;
        }
        let bytes = fs::read(&path).expect("a capture");
        let mut engine = Engine::open(bytes.as_slice(), "test").expect("a capture opens");
        let Ok(Response::Opened(summary)) = engine.advance(u64::MAX) else { panic!("{} opens", path.display()) };
        for frame in 1..=summary.frames {
            let Response::Layers(view) = engine.answer(&Request::Layers { frame }) else { panic!("frame {frame}") };
            let place = format!("{} frame {frame}", path.file_name().unwrap_or_default().display());
            let fields = view.layers.iter().flat_map(|layer| &layer.fields);
            // Ports bring the registry's names, which are nobody's language.
            let quotes = |key: &str| key.ends_with("port") || QUOTES.contains(&key);
            let spoken = fields.filter(|field| !quotes(&field.key) && field.meaning != field.show);
            said.extend(spoken.map(|field| (field.meaning.clone(), format!("{place}, {}", field.key))));
            if let Some(stop) = view.stop {
                let why = about(&stop.why).map_or(stop.why.clone(), |(_, rest)| format!("It{rest}"));
                said.insert((why, place));
            }
        }
    }
    all_are_there("sayings of goldens", said.iter().map(|(text, place)| (text.as_str(), place.clone())));
}

#[test]
fn translations_keep_the_numbers() {
    for (english, chinese) in catalogue() {
        assert!(!chinese.trim().is_empty(), "{english}: empty");
        let places = |text: &str| text.matches("{}").count();
        assert_eq!(places(&english), places(&chinese), "{english}: {chinese}");
        assert!(places(&english) == 0 || pattern(&english).1.is_empty(), "{english}: every number is a place, or none");
    }
}

/// A source without its comments and tests.
fn code(path: &Path) -> String {
    let text = fs::read_to_string(path).expect("a source");
    let code = text.split("#[cfg(test)]\nmod tests").next().unwrap_or_default();
    code.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

/// The text of each string literal, continued lines joined.
fn literals(code: &str) -> Vec<String> {
    let mut literals = Vec::new();
    let mut rest = code;
    while let Some(start) = rest.find('"') {
        let mut text = String::new();
        let mut letters = rest[start + 1..].char_indices();
        let mut end = rest.len();
        while let Some((at, letter)) = letters.next() {
            match letter {
                '"' => {
                    end = start + 1 + at + 1;
                    break;
                }
                '\\' => match letters.next() {
                    Some((_, '\n')) => {
                        let skipped = letters.as_str().find(|letter: char| !letter.is_whitespace()).unwrap_or(0);
                        for _ in 0..skipped {
                            letters.next();
                        }
                    }
                    Some((_, other)) => text.push(other),
                    None => {}
                },
                other => text.push(other),
            }
        }
        literals.push(text);
        rest = &rest[end..];
    }
    literals
}

fn is_sentence(text: &str) -> bool {
    text.starts_with(|first: char| first.is_uppercase() || first == '{') && text.ends_with('.') && text.contains(' ')
}

/// A sentence with `format!`'s places filled: `{part}` of header.rs by each word that it takes, all others by a number. What
/// begins with a place begins with a field's name.
fn expand(text: &str) -> Vec<String> {
    let named = text.strip_prefix('{').and_then(|text| text.split_once('}')).map(|(_, rest)| format!("It{rest}"));
    let text = named.as_deref().unwrap_or(text);
    let parts = if text.contains("{part}") { vec!["this header", "the data"] } else { vec![""] };
    let fill = |part: &str| {
        let text = text.replace("{part}", part);
        let mut pieces = text.split('{');
        let first = pieces.next().unwrap_or_default().to_owned();
        pieces.fold(first, |text, piece| text + "1" + piece.split_once('}').map_or(piece, |(_, rest)| rest))
    };
    parts.into_iter().map(fill).collect()
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    entries
        .flat_map(|path| if path.is_dir() { sources(&path) } else { vec![path] })
        .filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
        .collect()
}
