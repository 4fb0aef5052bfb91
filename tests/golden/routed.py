"""Both ends of the connection that record_routed.sh records; each state lasts for a second."""

import socket
import sys
import time

if sys.argv[1] == "serve":
    with socket.create_server(("", 8080)) as listener:
        peer, _ = listener.accept()
        peer.sendall(b"answer to " + peer.recv(100))
        peer.recv(100)
        # The client has closed: this end waits in CLOSE-WAIT.
        time.sleep(1)
        peer.close()
else:
    with socket.create_connection(("10.0.2.2", 8080)) as peer:
        peer.sendall(b"question\n")
        peer.recv(100)
        time.sleep(1.2)
