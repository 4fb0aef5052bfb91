"""Alice telnets to a port of Bob's where nobody listens (3.5, case 1)."""

import time

from lab import Lab

with Lab(__file__, "telnet") as lab:
    lan = lab.switch()
    alice = lab.host("alice", (lan, "192.168.1.109/24"))
    bob = lab.host("bob", (lan, "192.168.1.108/24"))
    # They have spoken before: their ARP caches are warm, as the book's are.
    alice.knows(bob.address)

    lab.capture(alice, "tcp port 54321")
    lab.watch(alice, bob)
    listener = lab.terminal(alice, "tcpdump", "Alice: tcpdump", width=120, root=True)
    listener.type("tcpdump -nt -i eth0 port 54321", "listening on")
    lab.terminal(bob, "bob", "Bob: ss", root=True).run("ss -tln")
    client = lab.terminal(alice, "alice", "Alice: telnet")
    time.sleep(1)
    client.run("telnet 192.168.1.108 54321")
    time.sleep(1)
    listener.key("^C")
    listener.wait_for("captured")
    lab.finish("Captured on Alice (192.168.1.109), interface eth0. Alice telnets to port 54321 of Bob (192.168.1.108), where nobody listens.")
