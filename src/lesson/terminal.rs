//! A terminal recording (asciinema v2) → what it printed and when, without control sequences.

use serde::Deserialize;

#[derive(Deserialize)]
struct Header {
    version: u32,
    /// Seconds since 1970-01-01 UTC.
    timestamp: i64,
    /// The same moment in nanoseconds, as lessons/recorder/terminal.py adds it.
    start_ns: Option<i64>,
}

/// Output with its moment in nanoseconds since 1970-01-01 UTC. Errors read `alice.cast:12: what is wrong`.
pub fn parse(file: &str, text: &str) -> Result<Vec<(i64, String)>, String> {
    let mut lines = text.lines().enumerate();
    let first = lines.next().map_or("", |(_, line)| line);
    let header: Header = serde_json::from_str(first).map_err(|error| format!("{file}:1: {error}"))?;
    if header.version != 2 {
        return Err(format!("{file}:1: version {} of asciinema's format; version 2 is read", header.version));
    }
    let start = header.start_ns.unwrap_or(header.timestamp.saturating_mul(1_000_000_000));
    let mut cleaner = Cleaner::default();
    let mut output = Vec::new();
    for (index, line) in lines {
        let (seconds, kind, data): (f64, String, String) =
            serde_json::from_str(line).map_err(|error| format!("{file}:{}: {error}", index + 1))?;
        let text = if kind == "o" { cleaner.clean(&data) } else { String::new() };
        if !text.is_empty() {
            output.push((start.saturating_add((seconds * 1e9).round() as i64), text));
        }
    }
    Ok(output)
}

/// Removes control sequences, also those that two outputs share.
#[derive(Default)]
struct Cleaner {
    inside: Inside,
}

#[derive(Clone, Copy, Default)]
enum Inside {
    #[default]
    Text,
    Escape,
    /// `ESC [ … final`
    Sequence,
    /// `ESC ] … BEL` or `ESC ] … ESC \`
    Title,
}

impl Cleaner {
    fn clean(&mut self, data: &str) -> String {
        data.chars().filter(|&character| self.keeps(character)).collect()
    }

    fn keeps(&mut self, character: char) -> bool {
        let (inside, keep) = match (self.inside, character) {
            (_, '\u{1b}') => (Inside::Escape, false),
            (Inside::Text, _) => (Inside::Text, character == '\n' || character == '\t' || !character.is_control()),
            (Inside::Escape, '[') => (Inside::Sequence, false),
            (Inside::Escape, ']') => (Inside::Title, false),
            (Inside::Escape, _) => (Inside::Text, false),
            (Inside::Sequence, '\u{40}'..='\u{7e}') | (Inside::Title, '\u{7}') => (Inside::Text, false),
            (inside, _) => (inside, false),
        };
        self.inside = inside;
        keep
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_output_on_the_clock_and_removes_control_sequences() {
        let cast = concat!(
            r#"{"version": 2, "width": 80, "height": 24, "timestamp": 5, "start_ns": 5000000007}"#,
            "\n",
            r#"[0.5, "o", "\u001b[1;3"]"#,
            "\n",
            r#"[1.0, "o", "1mred\u001b[0m\r\n\u001b]0;title\u0007$ "]"#,
            "\n",
            r#"[1.5, "i", "x"]"#,
        );
        assert_eq!(parse("a.cast", cast).unwrap(), [(6_000_000_007, "red\n$ ".to_owned())]);
    }

    #[test]
    fn names_the_line_that_is_wrong() {
        assert!(parse("a.cast", "").unwrap_err().starts_with("a.cast:1: "));
        assert!(parse("a.cast", "{\"version\": 1, \"timestamp\": 0}").unwrap_err().contains("version 2 is read"));
        assert!(parse("a.cast", "{\"version\": 2, \"timestamp\": 0}\n[1]").unwrap_err().starts_with("a.cast:2: "));
    }
}
