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

def telnet():
    """telnetd and telnet: options are negotiated, then a greeting is typed and the session ends."""
    folder = tempfile.mkdtemp()
    os.chmod(folder, 0o755)
    with open(f"{folder}/login", "w") as login:
        login.write("#!/bin/sh\nprintf 'name: '; read name; echo hello $name; exit 0\n")
    os.chmod(f"{folder}/login", 0o755)

    def talk():
        client = start("a", "telnet", SERVER, stdin=subprocess.PIPE, env={"TERM": "vt100", "PATH": os.environ["PATH"]})
        time.sleep(1)
        client.stdin.write(b"theater\n")
        client.stdin.flush()
        time.sleep(1)
        client.terminate()
        client.wait()

    server = ["socat", "TCP-LISTEN:23,reuseaddr,fork", f"EXEC:/usr/sbin/telnetd -E {folder}/login -h,pty=0"]
    record("telnet", "tcp", talk, [server], (40000, 23, bytes([255, 253, 1, 255, 250, 24, 0]) + b"vt100"))
    shutil.rmtree(folder)


def ftp():
    """vsftpd and curl: a directory over a passive connection, a file over an active one, and a refusal."""
    folder = tempfile.mkdtemp()
    os.chmod(folder, 0o755)
    with open(f"{folder}/hello.txt", "w") as file:
        file.write("Hello from the server.\nSecond line.\n")
    conf = f"""listen=YES\nlisten_ipv6=NO\nbackground=NO\nanonymous_enable=YES\nanon_root={folder}\nno_anon_password=NO
seccomp_sandbox=NO\nconnect_from_port_20=YES\nsecure_chroot_dir=/var/run/vsftpd/empty\nftp_username=games\n"""
    os.makedirs("/var/run/vsftpd/empty", exist_ok=True)
    with open(f"{folder}/conf", "w") as file:
        file.write(conf)

    def talk():
        on("a", "curl", "-s", "--disable-epsv", f"ftp://{SERVER}/")
        on("a", "curl", "-s", f"ftp://{SERVER}/hello.txt")
        on("a", "curl", "-s", "-P", "-", "--disable-eprt", f"ftp://{SERVER}/hello.txt")

    record("ftp", "tcp", talk, [["vsftpd", f"{folder}/conf"]], (40000, 21, b"PORT 192,0,2,1,256,1\r\nUSER half"))
    shutil.rmtree(folder)


def ssh():
    """OpenSSH on both sides; the client gives up at the host's key, so no one logs in."""
    folder = tempfile.mkdtemp()
    run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", f"{folder}/key")
    os.makedirs("/run/sshd", exist_ok=True)

    def talk():
        on("a", "ssh", "-F", "none", "-o", "BatchMode=yes", "-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null",
           "-o", "KexAlgorithms=curve25519-sha256", "-l", "nobody", SERVER, "true")

    server = ["/usr/sbin/sshd", "-D", "-e", "-f", "/dev/null", "-h", f"{folder}/key", "-o", "UsePAM=no", "-o", f"PidFile={folder}/pid"]
    broken = bytes.fromhex("000000140c14") + bytes(16) + bytes.fromhex("7fffffff") + b"none"
    record("ssh", "tcp", talk, [server], (40000, 22, broken))
    shutil.rmtree(folder)


def mail():
    """A mail from swaks to Python's server, with authentication that is refused, and a session that asks for TLS."""
    folder = tempfile.mkdtemp()
    with open(f"{folder}/server.py", "w") as file:
        file.write(MAIL_SERVER)
    with open(f"{folder}/mail", "w") as file:
        file.write("Subject: Premiere\nFrom: <a@example.com>\nTo: <b@example.com>\n\nCurtain up at eight.\n..dots\n")

    def talk():
        on("a", "swaks", "--server", SERVER, "--from", "a@example.com", "--to", "b@example.com", "--ehlo", "host.example.com",
           "--data", f"@{folder}/mail")
        on("a", "swaks", "--server", SERVER, "--from", "a@example.com", "--to", "nobody@example.com", "--ehlo", "host.example.com",
           "-tls", timeout=10)

    record("mail", "tcp", talk, [["python3", f"{folder}/server.py"]], (40000, 25, b"RCPT TO:<a@example.com>\r\nMAIL FROM"))
    shutil.rmtree(folder)


MAIL_SERVER = """
import socket
server = socket.create_server(("", 25))
while True:
    c, _ = server.accept()
    f = c.makefile("rwb")
    def say(text): f.write(text.encode() + b"\\r\\n"); f.flush()
    say("220 mail.example.com ESMTP ready")
    while line := f.readline():
        word = line.split()[0].upper() if line.split() else b""
        if word == b"EHLO":
            say("250-mail.example.com\\r\\n250-SIZE 1000000\\r\\n250-STARTTLS\\r\\n250 8BITMIME")
        elif word == b"RCPT" and b"nobody" in line:
            say("550 5.1.1 no such user")
        elif word == b"DATA":
            say("354 end with a dot on a line")
            while f.readline() not in (b".\\r\\n", b""): pass
            say("250 2.0.0 taken")
        elif word == b"STARTTLS":
            say("220 go on")
            c.recv(2000)
            break
        elif word == b"QUIT":
            say("221 bye"); break
        else:
            say("250 2.0.0 fine")
    f.close(); c.close()
"""


def mqtt():
    """mosquitto, one subscriber and publishers with each quality of service, over versions 3.1.1 and 5."""
    folder = tempfile.mkdtemp()
    with open(f"{folder}/conf", "w") as file:
        file.write("listener 1883\nallow_anonymous true\n")

    def talk():
        sub = start("a", "mosquitto_sub", "-h", SERVER, "-t", "stage/#", "-q", "2", "-C", "3", "-i", "sub", "-V", "5")
        time.sleep(0.5)
        for qos in "012":
            on("a", "mosquitto_pub", "-h", SERVER, "-t", "stage/light", "-m", "on", "-q", qos, "-i", f"pub{qos}", "-u", "me",
               "-P", "secret", "-V", "5" if qos == "2" else "311", "--will-topic", "stage/gone", "--will-payload", "bye")
        sub.wait(5)

    record("mqtt", "tcp", talk, [["mosquitto", "-c", f"{folder}/conf"]], (40000, 1883, bytes([0x30, 8, 0, 200]) + b"stage/"))
    shutil.rmtree(folder)


def h2c():
    """nghttpd and curl: HTTP/2 without TLS, known beforehand."""
    folder = tempfile.mkdtemp()
    with open(f"{folder}/index.html", "w") as page:
        page.write("<title>Packet Theater</title>\n")

    def talk():
        on("a", "curl", "-s", "--http2-prior-knowledge", f"http://{SERVER}:8080/", f"http://{SERVER}:8080/missing")

    broken = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + bytes.fromhex("000005 04 00 00000000 0003000000")
    record("h2c", "tcp", talk, [["nghttpd", "--no-tls", "-d", folder, "8080"]], (40000, 8080, broken))
    shutil.rmtree(folder)


def sip():
    """sipp against itself: a call over UDP and one over TCP."""
    def talk():
        on("a", "sipp", "-sn", "uac", SERVER, "-m", "1", "-d", "100", "-i", CLIENT, "-s", "stage", timeout=10)
        on("a", "sipp", "-sn", "uac", SERVER, "-m", "1", "-d", "100", "-i", CLIENT, "-s", "stage", "-t", "t1", timeout=10)

    servers = [["sipp", "-sn", "uas", "-i", SERVER], ["sipp", "-sn", "uas", "-i", SERVER, "-t", "t1"]]
    broken = b"INVITE sip:stage@192.0.2.129 SIP/2.0\r\nContent-Length: many\r\nCSeq: one INVITE\r\n\r\n"
    record("sip", "tcp or udp", talk, servers, (40000, 5060, broken))



if __name__ == "__main__":
    no_hosts()
    hosts()
    try:
        for name in sys.argv[1:] or ["web", "telnet", "ftp", "ssh", "mail", "mqtt", "h2c", "sip"]:
            globals()[name]()
    finally:
        no_hosts()
