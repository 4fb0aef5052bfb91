"""One byte out of band: URG and the urgent pointer (3.8)."""

import time

from lab import Lab

SEND = """
import socket, time
s = socket.create_connection(("192.168.1.108", 12345))
s.send(b"123")
time.sleep(1)
s.send(b"abc", socket.MSG_OOB)
time.sleep(1)
s.send(b"123")
s.close()
"""
RECEIVE = """
import select, socket
server = socket.create_server(("", 12345))
c, peer = server.accept()
while True:
    ready, _, urgent = select.select([c], [], [c])
    if urgent:
        print("out of band:", c.recv(1, socket.MSG_OOB), flush=True)
    data = c.recv(100)
    print("ordinary:   ", data, flush=True)
    if not data:
        break
"""

with Lab(__file__) as lab:
    lan = lab.switch()
    alice = lab.host("alice", (lan, "192.168.1.109/24"))
    bob = lab.host("bob", (lan, "192.168.1.108/24"))
    alice.file("send.py", SEND)
    bob.file("receive.py", RECEIVE)
    alice.knows(bob.address)

    lab.capture(alice, "tcp port 12345")
    lab.watch(alice, bob)
    server = lab.terminal(bob, "bob", "Bob: receive.py")
    server.run("cat receive.py")
    server.type("python3 receive.py")
    bob.listens(12345)
    listener = lab.terminal(alice, "tcpdump", "Alice: tcpdump", width=110, root=True)
    listener.type("tcpdump -ntx -i eth0 port 12345", "listening on")
    client = lab.terminal(alice, "alice", "Alice: send.py")
    client.run("cat send.py")
    client.run("python3 send.py")
    server.wait_for("bob$")
    time.sleep(1)
    listener.key("^C")
    listener.wait_for("captured")
    lab.finish("Captured on Alice (192.168.1.109), interface eth0. Alice sends Bob (192.168.1.108) 123, then abc as urgent data, then 123.")
