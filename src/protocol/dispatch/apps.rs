//! Ports and first bytes → the application protocol: one row each, the only place that knows them.

use std::fmt;

use super::{Decode, ETHERNET_INSIDE};
use crate::protocol::framing::{Framing, Talk};
use crate::protocol::{
    data, dhcp, dhcpv6, dns, echo, ftp, geneve, http, http2, mqtt, nbns, ntp, quic, sip, smtp, ssdp, ssh, stun, syslog,
    telnet, tftp, tls, vxlan, wireguard,
};

/// An application protocol, over UDP or over TCP.
#[derive(Clone, Copy)]
pub struct App(&'static Row);

struct Row {
    /// Word for lists: `DNS`, `TLS`, …
    name: &'static str,
    ports: &'static [u16],
    /// Whether bytes that begin a payload can hardly be anything else.
    known_by: Option<fn(&[u8]) -> bool>,
    /// Its port alone proves nothing: `known_by` has to agree.
    strict: bool,
    /// It may begin within a stream that spoke another protocol before.
    takes_over: bool,
    decode: Decode,
    framing: fn(&[u8], &mut Talk) -> Framing,
}

const fn row(name: &'static str, ports: &'static [u16], decode: Decode) -> Row {
    Row { name, ports, known_by: None, strict: false, takes_over: false, decode, framing: loose }
}

impl Row {
    /// Over TCP: messages end where this says.
    const fn framed(mut self, framing: fn(&[u8], &mut Talk) -> Framing) -> Row {
        self.framing = framing;
        self
    }

    /// Recognised on any port by its first bytes.
    const fn known_by(mut self, known_by: fn(&[u8]) -> bool) -> Row {
        self.known_by = Some(known_by);
        self
    }

    /// Its port counts only where its first bytes agree.
    const fn strict(mut self) -> Row {
        self.strict = true;
        self
    }

    /// Looked for within streams of other protocols, too: TLS after STARTTLS or CONNECT.
    const fn taking_over(mut self) -> Row {
        self.takes_over = true;
        self
    }

    fn knows(&self, payload: &[u8]) -> bool {
        self.known_by.is_some_and(|known_by| known_by(payload))
    }
}

fn loose(_: &[u8], _: &mut Talk) -> Framing {
    Framing::Loose
}

const VXLAN: &str = "VXLAN";
const GENEVE: &str = "GENEVE";
const VXLAN_PORT: u16 = 4789;
const GENEVE_PORT: u16 = 6081;

/// A tunnel over UDP: its name, the ethertype of what it carries, and where that begins in the payload.
pub fn tunnelled(ports: (u16, u16), payload: &[u8]) -> Option<(&'static str, u16, usize)> {
    let ours = |port| port == VXLAN_PORT || port == GENEVE_PORT;
    // Most packets are done with here, before the rows are asked.
    let app = if ours(ports.0) || ours(ports.1) { over_udp(ports, payload) } else { None }?;
    match (app.name(), payload.first_chunk::<8>()?) {
        (VXLAN, _) => Some((VXLAN, ETHERNET_INSIDE, 8)),
        (GENEVE, [first @ 0..=0x3f, _, high, low, ..]) => {
            Some((GENEVE, u16::from_be_bytes([*high, *low]), 8 + usize::from(*first) * 4))
        }
        _ => None,
    }
}

/// Over UDP, in the order in which they are asked.
static UDP: &[Row] = &[
    row("DNS", &[53], dns::decode),
    row("MDNS", &[5353], dns::decode_multicast),
    row("LLMNR", &[5355], dns::decode_link_local),
    row("NTP", &[123], ntp::decode),
    row(VXLAN, &[VXLAN_PORT], vxlan::decode),
    row(GENEVE, &[GENEVE_PORT], geneve::decode),
    row("DHCP", &[67, 68, 4011], dhcp::decode),
    row("QUIC", &[443], quic::decode).known_by(quic::knows),
    row("DHCPv6", &[546, 547], dhcpv6::decode),
    row("NBNS", &[137], nbns::decode),
    row("TFTP", &[69], tftp::decode),
    row("STUN", &[3478], stun::decode).known_by(stun::knows).strict(),
    row("SSDP", &[1900], ssdp::decode).known_by(ssdp::knows),
    row("WireGuard", &[51820], wireguard::decode).known_by(wireguard::knows),
    row("Syslog", &[514], syslog::decode),
    row("ECHO", &[7], echo::decode),
    row("DAYTIME", &[13], echo::daytime),
    row("Chargen", &[19], echo::chargen),
    row("SIP", &[5060], sip::decode).known_by(sip::knows),
];

/// Over TCP, in the order in which they are asked.
static TCP: &[Row] = &[
    row("DNS", &[53], dns::decode_tcp).framed(dns::framing),
    row("TLS", &[443, 465, 636, 853, 989, 990, 992, 993, 994, 995, 5061], tls::decode)
        .known_by(tls::knows)
        .framed(tls::framing)
        .taking_over(),
    row("ECHO", &[7], echo::decode),
    row("DAYTIME", &[13], echo::daytime),
    row("Chargen", &[19], echo::chargen),
    row("HTTP", &[80, 591, 3128, 5985, 8008, 8080, 8088, 11371], http::decode)
        .known_by(http::knows)
        .framed(http::framing),
    row("SSH", &[22], ssh::decode).known_by(ssh::knows).framed(ssh::framing),
    row("SMTP", &[25, 587], smtp::decode).known_by(smtp::knows),
    row("TELNET", &[23], telnet::decode).known_by(telnet::knows),
    row("FTP", &[21], ftp::decode),
    row("SIP", &[5060], sip::decode).known_by(sip::knows).framed(sip::framing),
    row("MQTT", &[1883], mqtt::decode).known_by(mqtt::knows).framed(mqtt::framing),
    row("HTTP2", &[], http2::decode).known_by(http2::knows).framed(http2::framing).taking_over(),
    row(FTP_DATA_NAME, &[20], ftp::ARRANGED[0]),
];

const FTP_DATA_NAME: &str = "FTP-DATA";

/// A data connection of FTP at the port that a control message named, by what that was.
static FTP_DATA: &[Row] = &{
    let [port, pasv, eprt, epsv] = ftp::ARRANGED;
    [arranged(port), arranged(pasv), arranged(eprt), arranged(epsv)]
};

const fn arranged(decode: Decode) -> Row {
    row(FTP_DATA_NAME, &[], decode)
}

/// What a UDP datagram with these ports and this payload is.
pub fn over_udp(ports: (u16, u16), payload: &[u8]) -> Option<App> {
    choose(UDP, ports, payload)
}

/// What a TCP stream speaks of which one end's first bytes are these.
pub fn over_tcp(ports: (u16, u16), payload: &[u8]) -> Option<App> {
    choose(TCP, ports, payload)
}

/// Where a control message says that something else will be spoken: the sender's port, and what.
///
/// FTP announces the port that it listens at for data (RFC 959 §4.1.2, RFC 2428); a TFTP transfer goes on between the
/// requester's port and a new one of the server (RFC 1350 §4).
pub fn announces(app: App, ports: (u16, u16), payload: &[u8]) -> Option<(u16, App)> {
    match app.name() {
        "FTP" => {
            let (port, method) = ftp::announced(payload)?;
            Some((port, App(FTP_DATA.get(method)?)))
        }
        "TFTP" => Some((ports.0, app)),
        _ => None,
    }
}

/// What takes over a stream from the protocol that it spoke before.
pub fn takes_over(payload: &[u8]) -> Option<App> {
    TCP.iter().find(|row| row.takes_over && row.knows(payload)).map(App)
}

/// Content tells more than a port, and the port that a server listens at, which is the lower one as a rule, more than the other.
fn choose(rows: &'static [Row], ports: (u16, u16), payload: &[u8]) -> Option<App> {
    let (low, high) = (ports.0.min(ports.1), ports.0.max(ports.1));
    let at = |port| rows.iter().find(move |row| row.ports.contains(&port) && (!row.strict || row.knows(payload)));
    rows.iter().find(|row| row.knows(payload)).or_else(|| at(low)).or_else(|| at(high)).map(App)
}

impl App {
    pub fn name(self) -> &'static str {
        self.0.name
    }

    /// Where the message ends that these bytes begin.
    pub fn framing(self, bytes: &[u8], talk: &mut Talk) -> Framing {
        (self.0.framing)(bytes, talk)
    }

    /// Whether a message may begin with these bytes, after some were missed.
    pub fn may_begin(self, payload: &[u8]) -> bool {
        self.0.known_by.is_none_or(|known_by| known_by(payload))
    }

    pub(super) fn decode(self) -> Decode {
        self.0.decode
    }
}

/// What an unknown payload is taken apart with.
pub(super) fn decode(app: Option<App>) -> Decode {
    app.map_or(data::decode, App::decode)
}

impl PartialEq for App {
    fn eq(&self, other: &App) -> bool {
        std::ptr::eq(self.0, other.0)
    }
}

impl fmt::Debug for App {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
