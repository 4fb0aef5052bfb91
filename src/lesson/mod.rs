//! A lesson folder → a capture and the script that plays it.

#[cfg(not(target_arch = "wasm32"))]
pub mod anchors;
#[cfg(not(target_arch = "wasm32"))]
mod prose;
#[cfg(not(target_arch = "wasm32"))]
pub mod source;
#[cfg(not(target_arch = "wasm32"))]
mod terminal;

use serde::{Deserialize, Serialize};

use crate::conversation::{End, State};

/// A lesson in one language, ready to play.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Lesson {
    pub id: String,
    pub title: String,
    /// One sentence for the home page.
    pub purpose: String,
    /// `3.3`
    pub chapter: String,
    pub hosts: Vec<Host>,
    /// File name of the capture in the lesson's folder.
    pub capture: String,
    pub steps: Vec<Step>,
    pub terminals: Vec<Terminal>,
}

impl Lesson {
    pub fn listed(&self) -> Listed {
        let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        Listed {
            id: self.id.clone(),
            title: self.title.clone(),
            purpose: self.purpose.clone(),
            chapter: self.chapter.clone(),
            steps: count(self.steps.len()),
            questions: count(self.steps.iter().filter(|step| step.question.is_some()).count()),
        }
    }
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Host {
    /// Short name in the lesson's language: `Alice`.
    pub name: String,
    /// `client`, `server`, in the lesson's language.
    pub role: String,
    pub addresses: Vec<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Step {
    pub id: String,
    pub title: String,
    pub prose: Vec<Block>,
    /// The frame that the step plays (from 1); `None`: before the first packet.
    pub frame: Option<u32>,
    /// Key of the field to look at.
    pub focus: Option<String>,
    /// The state of each end once the step has played; `None` where the step is not about TCP's.
    pub states: Option<[State; 2]>,
    /// Asked before the step's packet plays; the packet stays hidden until it is answered or skipped.
    pub question: Option<Question>,
}

/// A piece of prose: no markup reaches the page but these.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Block {
    Paragraph(Vec<Span>),
    Code(String),
    List(Vec<Vec<Span>>),
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Span {
    Plain(String),
    Strong(String),
    Code(String),
    /// A word that points at a field: `[ACK](field:tcp.flags.ack)`.
    Field {
        text: String,
        key: String,
    },
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Question {
    pub ask: String,
    pub choices: Vec<String>,
    /// Index of the right choice.
    pub right: u32,
    /// Shown after the answer: why it is so.
    pub because: String,
    /// What makes the right choice right; `None` where no capture can tell.
    pub answer: Option<Answer>,
}

/// Where an answer is found in the capture: the right choice contains what is printed there, and no other choice does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Answer {
    /// The value of a field, as the anatomy prints it.
    Field { frame: u32, key: String },
    /// The state of an end once the frame has arrived, as RFC 9293 spells it.
    State { frame: u32, end: End },
    /// Whole seconds from an earlier frame to this one.
    Wait { from: u32, frame: u32 },
}

/// What one host's terminal showed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Terminal {
    /// Which host.
    pub host: End,
    pub title: String,
    /// Output with its moment in nanoseconds since 1970-01-01 UTC, in order; control sequences removed.
    pub output: Vec<(i64, String)>,
}

/// A lesson as the home page lists it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Listed {
    pub id: String,
    pub title: String,
    pub purpose: String,
    pub chapter: String,
    pub steps: u32,
    pub questions: u32,
}
