//! A table whose keys are ticked off as they are read.

use toml::de::DeTable;

use crate::{Error, Node, Source};

/// A table whose keys are ticked off as they are read; what is left over is a mistake.
pub struct Table<'a> {
    table: &'a DeTable<'a>,
    taken: Vec<&'static str>,
    at: usize,
    place: String,
    source: Source<'a>,
}

impl<'a> Table<'a> {
    pub(crate) fn root(table: &'a DeTable<'a>, source: Source<'a>) -> Table<'a> {
        Table::new(table, 0, String::new(), source)
    }

    pub(crate) fn new(table: &'a DeTable<'a>, at: usize, place: String, source: Source<'a>) -> Table<'a> {
        Table { table, taken: Vec::new(), at, place, source }
    }

    /// Keys from the outermost table on.
    pub fn place(&self) -> &str {
        &self.place
    }

    /// The byte of the text at which it begins.
    pub fn at(&self) -> usize {
        self.at
    }

    /// The text it stands in.
    pub fn source(&self) -> Source<'a> {
        self.source
    }

    fn below(&self, key: &str) -> String {
        if self.place.is_empty() { key.to_owned() } else { format!("{}.{key}", self.place) }
    }

    /// A mistake in this table as a whole.
    pub fn error(&self, cause: impl std::fmt::Display, hint: impl Into<String>) -> Error {
        self.source.error(&*self.place, self.at, cause, hint)
    }

    /// The value of a key.
    pub fn take(&mut self, key: &'static str) -> Option<Node<'a>> {
        self.taken.push(key);
        let (_, value) = self.table.iter().find(|(name, _)| name.get_ref().as_ref() == key)?;
        Some(Node { value: value.get_ref(), at: value.span().start, place: self.below(key), source: self.source })
    }

    /// Whether a key is there.
    pub fn has(&self, key: &str) -> bool {
        self.table.iter().any(|(name, _)| name.get_ref().as_ref() == key)
    }

    /// All keys in the order of the text: name, byte, value.
    pub fn all(&self) -> Vec<(&'a str, usize, Node<'a>)> {
        let mut all: Vec<_> = self
            .table
            .iter()
            .map(|(name, value)| {
                let place = self.below(name.get_ref());
                let node = Node { value: value.get_ref(), at: value.span().start, place, source: self.source };
                (name.get_ref().as_ref(), name.span().start, node)
            })
            .collect();
        all.sort_by_key(|(_, at, _)| *at);
        all
    }

    /// Refuses keys that nothing has asked for.
    ///
    /// # Errors
    /// The first such key, with those that are known.
    pub fn done(self) -> Result<(), Error> {
        for (name, at, node) in self.all() {
            if !self.taken.contains(&name) {
                let mut known = self.taken.clone();
                known.sort_unstable();
                known.dedup();
                let hint = format!("known here: {}", known.join(", "));
                return Err(self.source.error(node.place, at, format!("`{name}` is not known here"), hint));
            }
        }
        Ok(())
    }

    /// A text, if it is there.
    ///
    /// # Errors
    /// A value of another kind.
    pub fn text(&mut self, key: &'static str) -> Result<Option<String>, Error> {
        self.take(key).map(|node| node.text()).transpose()
    }

    /// A list of texts, or one; none if it is not there.
    ///
    /// # Errors
    /// An item that is a list or table.
    pub fn texts(&mut self, key: &'static str) -> Result<Vec<String>, Error> {
        self.take(key).map_or(Ok(Vec::new()), |node| node.texts())
    }

    /// True or false; false if it is not there.
    ///
    /// # Errors
    /// A value of another kind.
    pub fn flag(&mut self, key: &'static str) -> Result<bool, Error> {
        self.take(key).map_or(Ok(false), |node| node.flag())
    }

    /// A whole number, if it is there.
    ///
    /// # Errors
    /// A value of another kind.
    pub fn whole(&mut self, key: &'static str) -> Result<Option<i64>, Error> {
        self.take(key).map(|node| node.whole()).transpose()
    }

    /// A table, if it is there.
    ///
    /// # Errors
    /// A value of another kind.
    pub fn table(&mut self, key: &'static str) -> Result<Option<Table<'a>>, Error> {
        self.take(key).map(|node| node.table()).transpose()
    }

    /// A table or a list of tables.
    ///
    /// # Errors
    /// An item of another kind.
    pub fn tables(&mut self, key: &'static str) -> Result<Vec<Table<'a>>, Error> {
        let Some(node) = self.take(key) else { return Ok(Vec::new()) };
        node.list().into_iter().map(|node| node.table()).collect()
    }
}
