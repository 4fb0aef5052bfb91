//! Timers that a kernel tells of its sockets → how close the engine's estimates come, from the capture at the same end.

use std::path::Path;

use packet_theater::engine::{Request, Response};

use super::told::Wire;

/// One change of a socket's timers; times in nanoseconds.
struct Sample {
    end: usize,
    ports: (u16, u16),
    at: i64,
    rto: i64,
    rtt: i64,
    /// In segments.
    unacked: i64,
    cwnd: i64,
}

/// What the comparisons add up to.
#[derive(Default)]
pub struct Closeness {
    /// Differences of estimates, in thousandths of the kernel's number.
    rtt: Vec<i64>,
    rto: Vec<i64>,
    /// Samples, and those in which both say that something is in flight, or both that nothing is.
    flight: (u32, u32),
    /// Samples, and those in which the congestion window is no smaller than the estimate says.
    bound: (u32, u32),
}

impl Closeness {
    /// Takes the samples of one scenario, if the recorder wrote any.
    pub fn take(&mut self, wire: &mut Wire, path: &Path) {
        let text = std::fs::read_to_string(path).unwrap_or_default();
        for sample in text.lines().filter_map(read) {
            self.compare(wire, &sample);
        }
    }

    fn compare(&mut self, wire: &mut Wire, sample: &Sample) {
        let Some((engine, conversation, own, row)) = wire.row_at(sample.end, sample.ports, sample.at) else { return };
        let Response::Moment { moment, .. } = engine.answer(&Request::Moment { conversation, row }) else { return };
        let told = &moment.arrived[own];
        // A kernel that has not measured says its first guess, which is no estimate.
        if let Some(rtt) = told.get("srtt").filter(|_| sample.rtt > 0) {
            self.rtt.push((rtt - sample.rtt).abs() * 1000 / sample.rtt);
            let backoff = told.get("attempt").unwrap_or(0).clamp(0, 30);
            if let Some(rto) = told.get("rto-linux").filter(|_| sample.rto > 0) {
                self.rto.push(((rto << backoff) - sample.rto).abs() * 1000 / sample.rto);
            }
        }
        if let Some(flight) = told.get("flight") {
            self.flight.0 += 1;
            self.flight.1 += u32::from((flight > 0) == (sample.unacked > 0));
        }
        if let Some((cwnd, mss)) = told.get("cwnd").zip(told.get("mss")).filter(|(_, mss)| *mss > 0) {
            self.bound.0 += 1;
            self.bound.1 += u32::from(cwnd / mss <= sample.cwnd);
        }
    }

    pub fn print(mut self) {
        println!("\nestimates beside tcp_info of the same end, at each change that was seen of it:");
        for (name, list) in [("SRTT", &mut self.rtt), ("RTO as in Linux", &mut self.rto)] {
            list.sort_unstable();
            let within = list.iter().filter(|off| **off <= 100).count();
            let median = list.get(list.len() / 2).copied().unwrap_or_default();
            println!(
                "{name:<24} {:>6} samples, {:>5.1} % within a tenth, median off by {:.1} %",
                list.len(),
                share(within as u32, list.len() as u32),
                median as f64 / 10.0
            );
        }
        let (all, same) = self.flight;
        println!("{:<24} {all:>6} samples, {:>5.1} % empty or not alike", "in flight", share(same, all));
        let (all, held) = self.bound;
        println!("{:<24} {all:>6} samples, {:>5.1} % no smaller than its bound", "congestion window", share(held, all));
    }
}

fn share(part: u32, whole: u32) -> f64 {
    if whole == 0 { 0.0 } else { 100.0 * f64::from(part) / f64::from(whole) }
}

/// `end client server at rto rtt rttvar unacked cwnd`, times in microseconds but for `at`.
fn read(line: &str) -> Option<Sample> {
    let numbers: Vec<i64> = line.split(' ').map(|word| word.parse().ok()).collect::<Option<_>>()?;
    let [end, client, server, at, rto, rtt, _, unacked, cwnd] = numbers[..] else { return None };
    let ports = (u16::try_from(client).ok()?, u16::try_from(server).ok()?);
    Some(Sample { end: usize::from(end == 1), ports, at, rto: rto * 1000, rtt: rtt * 1000, unacked, cwnd })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_of_timers_is_read() {
        let sample = read("1 30001 9001 17 204000 1500 700 2 10").unwrap();
        assert_eq!((sample.end, sample.ports, sample.at), (1, (30001, 9001), 17));
        assert_eq!((sample.rto, sample.rtt, sample.unacked, sample.cwnd), (204_000_000, 1_500_000, 2, 10));
        assert!(read("1 2 3").is_none() && read("1 a 3 4 5 6 7 8 9").is_none());
    }
}
