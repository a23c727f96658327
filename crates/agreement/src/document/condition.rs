//! When a scoring rule fires, who goes where, what a stage is: `title contains director and employees >= 200`.
//!
//! Here: reading and writing conditions. Not here: what a column is called in the ledger, and whether a condition holds.
//! Invariant: a condition that was read is written so that it reads as the same.

/// A value of a condition: a text, compared without regard to case, or a number.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// A text.
    Text(String),
    /// A number.
    Number(f64),
}

/// How a column is asked.
#[derive(Clone, Debug, PartialEq)]
pub enum Ask {
    /// Is one of these.
    In(Vec<Value>),
    /// Is known and none of these.
    NotIn(Vec<Value>),
    /// Holds this text.
    Contains(String),
    /// Is this or more.
    AtLeast(f64),
    /// Is this or less.
    AtMost(f64),
    /// Is more than this.
    Above(f64),
    /// Is less than this.
    Below(f64),
    /// Has any value.
    Known,
    /// Has none.
    NotKnown,
}

/// One term.
#[derive(Clone, Debug, PartialEq)]
pub struct Term {
    /// The column: a word of ours, or one of the tool's own.
    pub column: String,
    /// What is asked of it.
    pub ask: Ask,
}

/// Terms that must all hold.
#[derive(Clone, Debug, PartialEq)]
pub struct Condition {
    /// In the order they were written.
    pub terms: Vec<Term>,
}

/// What is not a condition: where in the text, and what was expected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrong {
    /// The rest of the text from there on.
    pub at: String,
    /// What was expected.
    pub expected: &'static str,
}

impl Condition {
    /// Reads terms joined by `and`: `COLUMN = VALUE`, `!=`, `>=`, `<=`, `>`, `<`, `in (ONE, OTHER)`, `not in (...)`,
    /// `contains TEXT`, `is known`, `is not known`. A column or value of several words stands in single quotes.
    ///
    /// # Errors
    /// Where the text stops being a condition.
    pub fn parse(text: &str) -> Result<Condition, Wrong> {
        let mut reader = Reader { rest: text };
        let mut terms = vec![reader.term()?];
        while !reader.is_done() {
            reader.word("and", "`and`, or the end")?;
            terms.push(reader.term()?);
        }
        Ok(Condition { terms })
    }
}

struct Reader<'a> {
    rest: &'a str,
}

impl<'a> Reader<'a> {
    fn is_done(&mut self) -> bool {
        self.rest = self.rest.trim_start();
        self.rest.is_empty()
    }

    fn wrong(&mut self, expected: &'static str) -> Wrong {
        let at = self.rest.trim_start().chars().take(40).collect::<String>();
        Wrong { at: if at.is_empty() { "the end".to_owned() } else { format!("`{at}`") }, expected }
    }

    /// A sign, if it comes next.
    fn takes(&mut self, sign: &str) -> bool {
        self.rest = self.rest.trim_start();
        let rest = self.rest.strip_prefix(sign);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    /// A word in any case, if it comes next.
    fn takes_word(&mut self, word: &str) -> bool {
        self.rest = self.rest.trim_start();
        let Some(head) = self.rest.get(..word.len()) else { return false };
        let after = &self.rest[word.len()..];
        let is_it = head.eq_ignore_ascii_case(word) && !after.starts_with(|c: char| c.is_alphanumeric() || c == '_');
        if is_it {
            self.rest = after;
        }
        is_it
    }

    fn word(&mut self, word: &str, expected: &'static str) -> Result<(), Wrong> {
        if self.takes_word(word) { Ok(()) } else { Err(self.wrong(expected)) }
    }

    /// A text in single quotes, a quote doubled inside.
    fn quoted(&mut self) -> Result<Option<String>, Wrong> {
        if !self.takes("'") {
            return Ok(None);
        }
        let mut out = String::new();
        let mut chars = self.rest.char_indices().peekable();
        while let Some((at, c)) = chars.next() {
            if c != '\'' {
                out.push(c);
            } else if chars.peek().is_some_and(|(_, next)| *next == '\'') {
                chars.next();
                out.push('\'');
            } else {
                self.rest = &self.rest[at + 1..];
                return Ok(Some(out));
            }
        }
        Err(self.wrong("a closing quote `'`"))
    }

    fn bare(&mut self, stops: &[char]) -> &'a str {
        self.rest = self.rest.trim_start();
        let end = self.rest.find(|c: char| c.is_whitespace() || stops.contains(&c)).unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at(end);
        self.rest = rest;
        word
    }

    fn term(&mut self) -> Result<Term, Wrong> {
        let column = match self.quoted()? {
            Some(column) => column,
            None => self.bare(&['=', '!', '<', '>', '(', ')', ',', '\'']).to_owned(),
        };
        if column.trim().is_empty() {
            return Err(self.wrong("a column, such as title"));
        }
        Ok(Term { column, ask: self.ask()? })
    }

    fn ask(&mut self) -> Result<Ask, Wrong> {
        if self.takes("!=") {
            return Ok(Ask::NotIn(vec![self.value()?]));
        }
        for (sign, make) in
            [(">=", Ask::AtLeast as fn(f64) -> Ask), ("<=", Ask::AtMost), (">", Ask::Above), ("<", Ask::Below)]
        {
            if self.takes(sign) {
                return match self.value()? {
                    Value::Number(number) => Ok(make(number)),
                    Value::Text(_) => Err(self.wrong("a number after the sign")),
                };
            }
        }
        if self.takes("=") {
            return Ok(Ask::In(vec![self.value()?]));
        }
        if self.takes_word("contains") {
            return match self.value()? {
                Value::Text(text) => Ok(Ask::Contains(text)),
                Value::Number(number) => Ok(Ask::Contains(number.to_string())),
            };
        }
        if self.takes_word("is") {
            let known = !self.takes_word("not");
            self.word("known", "`is known` or `is not known`")?;
            return Ok(if known { Ask::Known } else { Ask::NotKnown });
        }
        let not = self.takes_word("not");
        self.word("in", "one of = != >= <= > < in, not in, contains, is known, is not known")?;
        if !self.takes("(") {
            return Err(self.wrong("`(` before the values"));
        }
        let mut values = vec![self.value()?];
        while self.takes(",") {
            values.push(self.value()?);
        }
        if !self.takes(")") {
            return Err(self.wrong("`,` or `)` after a value"));
        }
        Ok(if not { Ask::NotIn(values) } else { Ask::In(values) })
    }

    /// A quoted text, or words up to a sign or `and`; what is a number is one.
    fn value(&mut self) -> Result<Value, Wrong> {
        if let Some(text) = self.quoted()? {
            return Ok(Value::Text(text));
        }
        let mut words: Vec<&str> = Vec::new();
        loop {
            let before = self.rest;
            let word = self.bare(&[',', '(', ')', '=', '<', '>', '!', '\'']);
            if word.is_empty() || (!words.is_empty() && word.eq_ignore_ascii_case("and")) {
                self.rest = before;
                break;
            }
            words.push(word);
        }
        if words.is_empty() {
            return Err(self.wrong("a value"));
        }
        let text = words.join(" ");
        let number = text.parse::<f64>().ok().filter(|n| n.is_finite());
        Ok(number.map_or(Value::Text(text), Value::Number))
    }
}

impl std::fmt::Display for Value {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Value::Number(number) => write!(f, "{number}"),
            Value::Text(text) => quote(f, text),
        }
    }
}

/// One word as it is, anything else in quotes.
fn quote(f: &mut std::fmt::Formatter<'_>, text: &str) -> std::fmt::Result {
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '/' | '@');
    let is_number = text.parse::<f64>().is_ok_and(f64::is_finite);
    let is_sign = ["and", "in", "not", "is", "contains"].iter().any(|w| text.eq_ignore_ascii_case(w));
    if !text.is_empty() && text.chars().all(plain) && !is_number && !is_sign {
        f.write_str(text)
    } else {
        write!(f, "'{}'", text.replace('\'', "''"))
    }
}

impl std::fmt::Display for Term {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        quote(f, &self.column)?;
        let list = |f: &mut std::fmt::Formatter<'_>, values: &[Value]| {
            for (i, value) in values.iter().enumerate() {
                write!(f, "{}{value}", if i == 0 { "" } else { ", " })?;
            }
            Ok(())
        };
        match &self.ask {
            Ask::In(values) | Ask::NotIn(values) => {
                let not = matches!(self.ask, Ask::NotIn(_));
                if let [one] = values.as_slice() {
                    return write!(f, " {} {one}", if not { "!=" } else { "=" });
                }
                f.write_str(if not { " not in (" } else { " in (" })?;
                list(f, values)?;
                f.write_str(")")
            }
            Ask::Contains(text) => {
                f.write_str(" contains ")?;
                quote(f, text)
            }
            Ask::AtLeast(number) => write!(f, " >= {number}"),
            Ask::AtMost(number) => write!(f, " <= {number}"),
            Ask::Above(number) => write!(f, " > {number}"),
            Ask::Below(number) => write!(f, " < {number}"),
            Ask::Known => f.write_str(" is known"),
            Ask::NotKnown => f.write_str(" is not known"),
        }
    }
}

impl std::fmt::Display for Condition {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (i, term) in self.terms.iter().enumerate() {
            write!(f, "{}{term}", if i == 0 { "" } else { " and " })?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conditions_are_read_as_written_and_written_as_they_read() {
        for (written, said) in [
            ("title contains director", "title contains director"),
            (
                "employees>=200 and country in (DE, 'New Zealand')",
                "employees >= 200 and country in (DE, 'New Zealand')",
            ),
            ("source = Paid Social and title is known", "source = 'Paid Social' and title is known"),
            ("'How did you hear' != 'Can''t say'", "'How did you hear' != 'Can''t say'"),
            ("budget < 1e3 AND visits > 2 and a <= -1.5", "budget < 1000 and visits > 2 and a <= -1.5"),
            ("asset = '12'", "asset = '12'"),
            ("stage not in (mql, sal) and x is not known", "stage not in (mql, sal) and x is not known"),
            ("name = 'and'", "name = 'and'"),
        ] {
            let condition = Condition::parse(written).unwrap_or_else(|w| panic!("{written}: {w:?}"));
            assert_eq!(condition.to_string(), said);
            assert_eq!(Condition::parse(said), Ok(condition));
        }
    }

    #[test]
    fn what_is_no_condition_says_where() {
        for (text, at, expected) in [
            ("", "the end", "a column"),
            ("title", "the end", "one of ="),
            ("title = ", "the end", "a value"),
            ("title in DE", "`DE`", "`(`"),
            ("title in (DE", "the end", "`,` or `)`"),
            ("size > large", "the end", "a number"),
            ("a = 'b", "`b`", "a closing quote"),
            ("a = b or c = d", "`= d`", "`and`"),
            ("a is there", "`there`", "`is known`"),
            ("é", "the end", "one of ="),
        ] {
            let wrong = Condition::parse(text).unwrap_err();
            assert!(wrong.at == at && wrong.expected.starts_with(expected), "{text}: {wrong:?}");
        }
    }
}
