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



AP, STA, ALL = bytes.fromhex("02000000000a"), bytes.fromhex("02000000000b"), b"\xff" * 6


def radio(frame, *fields, flags=None, present=0):
    """A radiotap header: pairs of bit number and bytes, aligned as their sizes ask."""
    sizes = {0: 8, 1: 1, 2: 1, 3: 2, 4: 2, 5: 1, 6: 1, 7: 2, 10: 1, 11: 1, 12: 1, 14: 2, 15: 2, 19: 1, 20: 4, 21: 2}
    body, at = b"", 8
    for bit, value in fields:
        present |= 1 << bit
        pad = -(at + len(body)) % sizes[bit]
        body += bytes(pad) + value
    return struct.pack("<BBHI", 0, 0, 8 + len(body), present) + body + frame


def manage(subtype, body, to=ALL, flags=0):
    return bytes([subtype << 4, flags]) + b"\x3a\1" + to + AP + AP + struct.pack("<H", 100 << 4) + body


def element(number, value):
    return bytes([number, len(value)]) + value


RSN = bytes.fromhex("0100 000fac04 0100 000fac04 0200 000fac02 000fac08 8c00 0000 000fac06".replace(" ", ""))


def eapol(kind, body, version=2):
    return struct.pack("!BBH", version, kind, len(body)) + body


def key(information, counter, nonce=bytes(32), mic=bytes(16), data=b"", length=16):
    return eapol(3, struct.pack("!BHHQ", 2, information, length, counter) + nonce + bytes(16 + 8 + 8) + mic
                 + struct.pack("!H", len(data)) + data)


def handshake():
    yield key(0x008A, 1, bytes(range(32)))
    yield key(0x010A, 1, bytes(range(32, 64)), bytes(range(16)), element(48, RSN[:20]))
    yield key(0x13CA, 2, bytes(range(32)), bytes(range(16)), bytes(range(56)))
    yield key(0x030A, 2, mic=bytes(range(16)), length=0)


def eap():
    yield eapol(1, b"")
    yield eapol(0, b"\1\1\0\5\1")
    yield eapol(0, b"\2\1\0\x0a\1alice")
    yield eapol(0, b"\1\2\0\6\x19\x21")
    yield eapol(0, b"\2\2\0\6\3\x15")
    yield eapol(0, b"\1\3\0\x16\4\x10" + bytes(range(16)))
    yield eapol(0, b"\1\4\0\x0a\x0d\xc0\0\0\4\0")
    yield eapol(0, b"\1\5\0\x0a\2hello")
    yield eapol(0, b"\3\5\0\4")
    yield eapol(0, b"\4\6\0\4")
    yield eapol(2, b"")


def wlan():
    usual = [(1, b"\0"), (2, b"\x0c"), (3, struct.pack("<HH", 2437, 0x00C0)), (5, b"\xc4"), (11, b"\1")]
    rates, more = element(1, b"\x82\x84\x8b\x96\x24\x30\x48\x6c"), element(50, b"\x0c\x12\x18\x60")
    ht = element(45, struct.pack("<HB", 0x016E, 0x17) + b"\xff\xff" + bytes(10) + b"\1\0\0\0" + b"\0\0" + bytes(4) + b"\0")
    ht_run = element(61, b"\6\x05" + b"\x04\0\0\0" + bytes(16))
    vht = element(191, struct.pack("<I", 0x338001B2) + bytes.fromhex("faff0000faff0020"))
    vht_run = element(192, b"\1\x2a\0\xfc\xff")
    wmm = element(221, b"\0\x50\xf2\2\1\1\x80\0" + bytes.fromhex("03a4000027a4000042435e0062322f00"))
    wpa = element(221, bytes.fromhex("0050f201 0100 0050f202 0100 0050f202 0100 0050f202".replace(" ", "")))
    name = element(0, b"Packet Theater")
    beacon = struct.pack("<QHH", 1234567890123, 100, 0x1411)
    body = beacon + name + rates + element(3, b"\6") + element(5, b"\0\2\0\0") + element(7, b"CN \1\x0d\x14")
    body += element(42, b"\4") + more + element(48, RSN) + ht + ht_run + vht + vht_run + wmm + wpa + element(221, b"\0\x11\x22\7own")
    yield radio(manage(8, body), *usual)
    yield radio(manage(4, element(0, b"") + rates + more + element(3, b"\1") + ht), *usual)
    yield radio(manage(5, beacon + name + rates + element(11, b"\3\0\x20\0\0") + element(127, b"\4\0\x08\0\0\0\0\x40"), STA, 8), *usual)
    yield radio(manage(11, b"\0\0\1\0\0\0", STA), *usual)
    yield radio(manage(0, struct.pack("<HH", 0x1411, 10) + name + rates + element(48, RSN[:20]) + element(59, b"\x51\x51"), STA), *usual)
    yield radio(manage(1, struct.pack("<HHH", 0x1411, 0, 0xC001) + rates, STA), *usual)
    yield radio(manage(2, struct.pack("<HH", 0x1411, 10) + AP + name, STA), *usual)
    yield radio(manage(3, struct.pack("<HHH", 0x1411, 17, 0xC000) + rates, STA), *usual)
    yield radio(manage(12, b"\7\0", STA), *usual)
    yield radio(manage(10, b"\x08\0", STA), *usual)
    yield radio(manage(13, b"\3\0\x21\2\x10\0\0\0\0", STA), *usual)
    yield radio(manage(9, b"", STA), *usual)
    yield radio(b"\xb4\0\x78\0" + AP + STA, *usual)
    yield radio(b"\xc4\0\x44\0" + STA, *usual)
    yield radio(b"\xd4\0\0\0" + STA, *usual)
    yield radio(b"\xa4\x10\1\xc0" + AP + STA, *usual)
    yield radio(b"\x84\0\0\0" + AP + STA + b"\5\0\x40\6", *usual)
    yield radio(b"\x94\0\0\0" + AP + STA + b"\5\0\x40\6" + b"\xff" * 8, *usual)
    snap = bytes.fromhex("aaaa030000000800")
    ahead = b"\x30\0" + AP + STA + bytes.fromhex("02000000000c")
    back = b"\x30\0" + STA + AP + bytes.fromhex("02000000000c")
    mcs = [(1, b"\2"), (3, struct.pack("<HH", 5180, 0x0140)), (5, b"\xc8"), (6, b"\xa1"), (19, b"\x07\4\x07"), (20, bytes.fromhex("0100000000000000"))]
    yield radio(b"\x88\1" + ahead + b"\x10\0\6\0" + snap + raw(ping), *mcs)
    yield radio(b"\x08\2" + back + b"\x20\0" + snap + raw(ping), (1, b"\x10"), (0, b"\1\0\0\0\0\0\0\0")) + b"\1\2\3\4"
    yield radio(b"\x08\3" + back + b"\x20\0" + AP + snap + raw(ping), (21, bytes.fromhex("440004040009000000000000")))
    yield radio(b"\x48\x11" + ahead + b"\x30\0", *usual)
    yield radio(b"\xc8\1" + ahead + b"\x40\0\7\0", *usual)
    yield radio(b"\x88\x41" + ahead + b"\x50\0\0\0" + bytes.fromhex("0100002000000000") + bytes(range(40)), *usual)
    yield radio(b"\x88\x42" + back + b"\x50\0\0\0" + bytes.fromhex("0020012000000000") + bytes(range(40)), *usual)
    yield radio(b"\x08\x41" + ahead + b"\x60\0" + bytes.fromhex("01020340") + bytes(range(40)), *usual)
    for number, message in enumerate(handshake()):
        yield radio(b"\x88" + (b"\2" + back if number % 2 == 0 else b"\1" + ahead) + b"\x70\0\0\0" + snap[:6] + b"\x88\x8e" + message, *usual)
    yield radio(b"\x88\x81" + ahead + b"\x70\0\0\0" + bytes.fromhex("00000000") + snap + raw(ping), *usual)
    inner = b"".join(AP + STA + struct.pack("!H", 8 + len(raw(ping))) + snap + raw(ping) + pad for pad in (b"\0\0", b""))
    yield radio(b"\x88\1" + ahead + b"\x80\0\x80\0" + inner, *usual)
    yield radio(manage(8, beacon + element(0, b"x") + b"\1\x40\x82"), *usual)
    yield radio(manage(8, beacon[:9]), *usual)
    yield struct.pack("<BBHI", 0, 0, 200, 2) + b"\0" + manage(8, beacon)
    yield struct.pack("<BBHI", 1, 0, 8, 0) + manage(8, beacon)


def port():
    for message in [*eap(), *handshake()]:
        yield Ether(src=A, dst="01:80:c2:00:00:03", type=0x888E) / Raw(message)
    yield Ether(src=A, dst="01:80:c2:00:00:03", type=0x888E) / Raw(eapol(3, b"\2\0\x8a")[:7])
    yield Ether(src=A, dst="01:80:c2:00:00:03", type=0x888E) / Raw(eapol(0, b"\1\1\0\x20\1"))
    yield Ether(src=A, dst="01:80:c2:00:00:03", type=0x888E) / Raw(eapol(0, b"\1\1\0\3\1"))
    for message in [b"\1\7\0\x09\4\x10abc", b"\2\7\0\7\x15\x80\0", b"\1\7\0\x08\x0d\0\x16\3", b"\2\7\0\x09\xfe\0\x37\x2a\0"]:
        yield Ether(src=A, dst="01:80:c2:00:00:03", type=0x888E) / Raw(eapol(0, message))


NEAREST = "01:80:c2:00:00:0e"


def lldp():
    def tlv(kind, value=b"", length=None):
        return struct.pack("!H", kind << 9 | (len(value) if length is None else length)) + value

    def own(organization, kind, value=b""):
        return tlv(127, bytes.fromhex(organization) + bytes([kind]) + value)

    def unit(*tlvs, pad=46):
        return Ether(src=A, dst=NEAREST, type=0x88CC) / Raw(b"".join(tlvs).ljust(pad, b"\0"))

    mac = bytes.fromhex("020000000001")
    bridges, cables, phones, registry = "0080c2", "00120f", "0012bb", "00005e"
    who, where, lasts, end = tlv(1, b"\4" + mac), tlv(2, b"\5eth0"), tlv(3, struct.pack("!H", 120)), tlv(0)
    address = lambda family, data, interface=b"\2\0\0\0\2", oid=b"\0": tlv(8, bytes([1 + len(data), family]) + data + interface + oid)
    # A host, as lldpd announces it.
    yield unit(who, where, lasts, tlv(4, b"eth0"), tlv(5, b"alice.example"), tlv(6, b"Debian GNU/Linux 12"), tlv(7, b"\0\x9c\0\x10"),
               address(1, bytes([192, 0, 2, 1])), address(2, bytes.fromhex("20010db8000000000000000000000001")),
               own(cables, 1, b"\3\x6c\x01\0\x1e"), own(cables, 2, b"\7\1\0"), own(cables, 3, b"\1\0\0\0\0"), own(cables, 4, b"\5\xee"), end)
    # A switch that gives a telephone its VLAN and power.
    yield unit(tlv(1, b"\7switch-1"), tlv(2, b"\7" + b"24"), lasts, tlv(5, b"switch-1"), tlv(7, b"\0\x14\0\4"),
               address(6, mac, b"\3\0\0\0\x18", b"\6\x2b\6\1\4\1\x09"), own(bridges, 1, b"\0\1"), own(bridges, 2, b"\6\0\x14"),
               own(bridges, 3, b"\0\x14\5voice"), own(bridges, 4, b"\2\x88\x8e"), own(bridges, 7, b"\3\0\0\0\x07"), own(bridges, 0x0C, b"\0\x43\3\xbc"),
               own(cables, 2, b"\x0f\1\5\x53\0\x82\0\x82"), own(cables, 5, b"\0\x11\0\x11\0\x11\0\x11\0\x11"),
               own(phones, 1, b"\0\x3f\4"), own(phones, 2, b"\1\x40\x29\x6e"), own(phones, 3, b"\2\5\2DE\6\0"), own(phones, 4, b"\x03\0\x41"), end)
    # The telephone.
    yield unit(tlv(1, b"\5\1" + bytes([192, 0, 2, 9])), tlv(2, b"\3" + mac), lasts, tlv(7, b"\0\x24\0\x24"), own(phones, 1, b"\0\x33\3"),
               *(own(phones, kind, text) for kind, text in zip(range(5, 12), [b"A1", b"1.0", b"2.1", b"0001", b"Theater", b"Phone", b"room 7"])),
               own(registry, 1, b"https://example.org/phone.json"), end)
    yield unit(tlv(1, b"\5\2" + bytes.fromhex("20010db8000000000000000000000009")), tlv(2, b"\4\1" + bytes([192, 0, 2, 9])), tlv(3, b"\0\0"), end)
    # A type that nobody knows, and another organization's.
    yield unit(who, tlv(2, b"\1uplink"), lasts, tlv(99, b"what"), own("001b21", 2, b"DCBX"), own("0242ac", 7, b"private"), own(bridges, 0x55, b"new"), end)
    # Flaws: a name that runs over the end, no room for the time, the port twice, no chassis, a VLAN's name longer than its TLV, no end.
    yield unit(who, where, lasts, tlv(5, b"short", 300))
    yield unit(who, where, tlv(3, b"\0"), end)
    yield unit(who, where, lasts, where, end)
    yield unit(where, lasts, end)
    yield unit(who, where, lasts, own(bridges, 3, b"\0\x14\x20voice"), end)
    yield unit(who, where, lasts, tlv(8, b"\x40\1" + bytes(8)), end)
    yield unit(who, where, lasts, pad=0)
    yield unit(who, where, lasts, tlv(127, b"\0\x80\xc2"), end)


def lacp():
    def end(kind, number, state):
        return struct.pack("!BBH", kind, 20, 32768) + bytes.fromhex("0200000000%02x" % number) + struct.pack("!HHHB", 7, 255, number, state) + bytes(3)

    def slow(data):
        return Ether(src=A, dst="01:80:c2:00:00:02", type=0x8809) / Raw(data)

    collector, over = b"\3\x10" + struct.pack("!H", 50) + bytes(12), bytes(52)
    yield slow(b"\1\1" + end(1, 1, 0x45) + end(2, 0, 0x02) + collector + over)
    yield slow(b"\1\1" + end(1, 2, 0x3D) + end(2, 1, 0x3F) + collector + over)
    yield slow(b"\2\1\1\x10\0\1" + bytes.fromhex("020000000001") + b"\0\0\0\7\0\0" + bytes(92))
    yield slow(b"\3\0\x50\0" + bytes(42))
    yield slow(b"\x0a\0\x19\xa7" + bytes(42))
    yield slow(b"\1\1" + end(2, 0, 0x02) + end(1, 1, 0x45) + collector + over)
    yield slow(b"\1\1\1\x28" + end(1, 1, 0x45)[2:] + end(2, 0, 0x02) + collector + over)
    yield slow(b"\1\1" + end(1, 1, 0x45) + end(2, 0, 0x02)[:10])


write("wlan", wlan(), 127)
write("wlan-bare", [frame[frame[2]:] for frame in list(wlan())[:-4]][::5], 105)
write("eapol", port())
write("llc", llc())
write("pppoe", pppoe())
write("ppp", [b"\xff\3" + packet for packet in negotiation()], 9)
write("mpls", mpls())
write("lldp", lldp())
write("lacp", lacp())
