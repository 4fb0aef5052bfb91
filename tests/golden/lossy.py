"""Two hosts and a wire between them that loses what it is told to: `relay`, `serve`, `ask`; see record_loss.sh."""
import select, socket, struct, sys, time

DELAY = 0.02


def tcp(frame):
    """Source port, destination port, flags and bytes of data of a TCP segment over IPv4."""
    if frame[12:14] != b"\x08\x00" or frame[23] != 6:
        return None
    size = (frame[14] & 15) * 4
    at = 14 + size
    source, destination = struct.unpack_from(">HH", frame, at)
    total = struct.unpack_from(">H", frame, 16)[0]
    return source, destination, frame[at + 13], total - size - (frame[at + 12] >> 4) * 4


class Losses:
    """Which segments are lost, by the port of the scene and the number of the data segment towards the server."""

    def __init__(self):
        self.seen = {}

    def loses(self, frame):
        segment = tcp(frame)
        if not segment:
            return False
        source, destination, flags, data = segment
        if destination == 7001 and flags & 2:
            return True
        if data == 0 or source in (7001, 7002, 7003, 7004, 7005, 7006):
            return False
        number = self.seen[destination] = self.seen.get(destination, 0) + 1
        if destination == 7002:
            return number == 6
        if destination == 7003:
            return number == 8
        if destination == 7004:
            return 3 <= number <= 6
        return False


def relay():
    wires = [socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3)) for _ in range(2)]
    for wire, name in zip(wires, ("ra", "rb")):
        wire.bind((name, 0))
    losses, queue = Losses(), []
    while True:
        wait = max(0, queue[0][0] - time.monotonic()) if queue else None
        ready, _, _ = select.select(wires, [], [], wait)
        for wire in ready:
            frame, address = wire.recvfrom(65536)
            if address[2] == socket.PACKET_OUTGOING:
                continue
            if not losses.loses(frame):
                queue.append((time.monotonic() + DELAY, wires[1 - wires.index(wire)], frame))
        while queue and queue[0][0] <= time.monotonic():
            _, wire, frame = queue.pop(0)
            wire.send(frame)


def serve():
    listeners = []
    for port in range(7002, 7007):
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if port == 7005:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
        listener.bind(("192.0.2.2", port))
        listener.listen()
        listeners.append(listener)
    open_ones, slow = [], {}
    while True:
        ready, _, _ = select.select(listeners + open_ones, [], [], 0.05)
        for one in ready:
            if one in listeners:
                other, _ = one.accept()
                if one.getsockname()[1] == 7005:
                    slow[other] = time.monotonic() + 2.5
                else:
                    open_ones.append(other)
            elif not one.recv(65536):
                one.close()
                open_ones.remove(one)
        for one, moment in list(slow.items()):
            if time.monotonic() > moment:
                del slow[one]
                open_ones.append(one)


def ask():
    def to(port):
        one = socket.socket()
        one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        one.connect(("192.0.2.2", port))
        return one

    one = socket.socket()
    one.settimeout(7.5)
    try:
        one.connect(("192.0.2.2", 7001))
    except TimeoutError:
        pass
    one.close()
    # Data enough behind the gap; the last segment lost; four times the same one lost; a reader that is slow.
    for port, size in ((7002, 20_000), (7003, 1_000 * 8), (7004, 5_000), (7005, 12_000)):
        one = to(port)
        for _ in range(size // 1_000):
            one.sendall(bytes(1_000))
            if port == 7004:
                time.sleep(0.06)
        time.sleep(4 if port == 7004 else 0.5)
        one.close()
        time.sleep(5 if port == 7005 else 0.2)
    one = to(7006)
    one.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    one.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, 1)
    one.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPINTVL, 1)
    one.sendall(b"here")
    time.sleep(2.5)
    one.close()
    time.sleep(0.5)


{"relay": relay, "serve": serve, "ask": ask}[sys.argv[1]]()
