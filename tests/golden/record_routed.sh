#!/bin/sh
# Records routed.pcapng and masqueraded.pcapng: client, router and server, each packet seen on both of the router's links,
# the second time with a router that masquerades. What the hosts' own commands print stands in *.tables, each
# under the nanosecond since 1970 at which it was asked. The second link takes 1400 bytes.
# Needs Linux, root, iproute2, net-tools, tcpdump, mergecap, nft, ping and python3.
set -eu
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'for ns in c r s; do ip netns del "ptr-$ns" 2>/dev/null || true; done; rm -rf "$work"' EXIT
on() { ns=$1; shift; ip netns exec "ptr-$ns" "$@"; }
# Asks a host, and notes when.
ask() { host=$1; shift; echo "# $(date +%s%N) $host $*" >> "$tables"; on "$host" "$@" >> "$tables" || true; }
all() { for host in c r s; do ask $host arp -n; ask $host ip route; ask $host ss -tanH; done; }
run() {
    name=$1; tables=$1.tables; : > "$tables"
    for ns in c r s; do ip netns add "ptr-$ns"; done
    ip link add eth0 netns ptr-c type veth peer name eth1 netns ptr-r
    ip link add eth0 netns ptr-s type veth peer name eth2 netns ptr-r
    on c ip link set eth0 address 02:00:00:00:01:02; on r ip link set eth1 address 02:00:00:00:01:01
    on s ip link set eth0 address 02:00:00:00:02:02; on r ip link set eth2 address 02:00:00:00:02:01
    for ns in c r s; do on $ns sysctl -qw net.ipv6.conf.all.disable_ipv6=1; on $ns ip link set lo up; done
    for end in "c eth0" "s eth0" "r eth1" "r eth2"; do
        set -- $end; on $1 ethtool -K $2 tso off gso off gro off tx off >/dev/null 2>&1 || true
    done
    on c ip addr add 10.0.1.2/24 dev eth0; on r ip addr add 10.0.1.1/24 dev eth1
    on s ip addr add 10.0.2.2/24 dev eth0; on r ip addr add 10.0.2.1/24 dev eth2
    on c ip link set eth0 up; on s ip link set eth0 up; on r ip link set eth1 up; on r ip link set eth2 mtu 1400 up
    on s ip link set eth0 mtu 1400
    on r sysctl -qw net.ipv4.ip_forward=1
    on c ip route add default via 10.0.1.1; on s ip route add default via 10.0.2.1
    if [ "$name" = masqueraded ]; then
        on r nft add table ip nat
        on r nft add chain ip nat out '{ type nat hook postrouting priority 100 ; }'
        on r nft add rule ip nat out oifname eth2 masquerade
    fi
    on r tcpdump -U --immediate-mode -i eth1 -w "$work/1.pcap" 2>/dev/null & one=$!
    on r tcpdump -U --immediate-mode -i eth2 -w "$work/2.pcap" 2>/dev/null & two=$!
    sleep 1.5
    all
    on c ping -c 2 -i 0.3 10.0.2.2 >/dev/null
    sleep 0.2; all
    on c ping -c 1 -W 1 -M do -s 1400 10.0.2.2 >/dev/null || true
    ask c ip route get 10.0.2.2
    on c ping -c 1 -t 1 10.0.2.2 >/dev/null || true
    on s python3 routed.py serve & server=$!
    sleep 0.5
    on c python3 routed.py ask & client=$!
    # The program keeps each state for a second.
    sleep 0.7; all; sleep 1; all; sleep 1; all
    wait $client $server
    sleep 0.3
    kill $one $two; wait $one $two 2>/dev/null || true
    mergecap -F pcapng -I none -w "$name.pcapng" "$work/1.pcap" "$work/2.pcap"
    for ns in c r s; do ip netns del "ptr-$ns"; done
}
run routed
run masqueraded
