//! The core's table of contents, in data-path order: bytes → records → layers → conversations → scene → pixels.
//!
//! A module imports only from modules above it in this list (`tests/tidy.rs` keeps that), and only `app` names a web crate.

pub mod capture;
pub mod conversation;
pub mod engine;
pub mod lesson;
pub mod protocol;
pub mod scene;
pub mod session;
pub mod text;

#[cfg(feature = "web")]
pub mod app;
