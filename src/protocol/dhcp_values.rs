//! DHCP's option numbers → their names, and the row of each whose value is a number, an address or a text, or several.

use super::dhcp_names::OPTIONS;
use super::field::{COMPUTED, Field, Show, Words, bits, field, words};

/// An option's value; the row's bits are those of one value, none for a text that takes the whole option.
pub(super) struct Value {
    code: u8,
    pub row: Field,
    pub list: bool,
}

const BYTE: super::field::Bits = bits(0, 8);
const WORD: super::field::Bits = bits(0, 16);
const LONG: super::field::Bits = bits(0, 32);

const fn value(code: u8, row: Field) -> Value {
    Value { code, row, list: false }
}

const fn list(code: u8, row: Field) -> Value {
    Value { code, row, list: true }
}

static VALUES: [Value; 92] = [
    value(1, field("dhcp.option.subnet_mask", "Subnet mask", LONG, Show::Ipv4, "RFC 2132 §3.3")),
    list(3, field("dhcp.option.router", "Router", LONG, Show::Ipv4, "RFC 2132 §3.5")),
    list(4, field("dhcp.option.time_server", "Time server", LONG, Show::Ipv4, "RFC 2132 §3.6")),
    list(5, field("dhcp.option.name_server", "Name server (IEN 116)", LONG, Show::Ipv4, "RFC 2132 §3.7")),
    list(6, field("dhcp.option.domain_name_server", "DNS server", LONG, Show::Ipv4, "RFC 2132 §3.8")),
    list(7, field("dhcp.option.log_server", "Log server", LONG, Show::Ipv4, "RFC 2132 §3.9")),
    list(8, field("dhcp.option.quotes_server", "Quotes server", LONG, Show::Ipv4, "RFC 2132 §3.10")),
    list(9, field("dhcp.option.lpr_server", "Printer server", LONG, Show::Ipv4, "RFC 2132 §3.11")),
    list(10, field("dhcp.option.impress_server", "Impress server", LONG, Show::Ipv4, "RFC 2132 §3.12")),
    list(
        11,
        field("dhcp.option.resource_location_server", "Resource location server", LONG, Show::Ipv4, "RFC 2132 §3.13"),
    ),
    value(12, field("dhcp.option.hostname", "Host name", COMPUTED, Show::Text, "RFC 2132 §3.14")),
    value(13, field("dhcp.option.boot_file_size", "Boot file size", WORD, Show::Dec, "RFC 2132 §3.15")),
    value(14, field("dhcp.option.merit_dump_file", "Dump file", COMPUTED, Show::Text, "RFC 2132 §3.16")),
    value(15, field("dhcp.option.domain_name", "Domain name", COMPUTED, Show::Text, "RFC 2132 §3.17")),
    value(16, field("dhcp.option.swap_server", "Swap server", LONG, Show::Ipv4, "RFC 2132 §3.18")),
    value(17, field("dhcp.option.root_path", "Root path", COMPUTED, Show::Text, "RFC 2132 §3.19")),
    value(18, field("dhcp.option.extension_path", "Extensions path", COMPUTED, Show::Text, "RFC 2132 §3.20")),
    value(19, field("dhcp.option.ip_forwarding", "IP forwarding", BYTE, Show::Flag, "RFC 2132 §4.1").words(ENABLED)),
    value(
        20,
        field("dhcp.option.non_local_source_routing", "Source routing", BYTE, Show::Flag, "RFC 2132 §4.2")
            .words(ENABLED),
    ),
    value(22, field("dhcp.option.max_datagram_reassembly_size", "Reassembly size", WORD, Show::Dec, "RFC 2132 §4.4")),
    value(23, field("dhcp.option.default_ip_ttl", "Default TTL", BYTE, Show::Dec, "RFC 2132 §4.5")),
    value(24, field("dhcp.option.path_mtu_aging_timeout", "Path MTU timeout (s)", LONG, Show::Dec, "RFC 2132 §4.6")),
    list(25, field("dhcp.option.path_mtu_plateau_table_item", "Path MTU plateau", WORD, Show::Dec, "RFC 2132 §4.7")),
    value(26, field("dhcp.option.interface_mtu", "Interface MTU", WORD, Show::Dec, "RFC 2132 §5.1")),
    value(
        27,
        field("dhcp.option.all_subnets_are_local", "All subnets are local", BYTE, Show::Flag, "RFC 2132 §5.2")
            .words(YES),
    ),
    value(28, field("dhcp.option.broadcast_address", "Broadcast address", LONG, Show::Ipv4, "RFC 2132 §5.3")),
    value(
        29,
        field("dhcp.option.perform_mask_discovery", "Mask discovery", BYTE, Show::Flag, "RFC 2132 §5.4").words(ENABLED),
    ),
    value(30, field("dhcp.option.mask_supplier", "Mask supplier", BYTE, Show::Flag, "RFC 2132 §5.5").words(YES)),
    value(
        31,
        field("dhcp.option.perform_router_discover", "Router discovery", BYTE, Show::Flag, "RFC 2132 §5.6")
            .words(ENABLED),
    ),
    value(
        32,
        field("dhcp.option.router_solicitation_address", "Solicitation address", LONG, Show::Ipv4, "RFC 2132 §5.7"),
    ),
    value(
        34,
        field("dhcp.option.trailer_encapsulation", "Trailer encapsulation", BYTE, Show::Flag, "RFC 2132 §6.1")
            .words(ENABLED),
    ),
    value(35, field("dhcp.option.arp_cache_timeout", "ARP cache timeout (s)", LONG, Show::Dec, "RFC 2132 §6.2")),
    value(
        36,
        field("dhcp.option.ethernet_encapsulation", "802.3 encapsulation", BYTE, Show::Flag, "RFC 2132 §6.3")
            .words(ENABLED),
    ),
    value(37, field("dhcp.option.tcp_default_ttl", "TCP default TTL", BYTE, Show::Dec, "RFC 2132 §7.1")),
    value(38, field("dhcp.option.tcp_keepalive_interval", "TCP keepalive (s)", LONG, Show::Dec, "RFC 2132 §7.2")),
    value(
        39,
        field("dhcp.option.tcp_keepalive_garbage", "Keepalive garbage", BYTE, Show::Flag, "RFC 2132 §7.3")
            .words(ENABLED),
    ),
    value(40, field("dhcp.option.nis_domain", "NIS domain", COMPUTED, Show::Text, "RFC 2132 §8.1")),
    list(41, field("dhcp.option.nis_server", "NIS server", LONG, Show::Ipv4, "RFC 2132 §8.2")),
    list(42, field("dhcp.option.ntp_server", "NTP server", LONG, Show::Ipv4, "RFC 2132 §8.3")),
    list(
        44,
        field("dhcp.option.netbios_over_tcpip_name_server", "NetBIOS name server", LONG, Show::Ipv4, "RFC 2132 §8.5"),
    ),
    list(
        45,
        field(
            "dhcp.option.netbios_over_tcpip_dd_name_server",
            "NetBIOS datagram server",
            LONG,
            Show::Ipv4,
            "RFC 2132 §8.6",
        ),
    ),
    value(
        46,
        field("dhcp.option.netbios_over_tcpip_node_type", "NetBIOS node type", BYTE, Show::Dec, "RFC 2132 §8.7")
            .words(NODES),
    ),
    value(47, field("dhcp.option.netbios_over_tcpip_scope", "NetBIOS scope", COMPUTED, Show::Text, "RFC 2132 §8.8")),
    list(48, field("dhcp.option.xwindows_system_font_server", "X font server", LONG, Show::Ipv4, "RFC 2132 §8.9")),
    list(
        49,
        field("dhcp.option.xwindows_system_display_manager", "X display manager", LONG, Show::Ipv4, "RFC 2132 §8.10"),
    ),
    value(50, field("dhcp.option.requested_ip_address", "Requested address", LONG, Show::Ipv4, "RFC 2132 §9.1")),
    value(51, field("dhcp.option.ip_address_lease_time", "Lease time (s)", LONG, Show::Dec, "RFC 2132 §9.2")),
    value(
        52,
        field("dhcp.option.option_overload", "Option overload", BYTE, Show::Dec, "RFC 2132 §9.3").words(OVERLOADS),
    ),
    value(53, field("dhcp.option.dhcp", "DHCP message type", BYTE, Show::Dec, "RFC 2132 §9.6").words(MESSAGES)),
    value(54, field("dhcp.option.dhcp_server_id", "Server identifier", LONG, Show::Ipv4, "RFC 2132 §9.7")),
    list(
        55,
        field("dhcp.option.request_list_item", "Requested option", BYTE, Show::Dec, "RFC 2132 §9.8").words(OPTIONS),
    ),
    value(56, field("dhcp.option.message", "Message", COMPUTED, Show::Text, "RFC 2132 §9.9")),
    value(57, field("dhcp.option.dhcp_max_message_size", "Maximum message size", WORD, Show::Dec, "RFC 2132 §9.10")),
    value(58, field("dhcp.option.renewal_time_value", "Renewal time T1 (s)", LONG, Show::Dec, "RFC 2132 §9.11")),
    value(59, field("dhcp.option.rebinding_time_value", "Rebinding time T2 (s)", LONG, Show::Dec, "RFC 2132 §9.12")),
    value(60, field("dhcp.option.vendor_class_id", "Vendor class", COMPUTED, Show::Text, "RFC 2132 §9.13")),
    value(64, field("dhcp.option.nis_plus_domain", "NIS+ domain", COMPUTED, Show::Text, "RFC 2132 §8.11")),
    list(65, field("dhcp.option.nis_plus_server", "NIS+ server", LONG, Show::Ipv4, "RFC 2132 §8.12")),
    value(66, field("dhcp.option.tftp_server_name", "TFTP server name", COMPUTED, Show::Text, "RFC 2132 §9.4")),
    value(67, field("dhcp.option.bootfile_name", "Boot file name", COMPUTED, Show::Text, "RFC 2132 §9.5")),
    list(68, field("dhcp.option.mobile_ip_home_agent", "Home agent", LONG, Show::Ipv4, "RFC 2132 §8.13")),
    list(69, field("dhcp.option.smtp_server", "SMTP server", LONG, Show::Ipv4, "RFC 2132 §8.14")),
    list(70, field("dhcp.option.pop3_server", "POP3 server", LONG, Show::Ipv4, "RFC 2132 §8.15")),
    list(71, field("dhcp.option.nntp_server", "NNTP server", LONG, Show::Ipv4, "RFC 2132 §8.16")),
    list(72, field("dhcp.option.default_www_server", "Web server", LONG, Show::Ipv4, "RFC 2132 §8.17")),
    list(73, field("dhcp.option.default_finger_server", "Finger server", LONG, Show::Ipv4, "RFC 2132 §8.18")),
    list(74, field("dhcp.option.default_irc_server", "IRC server", LONG, Show::Ipv4, "RFC 2132 §8.19")),
    list(75, field("dhcp.option.streettalk_server", "StreetTalk server", LONG, Show::Ipv4, "RFC 2132 §8.20")),
    list(76, field("dhcp.option.streettalk_da_server", "StreetTalk directory", LONG, Show::Ipv4, "RFC 2132 §8.21")),
    value(86, field("dhcp.option.novell_ds_tree_name", "Directory tree name", COMPUTED, Show::Text, "RFC 2241 §3")),
    value(87, field("dhcp.option.novell_ds_context", "Directory context", COMPUTED, Show::Text, "RFC 2241 §4")),
    value(
        91,
        field("dhcp.option.client_last_transaction_time", "Last transaction (s)", LONG, Show::Dec, "RFC 4388 §6.1"),
    ),
    list(92, field("dhcp.option.associated_ip_option", "Associated address", LONG, Show::Ipv4, "RFC 4388 §6.1")),
    list(
        93,
        field("dhcp.option.client_system_architecture", "Client architecture", WORD, Show::Dec, "RFC 4578 §2.1")
            .words(ARCHITECTURES),
    ),
    value(100, field("dhcp.option.tz_pcode", "Time zone, POSIX", COMPUTED, Show::Text, "RFC 4833 §2")),
    value(101, field("dhcp.option.tz_tcode", "Time zone, by name", COMPUTED, Show::Text, "RFC 4833 §2")),
    list(
        112,
        field(
            "dhcp.option.netinfo_parent_server_address",
            "NetInfo parent address",
            LONG,
            Show::Ipv4,
            "IANA DHCP options",
        ),
    ),
    value(
        113,
        field("dhcp.option.netinfo_parent_server_tag", "NetInfo parent tag", COMPUTED, Show::Text, "IANA DHCP options"),
    ),
    value(114, field("dhcp.option.captive_portal", "Captive portal", COMPUTED, Show::Text, "RFC 8910 §2.1")),
    value(
        116,
        field("dhcp.option.dhcp_auto_configuration", "Auto-configuration", BYTE, Show::Dec, "RFC 2563 §2")
            .words(words![(0, "do not"), (1, "do")]),
    ),
    value(118, field("dhcp.option.subnet_selection_option", "Subnet selection", LONG, Show::Ipv4, "RFC 3011 §2")),
    list(136, field("dhcp.option.pana_agent", "PANA agent", LONG, Show::Ipv4, "RFC 5192 §3")),
    value(137, field("dhcp.option.lost_server_domain_name", "LoST server", COMPUTED, Show::Text, "RFC 5223 §3")),
    list(138, field("dhcp.option.capwap_access_controller", "CAPWAP controller", LONG, Show::Ipv4, "RFC 5417 §2")),
    list(142, field("dhcp.option.andsf_server", "ANDSF server", LONG, Show::Ipv4, "RFC 6153 §2")),
    list(
        145,
        field("dhcp.option.forcerenew_nonce.algorithm", "Force renew algorithm", BYTE, Show::Dec, "RFC 6704 §3.1.1")
            .words(words![(1, "HMAC-MD5")]),
    ),
    list(150, field("dhcp.option.tftp_server_address", "TFTP server address", LONG, Show::Ipv4, "RFC 5859 §2")),
    value(
        153,
        field(
            "dhcp.option.bulk_lease.start_time_of_state",
            "In this state since (s)",
            LONG,
            Show::Dec,
            "RFC 6926 §6.2.3",
        ),
    ),
    value(
        156,
        field("dhcp.option.bulk_lease.dhcp_state", "Lease state", BYTE, Show::Dec, "RFC 6926 §6.2.6").words(words![
            (1, "available"),
            (2, "active"),
            (3, "expired"),
            (4, "released"),
            (5, "abandoned"),
            (6, "reset"),
            (7, "remote"),
            (8, "transitioning"),
        ]),
    ),
    value(
        157,
        field("dhcp.option.bulk_lease.data_source", "Data source", BYTE, Show::Dec, "RFC 6926 §6.2.7")
            .words(words![(0, "local"), (1, "remote")]),
    ),
    value(161, field("dhcp.option.mudurl", "Usage description URL", COMPUTED, Show::Text, "RFC 8520 §10")),
    value(
        252,
        field(
            "dhcp.option.private_proxy_autodiscovery",
            "Proxy configuration URL",
            COMPUTED,
            Show::Text,
            "draft-ietf-wrec-wpad-01 §4.4.1",
        ),
    ),
];

/// RFC 8910 gave it another number than RFC 7710 had.
const CAPTIVE_PORTAL: u8 = 114;
const OLD_CAPTIVE_PORTAL: u8 = 160;

pub(super) fn fields() -> impl Iterator<Item = &'static Field> {
    VALUES.iter().map(|value| &value.row)
}

/// How the option's value is read; `None` for those that are unknown or have an inner form.
pub(super) fn of(code: u8) -> Option<&'static Value> {
    let code = if code == OLD_CAPTIVE_PORTAL { CAPTIVE_PORTAL } else { code };
    VALUES.iter().find(|value| value.code == code)
}

const MESSAGES: Words = words![
    (1, "Discover"),
    (2, "Offer"),
    (3, "Request"),
    (4, "Decline"),
    (5, "ACK"),
    (6, "NAK"),
    (7, "Release"),
    (8, "Inform"),
    (9, "Force Renew"),
    (10, "Lease query"),
    (11, "Lease unassigned"),
    (12, "Lease unknown"),
    (13, "Lease active"),
    (14, "Bulk lease query"),
    (15, "Lease query done"),
    (17, "Lease query status"),
    (18, "TLS"),
];
const ENABLED: Words = words![(0, "disabled"), (1, "enabled")];
const YES: Words = words![(0, "no"), (1, "yes")];
const NODES: Words = words![(1, "B-node"), (2, "P-node"), (4, "M-node"), (8, "H-node")];
const OVERLOADS: Words = words![(1, "file name"), (2, "server name"), (3, "both names")];
const ARCHITECTURES: Words = words![
    (0, "x86 BIOS"),
    (6, "x86 UEFI"),
    (7, "x64 UEFI"),
    (9, "EFI byte code"),
    (10, "ARM 32 UEFI"),
    (11, "ARM 64 UEFI"),
    (15, "x86 UEFI, HTTP boot"),
    (16, "x64 UEFI, HTTP boot"),
    (19, "ARM 64 UEFI, HTTP boot"),
    (27, "RISC-V 64 UEFI"),
];
