//! The glossary by search, by address and from a field → every field's entry, and the way back.

use browser_tests::stage::golden;
use browser_tests::{Page, Setting};

/// Writes into the search as a visitor does.
fn search(page: &Page, query: &str) {
    page.click("#search");
    page.eval("document.querySelector('#search').select()");
    page.press(query);
}

#[test]
fn a_field_is_found_in_either_language_and_by_its_key() {
    let page = Page::open("#/glossary");
    page.find(".glossary h2");
    assert_eq!(page.count(".entry"), 0, "what nobody asked for is not in the page");
    for query in ["time to live", "生存时间", "ip.ttl"] {
        search(&page, query);
        page.find(".entry a[href='#/glossary/ip.ttl']");
        page.until("[...document.querySelectorAll('.entry')].some(entry => entry.textContent.includes('router'))");
    }
    // Letters that mean something elsewhere are letters here.
    search(&page, "d?lp");
    page.until("document.querySelectorAll('.entry').length === 0");
    assert_eq!(page.count("#keys"), 0);
    page.screenshot("glossary");
    page.finish();
}

#[test]
fn a_link_leads_to_a_field_and_its_text_is_in_the_language_of_the_page() {
    let page = Page::open_as("#/glossary/tcp.window_size", &Setting { language: "zh-CN", ..Setting::default() });
    page.says(".entry.on", "tcp.window_size");
    page.until("/[\\u4e00-\\u9fff]。/.test(document.querySelector('.entry.on p').textContent)");
    page.until("document.querySelector('.entry.on').getBoundingClientRect().top < innerHeight");
    let source = page.eval("document.querySelector('.entry.on a[target=_blank]').href");
    assert!(source.as_str().is_some_and(|source| source.starts_with("https://www.rfc-editor.org/rfc/rfc")), "{source}");
    page.finish();
}

#[test]
fn a_field_on_the_stage_leads_there_and_back() {
    let page = Page::open("");
    page.play(&golden("http.pcap"));
    page.click(".cell[title*='(tcp.srcport)']");
    page.find("#why .here");
    page.click("#why a[href='#/glossary/tcp.srcport']");
    page.says(".entry.on", "tcp.srcport");
    page.back();
    page.find(".cell.on[title*='(tcp.srcport)']");
    page.finish();
}
