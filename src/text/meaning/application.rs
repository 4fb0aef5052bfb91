//! Fields of application protocols → what they mean in this message.

use super::{Look, Rule, Said, duration, say};

pub(super) const RULES: &[(&str, Rule)] = &[
    ("dns.id", identifier),
    ("dns.flags.truncated", truncated),
    ("dns.flags.rcode", result),
    ("dns.flags.recavail", recursion),
    ("dns.flags.authoritative", authority),
    ("dns.qry.name", name),
    ("dns.resp.ttl", lifetime),
    ("dns.rr.udp_payload_size", room),
    ("dns.soa.refresh_interval", seconds),
    ("dns.soa.retry_interval", seconds),
    ("dns.soa.expire_limit", seconds),
    ("dns.soa.minimum_ttl", seconds),
];

/// Whether the DNS message is an answer.
fn answers(look: &Look) -> Option<bool> {
    Some(look.of("dns.flags.response")? == 1)
}

fn identifier(look: &Look) -> Option<Said> {
    let key = if answers(look)? { "dns.id.answer" } else { "dns.id.question" };
    Some(say(key).with("id", &look.found.show))
}

fn truncated(look: &Look) -> Option<Said> {
    (look.value()? == 1).then(|| say("dns.flags.truncated.again"))
}

fn result(look: &Look) -> Option<Said> {
    if !answers(look)? {
        return None;
    }
    match (look.value()?, look.of("dns.count.answers")?) {
        (0, 0) => Some(say("dns.flags.rcode.no-data")),
        (0, count) => Some(say("dns.flags.rcode.found").with("count", count)),
        (2, _) => Some(say("dns.flags.rcode.failed")),
        (3, _) => Some(say("dns.flags.rcode.no-name")),
        (5, _) => Some(say("dns.flags.rcode.refused")),
        _ => None,
    }
}

fn recursion(look: &Look) -> Option<Said> {
    let asked = look.of("dns.flags.recdesired")? == 1;
    (answers(look)? && asked && look.value()? == 0).then(|| say("dns.flags.recavail.none"))
}

fn authority(look: &Look) -> Option<Said> {
    let key = if look.value()? == 1 { "dns.flags.authoritative.own" } else { "dns.flags.authoritative.cached" };
    answers(look)?.then(|| say(key))
}

/// RFC 1035 §3.1: each label stands behind its length, and a zero ends the name.
fn name(look: &Look) -> Option<Said> {
    let name = look.found.show.trim_end_matches('.');
    if name.is_empty() || name.starts_with('<') {
        return Some(say("dns.qry.name.root"));
    }
    Some(say("dns.qry.name.wire").with("labels", name.split('.').count()).with("bytes", name.len() + 2))
}

fn lifetime(look: &Look) -> Option<Said> {
    Some(match look.value()? {
        0 => say("dns.resp.ttl.never"),
        seconds => say("dns.resp.ttl.time").with("time", duration(seconds)),
    })
}

fn room(look: &Look) -> Option<Said> {
    Some(say("dns.rr.udp_payload_size.room").with("bytes", look.value()?))
}

fn seconds(look: &Look) -> Option<Said> {
    let seconds = look.value().filter(|seconds| *seconds >= 60)?;
    Some(say("time.seconds").with("time", duration(seconds)))
}
