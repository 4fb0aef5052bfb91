//! The player's position, told to what moves with it on every frame without painting anything else again.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use yew::prelude::*;

type Listener = Rc<dyn Fn(f64)>;

/// Clones share it.
#[derive(Clone, Default)]
pub struct Live {
    position: Rc<Cell<f64>>,
    listeners: Rc<RefCell<Vec<(usize, Listener)>>>,
    next: Rc<Cell<usize>>,
}

impl PartialEq for Live {
    fn eq(&self, other: &Live) -> bool {
        Rc::ptr_eq(&self.position, &other.position)
    }
}

impl Live {
    pub fn tell(&self, position: f64) {
        if self.position.replace(position) != position {
            let listeners: Vec<Listener> =
                self.listeners.borrow().iter().map(|(_, listener)| listener.clone()).collect();
            listeners.iter().for_each(|listener| listener(position));
        }
    }

    pub fn now(&self) -> f64 {
        self.position.get()
    }

    fn listen(&self, listener: Listener) -> impl FnOnce() + 'static + use<> {
        let id = self.next.replace(self.next.get() + 1);
        self.listeners.borrow_mut().push((id, listener));
        let listeners = self.listeners.clone();
        move || listeners.borrow_mut().retain(|(other, _)| *other != id)
    }
}

/// The position now; the component that asks is painted again whenever it changes.
#[hook]
pub fn use_position(live: &Live) -> f64 {
    let position = use_state_eq(|| live.position.get());
    {
        let (setter, watched) = (position.setter(), live.clone());
        use_effect_with(live.clone(), move |_| {
            setter.set(watched.position.get());
            watched.listen(Rc::new(move |position| setter.set(position)))
        });
    }
    *position
}
