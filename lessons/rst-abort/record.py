"""A connection closed with SO_LINGER 0: a reset in place of a FIN (3.5, case 2)."""

import time

from lab import Lab

ABORT = """
import socket, struct
s = socket.create_connection(("192.168.1.108", 12345))
s.send(b"hello, Bob\\n")
input("Return closes with SO_LINGER 0: ")
s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
s.close()
"""
SERVE = """
import socket
s = socket.create_server(("", 12345))
c, peer = s.accept()
print("accepted", peer, flush=True)
try:
    while data := c.recv(100):
        print("recv:", data, flush=True)
    print("end of file")
except OSError as why:
    print("recv:", why)
"""

with Lab(__file__) as lab:
    lan = lab.switch()
    alice = lab.host("alice", (lan, "192.168.1.109/24"))
    bob = lab.host("bob", (lan, "192.168.1.108/24"))
    alice.file("abort.py", ABORT)
    bob.file("serve.py", SERVE)
    alice.knows(bob.address)

    lab.capture(bob, "tcp port 12345")
    lab.watch(alice, bob)
    server = lab.terminal(bob, "bob", "Bob: serve.py")
    server.run("cat serve.py")
    server.type("python3 serve.py")
    bob.listens(12345)
    client = lab.terminal(alice, "alice", "Alice: abort.py")
    client.run("cat abort.py")
    client.type("python3 abort.py", "LINGER 0: ")
    time.sleep(1)
    client.type("", "alice$ ")
    server.wait_for("reset by peer")
    time.sleep(0.5)
    client.run("ss -tan")
    lab.finish("Captured on Bob (192.168.1.108), interface eth0. Alice (192.168.1.109) sends a line, then aborts the connection.")
