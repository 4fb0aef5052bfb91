#!/usr/bin/env bash
# Records static/samples/mixed.pcapng, the capture that the home page offers: ARP, a ping in one piece and in fragments, a
# name looked up, a web page fetched by that name, and a connection refused. Run as root on Linux; safe to repeat.
set -euo pipefail
cd "$(dirname "$0")"
. ./hosts.sh
need ip tcpdump python3 editcap ethtool ss ping curl dnsmasq

hosts 192.168.1.109 192.168.1.108

mkdir -p "$WORK/site" "$WORK/dns"
cat >"$WORK/site/index.html" <<'END'
<!doctype html>
<title>Bob's page</title>
<h1>Hello from Bob</h1>
<p>These words crossed the wire in a TCP segment. Choose its packet and find them among its bytes.</p>
END
start bob python3 -m http.server 80 --bind 192.168.1.108 --directory "$WORK/site" >"$WORK/server" 2>&1
# Bob knows one name and asks nobody else.
start bob dnsmasq --keep-in-foreground --conf-file=/dev/null --no-resolv --no-hosts --pid-file= --user=root \
    --listen-address=192.168.1.108 --bind-interfaces --address=/www.example.com/192.168.1.108 --log-facility="$WORK/dns/log"
until_ on bob sh -c 'ss -ltn | grep -q 192.168.1.108:80 && ss -lun | grep -q 192.168.1.108:53'

start bob tcpdump -i eth0 --time-stamp-precision=nano --immediate-mode -U -w "$WORK/mixed.pcap" 2>"$WORK/tcpdump"
tcpdump=$!
until_ grep -q 'listening on' "$WORK/tcpdump"

# A file system of Alice's own, so that names are asked of Bob and the machine's resolver stays as it is.
echo 'nameserver 192.168.1.108' >"$WORK/resolv.conf"
as_alice() {
    on alice unshare --mount sh -c 'mount --bind "$0" /etc/resolv.conf && exec "$@"' "$WORK/resolv.conf" "$@"
}

sleep 0.2
as_alice ping -n -c 2 -i 0.5 192.168.1.108
sleep 0.6
as_alice ping -n -c 1 -s 1473 192.168.1.108
sleep 0.8
as_alice curl -sS http://www.example.com/
sleep 0.5
# Nobody listens on port 8080: the answer is a reset.
as_alice curl -sS http://www.example.com:8080/ || true
sleep 0.5
kill "$tcpdump"
wait "$tcpdump" || true

editcap -F pcapng --capture-comment "Captured on Bob (192.168.1.108), interface eth0. Alice (192.168.1.109) pings, asks for www.example.com, fetches a page and is refused on port 8080. Recorded by lessons/recorder/sample.sh." \
    "$WORK/mixed.pcap" ../../static/samples/mixed.pcapng
tcpdump -entr ../../static/samples/mixed.pcapng 2>/dev/null
