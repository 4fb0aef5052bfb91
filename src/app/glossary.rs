//! The glossary: a search over every field of every protocol, and their explanations by protocol.

use yew::prelude::*;

use super::view::{Panel, View, address, source};
use crate::session::{Action, Group, Language, Route, Session};
use crate::text::Term;

/// All that the glossary reads of the session.
pub fn glossary_shown(session: &Session) -> Vec<usize> {
    let Route::Glossary { key } = &session.route else { return Vec::new() };
    [address(&session.glossary), session.language as usize].into_iter().chain(key.bytes().map(usize::from)).collect()
}

#[component]
pub fn Glossary(Panel { view, .. }: &Panel) -> Html {
    let key = match &view.session.route {
        Route::Glossary { key } => key.clone(),
        _ => String::new(),
    };
    let there = view.session.glossary.terms.len();
    use_effect_with((key.clone(), there), |_| super::browser::reveal(".glossary", &[".entry.on"]));
    let oninput = {
        let send = view.send.clone();
        Callback::from(move |event: InputEvent| {
            let input: web_sys::HtmlInputElement = event.target_unchecked_into();
            send.emit(Action::Search(input.value()));
        })
    };
    let glossary = &view.session.glossary;
    let groups = glossary.groups();
    let total: usize = groups.iter().map(|group| group.total).sum();
    let left = groups.iter().filter(|group| !group.terms.is_empty()).map(|group| group.total - group.terms.len());
    let searched = !glossary.query.trim().is_empty();
    let left = if searched { total - groups.iter().map(|group| group.terms.len()).sum::<usize>() } else { left.sum() };
    let count =
        view.words.fill("glossary.count", &[("fields", &total.to_string()), ("protocols", &groups.len().to_string())]);
    html! {
        <main class="glossary">
            <div class="search">
                <h1>{view.word("glossary.title").to_string()}</h1>
                if view.session.stage.is_some() {
                    <a class="button" id="back" href={view.session.staged.fragment()}>{view.word("glossary.back").to_string()}</a>
                }
                <input type="search" id="search" value={glossary.query.clone()} {oninput} autocomplete="off"
                    placeholder={view.word("glossary.search").to_string()} aria-label={view.word("glossary.search").to_string()} />
                <span class="soft" role="status">{count}</span>
            </div>
            // A list of its own: beside it the search would be made anew, without focus, whenever the list's length changes.
            <div>
                {for groups.iter().map(|group| paint_group(view, group, searched, &key))}
                if left > 0 {
                    <button class="button" onclick={view.click(Action::MoreTerms)}>{view.words.fill("glossary.more", &[("fields", &left.to_string())])}</button>
                }
            </div>
        </main>
    }
}

fn paint_group(view: &View, group: &Group, searched: bool, key: &str) -> Html {
    let open = !group.terms.is_empty();
    html! {
        <section key={group.protocol.to_owned()}>
            <h2>
                <button aria-expanded={open.to_string()} disabled={searched} onclick={view.click(Action::OpenProtocol(group.protocol.to_owned()))}>
                    {view.words.protocol(group.protocol)}<span class="soft">{group.total}</span>
                </button>
            </h2>
            {for group.terms.iter().map(|term| paint_term(view, term, term.key == key))}
        </section>
    }
}

fn paint_term(view: &View, term: &Term, on: bool) -> Html {
    let [english, chinese] = &term.names;
    let (name, other) = match view.session.language {
        Language::English => (english, chinese),
        Language::Chinese => (chinese, english),
    };
    let form = view.word(&format!("form.{}", term.form)).to_string();
    let bits = view.words.fill("glossary.bits", &[("bits", &term.bits.to_string())]);
    html! {
        <article key={term.key.clone()} class={classes!("entry", on.then_some("on"))}>
            <h3>{name}<span class="soft" lang={view.session.language.other().tag()}>{other}</span>
                <a href={Route::Glossary { key: term.key.clone() }.fragment()}><code>{&term.key}</code></a></h3>
            <p>{view.words.field_text(&term.key).unwrap_or_default().to_string()}</p>
            if !term.words.is_empty() {
                <p class="values">{for term.words.iter().map(|(value, word)| html! { <span><b>{value}</b>{" "}{view.words.value(word)}</span> })}
                    if term.more > 0 { <span class="soft">{view.words.fill("glossary.values", &[("more", &term.more.to_string())])}</span> }</p>
            }
            <p class="soft">if term.bits > 0 { {bits}{" · "} }{form}{" · "}{source(&term.source)}</p>
        </article>
    }
}
