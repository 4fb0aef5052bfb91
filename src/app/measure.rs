//! An element → its size in CSS pixels, told again whenever it changes.

use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::{Element, ResizeObserver};
use yew::prelude::*;

use crate::text::decimal;

/// The size of the element that carries the reference; zero before the first layout.
#[hook]
pub fn use_size() -> (NodeRef, (f32, f32)) {
    let node = use_node_ref();
    let size = use_state_eq(|| (0.0f32, 0.0f32));
    {
        let (node, size) = (node.clone(), size.clone());
        use_effect_with((), move |()| {
            let element = node.cast::<Element>();
            let watched = element.clone();
            let callback = Closure::<dyn Fn()>::new(move || {
                if let Some(element) = &watched {
                    size.set((element.client_width() as f32, element.client_height() as f32));
                }
            });
            let observer = ResizeObserver::new(callback.as_ref().unchecked_ref()).ok();
            if let (Some(observer), Some(element)) = (&observer, &element) {
                observer.observe(element);
            }
            move || {
                if let Some(observer) = observer {
                    observer.disconnect();
                }
                drop(callback);
            }
        });
    }
    (node, *size)
}

/// The same size as a picture's attributes: width, height and `viewBox`, in whole pixels.
pub fn attributes(size: (f32, f32)) -> (String, String, String) {
    let (width, height) = (decimal(size.0.into(), 0), decimal(size.1.into(), 0));
    let view_box = format!("0 0 {width} {height}");
    (width, height, view_box)
}
