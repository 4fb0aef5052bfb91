"""Runs the scenarios and leaves in a folder what was seen: alice.pcap, bob.pcap, PORT.samples of each, scenarios.txt.

Started by `cargo xtask kernel`, as root on Linux: run.py FOLDER [NAME…]
"""

import os
import shutil
import signal
import sys
import time

from hosts import ALICE, BOB, Flags, Hosts, fork, wire
from scenarios import SCENARIOS, Play
from watch import Trace, watch

NAMES = ("alice", "bob")
FIRST_PORT = 9001
# No scenario takes longer; what hangs is a fault of the script.
LONGEST = 40
# After the last step: what is on its way arrives, and is seen.
CALM = 0.4


def capture(hosts, host, folder):
    name = NAMES[host]
    log = open(f"{folder}/{name}.log", "w+")
    words = f"tcpdump -i eth0 --immediate-mode -s 2000 -B 8192 -U --time-stamp-precision=nano -Z root -w {folder}/{name}.pcap tcp"
    program = hosts.start(host, *words.split(), stderr=log)
    for _ in range(200):
        log.seek(0)
        if "listening on" in log.read():
            return program
        time.sleep(0.02)
    raise RuntimeError(f"tcpdump did not start: {log.name}")


def play(hosts, trace, port, scenario, folder):
    name, fate, act = scenario
    flags = Flags()
    stage = Play(hosts, port, flags)
    carrier = fork(lambda: wire(hosts.taps, port, lambda segment: fate(segment, flags), flags))
    path = f"{folder}/{port}.samples"
    watcher = fork(lambda: watch(hosts, port, path, flags))
    signal.alarm(LONGEST)
    try:
        time.sleep(0.05)
        act(stage)
        time.sleep(CALM)
    finally:
        signal.alarm(0)
        flags[6] = 1
        os.waitpid(watcher, 0)
        stage.close()
        time.sleep(0.05)
        flags[7] = 1
        os.waitpid(carrier, 0)
    trace.take(port, path)


def main(folder, names):
    missing = [name for name in ("ip", "tcpdump") if not shutil.which(name)]
    if missing:
        sys.exit(f"commands are missing: {' '.join(missing)}; on Debian: apt-get install iproute2 tcpdump")

    def late(*_):
        raise TimeoutError("a scenario did not end")

    signal.signal(signal.SIGALRM, late)
    for end in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(end, lambda *_: sys.exit(1))
    hosts = Hosts()
    trace = Trace()
    programs = []
    failed = 0
    try:
        programs = [capture(hosts, host, folder) for host in (ALICE, BOB)]
        with open(f"{folder}/scenarios.txt", "w") as listing:
            for port, scenario in enumerate(SCENARIOS, FIRST_PORT):
                if names and scenario[0] not in names:
                    continue
                try:
                    play(hosts, trace, port, scenario, folder)
                    print(f"{port} {scenario[0]}", file=listing)
                except (OSError, AssertionError) as error:
                    failed += 1
                    print(f"error: {scenario[0]}: {type(error).__name__}: {error}")
    finally:
        trace.close()
        time.sleep(0.2)
        for program in programs:
            program.terminate()
            program.wait()
    for name in NAMES:
        with open(f"{folder}/{name}.log") as log:
            report = log.read()
        if "\n0 packets dropped by kernel" not in report:
            failed += 1
            print(f"error: {name}.pcap is not whole: {report}")
    return failed


if __name__ == "__main__":
    sys.exit(1 if main(sys.argv[1], sys.argv[2:]) else 0)
