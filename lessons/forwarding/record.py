"""A host between two networks that does not forward, then does; and who is on the way (2.5)."""

import time

from lab import Lab

with Lab(__file__, "traceroute") as lab:
    lan, far = lab.switch("lan"), lab.switch("far")
    alice = lab.host("alice", (lan, "192.168.1.109/24"))
    bob = lab.host("bob", (lan, "192.168.1.108/24"), (far, "203.0.113.108/24"))
    site = lab.host("site", (far, "203.0.113.80/24"))
    bob.sysctl("net.ipv4.ip_forward", 0)
    alice.run("ip", "route", "add", "default", "via", "192.168.1.108")
    site.run("ip", "route", "add", "default", "via", "203.0.113.108")
    alice.knows(bob.address)
    site.knows("203.0.113.108")

    lab.capture(bob, "icmp or udp")
    lab.capture(bob, "icmp or udp", "eth1")
    client = lab.terminal(alice, "alice", "Alice", width=90)
    middle = lab.terminal(bob, "bob", "Bob", root=True)
    middle.run("sysctl net.ipv4.ip_forward")
    client.run("ip route")
    client.run("ping -c 1 -W 2 203.0.113.80")
    time.sleep(0.6)
    middle.run("sysctl -w net.ipv4.ip_forward=1")
    client.run("ping -c 1 203.0.113.80")
    time.sleep(0.6)
    client.run("ping -c 1 -t 1 203.0.113.80")
    time.sleep(0.6)
    client.run("traceroute -n -q 1 -N 1 203.0.113.80")
    time.sleep(0.5)
    lab.finish("Captured on Bob (192.168.1.108 and 203.0.113.108), both interfaces. Alice (192.168.1.109) reaches the site (203.0.113.80) through Bob once he forwards.")
