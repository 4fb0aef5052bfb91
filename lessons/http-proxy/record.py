"""A page fetched through a proxy: two TCP connections and one answer; and the same page from the proxy's cache (4.2)."""

import time

from lab import Lab
from servers import name_server, squid, web_server

with Lab(__file__, "wget", "squid", "nginx", "named", "arp") as lab:
    lan, far = lab.switch("lan"), lab.switch("far")
    alice = lab.host("alice", (lan, "192.168.1.109/24"))
    bob = lab.host("bob", (lan, "192.168.1.102/24"))
    router = lab.host("router", (lan, "192.168.1.1/24"), (far, "203.0.113.1/24"))
    site = lab.host("site", (far, "203.0.113.80/24"))
    router.sysctl("net.ipv4.ip_forward", 1)
    for host in (alice, bob):
        host.run("ip", "route", "add", "default", "via", "192.168.1.1")
        host.settings("resolv.conf", "nameserver 192.168.1.1\n")
    site.run("ip", "route", "add", "default", "via", "203.0.113.1")
    web_server(site, "<h1>Hello from www.example.com</h1>\n")
    name_server(router, {
        "example.com": "@ NS ns\nns A 192.168.1.1\nwww CNAME www.a.example.net.\n",
        "example.net": "@ NS ns\nns A 192.168.1.1\nwww.a A 203.0.113.80\n",
        "168.192.in-addr.arpa": "@ NS ns.example.com.\n",
    }, recursive=True)
    squid(bob, 3218, alice.address)

    lab.capture(bob, "(src 192.168.1.102) or (dst 192.168.1.102) or (arp)")
    lab.watch(alice, bob, site)
    server = lab.terminal(bob, "bob", "Bob: squid", root=True)
    server.run("ss -tln")
    listener = lab.terminal(bob, "tcpdump", "Bob: tcpdump", width=110, root=True)
    listener.type("tcpdump -s 2000 -i eth0 -ntS '(src 192.168.1.102) or (dst 192.168.1.102) or (arp)'", "listening on")
    client = lab.terminal(alice, "alice", "Alice: wget", width=100)
    client.run("arp -n")
    client.run('export http_proxy="192.168.1.102:3218"')
    client.run('wget -S -O - --header="Connection: close" http://www.example.com/index.html')
    time.sleep(1.5)
    client.run('wget -S -O - --header="Connection: close" http://www.example.com/index.html')
    time.sleep(1)
    listener.key("^C")
    listener.wait_for("captured")
    lab.finish("Captured on Bob (192.168.1.102), interface eth0, where squid listens on port 3218. Alice (192.168.1.109) fetches http://www.example.com/index.html through it twice.")
