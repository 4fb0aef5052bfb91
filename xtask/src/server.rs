//! A directory → a site on 127.0.0.1 under a chosen sub-path, as any static host would serve it.
//!
//! One thread a connection and one request a connection: browsers open several at once and keep those they do not use,
//! and a server with a pool of threads leaves a request lying while all of them wait for such a one.

use std::fs;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::{Component, Path, PathBuf};
use std::thread;

/// Longer requests are not a browser's for a file.
const LONGEST_REQUEST: u64 = 64 * 1024;

/// Serves until the process ends; `prefix` is `/` or `/some/path/`. Returns the address to open.
///
/// A `port` of zero takes any free one. Otherwise, when `port` is taken, the next free one of a few is used.
pub fn start(root: &Path, prefix: &str, port: u16) -> Result<String, String> {
    let listener = bind(port)?;
    let port = listener.local_addr().map_err(|error| error.to_string())?.port();
    let (root, owned) = (root.to_path_buf(), prefix.to_string());
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let (root, prefix) = (root.clone(), owned.clone());
            // A client that hangs up in the middle is no fault of the server.
            thread::spawn(move || drop(answer(stream, &root, &prefix)));
        }
    });
    Ok(format!("http://127.0.0.1:{port}{prefix}"))
}

fn bind(port: u16) -> Result<TcpListener, String> {
    const TRIES: u16 = 20;
    let mut last = String::new();
    for candidate in (0..TRIES).map(|step| port.saturating_add(step)) {
        match TcpListener::bind((Ipv4Addr::LOCALHOST, if port == 0 { 0 } else { candidate })) {
            Ok(listener) => return Ok(listener),
            Err(error) => last = error.to_string(),
        }
    }
    Err(format!("no free port from {port} on 127.0.0.1: {last}"))
}

fn answer(mut stream: TcpStream, root: &Path, prefix: &str) -> io::Result<()> {
    let mut lines = BufReader::new((&stream).take(LONGEST_REQUEST)).lines();
    let Some(request) = lines.next().transpose()? else { return Ok(()) };
    // The headers say nothing that a file depends on.
    while lines.next().transpose()?.is_some_and(|line| !line.is_empty()) {}
    let mut words = request.split(' ');
    let (method, url) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let found = resolve(url, prefix)
        .map(|path| root.join(path))
        .map(|path| if path.is_dir() { path.join("index.html") } else { path })
        .and_then(|path| Some((fs::read(&path).ok()?, mime(&path))));
    let (status, mime, body) = match (method, found) {
        ("GET" | "HEAD", Some((body, mime))) => ("200 OK", mime, body),
        ("GET" | "HEAD", None) => ("404 Not Found", "text/plain", b"not found\n".to_vec()),
        _ => ("405 Method Not Allowed", "text/plain", Vec::new()),
    };
    write!(
        stream,
        "HTTP/1.1 {status}\r\nContent-Type: {mime}\r\nContent-Length: {}\r\nCache-Control: no-store\r\n\
         X-Content-Type-Options: nosniff\r\nConnection: close\r\n\r\n",
        body.len()
    )?;
    if method == "HEAD" { Ok(()) } else { stream.write_all(&body) }
}

/// The file that a URL names, relative to the root; `None` for what lies outside of the prefix or the root.
fn resolve(url: &str, prefix: &str) -> Option<PathBuf> {
    let path = url.split(['?', '#']).next()?.strip_prefix(prefix)?;
    let path = PathBuf::from(percent_decode(path)?);
    path.components().all(|part| matches!(part, Component::Normal(_))).then_some(path)
}

fn percent_decode(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&byte, tail)) = rest.split_first() {
        rest = tail;
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let digits = std::str::from_utf8(rest.get(..2)?).ok()?;
        bytes.push(u8::from_str_radix(digits, 16).ok()?);
        rest = rest.get(2..)?;
    }
    String::from_utf8(bytes).ok()
}

fn mime(path: &Path) -> &'static str {
    match path.extension().and_then(|extension| extension.to_str()) {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("json") => "application/json",
        Some("webmanifest") => "application/manifest+json",
        Some("wasm") => "application/wasm",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("md" | "toml" | "cast") => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_files_under_the_root_and_the_prefix_are_named() {
        let name = |url| resolve(url, "/a/").map(|path| path.display().to_string());
        assert_eq!(name("/a/"), Some(String::new()));
        assert_eq!(name("/a/lang/en.json?v=1"), Some("lang/en.json".into()));
        assert_eq!(name("/a/%E6%8A%A5.pcap"), Some("报.pcap".into()));
        assert_eq!(name("/b/x"), None);
        assert_eq!(name("/a/../secret"), None);
        assert_eq!(name("/a/%2e%2e/secret"), None);
        assert_eq!(name("/a//etc/passwd"), None);
        assert_eq!(name("/a/%zz"), None);
    }
}
