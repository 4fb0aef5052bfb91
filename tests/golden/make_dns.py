#!/usr/bin/env python3
"""Writes dns-records.pcap: a record of every type that is taken apart, EDNS options, an update, LLMNR, and flawed messages.

Needs scapy (frames) and dnspython (record data from zone file text)."""

import os
import struct

import dns.rdata
import dns.rdataclass
import dns.rdatatype
from scapy.all import IP, UDP, Ether, wrpcap

HERE = os.path.dirname(os.path.abspath(__file__))
CLIENT, SERVER = "02:00:00:00:01:09", "02:00:00:00:01:08"

RECORDS = """
A 192.0.2.1
AAAA 2001:db8::1
NS ns1.example.com.
CNAME www.example.com.
SOA ns1.example.com. admin.example.com. 2026112201 7200 3600 1209600 300
PTR host.example.com.
MX 10 mail.example.com.
TXT "v=spf1 mx -all" "second string"
SRV 10 60 5060 sip.example.com.
NAPTR 100 10 "S" "SIP+D2U" "" _sip._udp.example.com.
NAPTR 100 20 "U" "E2U+sip" "!^.*$!sip:info@example.com!" .
CAA 0 issue "ca.example.net"
CAA 128 iodef "mailto:security@example.com"
DS 60485 8 2 D4B7D520E7BB5F0F67674A0CCEB1E3E0614B93C4F9E99B8383F6A1E4469DA50A
DNSKEY 257 3 13 mdsswUyr3DPW132mOi8V9xESWE8jTo0dxCjjnopKl+GqJxpVXckHAeF+KkxLbxILfDLUT0rAK9iUzy1L53eKGQ==
RRSIG A 13 2 300 20261222000000 20261122000000 60485 example.com. 5FI7OTi4Ma4xLbBzUqTbRzqz2Nk8SXcIxkcWbTDTtqtfXP2wXKmFJHxTJkC0x1kWFC5EEEw3VFDCj3rVlOOX6A==
NSEC host.example.com. A MX RRSIG NSEC TYPE1234
NSEC3 1 1 12 AABBCCDD 2T7B4G4VSA5SMI47K61MV5BV1A22BOJR A RRSIG
NSEC3PARAM 1 0 12 AABBCCDD
TLSA 3 1 1 0D6FCE13243AA7D1A2C3B4D5E6F708192A3B4C5D6E7F8091A2B3C4D5E6F70819
SSHFP 4 2 123456789ABCDEF67890123456789ABCDEF67890123456789ABCDEF123456789
HTTPS 1 . mandatory=alpn alpn="h2,h3" port=8443 ipv4hint=192.0.2.1 ipv6hint=2001:db8::1 ech="AAT+DQAA" key667="hello"
SVCB 0 alias.example.com.
SVCB 2 svc.example.com. no-default-alpn alpn="dot"
LOC 51 30 12.748 N 0 7 39.612 W 0.00m 1m 10000m 10m
HINFO "PC" "Linux"
DNAME example.net.
RP admin.example.com. txt.example.com.
AFSDB 1 afs.example.com.
SPF "v=spf1 -all"
CERT PGP 1 5 AQIDBA==
URI 10 1 "https://www.example.com/"
TYPE65400 \\# 4 01020304
"""


def name(text):
    return b"".join(bytes([len(part)]) + part.encode() for part in text.split(".") if part) + b"\0"


def record(kind, data, owner=b"\xc0\x0c", ttl=300, klass=1):
    return owner + struct.pack(">HHIH", kind, klass, ttl, len(data)) + data


def message(flags, question=(), answers=(), authority=(), additional=(), ident=0x1234):
    head = struct.pack(">HHHHHH", ident, flags, len(question), len(answers), len(authority), len(additional))
    return head + b"".join((*question, *answers, *authority, *additional))


def ask(text, kind, klass=1):
    return name(text) + struct.pack(">HH", kind, klass)


def udp(payload, query=True, port=53, group=None):
    (source, there), (target, here) = (("192.0.2.9", CLIENT), (group or "192.0.2.8", SERVER))
    ports = (40000, port)
    if not query:
        source, target, there, here, ports = "192.0.2.8", "192.0.2.9", SERVER, CLIENT, (port, 40000)
    return Ether(src=there, dst=here) / IP(src=source, dst=target, id=0) / UDP(sport=ports[0], dport=ports[1]) / payload


def option(code, data):
    return struct.pack(">HH", code, len(data)) + data


def opt(options, size=1232, flags=0x8000, extended=0):
    return b"\0" + struct.pack(">HHIH", 41, size, extended << 24 | flags, len(options)) + options


def frames():
    for line in filter(None, RECORDS.splitlines()):
        word, data = line.split(" ", 1)
        kind = dns.rdatatype.from_text(word)
        wire = dns.rdata.from_text(dns.rdataclass.IN, kind, data).to_wire()
        yield udp(message(0x8580, [ask("example.com", kind)], [record(kind, wire)]), query=False)
    # What EDNS carries, asked and answered.
    yield udp(message(0x0120, [ask("www.example.com", 1)], additional=[opt(
        option(10, bytes.fromhex("0123456789abcdef")) + option(8, bytes.fromhex("00011800c00002")) + option(3, b"")
        + option(12, bytes(5)) + option(5, bytes([8, 13, 15])) + option(6, bytes([1, 2])) + option(7, bytes([1]))
        + option(11, b"") + option(13, name("example.com")))]))
    yield udp(message(0x8183, [ask("www.example.com", 1)], additional=[opt(
        option(10, bytes.fromhex("0123456789abcdef0102030405060708")) + option(8, bytes.fromhex("0002380020010db8000000"))
        + option(3, b"ns1-site7") + option(15, struct.pack(">H", 18) + b"blocked here") + option(11, struct.pack(">H", 300))
        + option(14, struct.pack(">HH", 19036, 20326)) + option(65001, b"own"), extended=1)]), query=False)
    # A dynamic update (RFC 2136): the zone, what must hold, what shall change; signed by TSIG.
    tsig = name("key.example.com") + struct.pack(">HHI", 250, 255, 0)
    data = name("hmac-sha256") + struct.pack(">HIHH", 0, 1700000000, 300, 32) + bytes(range(32)) + struct.pack(">HHH", 7, 0, 0)
    yield udp(message(0x2800, [ask("example.com", 6)], [record(1, b"", name("old.example.com"), 0, 255)],
                      [record(1, bytes([192, 0, 2, 77]), name("new.example.com"))],
                      [tsig + struct.pack(">H", len(data)) + data], ident=7))
    yield udp(message(0xa805, [ask("example.com", 6)], ident=7), query=False)
    # Zone change, several questions, other classes.
    yield udp(message(0x2400, [ask("example.com", 6)]))
    yield udp(message(0x0100, [ask("version.bind", 16, 3), ask("a.example.com", 255, 255)]))
    # LLMNR: a question to the link, an answer that is not unique.
    yield udp(message(0x0000, [ask("printer", 1)], ident=0x200c), port=5355, group="224.0.0.252")
    yield udp(message(0x8400, [ask("printer", 1)], [record(1, bytes([192, 0, 2, 33]), ttl=30)], ident=0x200c),
              query=False, port=5355)
    # Flawed: a name that points at itself, a record that claims more than there is, a count without records, a cut head.
    yield udp(message(0x0100, [b"\xc0\x0c\0\1\0\1"]))
    yield udp(message(0x8180, [ask("example.com", 1)], [record(1, bytes(4))[:-6] + b"\0\x40" + bytes(4)]), query=False)
    yield udp(message(0x8180, [ask("example.com", 46)], [record(46, bytes(10))]), query=False)
    yield udp(struct.pack(">HHHHHH", 9, 0x8180, 0, 3, 0, 0), query=False)
    yield udp(b"\x12\x34\x01\x00\x00\x01", port=5353, group="224.0.0.251")


if __name__ == "__main__":
    packets = list(frames())
    for number, packet in enumerate(packets):
        packet.time = 1700000000 + number
    wrpcap(os.path.join(HERE, "dns-records.pcap"), packets)
