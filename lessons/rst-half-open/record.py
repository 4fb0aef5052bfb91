"""A server that loses its cable and is started again; the client types on (3.5, case 3)."""

import time

from lab import Lab

with Lab(__file__, "nc", "telnet") as lab:
    lan = lab.switch()
    alice = lab.host("alice", (lan, "192.168.1.108/24"))
    bob = lab.host("bob", (lan, "192.168.1.109/24"))
    alice.knows(bob.address)

    lab.capture(alice, "tcp port 12345")
    lab.watch(alice, bob)
    server = lab.terminal(bob, "bob", "Bob: nc", root=True)
    server.type("nc -l 12345")
    bob.listens(12345)
    listener = lab.terminal(alice, "tcpdump", "Alice: tcpdump", width=110, root=True)
    listener.type("tcpdump -nt -i eth0 port 12345", "listening on")
    client = lab.terminal(alice, "alice", "Alice: telnet")
    client.type("telnet 192.168.1.109 12345", "Escape character is")
    time.sleep(1)
    # The cable is out, the server's program is gone without having said so, and a host is there again that knows nothing.
    bob.cable("down")
    server.key("^C")
    server.wait_for("bob#")
    server.run("ss -K -tan dst 192.168.1.108")
    client.type("a")
    time.sleep(7)
    server.run("ss -tan")
    bob.cable("up")
    client.wait_for("alice$", patience=60)
    time.sleep(0.5)
    client.run("ss -tan")
    server.run("ss -tan")
    listener.key("^C")
    listener.wait_for("captured")
    lab.finish("Captured on Alice (192.168.1.108), interface eth0. Bob (192.168.1.109) loses his cable and his program; Alice types on.")
