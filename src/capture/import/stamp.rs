//! The time at the start of a line, in each of tcpdump's ways (`-t` to `-ttttt`) → nanoseconds since 1970.

use super::scan::Scan;

const SECOND: i64 = 1_000_000_000;
const DAY: i64 = 86_400 * SECOND;
/// Between frames of which no time is known.
const ASSUMED_GAP: i64 = 1_000_000;

/// What a line says of its time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stamp {
    None,
    /// Nanoseconds since 1970-01-01.
    Absolute(i64),
    /// Time of day, or since the frame before, or since the first one: `12:34:56.789012` may be all three.
    Clock(i64),
}

/// Takes the time, and a packet's number (`tcpdump -#`), from the start of a line.
pub(super) fn take(line: &str) -> (Stamp, &str) {
    let line = line.trim_start();
    let digits = line.len() - line.trim_start_matches(|letter: char| letter.is_ascii_digit()).len();
    let numbered = line.get(digits..).filter(|rest| digits > 0 && rest.starts_with("  "));
    let line = numbered.map_or(line, str::trim_start);
    stamp(line).unwrap_or((Stamp::None, line))
}

fn stamp(line: &str) -> Option<(Stamp, &str)> {
    let (first, rest) = line.split_once(' ')?;
    if let Some(clock) = clock(first) {
        return Some((Stamp::Clock(clock), rest));
    }
    if let Some(day) = day(first) {
        let (second, rest) = rest.split_once(' ')?;
        return Some((Stamp::Absolute(day.checked_mul(DAY)?.checked_add(clock(second)?)?), rest));
    }
    // Seconds since 1970 always have a fraction; a bare number is something else.
    let (seconds, _) = first.split_once('.').filter(|(seconds, _)| seconds.len() >= 8)?;
    let time = seconds.parse::<i64>().ok()?.checked_mul(SECOND)?.checked_add(fraction(first)?)?;
    Some((Stamp::Absolute(time), rest))
}

/// `12:34:56` and its fraction.
fn clock(text: &str) -> Option<i64> {
    let whole = text.split_once('.').map_or(text, |(whole, _)| whole);
    let mut parts = whole.splitn(3, ':').map(|part| part.parse::<u32>().ok().filter(|_| part.len() == 2));
    let (hours, minutes, seconds) = (parts.next()??, parts.next()??, parts.next()??);
    let seconds = i64::from(hours) * 3600 + i64::from(minutes) * 60 + i64::from(seconds);
    Some(seconds * SECOND + fraction(text)?)
}

/// The digits behind the point as nanoseconds.
fn fraction(text: &str) -> Option<i64> {
    let Some((_, digits)) = text.split_once('.') else { return Some(0) };
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    format!("{:0<9.9}", digits).parse().ok()
}

/// `2026-11-22` as days since 1970-01-01.
fn day(text: &str) -> Option<i64> {
    let mut scan = Scan(text);
    let year: u16 = scan.number()?;
    let month: u16 = scan.eat("-").then(|| scan.number())??;
    let day: u16 = scan.eat("-").then(|| scan.number())??;
    if !scan.0.is_empty() || year < 1970 || !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    // Years that begin in March have their leap day at the end.
    let year = i64::from(year) - i64::from(month < 3);
    let month = (i64::from(month) + 9) % 12;
    Some(year * 365 + year / 4 - year / 100 + year / 400 + (month * 153 + 2) / 5 + i64::from(day) - 1 - 719_468)
}

/// Times of all frames in order, and what had to be assumed.
pub(super) fn resolve(stamps: &[Stamp]) -> (Vec<i64>, Option<&'static str>) {
    let clocks = || {
        stamps.iter().filter_map(|stamp| match stamp {
            Stamp::Clock(time) => Some(*time),
            _ => None,
        })
    };
    // Times since the frame before begin with zero and go up and down; times since the first one only go up.
    let gaps = clocks().next() == Some(0) && clocks().zip(clocks().skip(1)).any(|(before, time)| time < before);
    let (mut days, mut before, mut last) = (0, None, -ASSUMED_GAP);
    let mut times = Vec::with_capacity(stamps.len());
    for stamp in stamps {
        last = match *stamp {
            Stamp::None => last.saturating_add(ASSUMED_GAP),
            Stamp::Absolute(time) => time,
            Stamp::Clock(gap) if gaps => last.max(0).saturating_add(gap),
            Stamp::Clock(time) => {
                // Midnight has passed.
                if before.is_some_and(|before| time < before - DAY / 2) {
                    days += 1;
                }
                before = Some(time);
                time.saturating_add(DAY.saturating_mul(days))
            }
        };
        times.push(last);
    }
    let assumed = if stamps.contains(&Stamp::None) {
        Some("Lines without a time are put one millisecond apart, in their order.")
    } else {
        clocks().next().map(|_| "The lines have times without a date; they count from 1970-01-01.")
    };
    (times, assumed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_of_writing_a_time() {
        for (line, stamp) in [
            ("IP a", Stamp::None),
            ("    1  IP a", Stamp::None),
            ("12:34:56.000001 IP a", Stamp::Clock(45_296_000_001_000)),
            (" 00:00:00.000000002 IP a", Stamp::Clock(2)),
            ("1700000000.5 IP a", Stamp::Absolute(1_700_000_000_500_000_000)),
            ("1970-01-02 00:00:01.000000 IP a", Stamp::Absolute(86_401_000_000_000)),
            ("2000-02-29 00:00:00 IP a", Stamp::Absolute(951_782_400_000_000_000)),
        ] {
            assert_eq!(take(line), (stamp, "IP a"), "{line}");
        }
        assert_eq!(take("192.0.2.1 > x"), (Stamp::None, "192.0.2.1 > x"));
    }

    #[test]
    fn clocks_are_of_the_day_or_gaps() {
        let times = |clocks: &[i64]| resolve(&clocks.iter().map(|&at| Stamp::Clock(at)).collect::<Vec<_>>()).0;
        assert_eq!(times(&[0, 5, 3]), [0, 5, 8]);
        assert_eq!(times(&[0, 5, 7]), [0, 5, 7]);
        assert_eq!(times(&[DAY - 1, 2]), [DAY - 1, DAY + 2]);
        assert_eq!(resolve(&[Stamp::None, Stamp::None]).0, [0, 1_000_000]);
    }
}
