"""Records tls.pcap: OpenSSL's client and server on a loopback of their own, TLS 1.0 to 1.3, then a hello that lies.

Needs Linux, root, iproute2, tcpdump, openssl 3 and scapy: `python3 make_tls.py`.
"""
import os, subprocess, tempfile, time
from scapy.all import Ether, IP, TCP, rdpcap, wrpcap

HERE = os.path.dirname(os.path.abspath(__file__))
NS = "pt-tls"


def run(command, **more):
    return subprocess.run(["ip", "netns", "exec", NS, "sh", "-c", command], capture_output=True, **more)


def talk(server, client, port):
    s = subprocess.Popen(["ip", "netns", "exec", NS, "sh", "-c", f"exec openssl s_server -accept {port} -quiet {server}"],
                         stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    time.sleep(0.6)
    run(f"(sleep 0.3; echo Q) | timeout 3 openssl s_client -connect 127.0.0.1:{port} {client}")
    if "RESUME" in os.environ.get("STEP", ""):
        run(f"(sleep 0.3; echo Q) | timeout 3 openssl s_client -connect 127.0.0.1:{port} -sess_in session.pem")
    s.terminate(); s.wait()


def main():
    out = os.path.join(HERE, "tls.pcap")
    folder = tempfile.mkdtemp(); os.chdir(folder)
    subprocess.run(["ip", "netns", "add", NS], check=True)
    try:
        run("ip link set lo up mtu 1400")
        for name in ("ec", "client"):
            run(f"openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout {name}.key -out {name}.pem"
                f" -subj '/C=CN/O=Packet Theater/CN={name}.example.com' -days 30 -addext 'subjectAltName=DNS:{name}.example.com'")
        run("openssl req -x509 -newkey rsa:1024 -nodes -keyout rsa.key -out rsa.pem -subj /CN=rsa.example.com -days 30 -sha1")
        dump = subprocess.Popen(["ip", "netns", "exec", NS, "tcpdump", "-U", "-i", "lo", "-w", "all.pcap", "tcp"],
                                stderr=subprocess.DEVNULL)
        time.sleep(1)
        ec, rsa = "-cert ec.pem -key ec.key", "-cert rsa.pem -key rsa.key"
        old = "-cipher ALL:@SECLEVEL=0"
        # TLS 1.3 with a hello retry request, early versions on a port that says nothing, then each older version.
        talk(f"{ec} -groups P-384 -alpn h2,http/1.1", "-servername ec.example.com -alpn h2,http/1.1 -groups P-256:P-384", 443)
        os.environ["STEP"] = "RESUME"
        talk(f"{ec} -tls1_3", "-sess_out session.pem -servername ec.example.com -status", 4433)
        os.environ["STEP"] = ""
        talk(f"{ec} -tls1_2 -Verify 1 -CAfile client.pem", "-tls1_2 -cert client.pem -key client.key -servername ec.example.com", 4434)
        talk(f"{rsa} -tls1_1 {old}", "-tls1_1 -cipher DHE-RSA-AES128-SHA:@SECLEVEL=0", 4435)
        talk(f"{rsa} -tls1 {old}", "-tls1 -cipher AES128-SHA:@SECLEVEL=0 -no_ticket", 4436)
        talk(f"{ec} -tls1_3", "-tls1_2", 4437)
        time.sleep(1); dump.terminate(); dump.wait()
    finally:
        subprocess.run(["ip", "netns", "del", NS])
    frames = rdpcap("all.pcap")
    hello = bytearray(next(bytes(f[TCP].payload) for f in frames if bytes(f[TCP].payload)[:1] == b"\x16"))
    # The first extension claims 255 bytes more than there are.
    at = 43; at += 1 + hello[at]; at += 2 + int.from_bytes(hello[at:at + 2], "big"); at += 1 + hello[at]
    hello[at + 4:at + 6] = (len(hello) + 255).to_bytes(2, "big")
    lie = Ether(src="02:00:00:00:00:01", dst="02:00:00:00:00:02") / IP(src="192.0.2.1", dst="192.0.2.2") / \
        TCP(sport=50000, dport=443, flags="PA", seq=1, ack=1) / bytes(hello)
    lie.time = float(frames[-1].time) + 1
    keep = [f for f in frames if len(f[TCP].payload) or f[TCP].flags.S]
    wrpcap(out, keep + [lie])


main()
