//! One request → one response over the whole core; what the worker runs and every test drives.

mod types;

pub use types::*;
