//! Record → layers: every header as a table of fields. Decoding never fails; it stops, and says where and why.
//!
//! Each protocol is one file in one order: source, table, decode, tests. None imports another; `dispatch` alone knows which
//! number stands for which protocol, `header` is the reader that they all use, `peek` is the fast look for the index.

mod checksum;
mod date;
mod dispatch;
mod field;
mod framing;
mod header;
mod lines;
mod little;
mod names;
mod peek;
mod services;
mod together;

mod ah;
mod arp;
mod body;
mod data;
mod dhcp;
mod dhcp_names;
mod dhcp_nested;
mod dhcp_options;
mod dhcp_values;
mod dns;
mod dns_data;
mod dns_extension;
mod dns_name;
mod dns_records;
mod dns_service;
mod dns_types;
mod esp;
mod ethernet;
mod geneve;
mod gre;
mod ftp;
mod http;
mod http_fields;
mod http_head;
mod icmp;
mod icmp_extensions;
mod icmpv6;
mod icmpv6_listener;
mod icmpv6_options;
mod igmp;
mod ipv4;
mod ipv4_options;
mod ipv6;
mod ipv6_extensions;
mod llc;
mod ntp;
mod mpls;
mod null;
mod ppp;
mod ppp_auth;
mod ppp_control;
mod ppp_options;
mod pppoe;
mod quic;
mod quic_frames;
mod quic_keys;
mod quic_packet;
mod quic_talk;
mod radiotap;
mod sll;
mod sll2;
mod smtp;
mod ssh;
mod stp;
mod tcp;
mod tcp_multipath;
mod tcp_options;
mod telnet;
mod tls;
mod tls_extensions;
mod tls_handshake;
mod tls_keys;
mod tls_names;
mod tls_parameters;
mod tls_share;
mod tls_span;
mod tls_status;
mod udp;
mod varint;
mod vlan;
mod vxlan;
mod x509;
mod wlan;
mod wlan_bundle;
mod wlan_elements;
mod wlan_management;
mod wlan_security;
mod wlan_speed;

pub use checksum::UNFINISHED as UNFINISHED_CHECKSUM;
pub use dispatch::{App, MAX_LAYERS, dissect, fields, over_tcp, over_udp, takes_over};
pub use dns::MAX_ENTRIES as MAX_DNS_ENTRIES;
pub use dns_name::{MAX_NAME as MAX_DNS_NAME, MAX_POINTERS as MAX_DNS_POINTERS};
pub use field::{
    Bits, Buffer, Carried, Context, Datagram, Field, Found, Fragment, Layer, Made, Message, Packet, Part, Show, Stop,
    Whole, Words, bits, field, tiles,
};
pub use framing::{Chosen, Framing, MAX_ASKED, Talk};
pub use icmp::MAX_ROUTERS;
pub use peek::{Address, FragmentHead, MAX_NESTING, Peek, TcpHead, Tunnel, peek};
pub use quic_talk::{Known as QuicKnown, MAX_CRYPTO, MAX_HEARD, Talk as QuicTalk};
pub use services::{service, spoken};

use names::{DSCP, ECN, ETHERTYPES, HARDWARE, IP_PROTOCOLS, PACKET_TYPES, PPP_PROTOCOLS, is_ethertype};
