#!/bin/sh
# Records multicast.pcap: a host joins and leaves groups as IGMP 3, 2 and 1 and MLD 2 and 1 put it, behind a bridge that asks
# who listens. Needs Linux, root, iproute2, tcpdump and python3.
set -eu
cd "$(dirname "$0")"
for ns in h s; do ip netns add "pt-$ns"; done
trap 'for ns in h s; do ip netns del "pt-$ns"; done' EXIT
on() { ns=$1; shift; ip netns exec "pt-$ns" "$@"; }
ip link add eth0 netns pt-h type veth peer name s1 netns pt-s
on s ip link add name sw type bridge mcast_snooping 1 mcast_query_response_interval 100 mcast_startup_query_count 1
on s ip link set s1 master sw
on s ip link set dev sw type bridge mcast_igmp_version 3 mcast_mld_version 2
on s ip addr add 192.0.2.2/24 dev sw
on h sysctl -qw net.ipv6.conf.eth0.accept_dad=0
on h ip addr add 192.0.2.1/24 dev eth0
on h ip link set eth0 up
on h tcpdump -U -i eth0 -w multicast.pcap 'igmp or (ip6 and ip6[6] == 0)' 2>/dev/null & dump=$!
sleep 1
for ns in h s; do on $ns ip link set lo up; done
on s ip link set s1 up; on s ip link set sw up
sleep 1
join() { on h python3 - "$@" <<'P'
import socket, struct, sys, time
group, source = sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else None
if ":" in group:
    s = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
    index = socket.if_nametoindex("eth0")
    if source:
        # MCAST_JOIN_SOURCE_GROUP: struct group_source_req
        address = lambda a: struct.pack("=HHI", socket.AF_INET6, 0, 0) + socket.inet_pton(socket.AF_INET6, a) + bytes(104)
        s.setsockopt(41, 46, struct.pack("=II", index, 0) + address(group) + address(source))
    else:
        s.setsockopt(41, socket.IPV6_JOIN_GROUP, socket.inet_pton(socket.AF_INET6, group) + struct.pack("=I", index))
else:
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    a = socket.inet_aton
    if source:
        s.setsockopt(0, 39, a(group) + a("192.0.2.1") + a(source))  # IP_ADD_SOURCE_MEMBERSHIP
    else:
        s.setsockopt(0, socket.IP_ADD_MEMBERSHIP, a(group) + a("192.0.2.1"))
time.sleep(1.2)
P
}
ask() { on s ip link set dev sw type bridge mcast_querier 0; on s ip link set dev sw type bridge mcast_querier 1; sleep 1.5; }
join 239.1.2.3 & join ff05::1:3 & ask; wait %2 %3 2>/dev/null || sleep 1
join 232.1.1.1 198.51.100.7
join ff35::1:1 2001:db8::7
on s ip link set dev sw type bridge mcast_igmp_version 2 mcast_mld_version 1
on h sysctl -qw net.ipv4.conf.eth0.force_igmp_version=2 net.ipv6.conf.eth0.force_mld_version=1
join 239.1.2.4 & join ff05::1:4 & ask; sleep 1
on h sysctl -qw net.ipv4.conf.eth0.force_igmp_version=1
join 239.1.2.5
sleep 1
kill $dump; wait $dump || true
