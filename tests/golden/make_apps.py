"""Records the goldens of applications over TCP: real programs on hosts a and b, then one packet that is malformed.

Needs Linux, root, iproute2, tcpdump and the programs that each function below runs; `python3 make_apps.py web ftp …`.
"""
import os, shutil, socket, struct, subprocess, sys, tempfile, threading, time

HERE = os.path.dirname(os.path.abspath(__file__))
SERVER, CLIENT = "192.0.2.129", "192.0.2.1"


def run(*command, **options):
    return subprocess.run(command, check=options.pop("check", False), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                          timeout=options.pop("timeout", 30), **options)


def on(host, *command, **options):
    return run("ip", "netns", "exec", f"pa-{host}", *command, **options)


def start(host, *command, **options):
    options = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, **options}
    return subprocess.Popen(["ip", "netns", "exec", f"pa-{host}", *command], **options)


def hosts():
    for host in "ab":
        run("ip", "netns", "add", f"pa-{host}", check=True)
    run("ip", "link", "add", "name", "eth0", "netns", "pa-a", "type", "veth", "peer", "name", "eth0", "netns", "pa-b", check=True)
    for host, address, mac in ("a", CLIENT, "02:00:00:00:00:01"), ("b", SERVER, "02:00:00:00:00:02"):
        on(host, "sysctl", "-qw", "net.ipv6.conf.all.disable_ipv6=1")
        on(host, "ip", "link", "set", "eth0", "address", mac)
        on(host, "ip", "addr", "add", f"{address}/24", "dev", "eth0")
        on(host, "ip", "link", "set", "lo", "up")
        on(host, "ip", "link", "set", "eth0", "up")
        # Sums are computed by the host, and segments are what the wire would carry.
        on(host, "ethtool", "-K", "eth0", "tso", "off", "gso", "off", "gro", "off", "tx", "off")


def no_hosts():
    for host in "ab":
        run("ip", "netns", "del", f"pa-{host}")


def record(name, filter, talk, servers, spoil):
    """`spoil` turns the payloads of the capture into (ports, payload) of one more segment, which is malformed."""
    path = os.path.join(HERE, name + ".pcap")
    running = [start("b", *server) for server in servers]
    time.sleep(1.5)
    dump = start("a", "tcpdump", "-U", "-s0", "-i", "eth0", "-w", path, filter)
    time.sleep(1)
    talk()
    time.sleep(1)
    for process in [dump, *running]:
        process.terminate()
        process.wait()
    with open(path, "ab") as file:
        file.write(segment(*spoil))
    empty = os.path.join(HERE, name + ".layers")
    if not os.path.exists(empty):
        open(empty, "w").close()
    print(name, os.path.getsize(path), "bytes")


def checksum(data):
    data += b"\0" * (len(data) % 2)
    total = sum(struct.unpack(f">{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return ~total & 0xffff


def segment(source, destination, payload):
    """A record with one segment of a stream of its own."""
    addresses = socket.inet_aton(CLIENT) + socket.inet_aton(SERVER)
    tcp = struct.pack(">HHIIBBHHH", source, destination, 1, 1, 5 << 4, 0x18, 502, 0, 0) + payload
    tcp = tcp[:16] + struct.pack(">H", checksum(addresses + struct.pack(">HH", 6, len(tcp)) + tcp)) + tcp[18:]
    ip = struct.pack(">BBHHHBBH", 0x45, 0, 20 + len(tcp), 1, 0x4000, 64, 6, 0) + addresses
    ip = ip[:10] + struct.pack(">H", checksum(ip)) + ip[12:]
    frame = bytes.fromhex("020000000002 020000000001 0800") + ip + tcp
    return struct.pack("<IIII", int(time.time()), 0, len(frame), len(frame)) + frame


def web():
    """nginx and curl: pipelined requests, HEAD, a form, gzip, chunks, an upgrade that is refused, and a proxy's tunnel."""
    folder = tempfile.mkdtemp()
    os.chmod(folder, 0o755)
    with open(f"{folder}/index.html", "w") as page:
        page.write("<!doctype html>\n<title>Packet Theater</title>\n<p>Höre: hello\n")
    with open(f"{folder}/data.json", "w") as page:
        page.write('{"packets": [1, 2, 3]}\n')
    with open(f"{folder}/conf", "w") as conf:
        conf.write(f"""daemon off; pid {folder}/pid; error_log {folder}/log; worker_processes 1; events {{}}
        http {{ access_log off; types {{ text/html html; application/json json; image/png png; }} gzip on; gzip_min_length 1;
        gzip_types application/json; root {folder}; gzip_http_version 1.0;
        server {{ listen 3218; listen 80; ssi_types text/html; location = /chunks {{ default_type text/plain;
          ssi on; ssi_types text/plain; alias {folder}/chunks; }} location /form {{ return 303 /; }} }} }}""")
    with open(f"{folder}/chunks", "w") as page:
        page.write('first <!--#include virtual="/data.json" -->last\n')

    def talk():
        base = f"http://{SERVER}:3218"
        on("a", "curl", "-s", f"{base}/", f"{base}/missing?a=1&b=two")
        on("a", "curl", "-sI", "-u", "user:secret", f"http://{SERVER}/data.json")
        on("a", "curl", "-s", "--compressed", "-b", "a=1; b=2", f"http://{SERVER}/data.json")
        on("a", "curl", "-s", f"http://{SERVER}/chunks")
        on("a", "curl", "-s", "-d", "name=theater&lang=zh", f"http://{SERVER}/form")
        on("a", "curl", "-s", "-0", f"http://{SERVER}/")
        with open(f"{folder}/pipe", "wb") as pipe:
            pipe.write(b"GET /1 HTTP/1.1\r\nHost: b\r\n\r\nHEAD / HTTP/1.1\r\nHost: b\r\n\r\nGET /2 HTTP/1.1\r\nHost: b\r\nConnection: close\r\n\r\n")
        with open(f"{folder}/pipe", "rb") as pipe:
            on("a", "busybox", "nc", SERVER, "80", stdin=pipe)

    broken = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nfive\r\nworld\r\n"
    record("web", "tcp", talk, [["nginx", "-c", f"{folder}/conf"]], (40000, 80, broken))
    shutil.rmtree(folder)


if __name__ == "__main__":
    no_hosts()
    hosts()
    try:
        for name in sys.argv[1:] or ["web"]:
            globals()[name]()
    finally:
        no_hosts()
