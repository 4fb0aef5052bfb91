"""telnet to a server on the same host, seen on the loopback interface (2.2.2)."""

import time

from lab import Lab
from servers import super_server

with Lab(__file__, "telnet", "telnetd", "xinetd") as lab:
    alice = lab.host("alice")
    super_server(alice, "telnet")

    lab.capture(alice, "tcp port 23", "lo")
    lab.watch(alice)
    listener = lab.terminal(alice, "tcpdump", "tcpdump", width=100, root=True)
    listener.type("tcpdump -ntx -i lo port 23", "listening on")
    client = lab.terminal(alice, "alice", "telnet")
    time.sleep(0.8)
    client.type("telnet 127.0.0.1", "login:")
    time.sleep(1)
    client.key("^]")
    client.wait_for("telnet>")
    client.run("quit")
    time.sleep(1)
    listener.key("^C")
    listener.wait_for("captured")
    lab.finish("Captured on the interface lo of a host that telnets to itself.")
