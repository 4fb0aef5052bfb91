//! What analysis says of the chosen packet's segment, and why it was sent again.

use yew::prelude::*;

use super::view::{View, source};
use crate::conversation::analysis::{Finding, Reason};
use crate::engine::FrameView;
use crate::scene::measure::duration;
use crate::session::Action;

/// The words of these say more than `retransmission` alone.
const EXACT: [&str; 2] = ["fast_retransmission", "spurious_retransmission"];

pub fn judged(view: &View, frame: &FrameView) -> Html {
    let Some(finding) = &frame.judged else { return Html::default() };
    let all: Vec<&str> = finding.words().collect();
    let exact = all.iter().any(|word| EXACT.contains(word));
    html! {
        <div class={classes!("judged", finding.reason.is_some().then_some("again"))} id="judged" role="note" aria-label={view.word("judged.title").to_string()}>
            {for all.into_iter().filter(|word| *word != "retransmission" || !exact).map(|word| said(view, finding, word))}
            {for finding.reason.iter().map(|reason| why(view, reason))}
        </div>
    }
}

/// A flag's word and what it means; why a segment was sent again is told by its reason.
fn said(view: &View, finding: &Finding, word: &str) -> Html {
    let number = finding.duplicate_ack_num.filter(|_| word == "duplicate_ack").map(|number| format!(" #{number}"));
    let text = view.words.find(&format!("judged.{word}")).map(|_| {
        let frame = finding.duplicate_ack_frame.map_or(String::new(), |frame| frame.to_string());
        view.words.fill(&format!("judged.{word}"), &[("frame", &frame)])
    });
    html! { <span><b>{view.word(&format!("mark.{word}")).to_string()}{number}</b>{" "}{text}{" "}</span> }
}

fn why(view: &View, reason: &Reason) -> Html {
    let rule = format!("again.{}", reason.rule);
    let waited = reason.waited.map(|waited| {
        let values = [("attempt", reason.attempt.to_string()), ("waited", duration(waited))];
        view.words.fill("judged.times", &values.each_ref().map(|(name, value)| (*name, value.as_str())))
    });
    let growth = reason.before.map(|before| view.words.fill("judged.growth", &[("before", &duration(before))]));
    let frames = reason.frames.iter().map(|frame| {
        let text = view.words.fill("ends.frame", &[("frame", &frame.to_string())]);
        html! { <button class="frame-link" onclick={view.click(Action::GoFrame(*frame))}>{text}</button> }
    });
    let stop = if view.session.language == crate::session::Language::default() { ". " } else { "。" };
    html! {
        <span>
            <span class="known">{"◐ "}{view.word("ends.inferred").to_string()}</span>{" "}
            {view.words.rule(&rule).unwrap_or(&rule).to_string()}{stop}{waited}{" "}{growth}{" "}
            if !reason.source.is_empty() { {source(&reason.source)} }{for frames}
        </span>
    }
}
