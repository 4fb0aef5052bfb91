//! Texts → filters, or what is said of their faults.

use super::*;

/// As the page has it read: with the names that it uses.
fn read(text: &str) -> Result<Filter, Fault> {
    parse(text, &used(text, &known()))
}

fn fault(text: &str) -> (String, u32, String) {
    let fault = read(text).map(|filter| panic!("{text} is {filter:?}")).unwrap_err();
    let near = if fault.kind == "unknown" { nearest(&fault.what, &known()) } else { fault.near };
    (fault.kind, fault.at, near)
}

#[test]
fn what_is_wrong_is_said_with_its_place_and_a_mend() {
    for (text, kind, at, near) in [
        ("tcp.prot == 80", "unknown", 0, "tcp.port"),
        ("ip && tcp.flag.syn", "unknown", 6, "tcp.flags.syn"),
        ("TCP", "unknown", 0, "tcp"),
        ("zzzzzzzz", "unknown", 0, ""),
        ("tcp.port == http", "value", 12, "80, 0x50"),
        ("tcp.port == \"80\"", "value", 12, "80, 0x50"),
        ("ip.addr == 10.0.0.0/33", "value", 11, "192.0.2.1, 192.0.2.0/24"),
        ("ip.addr == 2001:db8::1", "value", 11, "192.0.2.1, 192.0.2.0/24"),
        ("eth.addr == 00:11", "value", 12, "00:1b:21:3c:4d:5e"),
        ("tcp.port ==", "expected-value", 11, ""),
        ("tcp.port == )", "expected-value", 12, ""),
        ("tcp udp", "expected-join", 4, ""),
        ("tcp)", "expected-join", 3, ""),
        ("(tcp", "unclosed", 0, ""),
        ("tcp.port in {80", "unclosed", 12, ""),
        ("http.host == \"a", "unclosed", 13, ""),
        ("tcp &&", "expected-test", 6, ""),
        ("== 3", "expected-test", 0, ""),
        ("http.host matches \"a.*\"", "unsupported", 10, ""),
        ("len(http.host) > 3", "unsupported", 0, ""),
        ("tcp.port[0:1] == 1", "kind", 8, ""),
        ("tcp.port contains 80", "kind", 9, ""),
        ("tcp.port == ip.src", "kind", 12, ""),
        ("tcp.payload[4:0] == 00", "value", 12, "0:4, 2-5, 3"),
        ("ip.src == 10.0.0.1 §", "unsupported", 19, ""),
    ] {
        assert_eq!(fault(text), (kind.to_owned(), at, near.to_owned()), "{text}");
    }
}

#[test]
fn depth_and_length_have_limits() {
    let nested = |depth: usize| format!("{}tcp{}", "(".repeat(depth), ")".repeat(depth));
    assert!(read(&nested(MAX_DEPTH)).is_ok());
    assert_eq!(fault(&nested(MAX_DEPTH + 1)).0, "deep");
    assert_eq!(fault(&"!".repeat(MAX_DEPTH + 1)).0, "deep");
    let long = |size: usize| format!("tcp{}", " ".repeat(size - 3));
    assert!(read(&long(MAX_TEXT)).is_ok());
    assert_eq!(fault(&long(MAX_TEXT + 1)).0, "long");
}

#[test]
fn a_long_row_of_tests_needs_no_depth() {
    let row = vec!["tcp"; 500].join("||");
    assert!(matches!(read(&row), Ok(Filter::Any(parts)) if parts.len() == 500));
}

#[test]
fn names_are_completed_the_shortest_first() {
    let all = known();
    assert_eq!(complete("tcp.p", 3, &all), ["tcp.payload", "tcp.port"]);
    assert_eq!(complete("tc", 2, &all), ["tcp", "tcp.ack"]);
    assert_eq!(complete("", 3, &all), Vec::<String>::new());
    assert!(complete("frame.time_", 9, &all).contains(&"frame.time_relative".to_owned()));
}
