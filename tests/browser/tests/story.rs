//! What happened in a conversation, told beside its ladder: lost segments that came again, a refused connection.

use browser_tests::Page;
use browser_tests::stage::golden;

#[test]
fn what_was_lost_is_told_first_and_leads_to_its_packet() {
    let page = Page::open("");
    page.play(&golden("loss.pcap"));
    tell(&page);
    page.says("#here .trouble", "Acknowledgments tell of a gap");
    page.says("#here .trouble .soft", "frame 32");
    page.click("#here .event");
    page.says("#frame", "Frame 32");
    page.press("l");
    page.says("#here .trouble", "对方的确认指出了缺口");
    page.finish();
}

#[test]
fn a_refused_connection_is_told_as_such() {
    let page = Page::open("");
    page.play(&golden("refused.pcap"));
    tell(&page);
    page.says("#here .trouble", "refuses the connection with a reset");
    page.finish();
}

fn tell(page: &Page) {
    page.until("[...document.querySelectorAll('.side .bar button')].some(button => button.textContent === 'Story')");
    page.eval(
        "[...document.querySelectorAll('.side .bar button')].find(button => button.textContent === 'Story').click()",
    );
    page.until("document.querySelectorAll('#here .event').length > 0");
}
