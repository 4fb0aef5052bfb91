//! What needs a real browser: the message port, seen from the page. A worker written here plays the engine's part.
#![cfg(target_arch = "wasm32")]

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Array, Function, Promise};
use packet_theater::app::port::{Event, Port};
use packet_theater::engine::{Request, Response};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use web_sys::{Blob, Url};

wasm_bindgen_test_configure!(run_in_browser);

/// A worker that answers every request with the same response, under the capture number that `number` computes.
fn answering(response: &Response, number: &str) -> String {
    let bytes = postcard::to_allocvec(response).expect("plain structs serialise");
    format!(
        "onmessage = (event) => {{
            const bytes = new Uint8Array({bytes:?});
            postMessage(['answer', {number}, bytes], [bytes.buffer]);
        }};
        postMessage(['ready']);"
    )
}

fn blob(text: &str) -> Blob {
    Blob::new_with_str_sequence(&Array::of1(&text.into())).expect("a blob of text")
}

/// A port on a worker that runs `script`, and the list that its events go to.
fn port(script: &str) -> (Port, Rc<RefCell<Vec<Event>>>) {
    let url = Url::create_object_url_with_blob(&blob(script)).expect("an address for a blob");
    let events = Rc::new(RefCell::new(Vec::new()));
    let sink = events.clone();
    (Port::with_script(&url, move |event| sink.borrow_mut().push(event)), events)
}

/// Waits until so many events have come, at most five seconds.
async fn events(events: &RefCell<Vec<Event>>, count: usize) -> Vec<Event> {
    for _ in 0..500 {
        if events.borrow().len() >= count {
            break;
        }
        pause(10).await;
    }
    events.borrow().clone()
}

async fn pause(milliseconds: i32) {
    let timer: Function = js_sys::Reflect::get(&js_sys::global(), &"setTimeout".into())
        .and_then(|timer| timer.dyn_into())
        .expect("every browser has timers");
    let waited = Promise::new(&mut |resolve, _| {
        timer.call2(&JsValue::NULL, &resolve, &milliseconds.into()).expect("a timer starts");
    });
    JsFuture::from(waited).await.expect("a timer never fails");
}

/// Whether the event is a failure of this kind.
fn failed(event: &Event, kind: &str) -> bool {
    matches!(event, Event::Answer(response) if matches!(&**response, Response::Failed(it) if it.kind == kind))
}

fn progress(frames: u32) -> Response {
    Response::Progress { read: 1, size: 2, frames }
}

#[wasm_bindgen_test]
async fn requests_wait_for_the_worker_and_are_answered() {
    let (port, heard) = port(&answering(&progress(7), "event.data[0]"));
    port.open(blob("capture"), "name");
    port.send(Request::Layers { frame: 1 });
    let answer = Event::Answer(Box::new(progress(7)));
    assert_eq!(events(&heard, 3).await, [Event::Ready, answer.clone(), answer]);
}

#[wasm_bindgen_test]
async fn the_capture_crosses_as_a_handle() {
    let check = "onmessage = async (event) => {
            const [number, bytes, blob] = event.data;
            postMessage(['panic', [number, bytes instanceof Uint8Array, await blob.text()].join()]);
        };
        postMessage(['ready']);";
    let (port, heard) = port(check);
    port.open(blob("capture"), "name");
    assert_eq!(events(&heard, 2).await[1], Event::Died("1,true,capture".to_owned()));
}

#[wasm_bindgen_test]
async fn answers_about_an_earlier_capture_are_dropped() {
    let (port, heard) = port(&answering(&progress(7), "1"));
    port.open(blob("first"), "name");
    assert_eq!(events(&heard, 2).await.len(), 2);
    port.open(blob("second"), "name");
    pause(200).await;
    assert_eq!(heard.borrow().len(), 2);
}

#[wasm_bindgen_test]
async fn a_worker_of_another_version_is_not_waited_for_in_vain() {
    let (port, heard) =
        port("onmessage = () => postMessage(['answer', 1, new Uint8Array([99])]); postMessage(['ready']);");
    port.open(blob("capture"), "name");
    assert!(matches!(&events(&heard, 2).await[1], Event::Died(why) if why.contains("reload")));
}

#[wasm_bindgen_test]
async fn a_worker_that_dies_is_replaced_until_the_capture_is_given_up() {
    let (port, heard) = port("onmessage = () => { throw new Error('stumbled'); }; postMessage(['ready']);");
    port.open(blob("capture"), "name");
    let heard = events(&heard, 10).await;
    let deaths = heard.iter().filter(|event| matches!(event, Event::Died(why) if why.contains("stumbled"))).count();
    let restarts = heard.iter().filter(|event| **event == Event::Restarted).count();
    assert_eq!((deaths, restarts), (4, 4), "{heard:?}");
    assert!(heard.iter().any(|event| failed(event, "worker-died")));
}

#[wasm_bindgen_test]
async fn a_worker_that_cannot_be_loaded_is_reported() {
    let heard = Rc::new(RefCell::new(Vec::new()));
    let sink = heard.clone();
    let _port = Port::with_script("./no-such-script.js", move |event| sink.borrow_mut().push(event));
    let heard = events(&heard, 5).await;
    assert!(heard.last().is_some_and(|event| failed(event, "no-worker")), "{heard:?}");
}
