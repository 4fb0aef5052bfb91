"""A name with an alias and two addresses, looked up through a resolver that asks the root, com, net and the name's own server (1.6)."""

import time

from lab import Lab
from servers import name_server

with Lab(__file__, "host", "named") as lab:
    lan, far = lab.switch("lan"), lab.switch("far")
    alice = lab.host("alice", (lan, "192.168.1.109/24"))
    resolver = lab.host("resolver", (lan, "192.168.1.1/24"), (far, "203.0.113.1/24"))
    root = lab.host("root", (far, "203.0.113.10/24"))
    tld = lab.host("tld", (far, "203.0.113.20/24"))
    own = lab.host("own", (far, "203.0.113.53/24"))
    alice.settings("resolv.conf", "nameserver 192.168.1.1\n")
    tld_lines = "@ NS ns.tld.net.\nexample NS ns.example.net.\n"
    glue = "ns.tld A 203.0.113.20\nns.example A 203.0.113.53\n"
    name_server(root, {".": "@ NS root.example.\nroot.example. A 203.0.113.10\ncom. NS ns.tld.net.\nnet. NS ns.tld.net.\nns.tld.net. A 203.0.113.20\n"})
    name_server(tld, {"com": tld_lines, "net": tld_lines + glue})
    own_lines = "@ NS ns.example.net.\n"
    name_server(own, {
        "example.com": own_lines + "www CNAME www.a.example.net.\n",
        "example.net": own_lines + "ns A 203.0.113.53\nwww.a A 203.0.113.80\nwww.a A 203.0.113.81\nwww.other A 203.0.113.82\n",
    })
    name_server(resolver, {}, root=root.address, recursive=True)
    alice.knows(resolver.address)
    for server in (root, tld, own):
        resolver.knows(server.address)
    # The resolver has been at work: it knows the servers of the root, of net and of example.net, but has never asked for com.
    for what in (["-t", "NS", "."], ["ns.tld.net"], ["www.other.example.net"]):
        resolver.ask("host", *what, "127.0.0.1")

    lab.capture(alice, "port domain")
    lab.capture(resolver, "port domain", "eth1")
    listener = lab.terminal(alice, "tcpdump", "Alice: tcpdump", width=110, root=True)
    listener.type("tcpdump -i eth0 -nt -s 500 port domain", "listening on")
    client = lab.terminal(alice, "alice", "Alice: host")
    client.run("cat /etc/resolv.conf")
    time.sleep(0.6)
    client.run("host -t A www.example.com")
    time.sleep(2)
    client.run("host -t A www.example.com")
    time.sleep(1)
    client.run("host -t A nowhere.example.com")
    time.sleep(1)
    listener.key("^C")
    listener.wait_for("captured")
    lab.finish("Captured on Alice (192.168.1.109) and on the resolver's outer interface (203.0.113.1). Alice looks up www.example.com twice, and a name that does not exist.")
