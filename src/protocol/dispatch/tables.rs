//! All rows of all tables, in the order of the layers.

use super::*;
use crate::protocol::Field;

/// Boxed, because so many iterators chained by type are more than the compiler follows.
type Rows = Box<dyn Iterator<Item = &'static Field>>;

/// All rows of all tables.
pub fn fields() -> impl Iterator<Item = &'static Field> {
    let tables: [Rows; 58] = [
        Box::new(ethernet::fields()),
        Box::new(null::fields()),
        Box::new(sll::fields()),
        Box::new(sll2::fields()),
        Box::new(vlan::fields()),
        Box::new(llc::fields()),
        Box::new(stp::fields()),
        Box::new(lldp::fields()),
        Box::new(mpls::fields()),
        Box::new(eapol::fields()),
        Box::new(eap::fields()),
        Box::new(lacp::fields()),
        Box::new(radiotap::fields()),
        Box::new(wlan::fields()),
        Box::new(wlan_bundle::fields()),
        Box::new(wlan_management::fields()),
        Box::new(pppoe::fields()),
        Box::new(ppp::fields()),
        Box::new(ppp_control::fields()),
        Box::new(ppp_auth::fields()),
        Box::new(arp::fields()),
        Box::new(ipv4::fields()),
        Box::new(icmp::fields()),
        Box::new(ipv6::fields()),
        Box::new(ipv6_extensions::fields()),
        Box::new(icmpv6::fields()),
        Box::new(igmp::fields()),
        Box::new(gre::fields()),
        Box::new(ah::fields()),
        Box::new(esp::fields()),
        Box::new(vxlan::fields()),
        Box::new(geneve::fields()),
        Box::new(sctp::fields()),
        Box::new(udp::fields()),
        Box::new(tcp::fields()),
        Box::new(dns::fields()),
        Box::new(tls::fields()),
        Box::new(dhcp::fields()),
        Box::new(dhcpv6::fields()),
        Box::new(nbns::fields()),
        Box::new(tftp::fields()),
        Box::new(stun::fields()),
        Box::new(wireguard::fields()),
        Box::new(syslog::fields()),
        Box::new(echo::fields()),
        Box::new(ntp::fields()),
        Box::new(http::fields()),
        Box::new(body::fields()),
        Box::new(quic::fields()),
        Box::new(telnet::fields()),
        Box::new(ftp::fields()),
        Box::new(smtp::fields()),
        Box::new(ssh::fields()),
        Box::new(sip::fields()),
        Box::new(sdp::fields()),
        Box::new(mqtt::fields()),
        Box::new(http2::fields()),
        Box::new(data::fields()),
    ];
    tables.into_iter().flatten()
}

/// The rows of the headers that most packets have and nothing else: where a look that is quick finds their fields.
pub fn plain_rows() -> [&'static [Field]; 8] {
    [
        &ethernet::HEADER,
        &ipv4::HEADER,
        &ipv4::SERVICES,
        &ipv4::FLAGS,
        &ipv6::HEADER,
        &tcp::HEADER,
        &tcp::FLAGS,
        &udp::HEADER,
    ]
}
