"""A SYN that is dropped without a word, sent again and again until the caller gives up (3.3.3). Takes two minutes and a half."""

import time

from lab import Lab
from servers import super_server

with Lab(__file__, "iptables-legacy", "telnet", "telnetd", "xinetd") as lab:
    lan = lab.switch()
    alice = lab.host("alice", (lan, "192.168.1.109/24"))
    bob = lab.host("bob", (lan, "192.168.1.108/24"))
    super_server(bob, "telnet")
    alice.knows(bob.address)

    lab.capture(alice, "tcp port 23")
    lab.watch(alice, bob)
    server = lab.terminal(bob, "bob", "Bob: iptables", root=True)
    server.run("iptables-legacy -F")
    server.run("iptables-legacy -I INPUT -p tcp --syn -i eth0 -j DROP")
    server.run("iptables-legacy -nL INPUT")
    listener = lab.terminal(alice, "tcpdump", "Alice: tcpdump", width=110, root=True)
    listener.type("tcpdump -n -i eth0 port 23", "listening on")
    client = lab.terminal(alice, "alice", "Alice: telnet")
    # Newer kernels (6.5) send four more SYNs a second apart before they begin to double; the book's did not.
    setting = lab.terminal(alice, "sysctl", "Alice: sysctl", root=True)
    setting.run("sysctl -w net.ipv4.tcp_syn_linear_timeouts=0")
    setting.run("sysctl net.ipv4.tcp_syn_retries")
    time.sleep(0.6)
    client.type("date; telnet 192.168.1.108; date", "timed out", "alice$ ", patience=200)
    time.sleep(1)
    listener.key("^C")
    listener.wait_for("captured")
    server.run("iptables-legacy -nvL INPUT")
    lab.finish("Captured on Alice (192.168.1.109), interface eth0. Alice telnets to Bob (192.168.1.108), whose firewall drops every SYN.")
