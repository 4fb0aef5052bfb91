#!/usr/bin/env python3
"""Writes meanings.pcap: one packet for each thing that a value can mean and no recorded golden shows (needs scapy)."""

from scapy.all import (
    ARP, BOOTP, DHCP, DNS, DNSQR, DNSRR, Dot1Q, Ether, ICMP, ICMPv6ND_RA, IP, IPerror, IPv6, Raw, TCP, UDP, UDPerror, wrpcap,
)

A, B, ROUTER = "198.51.100.7", "203.0.113.9", "192.0.2.1"
MAC_A, MAC_B = "00:00:5e:00:53:0a", "00:00:5e:00:53:0b"


def ether(destination=MAC_B):
    return Ether(src=MAC_A, dst=destination)


def ip(**fields):
    return ether() / IP(**{"src": A, "dst": B, "ttl": 52, "id": 7, **fields})


def tcp(**fields):
    return ip() / TCP(**{"sport": 40000, "dport": 80, "seq": 1000, "ack": 2000, **fields})


def error(kind, code, **fields):
    quoted = IPerror(src=A, dst=B, ttl=1, id=7, len=1500, flags="DF") / UDPerror(sport=40000, dport=33434, len=1480)
    return ether() / IP(src=ROUTER, dst=A, ttl=64, id=8) / ICMP(type=kind, code=code, **fields) / quoted


def dns(**fields):
    message = DNS(id=0x1234, qr=1, rd=1, ra=1, qd=DNSQR(qname="www.example.com"), **fields)
    return ether() / IP(src=B, dst=A, ttl=60, id=9) / UDP(sport=53, dport=40000) / message


def http(port, text):
    return tcp(flags="PA", sport=80, dport=port) / Raw(text)


def ntp(mode, stratum):
    head = bytes([4 << 3 | mode, stratum, 6, 0xE9])
    return ether() / IP(src=B, dst=A, ttl=60, id=9) / UDP(sport=123, dport=123) / Raw(head + bytes(44))


packets = [
    ether("01:00:5e:00:00:fb") / IP(src="10.0.0.1", dst="224.0.0.251", ttl=1, id=1) / UDP(sport=1000, dport=0) / Raw(b"x"),
    ether("01:00:5e:01:02:03") / IP(src="100.64.0.1", dst="239.1.2.3", ttl=9, id=1) / UDP(sport=600, dport=9) / Raw(b"x"),
    ether("ff:ff:ff:ff:ff:ff") / IP(src="8.8.8.8", dst="255.255.255.255", ttl=255, id=1) / UDP(sport=5, dport=9) / Raw(b"x"),
    ether("01:80:c2:00:00:0e") / ARP(op=1, hwsrc=MAC_A, psrc="0.0.0.0", pdst="169.254.1.1"),
    ether("03:00:00:00:00:01") / ARP(op=1, hwsrc=MAC_A, psrc="172.16.0.1", pdst="172.16.0.1"),
    ip(src="240.0.0.1") / ICMP(type=8, id=1, seq=1) / Raw(b"x"),
    error(3, 1),
    error(3, 4, nexthopmtu=1400),
    error(11, 0),
    error(11, 1),
    error(5, 1, gw="192.0.2.2"),
    dns(),
    dns(rcode=2),
    dns(rcode=5),
    dns(tc=1),
    dns(an=DNSRR(rrname="www.example.com", type="A", ttl=0, rdata=A)),
    ether() / IP(src=B, dst=A, ttl=60, id=9) / UDP(sport=53, dport=40000)
    / DNS(id=9, qr=1, rd=1, ra=0, aa=1, qd=DNSQR(qname=".", qtype="NS")),
    Ether(src=MAC_A, dst="33:33:00:00:00:01") / IPv6(src="fe80::1", dst="ff02::1", hlim=255)
    / ICMPv6ND_RA(routerlifetime=0),
    Ether(src=MAC_A, dst="33:33:00:00:00:01") / IPv6(src="fe80::1", dst="ff02::1", hlim=255)
    / ICMPv6ND_RA(routerlifetime=1800),
    tcp(flags="R"),
    tcp(flags="A") / Raw(b"data"),
    tcp(flags="SEC"),
    tcp(flags=0),
    tcp(flags="SF"),
    tcp(flags="FPU", urgptr=3),
    tcp(flags="A", options=[("SAck", (2100, 2200)), ("NOP", None), ("NOP", None)], sport=40001),
    tcp(flags="A", window=0, sport=40002),
    http(40010, b"HTTP/1.1 100 Continue\r\n\r\n"),
    http(40011, b"HTTP/1.1 304 Not Modified\r\n\r\n"),
    http(40012, b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n"),
    ntp(3, 0),
    ntp(4, 0),
    ntp(4, 1),
    ntp(4, 3),
    ntp(4, 16),
    ether() / IP(src=B, dst=A, ttl=60, id=9) / UDP(sport=67, dport=68) / BOOTP(op=2, yiaddr=A, xid=7)
    / DHCP(options=[("message-type", "ack"), ("lease_time", 0xFFFFFFFF), "end"]),
    ether() / Dot1Q(vlan=0) / IP(src=A, dst=B, id=1) / ICMP() / Raw(b"x"),
    ether() / Dot1Q(vlan=1) / IP(src=A, dst=B, id=1) / ICMP() / Raw(b"x"),
    ether() / Dot1Q(vlan=4095) / IP(src=A, dst=B, id=1) / ICMP() / Raw(b"x"),
]
for number, packet in enumerate(packets):
    packet.time = 1700000000 + number
wrpcap("tests/golden/meanings.pcap", packets)
