//! A time on the wire → a date as tshark prints it.

/// Seconds since 1970 that are taken for a time: from 1995 to 2038. Letters and counting bytes lie outside or fail the microseconds.
const PLAUSIBLE: std::ops::Range<u32> = 0x3000_0000..0x8000_0000;
const MICROSECONDS: u32 = 1_000_000;
const DAY: i64 = 86_400;
const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// Seconds and microseconds, in either byte order; `None` where the bytes are no time.
pub(super) fn sent_at(data: [u8; 8]) -> Option<String> {
    let [a, b, c, d, e, f, g, h] = data;
    let big = (u32::from_be_bytes([a, b, c, d]), u32::from_be_bytes([e, f, g, h]));
    let little = (u32::from_le_bytes([a, b, c, d]), u32::from_le_bytes([e, f, g, h]));
    let plausible = |time: &(u32, u32)| PLAUSIBLE.contains(&time.0) && time.1 < MICROSECONDS;
    // A 64-bit little-endian host has the upper half of its seconds, zeros, where others have microseconds.
    let order = if big.1 == 0 { [little, big] } else { [big, little] };
    order.into_iter().find(plausible).map(|(seconds, micros)| print(seconds, micros))
}

/// Seconds since 1970, whatever they are.
pub(super) fn seconds(seconds: u32) -> String {
    print(seconds, 0)
}

/// Milliseconds since 1970; a time after 2106 counts as that.
pub(super) fn millis(millis: u64) -> String {
    let seconds = u32::try_from(millis / 1000).unwrap_or(u32::MAX);
    print(seconds, (millis % 1000) as u32 * 1000)
}

/// Seconds since 1900 and a fraction of 2⁻³² s; NTP's era 1 begins where the first bit is 0 (RFC 5905 §6).
pub(super) fn ntp(seconds: u32, fraction: u32) -> String {
    if (seconds, fraction) == (0, 0) {
        return "NULL".to_string();
    }
    let era = if seconds >> 31 == 0 { 1_i64 << 32 } else { 0 };
    let since_1970 = i64::from(seconds) + era - NTP_TO_UNIX;
    // tshark goes by way of a double, whose rounding is part of what it shows.
    let nanos = (f64::from(fraction) / 4_294_967_296.0 * 1e9) as u32;
    unix(since_1970, nanos)
}

/// Seconds since 1970 and nanoseconds.
pub(super) fn unix(seconds: i64, nanos: u32) -> String {
    let (day, second) = (seconds.div_euclid(DAY), seconds.rem_euclid(DAY));
    // The calendar repeats after 400 years, so times before 1970 are counted from 1570.
    let (year, month, date) = civil((day.max(-FAR) + FAR) as u32);
    let month = MONTHS[(month as usize + 11) % 12];
    let (hour, minute, second) = (second / 3600, second % 3600 / 60, second % 60);
    format!("{month} {date:>2}, {} {hour:02}:{minute:02}:{second:02}.{nanos:09} UTC", year - 400)
}

const NTP_TO_UNIX: i64 = 2_208_988_800;
/// Days of 400 years.
const FAR: i64 = 146_097;

fn print(seconds: u32, micros: u32) -> String {
    unix(seconds.into(), micros * 1000)
}

/// Days since 1970-01-01 as year, month and day: the year is taken to begin in March, so that a leap day ends it.
fn civil(days: u32) -> (u32, u32, u32) {
    let days = days + 719_468;
    let (era, day_of_era) = (days / 146_097, days % 146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    (year_of_era + era * 400 + u32::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn linux_and_bsd_times_are_read_and_letters_are_not() {
        assert_eq!(
            sent_at([0xc4, 0x09, 0x03, 0x6b, 0, 0, 0, 0]).as_deref(),
            Some("Nov 22, 2026 15:27:00.000000000 UTC")
        );
        let leap_day = sent_at([0x38, 0xbc, 0x5d, 0x7e, 0, 0, 0, 7]);
        assert_eq!(leap_day.as_deref(), Some("Feb 29, 2000 23:59:58.000007000 UTC"));
        assert_eq!(sent_at(*b"abcdefgh"), None);
    }
}
