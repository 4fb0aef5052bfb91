//! `cargo xtask serve`: the page on this machine.

use std::thread;

use xtask::server;

use crate::page::{self, Mode};

const PORT: u16 = 8080;

pub fn run(arguments: &[String]) -> Result<(), String> {
    let port = match arguments {
        [] => PORT,
        [flag, number] if flag == "--port" => number.parse().map_err(|_| format!("`{number}` is no port"))?,
        _ => return Err("usage: cargo xtask serve [--port N]".into()),
    };
    let directory = page::build(Mode::Serve)?;
    let address = server::start(&directory, "/", port)?;
    println!("\n  Packet Theater plays at {address}\n  Stop it with Ctrl-C; run the command again after a change.");
    loop {
        thread::park();
    }
}
