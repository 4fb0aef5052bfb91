"""Hosts, wires and real programs → the files of a lesson: its capture, what each terminal showed, and what each kernel believed.

A lesson's `record.py` says what is there and what is typed; `with Lab(__file__) as lab:` brings it down again, however it ends.
Hosts are network namespaces of their own. Nothing reaches the network that the machine is in.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import pcapng
from terminal import Terminal

# Which Debian package brings which command.
PACKAGES = {
    "arp": "net-tools", "arping": "arping", "conntrack": "conntrack", "curl": "curl", "dig": "bind9-dnsutils", 
    "ethtool": "ethtool", "ftp": "tnftp", "host": "bind9-host", "ip": "iproute2", "iptables-legacy": "iptables",
    "named": "bind9", "nft": "nftables", "nc": "netcat-openbsd", "nc.traditional": "netcat-traditional", "nginx": "nginx-light",
    "ping": "iputils-ping", "squid": "squid", "ss": "iproute2", "tc": "iproute2", "tcpdump": "tcpdump", "telnet": "inetutils-telnet",
    "telnetd": "inetutils-telnetd", "traceroute": "traceroute", "vsftpd": "vsftpd", "wget": "wget", "xinetd": "xinetd",
}
ALWAYS = ["ethtool", "ip", "ping", "ss", "tcpdump"]
# No program of a recording outlives it by more than this.
LONGEST = 600
# Between two looks at the sockets.
PACE = 0.03


def refuse(message):
    sys.exit(f"{Path(sys.argv[0]).parent.name}: {message}")


def run(*command, **options):
    return subprocess.run([str(word) for word in command], check=True, **options)


def until(test, what, patience=10):
    end = time.monotonic() + patience
    while not test():
        if time.monotonic() > end:
            refuse(f"gave up waiting for {what}")
        time.sleep(0.02)


def install(commands):
    """Installs the Debian packages of commands that are missing; their servers are not started outside the lab."""
    # A user's own path often lacks where ethtool is.
    os.environ["PATH"] += ":/usr/sbin:/sbin"
    missing = sorted({PACKAGES[command] for command in commands if not shutil.which(command)})
    if not missing:
        return
    policy = Path("/usr/sbin/policy-rc.d")
    mine = not policy.exists()
    if mine:
        policy.write_text("#!/bin/sh\nexit 101\n")
        policy.chmod(0o755)
    try:
        print("installing", *missing, flush=True)
        run("apt-get", "install", "-y", "-q", "--no-install-recommends", *missing, env=dict(os.environ, DEBIAN_FRONTEND="noninteractive"))
    finally:
        if mine:
            policy.unlink()


class Host:
    def __init__(self, lab, name):
        self.lab, self.name = lab, name
        self.space = f"{name}-{os.getpid()}"
        lab.hosts[name] = self
        # In its own network, and under its own name.
        self.enter = ["ip", "netns", "exec", self.space, "unshare", "--uts", "sh", "-c", f'hostname {name}; exec "$@"', "sh"]
        # What `ip netns exec` shows to the host's programs as /etc/….
        self.etc = Path("/etc/netns") / self.space
        self.ports, self.addresses = 0, []
        run("ip", "netns", "add", self.space)
        self.etc.mkdir(parents=True, exist_ok=True)
        self.home = lab.work / f"{name}.home"
        self.home.mkdir()
        # No IPv6 chatter, and no other host's settings.
        self.sysctl("net.ipv6.conf.all.disable_ipv6", 1)
        self.sysctl("net.ipv6.conf.default.disable_ipv6", 1)
        # RFC 5681's congestion control, as the book has it: systems differ in what they come with.
        self.sysctl("net.ipv4.tcp_congestion_control", "reno")
        # A system with much memory takes larger buffers, and another window scale, than most.
        self.sysctl("net.ipv4.tcp_rmem", "4096 131072 6291456")
        self.sysctl("net.ipv4.tcp_wmem", "4096 16384 4194304")
        self.run("ip", "link", "set", "lo", "up")

    def run(self, *command, **options):
        return run(*self.enter, *command, **options)

    def ask(self, *command):
        return self.run(*command, capture_output=True, text=True).stdout

    def knows(self, *addresses):
        """Has spoken with these before: its ARP cache is warm."""
        for address in addresses:
            self.ask("ping", "-q", "-c", "1", address)

    def sysctl(self, name, value):
        self.run("sysctl", "-q", "-w", f"{name}={value}")

    def file(self, name, text):
        """A file in the place where this host's terminals begin."""
        (self.home / name).write_text(text.lstrip())

    def settings(self, name, text):
        """A file that this host's programs see as /etc/NAME, where the machine has one of that name."""
        (self.etc / name).write_text(text)

    def plug(self, switch, address, mac=None):
        """An interface eth0, eth1, … on a switch, with an address such as 192.168.1.109/24."""
        name = f"eth{self.ports}"
        self.ports += 1
        self.addresses.append(address.split("/")[0])
        mac = mac or hardware(address)
        port = f"{self.name}{name[3:]}"
        run("ip", "link", "add", "name", name, "netns", self.space, "address", mac, "type", "veth", "peer", "name", port, "netns", switch.space)
        run("ip", "-n", switch.space, "link", "set", port, "master", "br0", "up")
        # Checksums computed before the capture sees the frame rather than by an absent network card.
        self.run("ethtool", "-K", name, "tx", "off", "tso", "off", "gso", "off", "gro", "off", stdout=subprocess.DEVNULL)
        run(*switch.enter, "ethtool", "-K", port, "tx", "off", "tso", "off", "gso", "off", "gro", "off", stdout=subprocess.DEVNULL)
        self.run("ip", "address", "add", address, "dev", name)
        self.run("ip", "link", "set", name, "up")
        return self

    @property
    def address(self):
        """Of eth0."""
        return self.addresses[0]

    def far(self, switch, address, delay):
        """An interface at the end of a cable so long that a frame takes `delay` milliseconds."""
        name, port = f"eth{self.ports}", f"{self.name}{self.ports}"
        self.ports += 1
        self.addresses.append(address.split("/")[0])
        wire = Path(__file__).with_name("wire.py")
        program = self.lab.begin(f"{self.name}.wire", ["python3", "-u", wire, self.space, name, hardware(address), switch.space, port, delay])
        until(lambda: "ready" in Path(program.log).read_text(), "the wire")
        run("ip", "-n", switch.space, "link", "set", port, "master", "br0", "up")
        self.run("ip", "address", "add", address, "dev", name)
        self.run("ip", "link", "set", name, "up")
        return self

    def cable(self, way):
        """Pulls the cable of eth0 out at the switch ("down"), or puts it back ("up"); the host itself is told nothing."""
        run("ip", "-n", self.lab.switch_of[self.name].space, "link", "set", f"{self.name}0", way)

    def start(self, *command, **options):
        """A program in the background, until the lab ends."""
        return self.lab.begin(f"{self.name}.{Path(command[0]).name}", [*self.enter, *command], **options)

    def listens(self, port, kind="t"):
        until(lambda: f":{port} " in self.ask("ss", f"-ln{kind}"), f"port {port} of {self.name}")


def hardware(address):
    """A MAC address that tells the IP address: 02:00:00:00:01:09 of 192.168.1.109."""
    third, fourth = address.split("/")[0].split(".")[2:]
    return f"02:00:00:00:{int(third) % 100:02d}:{int(fourth) % 100:02d}"


class Switch:
    def __init__(self, name):
        self.space = f"{name}-{os.getpid()}"
        self.enter = ["ip", "netns", "exec", self.space]
        run("ip", "netns", "add", self.space)
        run(*self.enter, "sysctl", "-q", "-w", "net.ipv6.conf.all.disable_ipv6=1", "net.ipv6.conf.default.disable_ipv6=1")
        # It learns who is where and says nothing itself.
        run("ip", "-n", self.space, "link", "add", "br0", "type", "bridge", "mcast_snooping", "0")
        run("ip", "-n", self.space, "link", "set", "br0", "up")

    def lose(self, what):
        """From now on the switch loses the frames that match (nft's words); nobody is told."""
        run(*self.enter, "nft", f"add table bridge wire; add chain bridge wire lost {{ type filter hook forward priority 0; }}; add rule bridge wire lost {what} drop")

    def lose_nothing(self):
        run(*self.enter, "nft", "delete table bridge wire")

    def narrow(self, port, rate, queue):
        """What leaves towards a host's port takes its turn: tbf's rate and the length of its queue in bytes."""
        run("tc", "-n", self.space, "qdisc", "add", "dev", port, "root", "tbf", "rate", rate, "burst", "3000", "limit", queue)


class Lab:
    def __init__(self, script, *commands):
        script = Path(script).resolve()
        self.folder = script.parent
        self.script = script.relative_to(Path(__file__).resolve().parents[2])
        self.hosts, self.switches, self.programs, self.terminals, self.captures = {}, [], [], [], []
        self.switch_of = {}
        self.watcher = None
        if sys.platform != "linux":
            refuse(f"recording builds Linux network namespaces; this system is {sys.platform}. The recorded files are in the folder: no need to record them again to play the lesson.")
        if os.geteuid() != 0:
            refuse(f"building network namespaces needs root; run: sudo python3 {script}")
        install([*ALWAYS, *commands])

    def __enter__(self):
        self.work = Path(tempfile.mkdtemp())
        self.work.chmod(0o755)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, lambda *_: sys.exit(1))
        return self

    def begin(self, name, command, **options):
        log = open(self.work / f"{name}.{len(self.programs)}.log", "w")
        options = {"stdout": log, "stderr": subprocess.STDOUT, "stdin": subprocess.DEVNULL, **options}
        program = subprocess.Popen(["timeout", str(LONGEST), *map(str, command)], **options)
        program.log = log.name
        self.programs.append(program)
        return program

    def switch(self, name="lan"):
        self.switches.append(Switch(name))
        return self.switches[-1]

    def host(self, name, *plugs):
        """A host and its interfaces: pairs of a switch and an address."""
        host = Host(self, name)
        for switch, address in plugs:
            self.switch_of.setdefault(name, switch)
            host.plug(switch, address)
        return host

    def capture(self, host, what="", interface="eth0", snap=None):
        """tcpdump on a host's interface, from now until the lab ends; of each packet the first `snap` bytes."""
        path = self.work / f"{len(self.captures)}.pcap"
        words = ["tcpdump", "-i", interface, "-Z", "root", "--time-stamp-precision=nano", "--immediate-mode", "-U", "-w", str(path)]
        words += ["-s", str(snap)] if snap else []
        program = host.start(*words, *([what] if what else []))
        until(lambda: "listening on" in Path(program.log).read_text(), "tcpdump")
        self.captures.append((program, path, f"{host.name} {interface}"))

    def terminal(self, host, name, title, width=80, height=24, root=False):
        prompt = f"{host.name}{'#' if root else '$'} "
        terminal = Terminal(host.enter, host.home, self.work / f"{name}.cast", title, prompt, width, height)
        terminal.name = name
        self.terminals.append(terminal)
        return terminal

    def watch(self, *hosts):
        """From now on, every change of a TCP socket's state on these hosts is noted, as `ss` tells it."""
        self.states, self.watching = [], True
        self.watcher = threading.Thread(target=self.look, args=(hosts,), daemon=True)
        self.watcher.start()

    def look(self, hosts):
        before = {}
        while self.watching:
            for host in hosts:
                now = {}
                for line in host.ask("ss", "-Htan").splitlines():
                    state, _, _, local, peer = line.split()[:5]
                    now[(host.name, local, peer)] = state
                for key in [key for key in before if key[0] == host.name and key not in now]:
                    self.states.append([time.time_ns(), *key, "CLOSED"])
                    del before[key]
                for key, state in now.items():
                    if before.get(key) != state:
                        self.states.append([time.time_ns(), *key, state])
                before.update(now)
            time.sleep(PACE)

    def finish(self, comment, name="capture.pcapng"):
        """Ends the recording and puts its files into the lesson's folder."""
        time.sleep(0.3)
        for terminal in self.terminals:
            terminal.close()
        for program, _, _ in self.captures:
            # The one process that reads packets gets to write its last ones.
            program.send_signal(signal.SIGTERM)
            program.wait()
            said = Path(program.log).read_text()
            if "\n0 packets dropped by kernel" not in said:
                refuse(f"the capture is not whole; record again:\n{said}")
        comment = f"{comment} Recorded by {self.script}."
        pcapng.join([(interface, path) for _, path, interface in self.captures], comment, self.folder / name)
        for terminal in self.terminals:
            shutil.copy(self.work / f"{terminal.name}.cast", self.folder)
        if self.watcher:
            self.watching = False
            self.watcher.join()
            with open(self.folder / "states.json", "w") as file:
                file.write("[\n" + ",\n".join(json.dumps(state) for state in self.states) + "\n]\n")
        run("tcpdump", "-entr", self.folder / name, stderr=subprocess.DEVNULL)

    def __exit__(self, *_):
        self.watching = False
        for program in self.programs:
            if program.poll() is None:
                program.terminate()
        for space in [host.space for host in self.hosts.values()] + [switch.space for switch in self.switches]:
            pids = subprocess.run(["ip", "netns", "pids", space], capture_output=True, text=True).stdout.split()
            for pid in pids:
                try:
                    os.kill(int(pid), signal.SIGKILL)
                except ProcessLookupError:
                    pass
            subprocess.run(["ip", "netns", "delete", space], check=False)
            shutil.rmtree(Path("/etc/netns") / space, ignore_errors=True)
        for program in self.programs:
            program.wait()
        shutil.rmtree(self.work, ignore_errors=True)
