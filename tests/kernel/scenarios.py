"""The scenarios: how each one's wire treats a segment, and what programs on the two hosts do.

A wire is `fate(segment, flags)`: delays of the copies that arrive. Alice connects, Bob listens, unless a scenario says otherwise.
"""

import errno
import select
import socket
import struct
import time

from hosts import ACK, ADDRESS, ALICE, BOB, FIN, RST, SYN

CLIENT_PORT = 30000
TCP_REPAIR, TCP_FASTOPEN, TCP_USER_TIMEOUT = 19, 23, 18
MSG_FASTOPEN = 0x20000000


class Play:
    """What the steps of a scenario are written with."""

    def __init__(self, hosts, port, flags):
        self.hosts, self.port, self.flags = hosts, port, flags
        self.client_port = CLIENT_PORT + port - 9000
        self.sockets = []

    def socket(self, host, port):
        self.hosts.enter(host)
        made = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind((ADDRESS[host], port))
        made.settimeout(15)
        self.sockets.append(made)
        return made

    def listen(self, backlog=8, **options):
        server = self.socket(BOB, self.port)
        self.set(server, **options)
        server.listen(backlog)
        return server

    def client(self, nth=0, **options):
        client = self.socket(ALICE, self.client_port + 1000 * nth)
        self.set(client, **options)
        return client

    def set(self, target, **options):
        for name, value in options.items():
            level = socket.SOL_SOCKET if name.startswith("SO_") else socket.IPPROTO_TCP
            target.setsockopt(level, globals().get(name) or getattr(socket, name), value)

    def connect(self, client):
        client.connect((ADDRESS[BOB], self.port))

    def begin(self, client):
        """Connects without waiting for the answer."""
        client.setblocking(False)
        assert client.connect_ex((ADDRESS[BOB], self.port)) == errno.EINPROGRESS
        return client

    def finish(self, client, expected=0):
        """Waits for the end of a connect."""
        select.select([], [client], [], 15)
        error = client.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        assert error == expected, f"{errno.errorcode.get(error)}, not {errno.errorcode.get(expected)}"
        client.settimeout(15)

    def accept(self, server):
        accepted, _ = server.accept()
        accepted.settimeout(15)
        self.sockets.append(accepted)
        return accepted

    def pair(self, server_options={}, **client_options):
        """A connection, its segments all delivered: Alice's socket and Bob's."""
        server = self.listen(**server_options)
        client = self.client(**client_options)
        self.connect(client)
        accepted = self.accept(server)
        server.close()
        self.pause(0.1)
        return client, accepted

    def pause(self, seconds=0.1):
        time.sleep(seconds)

    def say(self, one, other, data=b"hello"):
        one.sendall(data)
        heard = b""
        while len(heard) < len(data):
            more = other.recv(65536)
            assert more, "the connection ended in the middle"
            heard += more

    def eof(self, one):
        while one.recv(65536):
            pass

    def linger(self, one):
        one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    def vanish(self, one):
        """The host restarts: the connection is forgotten, and nobody is told."""
        one.setsockopt(socket.IPPROTO_TCP, TCP_REPAIR, 1)
        one.close()

    def close(self):
        for made in self.sockets:
            made.close()


SCENARIOS = []


def deliver(segment, flags):
    return [0]


def scenario(name, fate=deliver):
    def keep(act):
        SCENARIOS.append((name, fate, act))
        return act

    return keep


def after(seconds):
    return lambda segment, flags: [seconds]


def lose(condition):
    return lambda segment, flags: [] if condition(segment) else [0]


def lose_when(flag, condition=lambda segment: True):
    return lambda segment, flags: [] if flags[flag] and condition(segment) else [0]


def talk_and_close(first, second, play):
    play.say(first, second)
    play.say(second, first)
    play.pause()
    first.close()
    play.eof(second)
    play.pause()
    second.close()
    play.pause()


@scenario("close-by-client")
def _(play):
    alice, bob = play.pair()
    talk_and_close(alice, bob, play)


@scenario("close-by-server")
def _(play):
    alice, bob = play.pair()
    talk_and_close(bob, alice, play)


@scenario("close-in-three-segments", after(0.03))
def _(play):
    alice, bob = play.pair()
    play.say(alice, bob)
    alice.close()
    play.eof(bob)
    bob.close()
    play.pause(0.2)


@scenario("slow-path", after(0.08))
def _(play):
    alice, bob = play.pair()
    play.pause(0.2)
    talk_and_close(alice, bob, play)
    play.pause(0.3)


@scenario("simultaneous-open", after(0.06))
def _(play):
    alice, bob = play.client(), play.socket(BOB, play.port)
    bob.setblocking(False)
    play.begin(alice)
    bob.connect_ex((ADDRESS[ALICE], play.client_port))
    play.finish(alice)
    play.finish(bob)
    play.pause(0.2)
    talk_and_close(bob, alice, play)
    play.pause(0.2)


@scenario("half-close-by-client")
def _(play):
    alice, bob = play.pair()
    alice.sendall(b"question")
    alice.shutdown(socket.SHUT_WR)
    play.eof(bob)
    for _ in range(5):
        play.say(bob, alice, b"answer " * 300)
        play.pause(0.05)
    bob.close()
    play.eof(alice)
    play.pause()


@scenario("half-close-by-server", after(0.02))
def _(play):
    alice, bob = play.pair()
    bob.shutdown(socket.SHUT_WR)
    play.eof(alice)
    play.pause()
    play.say(alice, bob, b"more " * 1000)
    play.pause()
    alice.close()
    play.eof(bob)
    play.pause()


@scenario("refused")
def _(play):
    alice = play.begin(play.client())
    play.finish(alice, errno.ECONNREFUSED)
    play.pause()


@scenario("syn-lost-twice", lose(lambda it: it.has(SYN) and not it.has(ACK) and it.nth <= 2))
def _(play):
    alice, bob = play.pair()
    talk_and_close(alice, bob, play)


@scenario("syn-never-answered", lose(lambda it: True))
def _(play):
    play.listen()
    alice = play.begin(play.client(TCP_SYNCNT=2))
    play.finish(alice, errno.ETIMEDOUT)


@scenario("syn-answer-lost", lose(lambda it: it.has(SYN | ACK) and it.nth == 1))
def _(play):
    alice, bob = play.pair()
    talk_and_close(alice, bob, play)


@scenario("syn-answer-always-lost", lose(lambda it: it.has(SYN | ACK)))
def _(play):
    play.listen(TCP_SYNCNT=2)
    alice = play.begin(play.client(TCP_SYNCNT=1))
    play.finish(alice, errno.ETIMEDOUT)
    play.pause(1)


@scenario("handshake-ack-lost", lose(lambda it: it.sender == ALICE and it.is_bare_ack() and it.nth == 1))
def _(play):
    server, alice = play.listen(), play.client()
    play.connect(alice)
    bob = play.accept(server)
    play.pause()
    talk_and_close(bob, alice, play)


@scenario("reset-by-client")
def _(play):
    alice, bob = play.pair()
    play.say(alice, bob)
    play.linger(alice)
    alice.close()
    play.pause()


@scenario("reset-by-server", after(0.02))
def _(play):
    alice, bob = play.pair()
    play.say(bob, alice)
    play.linger(bob)
    bob.close()
    play.pause()


@scenario("reset-lost", lose(lambda it: it.has(RST) and it.nth == 1))
def _(play):
    alice, bob = play.pair()
    play.linger(bob)
    bob.close()
    play.pause(0.3)
    alice.sendall(b"are you there?")
    play.pause(0.2)


@scenario("reset-meets-data", after(0.05))
def _(play):
    alice, bob = play.pair()
    play.linger(bob)
    bob.close()
    alice.sendall(b"on its way")
    play.pause(0.3)


@scenario("reset-meets-fin", after(0.05))
def _(play):
    alice, bob = play.pair()
    play.linger(bob)
    bob.close()
    alice.close()
    play.pause(0.3)


@scenario("data-meets-fin", after(0.05))
def _(play):
    alice, bob = play.pair()
    play.pause()
    alice.shutdown(socket.SHUT_WR)
    bob.sendall(b"on its way")
    play.pause(0.2)
    play.eof(bob)
    bob.close()
    play.pause(0.2)


@scenario("half-open-data")
def _(play):
    alice, bob = play.pair()
    play.say(alice, bob)
    play.pause()
    play.vanish(bob)
    play.pause()
    alice.sendall(b"are you there?")
    play.pause(0.2)


@scenario("half-open-new-syn")
def _(play):
    server = play.listen()
    alice = play.client()
    play.connect(alice)
    bob = play.accept(server)
    play.say(alice, bob)
    play.pause()
    play.vanish(alice)
    play.pause()
    again = play.client()
    play.connect(again)
    new = play.accept(server)
    talk_and_close(again, new, play)


@scenario("keep-alive")
def _(play):
    alice, bob = play.pair(SO_KEEPALIVE=1, TCP_KEEPIDLE=1, TCP_KEEPINTVL=1, TCP_KEEPCNT=3)
    play.say(alice, bob)
    play.pause(2.5)
    talk_and_close(alice, bob, play)


@scenario("keep-alive-unanswered", lose_when(0))
def _(play):
    alice, bob = play.pair(SO_KEEPALIVE=1, TCP_KEEPIDLE=1, TCP_KEEPINTVL=1, TCP_KEEPCNT=2)
    play.say(alice, bob)
    play.flags[0] = 1
    play.pause(3.6)


def fill(one, size=400_000):
    one.setblocking(False)
    try:
        while size > 0:
            size -= one.send(bytes(min(size, 65536)))
    except BlockingIOError:
        pass
    one.settimeout(15)


@scenario("zero-window")
def _(play):
    alice, bob = play.pair(server_options={"SO_RCVBUF": 8192}, SO_SNDBUF=30000)
    fill(alice)
    play.pause(1.2)
    alice.shutdown(socket.SHUT_WR)
    play.pause(0.3)
    play.eof(bob)
    play.pause()
    bob.close()
    play.pause()


@scenario("zero-window-then-close")
def _(play):
    alice, bob = play.pair(server_options={"SO_RCVBUF": 8192}, SO_SNDBUF=30000)
    fill(alice)
    play.pause(0.3)
    alice.close()
    play.pause(0.8)
    play.linger(bob)
    bob.close()
    play.pause(0.5)


@scenario("fin-lost", lose(lambda it: it.has(FIN) and it.sender == ALICE and it.nth <= 2))
def _(play):
    alice, bob = play.pair()
    play.say(alice, bob)
    play.pause()
    alice.close()
    play.eof(bob)
    play.pause()
    bob.close()
    play.pause()


@scenario("fin-acknowledgment-lost", lose_when(0, lambda it: it.sender == BOB and it.is_bare_ack()))
def _(play):
    alice, bob = play.pair()
    play.say(alice, bob)
    play.pause()
    play.flags[0] = 1
    alice.close()
    play.eof(bob)
    play.pause(0.3)
    play.flags[0] = 0
    play.pause(0.6)
    bob.close()
    play.pause()


@scenario("last-acknowledgment-lost", lose_when(0, lambda it: it.sender == ALICE and it.is_bare_ack()))
def _(play):
    alice, bob = play.pair()
    play.say(alice, bob)
    alice.close()
    play.eof(bob)
    play.pause()
    play.flags[0] = 1
    bob.close()
    play.pause(0.1)
    play.flags[0] = 0
    play.pause(0.6)


@scenario("fin-never-answered", lose_when(0))
def _(play):
    alice, bob = play.pair()
    play.say(alice, bob)
    play.pause()
    play.flags[0] = 1
    alice.close()
    play.pause(2)


@scenario("last-acknowledgment-always-lost", lose_when(0, lambda it: it.sender == ALICE and it.is_bare_ack()))
def _(play):
    alice, bob = play.pair()
    play.say(alice, bob)
    alice.close()
    play.eof(bob)
    play.pause()
    play.flags[0] = 1
    bob.close()
    play.pause(1.6)


@scenario("crossing-fins", after(0.06))
def _(play):
    alice, bob = play.pair()
    play.say(alice, bob)
    play.pause(0.2)
    alice.close()
    bob.close()
    play.pause(0.4)


@scenario("crossing-fins-one-lost", lambda it, flags: [] if it.has(FIN) and it.sender == BOB and it.nth == 1 else [0.04])
def _(play):
    alice, bob = play.pair()
    play.say(alice, bob)
    play.pause(0.2)
    alice.close()
    bob.close()
    play.pause(0.8)


@scenario("time-wait-reuse")
def _(play):
    server = play.listen()
    for round in range(2):
        alice = play.client()
        play.connect(alice)
        bob = play.accept(server)
        talk_and_close(bob, alice, play)
        # Bob stays in TIME-WAIT; Alice comes again from the same port.
        play.pause(1.2)


@scenario("backlog-full")
def _(play):
    play.listen(backlog=0, TCP_SYNCNT=2)
    clients = [play.begin(play.client(nth)) for nth in range(3)]
    for client in clients[:1]:
        play.finish(client)
    play.pause(4.5)


@scenario("small-mss")
def _(play):
    alice, bob = play.pair(TCP_MAXSEG=536)
    play.say(alice, bob, b"piece " * 2000)
    play.say(bob, alice, b"piece " * 2000)
    talk_and_close(alice, bob, play)


@scenario("mtu-black-hole", lose(lambda it: it.length > 1000))
def _(play):
    alice, bob = play.pair()
    play.say(alice, bob, b"small")
    alice.sendall(bytes(5000))
    play.pause(1.2)
    play.linger(alice)
    alice.close()
    play.pause()


@scenario("data-after-close")
def _(play):
    alice, bob = play.pair()
    bob.close()
    play.pause()
    alice.sendall(b"too late")
    play.pause(0.2)


@scenario("close-with-unread-data", after(0.01))
def _(play):
    alice, bob = play.pair()
    alice.sendall(b"nobody reads this")
    play.pause()
    bob.close()
    play.pause()


@scenario("connect-and-close")
def _(play):
    server, alice = play.listen(), play.client()
    play.connect(alice)
    alice.close()
    play.pause(0.2)
    bob = play.accept(server)
    play.eof(bob)
    bob.close()
    play.pause()


@scenario("connect-and-close-slow", after(0.05))
def _(play):
    server, alice = play.listen(), play.client()
    play.connect(alice)
    alice.close()
    bob = play.accept(server)
    play.eof(bob)
    bob.close()
    play.pause(0.3)


@scenario("connect-and-reset", after(0.03))
def _(play):
    play.listen()
    alice = play.client()
    play.connect(alice)
    play.linger(alice)
    alice.close()
    play.pause(0.2)


@scenario("given-up-before-the-answer", after(0.08))
def _(play):
    play.listen()
    alice = play.begin(play.client())
    play.pause(0.02)
    alice.close()
    play.pause(0.4)


@scenario("fast-open", after(0.02))
def _(play):
    server = play.listen(TCP_FASTOPEN=5)
    for nth in range(2):
        alice = play.client(nth)
        alice.setblocking(True)
        alice.sendto(b"early words", MSG_FASTOPEN, (ADDRESS[BOB], play.port))
        bob = play.accept(server)
        assert bob.recv(100)
        play.pause()
        talk_and_close(alice, bob, play)
    play.pause()


@scenario("data-lost-fast-retransmit", lambda it, flags: [] if it.length and it.nth == 5 else [0.01])
def _(play):
    alice, bob = play.pair()
    play.say(alice, bob, bytes(40_000))
    talk_and_close(alice, bob, play)


@scenario("data-lost-back-off", lose_when(0, lambda it: it.sender == ALICE and it.length > 0))
def _(play):
    alice, bob = play.pair()
    play.flags[0] = 1
    alice.sendall(b"hello")
    play.pause(2)
    play.flags[0] = 0
    assert bob.recv(100) == b"hello"
    play.pause()
    talk_and_close(bob, alice, play)


@scenario("data-with-fin-lost", lose_when(0))
def _(play):
    alice, bob = play.pair()
    play.flags[0] = 1
    alice.sendall(b"the end")
    alice.close()
    play.pause(0.5)
    play.flags[0] = 0
    play.eof(bob)
    play.pause()
    bob.close()
    play.pause()


@scenario("out-of-order", lambda it, flags: [0.02 if it.length and it.nth % 3 == 0 else 0.005])
def _(play):
    alice, bob = play.pair()
    play.say(alice, bob, bytes(60_000))
    play.say(bob, alice, bytes(20_000))
    talk_and_close(alice, bob, play)


@scenario("fin-before-its-data", lambda it, flags: [0.05 if flags[0] and it.length else 0.005])
def _(play):
    alice, bob = play.pair()
    play.flags[0] = 1
    alice.sendall(b"last words")
    alice.close()
    play.eof(bob)
    play.pause()
    bob.close()
    play.pause()


# A copy that a switch or a mirrored port makes comes at once; one that comes later looks like a repetition.
@scenario("all-doubled", lambda it, flags: [0.001, 0.0012])
def _(play):
    alice, bob = play.pair()
    play.say(alice, bob, bytes(5000))
    talk_and_close(alice, bob, play)


@scenario("fin-wait-2-ends-by-itself")
def _(play):
    alice, bob = play.pair(TCP_LINGER2=1)
    alice.close()
    play.eof(bob)
    play.pause(1.5)
    bob.sendall(b"hello?")
    play.pause(0.2)


@scenario("user-timeout", lose_when(0))
def _(play):
    alice, bob = play.pair(TCP_USER_TIMEOUT=900)
    play.flags[0] = 1
    alice.sendall(b"nobody answers")
    play.pause(2.2)
    play.flags[0] = 0
    bob.sendall(b"hello?")
    play.pause(0.3)
