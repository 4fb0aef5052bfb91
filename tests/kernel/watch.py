"""What the kernel says of its sockets: every look at them (sock_diag, as `ss` asks), and every change of state (tracepoint).

A sample is a line: `end client server state from until`. `end` is 0 for Alice and 1 for Bob, `client` and `server` are ports as
Alice and Bob have them, `from` and `until` enclose the moment (nanoseconds since 1970). A look at which a known connection is
gone gives the state CLOSED. Beside it, whenever a socket's timers changed: `end client server at rto rtt rttvar unacked cwnd`, times in
microseconds.
"""

import os
import re
import socket
import struct
import time

from hosts import ALICE, BOB, call, libc

NETLINK_SOCK_DIAG = 4
SOCK_DIAG_BY_FAMILY = 20
NLM_F_REQUEST, NLM_F_DUMP = 1, 0x300
NLMSG_ERROR, NLMSG_DONE = 2, 3
LISTEN = 10
# include/net/tcp_states.h, from 1.
STATES = (
    "", "ESTABLISHED", "SYN_SENT", "SYN_RECV", "FIN_WAIT1", "FIN_WAIT2", "TIME_WAIT",
    "CLOSE", "CLOSE_WAIT", "LAST_ACK", "LISTEN", "CLOSING", "NEW_SYN_RECV",
)  # fmt: skip
# Between two looks; the machine has other work, too.
PAUSE = 0.0003
TRACING = "/sys/kernel/tracing"


# include/uapi/linux/inet_diag.h and tcp.h: an attribute with `struct tcp_info`, and where its numbers stand.
INET_DIAG_INFO = 2
RTO, UNACKED, RTT, RTTVAR, CWND = 8, 24, 68, 72, 80


def timers(message):
    """rto, rtt, rttvar, unacked and cwnd of a socket, where the kernel tells them."""
    at = 16 + 72
    while at + 4 <= len(message):
        length, kind = struct.unpack_from("=HH", message, at)
        if kind == INET_DIAG_INFO and length >= 4 + CWND + 4:
            return tuple(struct.unpack_from("=I", message, at + 4 + place)[0] for place in (RTO, RTT, RTTVAR, UNACKED, CWND))
        at += max(4, (length + 3) & ~3)
    return None


def look(diag, port, host):
    """State and timers of each connection that has the scenario's port, by the client's port."""
    ports = (0, port) if host == ALICE else (port, 0)
    states = 0xFFF & ~(1 << LISTEN) | 1 << 12
    body = struct.pack("=BBBBI", socket.AF_INET, socket.IPPROTO_TCP, 1 << (INET_DIAG_INFO - 1), 0, states)
    body += struct.pack("!HH", *ports) + bytes(32) + struct.pack("=I", 0) + b"\xff" * 8
    diag.send(struct.pack("=IHHII", 16 + len(body), SOCK_DIAG_BY_FAMILY, NLM_F_REQUEST | NLM_F_DUMP, 1, 0) + body)
    found = {}
    while True:
        answer, at = diag.recv(65536), 0
        while at < len(answer):
            length, kind = struct.unpack_from("=IH", answer, at)
            if kind == NLMSG_DONE:
                return found
            if kind == NLMSG_ERROR:
                raise OSError(-struct.unpack_from("=i", answer, at + 16)[0], "sock_diag")
            state = answer[at + 17]
            own, other = struct.unpack_from("!HH", answer, at + 20)
            if state != LISTEN and (other if host == ALICE else own) == port:
                found[own if host == ALICE else other] = (STATES[state], timers(answer[at : at + length]))
            at += (length + 3) & ~3


def watch(hosts, port, path, stop):
    """Looks at both hosts in turn until `stop[6]`."""
    diags = []
    for host in (ALICE, BOB):
        hosts.enter(host)
        diags.append(socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, NETLINK_SOCK_DIAG))
    known = (set(), set())
    told = {}
    with open(path, "w") as file, open(path.removesuffix("samples") + "timers", "w") as clock:
        while not stop[6]:
            for host, diag in enumerate(diags):
                start = time.time_ns()
                found = look(diag, port, host)
                end = time.time_ns()
                known[host].update(found)
                for client in known[host]:
                    state, numbers = found.get(client, ("CLOSED", None))
                    file.write(f"{host} {client} {port} {state} {start} {end}\n")
                    if numbers and told.get((host, client)) != numbers:
                        told[host, client] = numbers
                        clock.write(f"{host} {client} {port} {start} {' '.join(map(str, numbers))}\n")
            time.sleep(PAUSE)


class Trace:
    """Every change of state with its time, where the kernel has the tracepoint; an instance of its own disturbs nobody."""

    def __init__(self):
        self.path = None
        try:
            if not os.path.exists(TRACING + "/instances"):
                call(libc.mount, b"none", TRACING.encode(), b"tracefs", 0, None)
            self.sweep()
            path = f"{TRACING}/instances/packet-theater-{os.getpid()}"
            os.mkdir(path)
            self.path = path
            self.put("trace_clock", "mono")
            self.put("buffer_size_kb", "512")
            self.put("events/sock/inet_sock_set_state/enable", "1")
        except OSError as error:
            print(f"note: no tracepoint, looks only: {error}")
            self.close()

    def sweep(self):
        """Takes away what a script that was killed left behind: nothing else here outlives its process."""
        for name in os.listdir(TRACING + "/instances"):
            pid = name.removeprefix("packet-theater-")
            if pid != name and not os.path.exists(f"/proc/{pid}"):
                os.rmdir(f"{TRACING}/instances/{name}")

    def put(self, name, value):
        with open(f"{self.path}/{name}", "w") as file:
            file.write(value)

    def take(self, port, path):
        """Appends the changes of a scenario's sockets to its samples: `end client server change from until`."""
        if self.path is None:
            return
        # Both clocks were read on one machine within the same microseconds.
        offset = min((time.time_ns() - time.monotonic_ns() for _ in range(9)), key=abs)
        pattern = re.compile(
            r"(\d+)\.(\d+): inet_sock_set_state: .*sport=(\d+) dport=(\d+) saddr=10\.77\.0\.([12]) .*"
            r"oldstate=TCP_(\w+) newstate=TCP_(\w+)"
        )
        with open(self.path + "/trace") as trace, open(path, "a") as file:
            for line in trace:
                found = pattern.search(line)
                if not found:
                    continue
                seconds, fraction, source, target, address, old, new = found.groups()
                at = int(seconds) * 1_000_000_000 + int(fraction.ljust(9, "0")) + offset
                host = int(address) - 1
                client, server = (source, target) if host == ALICE else (target, source)
                if int(server) == port and client != "0":
                    file.write(f"{host} {client} {server} {old}>{new} {at} {at + 1000}\n")
        self.put("trace", "")

    def close(self):
        if self.path is not None:
            try:
                self.put("events/sock/inet_sock_set_state/enable", "0")
                os.rmdir(self.path)
            except OSError as error:
                print(f"note: {self.path} could not be removed: {error}")
            self.path = None
