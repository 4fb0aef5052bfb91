//! `xtask/agree.allow` → which differences from tshark have a written reason.
//!
//! A line is `KEY WHAT [here=TEXT] [tshark=TEXT] [in=FILE]: reason`. WHAT is `value`, `bytes`, `size` or `layers`; KEY is the field's
//! or the layer's, or `*` for any (`-tls` for layers that only tshark sees, `+tls` for those only seen here). TEXT is the whole value, without blanks,
//! or its beginning and a `*`; FILE is a part of the capture's path, or several with `|` between them. Lines that begin with `#` say something to the reader.

use std::path::Path;

use super::compare::Disagreement;

/// More reasons than these would no longer be read.
const MAX_LINES: usize = 40;

#[derive(Default)]
pub struct Allowed {
    rules: Vec<Rule>,
}

struct Rule {
    line: String,
    key: String,
    what: String,
    here: Option<String>,
    tshark: Option<String>,
    file: Option<String>,
    used: u64,
}

impl Allowed {
    pub fn read(path: &Path) -> Result<Allowed, String> {
        let text = std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
        Allowed::parse(&text).map_err(|error| format!("{}: {error}", path.display()))
    }

    fn parse(text: &str) -> Result<Allowed, String> {
        let lines = text.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#'));
        let rules = lines.map(Rule::parse).collect::<Result<Vec<_>, _>>()?;
        if rules.len() > MAX_LINES {
            return Err(format!("{} differences are allowed, and {MAX_LINES} is the most", rules.len()));
        }
        Ok(Allowed { rules })
    }

    /// Whether the difference has a reason; the line that has it counts as used.
    pub fn permits(&mut self, difference: &Disagreement) -> bool {
        let rule = self.rules.iter_mut().find(|rule| rule.matches(difference));
        rule.map(|rule| rule.used += 1).is_some()
    }

    /// Each line with how many differences it stood for.
    pub fn uses(&self) -> impl Iterator<Item = (&str, u64)> {
        self.rules.iter().map(|rule| (rule.line.as_str(), rule.used))
    }
}

impl Rule {
    fn parse(line: &str) -> Result<Rule, String> {
        let (head, reason) = line.split_once(": ").ok_or(format!("`{line}` gives no reason after `: `"))?;
        let mut words = head.split_whitespace();
        let (Some(key), Some(what)) = (words.next(), words.next()) else {
            return Err(format!("`{line}` names no field and kind of difference"));
        };
        if !["value", "bytes", "size", "layers"].contains(&what) || reason.trim().is_empty() {
            return Err(format!("`{line}` is not of the form `KEY value|bytes|size|layers …: reason`"));
        }
        let (key, what) = (key.to_string(), what.to_string());
        let mut rule = Rule { line: line.to_string(), key, what, here: None, tshark: None, file: None, used: 0 };
        for word in words {
            match word.split_once('=') {
                Some(("here", text)) => rule.here = Some(text.to_string()),
                Some(("tshark", text)) => rule.tshark = Some(text.to_string()),
                Some(("in", text)) => rule.file = Some(text.to_string()),
                _ => return Err(format!("`{line}`: `{word}` is neither here=, tshark= nor in=")),
            }
        }
        Ok(rule)
    }

    fn matches(&self, it: &Disagreement) -> bool {
        let means = |pattern: &Option<String>, text: &str| match pattern.as_deref() {
            None => true,
            Some(pattern) => match pattern.strip_suffix('*') {
                Some(beginning) => text.starts_with(beginning),
                None => text == pattern,
            },
        };
        let named = (self.key == "*" || self.key == it.key) && self.what == it.what;
        let placed = self.file.as_ref().is_none_or(|file| file.split('|').any(|part| it.file.contains(part)));
        named && placed && means(&self.here, &it.ours) && means(&self.tshark, &it.theirs)
    }
}

#[cfg(test)]
mod tests {
    use super::{Allowed, MAX_LINES};
    use crate::agree::compare::Disagreement;

    fn difference(ours: &str, theirs: &str) -> Disagreement {
        Disagreement {
            file: "captures/arkime/a.pcap".into(),
            frame: 7,
            protocol: "tcp".into(),
            key: "tcp.seq".into(),
            what: "value",
            ours: ours.into(),
            theirs: theirs.into(),
        }
    }

    #[test]
    fn a_line_allows_what_it_describes_and_nothing_else() {
        let text = "# why\ntcp.seq value here=1 tshark=2* in=a.pcap: tshark counts otherwise\n";
        let mut allowed = Allowed::parse(text).unwrap();
        assert!(allowed.permits(&difference("1", "23")));
        assert!(!allowed.permits(&difference("1", "32")));
        assert!(!allowed.permits(&difference("11", "23")));
        assert_eq!(allowed.uses().map(|(_, count)| count).collect::<Vec<_>>(), [1]);
    }

    #[test]
    fn a_line_without_a_reason_and_a_list_too_long_are_refused() {
        let line = "tcp.seq value: because\n";
        assert!(Allowed::parse(&line.repeat(MAX_LINES)).is_ok());
        for text in ["tcp.seq value", "tcp.seq: because", "tcp.seq taste: because", &line.repeat(MAX_LINES + 1)] {
            assert!(Allowed::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn the_list_of_the_project_is_well_formed() {
        Allowed::read(&crate::root().join("xtask/agree.allow")).unwrap();
    }
}
