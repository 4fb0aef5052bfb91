#!/usr/bin/env python3
"""Writes markup.pcap: names, headers and data that are HTML, as somebody hostile would choose them."""

import pathlib
import struct

IMAGE = b"<img src=x onerror=document.title='run'>"
SCRIPT = b"<script>document.title='run'</script>"


def checksum(data):
    data += b"\0" * (len(data) % 2)
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def ip(protocol, source, destination, segment, place):
    pseudo = source + destination + struct.pack("!BBH", 0, protocol, len(segment))
    value = checksum(pseudo + segment)
    segment = segment[:place] + struct.pack("!H", value) + segment[place + 2 :]
    head = struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(segment), 1, 0x4000, 64, protocol, 0) + source + destination
    head = head[:10] + struct.pack("!H", checksum(head)) + head[12:]
    return b"\2\0\0\0\0\2\2\0\0\0\0\1\x08\0" + head + segment


CLIENT, SERVER = bytes([192, 0, 2, 1]), bytes([192, 0, 2, 2])


def udp(reply, data):
    ports = (53, 40001) if reply else (40001, 53)
    ends = (SERVER, CLIENT) if reply else (CLIENT, SERVER)
    return ip(17, *ends, struct.pack("!HHHH", *ports, 8 + len(data), 0) + data, 6)


def tcp(reply, seq, ack, flags, data=b""):
    ports = (80, 40002) if reply else (40002, 80)
    ends = (SERVER, CLIENT) if reply else (CLIENT, SERVER)
    return ip(6, *ends, struct.pack("!HHIIBBHHH", *ports, seq, ack, 0x50, flags, 64000, 0, 0) + data, 16)


def dns(answer):
    name = bytes([len(IMAGE)]) + IMAGE + b"\7example\0"
    message = struct.pack("!HHHHHH", 7, 0x8180 if answer else 0x0100, 1, answer, 0, 0) + name + struct.pack("!HH", 16, 1)
    if answer:
        text = bytes([len(SCRIPT)]) + SCRIPT
        message += b"\xc0\x0c" + struct.pack("!HHIH", 16, 1, 60, len(text)) + text
    return message


REQUEST = b"GET /" + IMAGE.replace(b" ", b"%20") + b" HTTP/1.1\r\nHost: www.example.com\r\nUser-Agent: " + SCRIPT + b"\r\n\r\n"
BODY = b"<html>" + SCRIPT + IMAGE + b"</html>"
ANSWER = b"HTTP/1.1 200 " + IMAGE + b"\r\nServer: " + SCRIPT + b"\r\nContent-Type: text/html\r\n"
ANSWER += b"Content-Length: %d\r\n\r\n" % len(BODY) + BODY

FRAMES = [
    udp(False, dns(0)),
    udp(True, dns(1)),
    tcp(False, 100, 0, 0x02),
    tcp(True, 500, 101, 0x12),
    tcp(False, 101, 501, 0x10),
    tcp(False, 101, 501, 0x18, REQUEST),
    tcp(True, 501, 101 + len(REQUEST), 0x18, ANSWER),
    # The same answer, cut by its sender in the middle of a header.
    tcp(True, 501 + len(ANSWER), 101 + len(REQUEST), 0x19, ANSWER[:60]),
]

with open(pathlib.Path(__file__).with_name("markup.pcap"), "wb") as file:
    file.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144, 1))
    for number, frame in enumerate(FRAMES):
        file.write(struct.pack("<IIII", 1700000000, number * 1000, len(frame), len(frame)) + frame)
