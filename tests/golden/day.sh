#!/bin/bash
# Records static/samples/day.pcap: a laptop's day in a minute, by real programs on two hosts in network namespaces.
#
# A laptop gets its address, resolves names, browses over HTTP, HTTPS and HTTP/3, logs in, mails, prints its neighbours'
# names and so on. Needs Linux, root and Debian's dnsmasq udhcpc avahi-daemon avahi-utils bind9-dnsutils nginx curl
# openssh-server chrony gupnp-tools mosquitto mosquitto-clients vsftpd swaks tftpd-hpa tftp-hpa samba-common-bin sipsak socat
# telnet telnetd traceroute chromium tcpdump, and a Python with aioquic (PYTHON=…) for the server's HTTP/3.
set -u
here=$(cd "$(dirname "$0")" && pwd)
python=${PYTHON:-python3}
work=$(mktemp -d)
children=()
# Runs on a host, under that host's name.
on() { ip netns exec "pt-$1" unshare --uts sh -c 'hostname "$0"; exec "$@"' "${names[$1]}" "${@:2}"; }
declare -A names=([lap]=laptop [srv]=server)
# Runs in the background until the end.
serve() { on "$@" >"$work/$(basename "$2").log" 2>&1 & children+=($!); }
end() {
  kill "${children[@]}" 2>/dev/null
  for ns in lap srv; do
    for pid in $(ip netns pids "pt-$ns"); do kill "$pid" 2>/dev/null; done
    ip netns del "pt-$ns"
  done
  rm -rf "$work" /etc/netns/pt-lap /etc/netns/pt-srv
}
ip netns add pt-lap; ip netns add pt-srv
trap end EXIT
ip -n pt-lap link add name eth0 type veth peer name eth0 netns pt-srv
ip -n pt-lap link set eth0 address 02:00:5e:10:00:02; ip -n pt-srv link set eth0 address 02:00:5e:10:00:01
for ns in lap srv; do on $ns ethtool -K eth0 tso off gso off gro off tx off >/dev/null 2>&1; ip -n pt-$ns link set lo up; done
mkdir -p /etc/netns/pt-lap /etc/netns/pt-srv
echo "nameserver 192.168.7.1" >/etc/netns/pt-lap/resolv.conf
ip -n pt-srv addr add 192.168.7.1/24 dev eth0; ip -n pt-srv addr add 2001:db8:7::1/64 dev eth0 nodad; ip -n pt-srv link set eth0 up

ip netns exec pt-srv tcpdump -U -i eth0 -s 0 -w "$work/day.pcap" 2>/dev/null & tcpdump=$!
sleep 1
# The server's side.
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 30 -subj /CN=www.example.com \
  -addext subjectAltName=DNS:www.example.com -keyout "$work/key.pem" -out "$work/cert.pem" 2>/dev/null
serve srv dnsmasq -k --no-resolv --no-hosts --conf-file=/dev/null --pid-file= --dhcp-leasefile="$work/leases" --interface=eth0 \
  --domain=example.com --dhcp-range=192.168.7.100,192.168.7.110,2h --dhcp-range=2001:db8:7::100,2001:db8:7::110,64,2h --enable-ra \
  --address=/www.example.com/192.168.7.1 --address=/www.example.com/2001:db8:7::1 --mx-host=example.com,mail.example.com,10 \
  --cname=web.example.com,www.example.com --host-record=mail.example.com,192.168.7.1 --txt-record=example.com,"v=spf1 -all" \
  --srv-host=_sip._udp.example.com,mail.example.com,5060 --ptr-record=1.7.168.192.in-addr.arpa,www.example.com
mkdir -p "$work/www" "$work/ftp" "$work/tftp"; chmod 755 "$work" "$work/www" "$work/ftp" "$work/tftp"
printf '<!doctype html><title>Hello</title><p>Hello from www.example.com\n' >"$work/www/index.html"
head -c 3000 /dev/zero | tr '\0' 'x' >"$work/www/page.txt"; cp "$work/www/page.txt" "$work/ftp/"; cp "$work/www/page.txt" "$work/tftp/"
cat >"$work/nginx.conf" <<CONF
daemon off; pid $work/nginx.pid; error_log $work/nginx.err;
events {}
http { access_log off; gzip on; gzip_types text/plain;
  server { listen 80; listen [::]:80; listen 443 ssl http2; listen [::]:443 ssl http2;
    ssl_certificate $work/cert.pem; ssl_certificate_key $work/key.pem; root $work/www; } }
CONF
serve srv nginx -c "$work/nginx.conf"
mkdir -p /run/sshd
ssh-keygen -q -t ed25519 -N '' -f "$work/hostkey"; ssh-keygen -q -t ed25519 -N '' -f "$work/userkey"; cp "$work/userkey.pub" "$work/authorized"
serve srv /usr/sbin/sshd -D -e -f /dev/null -h "$work/hostkey" -o AuthorizedKeysFile="$work/authorized" -o StrictModes=no -o PermitRootLogin=yes -o PidFile=none
echo "local stratum 3
allow
port 123
cmdport 0
pidfile $work/chronyd.pid" >"$work/chrony.conf"
serve srv chronyd -x -d -u root -f "$work/chrony.conf"
printf 'listener 1883 192.168.7.1\nallow_anonymous true\n' >"$work/mosquitto.conf"; serve srv mosquitto -c "$work/mosquitto.conf"
printf 'listen=YES\nanonymous_enable=YES\nanon_root=%s\nbackground=NO\nsecure_chroot_dir=/var/run/vsftpd/empty\n' "$work/ftp" >"$work/vsftpd.conf"; mkdir -p /var/run/vsftpd/empty
serve srv vsftpd "$work/vsftpd.conf"
serve srv in.tftpd -L -s "$work/tftp"
serve srv socat TCP4-LISTEN:23,fork EXEC:"telnetd -E /bin/true"
serve srv "$python" "$here/day_servers.py" "$work/cert.pem" "$work/key.pem"
on srv dbus-daemon --config-file=/usr/share/dbus-1/session.conf --address="unix:path=$work/bus" --nofork >/dev/null 2>&1 & children+=($!)
sleep 2
# The laptop's day.
ip -n pt-lap link set eth0 up
cat >"$work/udhcpc" <<'SCRIPT'
#!/bin/sh
[ "$1" = bound ] && { ip addr add "$ip/24" dev eth0; ip route add default via "$router"; }
exit 0
SCRIPT
chmod +x "$work/udhcpc"
on lap udhcpc -i eth0 -n -q -x hostname:laptop -s "$work/udhcpc" >/dev/null 2>&1
on lap timeout 12 dhclient -6 -1 -d -lf "$work/dh6" -pf "$work/dh6.pid" eth0 >/dev/null 2>&1
on lap ping -c 2 192.168.7.1 >/dev/null; on lap ping -6 -c 2 2001:db8:7::1 >/dev/null
on lap traceroute -n -m 2 192.168.7.1 >/dev/null
for question in "web.example.com A" "www.example.com AAAA" "example.com MX" "example.com TXT" "_sip._udp.example.com SRV" "nowhere.example.com A"; do on lap dig +short $question >/dev/null; done
on lap dig +short -x 192.168.7.1 >/dev/null; on lap dig +tcp +short www.example.com A >/dev/null
on lap curl -s http://www.example.com/ >/dev/null; on lap curl -s --compressed http://www.example.com/page.txt >/dev/null; on lap curl -s -I http://www.example.com/none >/dev/null
on lap curl -sk https://www.example.com/ >/dev/null; on lap curl -sk --tls-max 1.2 https://www.example.com/ >/dev/null
on lap curl -s ftp://192.168.7.1/page.txt >/dev/null; on lap curl -s --ftp-port - ftp://192.168.7.1/page.txt >/dev/null
on lap ssh -i "$work/userkey" -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null root@192.168.7.1 true >/dev/null 2>&1
on lap chronyd -Q -t 6 "server 192.168.7.1 iburst" "pidfile $work/q.pid" >/dev/null 2>&1
on lap mosquitto_pub -h 192.168.7.1 -t home/desk/light -m on -q 1 >/dev/null
on lap swaks --server 192.168.7.1 --to teacher@example.com --from student@example.com --body "See you in class" >/dev/null 2>&1
on lap tftp -m octet 192.168.7.1 -c get page.txt "$work/got" >/dev/null 2>&1
on lap logger -n 192.168.7.1 -P 514 -d -t laptop "lid opened"
(sleep 1; echo) | on lap timeout 3 telnet 192.168.7.1 >/dev/null 2>&1
on lap sipsak -s sip:teacher@192.168.7.1 -vv >/dev/null 2>&1
on lap timeout 3 nmblookup -B 192.168.7.255 FILESERVER >/dev/null 2>&1
on lap timeout 3 gssdp-discover -i eth0 -n 2 >/dev/null 2>&1
printf '[server]\nhost-name=laptop\nallow-interfaces=eth0\nenable-dbus=no\n[publish]\npublish-hinfo=yes\npublish-workstation=yes\n' >"$work/avahi.conf"
on lap timeout 4 avahi-daemon -f "$work/avahi.conf" --no-drop-root --no-chroot --no-rlimits >/dev/null 2>&1
on lap timeout 15 chromium --headless=new --no-sandbox --disable-gpu --user-data-dir="$work/chromium" --no-first-run --disable-background-networking \
  --disable-component-update --disable-sync --host-resolver-rules="MAP * ~NOTFOUND, EXCLUDE www.example.com" --enable-quic --origin-to-force-quic-on=www.example.com:443 --dump-dom \
  --ignore-certificate-errors-spki-list="$(openssl x509 -in "$work/cert.pem" -pubkey -noout | openssl pkey -pubin -outform der | openssl dgst -sha256 -binary | base64)" \
  https://www.example.com/ >"$work/dom" 2>/dev/null
on lap curl -s --connect-timeout 1 http://192.168.7.1:8081/ >/dev/null; on lap ping -c 1 -W 1 192.168.7.99 >/dev/null
sleep 1
kill $tcpdump; wait $tcpdump 2>/dev/null
cp "$work/day.pcap" "$here/../../static/samples/day.pcap"
grep -o "Hello over HTTP/3" "$work/dom" | head -1
ls -l "$here/../../static/samples/day.pcap"
