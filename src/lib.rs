//! The core's table of contents, in data-path order: bytes → records → layers → conversations → scene → pixels.
//!
//! A module imports only from modules above it in this list (`tests/tidy.rs` keeps that), and only `app` names a web crate.

pub mod capture;
pub mod protocol;
pub mod conversation;
pub mod filter;
pub mod text;
pub mod lesson;
pub mod engine;
pub mod scene;
pub mod session;

#[cfg(feature = "web")]
pub mod app;
