"""The routing table, and the same packet over one gateway and over another (2.4)."""

import time

from lab import Lab

with Lab(__file__, "route") as lab:
    lan, far = lab.switch("lan"), lab.switch("far")
    alice = lab.host("alice", (lan, "192.168.1.109/24"))
    bob = lab.host("bob", (lan, "192.168.1.108/24"))
    one = lab.host("one", (lan, "192.168.1.1/24"), (far, "203.0.113.1/24"))
    two = lab.host("two", (lan, "192.168.1.2/24"), (far, "203.0.113.2/24"))
    site = lab.host("site", (far, "203.0.113.80/24"))
    for router in (one, two):
        router.sysctl("net.ipv4.ip_forward", 1)
        router.sysctl("net.ipv4.conf.all.send_redirects", 0)
        router.sysctl("net.ipv4.conf.eth0.send_redirects", 0)
    alice.run("ip", "route", "add", "default", "via", "192.168.1.1")
    site.run("ip", "route", "add", "192.168.1.0/24", "via", "203.0.113.1")

    lab.capture(alice, "icmp or arp")
    lab.capture(site, "icmp")
    client = lab.terminal(alice, "alice", "Alice", width=90, root=True)
    client.run("route -n")
    client.run("ip route")
    time.sleep(0.4)
    client.run("ip route get 192.168.1.108")
    client.run("ping -c 1 192.168.1.108")
    time.sleep(0.5)
    client.run("ip route get 203.0.113.80")
    client.run("ping -c 1 203.0.113.80")
    time.sleep(0.8)
    # A route to one host is longer than the default route, and wins.
    client.run("ip route add 203.0.113.80/32 via 192.168.1.2")
    client.run("route -n")
    client.run("ip route get 203.0.113.80")
    client.run("ping -c 1 203.0.113.80")
    time.sleep(0.8)
    client.run("ip route del 203.0.113.80/32")
    client.run("ip route del default")
    client.run("ping -c 1 203.0.113.80")
    time.sleep(0.5)
    lab.finish("Captured on Alice (192.168.1.109) and on the site (203.0.113.80). Alice pings the site over gateway 192.168.1.1, then over 192.168.1.2.")
