//! Graphs in the ladder's place: a tab away, with the same selection, closer and further away, as a file of their own.

use browser_tests::stage::golden;
use browser_tests::{Key, Page};
use serde_json::json;

/// The transfer over a wire that loses a segment, with its time–sequence graph.
fn lossy() -> Page {
    let page = Page::open("");
    page.play(&golden("loss.pcap"));
    page.click(".side .bar button:last-of-type");
    page.click(".conversation.row:nth-of-type(2)");
    page.says("#frame", "Frame 8");
    page.click("#to-graphs");
    page.find("svg.graph path.plot.segment");
    page
}

#[test]
fn the_graphs_of_a_lossy_transfer_show_what_was_sent_again_and_select_it() {
    let page = lossy();
    for class in ["segment", "again", "sack", "acked", "window"] {
        page.find(&format!("svg.graph path.plot.{class}"));
    }
    page.says("svg.graph", "sent again");
    page.until(
        "document.getElementById('graph').getAttribute('aria-label').includes('192.0.2.1:38704 to 192.0.2.2:7002')",
    );
    let place = page.eval(PLACE_OF_REPEAT);
    for kind in ["mousePressed", "mouseReleased"] {
        let mouse = json!({ "type": kind, "x": place[0], "y": place[1], "button": "left", "clickCount": 1 });
        page.devtools("Input.dispatchMouseEvent", mouse);
    }
    page.says("#frame", "Frame 32");
    page.find("svg.graph path.plot.again.chosen");
    // The same packet is chosen on the ladder.
    page.click("#to-ladder");
    page.until(
        "document.querySelector('#ladder-list [aria-current=true]')?.textContent.includes('5001:6001') === true",
    );
    page.finish();
}

/// The last of the lines that show what was sent again, in the window: the legend's sample is the first.
const PLACE_OF_REPEAT: &str = "(() => {
    const box = document.querySelector('svg.graph').getBoundingClientRect();
    const paths = [...document.querySelectorAll('svg.graph path.plot.again')];
    const [x, y] = paths.at(-1).getAttribute('d').slice(1).split('L')[0].split(',').map(Number);
    return [box.x + x, box.y + y - 1];
})()";

#[test]
fn the_wheel_a_drag_and_keys_look_closer_and_away() {
    let page = lossy();
    let label = || page.eval("document.getElementById('graph').getAttribute('aria-label')").to_string();
    let changed = |before: &str| {
        page.until(&format!(
            "JSON.stringify(document.getElementById('graph').getAttribute('aria-label')) !== {before:?}"
        ));
        label()
    };
    let all = label();
    assert!(all.contains("0 s to 587 ms"), "{all}");
    let middle = page.eval("(() => { const r = document.getElementById('graph').getBoundingClientRect(); return [r.x + r.width / 2, r.y + r.height / 2]; })()");
    let wheel = json!({ "type": "mouseWheel", "x": middle[0], "y": middle[1], "deltaX": 0, "deltaY": -100 });
    page.devtools("Input.dispatchMouseEvent", wheel);
    let closer = changed(&all);
    page.click("#zoom-all");
    assert_eq!(changed(&closer), all);
    // From the middle a little to the right, with the button held.
    for (kind, by) in [("mousePressed", 0.0), ("mouseMoved", 30.0), ("mouseMoved", 60.0), ("mouseReleased", 60.0)] {
        let x = middle[0].as_f64().expect("a number") + by;
        let mouse = json!({ "type": kind, "x": x, "y": middle[1], "button": "left", "buttons": 1, "clickCount": 1 });
        page.devtools("Input.dispatchMouseEvent", mouse);
    }
    let dragged = changed(&all);
    page.eval("document.getElementById('graph').focus()");
    page.press("0");
    assert_eq!(changed(&dragged), all);
    page.press("+");
    let closer = changed(&all);
    page.press("-");
    assert_eq!(changed(&closer), all);
    // Elsewhere the keys mean what they always do.
    page.press(Key::Right);
    page.says("#frame", "Frame 9");
    page.press("g");
    page.find("svg.ladder");
    page.press("g");
    page.find("svg.graph");
    page.finish();
}

#[test]
fn each_graph_of_each_direction_is_drawn_and_says_what_it_estimates() {
    let page = lossy();
    for (index, class, says) in [
        (1, "plot.flight", "An estimate"),
        (2, "plot.rtt", "Karn"),
        (3, "area.rate", "per 10 ms"),
        (0, "plot.segment", ""),
    ] {
        page.eval(&format!(
            "(() => {{ const choice = document.getElementById('plot'); choice.selectedIndex = {index};
                choice.dispatchEvent(new Event('change', {{ bubbles: true }})); return true; }})()"
        ));
        page.find(&format!("svg.graph path.{class}"));
        page.says(".ground-note", says);
    }
    page.click(".whose button:last-of-type");
    page.until(
        "document.getElementById('graph').getAttribute('aria-label').includes('192.0.2.2:7002 to 192.0.2.1:38704')",
    );
    page.finish();
}

#[test]
fn the_picture_is_saved_as_a_file_that_stands_alone() {
    let page = lossy();
    page.eval(
        "(() => {
            window.saved = [];
            HTMLAnchorElement.prototype.click = function () { window.saved.push(this.download); };
            const make = URL.createObjectURL.bind(URL);
            URL.createObjectURL = blob => { window.blob = blob; return make(blob); };
            return true;
        })()",
    );
    page.click("#export");
    page.until("saved[0] === 'graph.svg'");
    page.until(
        "blob.text().then(text => {
            const picture = new DOMParser().parseFromString(text, 'image/svg+xml').documentElement;
            const again = picture.querySelector('path.again');
            return picture.nodeName === 'svg' && picture.namespaceURI === 'http://www.w3.org/2000/svg'
                && again.getAttribute('stroke').startsWith('rgb') && again.getAttribute('fill') === 'none'
                && picture.querySelector('rect.cover').getAttribute('fill') === 'rgb(255, 255, 255)'
                && picture.textContent.includes('sent again');
        })",
    );
    page.finish();
}

#[test]
fn the_byte_stream_moves_with_the_player_and_leads_to_what_carried_a_byte() {
    let page = lossy();
    page.eval(
        "(() => { const choice = document.getElementById('plot'); choice.selectedIndex = 4;
            choice.dispatchEvent(new Event('change', { bubbles: true })); return true; })()",
    );
    page.says(".ground-note", "1 in flight; the peer's window is unknown");
    // Frame 31 acknowledges 5001 and SACKs what lies behind; frame 32 brings the lost bytes again.
    page.eval(
        "(() => { const track = document.getElementById('track'); track.value = 24;
            track.dispatchEvent(new InputEvent('input', { bubbles: true })); return true; })()",
    );
    page.says(
        ".ground-note",
        "5,001 acknowledged; 2,896 in flight; 4,000 SACKed; 1,000 lost, inferred: frame 32 sends them again",
    );
    page.until(
        "document.getElementById('graph').getAttribute('aria-label') === document.querySelector('.ground-note').textContent",
    );
    page.says("svg.graph", "SND.UNA 5,001");
    let place = page.eval(
        "(() => {
            const box = document.querySelector('svg.graph').getBoundingClientRect();
            const [x, y] = document.querySelector('svg.graph path.fate.lost').getAttribute('d').slice(1).split('L')[0].split(',').map(Number);
            return [box.x + x + 4, box.y + y + 8];
        })()",
    );
    for kind in ["mousePressed", "mouseReleased"] {
        let mouse = json!({ "type": kind, "x": place[0], "y": place[1], "button": "left", "clickCount": 1 });
        page.devtools("Input.dispatchMouseEvent", mouse);
    }
    // The frame that carried 5001 to 6000 first.
    page.says("#frame", "Frame 16");
    page.find("svg.graph path.fate-chosen");
    page.press(Key::Right);
    page.says(".ground-note", "after packet 10:");
    // By keys from one segment's bytes to the next one's.
    page.eval(
        "document.getElementById('graph').dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowLeft', shiftKey: true, bubbles: true }))",
    );
    page.says("#frame", "Frame 16");
    page.finish();
}
