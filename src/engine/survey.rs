//! All conversations, one after the other, in turns → a verdict on each, and the worst events of the whole capture.
//!
//! It begins when somebody wants to know, and other requests are answered in between. While it runs it needs four bytes a frame,
//! to have each conversation's frames together; what stays is eight bytes a conversation and [`MAX_WORST`] events of each kind.

use serde::{Deserialize, Serialize};

use super::filter::Block;
use super::{Engine, Response};
use crate::capture::Source;
use crate::conversation::story::{EVENTS, Event, TROUBLE, no_answer};
use crate::conversation::{Endpoint, Kind, MAX_TOLD};
use crate::protocol::Packet;

/// Events of a kind that are kept: those with the most frames.
pub const MAX_WORST: usize = 50;
/// Frames that are put to their conversations for what judging one of them costs.
const SORTED: u32 = 16;
/// What a conversation costs beside its frames, and one whose first frame is taken apart.
const COST: u32 = 8;
const COST_APART: u32 = 64;

/// What is wrong with a capture, as far as its conversations have been judged.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Overview {
    pub judged: u32,
    pub conversations: u32,
    /// All were judged: only then there are kinds.
    pub done: bool,
    /// Those that occur, the worst first.
    pub kinds: Vec<Tally>,
}

/// All events of one kind.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Tally {
    /// A key of `EVENTS`, and its rank.
    pub kind: String,
    pub rank: u8,
    pub events: u32,
    /// Conversations that have any.
    pub conversations: u32,
    /// At most [`MAX_WORST`], those with the most frames first.
    pub worst: Vec<Told>,
}

/// An event and where it happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Told {
    pub conversation: u32,
    pub ends: [Endpoint; 2],
    pub event: Event,
}

/// What is kept of a conversation.
#[derive(Clone, Copy, Default)]
struct Verdict {
    /// A place in [`VERDICTS`].
    place: u8,
    /// Microseconds from the SYN to the first acknowledgment without SYN; 0: unknown.
    rtt: u32,
}

/// Verdicts that are no event; those that are follow in the order of `EVENTS`.
const VERDICTS: [&str; 5] = ["", "none", "normal", "joined", "long"];
const NONE: u8 = 1;
const NORMAL: u8 = 2;
const JOINED: u8 = 3;
const LONG: u8 = 4;

/// How far it has got.
pub(super) struct Survey {
    /// Frames that the capture had when it began.
    frames: u32,
    /// Frame numbers by conversation, as far as they are sorted; and where each conversation's next one goes.
    order: Vec<u32>,
    places: Vec<u32>,
    sorted: u32,
    verdicts: Vec<Verdict>,
    conversations: u32,
    /// As [`EVENTS`].
    tallies: Vec<Tally>,
    block: Block,
}

impl<S: Source> Engine<S> {
    /// How far the survey is; it begins where there is none, or where the capture has grown since.
    pub(super) fn overview(&mut self) -> Response {
        if self.survey.as_ref().is_none_or(|survey| survey.frames != self.frames()) {
            let mut places = Vec::with_capacity(self.tracker.len() as usize);
            let mut next = 0;
            for id in 0..self.tracker.len() {
                places.push(next);
                next += self.tracker.brief(id).map_or(0, |it| it.frames);
            }
            let tally = |(kind, rank): &(&str, u8)| Tally { kind: (*kind).into(), rank: *rank, ..Tally::default() };
            self.survey = Some(Survey {
                frames: self.frames(),
                order: vec![0; self.frames() as usize],
                conversations: self.tracker.len(),
                places,
                sorted: 0,
                verdicts: Vec::new(),
                tallies: EVENTS.iter().map(tally).collect(),
                block: Block::default(),
            });
        }
        Response::Overview(self.survey.as_ref().map(Survey::overview).unwrap_or_default())
    }

    /// Conversations that have a verdict.
    pub(super) fn judged(&self) -> u32 {
        self.survey.as_ref().map_or(0, |survey| survey.verdicts.len() as u32)
    }

    /// Whether conversations are left that have no verdict yet.
    pub fn is_surveying(&self) -> bool {
        self.survey.as_ref().is_some_and(|survey| !survey.done())
    }

    /// Judges the next conversations, about as many as have so many frames; says how far it has got.
    pub fn survey_on(&mut self, cost: u32) -> Response {
        let Some(mut survey) = self.survey.take() else { return Response::Overview(Overview::default()) };
        let mut spent = 0;
        while spent < cost && survey.sorted < survey.frames {
            for _ in 0..SORTED {
                survey.sort(|frame| self.tracker.of_frame(frame).map(|(id, _)| id));
            }
            spent += 1;
        }
        while spent < cost && !survey.done() {
            spent += self.judge_next(&mut survey);
        }
        if survey.done() {
            (survey.order, survey.places, survey.block) = Default::default();
        }
        let overview = survey.overview();
        self.survey = Some(survey);
        Response::Overview(overview)
    }

    /// Whether there is anything to go on with in turns, a filter or a survey.
    pub fn is_busy(&self) -> bool {
        self.is_searching() || self.is_surveying()
    }

    /// Goes on with it for about so much; says how far it has got.
    pub fn go_on(&mut self, cost: u32) -> Response {
        if self.is_searching() { self.search_on(cost) } else { self.survey_on(cost) }
    }

    /// The verdict on a conversation, once there is one: its rank (0: nothing to say, 1: normal), its key, and the round trip
    /// of its opening in nanoseconds.
    pub(super) fn verdict(&self, id: u32) -> (u8, &'static str, Option<i64>) {
        let kept = self.survey.as_ref().and_then(|survey| survey.verdicts.get(id as usize));
        let Verdict { place, rtt } = kept.copied().unwrap_or_default();
        let event = usize::from(place).checked_sub(VERDICTS.len()).and_then(|event| EVENTS.get(event));
        let (word, rank) = match event {
            Some((kind, rank)) => (*kind, *rank),
            None => (VERDICTS.get(usize::from(place)).copied().unwrap_or_default(), u8::from(place > NONE)),
        };
        (rank, word, Some(i64::from(rtt) * 1_000).filter(|rtt| *rtt > 0))
    }

    /// Judges one conversation and says what it cost.
    fn judge_next(&mut self, survey: &mut Survey) -> u32 {
        let id = survey.verdicts.len() as u32;
        let Some(conversation) = self.tracker.get(id) else {
            survey.verdicts.push(Verdict::default());
            return COST;
        };
        let rows = conversation.frames;
        let to = survey.places.get(id as usize).copied().unwrap_or_default();
        let frames = survey.order.get(to.saturating_sub(rows) as usize..to as usize).unwrap_or_default();
        let (mut events, mut rtt, mut cost) = (Vec::new(), None, rows.saturating_add(COST));
        let place = match conversation.kind {
            Kind::Tcp(_) if rows > MAX_TOLD => LONG,
            Kind::Tcp(_) => {
                (events, rtt) = self.tracker.tell(id, frames, &self.index);
                if events.iter().any(|event| event.kind == "joined") { JOINED } else { NORMAL }
            }
            _ if ASKING.contains(&conversation.protocol.as_str()) && self.is_one_sided(frames) => {
                cost += COST_APART;
                events.extend(self.question(frames, &mut survey.block));
                NONE
            }
            _ => NONE,
        };
        let mut worst: Option<usize> = None;
        let mut seen = 0u32;
        for event in events {
            let Some(kind) = EVENTS.iter().position(|(key, _)| *key == event.kind) else { continue };
            if event.rank >= TROUBLE && worst.is_none_or(|worst| EVENTS[worst].1 < event.rank) {
                worst = Some(kind);
            }
            let Some(tally) = survey.tallies.get_mut(kind) else { continue };
            tally.events += 1;
            tally.conversations += u32::from(seen >> kind & 1 == 0);
            seen |= 1 << kind;
            let at = tally.worst.partition_point(|told| told.event.count >= event.count);
            if at < MAX_WORST {
                tally.worst.truncate(MAX_WORST - 1);
                tally.worst.insert(at, Told { conversation: id, ends: conversation.ends.clone(), event });
            }
        }
        let place = worst.map_or(place, |worst| (worst + VERDICTS.len()) as u8);
        let rtt = rtt.map_or(0, |rtt| u32::try_from(rtt / 1_000).unwrap_or_default());
        survey.verdicts.push(Verdict { place, rtt });
        cost
    }

    fn is_one_sided(&self, frames: &[u32]) -> bool {
        frames.iter().all(|frame| self.tracker.of_frame(*frame).is_none_or(|(_, end)| end == 0))
    }

    /// The event of an exchange without connection that nobody answers, where it begins with a question to one host.
    fn question(&mut self, frames: &[u32], block: &mut Block) -> Option<Event> {
        let first = *frames.first()?;
        let record = self.index.get(first)?;
        self.read_near(block, first, &record).ok()?;
        if !is_question(&self.dissect(first, &record)) {
            return None;
        }
        let time = |frame: u32| self.index.get(frame).map_or(0, |record| record.time);
        Some(no_answer(&frames.iter().map(|&frame| (frame, time(frame))).collect::<Vec<_>>()))
    }

    /// The story of an exchange that has one: a question that nobody answered.
    pub(super) fn unanswered(&mut self, id: u32) -> Option<Event> {
        let conversation = self.tracker.get(id).filter(|it| ASKING.contains(&it.protocol.as_str()))?;
        let frames = self.tracker.frames(conversation.id).to_vec();
        if self.is_one_sided(&frames) { self.question(&frames, &mut Block::default()) } else { None }
    }
}

/// What conversations are called in which one end asks and the other has to answer.
const ASKING: [&str; 4] = ["DNS", "ARP", "ICMP", "ICMPv6"];

/// Whether a packet asks one host for something that it is to answer by a packet back; announcements, tests for duplicate addresses
/// and questions to a group of hosts may go unanswered.
fn is_question(packet: &Packet) -> bool {
    let shows = |layer: &str, key: &str, value: &str| {
        packet.layer(layer).and_then(|layer| layer.get(key)).is_some_and(|found| found.show == value)
    };
    let group = |found: &str| {
        let first = found.split('.').next().and_then(|octet| octet.parse::<u8>().ok());
        first.map_or(found.starts_with("ff"), |octet| octet >= 224)
    };
    let to_group = [("ip", "ip.dst"), ("ipv6", "ipv6.dst")].iter().any(|(layer, key)| {
        packet.layer(layer).and_then(|layer| layer.get(key)).is_some_and(|found| group(&found.show))
    });
    let own = ["arp.isgratuitous", "arp.isannouncement", "arp.isprobe"].iter().any(|key| shows("arp", key, "1"));
    let asks = shows("arp", "arp.opcode", "1") && !own
        || shows("icmp", "icmp.type", "8")
        || shows("icmpv6", "icmpv6.type", "128")
        || shows("dns", "dns.flags.response", "0");
    asks && !to_group
}

impl Survey {
    fn done(&self) -> bool {
        self.verdicts.len() >= self.conversations as usize
    }

    /// Puts the next frame to those of its conversation.
    fn sort(&mut self, of: impl Fn(u32) -> Option<u32>) {
        if self.sorted >= self.frames {
            return;
        }
        self.sorted += 1;
        let Some(place) = of(self.sorted).and_then(|id| self.places.get_mut(id as usize)) else { return };
        if let Some(slot) = self.order.get_mut(*place as usize) {
            *slot = self.sorted;
            *place += 1;
        }
    }

    fn overview(&self) -> Overview {
        let mut kinds = Vec::new();
        if self.done() {
            // `EVENTS` has the worst first.
            kinds.extend(self.tallies.iter().filter(|tally| tally.events > 0).cloned());
        }
        let (judged, conversations) = (self.verdicts.len() as u32, self.conversations);
        Overview { judged, conversations, done: self.done(), kinds }
    }
}
