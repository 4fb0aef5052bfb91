#!/usr/bin/env python3
"""Writes dhcp-options.pcap: every DHCP option that the table names, odd ones too, and messages that lie. Needs scapy."""

import os
import struct

from scapy.all import BOOTP, DHCP, IP, UDP, Ether, wrpcap

HERE = os.path.dirname(os.path.abspath(__file__))
CLIENT, SERVER = "02:00:00:00:01:09", "02:00:00:00:01:08"


def v4(*addresses):
    return b"".join(bytes(map(int, address.split("."))) for address in addresses)


def option(code, data):
    return bytes([code, len(data)]) + data


def message(op, kind, options, end=b"\xff", **header):
    ports, ends = ((68, 67), (CLIENT, "ff:ff:ff:ff:ff:ff", "0.0.0.0", "255.255.255.255"))
    if op == 2:
        ports, ends = ((67, 68), (SERVER, CLIENT, "192.0.2.8", "192.0.2.9"))
    bootp = BOOTP(op=op, chaddr=bytes.fromhex(CLIENT.replace(":", "")), xid=0x12345678, options=b"c\x82Sc", **header)
    body = bytes(bootp) + (option(53, bytes([kind])) if kind else b"") + b"".join(options) + end
    frame = Ether(src=ends[0], dst=ends[1]) / IP(src=ends[2], dst=ends[3], id=0) / UDP(sport=ports[0], dport=ports[1])
    return frame / body


ADDRESSES = [3, 4, 5, 6, 7, 8, 9, 10, 11, 16, 28, 32, 41, 42, 44, 45, 48, 49, 50, 54, 65, 68, 69, 70, 71, 72, 73, 74, 75,
             76, 92, 112, 118, 136, 138, 142, 150]
TEXTS = [12, 14, 15, 17, 18, 40, 47, 56, 60, 62, 64, 66, 67, 86, 87, 100, 101, 113, 114, 137, 160, 161, 252]
LONGS = [2, 24, 35, 38, 51, 58, 59, 91, 108, 152, 153, 154, 155]
WORDS = [13, 22, 25, 26, 57, 93, 117]
BYTES = [23, 37, 46, 52, 116, 156, 157]
FLAGS = [19, 20, 27, 29, 30, 31, 34, 36, 39]


def frames():
    yield message(2, 5, [option(code, v4("192.0.2.%d" % code)) for code in [1] + ADDRESSES])
    yield message(2, 5, [option(code, b"text of %d" % code) for code in TEXTS])
    yield message(2, 5, [option(code, struct.pack(">I", code * 1000)) for code in LONGS]
                  + [option(code, struct.pack(">H", code + 500)) for code in WORDS]
                  + [option(code, bytes([code % 3])) for code in BYTES] + [option(code, b"\x01") for code in FLAGS])
    # Those that have an inner form: routes, names, identifiers, what a relay adds.
    yield message(1, 3, [
        option(55, bytes([1, 3, 6, 15, 119, 121, 252])),
        option(61, bytes.fromhex("01020000000109")),
        option(77, b"\x06office\x05phone"),
        option(81, b"\x05\x00\x00\x04host\x07example\x03com\x00"),
        option(82, option(1, b"eth0:12") + option(2, bytes.fromhex("020000000155")) + option(5, v4("198.51.100.0"))
               + option(6, b"subscriber 7") + option(9, struct.pack(">IB", 3561, 4) + b"\x01\x02hi")
               + option(11, v4("192.0.2.8"))
               + option(10, b"\x80") + option(12, b"relay") + option(19, b"") + option(77, b"?")),
        option(97, b"\x00" + bytes(range(16))),
        option(94, bytes([1, 3, 16])),
        option(60, b"PXEClient:Arch:00007:UNDI:003016"),
        option(80, b""),
        option(145, b"\x01"),
        option(124, struct.pack(">IB", 3561, 3) + b"abc"),
        option(125, struct.pack(">IB", 3561, 4) + option(1, b"ok")),
        option(90, bytes([0, 0, 0]) + bytes(8) + b"token"),
    ], secs=3, flags=0x8000, giaddr="192.0.2.1", hops=1)
    yield message(2, 5, [
        option(33, v4("198.51.100.0", "192.0.2.2", "203.0.113.0", "192.0.2.3")),
        option(21, v4("198.51.100.0", "255.255.255.0")),
        option(119, b"\x03eng\x07example\x03com\x00\x05sales\xc0\x04"),
        option(120, b"\x01" + v4("192.0.2.20")),
        option(120, b"\x00\x03sip\x07example\x03com\x00"),
        option(121, bytes([24]) + v4("198.51.100.0")[:3] + v4("192.0.2.2") + bytes([0]) + v4("192.0.2.1")
               + bytes([32]) + v4("203.0.113.7", "0.0.0.0")),
        option(249, bytes([8, 10]) + v4("192.0.2.1")),
        option(43, option(1, b"\x01\x02") + option(2, b"\x03") + b"\xff"),
        option(79, b"\x00scope"),
        option(78, b"\x01" + v4("192.0.2.30")),
        option(88, b"\x07example\x03com\x00"),
        option(99, b"\x02DE\x03\x06Berlin"),
        option(151, b"\x00fine"),
        option(158, b"\x04" + v4("192.0.2.40")),
        option(212, bytes([16, 32]) + bytes.fromhex("20010db8") + bytes(12) + v4("192.0.2.50")),
        option(146, b"\x01" + v4("192.0.2.53", "192.0.2.54") + b"\x07example\x00"),
        option(162, b"unknown here"),
        option(0x61, b"\x00short"),
        b"\x00\x00\x00",
    ], sname=b"boot.example.com", file=b"/pxe/start.0", siaddr="192.0.2.66")
    # Client identifiers: a DUID with the interface's number (RFC 4361), one by time, a name, an unknown kind.
    identifiers = ["ff0000000100030001020000000109", "ff00000002000100012f6b2a00020000000109",
                   "ff000000030002000001000708", "ff0000000400040102030405060708090a0b0c0d0e0f10",
                   "00686f73742d61", "0700"]
    yield message(1, 1, [option(61, bytes.fromhex(data)) for data in identifiers])
    # BOOTP without DHCP, hardware that is no Ethernet, options in the place of the names.
    yield message(1, 0, [option(12, b"old")])
    yield message(1, 8, [option(52, b"\x03")], htype=32, hlen=16, sname=option(12, b"in-sname") + b"\xff",
                  file=option(67, b"in-file") + b"\xff")
    other = bytes(message(1, 1, []))
    yield Ether(other[:278] + b"\x00\x01\x02\x03" + bytes(60))
    # Flawed: an option that claims more than there is, one of the wrong size, no end, a header that is cut.
    yield message(1, 1, [bytes([12, 40]) + b"short"], end=b"")
    yield message(1, 1, [option(50, b"\x01\x02\x03"), option(51, b"\x01")], end=b"")
    cut = bytes(message(1, 1, []))[:42] + b"\x01\x01\x06\x00\x12\x34"
    yield Ether(cut[:16] + struct.pack(">H", len(cut) - 14) + cut[18:24] + b"\x00\x00" + cut[26:38]
                + struct.pack(">H", len(cut) - 34) + b"\x00\x00" + cut[42:])


if __name__ == "__main__":
    packets = list(frames())
    for number, packet in enumerate(packets):
        packet.time = 1700000000 + number
    wrpcap(os.path.join(HERE, "dhcp-options.pcap"), packets)
