//! Yew: reads a Session, paints a scene, sends Actions.

pub mod port;
