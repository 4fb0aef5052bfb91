//! A lesson's folder (`lesson.toml`, a prose file a language, recorded terminals) and its capture → `Lesson`. Native only: the
//! page gets bundles.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::anchors::{self, Packets, Placed};
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
    /// What its packet is; none before the first packet.
    packet: Option<PacketFacts>,
    focus: Option<String>,
    /// As RFC 9293 spells them.
    states: Option<[String; 2]>,
    question: Option<QuestionFacts>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct QuestionFacts {
    /// Position of the right choice, from 1.
    right: u32,
    answer: Option<AnswerFacts>,
}

/// A display filter and which of the packets that it means: `"tcp.flags.syn == 1"`, `{ filter = "…", nth = 2 }`.
#[derive(Deserialize)]
#[serde(untagged)]
enum PacketFacts {
    First(String),
    Nth { filter: String, nth: u32 },
}

/// One of `{ key }` and `{ end }`, of the step's packet, and `{ since }`: how long after an earlier step's packet it comes.
#[derive(Deserialize)]
#[serde(rename_all = "lowercase", deny_unknown_fields)]
enum AnswerFacts {
    Key(String),
    End(End),
    Since(String),
}

/// How a lesson's capture is opened.
pub type Open<'a> = &'a dyn Fn(&Path) -> Result<Box<dyn Packets>, String>;

/// All lessons below a directory in one language, in teaching order.
pub fn read_all(lessons: &Path, language: &str, open: Open) -> Result<Vec<Lesson>, String> {
    let mut found = Vec::new();
    for folder in folders(lessons)? {
        found.push((facts(&folder)?.order, read(&folder, language, open)?));
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
pub fn read(folder: &Path, language: &str, open: Open) -> Result<Lesson, String> {
    let facts = facts(folder)?;
    let packets = &mut *open(&folder.join(&facts.capture))?;
    let placed = placed(&facts.step, folder, packets)?;
    let prose = folder.join(format!("{language}.md"));
    let file = prose.display().to_string();
    let page = prose::parse(&file, &anchors::fill(&file, &text(&prose)?, &placed, packets)?)?;
    Ok(Lesson {
        id: folder.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default(),
        title: page.title,
        purpose: page.purpose,
        chapter: facts.chapter,
        hosts: facts.host.into_iter().map(|host| host.spoken(folder, language)).collect::<Result<_, _>>()?,
        capture: facts.capture,
        steps: steps(facts.step, page.sections, &placed, folder, &file)?,
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

/// The frame of each step.
fn placed(steps: &[StepFacts], folder: &Path, packets: &mut dyn Packets) -> Result<Vec<Placed>, String> {
    let wrong = |id: &str, why: String| format!("{}/lesson.toml: step `{id}`: {why}", folder.display());
    let place = |step: &StepFacts| {
        let frame = match &step.packet {
            None => return Ok((step.id.clone(), None)),
            Some(PacketFacts::First(filter)) => packets.frame(filter, 1),
            Some(PacketFacts::Nth { filter, nth }) => packets.frame(filter, *nth),
        };
        Ok((step.id.clone(), Some(frame.map_err(|why| wrong(&step.id, why))?)))
    };
    steps.iter().map(place).collect()
}

/// Facts and prose tell the same steps in the same order.
fn steps(
    facts: Vec<StepFacts>,
    sections: Vec<Section>,
    placed: &[Placed],
    folder: &Path,
    prose: &str,
) -> Result<Vec<Step>, String> {
    let count = facts.len();
    let mut sections = sections.into_iter();
    let mut steps: Vec<Step> = Vec::with_capacity(count);
    for (fact, (_, frame)) in facts.into_iter().zip(placed) {
        let Some(section) = sections.next() else {
            return Err(format!("{prose}: the section `## {}: …` is missing at the end", fact.id));
        };
        if section.id != fact.id {
            return Err(format!("{prose}:{}: here lesson.toml has the step `{}`", section.line, fact.id));
        }
        if steps.iter().any(|step| step.id == fact.id) {
            return Err(format!("{}/lesson.toml: two steps are called `{}`", folder.display(), fact.id));
        }
        steps.push(step(fact, *frame, placed, section, prose)?);
    }
    match sections.next() {
        Some(section) => Err(format!("{prose}:{}: lesson.toml has only {count} steps", section.line)),
        None => Ok(steps),
    }
}

fn step(
    facts: StepFacts,
    frame: Option<u32>,
    placed: &[Placed],
    section: Section,
    prose: &str,
) -> Result<Step, String> {
    let here = format!("{prose}:{}", section.line);
    let states = match facts.states {
        Some([client, server]) => Some([state(&client, &here)?, state(&server, &here)?]),
        None => None,
    };
    let question = match (facts.question, section.question) {
        (Some(facts), Some(asked)) => Some(question(facts, frame, placed, asked, &here)?),
        (None, None) => None,
        _ => return Err(format!("{here}: the question is only in one of lesson.toml and the prose")),
    };
    Ok(Step { id: facts.id, title: section.title, prose: section.prose, frame, focus: facts.focus, states, question })
}

fn question(
    facts: QuestionFacts,
    frame: Option<u32>,
    placed: &[Placed],
    asked: Asked,
    here: &str,
) -> Result<Question, String> {
    let choices = asked.choices.len();
    let right = facts.right.checked_sub(1).filter(|&right| (right as usize) < choices);
    let right = right.ok_or_else(|| format!("{here}: choice {} of {choices} cannot be right", facts.right))?;
    if asked.ask.is_empty() || asked.because.is_empty() {
        return Err(format!("{here}: a question needs what is asked and `### because`"));
    }
    let answer = match (facts.answer, frame) {
        (None, _) => None,
        (Some(_), None) => return Err(format!("{here}: a step without a packet answers nothing")),
        (Some(AnswerFacts::Key(key)), Some(frame)) => Some(Answer::Field { frame, key }),
        (Some(AnswerFacts::End(end)), Some(frame)) => Some(Answer::State { frame, end }),
        (Some(AnswerFacts::Since(id)), Some(frame)) => {
            let from = placed.iter().find(|(step, _)| *step == id).and_then(|(_, frame)| *frame);
            let from = from.ok_or_else(|| format!("{here}: there is no step `{id}` with a packet"))?;
            Some(Answer::Wait { from, frame })
        }
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
