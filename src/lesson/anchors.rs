//! What a lesson says of its packets (a filter, a field's value in the prose) → the frames and values of its capture.
//!
//! A recording made anew has other ports, times and sequence numbers, so nothing of that stands in a lesson: a step says what its
//! packet *is*, and `{tcp.seq_raw}` in its prose is what that packet has there. `{syn: tcp.seq_raw + 1}` takes another step's
//! packet, and adds to it.

/// What a lesson asks of its capture. Errors say what there is not.
pub trait Packets {
    /// The frame (from 1) of the `nth` packet (from 1) that a display filter means.
    fn frame(&mut self, filter: &str, nth: u32) -> Result<u32, String>;
    /// A field's first value in a frame, as the anatomy prints it.
    fn value(&mut self, frame: u32, key: &str) -> Result<String, String>;
}

/// A step and its frame.
pub type Placed = (String, Option<u32>);

/// Puts values into a prose file: what stands in braces, where it names a field. Errors read `en.md:12: what is wrong`.
pub fn fill(file: &str, text: &str, steps: &[Placed], packets: &mut dyn Packets) -> Result<String, String> {
    let mut filled = String::with_capacity(text.len());
    let mut here = None;
    for (number, line) in (1..).zip(text.lines()) {
        if let Some((id, _)) = line.strip_prefix("## ").and_then(|heading| heading.split_once(':')) {
            here = Some(id.trim());
        }
        fill_line(line, here, steps, packets, &mut filled).map_err(|why| format!("{file}:{number}: {why}"))?;
        filled.push('\n');
    }
    Ok(filled)
}

fn fill_line(
    line: &str,
    here: Option<&str>,
    steps: &[Placed],
    packets: &mut dyn Packets,
    filled: &mut String,
) -> Result<(), String> {
    let mut rest = line;
    while let Some((before, inside, after)) = braces(rest) {
        filled.push_str(before);
        match Value::read(inside) {
            Some(value) => filled.push_str(&value.of(here, steps, packets)?),
            // Braces of a program's own.
            None => filled.extend(["{", inside, "}"]),
        }
        rest = after;
    }
    filled.push_str(rest);
    Ok(())
}

/// What stands before, in and after the first pair of braces.
fn braces(text: &str) -> Option<(&str, &str, &str)> {
    let (before, rest) = text.split_once('{')?;
    let (inside, after) = rest.split_once('}')?;
    Some((before, inside, after))
}

/// `STEP: KEY + N`, of which only the key has to be there.
struct Value<'a> {
    step: Option<&'a str>,
    key: &'a str,
    more: u64,
}

impl<'a> Value<'a> {
    fn read(text: &'a str) -> Option<Value<'a>> {
        let (step, rest) = text.split_once(':').map_or((None, text), |(step, rest)| (Some(step.trim()), rest));
        let (key, more) = rest.split_once('+').unwrap_or((rest, "0"));
        let (key, more) = (key.trim(), more.trim().parse().ok()?);
        let part = |part: &str| {
            !part.is_empty() && part.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_' | b'-'))
        };
        (key.contains('.') && key.split('.').all(part)).then_some(Value { step, key, more })
    }

    fn of(&self, here: Option<&str>, steps: &[Placed], packets: &mut dyn Packets) -> Result<String, String> {
        let id = self.step.or(here).ok_or("no step has begun, so this is no packet's value")?;
        let placed = steps.iter().find(|(step, _)| step == id).ok_or_else(|| format!("there is no step `{id}`"))?;
        let frame = placed.1.ok_or_else(|| format!("the step `{id}` has no packet"))?;
        let value = packets.value(frame, self.key)?;
        if self.more == 0 {
            return Ok(value);
        }
        let number: u64 =
            value.parse().map_err(|_| format!("{} is `{value}`, to which nothing can be added", self.key))?;
        Ok((number + self.more).to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Frame 7 has one field.
    struct Seven;

    impl Packets for Seven {
        fn frame(&mut self, filter: &str, _: u32) -> Result<u32, String> {
            Err(format!("no packet is `{filter}`"))
        }

        fn value(&mut self, frame: u32, key: &str) -> Result<String, String> {
            match (frame, key) {
                (7, "tcp.seq_raw") => Ok("41".into()),
                (7, "ip.src") => Ok("192.0.2.1".into()),
                _ => Err(format!("frame {frame} has no field {key}")),
            }
        }
    }

    fn filled(text: &str) -> Result<String, String> {
        let steps = [("before".to_string(), None), ("syn".to_string(), Some(7)), ("ack".to_string(), Some(8))];
        fill("en.md", text, &steps, &mut Seven).map(|text| text.trim_end().to_string())
    }

    #[test]
    fn braces_become_what_the_packet_has() {
        let step = "## syn: Alice asks\n";
        for (text, expected) in [
            ("number {tcp.seq_raw}.", "number 41."),
            ("{tcp.seq_raw + 1} and {syn: tcp.seq_raw+2}, {ip.src}", "42 and 43, 192.0.2.1"),
            ("awk '{print $1}' {} { tcp.seq_raw }", "awk '{print $1}' {} 41"),
            ("{ not closed", "{ not closed"),
        ] {
            assert_eq!(filled(&format!("{step}{text}")), Ok(format!("{step}{text}").replace(text, expected)));
        }
        assert_eq!(filled("## ack: x\n{syn: tcp.seq_raw}"), Ok("## ack: x\n41".into()));
    }

    #[test]
    fn what_cannot_be_filled_says_where() {
        for (text, expected) in [
            ("{tcp.seq_raw}", "en.md:1: no step has begun, so this is no packet's value"),
            ("## before: x\n\n{tcp.seq_raw}", "en.md:3: the step `before` has no packet"),
            ("## syn: x\n{gone: tcp.seq_raw}", "en.md:2: there is no step `gone`"),
            ("## syn: x\n{tcp.ack_raw}", "en.md:2: frame 7 has no field tcp.ack_raw"),
            ("## syn: x\n{ip.src + 1}", "en.md:2: ip.src is `192.0.2.1`, to which nothing can be added"),
        ] {
            assert_eq!(filled(text), Err(expected.into()));
        }
    }
}
