//! Numbers that several protocols share → the words of the registries that assign them.

use super::field::Words;

/// IEEE 802 numbers.
pub(super) const ETHERTYPES: Words = &[
    (0x0800, "IPv4"),
    (0x0806, "ARP"),
    (0x0842, "Wake-on-LAN"),
    (0x8035, "RARP"),
    (0x809b, "AppleTalk"),
    (0x8100, "802.1Q VLAN tag"),
    (0x86dd, "IPv6"),
    (0x8808, "Ethernet flow control"),
    (0x8809, "Slow protocols (LACP)"),
    (0x8847, "MPLS"),
    (0x8863, "PPPoE discovery"),
    (0x8864, "PPPoE session"),
    (0x888e, "802.1X authentication"),
    (0x88a8, "802.1ad service VLAN tag"),
    (0x88cc, "LLDP"),
    (0x88e5, "MACsec"),
    (0x88f7, "PTP"),
    (0x9000, "Loopback test"),
];

/// IANA protocol numbers.
pub(super) const IP_PROTOCOLS: Words = &[
    (0, "IPv6 hop-by-hop options"),
    (1, "ICMP"),
    (2, "IGMP"),
    (4, "IPv4"),
    (6, "TCP"),
    (17, "UDP"),
    (41, "IPv6"),
    (43, "IPv6 routing header"),
    (44, "IPv6 fragment header"),
    (46, "RSVP"),
    (47, "GRE"),
    (50, "ESP"),
    (51, "AH"),
    (58, "ICMPv6"),
    (59, "no next header"),
    (60, "IPv6 destination options"),
    (88, "EIGRP"),
    (89, "OSPF"),
    (103, "PIM"),
    (112, "VRRP"),
    (132, "SCTP"),
    (136, "UDP-Lite"),
];

/// RFC 2474, RFC 2597, RFC 3246, RFC 5865, RFC 8622.
pub(super) const DSCP: Words = &[
    (0, "default"),
    (1, "LE, lower effort"),
    (8, "class selector 1"),
    (10, "AF11"),
    (12, "AF12"),
    (14, "AF13"),
    (16, "class selector 2"),
    (18, "AF21"),
    (20, "AF22"),
    (22, "AF23"),
    (24, "class selector 3"),
    (26, "AF31"),
    (28, "AF32"),
    (30, "AF33"),
    (32, "class selector 4"),
    (34, "AF41"),
    (36, "AF42"),
    (38, "AF43"),
    (40, "class selector 5"),
    (44, "voice admit"),
    (46, "expedited forwarding"),
    (48, "class selector 6"),
    (56, "class selector 7"),
];

/// RFC 3168 §5.
pub(super) const ECN: Words =
    &[(0, "not ECN-capable"), (1, "ECN-capable, ECT(1)"), (2, "ECN-capable, ECT(0)"), (3, "congestion experienced")];

/// IANA ARP hardware types, which Linux uses for its cooked headers too.
pub(super) const HARDWARE: Words = &[
    (1, "Ethernet"),
    (6, "IEEE 802"),
    (512, "PPP"),
    (768, "IPIP tunnel"),
    (769, "IPv6 tunnel"),
    (772, "Loopback"),
    (776, "IPv6 in IPv4"),
    (778, "GRE"),
    (65534, "no link layer"),
];

/// `PACKET_HOST` and its like, from Linux' if_packet.h.
pub(super) const PACKET_TYPES: Words =
    &[(0, "to this host"), (1, "broadcast"), (2, "multicast"), (3, "to another host"), (4, "sent by this host")];
