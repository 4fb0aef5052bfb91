//! Captures of the world and of this machine → the page opens each, plays it to the end and back, and never complains.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::{env, thread, time};

use browser_tests::stage::scratch;
use browser_tests::{Key, Page};

/// Files played unless `PACKET_THEATER_ALL` is set; which ones follows from the seed.
const SAMPLE: usize = 150;
const SEED: u64 = 0x7061_636b_6574;

#[test]
fn captures_of_the_world_open_or_are_refused_with_words() {
    // `PACKET_THEATER_CAPTURES` names another folder than the one beside the repository.
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/captures");
    let folder = env::var_os("PACKET_THEATER_CAPTURES").map_or_else(beside, PathBuf::from);
    let mut files = Vec::new();
    collect(&folder, &mut files);
    if files.is_empty() {
        println!("skipped: {} holds no capture", folder.display());
        return;
    }
    files.sort();
    let chosen = if env::var_os("PACKET_THEATER_ALL").is_some() { files } else { sample(files) };
    let page = Page::open("");
    let (mut opened, mut refused) = (0, Vec::new());
    for file in &chosen {
        let outcome = open(&page, file);
        if outcome == "stage" {
            walk(&page, file);
            opened += 1;
        } else {
            refused.push(format!("{}: {outcome}", file.display()));
        }
        let complaints = page.complaints();
        assert!(complaints.is_empty(), "{}: the console says\n{}", file.display(), complaints.join("\n"));
    }
    println!("{opened} captures played, {} refused:\n{}", refused.len(), refused.join("\n"));
    assert!(opened > refused.len(), "most captures open");
}

/// What became of a file: `stage`, or the refusal's words.
fn open(page: &Page, file: &Path) -> String {
    page.choose(file);
    page.until("document.querySelector('.theater') !== null || document.querySelector('.sheet.bad') !== null");
    let outcome = page.eval(
        "document.getElementById('crashed') ? 'crashed: ' + document.getElementById('crashed').textContent
            : document.getElementById('failure')?.textContent ?? 'stage'",
    );
    let outcome = outcome.as_str().unwrap_or_default().to_string();
    assert!(!outcome.starts_with("crashed"), "{}: {outcome}", file.display());
    if outcome != "stage" {
        page.press(Key::Escape);
        page.until("document.getElementById('failure') === null");
    }
    outcome
}

/// To the end, back to the beginning, and a packet on.
fn walk(page: &Page, file: &Path) {
    let reaches = |place: &str| {
        page.until(&format!(
            "(([, at, of]) => {place})(document.getElementById('moment').textContent.match(/ ([\\d,]+)\\/([\\d,]+)$/))"
        ));
        assert_eq!(page.count(".sheet.bad"), 0, "{}: {place}", file.display());
    };
    page.press(Key::End);
    reaches("at === of");
    page.until("document.getElementById('frame') !== null");
    page.press(Key::Home);
    reaches("at === '0'");
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for path in entries.flatten().map(|entry| entry.path()) {
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|kind| kind == "pcap" || kind == "pcapng") {
            files.push(path);
        }
    }
}

fn sample(files: Vec<PathBuf>) -> Vec<PathBuf> {
    let mut state = SEED;
    let mut keyed: Vec<(u64, PathBuf)> = files
        .into_iter()
        .map(|file| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 20, file)
        })
        .collect();
    keyed.sort();
    keyed.into_iter().take(SAMPLE).map(|(_, file)| file).collect()
}

#[test]
fn a_talk_recorded_on_this_machine_is_played() {
    let page = Page::open("");
    for (name, switches) in [("lo", &["-i", "lo"][..]), ("any", &["-i", "any", "-y", "LINUX_SLL2"][..])] {
        let Some(file) = record(name, switches) else { return };
        page.play(&file);
        page.press(Key::End);
        page.until("/ (\\d+)\\/\\1$/.test(document.getElementById('moment').textContent)");
        // The client said first that it was done.
        page.in_states("TIME-WAIT", "CLOSED");
        page.says(".crumb.title", name);
        let header = if name == "lo" { "Ethernet" } else { "Linux cooked" };
        page.says(".envelope:first-of-type", header);
        page.press(Key::Home);
        page.in_states("CLOSED", "LISTEN");
    }
    page.finish();
}

/// A greeting there and back over TCP, recorded by tcpdump; `None` where this machine does not let us.
fn record(name: &str, switches: &[&str]) -> Option<PathBuf> {
    let server = TcpListener::bind("127.0.0.1:0").expect("this machine has a loopback");
    let address = server.local_addr().expect("a bound socket has an address");
    let file = scratch().join(format!("{name}.pcap"));
    let mut command = Command::new("tcpdump");
    command.args(switches).args(["-U", "-Z", "root", "-w"]).arg(&file).args([
        "tcp",
        "port",
        &address.port().to_string(),
    ]);
    let Ok(mut tcpdump) = command.stderr(Stdio::piped()).spawn() else {
        println!("skipped: tcpdump is not installed");
        return None;
    };
    let mut words = BufReader::new(tcpdump.stderr.take().expect("its errors are piped")).lines().map_while(Result::ok);
    if !words.any(|line| line.contains("listening on")) {
        println!("skipped: tcpdump may not record here");
        let _ = tcpdump.wait();
        return None;
    }
    let host = thread::spawn(move || {
        let (mut caller, _) = server.accept().expect("somebody calls");
        let mut heard = Vec::new();
        caller.read_to_end(&mut heard).expect("the caller speaks");
        caller.write_all(b"Good evening.\n").expect("the caller listens");
        heard
    });
    let mut caller = TcpStream::connect(address).expect("the host answers");
    caller.write_all(b"Hello?\n").expect("the host listens");
    caller.shutdown(Shutdown::Write).expect("the connection is open");
    let mut answer = String::new();
    caller.read_to_string(&mut answer).expect("the host speaks");
    assert_eq!(
        (host.join().expect("the host is well").as_slice(), answer.as_str()),
        (&b"Hello?\n"[..], "Good evening.\n")
    );
    stop(&mut tcpdump, &file);
    Some(file)
}

/// Waits until the last packet has been written, then interrupts tcpdump as Ctrl-C does.
fn stop(tcpdump: &mut Child, file: &Path) {
    let mut size = 0;
    for _ in 0..50 {
        thread::sleep(time::Duration::from_millis(200));
        let now = fs::metadata(file).map_or(0, |data| data.len());
        if now > 24 && now == size {
            break;
        }
        size = now;
    }
    let _ = Command::new("kill").args(["-INT", &tcpdump.id().to_string()]).status();
    let _ = tcpdump.wait();
}
