"""Real servers on a host of the lab, each with the least settings that it runs with."""

from lab import until


def super_server(host, *services):
    """xinetd with echo (7), daytime (13), telnet (23)."""
    telnetd = host.lab.work / "telnetd"
    blocks = []
    for service in services:
        inside = "server = /usr/sbin/telnetd\n    server_args = -h" if service == "telnet" else "type = INTERNAL\n    id = " + service
        blocks.append(f"service {service}\n{{\n    disable = no\n    socket_type = stream\n    protocol = tcp\n    wait = no\n    user = root\n    {inside}\n}}\n")
    settings = host.lab.work / f"{host.name}.xinetd"
    settings.write_text("".join(blocks))
    host.start("xinetd", "-dontfork", "-f", settings, "-pidfile", telnetd.with_suffix(".pid"))
    host.listens({"echo": 7, "daytime": 13, "telnet": 23}[services[-1]])


def web_server(host, text="<h1>Hello from {name}</h1>\n", port=80, **files):
    """nginx with one page, and others by name."""
    site = host.lab.work / f"{host.name}.site"
    site.mkdir()
    (site / "index.html").write_text(text.replace("{name}", host.name.capitalize()))
    for name, data in files.items():
        (site / name).write_bytes(data)
    work = host.lab.work / f"{host.name}.nginx"
    work.mkdir()
    settings = work / "nginx.conf"
    settings.write_text(f"""daemon off; worker_processes 1; user root; pid {work}/pid; error_log {work}/error;
events {{}}
http {{
    access_log off; types {{ text/html html; }} default_type application/octet-stream; etag off;
    client_body_temp_path {work}/1; proxy_temp_path {work}/2; fastcgi_temp_path {work}/3; uwsgi_temp_path {work}/4; scgi_temp_path {work}/5;
    server {{ listen {port}; root {site}; }}
}}
""")
    host.start("nginx", "-c", settings)
    host.listens(port)


def name_server(host, zones, root=None, recursive=False):
    """BIND. `zones`: lines of each zone by its name. `root`: the address of the root's server, for one that asks others."""
    work = host.lab.work / f"{host.name}.named"
    work.mkdir()
    blocks = []
    for name, lines in zones.items():
        file = work / (name.strip(".") or "root")
        file.write_text("$TTL 300\n@ SOA ns hostmaster 1 3600 600 86400 300\n" + lines)
        blocks.append(f'zone "{name}" {{ type master; file "{file}"; }};\n')
    if root:
        hints = work / "hints"
        hints.write_text(f". 3600 NS root.example.\nroot.example. 3600 A {root}\n")
        blocks.append(f'zone "." {{ type hint; file "{hints}"; }};\n')
    answers = "recursion yes; allow-recursion { any; }; qname-minimization off;" if recursive else "recursion no;"
    settings = work / "named.conf"
    settings.write_text(f"""options {{
    directory "{work}"; pid-file none; session-keyfile none; dnssec-validation no; listen-on {{ any; }}; listen-on-v6 {{ none; }};
    empty-zones-enable no; minimal-responses no-auth; send-cookie no; answer-cookie no; max-udp-size 1232; {answers}
}};
controls {{}};
logging {{ category default {{ null; }}; }};
""" + "".join(blocks))
    work.chmod(0o777)
    host.start("named", "-f", "-4", "-c", settings)
    host.listens(53, "u")


def squid(host, port, allowed):
    """A proxy that keeps what it fetched in memory."""
    work = host.lab.work / f"{host.name}.squid"
    work.mkdir()
    work.chmod(0o777)
    settings = work / "squid.conf"
    settings.write_text(f"""acl my_network src {allowed}
http_access allow my_network
http_port {host.address}:{port}
visible_hostname {host.name}
cache_mem 8 MB
pid_filename {work}/pid
cache_log {work}/log
access_log none
coredump_dir {work}
pinger_enable off
netdb_filename none
""")
    host.start("squid", "-N", "-f", settings)
    host.listens(port)


def ftp_server(host, folder):
    """vsftpd for anybody who calls himself ftp."""
    settings = host.lab.work / f"{host.name}.vsftpd"
    settings.write_text(f"""listen=YES
listen_ipv6=NO
background=NO
anonymous_enable=YES
no_anon_password=NO
anon_root={folder}
local_enable=NO
write_enable=NO
port_enable=YES
pasv_enable=YES
connect_from_port_20=YES
seccomp_sandbox=NO
secure_chroot_dir={host.lab.work}/empty
""")
    (host.lab.work / "empty").mkdir(exist_ok=True)
    host.start("vsftpd", settings)
    host.listens(21)


def ready(program, word="ready"):
    until(lambda: word in open(program.log).read(), word)
