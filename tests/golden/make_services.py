#!/usr/bin/env python3
"""Writes services.pcap: small services that no program here speaks, and a flawed message of each that one does. Needs scapy."""

import os
import struct
import zlib

from scapy.all import IP, UDP, Ether, IPv6, wrpcap

HERE = os.path.dirname(os.path.abspath(__file__))
CLIENT, SERVER = "02:00:00:00:01:09", "02:00:00:00:01:08"
COOKIE = bytes.fromhex("2112a442")
TRANSACTION = bytes(range(12))


def send(source, target, payload):
    ends = ("192.0.2.9", "192.0.2.8") if source > target else ("192.0.2.8", "192.0.2.9")
    return Ether(src=CLIENT, dst=SERVER) / IP(src=ends[0], dst=ends[1], id=0) / UDP(sport=source, dport=target) / payload


def send6(source, target, payload):
    return Ether(src=CLIENT, dst=SERVER) / IPv6(src="fe80::9", dst="fe80::8") / UDP(sport=source, dport=target) / payload


def attribute(kind, value):
    return struct.pack(">HH", kind, len(value)) + value + bytes(-len(value) % 4)


def stun(kind, *attributes, fingerprint=True):
    body = b"".join(attributes)
    size = len(body) + (8 if fingerprint else 0)
    message = struct.pack(">HH", kind, size) + COOKIE + TRANSACTION + body
    if fingerprint:
        message += attribute(0x8028, struct.pack(">I", zlib.crc32(message) ^ 0x5354554E))
    return message


def mask(data):
    return bytes(a ^ b for a, b in zip(data, COOKIE + TRANSACTION))


def masked(family, address):
    return bytes([0, family]) + mask(struct.pack(">H", 40000)) + mask(address)


def frames():
    # WireGuard: handshake, cookie, data, keepalive.
    index = bytes([1, 2, 3, 4])
    yield send(51820, 51821, b"\1\0\0\0" + index + bytes(range(32)) + bytes(48) + bytes(28) + bytes(16) + bytes(16))
    yield send(51821, 51820, b"\2\0\0\0" + index + index + bytes(range(32)) + bytes(16) + bytes(16) + bytes(16))
    yield send(51821, 51820, b"\3\0\0\0" + index + bytes(24) + bytes(32))
    yield send(51820, 51821, b"\4\0\0\0" + index + struct.pack("<Q", 7) + bytes(48))
    yield send(51821, 51820, b"\4\0\0\0" + index + struct.pack("<Q", 1) + bytes(16))
    # The old services.
    yield send(40000, 7, b"hello")
    yield send(7, 40000, b"hello")
    yield send(13, 40000, b"Sun Nov 22 18:00:00 2026\r\n")
    yield send(40000, 9, b"gone")
    yield send(19, 40000, b" !\"#$%&'()*+,-./0123456789\r\n")
    # Service discovery.
    yield send(50000, 1900, b"M-SEARCH * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nMAN: \"ssdp:discover\"\r\nMX: 1\r\n"
               b"ST: ssdp:all\r\n\r\n")
    yield send(1900, 50000, b"HTTP/1.1 200 OK\r\nCACHE-CONTROL: max-age=1800\r\nST: upnp:rootdevice\r\nUSN: uuid:1\r\n"
               b"LOCATION: http://192.0.2.8/x.xml\r\n\r\n")
    # STUN and TURN.
    yield send(50000, 3478, stun(0x0001, attribute(0x8022, b"client 1.0"), attribute(0x0024, struct.pack(">I", 1845501695)),
               attribute(0x802A, bytes(8)), attribute(0x0006, b"abcd:efgh"), attribute(0x0008, bytes(20))))
    yield send(3478, 50000, stun(0x0101, attribute(0x0020, masked(1, bytes([203, 0, 113, 7]))),
               attribute(0x0020, masked(2, bytes.fromhex("20010db8000000000000000000000001"))),
               attribute(0x0001, bytes([0, 1]) + struct.pack(">H", 40000) + bytes([203, 0, 113, 7]))))
    yield send(3478, 50000, stun(0x0113, attribute(0x0009, bytes([0, 0, 4, 1]) + b"Unauthorized"),
               attribute(0x0014, b"example.com"), attribute(0x0015, b"nonce"), fingerprint=False))
    # Flawed ones: cut short, or with a length that lies.
    yield send(50000, 123, b"\x23\x00\x06\xe9" + bytes(20))
    yield send(50000, 69, b"\0\1no end")
    yield send(50000, 69, b"\0\x09")
    yield send(50000, 514, b"no priority")
    yield send(50000, 137, struct.pack(">HHHHHH", 1, 0x0110, 1, 0, 0, 0) + b"\xc0\x0c\0\x20\0\1")
    yield send(50000, 51820, b"\1\0\0\0" + index + bytes(20))
    yield send(50000, 51820, b"\x09\0\0\0")
    yield send(50000, 3478, stun(0x0001, struct.pack(">HH", 6, 40) + b"abcd", fingerprint=False))
    yield send(50000, 1900, b"NOTIFY * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nNT: upnp")
    yield send6(546, 547, b"\1\0\0\1" + struct.pack(">HHH", 8, 40, 0))
    yield send6(546, 547, b"\1\0\0\2" + struct.pack(">HHIII", 3, 20, 1, 0, 0) + struct.pack(">HH", 5, 24) + bytes(4))
    # A message that a relay passes on, with a name and a status.
    inner = b"\7\0\0\3" + struct.pack(">HHH", 13, 6, 0) + b"fine" + struct.pack(">HHB", 39, 7, 1) + b"\4host\0"
    inner += struct.pack(">HHHHIH", 16, 12, 0, 3561, 3561, 2)[:8] + struct.pack(">H", 6) + b"class1"
    yield send6(547, 547, b"\x0c\0" + bytes(16) + bytes.fromhex("fe80") + bytes(13) + b"\1"
                + struct.pack(">HH", 18, 4) + b"eth0" + struct.pack(">HH", 9, len(inner)) + inner)


if __name__ == "__main__":
    packets = list(frames())
    for number, packet in enumerate(packets):
        packet.time = 1700000000 + number
    wrpcap(os.path.join(HERE, "services.pcap"), packets)
