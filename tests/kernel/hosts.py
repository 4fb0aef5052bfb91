"""Two hosts in network namespaces, and the wire between them: a program that may lose, hold or double what crosses.

Nothing has a name in the system: namespaces, devices, mounts and programs end with the process that made them, however it ends.
Alice (10.77.0.1) and Bob (10.77.0.2) have one TAP device each, eth0; the wire reads frames from one and writes them to the other.
"""

import ctypes
import fcntl
import heapq
import mmap
import os
import select
import signal
import struct
import subprocess
import time

ALICE, BOB = 0, 1
ADDRESS = ("10.77.0.1", "10.77.0.2")
HARDWARE = ("02:00:00:00:77:01", "02:00:00:00:77:02")

CLONE_NEWNS, CLONE_NEWNET = 0x00020000, 0x40000000
MS_REC, MS_PRIVATE = 0x4000, 0x40000
PR_SET_PDEATHSIG = 1
TUNSETIFF, IFF_TAP, IFF_NO_PI = 0x400454CA, 0x0002, 0x1000

FIN, SYN, RST, PSH, ACK = 1, 2, 4, 8, 16

libc = ctypes.CDLL(None, use_errno=True)


def call(function, *arguments):
    if function(*arguments) != 0:
        code = ctypes.get_errno()
        raise OSError(code, f"{function.__name__}: {os.strerror(code)}")


def die_with_parent():
    """Run in a child: whatever happens to the script, its programs end."""
    libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def sysctl(name, value):
    with open("/proc/sys/net/ipv4/" + name, "w") as file:
        file.write(str(value))


class Hosts:
    def __init__(self):
        call(libc.unshare, CLONE_NEWNET | CLONE_NEWNS)
        call(libc.mount, b"none", b"/", None, MS_REC | MS_PRIVATE, None)
        # A small table of connections of their own: every look at it goes through the whole table.
        sysctl("tcp_child_ehash_entries", 256)
        home = os.open("/proc/thread-self/ns/net", os.O_RDONLY)
        self.spaces, self.taps = [], []
        for host in (ALICE, BOB):
            call(libc.setns, home, CLONE_NEWNET)
            call(libc.unshare, CLONE_NEWNET)
            self.spaces.append(os.open("/proc/thread-self/ns/net", os.O_RDONLY))
            tap = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
            fcntl.ioctl(tap, TUNSETIFF, struct.pack("16sH22x", b"eth0", IFF_TAP | IFF_NO_PI))
            self.taps.append(tap)
            with open("/proc/sys/net/ipv6/conf/all/disable_ipv6", "w") as file:
                file.write("1")
            peer = 1 - host
            for words in (
                "link set lo up",
                f"link set eth0 address {HARDWARE[host]} up",
                f"address add {ADDRESS[host]}/24 dev eth0",
                f"neighbour replace {ADDRESS[peer]} lladdr {HARDWARE[peer]} dev eth0 nud permanent",
            ):
                subprocess.run(["ip", *words.split()], check=True)
            sysctl("tcp_congestion_control", "reno")
            sysctl("tcp_fastopen", 3)
            sysctl("tcp_no_metrics_save", 1)

    def enter(self, host):
        """What is opened from now on, sockets and programs, belongs to this host."""
        call(libc.setns, self.spaces[host], CLONE_NEWNET)

    def start(self, host, *words, **options):
        self.enter(host)
        return subprocess.Popen(words, preexec_fn=die_with_parent, **options)


class Flags:
    """Switches that a scenario turns while its wire, which is another process, runs."""

    def __init__(self):
        self.memory = mmap.mmap(-1, 8)

    def __getitem__(self, index):
        return self.memory[index]

    def __setitem__(self, index, value):
        self.memory[index] = value


class Segment:
    """What a scenario's wire decides by. `nth` counts segments of this sender with the same flags that look alike in `key`."""

    def __init__(self, frame, sender):
        header = 14 + (frame[14] & 15) * 4
        self.sender = sender
        self.source, self.target, self.seq, self.ack = struct.unpack_from("!HHII", frame, header)
        self.flags = frame[header + 13]
        self.length = struct.unpack_from("!H", frame, 16)[0] - (header - 14) - (frame[header + 12] >> 4) * 4
        self.options = (frame[header + 12] >> 4) * 4 - 20
        self.nth = 0

    def has(self, flags):
        return self.flags & flags == flags

    def is_bare_ack(self):
        return self.flags & (SYN | FIN | RST | ACK) == ACK and self.length == 0


def wire(taps, port, fate, stop):
    """Carries frames until `stop[7]`. `fate(segment)` gives the delays, in seconds, of the copies that arrive; none: lost."""
    poll = select.poll()
    for tap in taps:
        poll.register(tap, select.POLLIN)
    waiting, counts, number = [], {}, 0
    while not stop[7]:
        now = time.monotonic()
        while waiting and waiting[0][0] <= now:
            _, _, to, frame = heapq.heappop(waiting)
            try:
                os.write(taps[to], frame)
            except OSError:
                pass
        rest = min(waiting[0][0] - now, 0.05) if waiting else 0.05
        # The last half millisecond is waited for awake: poll counts whole ones.
        for tap, _ in poll.poll(int(rest * 1000)):
            sender = taps.index(tap)
            try:
                frame = os.read(tap, 65536)
            except BlockingIOError:
                continue
            if frame[12:14] != b"\x08\x00":
                continue
            delays = [0]
            if frame[23] == 6:
                segment = Segment(frame, sender)
                if port not in (segment.source, segment.target):
                    continue
                kind = (sender, segment.flags & (SYN | FIN | RST | ACK), segment.length > 0)
                segment.nth = counts[kind] = counts.get(kind, 0) + 1
                delays = fate(segment)
            for delay in delays:
                number += 1
                heapq.heappush(waiting, (time.monotonic() + delay, number, 1 - sender, frame))


def fork(work):
    """Runs `work` in a child; the answer is its id."""
    child = os.fork()
    if child == 0:
        try:
            die_with_parent()
            work()
        except KeyboardInterrupt:
            pass
        finally:
            os._exit(0)
    return child
