//! A large capture → the figures of benches/README.md, measured in the built page: `cargo xtask bench`.

use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use browser_tests::{Key, Page};
use serde_json::json;

/// In the page: when the drop came, when the first arrow was painted, and every task of more than 50 ms.
const WATCH: &str = "(() => {
    window.bench = { longest: 0 };
    addEventListener('drop', () => bench.dropped ??= performance.now(), { capture: true });
    new MutationObserver((_, observer) => {
        if (!document.querySelector('svg.ladder line')) return;
        observer.disconnect();
        requestAnimationFrame(() => setTimeout(() => bench.painted = performance.now()));
    }).observe(document.body, { childList: true, subtree: true });
    new PerformanceObserver(list => {
        for (const task of list.getEntries()) bench.longest = Math.max(bench.longest, task.duration);
    }).observe({ type: 'longtask' });
    return true;
})()";

/// Opens the story, for which the worker judges every conversation; `judged` is when the page shows what came of it.
const ANALYSE: &str = "(() => {
    new MutationObserver((_, observer) => {
        if (!document.querySelector('#kinds, #sound')) return;
        observer.disconnect();
        bench.judged = performance.now();
    }).observe(document.body, { childList: true, subtree: true });
    bench.asked = performance.now();
    document.querySelector('.side .bar button:nth-of-type(2)').click();
    return true;
})()";

/// `cargo xtask bench` adds to the worker's loader what answers this.
const MEMORY: &str = "new Promise(resolve => {
    const channel = new BroadcastChannel('bench');
    channel.onmessage = ({ data }) => { if (typeof data === 'number') resolve(data); };
    channel.postMessage('?');
})";

/// Frames a second over three seconds, while something is done in each.
const FRAMES: &str = "new Promise(resolve => {
    const times = [];
    const each = () => { EACH };
    const tick = now => { times.push(now); each(); now - times[0] < 3000 ? requestAnimationFrame(tick) : resolve((times.length - 1) / (now - times[0]) * 1000); };
    requestAnimationFrame(tick);
})";

/// What a hand does to a wheel over the stage's picture; `turn` is its sign, which changes twice a second.
const WHEEL: &str = "const picture = document.querySelector('.stage .canvas');
    const box = picture.getBoundingClientRect();
    const turn = Math.floor(performance.now() / 500) % 2 ? 1 : -1;
    picture.dispatchEvent(new WheelEvent('wheel', { deltaY: SIZE, bubbles: true, cancelable: true, clientX: box.x + box.width / 2, clientY: box.y + 50 }));";

/// Far more than a step's work takes, so that all of it is counted.
const SETTLE: Duration = Duration::from_millis(120);

#[test]
fn a_large_capture() {
    let Ok(file) = std::env::var("PACKET_THEATER_BENCH").map(PathBuf::from) else {
        return println!("no figures are taken: cargo xtask bench takes them");
    };
    let page = Page::open("");
    page.find(".drop");
    page.eval(WATCH);
    page.drop_file("body", &file);
    page.until("bench.painted > 0");
    let opened = number(&page, "bench.painted - bench.dropped");
    thread::sleep(Duration::from_secs(1));
    println!("drop to first ladder    {opened:.0} ms");
    println!("longest task of page    {:.0} ms (0: none over 50)", number(&page, "bench.longest"));
    println!("wasm memory of worker   {:.1} MB", number(&page, MEMORY) / 1e6);
    page.eval(ANALYSE);
    page.until("bench.judged > 0");
    let judged = number(&page, "bench.judged - bench.asked");
    println!("all conversations       {judged:.0} ms; whole analysis with opening {:.0} ms", opened + judged);
    println!("wasm memory after it    {:.1} MB", number(&page, MEMORY) / 1e6);
    page.click(".side .bar button:first-of-type");
    page.press(Key::Home);
    page.press(" ");
    println!("frames a second         {:.0} while it plays", frames(&page, ""));
    drop(page);
    steps(&still(&file));
}

fn frames(page: &Page, each: &str) -> f64 {
    number(page, &FRAMES.replace("EACH", each))
}

/// One conversation of 100,000 packets: frames a second of the ladder and of every graph.
#[test]
fn a_long_stream() {
    let Ok(file) = std::env::var("PACKET_THEATER_BENCH_STREAM").map(PathBuf::from) else {
        return println!("no figures are taken: cargo xtask bench takes them");
    };
    let page = Page::open("");
    page.find(".drop");
    page.drop_file("body", &file);
    page.find("svg.ladder line");
    thread::sleep(Duration::from_secs(1));
    let wheel = |size: &str| frames(&page, &WHEEL.replace("SIZE", size));
    println!("ladder scrolls          {:.0} frames a second, a screen in each", wheel("600"));
    page.press(Key::Home);
    page.press(" ");
    println!("ladder plays            {:.0} frames a second", frames(&page, ""));
    page.press("g");
    for (index, name) in ["time-sequence", "in flight", "round trips", "throughput", "byte stream"].iter().enumerate() {
        page.eval(&format!(
            "(() => {{ const choice = document.getElementById('plot'); choice.selectedIndex = {index};
                choice.dispatchEvent(new Event('change', {{ bubbles: true }})); return true; }})()"
        ));
        thread::sleep(Duration::from_secs(1));
        // In the middle of the stream there is most to count.
        page.eval("(track => { track.value = track.max / 2; track.dispatchEvent(new InputEvent('input', { bubbles: true })); })(document.getElementById('track'))");
        page.press(" ");
        let (plays, zooms) = (frames(&page, ""), wheel("60 * turn"));
        println!("{name:<24}plays {plays:.0}, zooms {zooms:.0} frames a second");
    }
    println!("wasm memory of worker   {:.1} MB", number(&page, MEMORY) / 1e6);
}

/// The capture in a page that does not move: a movement's frames left out, a step's own work remains.
fn still(file: &Path) -> Page {
    let page = Page::open("");
    let reduced = json!({ "features": [{ "name": "prefers-reduced-motion", "value": "reduce" }] });
    page.devtools("Emulation.setEmulatedMedia", reduced);
    page.reload();
    page.find(".drop");
    page.drop_file("body", file);
    page.find("svg.ladder line");
    page
}

/// Script time of single steps: one on, one back, to the last, to the first, and anywhere.
fn steps(page: &Page) {
    page.devtools("Performance.enable", json!({}));
    let mut times = Vec::new();
    for round in 0..40 {
        let before = script_time(page);
        match round % 5 {
            0 => page.press(Key::PageDown),
            1 => page.press(Key::PageUp),
            2 => page.press(Key::End),
            3 => page.press(Key::Home),
            _ => {
                let place = f64::from(round) / 40.0;
                page.eval(&format!(
                    "(track => {{ track.value = track.max * {place}; track.dispatchEvent(new InputEvent('input', {{ bubbles: true }})); }})(document.getElementById('track'))"
                ));
            }
        }
        thread::sleep(SETTLE);
        times.push(script_time(page) - before);
    }
    times.sort_by(f64::total_cmp);
    let at = |part: f64| times[(part * (times.len() - 1) as f64) as usize];
    println!("a step's scripting      {:.1} ms median, {:.1} ms 95 %, {:.1} ms longest", at(0.5), at(0.95), at(1.0));
}

/// Milliseconds that the page's main thread has spent in scripts.
fn script_time(page: &Page) -> f64 {
    let metrics = page.devtools("Performance.getMetrics", json!({}));
    let metrics = metrics["metrics"].as_array().cloned().unwrap_or_default();
    let found = metrics.iter().find(|metric| metric["name"] == "ScriptDuration");
    found.and_then(|metric| metric["value"].as_f64()).expect("Chromium counts script time") * 1000.0
}

fn number(page: &Page, expression: &str) -> f64 {
    page.eval(expression).as_f64().unwrap_or_else(|| panic!("no number: {expression}"))
}
