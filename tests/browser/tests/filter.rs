//! A filter over the packet list: completed, applied, refused with its place, cleared.

use browser_tests::stage::golden;
use browser_tests::{Key, Page, Setting};

fn write(page: &Page, text: &str) {
    page.click("#expression");
    page.eval("document.querySelector('#expression').select()");
    page.press(text);
}

#[test]
fn a_filter_shows_only_the_packets_that_it_means() {
    let page = Page::open("");
    page.play(&golden("http.pcap"));
    page.press("/");
    page.until("document.activeElement.id === 'expression'");
    page.press("tcp.len > 0 && tcp.srcport == 80");
    page.press(Key::Return);
    page.says("#filter-count", "2 of 12 packets");
    page.until("[...document.querySelectorAll('.packet .number')].map(n => n.textContent).join(' ') === '6 8'");
    // What is chosen in the short list is on the stage.
    page.click(".packet:nth-of-type(2)");
    page.says(".packet.on .number", "8");
    page.says("#moment", "8/12");
    page.press(Key::Left);
    page.says("#moment", "7/12");
    assert_eq!(page.count(".packet"), 2);
    page.click("#filter-clear");
    page.until("document.querySelectorAll('.packet').length === 12");
    assert_eq!(page.count("#filter-count"), 0);
    page.finish();
}

#[test]
fn letters_are_completed_and_escape_leaves() {
    let page = Page::open("");
    page.play(&golden("http.pcap"));
    page.press("/");
    page.until("document.activeElement.id === 'expression'");
    page.press("tcp.flags.sy");
    page.says("#names li", "tcp.flags.syn");
    page.press(Key::Down);
    page.press(Key::Return);
    page.until("document.querySelector('#expression').value === 'tcp.flags.syn'");
    page.press(" == 1");
    page.press(Key::Return);
    page.says("#filter-count", "2 of 12 packets");
    page.press(Key::Escape);
    page.until("document.activeElement.id !== 'expression'");
    page.finish();
}

#[test]
fn what_is_wrong_is_marked_in_its_place_and_the_list_stays() {
    let page = Page::open("");
    page.play(&golden("http.pcap"));
    write(&page, "ip && tcp.prot == 80");
    page.press(Key::Return);
    page.says("#fault mark", "tcp.prot");
    page.says("#fault p", "Column 7");
    page.says("#fault p", "tcp.port");
    assert_eq!(page.count(".packet"), 12);
    page.eval("document.querySelector('#expression').blur()");
    page.press("l");
    page.until("/[\\u4e00-\\u9fff]/.test(document.querySelector('#fault p').textContent)");
    page.finish();
}

#[test]
fn a_phone_has_the_filter_too() {
    let page = Page::open_as("", &Setting { size: (390, 844), ..Setting::default() });
    page.play(&golden("http.pcap"));
    page.click(".tabs .tab:first-child");
    write(&page, "http");
    page.press(Key::Return);
    page.until("document.querySelectorAll('.packet').length === 2");
    page.until("document.documentElement.scrollWidth <= innerWidth");
    page.finish();
}
