"""One TCP connection opened and closed, with nothing said in between (3.3)."""

import time

from lab import Lab
from servers import web_server

with Lab(__file__, "nginx", "telnet") as lab:
    lan = lab.switch()
    alice = lab.host("alice", (lan, "192.168.1.109/24"))
    bob = lab.host("bob", (lan, "192.168.1.108/24"))
    # Bob acknowledges at once. Otherwise Linux waits some milliseconds for something to send along, Bob's own FIN comes
    # first, and the two ways of closing show as one segment.
    bob.run("ip", "route", "change", "192.168.1.0/24", "dev", "eth0", "src", "192.168.1.108", "quickack", "1")
    web_server(bob)
    # They have spoken before: their ARP caches are warm, as the book's are.
    alice.knows(bob.address)

    what = "tcp port 80 and host 192.168.1.109"
    lab.capture(bob, what)
    lab.watch(alice, bob)
    listener = lab.terminal(bob, "bob", "Bob: tcpdump", width=120, root=True)
    time.sleep(0.6)
    listener.type(f"tcpdump -i eth0 -ent '{what}'", "listening on")
    client = lab.terminal(alice, "alice", "Alice: telnet")
    time.sleep(1.2)
    client.type("telnet 192.168.1.108 80", "Escape character is")
    time.sleep(2.4)
    client.key("^]")
    client.wait_for("telnet>")
    time.sleep(0.9)
    client.run("quit")
    time.sleep(1.5)
    client.run("ss -tano")
    time.sleep(0.8)
    listener.key("^C")
    listener.wait_for("captured")
    lab.finish("Captured on Bob (192.168.1.108), interface eth0. Alice (192.168.1.109) telnets to Bob's web server on port 80 and quits.")
