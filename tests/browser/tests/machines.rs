//! Machines beside TCP: their figures show, move with the player, and tell how they know.

use browser_tests::stage::golden;
use browser_tests::{Key, Page};

#[test]
fn a_lookup_moves_on_its_figure_and_lists_its_aliases() {
    let page = Page::open("");
    page.reduce_motion();
    page.play(&golden("dns.pcap"));
    page.says(".ends .bar", "DNS lookup");
    page.in_states("WAITING", "LOOKING UP");
    page.says("#exchange", "A www.example.com");
    page.click("#next");
    page.in_states("ANSWERED", "REPLIED");
    page.says("#exchange", "203.0.113.5");
    page.click("#tracks summary");
    page.says("#tracks", "8 queries, 8 answered");
    page.says("#tracks .on", "www.example.com is an alias of web.example.com");
    page.until("document.querySelectorAll('svg.machine .node.here').length === 2");
    page.click("#tracks ol > li:nth-child(8) button");
    page.says("#moment", "· 15/16");
    page.press("l");
    page.says("#tracks .on", "域名不存在");
    page.finish();
}

#[test]
fn a_dhcp_client_hears_what_the_server_says_elsewhere() {
    let page = Page::open("");
    page.reduce_motion();
    page.play(&golden("dhcp.pcap"));
    page.says(".ends .bar", "RFC 2131, figure 5");
    page.until("document.querySelector('svg.machine .node.here.state-syn-sent') !== null");
    page.click("#next");
    page.in_states("BOUND", "?");
    page.says("#exchange", "192.168.1.70 from 192.168.1.108 for 3600 s");
    page.click(".drawer summary");
    page.says(".drawer", "DHCPACK / record lease");
    page.says(".drawer", "may use the address until the lease ends");
    page.finish();
}

#[test]
fn a_connection_offers_the_figure_of_what_it_carries() {
    let page = Page::open("");
    page.reduce_motion();
    page.play(&golden("tls.pcap"));
    page.says("#machines .on", "TCP");
    page.click("#machines button:nth-child(2)");
    page.says("#machines .on", "TLS");
    page.says(".ends .bar", "RFC 8446 appendix A");
    page.press(Key::End);
    page.in_states("CONNECTED", "CONNECTED");
    page.says("#exchange", "TLS_AES_256_GCM_SHA384");
    page.click(".drawer summary");
    page.says(".drawer", "The record is encrypted");
    page.finish();
}
