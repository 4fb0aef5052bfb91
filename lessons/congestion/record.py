"""A transfer through a narrow place with a short queue, which loses what does not fit and once goes silent (3.10)."""

import random
import time

from lab import Lab
from servers import web_server

LOOK = """
# What the kernel says of the connection that sends, ten times a second.
while sleep 0.1; do
    now=$(ss -Htin 'sport = 80' | grep -oP '(?<= )(cwnd|ssthresh|unacked|rto):\d+' | paste -sd ' ')
    [ -n "$now" ] && echo "$(date +%T.%1N) $now"
done
"""

with Lab(__file__, "nft", "nginx", "tc", "wget") as lab:
    lan = lab.switch()
    alice = lab.host("alice")
    # 20 ms each way.
    alice.far(lan, "192.168.1.109/24", 20)
    bob = lab.host("bob", (lan, "192.168.1.108/24"))
    bob.file("look.sh", LOOK)
    web_server(bob, **{"file.bin": random.Random(2).randbytes(1_000_000)})
    lan.narrow("alice0", "2mbit", 24000)
    alice.knows(bob.address)

    # Headers are in the first bytes.
    lab.capture(bob, "tcp port 80", snap=96)
    lab.watch(alice, bob)
    table = lab.terminal(bob, "bob", "Bob: ss", width=110, root=True)
    table.run("sysctl net.ipv4.tcp_congestion_control")
    table.run("cat look.sh")
    table.type("bash look.sh")
    client = lab.terminal(alice, "alice", "Alice: wget", width=100)
    client.type("wget --progress=dot:binary http://192.168.1.108/file.bin")
    # Slow start overflows the queue, recovery and congestion avoidance follow; then nothing arrives for a while.
    time.sleep(2.5)
    lan.lose("ip saddr 192.168.1.108")
    time.sleep(1.5)
    lan.lose_nothing()
    client.wait_for("saved", patience=60)
    time.sleep(0.6)
    table.key("^C")
    table.wait_for("bob#")
    lab.finish("Captured on Bob (192.168.1.108), interface eth0, the first 96 bytes of each packet. Alice (192.168.1.109) fetches a file through a link of 2 Mbit/s with a queue of 24 kB, which loses everything for a second and a half.")
