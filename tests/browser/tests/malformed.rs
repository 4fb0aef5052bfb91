//! A malformed packet of each protocol → the page says where decoding stopped and why, in both languages.

use std::collections::BTreeMap;
use std::fs;

use browser_tests::Page;
use browser_tests::stage::{golden, written};
use packet_theater::capture::{self, PcapngWriter, Record};
use packet_theater::engine::{Engine, Request, Response};
use packet_theater::protocol::Stop;

/// Pixels of a line in the packet list.
const LINE: u32 = 46;

#[test]
fn each_protocol_says_in_the_page_where_it_stopped_and_why() {
    let capture = all_goldens();
    let stops = first_stops(&capture);
    assert!(stops.len() > 30, "only {} protocols stop in a golden capture", stops.len());
    let page = Page::open("");
    page.play(&written("malformed.pcapng", &capture));
    let filter = page.eval("document.getElementById('filter').checked");
    if filter == true {
        page.click("#filter");
    }
    for (protocol, (frame, stop)) in &stops {
        let why = stop.why.strip_prefix(&stop.claimed_by).unwrap_or(&stop.why);
        let said = stop_of(&page, *frame);
        assert!(said.contains(why), "{protocol}, frame {frame}: {said} instead of {why}");
    }
    page.press("l");
    page.says(".anatomy .stop b", "解析到此为止");
    for (protocol, (frame, _)) in &stops {
        let said = stop_of(&page, *frame);
        let letters = said.chars().filter(char::is_ascii_alphabetic).count();
        assert!(said.chars().count() > 2 * letters, "{protocol}, frame {frame}: no Chinese: {said}");
    }
    page.finish();
}

/// Chooses the frame in the list of packets; what its anatomy says of the stop.
fn stop_of(page: &Page, frame: u32) -> String {
    let top = (frame - 1) * LINE;
    page.until(&format!(
        "(() => {{
            document.querySelector('.packets .scroller').scrollTop = {top};
            const lines = [...document.querySelectorAll('button.packet')];
            lines.find(line => line.querySelector('.number').textContent === '{frame}')?.click();
            return document.getElementById('frame')?.textContent.replaceAll(/[^0-9]/g, '') === '{frame}';
        }})()"
    ));
    page.until("document.querySelector('.anatomy .stop') !== null");
    page.text(".anatomy .stop")
}

/// All captures beside the core's tests as one, each with interfaces of its own.
fn all_goldens() -> Vec<u8> {
    let mut names: Vec<String> = fs::read_dir(golden(""))
        .expect("goldens")
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter(|name| name.ends_with(".pcap"))
        .collect();
    names.sort();
    let mut file = PcapngWriter::new(Vec::new()).expect("a vector takes all");
    for (number, name) in (0..).zip(&names) {
        let bytes = fs::read(golden(name)).expect("a golden capture");
        let mut reader = capture::open(bytes.as_slice()).expect("a golden capture opens");
        while let Some((record, packet)) = reader.next().expect("a golden capture is whole") {
            let record = Record { interface: number, ..record };
            let packet = packet.to_vec();
            file.packet(&record, &packet, &[]).expect("a vector takes all");
        }
    }
    file.finish().expect("a vector takes all")
}

/// For each protocol the first frame that stops in it.
fn first_stops(capture: &[u8]) -> BTreeMap<String, (u32, Stop)> {
    let mut engine = Engine::open(capture, "malformed.pcapng").expect("what was written opens");
    let Ok(Response::Opened(summary)) = engine.advance(u64::MAX) else { panic!("what was written opens") };
    let mut stops = BTreeMap::new();
    for frame in 1..=summary.frames {
        let Response::Layers(view) = engine.answer(&Request::Layers { frame }) else { panic!("frame {frame}") };
        if let Some(stop) = view.stop {
            stops.entry(stop.protocol.clone()).or_insert((frame, stop));
        }
    }
    stops
}
