//! All hosts of a capture on one stage: chosen by key, a packet's journey, and a host's tables as the play goes on.

use browser_tests::Page;
use browser_tests::stage::golden;

#[test]
fn all_hosts_share_a_stage_with_the_journey_and_the_tables() {
    let page = Page::open("");
    page.play(&golden("masqueraded.pcapng"));
    page.press("h");
    page.says("#to-hosts[aria-pressed=true]", "All hosts");
    for host in ["10.0.1.2", "10.0.1.1", "10.0.2.2"] {
        page.says("svg.ladder", host);
        page.says("#topology", host);
    }
    // The same packet is still chosen: the connection's SYN, as the client's link has it.
    page.says("#frame", "Frame 17");
    page.says("#journey", "NAT 10.0.1.2:");
    page.says("#journey", "TTL 63");
    page.find("svg.ladder .journey");
    page.press("e");
    page.says("#tables", "10.0.1.1  ether  02:00:00:00:01:01  C");
    page.says("#tables", "10.0.2.2 cache mtu 1400");
    page.says("#tables", "SYN-SENT   10.0.1.2:");
    page.says("#tables", "What no packet shows");
    page.press("h");
    page.find("#to-ladder[aria-pressed=true]");
    page.says("#frame", "Frame 17");
    page.finish();
}
