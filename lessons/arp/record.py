"""The ARP cache: looked at, filled by hand, emptied; a question and its answer; an announcement; an address claimed twice (1.5.2)."""

import time

from lab import Lab
from servers import super_server

with Lab(__file__, "arp", "arping", "telnet", "xinetd") as lab:
    lan = lab.switch()
    alice = lab.host("alice", (lan, "192.168.1.109/24"))
    bob = lab.host("bob", (lan, "192.168.1.108/24"))
    carol = lab.host("carol", (lan, "192.168.1.110/24"))
    super_server(bob, "echo")
    # Entries grow old within the lesson: base time 4 s instead of 30 s, first probe after 2 s instead of 5 s.
    for host in (alice, bob):
        host.sysctl("net.ipv4.neigh.eth0.base_reachable_time_ms", 4000)
        host.sysctl("net.ipv4.neigh.eth0.delay_first_probe_time", 2)

    lab.capture(alice)
    # The answer to Carol passes nobody else.
    lab.capture(carol, "arp and ether dst 02:00:00:00:01:10")
    listener = lab.terminal(alice, "tcpdump", "Alice: tcpdump", width=120, root=True)
    listener.type("tcpdump -i eth0 -ent '(dst 192.168.1.108 and src 192.168.1.109) or (dst 192.168.1.109 and src 192.168.1.108)'", "listening on")
    client = lab.terminal(alice, "alice", "Alice: telnet", root=True)
    client.run("arp -a")
    client.run("arp -s 192.168.1.108 02:00:00:00:01:08")
    client.run("arp -a")
    client.run("arp -d 192.168.1.108")
    client.run("arp -a")
    time.sleep(1)
    client.type("telnet 192.168.1.108 7", "Escape character is")
    cache = lab.terminal(alice, "cache", "Alice: ip neighbour", root=True)
    cache.run("ip neighbour")
    time.sleep(0.6)
    client.type("hello")
    time.sleep(7)
    cache.run("ip neighbour")
    client.type("again")
    time.sleep(0.3)
    cache.run("ip neighbour")
    time.sleep(4)
    cache.run("ip neighbour")
    client.key("^]")
    client.wait_for("telnet>")
    client.run("quit")
    time.sleep(1)
    # Bob tells everybody where he is; Carol asks whether an address that Bob has is free.
    server = lab.terminal(bob, "bob", "Bob: arping", root=True)
    server.run("arping -U -c 1 -i eth0 192.168.1.108")
    time.sleep(1)
    other = lab.terminal(carol, "carol", "Carol: arping", root=True)
    other.run("arping -d -c 1 -S 0.0.0.0 -i eth0 192.168.1.108")
    time.sleep(1)
    listener.key("^C")
    listener.wait_for("captured")
    lab.finish("Captured on Alice (192.168.1.109), interface eth0. Alice's ARP cache is emptied, she telnets to Bob's echo server (192.168.1.108); Bob announces himself, Carol (192.168.1.110) probes for Bob's address.")
