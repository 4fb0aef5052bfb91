//! The lesson's script: what happens now and why, the question before the answer, the hosts' terminals.

use yew::prelude::*;

use super::view::View;
use crate::lesson::{Block, Question, Span, Terminal};
use crate::session::Action;

#[component]
pub fn Script(view: &View) -> Html {
    let session = &view.session;
    // The reason why is what one wants to read next.
    use_effect_with((session.step, session.given(session.step).is_some()), |_| {
        super::browser::reveal("#script", &[".because"]);
    });
    let Some(lesson) = &session.lesson else { return Html::default() };
    let Some(step) = lesson.steps.get(session.step) else { return Html::default() };
    let asked = session.open_question().is_some();
    html! {
        <>
        <div class="script" id="script" aria-live="polite" key={session.step}>
            <h2>{&step.title}</h2>
            if let Some(question) = &step.question {
                {ask(view, question)}
            }
            if !asked { {for step.prose.iter().map(|block| paint_block(view, block))} }
        </div>
        <Terminals ..view.clone() />
        </>
    }
}

fn ask(view: &View, question: &Question) -> Html {
    let session = &view.session;
    let answer = session.given(session.step);
    let word = |key: &'static str| view.words.get(key).to_string();
    // Once it is answered, only what was chosen and what is right stay: the prose needs the room.
    let stays = |(index, _): &(usize, &String)| {
        let index = *index as u32;
        answer.is_none_or(|chosen| index == question.right || chosen == Some(index))
    };
    let choice = |(index, text): (usize, &String)| {
        let index = index as u32;
        let (class, glyph) = match answer {
            Some(_) if index == question.right => ("right", "✓ "),
            Some(Some(chosen)) if index == chosen => ("wrong", "✗ "),
            _ => ("", ""),
        };
        html! {
            <button class={classes!("choice", class)} disabled={answer.is_some()} onclick={view.click(Action::Answer(Some(index)))}>
                <kbd>{index + 1}</kbd><span>{glyph}{text}</span>
            </button>
        }
    };
    html! {
        <div class="ask" role="group" aria-label={word("script.question")}>
            <b>{&question.ask}</b>
            {for question.choices.iter().enumerate().filter(stays).map(choice)}
            if answer.is_some() {
                <p class="because">{&question.because}</p>
            } else {
                <button class="plain" id="skip" onclick={view.click(Action::Answer(None))}>{word("script.skip")}</button>
            }
        </div>
    }
}

fn paint_block(view: &View, block: &Block) -> Html {
    match block {
        Block::Paragraph(spans) => html! { <p>{for spans.iter().map(|span| paint_span(view, span))}</p> },
        Block::Code(text) => html! { <pre>{text}</pre> },
        Block::List(items) => html! {
            <ul>{for items.iter().map(|spans| html! { <li>{for spans.iter().map(|span| paint_span(view, span))}</li> })}</ul>
        },
    }
}

fn paint_span(view: &View, span: &Span) -> Html {
    match span {
        Span::Plain(text) => html! { {text} },
        Span::Strong(text) => html! { <strong>{text}</strong> },
        Span::Code(text) => html! { <code>{text}</code> },
        Span::Field { text, key } => {
            let title = view.words.field_text(key).map(str::to_string);
            html! { <button class="term" {title} onclick={view.click(Action::ChooseKey(key.clone()))}>{text}</button> }
        }
    }
}

/// One terminal at a time: the one that the reader chose, else the one that printed last.
#[component]
fn Terminals(view: &View) -> Html {
    let chosen = use_state(|| None::<usize>);
    let Some(lesson) = &view.session.lesson else { return Html::default() };
    let until = view.session.moment();
    let shown = |terminal: &Terminal| terminal.output.partition_point(|(time, _)| *time <= until);
    let latest = |terminal: &Terminal| shown(terminal).checked_sub(1).map(|last| terminal.output[last].0);
    let newest =
        lesson.terminals.iter().enumerate().max_by_key(|(_, terminal)| latest(terminal)).map(|(index, _)| index);
    let Some((index, terminal)) = chosen.or(newest).and_then(|index| Some((index, lesson.terminals.get(index)?)))
    else {
        return Html::default();
    };
    let text: String = terminal.output[..shown(terminal)].iter().map(|(_, text)| text.as_str()).collect();
    let tab = |(other, terminal): (usize, &Terminal)| {
        let (chosen, on) = (chosen.clone(), other == index);
        html! { <button class={classes!(on.then_some("on"))} aria-pressed={on.to_string()} onclick={Callback::from(move |_| chosen.set(Some(other)))}>{&terminal.title}</button> }
    };
    html! {
        <figure class="tty" aria-label={terminal.title.clone()}>
            <figcaption>{for lesson.terminals.iter().enumerate().map(tab)}</figcaption>
            <div class="screen" tabindex="0"><pre>{text}<span class="cursor"></span></pre></div>
        </figure>
    }
}
