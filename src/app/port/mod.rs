//! The message port between page and worker: requests and captures one way, answers and deaths the other.
//!
//! Written for this one pair instead of a worker library: the capture crosses as a handle (a `Blob`, never copied),
//! buffers are transferred, and a worker that panics, or never starts, is reported with its message and replaced.

mod blob;
pub mod converter;
pub mod host;
mod message;
mod page;

pub use blob::BlobSource;
pub use page::{Event, Port};
