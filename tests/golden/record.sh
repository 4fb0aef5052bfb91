#!/bin/sh
# Records network.pcap and cooked.pcap: host a and host b with a router between them, whose second link takes 1400 bytes.
# Needs Linux, root, iproute2, tcpdump, ping and python3. Writes the lines that tcpdump prints beside each capture.
set -eu
cd "$(dirname "$0")"
for ns in a r b; do ip netns add "pt-$ns"; done
trap 'for ns in a r b; do ip netns del "pt-$ns"; done' EXIT
ip link add eth0 netns pt-a type veth peer name ra netns pt-r
ip link add eth0 netns pt-b type veth peer name rb netns pt-r
on() { ns=$1; shift; ip netns exec "pt-$ns" "$@"; }
for ns in a b; do on $ns ip link set lo up; on $ns sysctl -qw net.ipv6.conf.eth0.accept_dad=0; on $ns ethtool -K eth0 tso off gso off tx off 2>/dev/null || true; done
on a ip addr add 192.0.2.1/25 dev eth0; on a ip -6 addr add 2001:db8:1::1/64 dev eth0 nodad
on r ip addr add 192.0.2.2/25 dev ra; on r ip -6 addr add 2001:db8:1::2/64 dev ra nodad
on b ip addr add 192.0.2.129/25 dev eth0; on b ip -6 addr add 2001:db8:2::1/64 dev eth0 nodad
on r ip addr add 192.0.2.130/25 dev rb; on r ip -6 addr add 2001:db8:2::2/64 dev rb nodad
on a ip link set eth0 up; on b ip link set eth0 mtu 1400 up; on r ip link set ra up; on r ip link set rb mtu 1400 up
on r sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1
on a ip route add default via 192.0.2.2; on a ip -6 route add default via 2001:db8:1::2
on b ip route add default via 192.0.2.130; on b ip -6 route add default via 2001:db8:2::2
on a tcpdump -U -i eth0 -w network.pcap 2>/dev/null & one=$!
on a tcpdump -U -i any -w cooked.pcap 2>/dev/null & two=$!
sleep 2
on b python3 talk.py serve & server=$!
sleep 1
on a ping -c 2 192.0.2.129 || true
on a ping -c 1 -t 1 192.0.2.129 || true
on a ping -c 1 -M do -s 1450 192.0.2.129 || true
on a ping -c 1 -s 3000 192.0.2.129 || true
on a ping -c 1 203.0.113.9 || true
on a ping -6 -c 2 2001:db8:2::1 || true
on a ping -6 -c 1 -t 1 2001:db8:2::1 || true
on a ping -6 -c 1 -s 1450 2001:db8:2::1 || true
on a ping -6 -c 1 -s 3000 2001:db8:2::1 || true
on a ping -6 -c 1 2001:db8:3::1 || true
on a python3 talk.py ask 192.0.2.129
on a python3 talk.py ask 2001:db8:2::1
on a python3 talk.py ask 127.0.0.1 || true
sleep 1
kill $one $two $server; wait || true
for name in network cooked; do ip netns exec pt-r unshare -n tcpdump -ntr $name.pcap 2>/dev/null > $name.lines; done
