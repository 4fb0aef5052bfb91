//! A file of the visitor's own, whole or broken → its packets on the stage, or a sentence that says what is wrong.

use std::fs;
use std::process::Command;

use browser_tests::stage::{golden, written};
use browser_tests::{Key, Page};

/// Builds a `File` of the capture in the page, as a browser hands one over with a paste.
const PASTE: &str = "(async () => {
    const bytes = await (await fetch('./samples/mixed.pcapng')).arrayBuffer();
    const data = new DataTransfer();
    data.items.add(new File([bytes], 'pasted.pcapng'));
    document.body.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
    return true;
})()";

#[test]
fn a_chosen_file_is_played_to_its_end_and_back() {
    let page = Page::open("");
    page.play(&golden("http.pcap"));
    assert_eq!(page.link(), "#/capture");
    page.says(".crumb.title", "http.pcap");
    page.says("#frame", "1");
    let packets = page.count(".packet");
    assert!(packets > 5, "{packets} packets are listed");
    page.press(Key::End);
    page.until("/ (\\d+)\\/\\1$/.test(document.getElementById('moment').textContent)");
    page.press(Key::Home);
    page.rests_at("0/");
    page.press(Key::Right);
    page.rests_at("1/");
    page.finish();
}

#[test]
fn a_dropped_file_is_opened_on_the_home_page_and_over_another() {
    let page = Page::open("");
    page.find("#picker");
    page.drop_file("h1", &golden("dns.pcap"));
    page.on_stage();
    page.says(".crumb.title", "dns.pcap");
    page.drop_file("svg.ladder", &golden("ping.pcap"));
    page.says(".crumb.title", "ping.pcap");
    page.on_stage();
    page.until("!document.querySelector('.dragging').checkVisibility()");
    page.until("[...document.querySelectorAll('.packet .protocol')].some(word => word.textContent === 'ICMP')");
    page.finish();
}

#[test]
fn a_pasted_file_is_opened() {
    let page = Page::open("");
    page.find("#picker");
    assert_eq!(page.eval(PASTE), true);
    page.on_stage();
    page.says(".crumb.title", "pasted.pcapng");
    page.finish();
}

/// Pastes text, as after copying it from a terminal.
const PASTE_TEXT: &str = "(() => {
    const data = new DataTransfer();
    data.setData('text/plain', 'IP 192.0.2.1.5000 > 192.0.2.2.80: Flags [S], seq 7, win 512, length 0\\n'
        + 'IP 192.0.2.2.80 > 192.0.2.1.5000: Flags [R.], seq 0, ack 8, win 0, length 0\\n');
    document.getElementById('paper').dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
    return true;
})()";

/// Keeps what the page hands over as a download where the test can read it.
const KEEP_DOWNLOADS: &str = "(() => {
    window.saved = [];
    HTMLAnchorElement.prototype.click = function () { window.saved.push(this.download); };
    const make = URL.createObjectURL.bind(URL);
    URL.createObjectURL = blob => { window.blob = blob; return make(blob); };
    const choice = document.getElementById('save');
    choice.selectedIndex = 2;
    choice.dispatchEvent(new Event('change', { bubbles: true }));
    return true;
})()";

#[test]
fn pasted_text_is_played_marked_as_rebuilt_and_saved() {
    let page = Page::open("");
    page.find("#paper");
    assert_eq!(page.eval(PASTE_TEXT), true);
    page.on_stage();
    page.says(".crumb.title", "pasted.txt");
    page.says(".notes summary", "Read from text: 0 packets with their bytes, 2 rebuilt");
    page.says(".comment", "Rebuilt from a line of text");
    assert_eq!(page.eval(KEEP_DOWNLOADS), true);
    page.until("saved[0] === 'pasted.pcap' && blob.size === 24 + 2 * (16 + 40)");
    page.finish();
}

#[test]
fn a_gzip_compressed_capture_is_opened() {
    let page = Page::open("");
    page.play(&golden("http.pcap.gz"));
    page.says(".crumb.title", "http.pcap.gz");
    page.finish();
}

#[test]
fn hostile_text_stays_text() {
    let page = Page::open("");
    page.find("#picker");
    let elements = || page.eval("document.querySelectorAll('img, script, iframe, object, [onerror]').length");
    let before = elements();
    page.play(&golden("markup.pcap"));
    for packet in 1..6 {
        assert_eq!(elements(), before, "something in packet {packet} became an element");
        page.press(Key::Right);
    }
    assert_ne!(page.eval("document.title"), "run");
    // The lists show it as it was sent.
    page.until("[...document.querySelectorAll('.packet')].some(line => line.textContent.includes('<img'))");
    page.finish();
}

#[test]
fn what_is_no_capture_is_refused_with_words_and_the_page_goes_on() {
    let page = Page::open("");
    let text = written("notes.txt", b"These are my notes about a capture, and not a capture.\n");
    page.choose(&text);
    page.says("#failure strong", "not a packet capture");
    page.says("#failure", "pcap");
    page.click("#failure button");
    page.until("document.getElementById('failure') === null");

    page.choose(&written("empty.pcap", b""));
    page.says("#failure strong", "empty");
    page.press(Key::Escape);
    page.until("document.getElementById('failure') === null");

    let whole = fs::read(golden("http.pcap")).expect("the golden capture is there");
    page.choose(&written("header.pcap", &whole[..24]));
    page.says("#failure strong", "no packet");
    page.press(Key::Escape);

    page.play(&golden("http.pcap"));
    page.says(".crumb.title", "http.pcap");
    page.finish();
}

#[test]
fn a_file_that_was_cut_short_is_played_up_to_there_and_says_where() {
    let whole = fs::read(golden("http.pcap")).expect("the golden capture is there");
    let page = Page::open("");
    page.play(&written("cut.pcap", &whole[..whole.len() - 7]));
    page.says(".notes summary", "Cut short at byte 12");
    page.press(Key::End);
    page.until("/ (\\d+)\\/\\1$/.test(document.getElementById('moment').textContent)");
    page.finish();
}

#[test]
fn a_capture_is_gone_after_a_reload_and_the_page_says_so() {
    let page = Page::open("");
    page.play(&golden("ping.pcap"));
    page.reload();
    page.says("#failure strong", "your capture stays on your disk");
    assert_eq!(page.link(), "#/");
    page.finish();
}

#[test]
fn the_sample_opens_and_back_leads_home() {
    let page = Page::open("");
    page.click("a.sample");
    page.on_stage();
    page.until("location.hash.startsWith('#/sample/mixed.pcapng')");
    page.press(Key::Right);
    page.rests_at("2/");
    page.until("location.hash === '#/sample/mixed.pcapng/2'");
    page.reload();
    page.on_stage();
    page.rests_at("2/");
    page.back();
    page.find("#picker");
    page.finish();
}

/// Keeps the workers that the page starts where the test can reach them.
const KEEP_WORKERS: &str = "window.workers = []; window.Worker = class extends Worker {
    constructor(...given) { super(...given); window.workers.push(this); }
};";

#[test]
fn a_worker_that_dies_is_started_again_with_the_same_capture_and_the_page_says_so() {
    let page = Page::open("");
    page.devtools("Page.addScriptToEvaluateOnNewDocument", serde_json::json!({ "source": KEEP_WORKERS }));
    page.reload();
    page.play(&golden("http.pcap"));
    assert_eq!(page.eval("workers.length"), 1);
    // No page posts a bare text, and the worker takes leave of whoever does.
    page.eval("workers[0].postMessage('nonsense')");
    page.says("#crashed", "started again");
    page.until("workers.length === 2");
    page.on_stage();
    page.press(Key::Escape);
    page.until("document.getElementById('crashed') === null");
    page.press(Key::End);
    page.until("/ (\\d+)\\/\\1$/.test(document.getElementById('moment').textContent)");
    page.finish();
}

/// Presses the button that gives up as soon as the page shows one: the file is still being unpacked then.
const GIVE_UP: &str = "(() => {
    window.watch = new MutationObserver(() => document.querySelector('#loading button')?.click());
    window.watch.observe(document.body, { subtree: true, childList: true });
    return true;
})()";

#[test]
fn a_gzip_file_can_be_given_up_while_it_is_unpacked() {
    let page = Page::open("");
    page.find("#picker");
    assert_eq!(page.eval(GIVE_UP), true);
    page.choose(&golden("http.pcap.gz"));
    page.says("#failure strong", "Cancelled: nothing was opened");
    page.eval("watch.disconnect()");
    page.press(Key::Escape);
    page.until("document.getElementById('failure') === null");
    // The page is as good as before.
    page.play(&golden("http.pcap.gz"));
    page.says(".crumb.title", "http.pcap.gz");
    page.finish();
}

#[test]
fn gzip_members_are_counted_together_against_the_limit() {
    let member = packed(&vec![0; 1 << 20]);
    let page = Page::open("");
    page.choose(&written("over.pcap.gz", &member.repeat(257)));
    page.says("#failure strong", "too large");
    page.says("#failure", "more than 256 MiB");
    page.finish();
}

/// As `gzip` packs it.
fn packed(content: &[u8]) -> Vec<u8> {
    let file = written("member", content);
    let gzip = Command::new("gzip").arg("-1c").stdin(fs::File::open(file).expect("it was written")).output();
    gzip.expect("gzip is there").stdout
}

#[test]
fn a_gzip_file_that_was_cut_is_played_up_to_there_and_says_so() {
    let whole = fs::read(golden("http.pcap.gz")).unwrap();
    let page = Page::open("");
    page.play(&written("cut.pcap.gz", &whole[..whole.len() * 3 / 4]));
    page.says(".notes", "cut short or damaged");
    page.finish();
}

#[test]
fn text_without_a_packet_is_refused_with_words() {
    let page = Page::open("");
    page.choose(&written("poem.txt", b"Two roads diverged in a yellow wood\n"));
    page.says("#failure", "no line reads like a packet");
    page.finish();
}
