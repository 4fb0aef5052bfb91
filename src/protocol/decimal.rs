//! A fraction → its decimal digits, as floating-point formatting prints them; that alone would be 13 KB of the wasm.

/// With this many digits after the point; a half goes to the even digit. Meant for numerators of 32 bits and up to 9 digits:
/// larger products stop at 2⁶⁴.
pub fn fixed(numerator: u64, denominator: u64, places: u32) -> String {
    let (denominator, scale) = (denominator.max(1), 10_u64.pow(places.min(18)));
    let scaled = numerator.saturating_mul(scale);
    let (digits, rest) = (scaled / denominator, scaled % denominator * 2);
    let up = rest > denominator || rest == denominator && digits % 2 == 1;
    let digits = digits + u64::from(up);
    format!("{}.{:0width$}", digits / scale, digits % scale, width = places as usize)
}

/// With as many digits as it takes: for denominators of a few powers of two.
pub fn exact(numerator: u64, denominator: u64) -> String {
    let digits = fixed(numerator, denominator, denominator.max(2).ilog2());
    digits.trim_end_matches('0').trim_end_matches('.').to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_those_of_floating_point() {
        for value in 0..70_000_u64 {
            assert_eq!(fixed(value, 65_536, 6), format!("{:.6}", value as f64 / 65_536.0));
            assert_eq!(fixed(value, 18, 1), format!("{:.1}", value as f64 / 18.0));
            assert_eq!(exact(value, 256), (value as f64 / 256.0).to_string());
            assert_eq!(exact(value, 2), (value as f64 / 2.0).to_string());
        }
        assert_eq!(fixed(u64::MAX, 1, 9), "18446744073.709551615");
    }
}
