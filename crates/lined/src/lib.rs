//! TOML that knows its lines: a document is read key by key, and every mistake names its line, its place and the fix.
//!
//! Here: reading values with where they stand, and refusing keys that nobody asked for. Not here: what a document means;
//! files. Invariant: whatever is wrong with a text, there is a line to it.

mod error;
mod node;
mod table;

pub use error::{Error, Source};
pub use node::Node;
pub use table::Table;

use toml::Spanned;
use toml::de::DeTable;

/// The most bytes a document may have: both kinds are a few hundred lines.
pub const MOST_BYTES: usize = 4 << 20;

/// A document that is TOML.
pub struct Document<'a> {
    table: Spanned<DeTable<'a>>,
    source: Source<'a>,
}

impl<'a> Document<'a> {
    /// Reads a text; `origin` is what errors call it, `format` where its form is described.
    ///
    /// # Errors
    /// What is no TOML, and where; a text larger than [`MOST_BYTES`].
    pub fn parse(text: &'a str, origin: &'a str, format: &str) -> Result<Document<'a>, Error> {
        let source = Source { text, origin };
        if text.len() > MOST_BYTES {
            return Err(source.error("", 0, "larger than 4 MiB", "it should be a few hundred lines"));
        }
        let table = DeTable::parse(text).map_err(|cause| {
            let at = cause.span().map_or(0, |span| span.start);
            source.error("", at, cause.message(), format!("see {format}: tables, lists and quoted texts of TOML"))
        })?;
        Ok(Document { table, source })
    }

    /// Its outermost table.
    pub fn root(&self) -> Table<'_> {
        Table::root(self.table.get_ref(), self.source)
    }

    /// What it was read from.
    pub fn source(&self) -> Source<'a> {
        self.source
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(text: &str, read: impl Fn(Table) -> Result<(), Error>) -> String {
        let error = Document::parse(text, "a.toml", "the format").and_then(|d| read(d.root())).unwrap_err();
        format!("{error} | {} | {}", error.place, error.hint)
    }

    #[test]
    fn what_is_no_toml_names_its_line() {
        assert!(said("name = \"x\"\nb = [1,\n\nc\n", |_| Ok(())).starts_with("`a.toml:4`: "));
    }

    #[test]
    fn a_key_that_nobody_asked_for_is_named_with_those_that_are_known() {
        let read = |mut root: Table| {
            let mut inner = root.table("sales")?.unwrap();
            inner.text("within")?;
            inner.done()
        };
        let said = said("# a\n[sales]\nwithn = \"4 hours\"\n", read);
        assert_eq!(said, "`a.toml:3`: `withn` is not known here | sales.withn | known here: within");
    }

    #[test]
    fn a_value_of_another_kind_names_its_place() {
        let read = |mut root: Table| {
            for mut table in root.tables("rule")? {
                table.text("when")?;
            }
            Ok(())
        };
        let said = said("[[rule]]\nwhen = \"a\"\n[[rule]]\nwhen = 4\n", read);
        assert_eq!(said, "`a.toml:4`: a integer where a text is expected | rule[2].when | put it in quotes");
    }

    #[test]
    fn one_table_and_a_list_of_tables_read_alike() {
        for text in ["[[rule]]\na = 1\n", "[rule]\na = 1\n", "rule = { a = 1 }\n"] {
            let document = Document::parse(text, "a.toml", "the format").unwrap();
            let mut root = document.root();
            let values: Vec<_> = root.tables("rule").unwrap().iter_mut().map(|t| t.whole("a").unwrap()).collect();
            assert_eq!(values, [Some(1)]);
            root.done().unwrap();
        }
    }
}
