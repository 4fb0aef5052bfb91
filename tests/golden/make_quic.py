"""Records quic.pcap: aioquic's client and server on a loopback of their own, then an Initial packet that lies.

Version 1 with a hello too long for one datagram, version 2 behind a Retry, and a version that the server does not speak.
Needs Linux, root, iproute2, tcpdump, openssl, and aioquic and scapy: `python3 make_quic.py`.
"""
import asyncio, os, ssl, subprocess, sys, tempfile, time

HERE = os.path.dirname(os.path.abspath(__file__))
NS = "pt-quic"
V1, V2, UNKNOWN = 1, 0x6B3343CF, 0x1A2A3A4A


async def serve(folder):
    from aioquic.asyncio import serve
    from aioquic.quic.configuration import QuicConfiguration
    for port, retry in ((443, False), (4433, True)):
        c = QuicConfiguration(is_client=False, alpn_protocols=["h3", "hq-interop"], supported_versions=[V1, V2])
        c.load_cert_chain(f"{folder}/ec.pem", f"{folder}/ec.key")
        await serve("127.0.0.1", port, configuration=c, retry=retry)
    await asyncio.sleep(60)


async def ask(port, version, protocols):
    from aioquic.asyncio import connect
    from aioquic.quic.configuration import QuicConfiguration
    c = QuicConfiguration(alpn_protocols=protocols, verify_mode=ssl.CERT_NONE, server_name="quic.example.com",
                          supported_versions=[version, V1] if version == UNKNOWN else [version], original_version=version)
    try:
        async with connect("127.0.0.1", port, configuration=c) as client:
            await client.ping()
    except Exception as error:
        print(error)


def main():
    from scapy.all import Ether, IP, UDP, rdpcap, wrpcap
    folder = tempfile.mkdtemp()
    run = lambda command: subprocess.run(["ip", "netns", "exec", NS, "sh", "-c", command], check=True)
    subprocess.run(["ip", "netns", "add", NS], check=True)
    try:
        run("ip link set lo up mtu 1500")
        run(f"openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout {folder}/ec.key"
            f" -out {folder}/ec.pem -subj /CN=quic.example.com -days 30 2>/dev/null")
        me = ["ip", "netns", "exec", NS, sys.executable, os.path.abspath(__file__)]
        server = subprocess.Popen(me + ["serve", folder])
        dump = subprocess.Popen(["ip", "netns", "exec", NS, "tcpdump", "-U", "-i", "lo", "-w", f"{folder}/all.pcap", "udp"],
                                stderr=subprocess.DEVNULL)
        time.sleep(2)
        for talk in ("long", "retry", "unknown"):
            subprocess.run(me + ["ask", talk], check=True)
        time.sleep(1); dump.terminate(); dump.wait(); server.terminate(); server.wait()
    finally:
        subprocess.run(["ip", "netns", "del", NS])
    frames, seen, keep = rdpcap(f"{folder}/all.pcap"), {}, []
    for f in frames:
        port = f[UDP].sport if f[UDP].sport not in (443, 4433) else f[UDP].dport
        seen[port] = seen.get(port, 0) + 1
        if seen[port] <= 8:
            keep.append(f)
    first = bytearray(bytes(keep[0][UDP].payload))
    # Its length counts more than the datagram has.
    at = 6 + first[5]; at += 1 + first[at]; at += 1
    first[at:at + 2] = (0x4000 | 2000).to_bytes(2, "big")
    lie = Ether(src="02:00:00:00:00:01", dst="02:00:00:00:00:02") / IP(src="192.0.2.1", dst="192.0.2.2") / \
        UDP(sport=50000, dport=443) / bytes(first[:200])
    lie.time = float(keep[-1].time) + 1
    wrpcap(os.path.join(HERE, "quic.pcap"), keep + [lie])


if sys.argv[1:2] == ["serve"]:
    asyncio.run(serve(sys.argv[2]))
elif sys.argv[1:2] == ["ask"]:
    names = [f"a-protocol-with-a-long-name-number-{i:02}" for i in range(32)]
    port, version, protocols = {"long": (443, V1, names + ["h3"]), "retry": (4433, V2, ["hq-interop"]),
                                "unknown": (443, UNKNOWN, ["h3"])}[sys.argv[2]]
    asyncio.run(ask(port, version, protocols))
else:
    main()
