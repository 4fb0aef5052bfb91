"""From typing a name to reading a page: DNS, ARP, TCP and HTTP of one request, seen by the host and at the far end."""

import time

from lab import Lab
from servers import name_server, web_server

with Lab(__file__, "telnet", "nginx", "named") as lab:
    lan, far = lab.switch("lan"), lab.switch("far")
    alice = lab.host("alice", (lan, "192.168.1.109/24"))
    router = lab.host("router", (lan, "192.168.1.1/24"), (far, "203.0.113.1/24"))
    site = lab.host("site", (far, "203.0.113.80/24"))
    router.sysctl("net.ipv4.ip_forward", 1)
    alice.run("ip", "route", "add", "default", "via", "192.168.1.1")
    alice.settings("resolv.conf", "nameserver 192.168.1.1\n")
    site.run("ip", "route", "add", "default", "via", "203.0.113.1")
    web_server(site, "<h1>Hello from www.example.com</h1>\n")
    name_server(router, {
        "example.com": "@ NS ns\nns A 192.168.1.1\nwww CNAME www.a.example.net.\n",
        "example.net": "@ NS ns\nns A 192.168.1.1\nwww.a A 203.0.113.80\n",
        "168.192.in-addr.arpa": "@ NS ns.example.com.\n",
    }, recursive=True)

    lab.capture(alice)
    lab.capture(site)
    lab.watch(alice, site)
    client = lab.terminal(alice, "alice", "Alice: telnet", width=90)
    client.run("cat /etc/resolv.conf")
    client.run("ip route")
    client.run("ip neighbour")
    time.sleep(0.5)
    client.type("telnet www.example.com 80", "Escape character is")
    time.sleep(0.8)
    client.type("GET /index.html HTTP/1.1")
    client.type("Host: www.example.com")
    client.type("Connection: close")
    client.type("", "alice$ ")
    client.run("ip neighbour")
    client.run("ss -tan")
    time.sleep(0.5)
    lab.finish("Captured on Alice (192.168.1.109) and on the site (203.0.113.80). Alice telnets to www.example.com, port 80, and asks for a page by hand.")
