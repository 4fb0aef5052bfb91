//! A filter's text → its tree, by the grammar of Wireshark's display filters.

use super::lex::{Kind, Token, tokens};
use super::names::{self, Form, Known, Name};
use super::value::{Value, literal, number, octets, raw};
use super::{Fault, Filter, How, Operand, Side, Test};

/// Bytes that a filter may have.
pub const MAX_TEXT: usize = 4_096;
/// Parentheses and negations inside one another.
pub const MAX_DEPTH: usize = 64;

/// Reads a filter; an empty one means every packet. `known` has at least the fields that it uses ([`names::used`]).
pub fn parse(text: &str, known: &[Known]) -> Result<Filter, Fault> {
    if text.len() > MAX_TEXT {
        return Err(Fault { at: MAX_TEXT as u32, near: MAX_TEXT.to_string(), ..Fault::new("long", 0, "") });
    }
    let mut parser = Parser { tokens: tokens(text)?, next: 0, end: text.trim_end().len(), known };
    if parser.tokens.is_empty() {
        return Ok(Filter::All(Vec::new()));
    }
    let filter = parser.any(0)?;
    match parser.peek() {
        None => Ok(filter),
        Some(_) => Err(parser.fault("expected-join")),
    }
}

struct Parser<'a> {
    tokens: Vec<Token<'a>>,
    next: usize,
    /// Where something is missing.
    end: usize,
    known: &'a [Known],
}

const COMPARE: &[(&str, How)] = &[
    ("==", How::Equal(false)),
    ("eq", How::Equal(false)),
    ("any_eq", How::Equal(false)),
    ("===", How::Equal(true)),
    ("all_eq", How::Equal(true)),
    ("!=", How::Differ(true)),
    ("ne", How::Differ(true)),
    ("all_ne", How::Differ(true)),
    ("!==", How::Differ(false)),
    ("~=", How::Differ(false)),
    ("any_ne", How::Differ(false)),
    (">", How::Greater),
    ("gt", How::Greater),
    ("<", How::Less),
    ("lt", How::Less),
    (">=", How::GreaterEqual),
    ("ge", How::GreaterEqual),
    ("<=", How::LessEqual),
    ("le", How::LessEqual),
    ("contains", How::Contains),
];

impl<'a> Parser<'a> {
    fn peek(&self) -> Option<&Token<'a>> {
        self.tokens.get(self.next)
    }

    fn text(&self) -> &'a str {
        self.peek().filter(|token| !matches!(token.kind, Kind::Quoted(_))).map_or("", |token| token.text)
    }

    fn take(&mut self, texts: &[&str]) -> bool {
        let found = texts.contains(&self.text());
        self.next += usize::from(found);
        found
    }

    /// That what comes next is wrong, or missing.
    fn fault(&self, kind: &str) -> Fault {
        let (at, what) = self.peek().map_or((self.end, ""), |token| (token.at, token.text));
        Fault::new(kind, at, what)
    }

    fn any(&mut self, depth: usize) -> Result<Filter, Fault> {
        let mut parts = vec![self.all(depth)?];
        while self.take(&["||", "or"]) {
            parts.push(self.all(depth)?);
        }
        Ok(if parts.len() == 1 { parts.remove(0) } else { Filter::Any(parts) })
    }

    fn all(&mut self, depth: usize) -> Result<Filter, Fault> {
        let mut parts = vec![self.one(depth)?];
        while self.take(&["&&", "and"]) {
            parts.push(self.one(depth)?);
        }
        Ok(if parts.len() == 1 { parts.remove(0) } else { Filter::All(parts) })
    }

    fn one(&mut self, depth: usize) -> Result<Filter, Fault> {
        if depth > MAX_DEPTH {
            return Err(Fault { near: MAX_DEPTH.to_string(), ..self.fault("deep") });
        }
        if self.take(&["!", "not"]) {
            return Ok(Filter::Not(Box::new(self.one(depth + 1)?)));
        }
        let open = self.next;
        if self.take(&["("]) {
            let inner = self.any(depth + 1)?;
            return if self.take(&[")"]) { Ok(inner) } else { Err(self.unclosed(open)) };
        }
        self.test()
    }

    /// What was opened here is not closed where something else stands, or nothing.
    fn unclosed(&mut self, open: usize) -> Fault {
        if self.peek().is_some() {
            return self.fault("expected-join");
        }
        self.next = open;
        self.fault("unclosed")
    }

    fn test(&mut self) -> Result<Filter, Fault> {
        let left = self.operand()?;
        let operator = self.text();
        if let Some((_, how)) = COMPARE.iter().find(|(text, _)| *text == operator) {
            self.next += 1;
            let side = self.side(&left, *how)?;
            return Ok(Filter::Test(Test { left, how: *how, right: vec![side] }));
        }
        let not = operator == "not" && self.tokens.get(self.next + 1).is_some_and(|token| token.text == "in");
        self.next += usize::from(not);
        if self.take(&["in"]) {
            let set = Filter::Test(self.set(left)?);
            return Ok(if not { Filter::Not(Box::new(set)) } else { set });
        }
        if matches!(operator, "matches" | "~" | "&") {
            return Err(self.fault("unsupported"));
        }
        Ok(Filter::Test(Test { left, how: How::There, right: Vec::new() }))
    }

    fn operand(&mut self) -> Result<Operand, Fault> {
        let Some(token) = self.peek().filter(|token| token.kind == Kind::Word).cloned() else {
            return Err(self.fault("expected-test"));
        };
        let Some(name) = names::find(token.text, self.known) else {
            if self.tokens.get(self.next + 1).is_some_and(|next| next.text == "(") {
                return Err(self.fault("unsupported"));
            }
            return Err(self.fault("unknown"));
        };
        self.next += 1;
        let mut operand = Operand { name, slice: None, mask: None };
        let open = self.next;
        if self.take(&["["]) {
            if matches!(kind(&operand), Made::Number) {
                self.next = open;
                return Err(Fault { field: operand.name.text, ..self.fault("kind") });
            }
            operand.slice = Some(self.slice()?);
            if !self.take(&["]"]) {
                return Err(self.unclosed(open));
            }
        }
        if self.text() == "&" && (operand.slice.is_some() || matches!(kind(&operand), Made::Number)) {
            self.next += 1;
            let mask = match (number(self.text()), octets(self.text().trim_start_matches("0x"))) {
                (_, Some(bytes)) if operand.slice.is_some() => {
                    Some(bytes.iter().fold(0, |sum, byte| sum << 8 | u64::from(*byte)))
                }
                (Some(_), _) => whole(self.text()),
                _ => None,
            };
            operand.mask = Some(mask.ok_or_else(|| self.bad(&operand.name, "0x02"))?);
            self.next += 1;
        }
        Ok(operand)
    }

    /// `2`, `0:4` (from, how many), `0-3` (first, last), `:4`, `4:`
    fn slice(&mut self) -> Result<(usize, usize), Fault> {
        let text = self.text();
        let place = |text: &str| text.parse::<u16>().ok().map(usize::from);
        let range = if let Some((from, len)) = text.split_once(':') {
            let from = if from.is_empty() { Some(0) } else { place(from) };
            let end = |from: usize| if len.is_empty() { Some(usize::MAX) } else { Some(from + place(len)?) };
            from.and_then(|from| Some((from, end(from)?)))
        } else if let Some((from, last)) = text.split_once('-') {
            place(from).zip(place(last)).map(|(from, last)| (from, last + 1))
        } else {
            place(text).map(|from| (from, from + 1))
        };
        let range = range.filter(|(from, to)| from < to);
        let range = range.ok_or_else(|| Fault { near: "0:4, 2-5, 3".to_owned(), ..self.fault("value") })?;
        self.next += 1;
        Ok(range)
    }

    fn side(&mut self, left: &Operand, how: How) -> Result<Side, Fault> {
        let is_field = self.peek().is_some_and(|token| token.kind == Kind::Word && token.text.contains('.'))
            && self.text().starts_with(|letter: char| letter.is_ascii_lowercase());
        if is_field && let Some(name) = names::find(self.text(), self.known) {
            let same = |one: Made, other: Made| std::mem::discriminant(&one) == std::mem::discriminant(&other);
            if !same(kind(left), kind(&Operand { name, slice: None, mask: None })) {
                return Err(Fault { field: left.name.text.clone(), ..self.fault("kind") });
            }
            return self.operand().map(Side::Other);
        }
        self.value(left, how).map(Side::One)
    }

    fn value(&mut self, left: &Operand, how: How) -> Result<Value, Fault> {
        let (text, quoted) = match self.peek() {
            Some(Token { kind: Kind::Quoted(said), .. }) => (said.clone(), true),
            Some(Token { kind: Kind::Word, text, .. }) => ((*text).to_owned(), false),
            _ => return Err(Fault { field: left.name.text.clone(), ..self.fault("expected-value") }),
        };
        let made = kind(left);
        let value = match (how, made) {
            (How::Contains, Made::Number) => {
                self.next -= 1;
                return Err(Fault { field: left.name.text.clone(), ..self.fault("kind") });
            }
            (How::Contains, Made::Text) => Ok(Value::Text(text)),
            (How::Contains, Made::Bytes) => Ok(raw(&text, quoted || !text.contains(':')).unwrap_or(Value::Text(text))),
            (_, Made::Bytes) if left.slice.is_some() || left.name.is_protocol() => {
                raw(&text, quoted).ok_or("47:45:54, \"GET\"")
            }
            _ => self.literal(&left.name, &text, quoted),
        };
        let value = value.map_err(|near| self.bad(&left.name, near))?;
        self.next += 1;
        Ok(value)
    }

    /// By any of the forms that a key has.
    fn literal(&self, name: &Name, text: &str, quoted: bool) -> Result<Value, &'static str> {
        let mut tried = name.forms.iter().map(|known| literal(known, text, quoted));
        let first = tried.next().unwrap_or(Err(""));
        if first.is_ok() { first } else { tried.find(Result::is_ok).unwrap_or(first) }
    }

    fn bad(&self, name: &Name, near: &str) -> Fault {
        Fault { near: near.to_owned(), field: name.text.clone(), ..self.fault("value") }
    }

    fn set(&mut self, left: Operand) -> Result<Test, Fault> {
        let open = self.next;
        if !self.take(&["{"]) {
            return Err(Fault { near: "{80, 443, 8000..8100}".to_owned(), ..self.bad(&left.name, "") });
        }
        let mut right = Vec::new();
        loop {
            let from = self.value(&left, How::Equal(false))?;
            right.push(if self.take(&[".."]) {
                Side::Range(from, self.value(&left, How::Equal(false))?)
            } else {
                Side::One(from)
            });
            if self.take(&["}"]) {
                return Ok(Test { left, how: How::Equal(false), right });
            }
            if self.peek().is_none() {
                return Err(self.unclosed(open));
            }
            if !self.take(&[","]) {
                return Err(Fault { near: ",".to_owned(), ..self.bad(&left.name, "") });
            }
        }
    }
}

/// What an operand's values are made of.
enum Made {
    Number,
    Text,
    Bytes,
}

fn kind(operand: &Operand) -> Made {
    match operand.name.form() {
        Form::Text => Made::Text,
        Form::Number | Form::Flag if operand.slice.is_none() => Made::Number,
        _ => Made::Bytes,
    }
}

fn whole(text: &str) -> Option<u64> {
    text.strip_prefix("0x").map_or_else(|| text.parse().ok(), |digits| u64::from_str_radix(digits, 16).ok())
}
