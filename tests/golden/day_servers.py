"""The servers of day.sh that no small Debian program offers: HTTP/3, mail, SIP, STUN, syslog.

Each answers just enough for the laptop's real client to go on.
"""

import asyncio
import socket
import struct
import sys

from aioquic.asyncio import QuicConnectionProtocol, serve
from aioquic.h3.connection import H3_ALPN, H3Connection
from aioquic.h3.events import HeadersReceived
from aioquic.quic.configuration import QuicConfiguration
from aioquic.quic.events import ProtocolNegotiated


class Http3(QuicConnectionProtocol):
    http = None

    def quic_event_received(self, event):
        if isinstance(event, ProtocolNegotiated):
            self.http = H3Connection(self._quic)
        for heard in self.http.handle_event(event) if self.http else []:
            if isinstance(heard, HeadersReceived):
                self.http.send_headers(heard.stream_id, [(b":status", b"200"), (b"content-type", b"text/html")])
                self.http.send_data(heard.stream_id, b"<title>Hello</title><p>Hello over HTTP/3\n", end_stream=True)
                self.transmit()


async def mail(reader, writer):
    def say(line):
        writer.write(line.encode() + b"\r\n")

    say("220 mail.example.com ESMTP")
    body = False
    while line := (await reader.readline()).decode().strip("\r\n") or body:
        word = str(line).upper()
        if body:
            if line == ".":
                body = False
                say("250 2.0.0 Ok: queued")
        elif word.startswith("EHLO"):
            say("250-mail.example.com")
            say("250 8BITMIME")
        elif word == "DATA":
            body = True
            say("354 End data with <CR><LF>.<CR><LF>")
        elif word == "QUIT":
            say("221 2.0.0 Bye")
            break
        else:
            say("250 2.1.0 Ok")
        await writer.drain()
    await writer.drain()
    writer.close()


class Answer(asyncio.DatagramProtocol):
    def __init__(self, answer):
        self.answer = answer

    def connection_made(self, transport):
        self.transport = transport

    def datagram_received(self, data, address):
        if reply := self.answer(data, address):
            self.transport.sendto(reply, address)


def sip(data, _):
    kept = [line for line in data.decode().split("\r\n") if line.lower().startswith(("via:", "from:", "to:", "call-id:", "cseq:"))]
    return "\r\n".join(["SIP/2.0 200 OK", *kept, "Content-Length: 0", "", ""]).encode()


def stun(data, address):
    if len(data) < 20:
        return None
    mapped = struct.pack("!HHBBH4s", 0x0001, 8, 0, 1, address[1], socket.inet_aton(address[0]))
    return struct.pack("!HH16s", 0x0101, len(mapped), data[4:20]) + mapped


async def main(certificate, key):
    loop = asyncio.get_running_loop()
    configuration = QuicConfiguration(is_client=False, alpn_protocols=H3_ALPN)
    configuration.load_cert_chain(certificate, key)
    await serve("192.168.7.1", 443, configuration=configuration, create_protocol=Http3)
    await serve("2001:db8:7::1", 443, configuration=configuration, create_protocol=Http3)
    await asyncio.start_server(mail, "192.168.7.1", 25)
    for port, answer in [(5060, sip), (3478, stun), (514, lambda *_: None)]:
        await loop.create_datagram_endpoint(lambda answer=answer: Answer(answer), ("192.168.7.1", port))
    await asyncio.Event().wait()


asyncio.run(main(*sys.argv[1:3]))
