//! Numbers → text and within bounds, without the formatter of floats; sentences with their numbers filled in.

/// A number with this many decimals, ties to the even digit: `12.5` of (12.46, 1). What is no number is 0.
/// The page prints all of its fractions through this, for `core`'s formatter of floats weighs 17 kB of wasm.
pub fn decimal(value: f64, places: u8) -> String {
    let scale = 10u64.pow(places.into());
    let scaled = (value * scale as f64).round_ties_even();
    let sign = if scaled < 0.0 { "-" } else { "" };
    let digits = scaled.abs() as u64;
    let (whole, part) = (digits / scale, digits % scale);
    let width = usize::from(places);
    if places == 0 { format!("{sign}{whole}") } else { format!("{sign}{whole}.{part:0width$}") }
}

/// The value, or the bound that it is beyond. `f64::clamp` refuses bounds that are no numbers by a message that prints
/// them, and so brings the formatter of floats along.
pub fn within<T: PartialOrd>(value: T, low: T, high: T) -> T {
    if value < low {
        low
    } else if value > high {
        high
    } else {
        value
    }
}

/// A sentence with each `{name}` replaced. `{name?many|one}` chooses by whether it is 1, and
/// without a bar is nothing for 1: `{n} packet{n?s} follow{n?|s}`.
pub fn fill<'a>(sentence: &str, values: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    let mut text = sentence.to_owned();
    for (name, value) in values {
        text = text.replace(&format!("{{{name}}}"), value);
        let mark = format!("{{{name}?");
        while let Some((before, rest)) = text.split_once(&mark) {
            let (many, after) = rest.split_once('}').unwrap_or((rest, ""));
            let (many, one) = many.split_once('|').unwrap_or((many, ""));
            text = [before, if value == "1" { one } else { many }, after].concat();
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_are_those_of_the_library() {
        for step in -4000..4000i16 {
            let value = f32::from(step) / 16.0;
            for places in [0, 1, 2, 3, 4, 6] {
                let library = format!("{value:.*}", usize::from(places));
                // There is one zero.
                let library = if library.bytes().any(|digit| digit.is_ascii_digit() && digit != b'0') {
                    library
                } else {
                    library.trim_start_matches('-').to_owned()
                };
                assert_eq!(decimal(value.into(), places), library);
            }
        }
        assert_eq!(decimal(0.1 + 0.2, 6), "0.300000");
        assert_eq!(decimal(f64::NAN, 1), "0.0");
    }

    #[test]
    fn a_count_of_one_is_singular() {
        let say = |count| fill("{n} packet{n?s} of {name} {n?are|is} {n} byte{n?s}", [("n", count), ("name", "x")]);
        assert_eq!(say("1"), "1 packet of x is 1 byte");
        assert_eq!(say("2"), "2 packets of x are 2 bytes");
        assert_eq!(say("1,001"), "1,001 packets of x are 1,001 bytes");
        assert_eq!(fill("{n?s", [("n", "2")]), "s");
    }
}
