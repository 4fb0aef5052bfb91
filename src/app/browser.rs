//! The browser's own things, each behind one small function: fetch, address, storage, theme.

use js_sys::{ArrayBuffer, JSON, Object};
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, Document, Element, HtmlElement, Response, Storage, Url, Window};

pub fn window() -> Window {
    web_sys::window().expect("the page runs in a window")
}

pub fn document() -> Document {
    window().document().expect("a window has a document")
}

fn words(error: &JsValue) -> String {
    error
        .as_string()
        .or_else(|| error.dyn_ref::<js_sys::Error>().map(|error| String::from(error.message())))
        .unwrap_or_else(|| format!("{error:?}"))
}

/// Fetches a file that was published beside the page; the error says which and why.
async fn fetch(path: &str) -> Result<Response, String> {
    let response =
        JsFuture::from(window().fetch_with_str(path)).await.map_err(|error| format!("{path}: {}", words(&error)))?;
    let response: Response = response.dyn_into().map_err(|_| format!("{path}: no response"))?;
    if response.ok() { Ok(response) } else { Err(format!("{path}: HTTP {}", response.status())) }
}

async fn body(path: &str, read: impl Fn(&Response) -> Result<js_sys::Promise, JsValue>) -> Result<JsValue, String> {
    let response = fetch(path).await?;
    let body = read(&response).map_err(|error| format!("{path}: {}", words(&error)))?;
    JsFuture::from(body).await.map_err(|error| format!("{path}: {}", words(&error)))
}

pub async fn fetch_bytes(path: &str) -> Result<Vec<u8>, String> {
    let buffer: ArrayBuffer = body(path, Response::array_buffer).await?.unchecked_into();
    Ok(js_sys::Uint8Array::new(&buffer).to_vec())
}

pub async fn fetch_blob(path: &str) -> Result<Blob, String> {
    Ok(body(path, Response::blob).await?.unchecked_into())
}

/// A flat JSON object of texts: each key with its text.
pub async fn fetch_words(path: &str) -> Result<Vec<(String, String)>, String> {
    let text = body(path, Response::text).await?.as_string().unwrap_or_default();
    let object: Object = JSON::parse(&text).map_err(|error| format!("{path}: {}", words(&error)))?.unchecked_into();
    let entries = Object::entries(&object);
    let pairs = entries.iter().filter_map(|pair| {
        let pair: js_sys::Array = pair.dyn_into().ok()?;
        Some((pair.get(0).as_string()?, pair.get(1).as_string()?))
    });
    Ok(pairs.collect())
}

pub fn fragment() -> String {
    window().location().hash().unwrap_or_default()
}

/// The whole address, as one shares it.
pub fn address() -> String {
    window().location().href().unwrap_or_default()
}

/// Writes the address; `push` makes an entry that the back button returns from.
pub fn set_fragment(fragment: &str, push: bool) {
    let Ok(history) = window().history() else { return };
    let written = if push {
        history.push_state_with_url(&JsValue::NULL, "", Some(fragment))
    } else {
        history.replace_state_with_url(&JsValue::NULL, "", Some(fragment))
    };
    // A page opened from a sandboxed frame may not write its history; it works without.
    let _ = written;
}

fn storage() -> Option<Storage> {
    window().local_storage().ok().flatten()
}

pub fn remembered(key: &str) -> Option<String> {
    storage()?.get_item(key).ok().flatten()
}

pub fn remember(key: &str, value: &str) {
    if let Some(storage) = storage() {
        // Storage may be full or forbidden; then the choice lasts as long as the page.
        let _ = storage.set_item(key, value);
    }
}

pub fn prefers(query: &str) -> bool {
    window().match_media(query).ok().flatten().is_some_and(|list| list.matches())
}

pub fn root() -> Option<Element> {
    document().document_element()
}

pub fn set_root(attribute: &str, value: &str) {
    if let Some(root) = root() {
        let _ = root.set_attribute(attribute, value);
    }
}

/// Width of the window in CSS pixels.
pub fn width() -> f64 {
    window().inner_width().ok().and_then(|width| width.as_f64()).unwrap_or_default()
}

/// Hands a file over to be kept; the browser asks where, or puts it where it puts downloads.
pub fn download(blob: &Blob, name: &str) {
    let (Ok(address), Ok(link)) = (Url::create_object_url_with_blob(blob), document().create_element("a")) else {
        return;
    };
    let _ = link.set_attribute("href", &address);
    let _ = link.set_attribute("download", name);
    link.unchecked_ref::<HtmlElement>().click();
    // Some browsers read the address only after a while.
    let forget = Closure::once_into_js(move || drop(Url::revoke_object_url(&address)));
    let _ = window().set_timeout_with_callback_and_timeout_and_arguments_0(forget.unchecked_ref(), KEPT);
}

/// Milliseconds for which a downloaded file can be read from its address.
const KEPT: i32 = 60_000;

/// Runs once the next frame is on the screen: then an element's place is known, and asking for it costs no layout.
pub fn after_paint(run: impl FnOnce() + 'static) {
    let timer = Closure::once_into_js(run);
    let frame = Closure::once_into_js(move || {
        // A timer of no delay always starts.
        let _ = window().set_timeout_with_callback(timer.unchecked_ref());
    });
    let _ = window().request_animation_frame(frame.unchecked_ref());
}

/// Gives an element the focus once it is there.
pub fn focus(id: &'static str) {
    after_paint(move || {
        let element = document().get_element_by_id(id).and_then(|element| element.dyn_into::<HtmlElement>().ok());
        if let Some(element) = element {
            // What cannot have it goes without.
            let _ = element.focus();
        }
    });
}

/// Scrolls a panel, and nothing around it, so that what the first selector finds inside it, else the next, can be seen.
pub fn reveal(panel: &'static str, inside: &'static [&'static str]) {
    after_paint(move || reveal_now(panel, inside));
}

fn reveal_now(panel: &str, inside: &[&str]) {
    let Some(panel) = document().query_selector(panel).ok().flatten() else { return };
    let Some(target) = inside.iter().find_map(|inside| panel.query_selector(inside).ok().flatten()) else { return };
    let (outer, inner) = (panel.get_bounding_client_rect(), target.get_bounding_client_rect());
    if inner.top() < outer.top() || inner.bottom() > outer.bottom() {
        let middle = inner.top() - outer.top() - (outer.height() - inner.height()) / 2.0;
        panel.set_scroll_top(panel.scroll_top() + middle as i32);
    }
}
