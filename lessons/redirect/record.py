"""A host whose gateway knows a better one says so: ICMP redirect (2.6)."""

import time

from lab import Lab

with Lab(__file__, "route") as lab:
    lan, far = lab.switch("lan"), lab.switch("far")
    web12 = lab.host("web12", (lan, "192.168.91.12/24"))
    web11 = lab.host("web11", (lan, "192.168.91.187/24"))
    gateway = lab.host("gateway", (lan, "192.168.91.2/24"), (far, "203.0.113.2/24"))
    site = lab.host("site", (far, "203.0.113.80/24"))
    for router in (web11, gateway):
        router.sysctl("net.ipv4.ip_forward", 1)
    site.run("ip", "route", "add", "default", "via", "203.0.113.2")
    web11.run("ip", "route", "add", "default", "via", "192.168.91.2")
    web12.sysctl("net.ipv4.conf.all.accept_redirects", 1)
    web12.sysctl("net.ipv4.conf.eth0.accept_redirects", 1)
    web12.sysctl("net.ipv4.conf.all.secure_redirects", 0)
    web12.sysctl("net.ipv4.conf.eth0.secure_redirects", 0)
    web12.run("ip", "route", "add", "default", "via", "192.168.91.187")

    lab.capture(web12, "icmp or arp")
    # Of what web11 sees, only what web12 does not.
    lab.capture(web11, "(icmp or arp) and not ether host 02:00:00:00:91:12 and not ether broadcast")
    other = lab.terminal(web11, "web11", "web11", root=True)
    other.run("sysctl net.ipv4.ip_forward net.ipv4.conf.all.send_redirects")
    other.run("ip route")
    client = lab.terminal(web12, "web12", "web12", width=90, root=True)
    client.run("sysctl net.ipv4.conf.all.accept_redirects")
    client.run("ip route flush cache")
    client.run("route -n")
    client.run("ip route get 203.0.113.80")
    time.sleep(0.5)
    client.run("ping -c 4 203.0.113.80")
    time.sleep(0.3)
    client.run("ip route get 203.0.113.80")
    client.run("ip neighbour")
    time.sleep(0.5)
    lab.finish("Captured on web12 (192.168.91.12) and on web11 (192.168.91.187). web12 pings a site (203.0.113.80) by way of web11, which sends it on to the gateway (192.168.91.2) and says so.")
