//! A lesson's prose in one language (a small part of Markdown) → sections of blocks and questions, or the line that is wrong.
//!
//! ```text
//! # Title of the lesson
//! One sentence for the home page.
//!
//! ## step-id: Title of the step
//! Paragraphs, - lists, fenced code; `code`, **strong**, [word](field:tcp.flags.ack).
//!
//! ### question
//! What is asked?
//! - a choice
//! - another one
//!
//! ### because
//! Why it is so.
//! ```

use super::{Block, Span};

#[derive(Debug, Default, PartialEq)]
pub struct Page {
    pub title: String,
    pub purpose: String,
    pub sections: Vec<Section>,
}

#[derive(Debug, Default, PartialEq)]
pub struct Section {
    pub id: String,
    pub title: String,
    /// Where the section begins, from 1.
    pub line: usize,
    pub prose: Vec<Block>,
    pub question: Option<Asked>,
}

#[derive(Debug, Default, PartialEq)]
pub struct Asked {
    pub ask: String,
    pub choices: Vec<String>,
    pub because: String,
}

/// Which part of a section the lines belong to.
#[derive(Clone, Copy, PartialEq)]
enum Part {
    Head,
    Prose,
    Question,
    Because,
}

/// A piece of text before its marks are read.
enum Piece {
    Paragraph(String),
    Item(String),
    Code(String),
}

struct Parser<'a> {
    file: &'a str,
    line: usize,
    part: Part,
    page: Page,
    /// The piece that the next line may continue.
    open: Option<Piece>,
    fenced: bool,
}

/// Errors read `en.md:12: what is wrong`.
pub fn parse(file: &str, text: &str) -> Result<Page, String> {
    let mut parser = Parser { file, line: 0, part: Part::Head, page: Page::default(), open: None, fenced: false };
    for line in text.lines() {
        parser.line += 1;
        parser.take(line)?;
    }
    parser.close()?;
    if parser.fenced {
        return Err(parser.wrong("the code that ``` opened is never closed"));
    }
    if parser.page.title.is_empty() || parser.page.purpose.is_empty() {
        return Err(parser.wrong("a lesson begins with `# Title` and one sentence below it"));
    }
    Ok(parser.page)
}

impl Parser<'_> {
    fn wrong(&self, what: &str) -> String {
        format!("{}:{}: {what}", self.file, self.line)
    }

    fn take(&mut self, line: &str) -> Result<(), String> {
        if line.starts_with("```") {
            self.fenced = !self.fenced;
            self.close()?;
            if self.fenced {
                self.open = Some(Piece::Code(String::new()));
            }
            return Ok(());
        }
        if let (true, Some(Piece::Code(code))) = (self.fenced, &mut self.open) {
            code.push_str(line);
            code.push('\n');
            return Ok(());
        }
        let line = line.trim_end();
        if let Some(heading) = line.strip_prefix("### ") {
            self.close()?;
            self.part_heading(heading)
        } else if let Some(heading) = line.strip_prefix("## ") {
            self.close()?;
            self.step_heading(heading)
        } else if let Some(title) = line.strip_prefix("# ") {
            self.page.title = title.trim().to_owned();
            Ok(())
        } else if line.is_empty() {
            self.close()
        } else if let Some(item) = line.strip_prefix("- ") {
            self.close()?;
            self.open = Some(Piece::Item(item.trim().to_owned()));
            Ok(())
        } else {
            self.continue_with(line.trim())
        }
    }

    fn step_heading(&mut self, heading: &str) -> Result<(), String> {
        let Some((id, title)) = heading.split_once(": ") else {
            return Err(self.wrong("a step's heading is `## step-id: Title`"));
        };
        let section =
            Section { id: id.trim().to_owned(), title: title.trim().to_owned(), line: self.line, ..Section::default() };
        self.page.sections.push(section);
        self.part = Part::Prose;
        Ok(())
    }

    fn part_heading(&mut self, heading: &str) -> Result<(), String> {
        self.part = match (heading.trim(), self.part) {
            ("question", Part::Prose) => Part::Question,
            ("because", Part::Question) => Part::Because,
            _ => return Err(self.wrong("below a step's prose comes `### question`, then `### because`, nothing else")),
        };
        Ok(())
    }

    fn continue_with(&mut self, line: &str) -> Result<(), String> {
        match &mut self.open {
            Some(Piece::Paragraph(text) | Piece::Item(text)) => join(text, line),
            Some(Piece::Code(_)) => return Err(self.wrong("leave a blank line after ```")),
            None => self.open = Some(Piece::Paragraph(line.to_owned())),
        }
        Ok(())
    }

    /// Puts the finished piece where it belongs.
    fn close(&mut self) -> Result<(), String> {
        let Some(piece) = self.open.take() else { return Ok(()) };
        if self.part == Part::Head {
            return match piece {
                Piece::Paragraph(text) if self.page.purpose.is_empty() => {
                    self.page.purpose = text;
                    Ok(())
                }
                _ => Err(self.wrong("before the first step there is one sentence, the lesson's purpose")),
            };
        }
        let block = match (&piece, self.part) {
            (Piece::Code(code), Part::Prose) => Some(Block::Code(code.trim_end().to_owned())),
            (Piece::Paragraph(text), Part::Prose) => Some(Block::Paragraph(self.spans(text)?)),
            (Piece::Item(text), Part::Prose) => Some(Block::List(vec![self.spans(text)?])),
            _ => None,
        };
        let no_step = self.wrong("text before the first step");
        let misplaced = self.wrong("a question is one paragraph and a list of choices; `because` is one paragraph");
        let section = self.page.sections.last_mut().ok_or(no_step)?;
        if let Some(block) = block {
            add(&mut section.prose, block);
            return Ok(());
        }
        let asked = section.question.get_or_insert_with(Asked::default);
        match (piece, self.part) {
            (Piece::Paragraph(text), Part::Question) if asked.ask.is_empty() => asked.ask = text,
            (Piece::Paragraph(text), Part::Because) if asked.because.is_empty() => asked.because = text,
            (Piece::Item(text), Part::Question) => asked.choices.push(text),
            _ => return Err(misplaced),
        }
        Ok(())
    }

    fn spans(&self, text: &str) -> Result<Vec<Span>, String> {
        let mut spans = Vec::new();
        let mut rest = text;
        while let Some(at) = rest.find(['`', '*', '[']) {
            let (plain, marked) = rest.split_at(at);
            let read = if let Some(code) = marked.strip_prefix('`') {
                code.split_once('`').map(|(code, after)| (Span::Code(code.to_owned()), after))
            } else if let Some(strong) = marked.strip_prefix("**") {
                strong.split_once("**").map(|(strong, after)| (Span::Strong(strong.to_owned()), after))
            } else if let Some(word) = marked.strip_prefix('[') {
                link(word)
            } else {
                None
            };
            let Some((span, after)) = read else {
                return Err(self.wrong(&format!(
                    "cannot read `{}`: marks are `code`, **strong** and [word](field:key)",
                    marked.chars().take(24).collect::<String>()
                )));
            };
            if !plain.is_empty() {
                spans.push(Span::Plain(plain.to_owned()));
            }
            spans.push(span);
            rest = after;
        }
        if !rest.is_empty() {
            spans.push(Span::Plain(rest.to_owned()));
        }
        Ok(spans)
    }
}

/// What follows the `[` of a link.
fn link(word: &str) -> Option<(Span, &str)> {
    let (text, target) = word.split_once("](field:")?;
    let (key, after) = target.split_once(')')?;
    Some((Span::Field { text: text.to_owned(), key: key.to_owned() }, after))
}

/// Items that follow one another are one list.
fn add(prose: &mut Vec<Block>, block: Block) {
    match (prose.last_mut(), block) {
        (Some(Block::List(items)), Block::List(more)) => items.extend(more),
        (_, block) => prose.push(block),
    }
}

/// A line break in the source is a space, but not between Chinese characters and not at their punctuation.
fn join(text: &mut String, line: &str) {
    let wide = |character: char| character >= '\u{2e80}';
    let mark = |character: char| "，。：；？！、（）".contains(character);
    let spaced = match (text.chars().next_back(), line.chars().next()) {
        (Some(before), Some(after)) => !(wide(before) && wide(after) || mark(before) || mark(after)),
        _ => false,
    };
    if spaced {
        text.push(' ');
    }
    text.push_str(line);
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "# Title\nPurpose.\n\n";

    fn sections(text: &str) -> Vec<Section> {
        parse("en.md", &format!("{HEAD}{text}")).unwrap().sections
    }

    #[test]
    fn reads_every_kind_of_block_and_span() {
        let section =
            sections("## syn: A knock\nOne `a`,\n**two** [S](field:tcp.flags.syn).\n\n- x\n- y\n\n```\n$ ls\n```\n")
                .remove(0);
        assert_eq!((section.id.as_str(), section.title.as_str(), section.line), ("syn", "A knock", 4));
        let plain = |text: &str| Span::Plain(text.to_owned());
        assert_eq!(
            section.prose,
            [
                Block::Paragraph(vec![
                    plain("One "),
                    Span::Code("a".to_owned()),
                    plain(", "),
                    Span::Strong("two".to_owned()),
                    plain(" "),
                    Span::Field { text: "S".to_owned(), key: "tcp.flags.syn".to_owned() },
                    plain("."),
                ]),
                Block::List(vec![vec![plain("x")], vec![plain("y")]]),
                Block::Code("$ ls".to_owned()),
            ]
        );
    }

    #[test]
    fn reads_a_question() {
        let section =
            sections("## a: A\nText.\n\n### question\nWhich?\n- this\n- that\n\n### because\nSo.\n").remove(0);
        let choices = vec!["this".to_owned(), "that".to_owned()];
        assert_eq!(section.question, Some(Asked { ask: "Which?".to_owned(), choices, because: "So.".to_owned() }));
    }

    #[test]
    fn joins_chinese_lines_without_a_space() {
        let joined = [Block::Paragraph(vec![Span::Plain("三次握手 SYN 到，ACK".to_owned())])];
        assert_eq!(sections("## a: 甲\n三次\n握手\nSYN\n到，\nACK\n")[0].prose, joined);
    }

    #[test]
    fn names_the_line_that_is_wrong() {
        let wrong = |text: &str| parse("en.md", &format!("{HEAD}{text}")).unwrap_err();
        assert!(wrong("## no title\n").starts_with("en.md:4: a step's heading"));
        assert!(wrong("## a: A\nan `open mark\n").starts_with("en.md:5: cannot read ``open mark`"));
        assert!(wrong("## a: A\na [link](https://example.com)\n").contains("[word](field:key)"));
        assert!(wrong("## a: A\n### because\n").starts_with("en.md:5: below a step's prose"));
        assert!(wrong("## a: A\n```\n").contains("never closed"));
        assert!(parse("en.md", "").unwrap_err().contains("begins with `# Title`"));
    }
}
