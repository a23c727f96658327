//! Columns of a chunk of the ledger, by name, as plain values.
//!
//! Not here: `Entry`, which would cost an allocation a row. Invariant: a value that was not given is `None`, 0 for a
//! key or a code.

use arrow::array::{
    Array, ArrayRef, ArrowPrimitiveType, AsArray, BooleanArray, PrimitiveArray, RecordBatch, StringArray,
};
use arrow::datatypes::{Float64Type, Int32Type, Int64Type, UInt8Type, UInt32Type, UInt64Type};
use ledger::columns::Chunk;
use terms::{Currency, Day, Entity, Instant, Key, Money, Stage, When};

use super::kept::name_hash;
use super::texts::Texts;

/// The rows of one chunk.
pub(crate) struct Rows<'a> {
    pub seq: u32,
    pub len: usize,
    rows: &'a RecordBatch,
}

impl<'a> Rows<'a> {
    pub fn of(chunk: &'a Chunk) -> Rows<'a> {
        Rows { seq: chunk.seq as u32, len: chunk.rows.num_rows(), rows: &chunk.rows }
    }

    fn column(&self, name: &str) -> Option<&'a ArrayRef> {
        self.rows.column_by_name(name)
    }

    fn primitive<T: ArrowPrimitiveType>(&self, name: &str) -> Numbers<'a, T> {
        Numbers(self.column(name).and_then(|c| c.as_primitive_opt::<T>()))
    }

    pub fn keys(&self, name: &str) -> Numbers<'a, UInt64Type> {
        self.primitive(name)
    }
    pub fn small(&self, name: &str) -> Numbers<'a, UInt8Type> {
        self.primitive(name)
    }
    pub fn numbers(&self, name: &str) -> Numbers<'a, UInt32Type> {
        self.primitive(name)
    }
    pub fn ints(&self, name: &str) -> Numbers<'a, Int64Type> {
        self.primitive(name)
    }
    pub fn reals(&self, name: &str) -> Numbers<'a, Float64Type> {
        self.primitive(name)
    }
    pub fn flags(&self, name: &str) -> Flags<'a> {
        Flags(self.column(name).and_then(|c| c.as_boolean_opt()))
    }

    /// A time: `name`, `name_kind`, `name_b`.
    pub fn times(&self, name: &str) -> Times<'a> {
        Times { kind: self.small(&format!("{name}_kind")), a: self.ints(name), b: self.ints(&format!("{name}_b")) }
    }

    /// When the entry was valid.
    pub fn valid(&self) -> Times<'a> {
        Times { kind: self.small("valid_kind"), a: self.ints("valid_a"), b: self.ints("valid_b") }
    }

    /// Money: `name`, `name_currency`.
    pub fn money(&self, name: &str) -> Monies<'a> {
        let words = Words::of(self.column(&format!("{name}_currency")));
        let currencies = words.each(|text| Currency::parse(text).unwrap_or(Currency::UNKNOWN));
        Monies { minor: self.ints(name), words, currencies }
    }

    /// Texts as codes.
    pub fn codes(&self, name: &str, texts: &Texts) -> Codes<'a> {
        let words = Words::of(self.column(name));
        let mut numbered = texts.lock();
        let codes = words.each(|text| numbered.code(text));
        Codes { words, codes }
    }

    /// Texts as whatever each distinct one means.
    pub fn meanings<T: Copy>(&self, name: &str, mut of: impl FnMut(&str) -> T) -> Meanings<'a, T> {
        let words = Words::of(self.column(name));
        let values = words.each(&mut of);
        Meanings { words, values }
    }

    /// Names, as what stands for them in identity.
    pub fn names(&self, name: &str) -> Meanings<'a, u64> {
        let mut buffer = String::new();
        self.meanings(name, |text| name_hash(text, &mut buffer))
    }

    pub fn words(&self, name: &str) -> Words<'a> {
        Words::of(self.column(name))
    }
}

/// Numbers, or nothing at all.
pub(crate) struct Numbers<'a, T: ArrowPrimitiveType>(Option<&'a PrimitiveArray<T>>);

impl<T: ArrowPrimitiveType> Numbers<'_, T> {
    #[inline]
    pub fn get(&self, row: usize) -> Option<T::Native> {
        self.0.filter(|c| c.is_valid(row)).map(|c| c.value(row))
    }
}

impl Numbers<'_, UInt64Type> {
    /// The key, 0 where there is none.
    #[inline]
    pub fn key(&self, row: usize) -> u64 {
        self.get(row).unwrap_or(0)
    }
}

impl Numbers<'_, UInt8Type> {
    pub fn stage(&self, row: usize) -> Option<Stage> {
        self.get(row).and_then(Stage::from_number)
    }
    pub fn entity(&self, row: usize) -> Option<Entity> {
        self.get(row).and_then(Entity::from_number)
    }
}

pub(crate) struct Flags<'a>(Option<&'a BooleanArray>);

impl Flags<'_> {
    pub fn get(&self, row: usize) -> Option<bool> {
        self.0.filter(|c| c.is_valid(row)).map(|c| c.value(row))
    }
}

pub(crate) struct Times<'a> {
    kind: Numbers<'a, UInt8Type>,
    a: Numbers<'a, Int64Type>,
    b: Numbers<'a, Int64Type>,
}

impl Times<'_> {
    #[inline]
    pub fn get(&self, row: usize) -> When {
        let day = |n: Option<i64>| n.and_then(|n| i32::try_from(n).ok()).map(Day);
        let when = match self.kind.get(row) {
            Some(1) => self.a.get(row).map(|ms| When::Instant(Instant(ms))),
            Some(2) => day(self.a.get(row)).map(When::Day),
            Some(3) => day(self.a.get(row)).zip(day(self.b.get(row))).map(|(a, b)| When::Range(a, b)),
            _ => None,
        };
        when.unwrap_or(When::Unknown)
    }
}

/// Text with few distinct values, or plain text.
#[derive(Clone, Copy)]
pub(crate) enum Words<'a> {
    None,
    Dictionary(&'a arrow::array::DictionaryArray<Int32Type>, &'a StringArray),
    Plain(&'a StringArray),
}

impl<'a> Words<'a> {
    fn of(column: Option<&'a ArrayRef>) -> Words<'a> {
        let Some(column) = column else { return Words::None };
        if let Some(d) = column.as_dictionary_opt::<Int32Type>() {
            return d.values().as_string_opt::<i32>().map_or(Words::None, |values| Words::Dictionary(d, values));
        }
        column.as_string_opt::<i32>().map_or(Words::None, Words::Plain)
    }

    /// What each distinct text is worth, in the places that [`Words::place`] gives; of plain text each row.
    fn each<T>(&self, of: impl FnMut(&str) -> T) -> Vec<T> {
        match self {
            Words::None => Vec::new(),
            Words::Dictionary(_, values) => values.iter().map(|v| v.unwrap_or("")).map(of).collect(),
            Words::Plain(values) => values.iter().map(|v| v.unwrap_or("")).map(of).collect(),
        }
    }

    #[inline]
    fn place(&self, row: usize) -> Option<usize> {
        match self {
            Words::None => None,
            Words::Dictionary(d, _) => d.key(row),
            Words::Plain(values) => values.is_valid(row).then_some(row),
        }
    }

    pub fn get(&self, row: usize) -> Option<&'a str> {
        match self {
            Words::None => None,
            Words::Dictionary(d, values) => d.key(row).filter(|k| values.is_valid(*k)).map(|k| values.value(k)),
            Words::Plain(values) => values.is_valid(row).then(|| values.value(row)),
        }
    }
}

pub(crate) struct Codes<'a> {
    words: Words<'a>,
    codes: Vec<u32>,
}

impl Codes<'_> {
    #[inline]
    pub fn get(&self, row: usize) -> u32 {
        self.words.place(row).and_then(|p| self.codes.get(p)).copied().unwrap_or(0)
    }
}

pub(crate) struct Meanings<'a, T> {
    words: Words<'a>,
    values: Vec<T>,
}

impl<T: Copy> Meanings<'_, T> {
    #[inline]
    pub fn get(&self, row: usize) -> Option<T> {
        self.words.place(row).and_then(|p| self.values.get(p)).copied()
    }
}

pub(crate) struct Monies<'a> {
    minor: Numbers<'a, Int64Type>,
    words: Words<'a>,
    currencies: Vec<Currency>,
}

impl Monies<'_> {
    pub fn get(&self, row: usize) -> Option<Money> {
        let minor = self.minor.get(row)?;
        let currency = self.words.place(row).and_then(|p| self.currencies.get(p)).copied();
        Some(Money::new(minor, currency.unwrap_or(Currency::UNKNOWN)))
    }
}

/// A key whose kind is in the column beside it.
pub(super) fn key(hash: &Numbers<'_, UInt64Type>, kind: &Numbers<'_, UInt8Type>, row: usize) -> Option<Key> {
    Some(Key { entity: kind.entity(row)?, hash: hash.get(row)? })
}
