"""Writes tunnels.pcap: what no kernel here sends, packet by packet. Needs scapy; the numbers are fixed, so runs do not differ."""

import struct
import sys
from pathlib import Path

from scapy.all import (ARP, AH, ESP, GRE, ICMP, IP, TCP, UDP, Ether, ICMPv6EchoRequest, IPv6, Raw, wrpcap)

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


def igmp(payload, group="224.0.0.1"):
    total = sum(struct.unpack(f"!{len(payload) // 2}H", payload))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    payload = payload[:2] + struct.pack("!H", ~total & 0xFFFF) + payload[4:]
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


if __name__ == "__main__":
    made = {"tunnels": tunnels}
    for name in sys.argv[1:] or made:
        write(name, made[name]())
