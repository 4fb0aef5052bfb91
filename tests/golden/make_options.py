"""Writes security.pcap, routes.pcap and node.pcap: IPv4 security labels, IPv6 routing headers and options, and node information (RFC 4620), packet by packet. Needs scapy; the same bytes on every run."""

import struct
import sys

from scapy.all import ICMP, Ether, IPv6, Raw

from make_network import A, A6, B, B6, ETHER, checksum, icmp6, write

VIA = [bytes.fromhex(f"20010db8000000000000000000000f0{n}") for n in (1, 2, 3)]
HOME = bytes.fromhex("20010db8000000aa0000000000000001")
FOUR = Ether(src=ETHER.src, dst=ETHER.dst, type=0x0800)
SIX = {name: bytes.fromhex(text) for name, text in {"a": "20010db8000000000000000000000001", "b": "20010db8000000000000000000000002"}.items()}


def labelled(options):
    options += bytes(-len(options) % 4)
    payload = bytes(ICMP(id=1, seq=1))
    head = struct.pack("!BBHHHBBH", 0x45 + len(options) // 4, 0, 20 + len(options) + len(payload), 1, 0, 64, 1, 0)
    head += bytes(map(int, A.split("."))) + bytes(map(int, B.split("."))) + options
    return FOUR / Raw(head[:10] + checksum(head) + head[12:] + payload)


def option(kind, body):
    return bytes([kind, 2 + len(body)]) + body


def cipso(tags, domain=3):
    return option(134, struct.pack("!I", domain) + tags)


def tag(kind, level, body=b""):
    """A tag of level and categories: an alignment byte lies before the level."""
    return bytes([kind, 4 + len(body), 0, level]) + body


def security():
    options = [
        option(130, b"\xab"), option(130, b"\x5a\xe0"), option(130, b"\x3d\x81\x10"), option(130, b"\x96\x01\x01\x06"),
        option(130, b"\x77\x08"), option(130, struct.pack("!HHH", 0xD788, 7, 0x4141) + b"TCC"),
        option(130, struct.pack("!HHH", 0x1234, 0, 0) + bytes(3)), option(130, b""), option(130, b"\x5a\x81"), option(130, b"\x5a\x80"),
        option(133, b"\x05"), option(133, b"\x07" + b"rules"), option(133, b"\x01abc") + option(130, b"\x3d\x80"), option(133, b""),
        cipso(tag(1, 2)), cipso(tag(1, 2, b"\xa0\x01")), cipso(tag(2, 3, struct.pack("!HHH", 1, 15, 300))),
        cipso(tag(5, 4, struct.pack("!HHHH", 40, 20, 9, 0))), cipso(tag(5, 4, struct.pack("!HHH", 40, 20, 9))), cipso(tag(5, 1)),
        cipso(tag(1, 0, b"\0") + tag(2, 1, struct.pack("!H", 9))), cipso(b"\x06\x06data"), cipso(b"\x07\x04ab"), cipso(b"\0" + tag(1, 7, b"\x80")),
        cipso(b""), cipso(b"\x01\x03\0"), cipso(b"\x01\x0c\0\1\2"), cipso(b"\x63\x05xyz"), cipso(b"\x05"),
        option(134, b"\0\0\0"), cipso(tag(1, 2, b"\xff" * 30)), b"\x86\x20\0\0\0\1\1\4",
    ]
    return [labelled(bytes(options)) for options in options]


def six(following, headers, final=SIX["b"], first=SIX["a"], length=None):
    """An echo request behind the given headers. Its checksum covers the node that sent it and the one that it is to reach in the end."""
    echo = struct.pack("!BBHHH", 128, 0, 0, 1, 1) + b"on its way"
    total = checksum(first + final + struct.pack("!II", len(echo), 58) + echo)
    echo = echo[:2] + total + echo[4:]
    size = len(headers) + len(echo) if length is None else length
    return ETHER / IPv6(src=A6, dst=B6, nh=following, plen=size) / Raw(headers + echo)


def routing(kind, left, body, units=None):
    return bytes([58, len(body) // 8 if units is None else units, kind, left]) + body


def options(body):
    body += b"\1" + bytes([(-len(body) - 4) % 8]) + bytes((-len(body) - 4) % 8)
    return bytes([58, len(body) // 8]) + body


def segments(addresses, last=None, flags=0, label=0, tail=b""):
    return struct.pack("!BBH", len(addresses) - 1 if last is None else last, flags, label) + b"".join(addresses) + tail


def rpl(inner, outer, pad, addresses, reserved=0):
    return struct.pack("!I", inner << 28 | outer << 24 | pad << 20 | reserved) + addresses


def routes():
    by_hash = b"\x05\x26\0\0" + struct.pack("!I", 7) + bytes(range(32))
    short = rpl(15, 15, 6, b"\x07\x02" + bytes(6))
    bodies = [
        (routing(0, 1, bytes(4) + VIA[0]), VIA[0]),
        (routing(2, 1, bytes(4) + HOME), HOME),
        (routing(2, 0, bytes(4) + HOME), SIX["b"]),
        (routing(2, 1, b"\0\0\0\1" + HOME + HOME), HOME),
        (routing(2, 1, bytes(4)), SIX["b"]),
        (routing(3, 2, short), SIX["b"]),
        (routing(3, 0, short), SIX["b"]),
        (routing(3, 2, rpl(8, 8, 0, VIA[0][8:] + VIA[1][8:])), VIA[1]),
        (routing(3, 1, rpl(0, 0, 0, VIA[0] + VIA[1])), VIA[1]),
        (routing(3, 3, rpl(14, 8, 4, b"\0\7\0\x08" + VIA[2][8:] + bytes(4))), VIA[2]),
        (routing(3, 1, rpl(0, 0, 0, b"")), SIX["b"]),
        (routing(3, 1, rpl(15, 15, 9, b"")), SIX["b"]),
        (routing(3, 9, rpl(15, 15, 6, b"\x07\x02" + bytes(6), 1)), SIX["b"]),
        (routing(4, 2, segments(VIA)), VIA[0]),
        (routing(4, 0, segments(VIA[:1], flags=0x28, label=0x1234)), SIX["b"]),
        (routing(4, 1, segments(VIA[:2], tail=by_hash)), VIA[0]),
        (routing(4, 1, segments(VIA[:2], tail=b"\x04\x06" + bytes(6))), VIA[0]),
        (routing(4, 1, segments(VIA[:2], tail=b"\0\0\x7c\x01a\x04\x01\0")), VIA[0]),
        (routing(4, 1, segments(VIA[:2], tail=b"\x05\x30\0\0\0\0\0\0")), VIA[0]),
        (routing(4, 1, segments(VIA[:1], last=5)), VIA[0]),
        (routing(4, 3, segments(VIA[:1])), VIA[0]),
        (routing(253, 1, bytes(4) + b"unknown!"), SIX["b"]),
        (routing(5, 1, bytes(12)), SIX["b"]),
        (routing(4, 1, segments(VIA), units=19), VIA[0]),
    ]
    others = [
        (60, options(b"\x04\x01\x04")), (60, b"\x3a\x01\xc9\x10" + HOME[:12]),
        (0, options(b"\x05\x02\0\0")), (0, options(b"\x05\x02\0\x02")), (0, options(b"\xc2\x04" + struct.pack("!I", 70000))),
        (0, options(b"\x05\x02\0\x45")),
    ]
    jumbo = six(0, options(b"\xc2\x04" + struct.pack("!I", 70000)), length=0)
    return [six(43, body, final) for body, final in bodies] + [
        six(60, options(b"\xc9\x10" + HOME), first=HOME)
    ] + [six(following, body) for following, body in others] + [jumbo]


def node():
    nonce = bytes(range(1, 9))

    def about(kind, code, query, flags, data=b""):
        return icmp6(kind, struct.pack("!HH", query, flags) + nonce + data, code)

    name = b"\x04host\x07example\x03com\0"
    return [
        about(139, 0, 2, 0, SIX["b"]), about(139, 1, 3, 0x3E, name), about(139, 2, 4, 2, bytes([192, 0, 2, 1])), about(139, 1, 0, 0),
        about(139, 1, 3, 2, b"\x04host\0\0"), about(139, 3, 2, 0, b"what"), about(139, 0, 1, 0x8000, SIX["b"]), about(139, 0, 2, 0, SIX["b"][:7]),
        about(140, 0, 2, 0, struct.pack("!I", 0) + name), about(140, 0, 2, 0, struct.pack("!I", 60) + b"\x04host\0\0" + b"\x05other\0\0"),
        about(140, 0, 3, 0x31, struct.pack("!I", 100) + VIA[0] + struct.pack("!I", 200) + VIA[1]),
        about(140, 0, 4, 2, struct.pack("!I", 300) + bytes([192, 0, 2, 1]) + struct.pack("!I", 0) + bytes([192, 0, 2, 7])),
        about(140, 1, 2, 0), about(140, 2, 9, 0), about(140, 0, 0, 0), about(140, 0, 1, 0, struct.pack("!I", 31)), about(140, 0, 9, 0, b"data"),
        about(140, 0, 3, 0, struct.pack("!I", 100) + VIA[0][:5]), about(140, 0, 4, 0, b"\0\0"), about(140, 0, 2, 0, bytes(4) + b"\x0ahost"),
        icmp6(139, b"\0\2\0\0" + nonce[:4]), about(139, 0, 3, 1), about(139, 1, 2, 0, b"\x04host"), about(140, 0, 2, 1, struct.pack("!I", 7) + b"\x04host"),
        icmp6(139, b"\0\2\0"), icmp6(140, b"\0\2\0\0" + nonce[:5]), about(140, 9, 3, 0, b"data"),
    ]


if __name__ == "__main__":
    made = {"security": security, "routes": routes, "node": node}
    for name in sys.argv[1:] or made:
        write(name, made[name]())
