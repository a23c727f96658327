//! The value of one field of an entry.

use compact_str::CompactString;
use terms::{Key, Money, Stage, When};

/// What a field holds. `None` where the source gave nothing.
#[derive(Clone, Debug, PartialEq, Default)]
pub enum Value {
    /// Nothing was given.
    #[default]
    None,
    /// Text that names no person: a source, a product, a raw stage.
    Text(CompactString),
    /// The key of another thing.
    Key(Key),
    /// A whole number.
    Int(i64),
    /// A number with decimals: a share (0.08 for 8%), a rate, points.
    Real(f64),
    /// Money in its currency.
    Money(Money),
    /// When something happened.
    When(When),
    /// Yes or no.
    Flag(bool),
    /// A stage in our words.
    Stage(Stage),
}

impl Value {
    /// Whether nothing was given.
    pub const fn is_none(&self) -> bool {
        matches!(self, Value::None)
    }

    /// The text, if it is one.
    pub fn text(&self) -> Option<&str> {
        if let Value::Text(text) = self { Some(text) } else { None }
    }

    /// The key, if it is one.
    pub const fn key(&self) -> Option<Key> {
        if let Value::Key(key) = self { Some(*key) } else { None }
    }

    /// The whole number, if it is one.
    pub const fn int(&self) -> Option<i64> {
        if let Value::Int(n) = self { Some(*n) } else { None }
    }

    /// The number with decimals, if it is one.
    pub const fn real(&self) -> Option<f64> {
        if let Value::Real(x) = self { Some(*x) } else { None }
    }

    /// The money, if it is one.
    pub const fn money(&self) -> Option<Money> {
        if let Value::Money(money) = self { Some(*money) } else { None }
    }

    /// The time, `Unknown` if it is none.
    pub const fn when(&self) -> When {
        if let Value::When(when) = self { *when } else { When::Unknown }
    }

    /// The flag, if it is one.
    pub const fn flag(&self) -> Option<bool> {
        if let Value::Flag(flag) = self { Some(*flag) } else { None }
    }

    /// The stage, if it is one.
    pub const fn stage(&self) -> Option<Stage> {
        if let Value::Stage(stage) = self { Some(*stage) } else { None }
    }
}
