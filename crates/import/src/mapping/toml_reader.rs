//! TOML with lines: what a wrong mapping says about itself.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::Error;

/// A value and where it stands.
#[derive(Clone, Copy)]
pub(super) struct Node<'a> {
    pub(super) value: &'a DeValue<'a>,
    at: usize,
    source: Source<'a>,
}

#[derive(Clone, Copy)]
pub(super) struct Source<'a> {
    pub(super) text: &'a str,
    pub(super) origin: &'a str,
}

impl Source<'_> {
    pub(super) fn error(&self, at: usize, cause: impl std::fmt::Display, hint: impl Into<String>) -> Error {
        let head = self.text.as_bytes().get(..at).unwrap_or(self.text.as_bytes());
        let line = memchr::memchr_iter(b'\n', head).count() + 1;
        Error::new("mapping", &format!("{}:{line}", self.origin), cause).with_hint(hint)
    }
}

/// A table whose keys are ticked off as they are read; what is left over is a mistake.
pub(super) struct Table<'a> {
    table: &'a DeTable<'a>,
    taken: Vec<&'static str>,
    pub(super) at: usize,
    pub(super) source: Source<'a>,
}

impl<'a> Table<'a> {
    pub(super) fn root(table: &'a Spanned<DeTable<'a>>, source: Source<'a>) -> Table<'a> {
        Table { table: table.get_ref(), taken: Vec::new(), at: 0, source }
    }

    pub(super) fn take(&mut self, key: &'static str) -> Option<Node<'a>> {
        self.taken.push(key);
        let (_, value) = self.table.iter().find(|(name, _)| name.get_ref().as_ref() == key)?;
        Some(Node { value: value.get_ref(), at: value.span().start, source: self.source })
    }

    pub(super) fn has(&self, key: &str) -> bool {
        self.table.iter().any(|(name, _)| name.get_ref().as_ref() == key)
    }

    pub(super) fn error(&self, cause: impl std::fmt::Display, hint: impl Into<String>) -> Error {
        self.source.error(self.at, cause, hint)
    }

    /// All keys in the order of the text.
    pub(super) fn all(&self) -> Vec<(&'a str, usize, Node<'a>)> {
        let mut all: Vec<_> = self
            .table
            .iter()
            .map(|(name, value)| {
                let node = Node { value: value.get_ref(), at: value.span().start, source: self.source };
                (name.get_ref().as_ref(), name.span().start, node)
            })
            .collect();
        all.sort_by_key(|(_, at, _)| *at);
        all
    }

    /// Refuses keys that nothing has asked for.
    pub(super) fn done(self) -> Result<(), Error> {
        for (name, at, _) in self.all() {
            if !self.taken.contains(&name) {
                let mut known = self.taken.clone();
                known.sort_unstable();
                let hint = format!("known here: {}", known.join(", "));
                return Err(self.source.error(at, format!("`{name}` is not known here"), hint));
            }
        }
        Ok(())
    }

    pub(super) fn text(&mut self, key: &'static str) -> Result<Option<String>, Error> {
        self.take(key).map(|node| node.text()).transpose()
    }

    pub(super) fn texts(&mut self, key: &'static str) -> Result<Vec<String>, Error> {
        self.take(key).map_or(Ok(Vec::new()), |node| node.texts())
    }

    pub(super) fn flag(&mut self, key: &'static str) -> Result<bool, Error> {
        self.take(key).map_or(Ok(false), |node| {
            node.value.as_bool().ok_or_else(|| node.error("is not true or false", "write true or false"))
        })
    }

    pub(super) fn whole(&mut self, key: &'static str) -> Result<Option<i64>, Error> {
        let Some(node) = self.take(key) else { return Ok(None) };
        let number = node.value.as_integer().and_then(|n| i64::from_str_radix(n.as_str(), n.radix()).ok());
        number.map(Some).ok_or_else(|| node.error("is not a whole number", "write a number such as 1"))
    }

    pub(super) fn table(&mut self, key: &'static str) -> Result<Option<Table<'a>>, Error> {
        self.take(key).map(|node| node.table()).transpose()
    }

    /// A table or a list of tables.
    pub(super) fn tables(&mut self, key: &'static str) -> Result<Vec<Table<'a>>, Error> {
        let Some(node) = self.take(key) else { return Ok(Vec::new()) };
        node.list().into_iter().map(|node| node.table()).collect()
    }
}

impl<'a> Node<'a> {
    pub(super) fn error(&self, cause: impl std::fmt::Display, hint: impl Into<String>) -> Error {
        self.source.error(self.at, cause, hint)
    }

    pub(super) fn text(&self) -> Result<String, Error> {
        self.value.as_str().map(str::to_owned).ok_or_else(|| {
            self.error(format!("a {} where a text is expected", self.value.type_str()), "put it in quotes")
        })
    }

    /// A text, number or flag, as text.
    pub(super) fn constant(&self) -> Result<String, Error> {
        if let Some(number) = self.value.as_integer() {
            return Ok(number.as_str().to_owned());
        }
        if let Some(number) = self.value.as_float() {
            return Ok(number.as_str().to_owned());
        }
        if let Some(flag) = self.value.as_bool() {
            return Ok(flag.to_string());
        }
        if let Some(at) = self.value.as_datetime() {
            return Ok(at.to_string());
        }
        self.text()
    }

    /// The items of a list, or the one thing that is no list.
    pub(super) fn list(&self) -> Vec<Node<'a>> {
        match self.value.as_array() {
            Some(items) => items
                .iter()
                .map(|item| Node { value: item.get_ref(), at: item.span().start, source: self.source })
                .collect(),
            None => vec![*self],
        }
    }

    pub(super) fn texts(&self) -> Result<Vec<String>, Error> {
        self.list().iter().map(Node::constant).collect()
    }

    pub(super) fn table(&self) -> Result<Table<'a>, Error> {
        match self.value.as_table() {
            Some(table) => Ok(Table { table, taken: Vec::new(), at: self.at, source: self.source }),
            None => Err(self.error(
                format!("a {} where a table is expected", self.value.type_str()),
                "write it as { ... } or as a [section]",
            )),
        }
    }
}
