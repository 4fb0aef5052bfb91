//! A directory → a site on 127.0.0.1 under a chosen sub-path, as any static host would serve it.

use std::fs::File;
use std::net::Ipv4Addr;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;
use std::thread;

use tiny_http::{Header, Method, Request, Response, Server};

/// Enough for a page that fetches its script, wasm, worker and languages at once.
const THREADS: usize = 4;

/// Serves until the process ends; `prefix` is `/` or `/some/path/`. Returns the address to open.
///
/// A `port` of zero takes any free one. Otherwise, when `port` is taken, the next free one of a few is used.
pub fn start(root: &Path, prefix: &str, port: u16) -> Result<String, String> {
    let server = Arc::new(bind(port)?);
    let port = server.server_addr().to_ip().map_or(0, |address| address.port());
    for _ in 0..THREADS {
        let (server, root, prefix) = (Arc::clone(&server), root.to_path_buf(), prefix.to_string());
        thread::spawn(move || {
            while let Ok(request) = server.recv() {
                answer(request, &root, &prefix);
            }
        });
    }
    Ok(format!("http://127.0.0.1:{port}{prefix}"))
}

fn bind(port: u16) -> Result<Server, String> {
    const TRIES: u16 = 20;
    let mut last = String::new();
    for candidate in (0..TRIES).map(|step| port.saturating_add(step)) {
        match Server::http((Ipv4Addr::LOCALHOST, if port == 0 { 0 } else { candidate })) {
            Ok(server) => return Ok(server),
            Err(error) => last = error.to_string(),
        }
    }
    Err(format!("no free port from {port} on 127.0.0.1: {last}"))
}

fn answer(request: Request, root: &Path, prefix: &str) {
    if !matches!(request.method(), Method::Get | Method::Head) {
        let _ = request.respond(Response::empty(405));
        return;
    }
    let found = resolve(request.url(), prefix)
        .map(|path| root.join(path))
        .map(|path| if path.is_dir() { path.join("index.html") } else { path })
        .and_then(|path| Some((File::open(&path).ok()?, mime(&path))));
    // A client that hangs up in the middle is no fault of the server.
    let _ = match found {
        Some((file, mime)) => request.respond(
            Response::from_file(file)
                .with_header(header("Content-Type", mime))
                .with_header(header("Cache-Control", "no-store"))
                .with_header(header("X-Content-Type-Options", "nosniff")),
        ),
        None => request.respond(Response::from_string("not found\n").with_status_code(404)),
    };
}

fn header(name: &str, value: &str) -> Header {
    Header::from_bytes(name, value).expect("the header is one of the constants above")
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
