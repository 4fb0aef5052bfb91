"""The same port used twice: TIME-WAIT and "Address already in use", and what SO_REUSEADDR changes (3.4.2). Takes a minute and a half."""

import time

from lab import Lab
from servers import web_server

with Lab(__file__, "curl", "nc.traditional", "nginx") as lab:
    lan = lab.switch()
    alice = lab.host("alice", (lan, "192.168.1.108/24"))
    bob = lab.host("bob", (lan, "192.168.1.109/24"))
    web_server(bob)
    alice.knows(bob.address)

    lab.capture(alice, "tcp port 80")
    lab.watch(alice, bob)
    client = lab.terminal(alice, "alice", "Alice: nc")
    table = lab.terminal(alice, "ss", "Alice: ss", width=100, root=True)
    client.type("nc -p 12345 192.168.1.109 80")
    time.sleep(1.5)
    table.run("ss -tano dst 192.168.1.109")
    client.key("^C")
    client.wait_for("alice$")
    time.sleep(1)
    table.run("ss -tano dst 192.168.1.109")
    client.run("nc -p 12345 192.168.1.109 80")
    time.sleep(1)
    client.run("curl --local-port 12345 http://192.168.1.109/")
    time.sleep(1)
    time.sleep(57)
    table.run("ss -tano dst 192.168.1.109")
    # This nc sets SO_REUSEADDR: the port may be had again, and time stamps tell the new connection's segments from the old one's.
    for _ in range(2):
        client.type("nc.traditional -p 12345 192.168.1.109 80")
        time.sleep(1.5)
        table.run("ss -tano dst 192.168.1.109")
        client.key("^C")
        client.wait_for("alice$")
        time.sleep(2)
        table.run("ss -tano dst 192.168.1.109")
    lab.finish("Captured on Alice (192.168.1.108), interface eth0. Alice connects to Bob's web server (192.168.1.109) from port 12345, closes, and tries the same port again.")
