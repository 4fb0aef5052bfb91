#!/bin/sh
# Records bridge.pcap: two Linux bridges with spanning tree on one wire. Needs Linux, root, iproute2, tcpdump.
set -eu
cd "$(dirname "$0")"
for ns in a b; do ip netns add "pt-$ns"; done
trap 'for ns in a b; do ip netns del "pt-$ns"; done' EXIT
ip link add name wire netns pt-a address 02:00:00:00:00:01 type veth peer name wire netns pt-b address 02:00:00:00:00:02
for ns in a b; do
    ip -n "pt-$ns" link add name lan type bridge stp_state 1 forward_delay 200 hello_time 100
    ip -n "pt-$ns" link set wire master lan
    ip -n "pt-$ns" link set wire up
done
ip netns exec pt-a tcpdump -U -i wire -w bridge.pcap stp 2>/dev/null & watch=$!
sleep 1
for ns in a b; do ip -n "pt-$ns" link set lan up; done
sleep 6
kill $watch; wait || true
