"""A long cable: frames cross between a TAP device of one network namespace and one of another, each way after a delay.

    wire.py SPACE DEVICE HARDWARE-ADDRESS  SPACE DEVICE  MILLISECONDS
"""

import ctypes
import fcntl
import heapq
import os
import select
import struct
import sys
import time

CLONE_NEWNET = 0x40000000
TUNSETIFF, IFF_TAP, IFF_NO_PI = 0x400454CA, 0x0002, 0x1000
FRAME = 65536


def device(space, name):
    """The device is there as long as this program is."""
    with open(f"/run/netns/{space}") as where:
        if ctypes.CDLL(None, use_errno=True).setns(where.fileno(), CLONE_NEWNET):
            raise OSError(ctypes.get_errno(), f"cannot enter {space}")
    tap = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    fcntl.ioctl(tap, TUNSETIFF, struct.pack("16sH22x", name.encode(), IFF_TAP | IFF_NO_PI))
    return tap


def main(space, name, hardware, other_space, other_name, milliseconds):
    taps = [device(space, name)]
    os.system(f"ip link set {name} address {hardware}")
    taps.append(device(other_space, other_name))
    delay = float(milliseconds) / 1000
    print("ready", flush=True)
    waiting, count = [], 0
    while True:
        wait = max(0, waiting[0][0] - time.monotonic()) if waiting else None
        for tap in select.select(taps, [], [], wait)[0]:
            frame = os.read(tap, FRAME)
            count += 1
            # A frame that came earlier leaves earlier.
            heapq.heappush(waiting, (time.monotonic() + delay, count, taps[1 - taps.index(tap)], frame))
        while waiting and waiting[0][0] <= time.monotonic():
            _, _, tap, frame = heapq.heappop(waiting)
            try:
                os.write(tap, frame)
            except OSError:
                # The interface at that end is down.
                pass


main(*sys.argv[1:])
