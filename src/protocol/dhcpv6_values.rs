//! DHCPv6's option numbers → their names, and the row of each whose value is a number, an address or a text, or several.

use super::field::{Bits, COMPUTED, Field, Show, Words, bits, field, words};

/// An option's value; the row's bits are those of one value, none for one that takes the whole option.
pub(super) struct Value {
    code: u16,
    pub row: Field,
}

const BYTE: Bits = bits(0, 8);
const WORD: Bits = bits(0, 16);
const LONG: Bits = bits(0, 32);
const ADDRESS: Bits = bits(0, 128);

static VALUES: [Value; 23] = [
    Value {
        code: 6,
        row: field("dhcpv6.requested_option_code", "Requested option", WORD, Show::Dec, "RFC 8415 §21.7")
            .words(OPTIONS),
    },
    Value { code: 7, row: field("dhcpv6.option_preference", "Preference", BYTE, Show::Dec, "RFC 8415 §21.8") },
    Value { code: 8, row: field("dhcpv6.elapsed_time", "Elapsed time (ms)", WORD, Show::Times(10), "RFC 8415 §21.9") },
    Value { code: 12, row: field("dhcpv6.unicast", "Server address", ADDRESS, Show::Ipv6, "RFC 8415 §21.12") },
    Value { code: 18, row: field("dhcpv6.interface_id", "Interface ID", COMPUTED, Show::Bytes, "RFC 8415 §21.18") },
    Value {
        code: 19,
        row: field("dhcpv6.reconf_msg", "Reconfigure by", BYTE, Show::Dec, "RFC 8415 §21.19").words(words![
            (5, "Renew"),
            (6, "Rebind"),
            (11, "Information-request"),
        ]),
    },
    Value { code: 22, row: field("dhcpv6.sip_server_a", "SIP server", ADDRESS, Show::Ipv6, "RFC 3319 §3.2") },
    Value { code: 23, row: field("dhcpv6.dns_server", "DNS server", ADDRESS, Show::Ipv6, "RFC 3646 §3") },
    Value { code: 27, row: field("dhcpv6.nis_server", "NIS server", ADDRESS, Show::Ipv6, "RFC 3898 §3") },
    Value { code: 28, row: field("dhcpv6.nisp_server", "NIS+ server", ADDRESS, Show::Ipv6, "RFC 3898 §4") },
    Value { code: 31, row: field("dhcpv6.sntp_server", "SNTP server", ADDRESS, Show::Ipv6, "RFC 4075 §4") },
    Value { code: 32, row: field("dhcpv6.lifetime", "Refresh time (s)", LONG, Show::Dec, "RFC 8415 §21.23") },
    Value { code: 34, row: field("dhcpv6.bcmcs_server_a", "BCMCS server", ADDRESS, Show::Ipv6, "RFC 4280 §4.4") },
    Value { code: 38, row: field("dhcpv6.subscriber_id", "Subscriber ID", COMPUTED, Show::Text, "RFC 4580 §2") },
    Value { code: 40, row: field("dhcpv6.pana_agent", "PANA agent", ADDRESS, Show::Ipv6, "RFC 5192 §4") },
    Value { code: 41, row: field("dhcpv6.timezone", "Time zone, POSIX", COMPUTED, Show::Text, "RFC 4833 §3") },
    Value { code: 42, row: field("dhcpv6.tzdb", "Time zone, by name", COMPUTED, Show::Text, "RFC 4833 §3") },
    Value { code: 46, row: field("dhcpv6.clt_time", "Last transaction (s)", LONG, Show::Dec, "RFC 5007 §4.1.2.3") },
    Value { code: 48, row: field("dhcpv6.lq_client_link", "Client's link", ADDRESS, Show::Ipv6, "RFC 5007 §4.1.2.5") },
    Value { code: 52, row: field("dhcpv6.capwap_ac_v6", "CAPWAP controller", ADDRESS, Show::Ipv6, "RFC 5417 §3") },
    Value { code: 103, row: field("dhcpv6.captive_portal", "Captive portal", COMPUTED, Show::Text, "RFC 8910 §2.2") },
    Value { code: 112, row: field("dhcpv6.mudurl", "Usage description URL", COMPUTED, Show::Text, "RFC 8520 §10") },
    Value { code: 135, row: field("dhcpv6.relay_port", "Relay source port", WORD, Show::Dec, "RFC 8357 §5.2") },
];

pub(super) fn fields() -> impl Iterator<Item = &'static Field> {
    VALUES.iter().map(|value| &value.row)
}

/// How the option's value is read; `None` for those that are unknown or have an inner form.
pub(super) fn of(code: u16) -> Option<&'static Value> {
    VALUES.iter().find(|value| value.code == code)
}

/// IANA DHCPv6 option codes, as tshark spells them, which shows the name in the place of a value.
pub(super) const OPTIONS: Words = words![
    (1, "Client Identifier"),
    (2, "Server Identifier"),
    (3, "Identity Association for Non-temporary Address"),
    (4, "Identity Association for Temporary Address"),
    (5, "IA Address"),
    (6, "Option Request"),
    (7, "Preference"),
    (8, "Elapsed time"),
    (9, "Relay Message"),
    (11, "Authentication"),
    (12, "Server unicast"),
    (13, "Status code"),
    (14, "Rapid Commit"),
    (15, "User Class"),
    (16, "Vendor Class"),
    (17, "Vendor-specific Information"),
    (18, "Interface-Id"),
    (19, "Reconfigure Message"),
    (20, "Reconfigure Accept"),
    (21, "SIP Server Domain Name List"),
    (22, "SIP Servers IPv6 Address List"),
    (23, "DNS recursive name server"),
    (24, "Domain Search List"),
    (25, "Identity Association for Prefix Delegation"),
    (26, "IA Prefix"),
    (27, "Network Information Server"),
    (28, "Network Information Server V2"),
    (29, "Network Information Server Domain Name"),
    (30, "Network Information Server V2 Domain Name"),
    (31, "Simple Network Time Protocol Server"),
    (32, "Lifetime"),
    (33, "BCMCS Server Domain"),
    (34, "BCMCS Servers IPv6 Address List"),
    (36, "Geoconf Civic Address"),
    (37, "Remote Identifier"),
    (38, "Subscriber Identifier"),
    (39, "Client Fully Qualified Domain Name"),
    (40, "PANA Agents IPv6 Address List"),
    (41, "Time Zone"),
    (42, "Time Zone Database"),
    (43, "Echo Request Option"),
    (44, "Leasequery Query"),
    (45, "Leasequery Client Data"),
    (46, "Client Last Transaction Time"),
    (47, "Leasequery Relay Data"),
    (48, "Leasequery Client Link Address List"),
    (49, "Home Network Identifier FQDN"),
    (50, "Visited Home Network Information"),
    (51, "LoST Server"),
    (52, "CAPWAP Access Controllers"),
    (53, "Relay-ID"),
    (54, "MoS IPv6 Address"),
    (55, "MoS Domain Name List"),
    (56, "NTP Server"),
    (57, "Access Network Domain Name"),
    (58, "SIP User Agent Configuration Service Domains"),
    (59, "Boot File URL"),
    (60, "Boot File Parameters"),
    (61, "Client System Architecture Type"),
    (62, "Client Network Interface Identifier"),
    (63, "Geolocation"),
    (64, "Dual-Stack Lite AFTR Name"),
    (65, "ERP Local Domain Name"),
    (66, "Relay-Supplied Options"),
    (67, "Prefix Exclude"),
    (68, "Virtual Subnet Selection"),
    (69, "Identified Home Network Information"),
    (70, "Unrestricted Home Network Information"),
    (71, "Home Network Prefix"),
    (72, "Home Agent Address"),
    (73, "Home Agent FQDN"),
    (74, "RDNSS Selection"),
    (75, "Kerberos Principal Name"),
    (76, "Kerberos Realm Name"),
    (77, "Kerberos Default Realm Name"),
    (78, "Kerberos KDC"),
    (79, "Client Link-Layer Address"),
    (80, "Link Address"),
    (81, "RADIUS"),
    (82, "SOL_MAX_RT"),
    (83, "INF_MAX_RT"),
    (84, "Address Selection"),
    (85, "Address Selection table"),
    (86, "PCP Server"),
    (87, "DHCPv4 Message"),
    (88, "DHCP 4o6 Servers Address"),
    (89, "S46 Rule"),
    (90, "S46 BR"),
    (91, "S46 DMR"),
    (92, "S46 IPv4/IPv6 Address Binding"),
    (93, "S46 Port Parameters"),
    (94, "S46 MAP-E Container"),
    (95, "S46 MAP-T Container"),
    (96, "S46 Lightweight 4over6 Container"),
    (97, "4rd Options"),
    (103, "Captive Portal"),
    (112, "Manufacturer Usage Description"),
    (135, "Relay Source Port"),
    (136, "SZTP Redirect"),
    (143, "ANDSF IPv6 Address"),
];
