"""A file of two megabytes fetched by FTP, over a data connection that the client opens and one that the server opens (3.7)."""

import random
import time

from lab import Lab
from servers import ftp_server

with Lab(__file__, "ftp", "vsftpd") as lab:
    lan = lab.switch()
    alice = lab.host("alice")
    # 5 ms each way.
    alice.far(lan, "192.168.1.109/24", 5)
    bob = lab.host("bob", (lan, "192.168.1.108/24"))
    folder = lab.work / "files"
    folder.mkdir()
    # The same bytes each time; what they are does not matter.
    (folder / "1.mp4").write_bytes(random.Random(1).randbytes(2_000_000))
    (folder / "small.txt").write_text("A small file.\n" * 20)
    ftp_server(bob, folder)
    alice.knows(bob.address)

    # Headers, and the words of the control connection, are in the first bytes.
    lab.capture(alice, "tcp", snap=128)
    lab.watch(alice, bob)
    client = lab.terminal(alice, "alice", "Alice: ftp")
    client.type("ftp -A 192.168.1.108", "Name (")
    client.type("ftp", "Password:")
    client.type("alice@example.com", "ftp> ")
    client.type("dir", "226", "ftp> ")
    time.sleep(1)
    client.type("passive on", "ftp> ")
    client.type("get 1.mp4", "226", "ftp> ")
    time.sleep(1)
    client.type("quit", "alice$ ")
    time.sleep(0.5)
    lab.finish("Captured on Alice (192.168.1.109), interface eth0, the first 128 bytes of each packet. Alice lists a directory of Bob's (192.168.1.108) over a connection that he opens and fetches a file over one that she opens.")
