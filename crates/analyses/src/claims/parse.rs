//! The filter language: `source = webinar and segment in (SMB, Mid) and created in 2026Q3`.
//!
//! Here: words to a [`Filter`]. Not here: whether the facts hold such a value. Invariant: an error says at which
//! character it stands, what was read, and what was expected.
//!
//! ```text
//! filter    = condition { "and" condition }
//! condition = column ( "=" | "!=" ) value | column [ "not" ] "in" "(" value { "," value } ")" | moment "in" period
//! moment    = "created" | "handed off" | "closed"
//! value     = words, or "words in quotes", or: not recorded
//! ```

use tallies::{Grain, Width};
use terms::FiscalYear;

use super::claim::{Condition, Filter, Moment, Window};
use super::metric::OUTCOMES;
use crate::Error;
use crate::columns::{NOT_RECORDED, PERSONAL};
use crate::nearest::nearest;

/// Columns of words that a claim may name, persons' included: those are refused later, with the reason.
fn columns() -> impl Iterator<Item = &'static str> {
    [Grain::LeadCycle, Grain::Opportunity]
        .into_iter()
        .flat_map(|g| g.columns())
        .filter(|c| c.width == Width::Code && !OUTCOMES.contains(&c.name))
        .map(|c| c.name)
}

/// Reads a filter.
///
/// # Errors
/// `analyses.claim`, with the place, what was read and what was expected.
pub fn filter(text: &str, fiscal: FiscalYear) -> Result<Filter, Error> {
    let mut reader = Reader { text, at: 0 };
    let mut out = Filter::default();
    loop {
        reader.condition(fiscal, &mut out)?;
        reader.blank();
        if reader.rest().is_empty() {
            return Ok(out);
        }
        let (at, word) = (reader.at, reader.word());
        if !word.eq_ignore_ascii_case("and") {
            reader.at = at;
            return Err(reader.wrong("`and`, or the end", "write both conditions with `and` between them"));
        }
    }
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Reader<'a> {
    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or("")
    }

    fn blank(&mut self) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start().len();
    }

    /// The next word of letters, digits and underscores.
    fn word(&mut self) -> &'a str {
        self.blank();
        let rest = self.rest();
        let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
        self.at += end;
        rest.get(..end).unwrap_or("")
    }

    fn takes(&mut self, sign: &str) -> bool {
        self.blank();
        let found = self.rest().starts_with(sign);
        if found {
            self.at += sign.len();
        }
        found
    }

    fn takes_word(&mut self, word: &str) -> bool {
        let at = self.at;
        if self.word().eq_ignore_ascii_case(word) {
            return true;
        }
        self.at = at;
        false
    }

    fn wrong(&mut self, expected: &str, hint: &str) -> Error {
        self.blank();
        let at = self.text.get(..self.at).map_or(0, |t| t.chars().count()) + 1;
        let read: String = self.rest().chars().take(30).collect();
        Error::claim(at, read.trim_end(), expected, hint)
    }

    fn condition(&mut self, fiscal: FiscalYear, out: &mut Filter) -> Result<(), Error> {
        self.blank();
        let at = self.at;
        let word = self.word();
        if let Some(moment) = self.moment(word) {
            return self.window(moment, at, fiscal, out);
        }
        let known = columns().find(|c| c.eq_ignore_ascii_case(word));
        let Some(column) = known else {
            self.at = at;
            if OUTCOMES.iter().any(|o| o.eq_ignore_ascii_case(word)) {
                let hint =
                    format!("`{word}` tells how a case went: the metric says that, and a filter says which cases");
                return Err(self.wrong("a column that was known before the outcome", &hint));
            }
            let usual = columns().filter(|c| !PERSONAL.contains(c) && !c.ends_with("_rule"));
            let near = nearest(word, usual.chain(["created in", "handed off in", "closed in"]));
            return Err(self.wrong("a column", &format!("nearest are {}", near.join(", "))));
        };
        if out.conditions.iter().any(|c| c.column == column) {
            self.at = at;
            return Err(self.wrong("each column once", &format!("several values: {column} in (one, other)")));
        }
        let (is, list) = if self.takes("!=") {
            (false, false)
        } else if self.takes("=") {
            (true, false)
        } else if self.takes_word("not") && self.takes_word("in") {
            (false, true)
        } else if self.takes_word("in") {
            (true, true)
        } else {
            return Err(self.wrong("=, != or in", &format!("write {column} = a value, or {column} in (one, other)")));
        };
        let values = if list { self.list(column)? } else { vec![self.value("")?] };
        out.conditions.push(Condition { column: column.to_owned(), is, values });
        Ok(())
    }

    /// `created`, `handed off` or `closed` before `in`, not before a list.
    fn moment(&mut self, word: &str) -> Option<Moment> {
        let at = self.at;
        let moment = match word.to_ascii_lowercase().as_str() {
            "created" => Moment::Created,
            "closed" => Moment::Closed,
            "handed" if self.takes_word("off") => Moment::HandedOff,
            _ => return None,
        };
        if moment != Moment::HandedOff {
            self.at = at;
        }
        Some(moment)
    }

    fn window(&mut self, moment: Moment, at: usize, fiscal: FiscalYear, out: &mut Filter) -> Result<(), Error> {
        let example = format!("write {} in 2026Q3, 2026-07, 2026 or 2026-07-01..2026-09-30", moment.word());
        if out.window.is_some() {
            self.at = at;
            return Err(self.wrong("one window of time", "the window stands there already"));
        }
        if !self.takes_word("in") {
            return Err(self.wrong("`in` and a period", &example));
        }
        self.blank();
        let rest = self.rest();
        let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
        let Some(period) = rest.get(..end).and_then(|t| fiscal.parse_period(t)) else {
            return Err(self.wrong("a period", &example));
        };
        self.at += end;
        out.window = Some(Window { moment, period });
        Ok(())
    }

    fn list(&mut self, column: &str) -> Result<Vec<Option<String>>, Error> {
        let example = format!("write {column} in (one, other)");
        if !self.takes("(") {
            return Err(self.wrong("a list in brackets", &example));
        }
        let mut values = Vec::new();
        loop {
            values.push(self.value(",)")?);
            if self.takes(")") {
                return Ok(values);
            }
            if !self.takes(",") {
                return Err(self.wrong("a comma or a closing bracket", &example));
            }
        }
    }

    /// A value up to `and`, to one of `stops`, or to the end.
    fn value(&mut self, stops: &str) -> Result<Option<String>, Error> {
        self.blank();
        let rest = self.rest();
        for quote in ['"', '\''] {
            if let Some(inner) = rest.strip_prefix(quote) {
                let Some((value, _)) = inner.split_once(quote) else {
                    return Err(self.wrong(&format!("a closing {quote}"), "quotes stand on both sides of a value"));
                };
                self.at += value.len() + 2;
                return Ok(Some(value.to_owned()));
            }
        }
        let mut end = rest.find(|c: char| stops.contains(c)).unwrap_or(rest.len());
        let low = rest.to_ascii_lowercase();
        if let Some(and) = low.find(" and ").filter(|_| stops.is_empty()) {
            end = end.min(and);
        }
        let value = rest.get(..end).unwrap_or("").trim();
        if value.is_empty() || value.eq_ignore_ascii_case("and") {
            return Err(self.wrong("a value", "a value with `and`, a comma or a bracket in it stands in quotes"));
        }
        self.at += end;
        Ok((!value.eq_ignore_ascii_case(NOT_RECORDED)).then(|| value.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Filter {
        filter(text, FiscalYear::default()).unwrap_or_else(|e| panic!("{text}: {e}"))
    }

    fn told(text: &str) -> String {
        let e = filter(text, FiscalYear::default()).unwrap_err();
        assert_eq!(e.code(), "analyses.claim");
        format!("{e} | {}", e.hint().unwrap())
    }

    fn values(c: &Condition) -> Vec<&str> {
        c.values.iter().map(|v| v.as_deref().unwrap_or("(none)")).collect()
    }

    #[test]
    fn conditions_are_read_as_written() {
        let f = read("source = Paid Search and created in 2026Q3");
        assert_eq!((f.conditions[0].column.as_str(), f.conditions[0].is), ("source", true));
        assert_eq!(values(&f.conditions[0]), ["Paid Search"]);
        let w = f.window.unwrap();
        assert_eq!((w.moment, w.period.to_string().as_str()), (Moment::Created, "2026Q3"));
        let f = read("handed off in 2026-07 AND Segment not in (SMB , \"R and D, old\") and source!=not recorded");
        assert_eq!(f.window.unwrap().moment, Moment::HandedOff);
        assert_eq!((f.conditions[0].is, values(&f.conditions[0])), (false, vec!["SMB", "R and D, old"]));
        assert_eq!((f.conditions[1].is, values(&f.conditions[1])), (false, vec!["(none)"]));
        assert_eq!(read("closed in 2026-07-01..2026-08-15").window.unwrap().period.days(), 46);
        assert_eq!(values(&read("source = Thunderland").conditions[0]), ["Thunderland"]);
        assert_eq!(values(&read("source = über uns").conditions[0]), ["über uns"]);
        assert_eq!(read("owner = r1").conditions[0].column, "owner");
    }

    #[test]
    fn errors_say_where_and_what_was_expected() {
        assert_eq!(
            told("sorce = Webinar"),
            "character 1: read `sorce = Webinar`, expected a column | nearest are source, lane, kind"
        );
        assert_eq!(
            told("source Webinar"),
            "character 8: read `Webinar`, expected =, != or in | write source = a value, or source in (one, other)"
        );
        assert!(told("source = ").starts_with("character 10: read ``, expected a value"));
        assert!(told("source in Webinar").starts_with("character 11: read `Webinar`, expected a list in brackets"));
        assert!(told("source in (a, b").starts_with("character 16: read ``, expected a comma or a closing bracket"));
        assert!(told("created in soon").starts_with("character 12: read `soon`, expected a period"));
        assert!(
            told("created in 2026Q3 segment = SMB").starts_with("character 19: read `segment = SMB`, expected `and`")
        );
        assert!(told("created in 2026Q3 and closed in 2026Q4").contains("expected one window of time"));
        assert!(told("source = a and source = b").contains("expected each column once"));
        assert!(told("stage_raw = Closed Won").contains("known before the outcome"));
        assert!(told("source = \"a").contains("a closing \""));
        assert!(told("").starts_with("character 1: read ``, expected a column"));
        assert!(told("ümlaut = 1").starts_with("character 1"));
    }

    #[test]
    fn no_text_stops_the_reader() {
        let mut dice = crate::invented::Dice::new(7);
        let parts =
            ["source", "=", "(", ")", ",", " and ", "\"", "'", "in", "created", "2026Q3", "é", "not", " ", "!="];
        for _ in 0..5_000 {
            let text: String =
                (0..(dice.unit() * 9.0) as usize).map(|_| parts[(dice.unit() * parts.len() as f64) as usize]).collect();
            drop(filter(&text, FiscalYear::default()));
        }
    }
}
