"""Writes the captures of link layers that no host here speaks by itself. Needs scapy; the same bytes on every run."""
from scapy.all import *

A, B = "02:00:00:00:00:01", "02:00:00:00:00:02"
BRIDGES, CISCO = "01:80:c2:00:00:00", "01:00:0c:cc:cc:cd"
ping = IP(src="192.0.2.1", dst="192.0.2.2", id=1) / ICMP(id=1, seq=1) / b"Packet Theater"
ask = ARP(hwsrc=A, psrc="192.0.2.1", pdst="192.0.2.2")


def write(name, packets, link=1):
    writer = RawPcapWriter(name + ".pcap", linktype=link, endianness="<")
    writer.write_header(None)
    for number, packet in enumerate(packets):
        writer.write_packet(raw(packet), sec=1700000000, usec=number * 1000)
    writer.close()


def frame(payload, to=B, pad=60):
    data = raw(payload)
    return Ether(src=A, dst=to, type=len(data)) / Raw(data.ljust(max(0, pad - 14), b"\0"))


def llc():
    snap = bytes.fromhex("aaaa03000000")
    vlan = lambda number, kind, service=0x8100: raw(struct.pack("!HH", 3 << 13 | number, kind))
    bpdu = lambda version, kind, flags: struct.pack(
        "!HBBB", 0, version, kind, flags) + bytes.fromhex("8001020000000001000000048001020000000002800200001400020 00f00".replace(" ", ""))
    mst = (b"\0" + struct.pack("!H", 64 + 16) + b"\0" + b"Theater".ljust(32, b"\0") + b"\0\1" + bytes(range(16))
           + struct.pack("!I", 20000) + bytes.fromhex("8000020000000003") + b"\x14"
           + bytes.fromhex("7c 6001 020000000004 00000000 80 80 14".replace(" ", "")))
    yield Ether(src=A, dst="ff:ff:ff:ff:ff:ff", type=0x88A8) / Raw(
        vlan(200, 0x8100) + vlan(30, 0x0806) + raw(ask) + bytes(14))
    yield Ether(src=A, dst=B, type=0x88A8) / Raw(vlan(200, 0x8100) + vlan(30, 0x0800) + raw(ping))
    yield Ether(src=A, dst=B, type=0x9100) / Raw(vlan(7, 0x0800) + raw(ping))
    yield Ether(src=A, dst=BRIDGES, type=0x8100) / Raw(vlan(7, 38) + b"\x42\x42\3" + bpdu(0, 0, 1) + bytes(8))
    yield frame(snap + b"\x08\0" + raw(ping))
    yield frame(snap + b"\x08\6" + raw(ask))
    yield frame(snap + b"\x12\x34" + b"nobody knows")
    yield frame(b"\xaa\xaa\3\0\x11\x22\0\7" + b"private")
    yield frame(b"\xaa\xaa\3\0\0\x0c\x12\x34" + b"Cisco")
    yield frame(b"\6\6\3" + raw(ping))
    yield frame(b"\0\1\xaf\x81\1\0")
    yield frame(b"\xf0\xf0\x7f")
    yield frame(b"\xf0\xf1\x73")
    yield frame(b"\xf0\xf0\x0a\x0c" + b"NetBIOS")
    yield frame(b"\xf0\xf1\x01\x0d")
    yield frame(b"\x42\x42\3" + bpdu(0, 0, 0), BRIDGES)
    yield frame(b"\x42\x42\3" + bpdu(2, 2, 0x3C) + b"\0", BRIDGES)
    yield frame(b"\x42\x42\3" + bpdu(3, 2, 0x7C) + mst, BRIDGES)
    yield frame(b"\x42\x42\3" + b"\0\0\0\x80", BRIDGES)
    yield frame(b"\xaa\xaa\3\0\0\x0c\1\x0b" + bpdu(0, 0, 0) + b"\0\0\0\0\2\0\x1e", CISCO)
    yield frame(b"\x42\x42\3" + bpdu(3, 2, 0x7C) + mst[:30], BRIDGES)
    yield frame(b"\x42\x42\3" + b"\0\0\0\x55" + bytes(31), BRIDGES)
    yield frame(b"\x42\x42\3" + b"\0\1\0\0" + bytes(31), BRIDGES)
    yield Ether(src=A, dst=BRIDGES, type=38) / Raw(b"\x42\x42\3\0\0")
    yield Ether(src=A, dst=B, type=0x88B5) / Raw(b"a local experiment")



def control(protocol, code, body, number=1):
    """A packet of LCP or one of its relatives, behind PPP's protocol number."""
    return struct.pack("!HBBH", protocol, code, number, 4 + len(body)) + body


def negotiation():
    option = lambda kind, value: bytes([kind, 2 + len(value)]) + value
    magic = option(5, b"\1\2\3\4")
    yield control(0xC021, 1, option(1, b"\x05\xd4") + option(2, bytes(3) + b"\x0a") + option(3, b"\xc2\x23\5") + magic + option(7, b"") + option(8, b""))
    yield control(0xC021, 4, option(4, b"\xc0\x25\0\0\0\x0a") + option(13, b"\6") + option(17, b"\5\xdc") + option(18, b"")
                  + option(19, b"\3" + bytes.fromhex("020000000001")) + option(99, b"what"))
    yield control(0xC021, 3, option(3, b"\xc0\x23"))
    yield control(0xC021, 2, magic)
    yield control(0xC021, 8, b"\x80\xfd" + control(0x80FD, 1, b"")[2:])
    yield control(0xC021, 9, b"\1\2\3\4")
    yield control(0xC021, 10, b"\4\3\2\1echo")
    yield control(0xC021, 11, b"\1\2\3\4gone")
    yield control(0xC021, 12, b"\1\2\3\4Packet Theater")
    yield control(0xC021, 5, b"bye")
    yield control(0xC021, 6, b"")
    yield control(0xC023, 1, b"\5alice\6secret")
    yield control(0xC023, 2, b"\7Welcome")
    yield control(0xC223, 1, b"\x10" + bytes(range(16)) + b"access")
    yield control(0xC223, 2, b"\x10" + bytes(range(16, 32)) + b"alice")
    yield control(0xC223, 3, b"Welcome")
    yield control(0xC223, 4, b"")
    yield control(0x8021, 1, option(2, b"\0\x2d\x0f\1") + option(3, bytes([192, 0, 2, 1])) + option(129, bytes(4)) + option(131, bytes(4))
                  + option(130, bytes(4)) + option(132, bytes(4)))
    yield control(0x8021, 3, option(3, bytes([192, 0, 2, 77])) + option(129, bytes([192, 0, 2, 53])))
    yield control(0x8021, 2, option(1, bytes(8)) + option(99, b"what"))
    yield control(0x8057, 1, option(1, bytes.fromhex("0200fffe00000001")) + option(2, b"\0\x4f"))
    yield control(0x80FD, 1, option(26, b"\x78\0") + option(18, b"\0\0\0\x40"))
    yield b"\x00\x21" + raw(ping)
    yield b"\x21" + raw(ping)
    yield b"\x00\x57" + raw(IPv6(src="2001:db8::1", dst="2001:db8::2") / UDP(sport=4000, dport=9) / b"six")
    yield b"\x00\xfd" + b"compressed"
    yield control(0xC021, 1, option(1, b"\x05\xd4") + b"\5\x40\1\2")
    yield control(0xC021, 1, option(1, b"\x05"))
    yield control(0xC021, 1, magic)[:-3]
    yield control(0xC021, 77, b"")


def tag(kind, value=b""):
    return struct.pack("!HH", kind, len(value)) + value


def pppoe():
    def discovery(code, session, tags, source=A, to=B):
        data = b"\x11" + struct.pack("!BHH", code, session, len(tags)) + tags
        return Ether(src=source, dst=to, type=0x8863) / Raw(data.ljust(46, b"\0"))

    asked = tag(0x0101, b"internet") + tag(0x0103, b"\xa1\xb2\xc3\xd4")
    found = tag(0x0102, b"access") + tag(0x0104, bytes(range(16)))
    yield discovery(0x09, 0, tag(0x0101) + tag(0x0103, b"\xa1\xb2\xc3\xd4") + tag(0x0120, b"\5\xdc"), to="ff:ff:ff:ff:ff:ff")
    yield discovery(0x07, 0, asked + found, B, A)
    yield discovery(0x19, 0, asked + found[10:])
    yield discovery(0x65, 0x17, asked, B, A)
    yield discovery(0x65, 0, tag(0x0201, b"no such service") + tag(0x0110, b"relay") + tag(0x0999, b"what") + tag(0), B, A)
    yield discovery(0xA7, 0x17, tag(0x0203, b"bye") + tag(0x0105, b"\0\0\x0d\xe9" + b"\1\4port"))
    for inner in negotiation():
        yield Ether(src=A, dst=B, type=0x8864) / Raw(b"\x11\0\0\x17" + struct.pack("!H", len(inner)) + inner)
    yield discovery(0x09, 0, tag(0x0101, b"cut")[:-1] + b"")
    yield Ether(src=A, dst=B, type=0x8864) / Raw(b"\x11\0\0\x17\0\x40\0\x21" + raw(ping))
    yield Ether(src=A, dst=B, type=0x8864) / Raw(b"\x11\0\0\x17\0\6\xc0\x21\5\1\0\2")


def mpls():
    def labels(*stack):
        last = len(stack) - 1
        return b"".join(struct.pack("!I", label << 12 | tc << 9 | (i == last) << 8 | ttl)
                        for i, (label, tc, ttl) in enumerate(stack))

    def labelled(data, kind=0x8847):
        return Ether(src=A, dst=B, type=kind) / Raw(data)

    inner = raw(Ether(src="00:00:5e:00:53:0a", dst="00:00:5e:00:53:0b") / ping)
    yield labelled(labels((100, 0, 64)) + raw(ping))
    yield labelled(labels((16, 5, 63), (299776, 0, 255)) + raw(ping))
    yield labelled(labels((2, 0, 64)) + raw(IPv6(src="2001:db8::1", dst="2001:db8::2") / ICMPv6EchoRequest(id=1, seq=1)))
    yield labelled(labels((30, 0, 64)) + bytes(4) + inner)
    yield labelled(labels((31, 0, 64)) + inner)
    yield labelled(labels((0, 0, 1)) + raw(ping), 0x8848)
    yield labelled(labels((3, 0, 64)) + raw(ping))
    yield labelled(labels((40, 0, 64)) + b"\x10\0\0\0" + b"associated channel")
    yield labelled(labels((41, 0, 64)))
    yield labelled(labels((42, 0, 64), (43, 0, 64))[:6])


write("llc", llc())
write("pppoe", pppoe())
write("ppp", [b"\xff\3" + packet for packet in negotiation()], 9)
write("mpls", mpls())
