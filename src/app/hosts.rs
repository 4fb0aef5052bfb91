//! The stage with all hosts: its lifelines' heads, the sketch of the network, a packet's journey; and hosts' tables as commands print them.

use yew::prelude::*;

use super::live::{Live, use_position};
use super::measure::{attributes, use_size};
use super::paint::paint;
use super::view::{Panel, View, address};
use crate::conversation::Known;
use crate::conversation::hosts::{Host, HostTables, Line, NAMELESS};
use crate::engine::{Hop, Row};
use crate::scene::{self, Head, Target};
use crate::session::{Action, Session};

/// All that these panels read of the session.
pub fn hosts_shown(session: &Session) -> Vec<usize> {
    let hosts = &session.hosts;
    let row = session.selected_row().map_or(0, |row| row as usize + 1);
    vec![hosts.tables.as_ref().map_or(0, address), hosts.chosen, row, address(&session.rows)]
}

/// What stands over the lifelines of all hosts.
pub fn heads(view: &View) -> Vec<Head> {
    let Some(stage) = &view.session.stage else { return Vec::new() };
    let role = |host: &Host| {
        let words: Vec<&str> = host.roles.iter().map(|role| view.words.get(role_key(&role.key))).collect();
        words.join(", ")
    };
    let head = |host: &Host| match host.gathered {
        0 => Head { address: name(host), role: role(host), name: String::new() },
        NAMELESS => Head { name: view.word("hosts.nameless").to_string(), ..Head::default() },
        count => Head { name: view.words.fill("hosts.others", &[("count", &count.to_string())]), ..Head::default() },
    };
    stage.hosts.iter().map(head).collect()
}

fn name(host: &Host) -> String {
    host.addresses.first().or(host.macs.first()).cloned().unwrap_or_default()
}

fn role_key(key: &str) -> &'static str {
    match key {
        "client" => "role.client",
        "dns" => "role.dns",
        "dhcp" => "role.dhcp",
        "gateway" => "role.gateway",
        "translator" => "role.translator",
        "proxy" => "role.proxy",
        _ => "role.server",
    }
}

#[derive(Clone, Properties, PartialEq)]
pub struct Props {
    pub panel: Panel,
    pub live: Live,
}

/// The sketch, and what is known of the present packet's hops and of the hosts.
#[component]
pub fn Network(Props { panel, live }: &Props) -> Html {
    let view = &panel.view;
    let (node, size) = use_size();
    use_position(live);
    let session = &view.session;
    let Some(stage) = &session.stage else { return Html::default() };
    let row = session.selected_row().and_then(|row| session.rows.get(row));
    let on: Vec<u8> =
        row.map(|row| [Some(row.from), Some(row.to), row.via].into_iter().flatten().collect()).unwrap_or_default();
    let pick = {
        let send = view.send.clone();
        Callback::from(move |target| {
            if let Target::Host(host) = target {
                send.emit(Action::Host(host.into()));
            }
        })
    };
    let text = if session.presenting { super::ladder::PRESENTING } else { 1.0 };
    let look = scene::View { text, ..scene::View::new(size.0, size.1) };
    let (width, height, view_box) = attributes(size);
    let heads = heads(view);
    let chosen = None;
    html! {
        <>
            <div class="canvas" ref={node}>
                if size.0 > 0.0 {
                    <svg class="scene topology" id="topology" {width} {height} viewBox={view_box} role="img" aria-label={view.word("hosts.sketch").to_string()}>
                        {paint(&view.words.scene(|words| scene::topology(&stage.hosts, &heads, (chosen, &on), &look, words)), Some(&pick))}
                    </svg>
                }
            </div>
            <div class="told hosts-told">
                {row.map(|row| journey(view, row)).unwrap_or_default()}
                <details class="grounds"><summary>{view.word("ends.how").to_string()}</summary>
                    {for stage.hosts.iter().filter(|host| host.gathered == 0).map(|host| who(view, host))}
                </details>
            </div>
        </>
    }
}

/// The hops of a packet, as far as the loaded rows have them.
fn journey(view: &View, row: &Row) -> Html {
    let rows = &view.session.rows;
    let hop = |row: &Row| row.hop.clone();
    let Some(here) = hop(row).filter(|hop| hop.before.is_some() || hop.after.is_some()) else { return Html::default() };
    let (mut first, mut steps) = (row, Vec::new());
    while let Some(before) = hop(first).and_then(|hop| rows.get(hop.before?)).filter(|_| steps.len() < MOST_HOPS) {
        (first, _) = (before, steps.push(()));
    }
    let mut next = Some(first);
    let mut lines = Vec::new();
    while let Some(step) = next.filter(|_| lines.len() < MOST_HOPS) {
        let Some(hop) = hop(step) else { break };
        lines.push(hop_line(view, step, &hop, step.row == row.row));
        next = hop.after.and_then(|after| rows.get(after));
    }
    let rule = if here.changed.is_empty() { "host-forwards" } else { "host-translates" };
    html! {
        <div class="journey" id="journey">
            <b>{view.word("hosts.journey").to_string()}</b>
            <table><tbody>{for lines}</tbody></table>
            <p class="ground"><span class="known">{"◐ "}{view.word("ends.inferred").to_string()}</span>{" "}{view.words.rule(rule).unwrap_or(rule)}</p>
        </div>
    }
}

/// Hops of one packet that are listed.
const MOST_HOPS: usize = 16;

fn hop_line(view: &View, row: &Row, hop: &Hop, here: bool) -> Html {
    let mac = |mac: &Option<String>| mac.clone().unwrap_or_else(|| "?".into());
    let changed = hop.changed.iter().map(|(before, after)| html! { <div>{format!("NAT {before} → {after}")}</div> });
    html! {
        <tr class={here.then_some("on")}>
            <td><button class="frame-link" onclick={view.click(Action::GoFrame(row.frame))}>{view.words.fill("ends.frame", &[("frame", &row.frame.to_string())])}</button></td>
            <td class="mono">{format!("TTL {}", hop.ttl)}</td>
            <td class="mono"><div>{format!("{} → {}", mac(&hop.macs[0]), mac(&hop.macs[1]))}</div><div>{format!("{} → {}", hop.ends[0], hop.ends[1])}</div>{for changed}</td>
        </tr>
    }
}

/// A host: all its addresses, and why it is said to be what it is.
fn who(view: &View, host: &Host) -> Html {
    let all: Vec<&str> = host.addresses.iter().chain(&host.macs).map(String::as_str).collect();
    let role = |role: &crate::conversation::hosts::Role| {
        html! { <div>{view.words.get(role_key(&role.key)).to_string()}{": "}{ground(view, &role.known, role.frame)}</div> }
    };
    html! { <div class="ground"><span class="mono">{all.join("  ")}</span>{for host.roles.iter().map(role)}</div> }
}

fn ground(view: &View, known: &Known, frame: u32) -> Html {
    let (glyph, word, why) = match known {
        Known::Seen => ("●", "ends.seen", String::new()),
        Known::Inferred { rule, source } => {
            ("◐", "ends.inferred", format!(" {} ({source})", view.words.rule(rule).unwrap_or(rule)))
        }
        Known::Unknown => ("○", "ends.unknown", String::new()),
    };
    let at = view.words.fill("ends.frame", &[("frame", &frame.to_string())]);
    html! {
        <><span class="known">{glyph}{" "}{view.word(word).to_string()}</span>{" "}
        <button class="frame-link" onclick={view.click(Action::GoFrame(frame))}>{at}</button>{why}</>
    }
}

/// The tables of the hosts on stage.
#[component]
pub fn Tables(Panel { view, .. }: &Panel) -> Html {
    let session = &view.session;
    let Some(tables) = &session.hosts.tables else {
        return html! { <p class="soft empty">{view.word("numbers.wait").to_string()}</p> };
    };
    let place = session.hosts.chosen.min(tables.hosts.len().saturating_sub(1));
    let choose = |(at, host): (usize, &HostTables)| {
        let on = at == place;
        html! { <button class={classes!("button", "mono", on.then_some("on"))} aria-pressed={on.to_string()} onclick={view.click(Action::Host(at))}>{host.name.clone()}</button> }
    };
    html! {
        <div class="tables" id="tables">
            <div class="machines" role="group" aria-label={view.word("hosts.which").to_string()}>{for tables.hosts.iter().enumerate().map(choose)}</div>
            {tables.hosts.get(place).map(|host| of_host(view, host)).unwrap_or_default()}
            <p class="soft">{view.word(if tables.full { "hosts.full" } else { "hosts.unseen" }).to_string()}</p>
        </div>
    }
}

fn of_host(view: &View, host: &HostTables) -> Html {
    let table = |command: &'static str, key: &'static str, lines: &[Line]| {
        html! {
            <section aria-label={view.word(key).to_string()}>
                <h3><code>{format!("$ {command}")}</code><span class="soft">{view.word(key).to_string()}</span></h3>
                if lines.is_empty() { <p class="soft">{view.word("hosts.nothing").to_string()}</p> }
                {for lines.iter().map(|line| table_line(view, line))}
            </section>
        }
    };
    html! {
        <>
            {table("arp -n", "hosts.neighbours", &host.neighbours)}
            {table("ip route", "hosts.routes", &host.routes)}
            if !host.paths.is_empty() { {table("ip route get", "hosts.paths", &host.paths)} }
            {table("ss -tan", "hosts.sockets", &host.sockets)}
        </>
    }
}

fn table_line(view: &View, line: &Line) -> Html {
    let glyph = match line.known {
        Known::Seen => "●",
        Known::Inferred { .. } => "◐",
        Known::Unknown => "○",
    };
    html! {
        <details class="told-line">
            <summary><code>{line.text.clone()}</code><span class="known" aria-hidden="true">{glyph}</span></summary>
            <p>{ground(view, &line.known, line.frame)}</p>
        </details>
    }
}
