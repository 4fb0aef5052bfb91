//! What the commands share with the browser tests: a web server for a built page.

pub mod server;
