"""What tcpdump wrote on several interfaces (pcap with nanoseconds) → one pcapng that names them, in order of time."""

import struct

NANOSECONDS = 0xA1B23C4D


def packets(path, interface):
    """Link type, and each packet as (nanoseconds, interface, length on the wire, bytes)."""
    with open(path, "rb") as file:
        magic, _, _, _, _, snap, link = struct.unpack("<IHHiIII", file.read(24))
        assert magic == NANOSECONDS, path
        found = []
        while len(head := file.read(16)) == 16:
            seconds, rest, captured, length = struct.unpack("<IIII", head)
            found.append((seconds * 1_000_000_000 + rest, interface, length, file.read(captured)))
    return snap, link, found


def padded(data):
    return data + bytes(-len(data) % 4)


def option(code, data):
    return struct.pack("<HH", code, len(data)) + padded(data)


def block(kind, body):
    size = struct.pack("<I", len(body) + 12)
    return struct.pack("<I", kind) + size + body + size


def join(parts, comment, out):
    """`parts`: name of an interface and the file of what passed it."""
    head = struct.pack("<IHHq", 0x1A2B3C4D, 1, 0, -1) + option(1, comment.encode()) + option(0, b"")
    blocks, all_packets = [block(0x0A0D0D0A, head)], []
    for number, (name, path) in enumerate(parts):
        snap, link, found = packets(path, number)
        described = option(2, name.encode()) + option(9, b"\x09") + option(0, b"")
        blocks.append(block(1, struct.pack("<HHI", link, 0, snap) + described))
        all_packets += found
    for time, interface, length, data in sorted(all_packets, key=lambda packet: packet[0]):
        words = struct.pack("<IIIII", interface, time >> 32, time & 0xFFFFFFFF, len(data), length)
        blocks.append(block(6, words + padded(data)))
    with open(out, "wb") as file:
        file.writelines(blocks)
