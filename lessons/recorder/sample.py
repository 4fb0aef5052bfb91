"""static/samples/mixed.pcapng, which the home page offers: ARP, a ping in one piece and in fragments, a name looked up, a web page
fetched by that name, and a connection refused.
"""

import time
from pathlib import Path

from lab import Lab
from servers import name_server, web_server

PAGE = """<!doctype html>
<title>Bob's page</title>
<h1>Hello from Bob</h1>
<p>These words crossed the wire in a TCP segment. Choose its packet and find them among its bytes.</p>
"""

with Lab(__file__, "curl", "named", "nginx") as lab:
    lan = lab.switch()
    alice = lab.host("alice", (lan, "192.168.1.109/24"))
    bob = lab.host("bob", (lan, "192.168.1.108/24"))
    web_server(bob, PAGE)
    name_server(bob, {"example.com": "@ NS ns\nns A 192.168.1.108\nwww A 192.168.1.108\n"})
    alice.settings("resolv.conf", "nameserver 192.168.1.108\n")

    lab.capture(bob)
    time.sleep(0.2)
    alice.ask("ping", "-n", "-c", "2", "-i", "0.5", "192.168.1.108")
    time.sleep(0.6)
    alice.ask("ping", "-n", "-c", "1", "-s", "1473", "192.168.1.108")
    time.sleep(0.8)
    alice.ask("curl", "-sS", "-4", "http://www.example.com/")
    time.sleep(0.5)
    # Nobody listens on port 8080: the answer is a reset.
    alice.ask("sh", "-c", "curl -sS -4 http://www.example.com:8080/ || true")
    samples = Path(__file__).resolve().parents[2] / "static/samples/mixed.pcapng"
    lab.finish("Captured on Bob (192.168.1.108), interface eth0. Alice (192.168.1.109) pings, asks for www.example.com, fetches a page and is refused on port 8080.", samples)
