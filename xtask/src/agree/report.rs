//! What all comparisons found + the reasons written down → the tables that are printed, and whether the targets are reached.

use std::collections::{BTreeMap, BTreeSet};

use super::allow::Allowed;
use super::compare::{Count, Disagreement, Tally};
use super::scope::{RULE, Scope};

/// Percent of the fields that both sides have that agree in value and bytes.
const AGREEMENT: f64 = 99.5;
/// Percent of the fields that tshark shows that we have.
const COVERAGE: f64 = 90.0;

/// Packets that are printed of each kind of difference; all are counted.
const EXAMPLES: usize = 3;
/// Kinds of differences and keys that are printed unless all are asked for.
const KINDS: usize = 40;

pub struct Report<'a> {
    pub scope: &'a Scope,
    pub allowed: Allowed,
    pub tally: Tally,
    /// Whether everything is printed, however long.
    pub all: bool,
}

impl Report<'_> {
    /// Prints everything; the error names the targets that were missed.
    pub fn print(mut self) -> Result<(), String> {
        let lists = self.lists();
        let mut disagreements = std::mem::take(&mut self.tally.disagreements);
        disagreements.extend(lists);
        let (allowed, mut unreasoned): (Vec<_>, Vec<_>) =
            disagreements.into_iter().partition(|it| self.allowed.permits(it));
        let (lists, fields): (Vec<_>, Vec<_>) = unreasoned.drain(..).partition(|it| it.what == "layers");
        println!("\n{RULE}\n");
        let (agreement, coverage) = self.table(&fields, &allowed);
        let times = |of: fn(&Count) -> u64| self.tally.protocols.values().map(of).sum::<u64>();
        let (shown, had) = (times(|count| count.times_shown), times(|count| count.times_had));
        println!("\nCounting a field every time it is there: {had} of {shown}, {:.2} %", percent(had, shown));
        self.keys();
        kinds("Fields that differ", &fields, self.limit());
        kinds("Lists of layers that differ", &lists, self.limit());
        self.reasons(allowed.len());
        self.targets(agreement, coverage, lists.len())
    }

    fn limit(&self) -> usize {
        if self.all { usize::MAX } else { KINDS }
    }

    /// Differences of the lists of layers, as far as both sides support the protocols.
    fn lists(&mut self) -> Vec<Disagreement> {
        let mut supported: BTreeSet<String> = self.scope.supported().into_iter().map(str::to_string).collect();
        supported.extend(self.tally.named.iter().cloned());
        let mut differences = Vec::new();
        for ((ours, theirs), found) in std::mem::take(&mut self.tally.layers) {
            let theirs: Vec<String> = theirs.into_iter().filter(|name| !is_remark(name)).collect();
            // What lies inside a protocol that is not supported is nobody's to compare.
            let reached = theirs.iter().position(|name| !supported.contains(name)).unwrap_or(theirs.len());
            let keep = |list: &[String]| -> Vec<String> {
                list.iter().filter(|name| supported.contains(*name)).cloned().collect()
            };
            let (ours, theirs) = (keep(&ours), keep(&theirs[..reached]));
            if ours == theirs {
                continue;
            }
            for (file, frame) in found.places {
                let (key, ours, theirs) = (difference(&ours, &theirs), ours.join(" "), theirs.join(" "));
                let protocol = String::new();
                differences.push(Disagreement { file, frame, protocol, key, what: "layers", ours, theirs });
            }
        }
        differences
    }

    /// A line for each protocol and their sum; answers agreement and coverage of all.
    fn table(&self, fields: &[Disagreement], allowed: &[Disagreement]) -> (f64, f64) {
        let counted = |list: &[Disagreement]| {
            let mut counts: BTreeMap<String, u64> = BTreeMap::new();
            for it in list.iter().filter(|it| it.what != "layers") {
                *counts.entry(it.protocol.clone()).or_default() += 1;
            }
            counts
        };
        let (differ, reasoned) = (counted(fields), counted(allowed));
        println!(
            "{:<16} {:>9} {:>8} {:>8} {:>11} {:>10} {:>10} {:>10} {:>9}",
            "protocol", "compared", "differ", "reasoned", "agreement", "shown", "had", "coverage", "only here"
        );
        let mut sum = [0; 6];
        for (protocol, count) in &self.tally.protocols {
            let of = |counts: &BTreeMap<String, u64>| counts.get(protocol).copied().unwrap_or(0);
            let line = [count.compared, of(&differ), of(&reasoned), count.shown, count.had, count.only_ours];
            row(protocol, line);
            sum.iter_mut().zip(line).for_each(|(sum, count)| *sum += count);
        }
        row("total", sum);
        let [compared, differ, _, shown, had, _] = sum;
        (percent(compared - differ, compared), percent(had, shown))
    }

    fn keys(&self) {
        for (side, keys) in [("tshark", &self.tally.missed), ("here", &self.tally.only_ours)] {
            let mut list: Vec<_> = keys.iter().collect();
            list.sort_by_key(|(_, count)| std::cmp::Reverse(**count));
            let total = list.len();
            let list: Vec<_> = list
                .into_iter()
                .take(self.limit().saturating_mul(2))
                .map(|(key, count)| format!("{key} {count}"))
                .collect();
            println!("\nonly {side} ({total} keys): {}", list.join(", "));
        }
        let invented = self.scope.invented();
        if !invented.is_empty() {
            println!("\nkeys of ours that tshark does not have: {}", invented.join(", "));
        }
    }

    fn reasons(&self, differences: usize) {
        println!("\nDifferences with a written reason: {differences}");
        for (line, uses) in self.allowed.uses() {
            println!("{uses:>9}  {line}{}", if uses == 0 { "   [not met in these captures]" } else { "" });
        }
    }

    fn targets(&self, agreement: f64, coverage: f64, lists: usize) -> Result<(), String> {
        let Tally { packets, stops, panics, .. } = &self.tally;
        println!(
            "\n{packets} packets: {} decoded to their end, {stops} stopped with a reason, {} panicked",
            packets - stops,
            panics.len()
        );
        panics.iter().for_each(|panic| println!("    {panic}"));
        println!("agreement  {agreement:.3} % of the fields on both sides (target {AGREEMENT} %)");
        println!("coverage   {coverage:.3} % of the fields that tshark shows (target {COVERAGE} %)");
        println!("layers     {lists} packets differ in their list without a written reason (target 0)");
        let mut missed = Vec::new();
        for (name, reached) in [
            ("agreement", agreement >= AGREEMENT),
            ("coverage", coverage >= COVERAGE),
            ("layers", lists == 0),
            ("panics", panics.is_empty()),
        ] {
            if !reached {
                missed.push(name);
            }
        }
        if missed.is_empty() { Ok(()) } else { Err(format!("targets missed: {}", missed.join(", "))) }
    }
}

/// What tshark prints like a protocol without meaning one.
fn is_remark(name: &str) -> bool {
    name.starts_with("_ws.") || matches!(name, "geninfo" | "frame" | "fake-field-wrapper" | "pkt_comment" | "data")
}

fn row(name: &str, [compared, differ, reasoned, shown, had, only_ours]: [u64; 6]) {
    let agreement = if compared == 0 { "-".into() } else { format!("{:.3} %", percent(compared - differ, compared)) };
    let coverage = if shown == 0 { "-".into() } else { format!("{:.2} %", percent(had, shown)) };
    println!(
        "{name:<16} {compared:>9} {differ:>8} {reasoned:>8} {agreement:>11} {shown:>10} {had:>10} {coverage:>10} {only_ours:>9}"
    );
}

fn percent(part: u64, whole: u64) -> f64 {
    if whole == 0 { 100.0 } else { 100.0 * part as f64 / whole as f64 }
}

fn kinds(title: &str, list: &[Disagreement], limit: usize) {
    let mut kinds: BTreeMap<(&str, &str), Vec<&Disagreement>> = BTreeMap::new();
    for it in list {
        kinds.entry((&it.key, it.what)).or_default().push(it);
    }
    let mut kinds: Vec<_> = kinds.into_iter().collect();
    kinds.sort_by_key(|(_, list)| std::cmp::Reverse(list.len()));
    println!("\n{title}: {}, of {} kinds", list.len(), kinds.len());
    for ((key, what), list) in kinds.iter().take(limit) {
        println!("{key} {what}: {} times", list.len());
        for it in list.iter().take(EXAMPLES) {
            println!("    {} frame {}: here {:?}, tshark {:?}", it.file, it.frame, it.ours, it.theirs);
        }
    }
    if kinds.len() > limit {
        println!("… and {} kinds more: --all prints them", kinds.len() - limit);
    }
}

/// What only one side has, as `-tls +ssh`; `order` where both have the same in another order.
fn difference(ours: &[String], theirs: &[String]) -> String {
    let mut counts: BTreeMap<&str, i64> = BTreeMap::new();
    ours.iter().for_each(|name| *counts.entry(name).or_default() += 1);
    theirs.iter().for_each(|name| *counts.entry(name).or_default() -= 1);
    let signs = counts.iter().filter(|(_, count)| **count != 0);
    let signs: Vec<_> = signs.map(|(name, count)| format!("{}{name}", if *count < 0 { '-' } else { '+' })).collect();
    if signs.is_empty() { "order".into() } else { signs.join(",") }
}

#[cfg(test)]
mod tests {
    use super::difference;

    #[test]
    fn a_difference_of_layers_is_named_by_what_is_missing() {
        let list = |text: &str| text.split(' ').map(str::to_string).collect::<Vec<_>>();
        for (ours, theirs, named) in
            [("eth ip tcp", "eth ip tcp tls", "-tls"), ("ip udp", "ip tcp", "+udp,-tcp"), ("ip tcp", "tcp ip", "order")]
        {
            let mut parts: Vec<_> = named.split(',').collect();
            let found = difference(&list(ours), &list(theirs));
            let mut found: Vec<_> = found.split(',').collect();
            parts.sort_unstable();
            found.sort_unstable();
            assert_eq!(found, parts);
        }
    }
}
