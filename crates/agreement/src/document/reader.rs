//! Reads a table key by key and writes down what it says, so that nothing that was read is missing from the canonical form.

use std::collections::BTreeSet;

use lined::{Error, Node, Table};
use terms::{Day, PeriodUnit};

use super::Lines;
use super::condition::Condition;
use super::lines::part;
use super::span::Span;

/// A table as it is read, and where what it says is written down.
pub(super) struct Reader<'a, 'l> {
    table: Table<'a>,
    /// Its place in the canonical form, where members of lists go by their name.
    place: String,
    lines: &'l mut Lines,
}

impl<'a, 'l> Reader<'a, 'l> {
    pub(super) fn root(table: Table<'a>, lines: &'l mut Lines) -> Reader<'a, 'l> {
        Reader { table, place: String::new(), lines }
    }

    fn at(&self, key: &str) -> String {
        if self.place.is_empty() { key.to_owned() } else { format!("{}.{key}", self.place) }
    }

    pub(super) fn has(&self, key: &str) -> bool {
        self.table.has(key)
    }

    pub(super) fn error(&self, cause: impl std::fmt::Display, hint: impl Into<String>) -> Error {
        self.table.error(cause, hint)
    }

    pub(super) fn done(self) -> Result<(), Error> {
        self.table.done()
    }

    /// The value of a key, read by `read`, as it is then displayed.
    fn value<T: std::fmt::Display>(
        &mut self,
        key: &'static str,
        read: impl FnOnce(&Node<'_>) -> Result<T, Error>,
    ) -> Result<Option<T>, Error> {
        let Some(node) = self.table.take(key) else { return Ok(None) };
        let (value, at) = (read(&node)?, self.at(key));
        self.lines.say(&at, &value);
        Ok(Some(value))
    }

    /// A key that must be there.
    pub(super) fn needed<T>(&self, value: Option<T>, key: &str, example: &str) -> Result<T, Error> {
        value.ok_or_else(|| self.error(format!("no {key}"), format!("add {key} = {example}")))
    }

    pub(super) fn text(&mut self, key: &'static str) -> Result<Option<String>, Error> {
        self.value(key, |node| {
            let text = node.text()?.trim().to_owned();
            if text.is_empty() {
                Err(node.error("an empty text", "write something, or leave the key out"))
            } else {
                Ok(text)
            }
        })
    }

    /// Texts as a set: their order and repetition say nothing.
    pub(super) fn texts(&mut self, key: &'static str) -> Result<Vec<String>, Error> {
        let Some(node) = self.table.take(key) else { return Ok(Vec::new()) };
        let (mut all, at) = (BTreeSet::new(), self.at(key));
        for item in node.list() {
            let text = item.text()?.trim().to_owned();
            if text.is_empty() {
                return Err(item.error("an empty text", "write something, or leave it out"));
            }
            self.lines.say(&format!("{at}.{}", part(&text)), "yes");
            all.insert(text);
        }
        Ok(all.into_iter().collect())
    }

    pub(super) fn flag(&mut self, key: &'static str) -> Result<bool, Error> {
        let (flag, at) = (self.table.flag(key)?, self.at(key));
        if flag {
            self.lines.say(&at, "yes");
        }
        Ok(flag)
    }

    pub(super) fn day(&mut self, key: &'static str) -> Result<Option<Day>, Error> {
        self.value(key, day)
    }

    pub(super) fn span(&mut self, key: &'static str) -> Result<Option<Span>, Error> {
        self.value(key, |node| {
            let text = node.text()?;
            let hint = "write such as \"4 working hours\", \"2 working days\", \"10 days\" or \"2 weeks\"";
            Span::parse(&text).ok_or_else(|| node.error(format!("`{text}` is no span of time"), hint))
        })
    }

    /// A share as `0.9` or `"90%"`, above 0 and at most 1.
    pub(super) fn share(&mut self, key: &'static str) -> Result<Option<Share>, Error> {
        self.value(key, |node| {
            let number = match node.as_text() {
                Some(text) => {
                    text.trim().strip_suffix('%').and_then(|n| n.trim().parse::<f64>().ok()).map(|n| n / 100.0)
                }
                None => Some(node.number()?),
            };
            let share = number.filter(|s| *s > 0.0 && *s <= 1.0);
            share.map(Share).ok_or_else(|| node.error("no share above 0% and up to 100%", "write \"90%\" or 0.9"))
        })
    }

    /// A number of things, at least `least`.
    pub(super) fn whole(&mut self, key: &'static str, least: i64) -> Result<Option<i64>, Error> {
        self.value(key, |node| {
            let number = node.whole()?;
            if number < least {
                Err(node.error(format!("less than {least}"), "write a larger number"))
            } else {
                Ok(number)
            }
        })
    }

    /// A number above 0.
    pub(super) fn number(&mut self, key: &'static str) -> Result<Option<f64>, Error> {
        self.value(key, |node| {
            let number = node.number()?;
            if number > 0.0 { Ok(number) } else { Err(node.error("not above 0", "write a number above 0")) }
        })
    }

    /// `week`, `month`, `quarter` or `year`.
    pub(super) fn unit(&mut self, key: &'static str) -> Result<Option<PeriodUnit>, Error> {
        let unit = self.value(key, |node| {
            let text = node.text()?;
            let unit = match text.trim() {
                "week" => PeriodUnit::Week,
                "month" => PeriodUnit::Month,
                "quarter" => PeriodUnit::Quarter,
                "year" => PeriodUnit::Year,
                _ => return Err(node.error(format!("`{text}` is no period"), "write week, month, quarter or year")),
            };
            Ok(Said(unit, text.trim().to_owned()))
        })?;
        Ok(unit.map(|said| said.0))
    }

    pub(super) fn condition(&mut self, key: &'static str) -> Result<Option<Condition>, Error> {
        self.value(key, |node| {
            let text = node.text()?;
            Condition::parse(&text).map_err(|wrong| {
                let hint = "write such as \"employees >= 200 and country in (DE, AT)\"; texts of several words stand in single quotes";
                node.error(format!("no condition: {} expected at {}", wrong.expected, wrong.at), hint)
            })
        })
    }

    /// A value checked by the caller, in its own words.
    pub(super) fn checked<T>(
        &mut self,
        key: &'static str,
        read: impl FnOnce(&str) -> Result<(T, String), (String, String)>,
    ) -> Result<Option<T>, Error> {
        let value = self.value(key, |node| {
            let text = node.text()?;
            let (value, said) = read(text.trim()).map_err(|(cause, hint)| node.error(cause, hint))?;
            Ok(Said(value, said))
        })?;
        Ok(value.map(|said| said.0))
    }

    /// Days, each with what `read` makes of its value; `yes` where it has none (a list of days).
    pub(super) fn days<T>(
        &mut self,
        key: &'static str,
        mut read: impl FnMut(Option<&str>) -> Result<(T, String), (String, String)>,
    ) -> Result<Vec<(Day, T)>, Error> {
        let Some(node) = self.table.take(key) else { return Ok(Vec::new()) };
        let mut out: Vec<(Day, T)> = Vec::new();
        let place = self.at(key);
        let mut add = |node: &Node<'_>, name: Day, value: Option<&str>, lines: &mut Lines| {
            let (value, said) = read(value).map_err(|(cause, hint)| node.error(cause, hint))?;
            lines.say(&format!("{place}.{name}"), said);
            out.push((name, value));
            Ok::<(), Error>(())
        };
        if node.is_table() {
            for (name, _, node) in node.table()?.all() {
                let on = Day::parse(name).ok_or_else(|| node.error(format!("`{name}` is no day"), DAY_HINT))?;
                add(&node, on, Some(node.text()?.as_str()), self.lines)?;
            }
        } else {
            for item in node.list() {
                let on = day(&item)?;
                add(&item, on, None, self.lines)?;
            }
        }
        out.sort_by_key(|(day, _)| *day);
        Ok(out)
    }

    /// A table below this one.
    pub(super) fn table(&mut self, key: &'static str) -> Result<Option<Reader<'a, '_>>, Error> {
        let place = self.at(key);
        let table = self.table.table(key)?;
        Ok(table.map(|table| Reader { table, place, lines: self.lines }))
    }

    /// A list of tables, each read by `read` with what it is called in the canonical form: what `name` says of it, which no
    /// two may share.
    pub(super) fn each<T>(
        &mut self,
        key: &'static str,
        name: impl Fn(usize, &mut Table<'a>) -> Result<String, Error>,
        mut read: impl FnMut(&mut Reader<'a, '_>, &str) -> Result<T, Error>,
    ) -> Result<Vec<T>, Error> {
        let mut seen = BTreeSet::new();
        let mut out = Vec::new();
        let below = self.at(key);
        for (number, mut table) in self.table.tables(key)?.into_iter().enumerate() {
            let called = name(number, &mut table)?;
            if !seen.insert(called.clone()) {
                return Err(table.error(format!("`{called}` is here twice"), "give each its own name, or remove one"));
            }
            let place = format!("{below}.{}", part(&called));
            self.lines.say(&place, "yes");
            let mut reader = Reader { table, place, lines: self.lines };
            out.push(read(&mut reader, &called)?);
            reader.done()?;
        }
        Ok(out)
    }
}

const DAY_HINT: &str = "write such as 2026-12-24";

fn day(node: &Node<'_>) -> Result<Day, Error> {
    let text = node.constant()?;
    Day::parse(&text).ok_or_else(|| node.error(format!("`{text}` is no day"), DAY_HINT))
}

/// A share, said in percent.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct Share(pub f64);

impl std::fmt::Display for Share {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // to a millionth of a percent, so that 0.9 and "90%" are the same
        let percent = (self.0 * 1e8).round() / 1e6;
        write!(f, "{percent}%")
    }
}

/// A value with how it is said.
struct Said<T>(T, String);

impl<T> std::fmt::Display for Said<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.1)
    }
}
