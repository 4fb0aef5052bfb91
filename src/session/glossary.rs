//! The glossary: what is searched for and which protocol is open → the rows that the page lists.

use std::rc::Rc;

use super::{Effect, Session};
use crate::text::Term;

/// Rows that are in the page at once; the rest is counted and comes when it is asked for.
pub const ROWS: usize = 100;
/// A search that finds more protocols than this shows names only: fetching all their explanations helps nobody.
const EXPLAINED: usize = 12;

#[derive(Clone, Debug, PartialEq)]
pub struct Glossary {
    /// Empty until it has been loaded.
    pub terms: Rc<Vec<Term>>,
    pub query: String,
    /// The protocol whose fields are listed while nothing is searched for.
    pub open: String,
    rows: usize,
}

impl Default for Glossary {
    fn default() -> Glossary {
        Glossary { terms: Rc::default(), query: String::new(), open: String::new(), rows: ROWS }
    }
}

/// A protocol with those of its fields that are listed.
#[derive(Debug, PartialEq)]
pub struct Group<'a> {
    pub protocol: &'a str,
    /// Fields that it has, or that were found in it.
    pub total: usize,
    pub terms: Vec<&'a Term>,
}

impl Glossary {
    /// By protocol, what is open or found; a protocol that has neither is listed without fields, or not at all in a search.
    pub fn groups(&self) -> Vec<Group<'_>> {
        let words: Vec<String> = self.query.split_whitespace().map(str::to_ascii_lowercase).collect();
        let mut groups: Vec<Group> = Vec::new();
        let mut room = self.rows;
        for term in self.terms.iter().filter(|term| words.is_empty() || found(term, &words)) {
            if groups.last().is_none_or(|group| group.protocol != term.protocol()) {
                groups.push(Group { protocol: term.protocol(), total: 0, terms: Vec::new() });
            }
            let Some(group) = groups.last_mut() else { continue };
            group.total += 1;
            if room > 0 && (!words.is_empty() || group.protocol == self.open) {
                room -= 1;
                group.terms.push(term);
            }
        }
        groups
    }
}

/// Every word that is searched for stands in the key or in a name, of whichever language.
fn found(term: &Term, words: &[String]) -> bool {
    let text = format!("{} {} {}", term.key, term.names[0], term.names[1]).to_ascii_lowercase();
    words.iter().all(|word| text.contains(word.as_str()))
}

impl Session {
    /// The glossary was opened, at a field if there is a key.
    pub(super) fn open_glossary(&mut self, key: &str, effects: &mut Vec<Effect>) {
        self.player.playing = false;
        let glossary = Rc::make_mut(&mut self.glossary);
        glossary.rows = ROWS;
        if !key.is_empty() {
            glossary.query.clear();
            glossary.open = key.split('.').next().unwrap_or_default().to_owned();
        }
        if glossary.terms.is_empty() {
            effects.push(Effect::LoadTerms);
        }
        self.explain_listed(effects);
    }

    pub(super) fn terms_loaded(&mut self, terms: Rc<Vec<Term>>, effects: &mut Vec<Effect>) {
        Rc::make_mut(&mut self.glossary).terms = terms;
        self.explain_listed(effects);
    }

    pub(super) fn search(&mut self, query: String, effects: &mut Vec<Effect>) {
        let glossary = Rc::make_mut(&mut self.glossary);
        (glossary.query, glossary.rows) = (query, ROWS);
        self.explain_listed(effects);
    }

    /// Opens a protocol's fields, or closes them.
    pub(super) fn open_protocol(&mut self, protocol: String, effects: &mut Vec<Effect>) {
        let glossary = Rc::make_mut(&mut self.glossary);
        glossary.rows = ROWS;
        glossary.open = if glossary.open == protocol { String::new() } else { protocol };
        self.explain_listed(effects);
    }

    pub(super) fn more_terms(&mut self, effects: &mut Vec<Effect>) {
        Rc::make_mut(&mut self.glossary).rows += 4 * ROWS;
        self.explain_listed(effects);
    }

    fn explain_listed(&mut self, effects: &mut Vec<Effect>) {
        let glossary = self.glossary.clone();
        let groups = glossary.groups();
        let listed: Vec<&str> = groups.iter().filter(|group| !group.terms.is_empty()).map(|it| it.protocol).collect();
        if listed.len() <= EXPLAINED {
            self.explain(listed.into_iter(), effects);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn glossary(query: &str, open: &str) -> Glossary {
        let term = |key: &str, english: &str, chinese: &str| Term {
            key: key.into(),
            names: [english.into(), chinese.into()],
            ..Term::default()
        };
        let terms = vec![
            term("dns.resp.ttl", "Time to live", "生存时间"),
            term("ip.ttl", "Time to live", "生存时间"),
            term("ip.id", "Identification", "标识"),
        ];
        Glossary { terms: terms.into(), query: query.into(), open: open.into(), ..Glossary::default() }
    }

    fn check(glossary: &Glossary, expected: &[(&str, usize, &[&str])]) {
        let groups = glossary.groups();
        let keys: Vec<Vec<&str>> =
            groups.iter().map(|group| group.terms.iter().map(|term| term.key.as_str()).collect()).collect();
        let got: Vec<_> =
            groups.iter().zip(&keys).map(|(group, keys)| (group.protocol, group.total, keys.as_slice())).collect();
        assert_eq!(got, expected);
    }

    #[test]
    fn either_language_and_the_key_find_a_field() {
        for query in ["time LIVE", "生存时间"] {
            check(&glossary(query, ""), &[("dns", 1, &["dns.resp.ttl"]), ("ip", 1, &["ip.ttl"])]);
        }
        check(&glossary("ip.ttl", ""), &[("ip", 1, &["ip.ttl"])]);
        check(&glossary("no such thing", ""), &[]);
    }

    #[test]
    fn only_the_open_protocol_lists_its_fields() {
        check(&glossary("", "ip"), &[("dns", 1, &[]), ("ip", 2, &["ip.ttl", "ip.id"])]);
    }

    #[test]
    fn a_long_list_is_cut_and_counted() {
        let many = (0..ROWS + 5).map(|number| Term { key: format!("ip.{number}"), ..Term::default() }).collect();
        let mut session =
            Session { glossary: Glossary { terms: Rc::new(many), ..glossary("", "") }.into(), ..Session::default() };
        let mut effects = Vec::new();
        session.open_glossary("ip.3", &mut effects);
        let sizes = |session: &Session| {
            session.glossary.groups().iter().map(|it| (it.terms.len(), it.total)).collect::<Vec<_>>()
        };
        assert_eq!(sizes(&session), [(ROWS, ROWS + 5)]);
        session.more_terms(&mut effects);
        assert_eq!(sizes(&session), [(ROWS + 5, ROWS + 5)]);
        assert_eq!(effects, [Effect::Explain("ip".into())]);
    }
}
