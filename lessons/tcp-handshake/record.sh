#!/usr/bin/env bash
# Records capture.pcapng, alice.cast and bob.cast: one TCP connection opened and closed, with nothing said in between.
# Run as root on Linux: `cargo xtask record tcp-handshake`. Safe to repeat; it replaces the three files only when all went well.
set -euo pipefail
cd "$(dirname "$0")"
. ../recorder/hosts.sh
need ip tcpdump telnet python3 editcap ethtool ss ping

hosts 192.168.1.109 192.168.1.108
filter='tcp port 80 and host 192.168.1.109'
# Bob acknowledges at once. Otherwise Linux waits some milliseconds for something to send along, Bob's own FIN comes
# first, and the two ways of closing show as one segment.
ip -n "$BOB" route change 192.168.1.0/24 dev eth0 src 192.168.1.108 quickack 1

mkdir "$WORK/site"
echo '<h1>Hello from Bob</h1>' >"$WORK/site/index.html"
start bob python3 -m http.server 80 --bind 192.168.1.108 --directory "$WORK/site" >"$WORK/server" 2>&1
until_ on bob sh -c 'ss -ltn | grep -q 192.168.1.108:80'

# Alice and Bob have spoken before: their ARP caches are warm, as the book's are.
on alice ping -q -c 1 192.168.1.108 >/dev/null

start bob tcpdump -i eth0 --time-stamp-precision=nano --immediate-mode -U -w "$WORK/capture.pcap" "$filter" 2>"$WORK/tcpdump"
tcpdump=$!
until_ grep -q 'listening on' "$WORK/tcpdump"

on bob python3 ../recorder/terminal.py --out "$WORK/bob.cast" --title 'Bob: tcpdump' --prompt 'bob# ' --width 120 <<END &
expect bob#
pause 0.6
type tcpdump -i eth0 -ent '$filter'
expect listening on
touch $WORK/listening
await $WORK/done
pause 0.8
key ^C
expect bob#
END
bob=$!

on alice python3 ../recorder/terminal.py --out "$WORK/alice.cast" --title 'Alice: telnet' --prompt 'alice$ ' --width 80 <<END
expect alice$
await $WORK/listening
pause 1.2
type telnet 192.168.1.108 80
expect Escape character is
pause 2.4
key ^]
expect telnet>
pause 0.9
type quit
expect alice$
pause 1.5
type ss -tano
expect alice$
pause 0.5
END
touch "$WORK/done"
wait "$bob"
sleep 0.3
kill "$tcpdump"
wait "$tcpdump" || true

editcap -F pcapng --capture-comment "Captured on Bob (192.168.1.108), interface eth0. Alice (192.168.1.109) telnets to Bob's HTTP server on port 80 and quits. Recorded by lessons/tcp-handshake/record.sh." \
    "$WORK/capture.pcap" "$WORK/capture.pcapng"
cp "$WORK/capture.pcapng" "$WORK/alice.cast" "$WORK/bob.cast" .
tcpdump -entr capture.pcapng 2>/dev/null
echo "Recorded. Numbers that the system chose anew also stand in the prose: cargo test --test lessons names them."
