#!/bin/sh
# Records proxy.pcap: a client asks a server through Squid, on three hosts in a row; captured on the proxy's two links.
# Needs Linux, root, iproute2, tcpdump, squid, curl and python3.
set -eu
cd "$(dirname "$0")"
work=$(mktemp -d)
chmod 777 "$work"
for ns in c p s; do ip netns add "pt-$ns"; done
trap 'for ns in c p s; do for pid in $(ip netns pids "pt-$ns"); do kill "$pid" 2>/dev/null; done; ip netns del "pt-$ns"; done; rm -rf "$work"' EXIT
ip link add eth0 netns pt-c type veth peer name pc netns pt-p
ip link add eth0 netns pt-s type veth peer name ps netns pt-p
on() { ns=$1; shift; ip netns exec "pt-$ns" "$@"; }
for ns in c p s; do on $ns ip link set lo up; on $ns sysctl -qw net.ipv6.conf.all.disable_ipv6=1; done
on c ip addr add 192.0.2.1/25 dev eth0; on p ip addr add 192.0.2.2/25 dev pc
on s ip addr add 192.0.2.129/25 dev eth0; on p ip addr add 192.0.2.130/25 dev ps
on c ip link set eth0 up; on s ip link set eth0 up; on p ip link set pc up; on p ip link set ps up
mkdir "$work/www"; echo 'hello, proxy' >"$work/www/index.html"
cat >"$work/squid.conf" <<CONF
http_port 3128
http_access allow all
cache deny all
pid_filename $work/squid.pid
access_log none
cache_log $work/cache.log
coredump_dir $work
via on
CONF
on s python3 -m http.server 80 --directory "$work/www" >/dev/null 2>&1 &
on p squid -N -f "$work/squid.conf" >/dev/null 2>&1 &
sleep 3
on p tcpdump -U -i any -w proxy.pcap tcp 2>/dev/null & capture=$!
sleep 1
on c curl -s -x http://192.0.2.2:3128 http://192.0.2.129/ http://192.0.2.129/missing >/dev/null
on c curl -s -p -x http://192.0.2.2:3128 http://192.0.2.129/index.html >/dev/null
sleep 1
kill $capture; wait $capture || true
