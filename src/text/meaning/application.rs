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
    ("http.response.code", status),
    ("http.content_length_header", body),
    ("http.transfer_encoding", chunked),
    ("http.authbasic", in_clear),
    ("http.chunk_size", chunk),
    ("ntp.stratum", stratum),
    ("ntp.ppoll", interval),
    ("igmp.max_resp", tenths),
    ("mpls.bottom", bottom),
];

/// Whether the DNS message is an answer.
fn answers(look: &Look) -> Option<bool> {
    Some(look.of("dns.flags.response")? == 1)
}

fn identifier(look: &Look) -> Option<Said> {
    // mDNS tells answers by their names alone (RFC 6762 §18.1).
    if look.layer.protocol == "mdns" {
        return Some(say("dns.id.unused"));
    }
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
        0 if look.layer.protocol == "mdns" => say("dns.resp.ttl.goodbye"),
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

/// RFC 9110 §15.
fn status(look: &Look) -> Option<Said> {
    let code = look.value()?;
    let said = match code {
        304 => say("http.response.code.not-modified"),
        100..200 => say("http.response.code.information"),
        200..300 => say("http.response.code.success"),
        300..400 => say("http.response.code.redirect"),
        400..500 => say("http.response.code.client"),
        500..600 => say("http.response.code.server"),
        _ => return None,
    };
    Some(said.with("code", code))
}

fn body(look: &Look) -> Option<Said> {
    Some(say("http.content_length_header.body").with("bytes", look.value()?))
}

fn chunked(look: &Look) -> Option<Said> {
    look.found.show.contains("chunked").then(|| say("http.transfer_encoding.chunked"))
}

fn in_clear(_: &Look) -> Option<Said> {
    Some(say("http.authbasic.clear"))
}

fn chunk(look: &Look) -> Option<Said> {
    Some(match look.value()? {
        0 => say("http.chunk_size.last"),
        bytes => say("http.chunk_size.bytes").with("bytes", bytes).with("hex", format!("{bytes:x}")),
    })
}

/// RFC 5905 §7.3.
fn stratum(look: &Look) -> Option<Said> {
    Some(match look.value()? {
        // A client leaves it zero in its question.
        0 if look.of("ntp.flags.mode") == Some(3) => say("ntp.stratum.question"),
        0 => say("ntp.stratum.kiss"),
        1 => say("ntp.stratum.clock"),
        steps @ 2..16 => say("ntp.stratum.steps").with("between", steps - 1),
        16 => say("ntp.stratum.lost"),
        _ => return None,
    })
}

fn interval(look: &Look) -> Option<Said> {
    let power = look.value().filter(|power| *power <= 17)?;
    Some(say("ntp.ppoll.time").with("power", power).with("time", duration(1 << power)))
}

fn tenths(look: &Look) -> Option<Said> {
    let value = look.value().filter(|value| *value > 0 && *value < 128)?;
    Some(say("igmp.max_resp.time").with("seconds", format!("{}.{}", value / 10, value % 10)))
}

fn bottom(look: &Look) -> Option<Said> {
    Some(say(if look.value()? == 1 { "mpls.bottom.last" } else { "mpls.bottom.more" }))
}
