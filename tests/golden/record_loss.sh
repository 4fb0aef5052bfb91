#!/bin/sh
# Records loss.pcap: host a and host b with a wire of 20 ms between them that loses what lossy.py says. Needs Linux, root, iproute2,
# tcpdump and python3. Only the headers are kept.
set -eu
cd "$(dirname "$0")"
for ns in a r b; do ip netns add "pt-$ns"; done
trap 'for ns in a r b; do ip netns del "pt-$ns"; done' EXIT
ip link add eth0 netns pt-a type veth peer name ra netns pt-r
ip link add eth0 netns pt-b type veth peer name rb netns pt-r
on() { ns=$1; shift; ip netns exec "pt-$ns" "$@"; }
for ns in a b; do on $ns ip link set lo up; on $ns sysctl -qw net.ipv6.conf.all.disable_ipv6=1; on $ns ethtool -K eth0 tso off gso off gro off tx off 2>/dev/null || true; done
on r sysctl -qw net.ipv6.conf.all.disable_ipv6=1
on a ip addr add 192.0.2.1/24 dev eth0; on b ip addr add 192.0.2.2/24 dev eth0
on r ip link set ra up; on r ip link set rb up
on a ip link set eth0 up; on b ip link set eth0 up
ip netns exec pt-a tcpdump -U -s 80 -i eth0 -w loss.pcap tcp 2>/dev/null & dump=$!
ip netns exec pt-r python3 lossy.py relay & relay=$!
ip netns exec pt-b python3 lossy.py serve & server=$!
sleep 2
on a python3 lossy.py ask
sleep 1
# Each of these is the program itself, not a shell around it.
kill $dump $relay $server; wait || true
unshare -n tcpdump -ntr loss.pcap 2>/dev/null > loss.lines
