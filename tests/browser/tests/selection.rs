//! One selection: a field, its bytes, a packet or an arrow chosen in one view → shown in all of them.

use browser_tests::stage::golden;
use browser_tests::{Key, Page};

#[test]
fn a_cell_lights_its_bytes_and_is_explained() {
    let page = Page::open("");
    page.play(&golden("http.pcap"));
    page.click(".cell[title*='(tcp.srcport)']");
    page.find(".cell.on[title*='(tcp.srcport)'][aria-pressed=true]");
    page.says("#why code", "tcp.srcport");
    page.says("#why", "RFC 9293");
    // The run says in hexadecimal what the cell says in decimal.
    page.until(
        "parseInt(document.querySelector('.run.of-field').textContent.replaceAll(' ', ''), 16)
            === Number(document.querySelector('.cell.on b').textContent)",
    );
    assert_eq!(page.count(".run.of-field"), 1);
    page.finish();
}

#[test]
fn a_run_of_bytes_chooses_its_cell_in_whichever_header_it_is() {
    let page = Page::open("");
    page.play(&golden("http.pcap"));
    // Behind 14 bytes of Ethernet, a TTL is byte 8 of IPv4: run by run up to offset 22.
    let clicked = page.eval(
        "(() => {
            let offset = 0;
            for (const run of document.querySelectorAll('#bytes .run')) {
                const bytes = run.textContent.trim().split(/ +/).length;
                if (offset === 22) { run.click(); return bytes; }
                offset += bytes;
            }
            return 'no run begins there';
        })()",
    );
    assert_eq!(clicked, 1, "the TTL is a byte");
    page.find(".cell.on[title*='(ip.ttl)']");
    page.says("#why code", "ip.ttl");
    page.says(".envelope.on", "IPv4");
    page.finish();
}

#[test]
fn keys_move_from_field_to_field_and_from_header_to_header() {
    let page = Page::open("");
    page.play(&golden("http.pcap"));
    page.click(".envelope:first-of-type");
    page.says(".envelope.on", "Ethernet");
    page.press(Key::Down);
    page.says("#why code", "eth.dst");
    page.press(Key::Down);
    page.says("#why code", "eth.src");
    page.press(Key::Up);
    page.says("#why code", "eth.dst");
    page.press("]");
    page.says(".envelope.on", "IPv4");
    page.press("[");
    page.says(".envelope.on", "Ethernet");
    page.finish();
}

#[test]
fn an_arrow_a_line_of_the_list_and_the_anatomy_are_the_same_packet() {
    let page = Page::open("");
    page.play(&golden("http.pcap"));
    page.click("svg.ladder text.label.pick:nth-of-type(n)");
    same_packet(&page);
    for nth in [4, 2, 3] {
        page.click(&format!(".scroller .packet:nth-of-type({nth})"));
        page.says(".packet.on .number", &nth.to_string());
        same_packet(&page);
    }
    // The last arrow in sight, by mouse.
    page.eval("document.querySelectorAll('svg.ladder line.hit.pick').forEach((line, at, all) => { if (at + 1 === all.length) line.id = 'wanted'; })");
    page.click("#wanted");
    same_packet(&page);
    page.finish();
}

/// The list's line, the frame taken apart, the row of the ladder and the line as tcpdump prints it agree.
fn same_packet(page: &Page) {
    page.until(
        "(() => {
            const text = css => document.querySelector(css)?.textContent ?? '';
            return text('.packet.on .number') !== ''
                && text('#frame').endsWith(' ' + text('.packet.on .number'))
                && text('#line').endsWith(text('.packet.on .line'))
                && document.querySelectorAll('#ladder-list [aria-current=true]').length === 1;
        })()",
    );
}

#[test]
fn the_list_is_limited_to_a_conversation_and_another_is_put_on_stage() {
    let page = Page::open("#/sample/mixed.pcapng");
    page.on_stage();
    let all = page.text(".filter .soft");
    page.click("#filter");
    page.until("document.querySelectorAll('.packet').length > 0");
    assert_ne!(page.text(".filter .soft"), all);
    page.click("#filter");
    page.until("document.querySelectorAll('.packet').length > 0");
    page.click(".side .bar button:last-of-type");
    let conversations = page.count(".conversation");
    assert!(conversations > 2, "{conversations} conversations");
    for nth in (1..=conversations).rev() {
        page.click(&format!(".conversation.row:nth-of-type({nth})"));
        page.find(&format!(".conversation.row:nth-of-type({nth}).on"));
        page.until("document.querySelectorAll('svg.ladder line.hit').length > 0");
    }
    page.finish();
}

#[test]
fn the_wheel_scrolls_the_ladder_and_follow_comes_back() {
    let page = Page::open("");
    page.play(&golden("http.pcap"));
    let wheel = serde_json::json!({ "type": "mouseWheel", "x": 640, "y": 250, "deltaX": 0, "deltaY": 400 });
    page.devtools("Input.dispatchMouseEvent", wheel);
    page.until("document.querySelectorAll('.stage .bar > button').length === 3");
    page.press(Key::Right);
    page.until("document.querySelectorAll('.stage .bar > button').length === 2");
    page.finish();
}
