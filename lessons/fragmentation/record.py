"""A ping that does not fit one frame, one whose second piece is lost, and one that must not be cut (2.3)."""

import time

from lab import Lab

with Lab(__file__, "nft") as lab:
    lan, far = lab.switch("lan"), lab.switch("far")
    alice = lab.host("alice", (lan, "192.168.1.109/24"))
    bob = lab.host("bob", (lan, "192.168.1.108/24"))
    router = lab.host("router", (lan, "192.168.1.1/24"), (far, "203.0.113.1/24"))
    site = lab.host("site", (far, "203.0.113.80/24"))
    router.sysctl("net.ipv4.ip_forward", 1)
    # The far link carries less.
    router.run("ip", "link", "set", "eth1", "mtu", "1400")
    site.run("ip", "link", "set", "eth0", "mtu", "1400")
    alice.run("ip", "route", "add", "default", "via", "192.168.1.1")
    site.run("ip", "route", "add", "default", "via", "203.0.113.1")
    # What a host waits for the rest of a datagram: 5 s instead of 30 s.
    bob.sysctl("net.ipv4.ipfrag_time", 5)
    alice.knows(bob.address, router.address)

    lab.capture(alice, "icmp")
    listener = lab.terminal(alice, "tcpdump", "Alice: tcpdump", width=110, root=True)
    listener.type("tcpdump -ntv -i eth0 icmp", "listening on")
    client = lab.terminal(alice, "alice", "Alice: ping")
    time.sleep(0.5)
    client.run("ping -c 1 -s 1472 192.168.1.108")
    time.sleep(0.8)
    client.run("ping -c 1 -s 1473 192.168.1.108")
    time.sleep(1)
    # The switch loses every piece but the first.
    lan.lose("ip saddr 192.168.1.109 ip frag-off & 0x1fff != 0")
    client.run("ping -c 1 -W 7 -s 1473 192.168.1.108")
    lan.lose_nothing()
    time.sleep(1)
    client.run("ping -c 1 -s 1473 -M do 192.168.1.108")
    client.run("ping -c 2 -s 1472 -M do 203.0.113.80")
    client.run("ip route get 203.0.113.80")
    client.run("ping -c 1 -s 1372 -M do 203.0.113.80")
    time.sleep(0.8)
    listener.key("^C")
    listener.wait_for("captured")
    lab.finish("Captured on Alice (192.168.1.109), interface eth0. Alice pings Bob (192.168.1.108) and a site behind a link with MTU 1400 (203.0.113.80) with more than one frame holds.")
