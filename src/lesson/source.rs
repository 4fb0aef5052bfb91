//! A lesson's folder (`lesson.toml`, a prose file a language, recorded terminals) → `Lesson`. Native only: the page gets bundles.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::prose::{self, Asked, Section};
use super::{Answer, Host, Lesson, Question, Step, Terminal, terminal};
use crate::conversation::{End, State};

/// Languages that every lesson has, as BCP 47 tags and as names of prose files.
pub const LANGUAGES: [&str; 2] = ["en", "zh-CN"];

/// `lesson.toml`: what holds in every language.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Facts {
    order: u32,
    chapter: String,
    capture: String,
    host: Vec<HostFacts>,
    #[serde(default)]
    terminal: Vec<TerminalFacts>,
    step: Vec<StepFacts>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct HostFacts {
    /// By language.
    name: BTreeMap<String, String>,
    role: BTreeMap<String, String>,
    addresses: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TerminalFacts {
    host: End,
    title: String,
    file: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct StepFacts {
    id: String,
    frame: Option<u32>,
    focus: Option<String>,
    /// As RFC 9293 spells them.
    states: [String; 2],
    question: Option<QuestionFacts>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct QuestionFacts {
    /// Position of the right choice, from 1.
    right: u32,
    answer: Option<AnswerFacts>,
}

/// Either `{ frame, key }` or `{ frame, end }`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AnswerFacts {
    frame: u32,
    key: Option<String>,
    end: Option<End>,
}

/// All lessons below a directory in one language, in teaching order.
pub fn read_all(lessons: &Path, language: &str) -> Result<Vec<Lesson>, String> {
    let mut found = Vec::new();
    for folder in folders(lessons)? {
        found.push((facts(&folder)?.order, read(&folder, language)?));
    }
    found.sort_by(|(a, one), (b, other)| a.cmp(b).then_with(|| one.id.cmp(&other.id)));
    Ok(found.into_iter().map(|(_, lesson)| lesson).collect())
}

/// The folders below a directory that are lessons.
pub fn folders(lessons: &Path) -> Result<Vec<PathBuf>, String> {
    let entries = fs::read_dir(lessons).map_err(|error| format!("{}: {error}", lessons.display()))?;
    let mut folders: Vec<PathBuf> =
        entries.flatten().map(|entry| entry.path()).filter(|path| path.join("lesson.toml").is_file()).collect();
    folders.sort();
    Ok(folders)
}

/// One lesson in one language. Errors name file and line.
pub fn read(folder: &Path, language: &str) -> Result<Lesson, String> {
    let facts = facts(folder)?;
    let prose = folder.join(format!("{language}.md"));
    let file = prose.display().to_string();
    let page = prose::parse(&file, &text(&prose)?)?;
    Ok(Lesson {
        id: folder.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default(),
        title: page.title,
        purpose: page.purpose,
        chapter: facts.chapter,
        hosts: facts.host.into_iter().map(|host| host.spoken(folder, language)).collect::<Result<_, _>>()?,
        capture: facts.capture,
        steps: steps(facts.step, page.sections, folder, &file)?,
        terminals: facts.terminal.into_iter().map(|facts| facts.read(folder)).collect::<Result<_, _>>()?,
    })
}

fn text(path: &Path) -> Result<String, String> {
    fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))
}

fn facts(folder: &Path) -> Result<Facts, String> {
    let path = folder.join("lesson.toml");
    toml::from_str(&text(&path)?).map_err(|error| format!("{}: {error}", path.display()))
}

impl HostFacts {
    fn spoken(mut self, folder: &Path, language: &str) -> Result<Host, String> {
        let missing = || format!("{}/lesson.toml: a host's name or role is missing in {language}", folder.display());
        Ok(Host {
            name: self.name.remove(language).ok_or_else(missing)?,
            role: self.role.remove(language).ok_or_else(missing)?,
            addresses: self.addresses,
        })
    }
}

impl TerminalFacts {
    fn read(self, folder: &Path) -> Result<Terminal, String> {
        let path = folder.join(&self.file);
        let output = terminal::parse(&path.display().to_string(), &text(&path)?)?;
        Ok(Terminal { host: self.host, title: self.title, output })
    }
}

/// Facts and prose tell the same steps in the same order.
fn steps(facts: Vec<StepFacts>, sections: Vec<Section>, folder: &Path, prose: &str) -> Result<Vec<Step>, String> {
    let count = facts.len();
    let mut sections = sections.into_iter();
    let mut steps: Vec<Step> = Vec::with_capacity(count);
    for fact in facts {
        let Some(section) = sections.next() else {
            return Err(format!("{prose}: the section `## {}: …` is missing at the end", fact.id));
        };
        if section.id != fact.id {
            return Err(format!("{prose}:{}: here lesson.toml has the step `{}`", section.line, fact.id));
        }
        if steps.iter().any(|step| step.id == fact.id) {
            return Err(format!("{}/lesson.toml: two steps are called `{}`", folder.display(), fact.id));
        }
        steps.push(step(fact, section, prose)?);
    }
    match sections.next() {
        Some(section) => Err(format!("{prose}:{}: lesson.toml has only {count} steps", section.line)),
        None => Ok(steps),
    }
}

fn step(facts: StepFacts, section: Section, prose: &str) -> Result<Step, String> {
    let here = format!("{prose}:{}", section.line);
    let [client, server] = facts.states;
    let question = match (facts.question, section.question) {
        (Some(facts), Some(asked)) => Some(question(facts, asked, &here)?),
        (None, None) => None,
        _ => return Err(format!("{here}: the question is only in one of lesson.toml and the prose")),
    };
    Ok(Step {
        id: facts.id,
        title: section.title,
        prose: section.prose,
        frame: facts.frame,
        focus: facts.focus,
        states: [state(&client, &here)?, state(&server, &here)?],
        question,
    })
}

fn question(facts: QuestionFacts, asked: Asked, here: &str) -> Result<Question, String> {
    let choices = asked.choices.len();
    let right = facts.right.checked_sub(1).filter(|&right| (right as usize) < choices);
    let right = right.ok_or_else(|| format!("{here}: choice {} of {choices} cannot be right", facts.right))?;
    if asked.ask.is_empty() || asked.because.is_empty() {
        return Err(format!("{here}: a question needs what is asked and `### because`"));
    }
    let answer = match facts.answer {
        None => None,
        Some(AnswerFacts { frame, key: Some(key), end: None }) => Some(Answer::Field { frame, key }),
        Some(AnswerFacts { frame, key: None, end: Some(end) }) => Some(Answer::State { frame, end }),
        Some(_) => return Err(format!("{here}: an answer is a field (`key`) or a state (`end`) of a frame")),
    };
    Ok(Question { ask: asked.ask, choices: asked.choices, right, because: asked.because, answer })
}

/// A state by its name in RFC 9293 §3.3.2.
fn state(name: &str, here: &str) -> Result<State, String> {
    Ok(match name {
        "unknown" => State::Unknown,
        "CLOSED" => State::Closed,
        "LISTEN" => State::Listen,
        "SYN-SENT" => State::SynSent,
        "SYN-RECEIVED" => State::SynReceived,
        "ESTABLISHED" => State::Established,
        "FIN-WAIT-1" => State::FinWait1,
        "FIN-WAIT-2" => State::FinWait2,
        "CLOSE-WAIT" => State::CloseWait,
        "CLOSING" => State::Closing,
        "LAST-ACK" => State::LastAck,
        "TIME-WAIT" => State::TimeWait,
        _ => return Err(format!("{here}: lesson.toml names a state `{name}`, which RFC 9293 does not know")),
    })
}
