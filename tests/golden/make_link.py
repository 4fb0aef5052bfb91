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


write("llc", llc())
