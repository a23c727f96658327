//! A value and where it stands.

use toml::de::DeValue;

use crate::{Error, Source, Table};

/// A value and where it stands.
#[derive(Clone)]
pub struct Node<'a> {
    pub(crate) value: &'a DeValue<'a>,
    pub(crate) at: usize,
    pub(crate) place: String,
    pub(crate) source: Source<'a>,
}

impl<'a> Node<'a> {
    /// A mistake in this value.
    pub fn error(&self, cause: impl std::fmt::Display, hint: impl Into<String>) -> Error {
        self.source.error(&*self.place, self.at, cause, hint)
    }

    /// Keys from the outermost table on.
    pub fn place(&self) -> &str {
        &self.place
    }

    /// Whether it is a list.
    pub fn is_list(&self) -> bool {
        self.value.is_array()
    }

    /// Whether it is a table.
    pub fn is_table(&self) -> bool {
        self.value.is_table()
    }

    /// True or false as it is, without complaint about anything else.
    pub fn as_flag(&self) -> Option<bool> {
        self.value.as_bool()
    }

    /// A text as it is, without complaint about anything else.
    pub fn as_text(&self) -> Option<&'a str> {
        self.value.as_str()
    }

    /// A text.
    ///
    /// # Errors
    /// A value of another kind.
    pub fn text(&self) -> Result<String, Error> {
        self.value.as_str().map(str::to_owned).ok_or_else(|| {
            self.error(format!("a {} where a text is expected", self.value.type_str()), "put it in quotes")
        })
    }

    /// True or false.
    ///
    /// # Errors
    /// A value of another kind.
    pub fn flag(&self) -> Result<bool, Error> {
        self.value.as_bool().ok_or_else(|| self.error("is not true or false", "write true or false"))
    }

    /// A whole number.
    ///
    /// # Errors
    /// A value of another kind, or one outside of 64 bits.
    pub fn whole(&self) -> Result<i64, Error> {
        let number = self.value.as_integer().and_then(|n| i64::from_str_radix(n.as_str(), n.radix()).ok());
        number.ok_or_else(|| self.error("is not a whole number", "write a number such as 1"))
    }

    /// A number, whole or not.
    ///
    /// # Errors
    /// A value of another kind, or one that is not finite.
    pub fn number(&self) -> Result<f64, Error> {
        let parsed = match self.value.as_float() {
            Some(float) => float.as_str().replace('_', "").parse::<f64>().ok(),
            None => self.whole().ok().map(|n| n as f64),
        };
        let finite = parsed.filter(|n| n.is_finite());
        finite.ok_or_else(|| self.error("is not a number", "write a number such as 0.5"))
    }

    /// A text, number, flag or date, as text.
    ///
    /// # Errors
    /// A list or table.
    pub fn constant(&self) -> Result<String, Error> {
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
    pub fn list(&self) -> Vec<Node<'a>> {
        let Some(items) = self.value.as_array() else { return vec![self.clone()] };
        let item = |(n, item): (usize, &'a toml::Spanned<DeValue<'a>>)| Node {
            value: item.get_ref(),
            at: item.span().start,
            place: format!("{}[{}]", self.place, n + 1),
            source: self.source,
        };
        items.iter().enumerate().map(item).collect()
    }

    /// The items of a list, or the one thing that is no list, as texts.
    ///
    /// # Errors
    /// An item that is a list or table.
    pub fn texts(&self) -> Result<Vec<String>, Error> {
        self.list().iter().map(Node::constant).collect()
    }

    /// A table.
    ///
    /// # Errors
    /// A value of another kind.
    pub fn table(&self) -> Result<Table<'a>, Error> {
        match self.value.as_table() {
            Some(table) => Ok(Table::new(table, self.at, self.place.clone(), self.source)),
            None => Err(self.error(
                format!("a {} where a table is expected", self.value.type_str()),
                "write it as { ... } or as a [section]",
            )),
        }
    }
}
