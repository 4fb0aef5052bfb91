//! `cargo xtask kernel`: TCP between two real hosts → whether the engine's states were ever another than the kernel's.
//!
//! `tests/kernel/run.py` builds the hosts (network namespaces, Linux and root), plays its scenarios, captures at both ends and
//! samples every socket: as often as the machine can (`sock_diag`, what `ss` uses), and at each change (a tracepoint). The engine
//! then reads each of the two captures alone and has to give both ends the kernel's states. What a capture tells of the far end is
//! held against the moment at which the same frame passed there, which the other capture has. `judge` defines what counts.
//! Beside it, `timers` holds estimates of round trips and timers against what the kernel tells of them.

mod judge;
mod timers;
mod told;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use packet_theater::conversation::State;

use crate::root;
use crate::step::run as run_command;
use judge::{Sample, TOLERANCE, Verdict, judge};
use timers::Closeness;
use told::Wire;

const USAGE: &str = "usage: cargo xtask kernel [--keep FOLDER | --again FOLDER] [SCENARIO…]";
const ENDS: [&str; 2] = ["alice", "bob"];

/// Where an end's samples belong: end, then the ports of client and server.
type Socket = (usize, u16, u16);

pub fn run(arguments: &[String]) -> Result<(), String> {
    let (folder, record, names) = match arguments {
        [option, folder, names @ ..] if option == "--keep" => (Some(PathBuf::from(folder)), true, names),
        [option, folder, names @ ..] if option == "--again" => (Some(PathBuf::from(folder)), false, names),
        names => (None, true, names),
    };
    if let Some(option) = names.iter().find(|name| name.starts_with('-')) {
        return Err(format!("there is no option `{option}`; {USAGE}"));
    }
    if record && (!cfg!(target_os = "linux") || !xtask::is_root()) {
        return Err("building hosts in network namespaces needs Linux and root".into());
    }
    let keeps = folder.is_some();
    let folder =
        folder.unwrap_or_else(|| std::env::temp_dir().join(format!("packet-theater-kernel-{}", std::process::id())));
    let result = if record { play(&folder, names) } else { Ok(()) }.and_then(|()| compare(&folder, names));
    if !keeps {
        // The verdict matters more than a folder that cannot be removed.
        let _ = fs::remove_dir_all(&folder);
    }
    result
}

fn play(folder: &Path, names: &[String]) -> Result<(), String> {
    fs::create_dir_all(folder).map_err(|error| format!("cannot make {}: {error}", folder.display()))?;
    run_command(Command::new("python3").arg("-B").arg(root().join("tests/kernel/run.py")).arg(folder).args(names))
}

#[derive(Clone, Copy, Default)]
struct Counts {
    samples: u32,
    agreeing: u32,
    unknown: u32,
    unseen: u32,
    contradicting: u32,
}

impl Counts {
    fn add(&mut self, other: Counts) {
        self.samples += other.samples;
        self.agreeing += other.agreeing;
        self.unknown += other.unknown;
        self.unseen += other.unseen;
        self.contradicting += other.contradicting;
    }

    fn print(&self, name: &str) {
        let Counts { samples, agreeing, unknown, unseen, contradicting } = self;
        println!("{name:<32} {samples:>8} {agreeing:>9} {unknown:>8} {unseen:>7} {contradicting:>14}");
    }
}

/// A run of samples that the engine contradicts in the same way.
struct Contradiction {
    what: String,
    first: i64,
    count: u32,
}

fn compare(folder: &Path, names: &[String]) -> Result<(), String> {
    let listing = read(&folder.join("scenarios.txt"))?;
    let mut wire = Wire::open([folder.join("alice.pcap"), folder.join("bob.pcap")])?;
    println!("Each sample is held against two captures, Alice's and Bob's; tolerance {} ms.", TOLERANCE / 1_000_000);
    println!(
        "{:<32} {:>8} {:>9} {:>8} {:>7} {:>14}",
        "scenario", "samples", "agreeing", "unknown", "unseen", "contradicting"
    );
    let mut total = Counts::default();
    let mut scenarios = 0;
    let mut closeness = Closeness::default();
    for line in listing.lines() {
        let Some((port, name)) = line.split_once(' ') else { continue };
        if !names.is_empty() && names.iter().all(|other| other != name) {
            continue;
        }
        let samples = samples(&read(&folder.join(format!("{port}.samples")))?)?;
        if samples.is_empty() {
            return Err(format!("{name}: nothing was sampled"));
        }
        let (counts, contradictions) = scenario(&mut wire, &samples);
        counts.print(name);
        closeness.take(&mut wire, &folder.join(format!("{port}.timers")));
        for it in contradictions {
            println!(
                "    {}: {} samples, from second {}.{:03} on",
                it.what,
                it.count,
                it.first / 1000,
                it.first % 1000
            );
        }
        total.add(counts);
        scenarios += 1;
    }
    total.print(&format!("total of {scenarios} scenarios"));
    closeness.print();
    let [right, between, wrong, untold] = wire.places();
    println!("capture point: {right} right, {between} said to be in between, {wrong} wrong, {untold} not told");
    match total.contradicting {
        0 if scenarios > 0 => Ok(()),
        0 => Err("no scenario was played".into()),
        count => Err(format!("the engine contradicts the kernel in {count} samples")),
    }
}

fn scenario(wire: &mut Wire, samples: &BTreeMap<Socket, Vec<Sample>>) -> (Counts, Vec<Contradiction>) {
    let mut counts = Counts::default();
    let mut found: Vec<Contradiction> = Vec::new();
    let start = samples.values().flatten().map(|sample| sample.from).min().unwrap_or_default();
    for ((end, client, server), samples) in samples {
        for (point, place) in ENDS.iter().enumerate() {
            let told = wire.told(point, *end, (*client, *server));
            for (sample, verdict) in samples.iter().zip(judge(&told, samples)) {
                counts.samples += 1;
                match verdict {
                    Verdict::Agrees => counts.agreeing += 1,
                    Verdict::Unknown => counts.unknown += 1,
                    Verdict::Unseen => counts.unseen += 1,
                    Verdict::Contradicts(engine) => {
                        counts.contradicting += 1;
                        let kernel = sample.state;
                        let what = format!(
                            "{place}.pcap, {} (port {client}): kernel {kernel:?}, engine {engine:?}",
                            ENDS[*end]
                        );
                        match found.iter_mut().find(|it| it.what == what) {
                            Some(it) => it.count += 1,
                            None => {
                                found.push(Contradiction { what, first: (sample.from - start) / 1_000_000, count: 1 })
                            }
                        }
                    }
                }
            }
        }
    }
    (counts, found)
}

/// A state that the kernel leaves while it handles one segment is a step of its code, and no state at any time.
const PASSING: i64 = 100_000;

/// The lines that `tests/kernel/watch.py` writes, by socket and in the order of time.
fn samples(text: &str) -> Result<BTreeMap<Socket, Vec<Sample>>, String> {
    let mut all: BTreeMap<Socket, Vec<Sample>> = BTreeMap::new();
    let mut changed: BTreeMap<Socket, i64> = BTreeMap::new();
    for line in text.lines() {
        let told = || format!("this is no sample: {line}");
        let words: Vec<&str> = line.split(' ').collect();
        let [end, client, server, state, from, until] = words[..] else { return Err(told()) };
        let number = |word: &str| word.parse::<i64>().map_err(|_| told());
        let port = |word: &str| word.parse::<u16>().map_err(|_| told());
        let socket = (usize::from(end == "1"), port(client)?, port(server)?);
        let samples = all.entry(socket).or_default();
        let (from, until) = (number(from)?, number(until)?);
        if state.contains('>') && changed.insert(socket, from).is_some_and(|before| from - before < PASSING) {
            samples.pop();
        }
        // The kernel ends the socket and goes on with a smaller one, which the tracepoint does not tell.
        if matches!(state, "FIN_WAIT2>CLOSE" | "CLOSING>CLOSE") {
            continue;
        }
        let state = state_of(state.rsplit('>').next().unwrap_or_default()).ok_or_else(told)?;
        samples.push(Sample { state, from, until });
    }
    all.values_mut().for_each(|samples| samples.sort_by_key(|sample| sample.from));
    Ok(all)
}

/// `include/net/tcp_states.h`
fn state_of(word: &str) -> Option<State> {
    Some(match word {
        "ESTABLISHED" => State::Established,
        "SYN_SENT" => State::SynSent,
        "SYN_RECV" | "NEW_SYN_RECV" => State::SynReceived,
        "FIN_WAIT1" => State::FinWait1,
        "FIN_WAIT2" => State::FinWait2,
        "TIME_WAIT" => State::TimeWait,
        "CLOSE" | "CLOSED" => State::Closed,
        "CLOSE_WAIT" => State::CloseWait,
        "LAST_ACK" => State::LastAck,
        "CLOSING" => State::Closing,
        _ => return None,
    })
}

fn read(path: &Path) -> Result<String, String> {
    fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "0 30001 9001";

    fn of_alice(text: &str) -> Vec<(State, i64)> {
        samples(text).unwrap()[&(0, 30001, 9001)].iter().map(|sample| (sample.state, sample.from)).collect()
    }

    #[test]
    fn looks_and_changes_are_read_in_the_order_of_time() {
        let text = format!("{HEAD} SYN_SENT 200 300\n{HEAD} CLOSE>SYN_SENT 100 101\n");
        assert_eq!(of_alice(&text), [(State::SynSent, 100), (State::SynSent, 200)]);
        assert!(samples("0 30001 9001 SLEEPING 1 2").is_err());
        assert!(samples("0 30001").is_err());
    }

    #[test]
    fn a_step_of_the_kernels_code_is_no_state() {
        let text = format!("{HEAD} FIN_WAIT1>FIN_WAIT2 1000 1001\n{HEAD} FIN_WAIT2>CLOSE 2000 2001\n");
        assert_eq!(of_alice(&text), []);
        let text = format!("{HEAD} FIN_WAIT1>FIN_WAIT2 1000 1001\n{HEAD} FIN_WAIT2>CLOSE 900000 900001\n");
        assert_eq!(of_alice(&text), [(State::FinWait2, 1000)]);
    }
}
