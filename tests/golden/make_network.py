"""Writes tunnels.pcap, control.pcap, overlays.pcap, choices.pcap and association.pcap: what no kernel here sends, packet by packet. Needs scapy; the numbers are fixed, so runs do not differ."""

import struct
import sys
from pathlib import Path

from scapy.all import (ARP, AH, ESP, GRE, ICMP, IP, TCP, UDP, Ether, ICMPv6EchoRequest, ICMPv6Unknown, IPv6, Raw, wrpcap)

HERE = Path(__file__).parent
ETHER = Ether(src="02:00:00:00:00:01", dst="02:00:00:00:00:02")
A, B = "192.0.2.1", "192.0.2.2"
A6, B6 = "2001:db8::1", "2001:db8::2"
OUTER = ETHER / IP(src=A, dst=B, id=1)
OUTER6 = ETHER / IPv6(src=A6, dst=B6)
INNER = IP(src="198.51.100.1", dst="198.51.100.2", id=2)
SYN = TCP(sport=40000, dport=80, seq=1000, flags="S")


def write(name, packets):
    for number, packet in enumerate(packets):
        packet.time = 1_700_000_000 + number * 0.001
    wrpcap(str(HERE / f"{name}.pcap"), packets)


def checksum(data):
    data += bytes(len(data) % 2)
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return struct.pack("!H", ~total & 0xFFFF)


def igmp(payload, group="224.0.0.1"):
    payload = payload[:2] + checksum(payload) + payload[4:]
    return ETHER / IP(src=A, dst=group, ttl=1, id=3, proto=2) / Raw(payload)


def raw_gre(flags, protocol, words, payload):
    header = struct.pack("!HH", flags, protocol) + words
    return ETHER / IP(src=A, dst=B, id=1, proto=47) / Raw(header + bytes(payload))


def four(address):
    return bytes(int(part) for part in address.split("."))


def tunnels():
    checksummed = OUTER / GRE(chksum_present=1) / INNER / UDP(sport=5000, dport=5001) / Raw(b"checked")
    broken = OUTER / GRE(chksum_present=1, chksum=0x1234) / INNER / UDP(sport=5000, dport=5001) / Raw(b"broken!")
    frame = Ether(src="02:00:00:00:00:0a", dst="ff:ff:ff:ff:ff:ff") / ARP(psrc="198.51.100.1", pdst="198.51.100.2")
    route = struct.pack("!HBB", 0x0800, 4, 8) + four("192.0.2.9") + four("192.0.2.10") + struct.pack("!HBB", 0, 0, 0)
    ppp = b"\xff\x03\x00\x21" + bytes(INNER / ICMP(id=1, seq=1))
    check = bytes(range(12))
    return [
        OUTER / GRE() / INNER / SYN,
        OUTER / GRE() / INNER / TCP(sport=40000, dport=80, seq=1001, ack=1, flags="A"),
        OUTER6 / GRE(key_present=1, key=40, seqnum_present=1, seqence_number=7) / IPv6(src="2001:db8:1::1", dst="2001:db8:1::2")
        / ICMPv6EchoRequest(id=1, seq=1),
        checksummed,
        broken,
        OUTER / GRE(proto=0x6558) / frame,
        OUTER / GRE(proto=0x6558) / frame / Raw(bytes(18)),
        raw_gre(0x3081, 0x0800, struct.pack("!HHII", len(ppp), 6016, 1, 9), ppp),
        raw_gre(0x2081, 0x880B, struct.pack("!HHI", 0, 6016, 10), b""),
        raw_gre(0x4000, 0x0800, struct.pack("!HH", 0, 0) + route, INNER / ICMP(id=1, seq=2)),
        raw_gre(0x1000, 0x88BE, struct.pack("!I", 171), bytes(8)),
        raw_gre(0x2000, 0x0000, struct.pack("!I", 40), b""),
        raw_gre(0x0003, 0x0800, b"", INNER / ICMP(id=1, seq=3)),
        raw_gre(0x3000, 0x0800, b"\x00\x00", b""),
        OUTER / AH(nh=6, payloadlen=4, spi=0x100, seq=1, icv=check) / SYN,
        OUTER6 / AH(nh=17, payloadlen=4, spi=0x100, seq=2, icv=check) / UDP(sport=5000, dport=5001) / Raw(b"vouched for"),
        OUTER / AH(nh=50, payloadlen=4, spi=0x100, seq=3, icv=check) / ESP(spi=0x200, seq=1, data=b"\x5a" * 24),
        OUTER6 / ESP(spi=0x200, seq=2, data=b"\xa5" * 24),
        OUTER / AH(nh=6, payloadlen=40, spi=0x100, seq=4, icv=check) / SYN,
        ETHER / IP(src=A, dst=B, id=1, proto=50) / Raw(b"\x00\x00\x02"),
        OUTER / IP(src="198.51.100.1", dst="198.51.100.2", id=4) / UDP(sport=5000, dport=5001) / Raw(b"IP in IP"),
        OUTER / IPv6(src="2001:db8:1::1", dst="2001:db8:1::2") / UDP(sport=5000, dport=5001) / Raw(b"6in4"),
        igmp(b"\x11\xfe\0\0" + four("239.1.2.3") + b"\x0a\x7d\0\x02" + four("198.51.100.7") + four("198.51.100.8"), "239.1.2.3"),
        igmp(b"\x11\x00\0\0" + four("0.0.0.0")),
        igmp(b"\x22\x00\0\0\0\0\0\x02" + b"\x06\x01\0\x01" + four("239.1.2.3") + four("198.51.100.7") + b"more"
             + b"\x02\x00\0\x05" + four("239.1.2.4") + four("198.51.100.7"), "224.0.0.22"),
        igmp(b"\x1f\x10\0\0" + four("239.1.2.3") + four("198.51.100.7") + four(A) + four(A) + b"\x40\0\0\x07"),
    ]


def icmp(payload):
    return ETHER / IP(src=B, dst=A, id=9, proto=1) / Raw(payload[:2] + checksum(payload) + payload[4:])


def icmp6(kind, payload, code=0):
    return ETHER / IPv6(src=B6, dst=A6, hlim=255) / ICMPv6Unknown(type=kind, code=code, msgbody=payload)


def extensions(*objects):
    body = b"\x20\0\0\0" + b"".join(objects)
    return body[:2] + checksum(body) + body[4:]


def thing(kind, subtype, body):
    return struct.pack("!HBB", 4 + len(body), kind, subtype) + body


def control():
    """ICMP with all that it can carry behind a quote, and neighbor discovery with its rarer options."""
    quote = bytes(INNER / UDP(sport=5000, dport=5001) / Raw(bytes(100)))
    quote6 = bytes(IPv6(src="2001:db8:1::1", dst="2001:db8:1::2") / UDP(sport=5000, dport=5001) / Raw(bytes(80)))
    assert len(quote) == len(quote6) == 128
    labels = thing(1, 1, struct.pack("!II", (100 << 12) | 0xFF, (200 << 12) | 0x1FF))
    address = struct.pack("!HH", 1, 0) + four(A)
    interface = thing(2, 0x0F, struct.pack("!I", 7) + address + b"\x08eth0\0\0\0" + struct.pack("!I", 1500))
    interface6 = thing(2, 0x84, struct.pack("!HH", 2, 0) + bytes(range(16)))
    by_name, by_index = thing(3, 1, b"eth0\0\0\0\0"), thing(3, 2, struct.pack("!I", 3))
    by_address = thing(3, 3, struct.pack("!HBB", 1, 4, 0) + four(A))
    whole = struct.pack("!I", 0)
    search = b"\x1f\x04\0\0" + struct.pack("!I", 1800) + b"\x07example\x03com\0\x03lan\0" + bytes(6)
    route = b"\x18\x02\x38\x08" + struct.pack("!I", 7200) + bytes.fromhex("20010db8000200ff")
    portal = b"\x25\x03https://example.com/a\0"
    translation = b"\x26\x02" + struct.pack("!H", 900 << 3) + bytes.fromhex("0064ff9b0000000000000000")
    interval = b"\x07\x01\0\0" + struct.pack("!I", 5000)
    advertisement = struct.pack("!BBHII", 64, 0x40, 1800, 0, 0)
    return [
        icmp(b"\x0b\0\0\0\0\x20\0\0" + quote + extensions(labels, interface, interface6)),
        icmp(b"\x0b\0\0\0\0\0\0\0" + quote + extensions(labels)),
        icmp(b"\x03\x04\0\0\0\x20\x05\xdc" + quote + extensions(labels)),
        icmp(b"\x03\x01\0\0\0\0\0\0" + quote[:28]),
        icmp(b"\x0c\0\0\0\x14\x20\0\0" + quote + extensions(thing(247, 1, b"data"))),
        icmp(b"\x0c\0\0\0\x14\0\0\0" + quote[:28]),
        icmp(b"\x0f\0\0\0\0\1\0\2"),
        icmp(b"\x04\0\0\0\0\0\0\0" + quote[:28]),
        icmp(b"\x05\1\0\0" + four(A) + quote[:28]),
        icmp(b"\x2a\0\0\0\0\1\2\1" + extensions(by_name)),
        icmp(b"\x2a\0\0\0\0\1\2\1" + extensions(by_index)),
        icmp(b"\x2a\0\0\0\0\1\2\0" + extensions(by_address)),
        icmp(b"\x2b\0\0\0\0\1\2\x46"),
        icmp(b"\x09\0\0\0\x02\x02\x07\x08" + four(A) + whole + four(B) + struct.pack("!i", -5)),
        icmp(b"\x0b\0\0\0\0\x20\0\0" + quote + extensions(b"\0\x40\1\1" + whole)),
        icmp6(1, b"\x10\0\0\0" + quote6 + extensions(labels)),
        icmp6(3, b"\x10\0\0\0" + quote6 + extensions(interface)),
        icmp6(2, struct.pack("!I", 1280) + quote6),
        icmp6(160, b"\0\1\2\1" + extensions(by_index)),
        icmp6(161, b"\0\1\2\x47"),
        icmp6(134, advertisement + search + route + portal + translation + interval),
        icmp6(137, whole + bytes(range(16)) * 2 + b"\x04\x07" + bytes(6) + quote6[:48]),
        icmp6(143, b"\0\0\0\2" + b"\4\0\0\1" + bytes(range(16)) * 2 + b"\4\0\0\7" + bytes(range(16))),
    ]


def overlays():
    """Virtual networks over UDP: the same inner frames in VXLAN and Geneve."""
    frame = Ether(src="02:00:00:00:00:0a", dst="02:00:00:00:00:0b")
    vxlan = OUTER / UDP(sport=50000, dport=4789, chksum=0)
    geneve = OUTER6 / UDP(sport=50001, dport=6081)
    vni = struct.pack("!BBHI", 0x08, 0, 0, 100 << 8)
    option = b"\x01\x02\x80\x01abcd" + b"\x01\x02\x03\x00"
    ask = ARP(psrc="198.51.100.1", pdst="198.51.100.2")
    talk = INNER / UDP(sport=5000, dport=5001) / Raw(b"inside")
    other = INNER / UDP(sport=5002, dport=5001) / Raw(b"inside")

    def network(first, flags, protocol, rest=b""):
        return struct.pack("!BBHI", first, flags, protocol, 11 << 8) + rest

    return [
        vxlan / Raw(vni + bytes(frame / ask / Raw(bytes(18)))),
        vxlan / Raw(vni + bytes(frame / INNER / SYN)),
        vxlan / Raw(vni + bytes(frame / talk)),
        vxlan / Raw(struct.pack("!BBHI", 0x88, 0x48, 7, 100 << 8) + bytes(frame / talk)),
        vxlan / Raw(vni[:6]),
        geneve / Raw(network(0, 0, 0x6558, bytes(frame / INNER / TCP(sport=40001, dport=80, seq=1000, flags="S")))),
        geneve / Raw(network(3, 0x40, 0x6558, option + bytes(frame / other))),
        geneve / Raw(network(0, 0x80, 0x0800, bytes(INNER / ICMP(id=1, seq=1)))),
        geneve / Raw(network(0, 0, 0x88B5, b"experiment")),
        geneve / Raw(network(2, 0, 0x6558, b"\x01\x02\x03\x05abcd")),
        geneve / Raw(network(9, 0, 0x6558, b"short")),
        geneve / Raw(network(0x40, 0, 0x6558, bytes(frame / other))),
    ]


def segment(flags, options, port):
    options += bytes(-len(options) % 4)
    size = (20 + len(options)) // 4 << 4
    head = struct.pack("!HHIIBBHHH", port, 80, 1000, 1 if flags & 16 else 0, size, flags, 8192, 0, 0) + options
    total = checksum(struct.pack("!4s4sBBH", four(A), four(B), 0, 6, len(head)) + head)
    return ETHER / IP(src=A, dst=B, id=1, proto=6) / Raw(head[:16] + total + head[18:])


def choices():
    """TCP options beyond the everyday ones; every segment is a conversation of its own."""
    syn, both, ack, reset = 2, 18, 16, 20

    def path(subtype, low, rest=b""):
        return bytes([30, 3 + len(rest), subtype << 4 | low]) + rest

    segments = [
        (syn, b"\x22\x02"), (syn, b"\x22\x0acookie!!"), (syn, b"\xfe\x04\xf9\x89"), (syn, b"\xfe\x0c\xf9\x89cookie!!"),
        (syn, b"\xfd\x06\x12\x34zz"), (ack, b"\x13\x12" + bytes(range(16))), (ack, b"\x1d\x10\x01\x02" + bytes(range(12))),
        (syn, b"\x1c\x04\x80\x05"), (syn, path(0, 1, b"\x01")), (syn, path(0, 0, b"\x81" + b"sendkey1")),
        (ack, path(0, 1, b"\x01" + b"sendkey1recvkey2" + b"\0\x05\x12\x34")), (syn, path(1, 1, b"\x07" + bytes(range(8)))),
        (both, path(1, 0, b"\x07" + bytes(range(12)))), (ack, path(1, 0, b"\0" + bytes(range(20)))),
        (ack, path(2, 0, b"\x01" + bytes(range(4)))), (ack, path(2, 0, b"\x1f" + bytes(range(24)))),
        (ack, path(2, 0, b"\x05" + bytes(range(14)))), (ack, path(3, 0, b"\x02" + four(A) + bytes(range(8)))),
        (ack, path(3, 1, b"\x02" + four(A) + b"\0\x50")), (ack, path(3, 4, b"\x02" + four(A))),
        (ack, path(3, 0, b"\x02" + bytes(range(16)) + b"\0\x50" + bytes(range(8)))), (ack, path(4, 0, b"\x02\x03")),
        (ack, path(5, 1, b"\x02")), (ack, path(6, 0, b"\0" + bytes(range(8)))), (ack, path(7, 0, b"\0" + bytes(range(8)))),
        (reset, path(8, 9, b"\x02")), (ack, b"\x1e\x1c\x20\x1f"),
    ]
    return [segment(flags, options, 40000 + number) for number, (flags, options) in enumerate(segments)]


def crc32c(data):
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0x82F63B78 if crc & 1 else 0)
    return crc ^ 0xFFFFFFFF


def chunk(kind, flags, body=b""):
    return struct.pack("!BBH", kind, flags, 4 + len(body)) + body + bytes(-len(body) % 4)


def association():
    """An SCTP association from INIT to SHUTDOWN COMPLETE, with heartbeat, gap, error and abort."""
    def packet(chunks, tag, back=False):
        ports = (80, 40000) if back else (40000, 80)
        head = struct.pack("!HHI", *ports, tag)
        total = struct.pack("<I", crc32c(head + bytes(4) + chunks))
        ends = (B, A) if back else (A, B)
        return ETHER / IP(src=ends[0], dst=ends[1], id=1, proto=132) / Raw(head + total + chunks)

    cookie = bytes(range(30))
    start = struct.pack("!IIHHI", 1, 65536, 10, 10, 100)
    many = struct.pack("!HH", 5, 8) + four(A) + struct.pack("!HHHH", 12, 6, 5, 0) + struct.pack("!HH", 0xC000, 4)
    user = lambda tsn, flags, text: chunk(0, flags, struct.pack("!IHHI", tsn, 1, 0, 0) + text)
    beat = struct.pack("!HH", 1, 12) + b"time now"
    return [
        packet(chunk(1, 0, start + many), 0),
        packet(chunk(2, 0, struct.pack("!IIHHI", 2, 65536, 10, 10, 200) + struct.pack("!HH", 7, 34) + cookie), 1, True),
        packet(chunk(10, 0, cookie) + user(100, 3, b"GET"), 2),
        packet(chunk(11, 0) + chunk(3, 0, struct.pack("!IIHH", 100, 65000, 0, 0)), 1, True),
        packet(user(200, 2, b"first ") + user(201, 1, b"last"), 1, True),
        packet(chunk(3, 0, struct.pack("!IIHHHHI", 200, 65000, 1, 1, 2, 3, 200)), 2),
        packet(chunk(4, 0, beat), 2), packet(chunk(5, 0, beat), 1, True),
        packet(chunk(9, 0, struct.pack("!HHHH", 1, 8, 77, 0)), 1, True),
        packet(chunk(7, 0, struct.pack("!I", 201)), 2), packet(chunk(8, 0), 1, True), packet(chunk(14, 0), 2),
        packet(chunk(6, 0, struct.pack("!HH", 12, 8) + b"bye!"), 2),
        packet(chunk(0xC0, 0, struct.pack("!I", 205)), 2), packet(chunk(0x77, 0, b"unknown"), 2),
        packet(chunk(1, 0, start + struct.pack("!HH", 5, 3)), 0),
        packet(b"\0\3\0\x40" + struct.pack("!IHHI", 9, 1, 0, 0), 2),
    ]


if __name__ == "__main__":
    made = {"tunnels": tunnels, "control": control, "overlays": overlays, "choices": choices, "association": association}
    for name in sys.argv[1:] or made:
        write(name, made[name]())
