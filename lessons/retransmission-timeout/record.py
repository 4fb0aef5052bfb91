"""A path that is cut while something is said: the same segment again and again until the kernel gives up (3.9)."""

import time

from lab import Lab

with Lab(__file__, "nc", "telnet") as lab:
    lan = lab.switch()
    alice = lab.host("alice", (lan, "192.168.1.109/24"))
    bob = lab.host("bob", (lan, "192.168.1.102/24"))
    # iperf itself hangs up on what is not its own greeting; nc only listens.
    # Linux would try for a quarter of an hour (tcp_retries2 = 15).
    alice.sysctl("net.ipv4.tcp_retries2", 8)
    alice.knows(bob.address)
    # The cut is in the path: the hosts go on knowing each other's hardware addresses.
    alice.run("ip", "neighbour", "replace", bob.address, "lladdr", "02:00:00:00:01:02", "dev", "eth0", "nud", "permanent")

    lab.capture(alice, "tcp port 5001")
    lab.watch(alice, bob)
    server = lab.terminal(bob, "bob", "Bob: nc")
    server.type("nc -l 5001")
    bob.listens(5001)
    listener = lab.terminal(alice, "tcpdump", "Alice: tcpdump", width=110, root=True)
    listener.type("tcpdump -nt -i eth0 port 5001", "listening on")
    client = lab.terminal(alice, "alice", "Alice: telnet")
    client.run("sysctl net.ipv4.tcp_retries2")
    table = lab.terminal(alice, "ss", "Alice: ss", width=100, root=True)
    table.run("ss -tan")
    client.type("telnet 192.168.1.102 5001", "Escape character is")
    table.run("ss -tino dst 192.168.1.102")
    time.sleep(1)
    client.type("hello")
    time.sleep(2)
    bob.cable("down")
    client.type("again")
    for pause in (1, 2, 4, 8, 16):
        time.sleep(pause)
        table.run("ss -tino dst 192.168.1.102")
    client.wait_for("alice$", patience=200)
    client.run("date")
    table.run("ss -tan")
    time.sleep(0.5)
    listener.key("^C")
    listener.wait_for("captured")
    lab.finish("Captured on Alice (192.168.1.109), interface eth0. Alice types to a program of Bob's (192.168.1.102) on iperf's port 5001; then the path is cut.")
