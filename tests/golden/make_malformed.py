"""Writes a malformed packet of each protocol that no other capture here has one of: too short for its header, or, where
nothing in a protocol can contradict itself, cut by the capture. Needs scapy; the same bytes on every run."""
from scapy.all import *

A, B = "02:00:00:00:00:01", "02:00:00:00:00:02"


def write(name, packets, link=1):
    """A packet, or a packet and how many bytes of it the capture keeps."""
    writer = RawPcapWriter(name + ".pcap", linktype=link, endianness="<")
    writer.write_header(None)
    for number, packet in enumerate(packets):
        packet, kept = packet if isinstance(packet, tuple) else (packet, None)
        data = raw(packet)
        writer.write_packet(data[:kept], sec=1700000000, usec=number * 1000, caplen=len(data[:kept]), wirelen=len(data))
    writer.close()
    with open(name + ".pcap", "r+b") as file:
        # Scapy takes 0 for no link type at all.
        file.seek(20)
        file.write(struct.pack("<I", link))


def frame(kind, data):
    return Ether(src=A, dst=B, type=kind) / Raw(data)


def datagram(port, data, source=40000):
    return Ether(src=A, dst=B) / IP(src="192.0.2.1", dst="192.0.2.2", id=1) / UDP(sport=source, dport=port) / Raw(data)


def segment(source, port, data):
    return Ether(src=A, dst=B) / IP(src="192.0.2.1", dst="192.0.2.2", id=1) / TCP(sport=source, dport=port, flags="PA", seq=1, ack=1) / Raw(data)


def six(following, data):
    return frame(0x86DD, bytes.fromhex("60000000") + struct.pack("!HBB", len(data), following, 64) + bytes(15) + b"\1" + bytes(15) + b"\2" + data)


def dial(protocol, data):
    return frame(0x8864, b"\x11\0\0\x17" + struct.pack("!HH", 2 + len(data), protocol) + data)


def ethernet():
    yield raw(frame(0x0800, b""))[:10]
    yield frame(0x8100, b"\0\7")
    yield frame(0x88A8, b"\0\7")
    yield frame(0x0806, bytes.fromhex("00010800060400010200"))
    yield frame(2, b"\xaa\xaa")
    yield frame(0x8809, b"\1\1" + bytes(44)), 14
    yield frame(0x86DD, bytes.fromhex("6000000000003b40") + bytes(12))
    yield six(0, b"\x3a")
    yield six(44, b"\x3a\0\0\1")
    yield six(60, b"\x3a")
    yield six(43, b"\x3a")
    yield frame(0x8863, b"\x11\x09\0")
    yield frame(0x8864, b"\x11\0\0\x17\0\1\xc0")
    for protocol in [0x8021, 0x8057, 0x80FD, 0xC023, 0xC223]:
        yield dial(protocol, b"\1\1\0")
    yield frame(0x8847, bytes.fromhex("0001014010000000")), 20
    yield frame(0x8847, bytes.fromhex("0001014000000000")), 20
    yield datagram(7, b"echo, cut by the capture"), 50
    yield datagram(13, b"Sunday, November 22, 2026 21:00:00-UTC\r\n"), 60
    yield datagram(19, bytes(range(32, 104))), 70
    yield datagram(5355, b"\0\1\0\0\0\1")
    yield datagram(40001, b"nobody's, cut by the capture"), 50
    yield segment(20, 40000, bytes(range(128, 168))), 60
    yield segment(80, 40000, b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 26\r\n\r\na page, cut by the capture"), 130
    yield segment(80, 40001, b"HTTP/1.1 200 OK\r\nContent-Type: image/png\r\nContent-Length: 40\r\n\r\n" + bytes(range(128, 168))), 130
    text = b"v=0\r\no=alice 1 1 IN IP4 192.0.2.1\r\ns=-\r\nm=audio 4000 RTP/AVP 0\r\n"
    yield datagram(5060, b"INVITE sip:bob@example.org SIP/2.0\r\nContent-Type: application/sdp\r\nContent-Length: %d\r\n\r\n" % len(text) + text, 5060), 150


write("malformed", ethernet())
write("malformed-null", [b"\2\0"], 0)
write("malformed-cooked", [bytes.fromhex("00000001000602000000")], 113)
write("malformed-wlan", [b"\x88\1\0"], 105)
