"""A login over a path with delay: one character a segment, its echo, delayed acknowledgments, Nagle's algorithm on and off (3.6)."""

import time

from lab import Lab
from servers import super_server

TYPIST = """
import socket, sys, time
s = socket.create_connection(("192.168.1.108", 7))
s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, sys.argv[1:] == ["nodelay"])
for letter in b"interactive":
    s.send(bytes([letter]))
    time.sleep(0.03)
time.sleep(1)
s.recv(100)
"""

with Lab(__file__, "telnet", "telnetd", "xinetd") as lab:
    lan = lab.switch()
    alice = lab.host("alice")
    # 50 ms each way.
    alice.far(lan, "192.168.1.109/24", 50)
    bob = lab.host("bob", (lan, "192.168.1.108/24"))
    # A user of this host's own: name student, password lesson.
    bob.settings("passwd", f"root:x:0:0:root:/root:/bin/sh\nstudent:x:1000:1000::{bob.home}:/bin/bash\n")
    bob.settings("group", "root:x:0:\ntty:x:5:\nstudent:x:1000:\n")
    bob.settings("shadow", "student:$6$lesson$WYfQkZYvYM4prSs3VmuzwTTrU3gaae02o0Oesu12aU6ZPf0faE.FmozB5EBOwe.dcU/9OU5gSkdTD3detdyXm/:19000::::::\n")
    bob.settings("motd", "")
    bob.file(".hushlogin", "")
    bob.file("letter.txt", "Dear Bob\n")
    super_server(bob, "echo", "telnet")
    alice.file("typist.py", TYPIST)
    alice.knows(bob.address)

    lab.capture(alice, "tcp")
    lab.watch(alice, bob)
    client = lab.terminal(alice, "alice", "Alice: telnet")
    client.run("ping -c 2 192.168.1.108")
    client.type("telnet 192.168.1.108", "login: ")
    client.type("student", "Password: ")
    client.type("lesson", "$ ")
    time.sleep(1)
    client.type("ls", "letter.txt", "$ ")
    time.sleep(1)
    client.type("exit", "alice$ ")
    time.sleep(1)
    client.run("cat typist.py")
    client.run("python3 typist.py")
    time.sleep(0.5)
    client.run("python3 typist.py nodelay")
    time.sleep(0.5)
    lab.finish("Captured on Alice (192.168.1.109), interface eth0, 50 ms away from Bob (192.168.1.108). Alice logs in and types ls; then eleven characters to Bob's echo server with Nagle's algorithm and without.")
