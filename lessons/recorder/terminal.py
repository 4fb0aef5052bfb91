"""What somebody types → a terminal recording (asciinema v2) of real programs in a real pty.

The header carries `start_ns`, the start in nanoseconds since 1970-01-01 UTC, so that the output plays beside packets.
"""

import codecs
import fcntl
import json
import os
import pty
import random
import signal
import struct
import subprocess
import termios
import threading
import time

SHELL = ["/bin/bash", "--noprofile", "--norc", "--noediting", "-i"]
# What is awaited longer will not come.
PATIENCE = 30


class GaveUp(Exception):
    pass


class Terminal:
    """A shell in a host's folder `home`. `enter` is what enters the host, as the beginning of a command."""

    def __init__(self, enter, home, path, title, prompt, width=80, height=24):
        self.title, self.prompt = title, prompt
        self.printed, self.ended = "", False
        # The same words are typed at the same pace each time.
        self.pace = random.Random(title)
        self.out = open(path, "w", encoding="utf-8")
        self.start = time.time_ns()
        self.write({
            "version": 2,
            "width": width,
            "height": height,
            "timestamp": self.start // 1_000_000_000,
            "start_ns": self.start,
            "title": title,
            "env": {"TERM": "dumb", "SHELL": "/bin/bash"},
        })
        self.terminal, inside = pty.openpty()
        fcntl.ioctl(inside, termios.TIOCSWINSZ, struct.pack("HHHH", height, width, 0, 0))
        settings = dict(os.environ, PS1=prompt, TERM="dumb", LC_ALL="C.UTF-8", HISTFILE="/dev/null")
        self.shell = subprocess.Popen(
            ["setsid", "--ctty", "--wait", *enter, *SHELL], cwd=home, stdin=inside, stdout=inside, stderr=inside, env=settings
        )
        os.close(inside)
        self.listener = threading.Thread(target=self.listen, daemon=True)
        self.listener.start()
        self.wait_for(prompt)

    def write(self, line):
        self.out.write(json.dumps(line, ensure_ascii=False) + "\n")

    def listen(self):
        decode = codecs.getincrementaldecoder("utf-8")("replace").decode
        while True:
            try:
                data = os.read(self.terminal, 65536)
            except OSError:
                data = b""
            if not data:
                break
            text = decode(data)
            self.write([(time.time_ns() - self.start) / 1e9, "o", text])
            self.printed += text
        self.ended = True

    def wait_for(self, text, patience=PATIENCE):
        end = time.monotonic() + patience
        while text not in self.printed:
            if self.ended or time.monotonic() > end:
                raise GaveUp(f"{self.title}: waited for {text!r}, but saw {self.printed[-400:]!r}")
            time.sleep(0.01)

    def press(self, key):
        self.printed = ""
        os.write(self.terminal, key.encode())

    def key(self, name):
        """Control and a letter, as `^C`."""
        self.press(chr(ord(name[1]) & 0x1F))
        time.sleep(self.pace.uniform(0.1, 0.2))

    def type(self, text, *expect, patience=PATIENCE):
        """Types a line key by key at a human pace, then waits until each of `expect` was printed."""
        for key in text + "\r":
            self.press(key)
            time.sleep(self.pace.uniform(0.04, 0.13))
        for answer in expect:
            self.wait_for(answer, patience)

    def run(self, command, patience=PATIENCE):
        """A command that ends by itself."""
        self.type(command, self.prompt, patience=patience)

    def close(self):
        """Leaves nothing running: the shell and what it started form one session."""
        try:
            os.killpg(os.getpgid(self.shell.pid), signal.SIGHUP)
        except ProcessLookupError:
            pass
        time.sleep(0.1)
        self.shell.kill()
        self.shell.wait()
        self.listener.join(timeout=2)
        os.close(self.terminal)
        self.out.close()
