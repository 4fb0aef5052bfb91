//! The list of conversations and what is wrong with the capture: sorted, found, filtered, and one step from the stage.

use browser_tests::stage::golden;
use browser_tests::{Key, Page, Setting};

/// What the first conversations of the list say in a part of theirs.
fn rows(part: &str) -> String {
    format!("[...document.querySelectorAll('.conversation.row {part}')].map(it => it.textContent).join('|')")
}

#[test]
fn the_list_is_sorted_found_and_filtered_and_leads_to_the_stage() {
    let page = Page::open("");
    page.play(&golden("network.pcap"));
    page.click(".side .bar button:nth-of-type(3)");
    page.says("#list-count", "33 conversations");
    // The verdicts come by themselves; the worst are first.
    page.click(".columns button:nth-of-type(7)");
    page.until(&format!("{}.startsWith('✕ refused|✕ refused|✕ aborted|✕ aborted|✕ no answer')", rows(".verdict")));
    page.click("#find");
    page.press("http");
    page.says("#list-count", "2 conversations");
    page.until(&format!("{}.includes('192.0.2.1:47476 ⇄ 192.0.2.129:80')", rows(".mono")));
    page.eval("document.querySelector('#find').select()");
    page.press(Key::Backspace);
    page.says("#list-count", "33 conversations");
    page.click("#expression");
    page.press("tcp.flags.reset == 1");
    page.press(Key::Return);
    page.says("#filter-count", "4 of 33 conversations");
    page.until("document.querySelectorAll('.conversation.row').length === 4");
    page.click("#filter-clear");
    page.until(&format!("{}.startsWith('✕ refused|✕ refused|✕ aborted|✕ aborted|✕ no answer')", rows(".verdict")));
    // By keys: the next one down, and its stage.
    page.eval("document.querySelector('.conversation.row').focus()");
    page.press(Key::Down);
    page.press(Key::Return);
    page.until("document.querySelectorAll('.conversation.row')[1].classList.contains('on')");
    page.in_states("SYN-SENT", "CLOSED");
    page.finish();
}

#[test]
fn the_story_begins_with_what_is_wrong_with_the_whole_capture() {
    let page = Page::open("");
    page.play(&golden("network.pcap"));
    page.click(".side .bar button:nth-of-type(2)");
    page.says("#wrong", "2 in 2 conversations");
    page.says("#wrong .event", "refuses the connection");
    page.click("#wrong .event");
    page.until("document.querySelector('#wrong .event').classList.contains('on')");
    page.until("document.querySelectorAll('#ladder-list li').length === 2");
    // Only one kind.
    page.eval("(s => { s.selectedIndex = 2; s.dispatchEvent(new Event('change', { bubbles: true })) })(document.querySelector('#kinds'))");
    page.until("[...document.querySelectorAll('#story .event')].every(it => it.textContent.includes('reset'))");
    page.says("#wrong h3:not(.part)", "aborted");
    page.finish();
}

#[test]
fn a_capture_without_trouble_says_what_was_looked_for() {
    let page = Page::open_as("", &Setting { size: (390, 844), ..Setting::default() });
    page.play(&golden("http.pcap"));
    page.click(".tabs .tab:first-child");
    page.click(".side .bar button:nth-of-type(2)");
    page.says("#sound", "Nothing found in 1 conversation");
    page.until("document.documentElement.scrollWidth <= innerWidth");
    page.finish();
}
