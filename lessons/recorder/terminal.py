#!/usr/bin/env python3
"""A script of what somebody types → a terminal recording (asciinema v2) of real programs in a real pty.

    terminal.py --out alice.cast --title "Alice" --prompt 'alice$ ' < SCRIPT

SCRIPT, one instruction a line (# begins a comment line):

    type TEXT      type TEXT and Return, key by key at a human pace
    key ^X         press Control-X
    pause SECONDS  let time pass
    expect TEXT    wait until TEXT has been printed since the last instruction that typed something
    touch FILE     tell somebody that this point is reached
    await FILE     wait until somebody else has reached that point

The recording ends when the shell does; the recorder gives up, and kills what it started, after --limit seconds.
The header carries `start_ns`, the start in nanoseconds since 1970-01-01 UTC, so that the output plays beside packets.
"""

import argparse
import codecs
import fcntl
import json
import os
import pty
import random
import select
import signal
import struct
import sys
import termios
import time

SHELL = ["/bin/bash", "--noprofile", "--norc", "--noediting", "-i"]


class GaveUp(Exception):
    pass


class Recorder:
    def __init__(self, options):
        self.deadline = time.monotonic() + options.limit
        self.printed = ""
        # The same script is typed at the same pace each time.
        self.pace = random.Random(options.title)
        self.decode = codecs.getincrementaldecoder("utf-8")("replace").decode
        self.out = open(options.out, "w", encoding="utf-8")
        self.start = time.time_ns()
        header = {
            "version": 2,
            "width": options.width,
            "height": options.height,
            "timestamp": self.start // 1_000_000_000,
            "start_ns": self.start,
            "title": options.title,
            "env": {"TERM": "dumb", "SHELL": "/bin/bash"},
        }
        self.write(header)
        self.child, self.terminal = pty.fork()
        if self.child == 0:
            os.environ.update(PS1=options.prompt, TERM="dumb", LC_ALL="C.UTF-8", HISTFILE="/dev/null")
            os.execv(SHELL[0], SHELL)
        size = struct.pack("HHHH", options.height, options.width, 0, 0)
        fcntl.ioctl(self.terminal, termios.TIOCSWINSZ, size)

    def write(self, line):
        self.out.write(json.dumps(line, ensure_ascii=False) + "\n")
        self.out.flush()

    def listen(self, seconds):
        """Records what is printed for that long; False when the shell has ended."""
        end = time.monotonic() + seconds
        while True:
            now = time.monotonic()
            if now > self.deadline:
                raise GaveUp("the time limit is over")
            ready, _, _ = select.select([self.terminal], [], [], max(0, min(end - now, 0.2)))
            if ready:
                at = time.time_ns() - self.start
                try:
                    data = os.read(self.terminal, 65536)
                except OSError:
                    data = b""
                if not data:
                    return False
                text = self.decode(data)
                self.printed += text
                self.write([at / 1e9, "o", text])
            elif now >= end:
                return True

    def press(self, key):
        os.write(self.terminal, key.encode())

    def play(self, line):
        word, _, rest = line.partition(" ")
        if word == "type":
            for key in rest + "\r":
                self.printed = ""
                self.press(key)
                self.listen(self.pace.uniform(0.04, 0.13))
        elif word == "key":
            self.printed = ""
            self.press(chr(ord(rest[1]) & 0x1F))
            self.listen(self.pace.uniform(0.1, 0.2))
        elif word == "pause":
            self.listen(float(rest))
        elif word == "expect":
            while rest not in self.printed:
                if not self.listen(0.02):
                    raise GaveUp(f"the shell ended before it printed {rest!r}")
        elif word == "touch":
            open(rest, "w").close()
        elif word == "await":
            while not os.path.exists(rest):
                self.listen(0.02)
        else:
            raise GaveUp(f"unknown instruction {line!r}")

    def end(self):
        """Leaves nothing running: the shell and what it started form one session."""
        try:
            os.killpg(self.child, signal.SIGHUP)
        except ProcessLookupError:
            pass
        os.close(self.terminal)
        os.waitpid(self.child, 0)
        self.out.close()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", required=True)
    parser.add_argument("--title", required=True)
    parser.add_argument("--prompt", default="$ ")
    parser.add_argument("--width", type=int, default=100)
    parser.add_argument("--height", type=int, default=24)
    parser.add_argument("--limit", type=float, default=60)
    options = parser.parse_args()
    script = [line.strip() for line in sys.stdin if line.strip() and not line.startswith("#")]
    recorder = Recorder(options)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: sys.exit(1))
    try:
        for line in script:
            recorder.play(line)
        recorder.listen(0.3)
    except GaveUp as problem:
        sys.exit(f"terminal.py: {options.title}: {problem}")
    finally:
        recorder.end()


main()
