//! `cargo xtask agree --filter` → whether tshark still finds the frames that `tests/golden/filters.txt` says it finds.
//!
//! `cargo test --test filter` compares the engine with that file, so that it needs no tshark. With `UPDATE_GOLDENS=1` the file
//! is written anew, filter by filter, from what tshark says.

use std::fs;
use std::process::Command;

use crate::{root, setup};

pub fn run() -> Result<(), String> {
    if setup::find("tshark").is_none() {
        println!("tshark is not installed, so there is nothing to compare with");
        return Ok(());
    }
    let goldens = root().join("tests/golden");
    let path = goldens.join("filters.txt");
    let text = fs::read_to_string(&path).map_err(|why| format!("{}: {why}", path.display()))?;
    let (mut file, mut fresh) = ("", String::new());
    let (mut asked, mut differ) = (0, 0);
    for line in text.lines() {
        if let Some(name) = line.strip_prefix("# ") {
            file = name;
            fresh += &format!("{line}\n");
            continue;
        }
        let (filter, recorded) = line.split_once('\t').unwrap_or((line, ""));
        let mut tshark = Command::new("tshark");
        tshark.arg("-r").arg(goldens.join(file)).args(["-Y", filter, "-T", "fields", "-e", "frame.number"]);
        let output = tshark.output().map_err(|why| format!("cannot start tshark: {why}"))?;
        if !output.status.success() {
            return Err(format!("{file}: {filter}: {}", String::from_utf8_lossy(&output.stderr)));
        }
        let found = String::from_utf8_lossy(&output.stdout).split_whitespace().collect::<Vec<_>>().join(" ");
        asked += 1;
        if found != recorded {
            differ += 1;
            println!("{file}: {filter}\n    recorded {recorded}\n    tshark   {found}");
        }
        fresh += &format!("{filter}\t{found}\n");
    }
    println!("{asked} filters, {} of them with the frames that are recorded", asked - differ);
    if std::env::var_os("UPDATE_GOLDENS").is_some() {
        return fs::write(&path, fresh).map_err(|why| format!("{}: {why}", path.display()));
    }
    if differ > 0 { Err(format!("{differ} filters differ")) } else { Ok(()) }
}
