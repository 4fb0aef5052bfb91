//! Packets of the goldens → the sentences that say what their values mean there.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use packet_theater::engine::{Engine, FrameView, Request, Response};
use packet_theater::protocol;
use packet_theater::text::{self, Said, explained};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn catalogue(language: &str) -> BTreeMap<String, String> {
    let path = root().join(format!("static/lang/here.{language}.json"));
    serde_json::from_str(&fs::read_to_string(path).expect("a catalogue")).expect("a flat list of texts")
}

fn frames(path: &Path) -> Vec<FrameView> {
    let bytes = fs::read(path).expect("a capture");
    let mut engine = Engine::open(bytes.as_slice(), "test").expect("a capture opens");
    let Ok(Response::Opened(summary)) = engine.advance(u64::MAX) else { panic!("{} opens", path.display()) };
    let frames = (1..=summary.frames).map(|frame| match engine.answer(&Request::Layers { frame }) {
        Response::Layers(view) => view,
        other => panic!("{other:?}"),
    });
    frames.collect()
}

fn fill(template: &str, said: &Said) -> String {
    text::fill(template, said.values.iter().map(|(name, value)| (name.as_str(), value.as_str())))
}

/// Golden, frame, field, and a sentence that is said of it there.
#[rustfmt::skip]
const CASES: &[(&str, u32, &str, &str)] = &[
    ("bridge", 1, "eth.dst", "Reserved for neighbours that are bridges: it is never forwarded beyond this link."),
    ("control", 9, "icmp.redir_gw", "For 198.51.100.2, send to 192.0.2.1 from now on: it is on the same link and nearer."),
    ("control", 21, "icmpv6.nd.ra.router_lifetime", "It may be used as default router for 30 min from now."),
    ("cooked", 75, "http.content_length_header", "5 bytes of body follow the empty line; so the receiver knows where the next message begins."),
    ("cooked", 75, "http.response.code", "200: the server understood the request and did what it asks."),
    ("dhcp", 2, "dhcp.ip.your", "The server offers 192.168.1.70; it is not the host's before a request is acknowledged."),
    ("dhcp", 2, "dhcp.option.subnet_mask", "/24: room for 254 hosts in this network."),
    ("dhcp", 4, "dhcp.ip.your", "From now on 192.168.1.70 is the host's, for as long as the lease lasts."),
    ("dhcp-options", 1, "dhcp.flags.bc", "0: the answer may go straight to the address that is being given."),
    ("dhcp-options", 1, "dhcp.id", "The answers carry 0x12345678 too: the host has no address yet that could tell whom they are for."),
    ("dhcp-options", 1, "dhcp.ip.relay", "0.0.0.0: host and server talk on the same link, no relay passed the message on."),
    ("dhcp-options", 1, "dhcp.ip.your", "0.0.0.0: nothing is offered here."),
    ("dhcp-options", 3, "dhcp.option.ip_address_lease_time", "The address may be used for 14 h 10 min, then it has to be given back or renewed."),
    ("dhcp-options", 3, "dhcp.option.rebinding_time_value", "After 16 h 23 min 20 s without an answer it asks any server."),
    ("dhcp-options", 3, "dhcp.option.renewal_time_value", "After 16 h 6 min 40 s the host asks the same server for more time."),
    ("dhcp-options", 4, "ip.dst", "All hosts on this link; no router passes it on."),
    ("dhcp-options", 4, "dhcp.flags.bc", "1: the host cannot take in a frame for an address that it does not have yet, so the answer must be broadcast."),
    ("dhcp-options", 4, "dhcp.ip.relay", "The relay 192.0.2.1 passed the message on; its network tells the server which range the address is to come from."),
    ("dns", 12, "dns.soa.refresh_interval", "2 h in larger units."),
    ("dns-tcp", 1, "ip.src", "Of the private block 192.168.0.0/16: not routed on the Internet, and the same addresses are used in countless networks."),
    ("dns-tcp", 1, "tcp.srcport", "From the upper range: most likely the system chose it for this conversation only."),
    ("dns-tcp", 1, "tcp.dstport", "IANA registered it for domain; nothing forces a program to keep to that."),
    ("dns-tcp", 1, "tcp.len", "60 bytes of packet − 20 of IP header − 40 of TCP header = 0. TCP carries no length of its own."),
    ("dns-tcp", 1, "tcp.seq", "The SYN takes number 0 of this direction, so the first byte of data has number 1. On the wire stands 120424315, which the sender chose at random."),
    ("dns-tcp", 1, "tcp.seq_raw", "Counted from 120424315, where this direction's numbers begin, it is 0."),
    ("dns-tcp", 1, "tcp.nxtseq", "0 + 0 bytes of data + 1, because SYN takes a number."),
    ("dns-tcp", 1, "tcp.ack", "The ACK flag is clear, so this field means nothing."),
    ("dns-tcp", 1, "tcp.hdr_len", "10 words of 4 bytes: the fixed 20 bytes and 20 bytes of options."),
    ("dns-tcp", 1, "tcp.flags", "The first segment of a connection: it asks to open one and tells its starting number."),
    ("dns-tcp", 1, "tcp.window_size_value", "64240 bytes: in a SYN the window is never scaled."),
    ("dns-tcp", 1, "tcp.checksum", "Over the 40 bytes of the segment and a pseudo header of 12 bytes: both addresses, the protocol number and the length."),
    ("dns-tcp", 1, "tcp.urgent_pointer", "The URG flag is clear, so this field means nothing."),
    ("dns-tcp", 1, "tcp.options.mss_val", "1460 + 20 bytes of IP header + 20 of TCP header = 1500, Ethernet's MTU."),
    ("dns-tcp", 1, "tcp.options.timestamp.tsecr", "Nothing has come from the peer yet that could be echoed."),
    ("dns-tcp", 1, "tcp.options.wscale.shift", "Its later windows count in units of 2^10 = 1024 bytes, up to 67107840 bytes."),
    ("dns-tcp", 2, "tcp.ack", "The peer's sequence number 0 plus 1, because SYN takes one: byte 1 is expected next."),
    ("dns-tcp", 2, "tcp.ack_raw", "Counted from 120424315, where the peer's numbers begin, it is 1."),
    ("dns-tcp", 2, "tcp.flags", "It accepts the opening: its own SYN, and the acknowledgment of the peer's."),
    ("dns-tcp", 2, "tcp.options.timestamp.tsecr", "The peer's clock as it was sent here last: the peer subtracts it from its present clock and has the round-trip time."),
    ("dns-tcp", 3, "tcp.seq", "Nothing is sent here that takes a number; the next byte will have number 1."),
    ("dns-tcp", 3, "tcp.nxtseq", "1 + 0 bytes of data."),
    ("dns-tcp", 3, "tcp.ack", "Number 0, as counted here, was the peer's SYN: byte 1 of its data is expected next."),
    ("dns-tcp", 3, "tcp.flags", "A bare acknowledgment: it carries no data and takes no number."),
    ("dns-tcp", 3, "tcp.window_size_value", "63 × 2^10 = 64512 bytes may be on their way to this end unacknowledged."),
    ("dns-tcp", 4, "tcp.seq", "Bytes 1 to 35 of this direction's stream are in this segment."),
    ("dns-tcp", 4, "tcp.flags", "Data that the receiver should hand to the program at once."),
    ("dns-tcp", 4, "dns.id", "The answer must carry 0x1235 too; whoever forges one has to guess these 16 bits and the port."),
    ("dns-tcp", 4, "dns.qry.name", "3 labels; on the wire 17 bytes: each label behind its length, and a zero at the end."),
    ("dns-tcp", 5, "tcp.ack", "Everything up to number 35 has arrived; number 36 is expected next."),
    ("dns-tcp", 5, "tcp.ack", "35 of them are new since this end's segment before."),
    ("dns-tcp", 6, "dns.id", "It answers the question with 0x1235."),
    ("dns-tcp", 6, "dns.flags.authoritative", "The server answers from its own zone."),
    ("dns-tcp", 6, "dns.flags.rcode", "The question is answered: 2 records."),
    ("dns-tcp", 6, "dns.resp.ttl", "Whoever got it may keep and reuse it for 5 min."),
    ("dns-tcp", 6, "dns.a", "Reserved for examples in documents: no real host has it."),
    ("dns-tcp", 8, "tcp.seq", "The FIN takes number 74: after it nothing more comes in this direction."),
    ("dns-tcp", 8, "tcp.ack", "The same number as in this end's segment before: nothing new has arrived in order."),
    ("dns-tcp", 8, "tcp.flags", "This end has sent everything: it closes its direction and still listens to the other."),
    ("flawed", 3, "udp.length", "8 bytes of header and 44 bytes of data."),
    ("flawed", 3, "udp.checksum", "Over the 52 bytes of the datagram and a pseudo header: both addresses, the protocol number and the length."),
    ("flawed", 3, "dns.rr.udp_payload_size", "Messages up to 1232 bytes may come over UDP; a longer one comes truncated and is fetched over TCP."),
    ("flawed", 4, "udp.checksum", "0: the sender did not compute one, which UDP allows over IPv4 only."),
    ("flawed", 6, "tcp.window_size_value", "63 bytes: the ends did not agree on window scaling."),
    ("flawed", 19, "eth.dst", "The broadcast address: every station on this link takes the frame in."),
    ("flawed", 19, "eth.padding", "18 bytes of filling: a frame carries at least 46 bytes, and the packet is shorter."),
    ("flawed", 19, "arp.opcode", "192.168.1.109 asks the whole link: who has 192.168.1.108?"),
    ("flawed", 19, "arp.dst.hw_mac", "All zeros: the address is not known yet, or this interface has none."),
    ("flawed", 20, "eth.trailer", "6 bytes stand behind the packet: its own length field ends before them."),
    ("llc", 20, "eth.dst", "The lowest bit of the first byte is 1: a group of stations, not a single one."),
    ("loop", 1, "ip.hdr_len", "5 words of 4 bytes: the fixed 20 bytes and no options."),
    ("loop", 1, "ip.len", "20 bytes of header and 64 bytes of payload."),
    ("loop", 1, "ip.id", "This datagram may not be cut (DF), so the number has nothing to hold together."),
    ("loop", 1, "ip.flags.df", "A router whose next link cannot carry 84 bytes must drop this datagram and report “fragmentation needed”."),
    ("loop", 1, "ip.flags.mf", "Nothing follows and nothing came before: the datagram is whole."),
    ("loop", 1, "ip.ttl", "64 is a usual start value: most likely no router has passed it on yet."),
    ("loop", 1, "ip.checksum", "Take the header's 10 16-bit words with this field as 0, add them with the carry brought round, and turn all bits over. Each router does so anew, because the time to live changes."),
    ("loop", 1, "ip.src", "Loopback (127.0.0.0/8): the packet never leaves this host."),
    ("loop", 1, "icmp.type", "Request number 1, with 56 bytes of data that the answer has to bring back."),
    ("loop", 1, "icmp.checksum", "Over all 64 bytes of the message; unlike UDP and TCP it takes in no addresses."),
    ("loop", 1, "icmp.seq", "The answer carries 1 too; a number without an answer is a lost packet."),
    ("loop", 2, "ip.id", "This datagram is whole: the number would matter only if a router cut it."),
    ("loop", 2, "ip.flags.df", "A router may cut this datagram where a link is too small for it."),
    ("loop", 2, "icmp.type", "The answer to request number 1; its 56 bytes of data are the request's."),
    ("markup", 1, "dns.qry.name", "The root of the tree: on the wire one zero byte."),
    ("mdns", 1, "eth.dst", "01:00:5e and the last 23 bits of the IPv4 group 224.0.0.251: 32 groups share such an address, so the receiver looks at the IP address too."),
    ("mdns", 1, "dns.id", "Multicast DNS does not use it: whoever asked knows the answer by its name."),
    ("mdns", 25, "dns.resp.ttl", "0 is a goodbye: the record is gone, and caches drop it."),
    ("meanings", 1, "eth.src", "00:00:5e is the block that the IEEE gave to the maker; the maker numbered the last three bytes."),
    ("meanings", 1, "udp.srcport", "Below 1024: meant for well-known services; on Unix only root may take it."),
    ("meanings", 1, "udp.dstport", "0 is no port: nothing can answer it."),
    ("meanings", 2, "ip.src", "Of 100.64.0.0/10: between a provider's NAT and its customers."),
    ("meanings", 2, "ip.dst", "A multicast group: all hosts that joined it receive the packet."),
    ("meanings", 3, "ip.src", "A public address: it is unique, and routed on the Internet."),
    ("meanings", 4, "arp.opcode", "A probe: before it takes 169.254.1.1, the host asks whether somebody has it already, without giving an address of its own."),
    ("meanings", 5, "arp.opcode", "An announcement: 172.16.0.1 asks for its own address. Nobody should answer; all who hear it renew their entry."),
    ("meanings", 6, "ip.src", "Not assigned for use."),
    ("meanings", 10, "icmp.code", "192.0.2.1 waited for fragments that did not come."),
    ("meanings", 12, "dns.flags.rcode", "No error and no answer: the name exists, but has no record of this type."),
    ("meanings", 13, "dns.flags.rcode", "The server could not find out: its own source is broken or did not answer."),
    ("meanings", 14, "dns.flags.rcode", "The server does not want to answer this client."),
    ("meanings", 15, "dns.flags.truncated", "The answer did not fit: the client asks again over TCP."),
    ("meanings", 16, "dns.resp.ttl", "0: for this once only, it may not be kept."),
    ("meanings", 17, "dns.flags.recavail", "The client asked for a full search, and this server does not do that for it."),
    ("meanings", 18, "ipv6.dst", "All nodes on this link, which is what broadcast was in IPv4."),
    ("meanings", 18, "icmpv6.nd.ra.router_lifetime", "0: this router offers prefixes, but is no default router."),
    ("meanings", 20, "tcp.flags", "The connection ends at once, without an acknowledgment."),
    ("meanings", 21, "tcp.flags", "Data, and an acknowledgment of what came the other way."),
    ("meanings", 21, "tcp.window_size_value", "8192 bytes, or more: the opening, which tells the scale, is not in the capture."),
    ("meanings", 22, "tcp.flags", "It asks to open a connection, and ECE with CWR offers explicit congestion notification."),
    ("meanings", 23, "tcp.flags", "No flag at all: not part of any connection. Port scanners send it."),
    ("meanings", 24, "tcp.flags", "SYN beside FIN or RST makes no sense: no honest sender does that, port scanners do."),
    ("meanings", 25, "tcp.flags", "FIN without ACK: no connection closes so. Port scanners send it."),
    ("meanings", 26, "tcp.options.sack_le", "Numbers 101 to 200 have arrived too, beyond a gap: only the gap has to be sent again."),
    ("meanings", 27, "tcp.window_size_value", "0: the receiver's buffer is full, and the peer has to wait."),
    ("meanings", 28, "http.response.code", "100: an interim answer; the real one follows."),
    ("meanings", 29, "http.response.code", "304: the client's copy is still good, so no body is sent."),
    ("meanings", 30, "http.response.code", "503: the request may be right, but the server failed."),
    ("meanings", 31, "ntp.ppoll", "2^6 seconds = 1 min 4 s between two questions."),
    ("meanings", 31, "ntp.stratum", "0: a client that only asks leaves it empty."),
    ("meanings", 32, "ntp.stratum", "0: a kiss-o'-death; the reference id says in letters why the server does not want to answer."),
    ("meanings", 33, "ntp.stratum", "1: the server has a reference clock itself, such as GPS or an atomic clock."),
    ("meanings", 34, "ntp.stratum", "2 servers stand between it and a reference clock."),
    ("meanings", 35, "ntp.stratum", "16: the server's own clock is not synchronised; do not trust its time."),
    ("meanings", 36, "dhcp.option.ip_address_lease_time", "All ones: the lease never ends."),
    ("meanings", 37, "vlan.id", "0: the frame belongs to no VLAN; the tag only carries a priority."),
    ("meanings", 38, "vlan.id", "1 is the VLAN that switches put untagged frames into by default."),
    ("meanings", 39, "vlan.id", "4095 is reserved: no frame may carry it."),
    ("mpls", 1, "mpls.bottom", "The last label: behind it the packet begins."),
    ("mpls", 2, "mpls.bottom", "Another label follows."),
    ("multicast", 6, "igmp.max_resp", "Counted in tenths: members wait a random time of up to 1.0 s, so that not all answer at once."),
    ("nd", 1, "eth.dst", "33:33 and the last 32 bits of the IPv6 group ff02::1:ff31:c316: only members of the group take the frame in."),
    ("nd", 1, "eth.src", "The second lowest bit of the first byte is 1: software chose the address (a virtual machine, a container, or a phone that hides its own)."),
    ("nd", 1, "ipv6.flow", "0: the sender does not mark flows."),
    ("nd", 1, "ipv6.plen", "32 + 40 bytes of the fixed header = 72 bytes in all."),
    ("nd", 1, "ipv6.hlim", "Neighbour discovery accepts 255 only: any router on the way would have lowered it, so the sender is on this link."),
    ("nd", 1, "ipv6.src", "No address: the sender does not have one yet."),
    ("nd", 1, "ipv6.dst", "The solicited-node group of all addresses that end in 31:c316: the question wakes few hosts instead of all."),
    ("nd", 1, "icmpv6.nd.ns.target_address", "Its last 64 bits are made of the hardware address 0a:17:be:31:c3:16."),
    ("nd", 2, "ipv6.hlim", "With this value the packet stays on its link: the first router would discard it."),
    ("nd", 2, "ipv6.dst", "A multicast group on this link only: routers do not pass it on."),
    ("nd", 9, "ipv6.src", "Link-local (fe80::/10): the host chose it itself, and it is good on this link only."),
    ("nd", 10, "ipv6.dst", "All routers on this link."),
    ("network", 11, "ip.ttl", "Usual start values are 64, 128 and 255: most likely it began at 64, and 1 router has passed it on."),
    ("network", 15, "ip.ttl", "Small: 1 router from here it is discarded. Traceroute sends such values on purpose."),
    ("network", 16, "icmp.code", "At 192.0.2.2 the time to live reached 0. Traceroute finds its routers so."),
    ("network", 18, "icmp.code", "192.0.2.2 could not pass on the 1478 bytes whole and was forbidden to cut them (DF)."),
    ("network", 18, "icmp.mtu", "The next link carries 1400 bytes at once, and the packet had 1478: the sender tries again with less."),
    ("network", 19, "ip.id", "Every fragment with 0xe34e between these two addresses belongs to the same datagram."),
    ("network", 19, "ip.flags.mf", "More fragments of this datagram follow."),
    ("network", 19, "ip.frag_offset", "0 × 8: these are bytes 0 to 1375 of the original payload."),
    ("network", 21, "ip.flags.mf", "This is the last fragment: it tells where the datagram ends."),
    ("network", 26, "icmp.code", "192.0.2.2 does not know how to reach 203.0.113.9."),
    ("network", 29, "ipv6.flow", "Packets with this label between these two addresses are one flow; routers that spread load send them the same way."),
    ("network", 63, "dns.flags.authoritative", "The answer comes from a cache or from elsewhere."),
    ("network", 63, "dns.flags.rcode", "There is no such name at all, of whatever type."),
    ("network", 68, "tcp.options.mss_val", "1360 + 20 bytes of IP header + 20 of TCP header = 1400: the MTU of the sender's link."),
    ("network", 117, "tcp.urgent_pointer", "Urgent data ends 1 byte after this segment's sequence number."),
    ("sll", 4, "tcp.flags", "The connection ends at once, or never opened: no such port, or the program is gone."),
    ("tls", 3, "tls.handshake.extensions_alpn_str", "It stands for HTTP/2."),
    ("tls", 3, "tls.handshake.ciphersuite", "One of the suites that the client offers, those that it likes best first."),
    ("tls", 3, "tls.handshake.extensions_server_name", "In clear: whoever sees this packet knows that ec.example.com is visited, though not what is read there."),
    ("tls", 3, "tls.handshake.version", "1.2 is for the eyes of old devices only: the true versions stand in the extension supported_versions."),
    ("tls", 3, "tls.record.length", "350 bytes of this record follow; a record carries at most 16384 of data."),
    ("tls", 3, "tls.record.version", "1.0 on the very first record for the sake of old servers; it says nothing about what is offered."),
    ("tls", 4, "tls.handshake.ciphersuite", "The suite that the server chose: all that follows is protected by it."),
    ("tls", 4, "tls.record.version", "TLS 1.3 always writes 1.2 here, so that devices on the way let it pass."),
    ("tls", 34, "tls.handshake.session_ticket_lifetime_hint", "With the ticket the client may resume the session within 2 h, without a full handshake."),
    ("unreachable", 1, "udp.dstport", "From 1024 on: programs of users may take it."),
    ("unreachable", 2, "icmp.type", "It is about the packet quoted below, from 192.168.1.109 to 192.168.1.108."),
    ("unreachable", 2, "icmp.code", "No program at 192.168.1.108 listens on UDP port 4444."),
    ("vlan", 2, "arp.opcode", "192.168.1.108 tells 192.168.1.109: my hardware address is ae:be:4c:e6:01:8c."),
    ("web", 9, "http.response.code", "404: the server blames the request."),
    ("web", 16, "http.authbasic", "Base64 hides nothing: whoever sees this packet has the password."),
    ("web", 28, "http.chunk_size", "On the wire stands 2b, in hexadecimal: 43 bytes follow in this chunk."),
    ("web", 28, "http.chunk_size", "A chunk of length 0 ends the body."),
    ("web", 28, "http.transfer_encoding", "The sender did not know the length beforehand: the body comes in chunks, each behind its own length."),
    ("web", 48, "http.response.code", "303: what was asked for is elsewhere; the Location field says where."),
];

#[test]
fn values_mean_what_a_teacher_would_say() {
    let english = catalogue("en");
    let mut goldens: BTreeMap<&str, Vec<FrameView>> = BTreeMap::new();
    let mut said_somewhere = BTreeSet::new();
    for (golden, frame, key, sentence) in CASES {
        let views =
            goldens.entry(golden).or_insert_with(|| frames(&root().join(format!("tests/golden/{golden}.pcap"))));
        let fields = views[*frame as usize - 1].layers.iter().flat_map(|layer| &layer.fields);
        let here: Vec<&Said> = fields.filter(|field| field.key == *key).flat_map(|field| &field.here).collect();
        let sentences: Vec<String> = here.iter().map(|said| fill(&english[&said.key], said)).collect();
        assert!(sentences.iter().any(|said| said == sentence), "{golden} frame {frame}, {key}: {sentences:#?}");
        said_somewhere.extend(here.into_iter().map(|said| said.key.clone()));
    }
    let unread: Vec<_> = english.keys().filter(|key| !said_somewhere.contains(*key)).collect();
    assert!(unread.is_empty(), "no case reads the sentences {unread:?}");
}

/// What is filled in is what the sentence has a place for, whatever the packet.
#[test]
fn every_sentence_is_there_in_both_languages_and_takes_its_values() {
    let catalogues = ["en", "zh-CN"].map(|language| (language, catalogue(language)));
    let keys = catalogues.each_ref().map(|(_, catalogue)| catalogue.keys().collect::<Vec<_>>());
    assert_eq!(keys[0], keys[1]);
    for entry in fs::read_dir(root().join("tests/golden")).expect("goldens") {
        let path = entry.expect("an entry").path();
        if path.extension().is_none_or(|extension| extension != "pcap") {
            continue;
        }
        for view in frames(&path) {
            for said in view.layers.iter().flat_map(|layer| &layer.fields).flat_map(|field| &field.here) {
                for (language, catalogue) in &catalogues {
                    let template = catalogue.get(&said.key).unwrap_or_else(|| panic!("{language} lacks {}", said.key));
                    let sentence = fill(template, said);
                    assert!(!sentence.contains(['{', '}']), "{language}, {}: {sentence}", said.key);
                    let end = if *language == "en" { ".?" } else { "。？" };
                    assert!(sentence.ends_with(|last| end.contains(last)), "{language}, {}: {sentence}", said.key);
                }
            }
        }
    }
}

#[test]
fn rules_speak_about_fields_that_are_decoded() {
    let decoded: BTreeSet<&str> = protocol::fields().map(|field| field.key).collect();
    let unknown: Vec<&str> = explained().filter(|key| !decoded.contains(key)).collect();
    assert!(unknown.is_empty(), "no table has {unknown:?}");
    assert!(explained().count() >= 40);
}
