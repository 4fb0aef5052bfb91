//! The bar at the top: where one is, and the switches for language, theme, sharing and presenting.

use web_sys::HtmlSelectElement;
use yew::prelude::*;

use super::view::View;
use crate::engine::Format;
use crate::session::{Action, Language};

pub fn header(view: &View, share: Callback<MouseEvent>, shared: bool, save: Callback<Format>) -> Html {
    let session = &view.session;
    let word = |key: &'static str| view.words.get(key).to_string();
    let on_stage = session.on_stage();
    let other = match session.language.other() {
        Language::English => "English",
        Language::Chinese => "中文",
    };
    html! {
        <header>
            <a class="brand" href="#/" aria-label={word("header.home")}>{word("brand.packet")}<b>{word("brand.theater")}</b></a>
            if on_stage { {place(view)} }
            <span class="grow"></span>
            <a class={classes!("button", on_stage.then_some("wide-only"))} id="glossary" href="#/glossary">{word("glossary.title")}</a>
            <button class="button" id="language" lang={session.language.other().tag()} onclick={view.click(Action::Language(session.language.other()))}>{other}</button>
            <button class="button" id="theme" aria-pressed={session.dark.to_string()} onclick={view.click(Action::Dark(!session.dark))}>
                {word(if session.dark { "header.light" } else { "header.dark" })}
            </button>
            if on_stage {
                {saver(view, save)}
                <button class="button wide-only" id="share" onclick={share}>{word(if shared { "header.shared" } else { "header.share" })}</button>
                <button class={classes!("button", "wide-only", session.presenting.then_some("on"))} id="present" aria-pressed={session.presenting.to_string()}
                    onclick={view.click(Action::Present(!session.presenting))}>{word("header.present")}</button>
            }
            <button class="button" id="help" aria-label={word("header.help")} title={word("header.help")} onclick={view.click(Action::Help(!session.help))}>{"?"}</button>
        </header>
    }
}

/// Chooses a format to save the capture in; its first line only says what it is for.
fn saver(view: &View, save: Callback<Format>) -> Html {
    const FORMATS: [(&str, Format); 2] = [("pcapng", Format::Pcapng), ("pcap", Format::Pcap)];
    let onchange = Callback::from(move |event: Event| {
        let select: HtmlSelectElement = event.target_unchecked_into();
        let chosen = usize::try_from(select.selected_index()).ok().and_then(|index| FORMATS.get(index.checked_sub(1)?));
        if let Some((_, format)) = chosen {
            save.emit(*format);
        }
        select.set_selected_index(0);
    });
    html! {
        <select class="button wide-only" id="save" aria-label={view.word("header.save").to_string()} {onchange}>
            <option selected=true>{view.word("header.save").to_string()}</option>
            {for FORMATS.iter().map(|(name, _)| html! { <option>{*name}</option> })}
        </select>
    }
}

/// The lesson and its step, or the name of the capture.
fn place(view: &View) -> Html {
    let session = &view.session;
    match (&session.lesson, &session.capture) {
        (Some(lesson), _) => html! {
            <>
                <span class="crumb section">{view.words.fill("home.section", &[("section", &lesson.chapter)])}{" · "}</span>
                <span class="crumb title"><strong>{&lesson.title}</strong></span>
                <span class="crumb step" id="step">{view.words.fill("header.step", &[
                    ("step", &(session.step + 1).to_string()), ("steps", &lesson.steps.len().to_string())])}</span>
            </>
        },
        (None, Some(capture)) => html! {
            <>
                <span class="crumb title"><strong>{&capture.name}</strong></span>
                <span class="crumb soft wide-only">{view.words.fill("header.capture", &[
                    ("frames", &super::view::thousands(capture.frames.into())), ("size", &super::view::size(capture.size)), ("format", &capture.format)])}</span>
            </>
        },
        _ => Html::default(),
    }
}
