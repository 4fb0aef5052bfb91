# Two hosts on one wire: network namespaces joined by a veth pair. Sourced by the record scripts, which run it as root.
#
# After `hosts`, `on alice CMD` and `on bob CMD` run CMD on a host whose only interface is eth0, `start` in the background. Everything that was
# started, and the hosts themselves, go when the script ends, however it ends.

# Which Debian package brings which command.
declare -A PACKAGE=([ip]=iproute2 [tcpdump]=tcpdump [telnet]=telnet [python3]=python3 [editcap]=wireshark-common
    [ethtool]=ethtool [ss]=iproute2 [curl]=curl [ping]=iputils-ping [dnsmasq]=dnsmasq-base [dig]=bind9-dnsutils)

refuse() {
    echo "$(basename "$0"): $*" >&2
    exit 1
}

# need COMMAND…: says in one message all that is missing.
need() {
    # A user's own path often lacks where ethtool is.
    PATH=$PATH:/usr/sbin:/sbin
    [ "$(uname -s)" = Linux ] || refuse "recording builds Linux network namespaces; this system is $(uname -s). The recorded capture is in the folder: no need to record it again to play the lesson."
    local missing=() command
    for command in "$@"; do
        command -v "$command" >/dev/null || missing+=("${PACKAGE[$command]:-$command}")
    done
    [ ${#missing[@]} -eq 0 ] || refuse "commands are missing; on Debian: apt-get install $(printf '%s\n' "${missing[@]}" | sort -u | tr '\n' ' ')"
    [ "$(id -u)" = 0 ] || refuse "building network namespaces needs root; run: sudo $0"
}

# hosts ALICE-ADDRESS BOB-ADDRESS
hosts() {
    WORK=$(mktemp -d)
    ALICE=alice-$$ BOB=bob-$$
    trap unbuild EXIT
    trap 'exit 1' INT TERM HUP
    ip netns add "$ALICE"
    ip netns add "$BOB"
    ip link add name eth0 netns "$ALICE" address 02:00:00:00:01:09 type veth peer name eth0 netns "$BOB" address 02:00:00:00:01:08
    wire "$ALICE" "$1"
    wire "$BOB" "$2"
}

host() {
    case $1 in
    alice) echo "$ALICE" ;;
    bob) echo "$BOB" ;;
    esac
}

wire() {
    # No IPv6 chatter, and checksums computed before the capture sees the frame rather than by an absent network card.
    ip netns exec "$1" sysctl -q -w net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
    ip netns exec "$1" ethtool -K eth0 tx off tso off gso off gro off >/dev/null
    ip -n "$1" address add "$2/24" dev eth0
    ip -n "$1" link set lo up
    ip -n "$1" link set eth0 up
}

on() {
    ip netns exec "$(host "$1")" "${@:2}"
}

# start HOST COMMAND…: in the background, for a minute at most; its process is $!.
start() {
    ip netns exec "$(host "$1")" timeout 60 "${@:2}" &
}

# until_ COMMAND…: waits, five seconds at most, until it succeeds.
until_() {
    local n
    for n in $(seq 100); do
        "$@" >/dev/null 2>&1 && return
        sleep 0.05
    done
    refuse "gave up waiting for: $*"
}

unbuild() {
    local host
    for host in "$ALICE" "$BOB"; do
        ip netns pids "$host" 2>/dev/null | xargs -r kill 2>/dev/null || true
    done
    wait
    for host in "$ALICE" "$BOB"; do
        ip netns delete "$host" 2>/dev/null || true
    done
    rm -rf "$WORK"
}
