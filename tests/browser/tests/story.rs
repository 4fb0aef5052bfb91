//! What happened in a conversation, told beside its ladder: lost segments that came again, a refused connection.

use browser_tests::Page;
use browser_tests::stage::golden;

#[test]
fn what_was_lost_is_told_first_and_leads_to_its_packet() {
    let page = Page::open("");
    page.play(&golden("loss.pcap"));
    tell(&page);
    page.says("#story .trouble", "Acknowledgments tell of a gap");
    page.says("#story .trouble .soft", "frame 32");
    page.click("#story .event");
    page.says("#frame", "Frame 32");
    page.press("l");
    page.says("#story .trouble", "对方的确认指出了缺口");
    page.finish();
}

#[test]
fn a_refused_connection_is_told_as_such() {
    let page = Page::open("");
    page.play(&golden("refused.pcap"));
    tell(&page);
    page.says("#story .trouble", "refuses the connection with a reset");
    page.finish();
}

fn tell(page: &Page) {
    page.until("[...document.querySelectorAll('.side .bar button')].some(button => button.textContent === 'Story')");
    page.eval(
        "[...document.querySelectorAll('.side .bar button')].find(button => button.textContent === 'Story').click()",
    );
    page.until("document.querySelectorAll('#story .event').length > 0");
}
