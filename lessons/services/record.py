"""echo, daytime and telnet by xinetd, the files that name ports and protocols, and a host that is not there (preparation)."""

import time

from lab import Lab
from servers import super_server

with Lab(__file__, "telnet", "telnetd", "xinetd") as lab:
    lan = lab.switch()
    alice = lab.host("alice", (lan, "192.168.1.109/24"))
    bob = lab.host("bob", (lan, "192.168.1.108/24"))
    alice.settings("resolv.conf", "nameserver 192.168.1.1\n")
    super_server(bob, "echo", "daytime", "telnet")

    lab.capture(alice)
    lab.watch(alice, bob)
    server = lab.terminal(bob, "bob", "Bob: xinetd", width=100, root=True)
    server.run("ss -tlnp")
    client = lab.terminal(alice, "alice", "Alice")
    client.run("grep -wE '^(echo|daytime|telnet|domain)' /etc/services")
    client.run("grep -wE '^(icmp|tcp|udp)' /etc/protocols")
    client.run("cat /etc/resolv.conf")
    time.sleep(0.5)
    client.type("telnet 192.168.1.108 13", "closed by foreign host")
    time.sleep(1)
    client.type("telnet 192.168.1.108 7", "Escape character is")
    time.sleep(1)
    client.type("hello")
    time.sleep(1)
    client.key("^]")
    client.wait_for("telnet>")
    client.run("quit")
    time.sleep(1)
    # Nobody has this address.
    client.run("ping -c 1 192.168.1.110")
    time.sleep(0.5)
    lab.finish("Captured on Alice (192.168.1.109), interface eth0. Alice asks Bob (192.168.1.108) for the time of day, has a word echoed, and pings a host that is not there.")
