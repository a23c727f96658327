//! A table of fact columns in memory. Facts map the same columns from files; rooms are tested on these.

use crate::{Column, Grain, Width};

/// The texts of a code column: code `n` is `texts[n - 1]`, code 0 is not recorded.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Dictionary {
    /// Distinct texts, in the order of their codes.
    pub texts: Vec<String>,
}

impl Dictionary {
    /// The text of a code, `None` where not recorded.
    pub fn text(&self, code: u32) -> Option<&str> {
        self.texts.get((code as usize).checked_sub(1)?).map(String::as_str)
    }

    /// The code of a text, giving it one if it is new. Linear: for tests and small tables.
    pub fn code(&mut self, text: &str) -> u32 {
        match self.texts.iter().position(|t| t == text) {
            Some(i) => i as u32 + 1,
            None => {
                self.texts.push(text.to_owned());
                self.texts.len() as u32
            }
        }
    }
}

/// The numbers of one column.
#[derive(Clone, Debug, PartialEq)]
pub enum Data {
    /// `Width::Code`.
    Code(Vec<u32>, Dictionary),
    /// `Width::Small`.
    Small(Vec<u8>),
    /// `Width::Minutes`, `Days`, `Count`.
    I32(Vec<i32>),
    /// `Width::Money`.
    I64(Vec<i64>),
    /// `Width::Key`.
    Key(Vec<u64>),
    /// `Width::Number`.
    U32(Vec<u32>),
}

/// All columns of one grain; columns never set hold only missing values.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    /// At which grain.
    pub grain: Grain,
    /// How many rows.
    pub rows: usize,
    /// One for each column of the grain.
    pub columns: Vec<Data>,
}

impl Data {
    /// A column of the same kind without values: whatever is asked of it is not recorded.
    pub fn emptied(&self) -> Data {
        match self {
            Data::Code(..) => Data::Code(Vec::new(), Dictionary::default()),
            Data::Small(_) => Data::Small(Vec::new()),
            Data::I32(_) => Data::I32(Vec::new()),
            Data::I64(_) => Data::I64(Vec::new()),
            Data::Key(_) => Data::Key(Vec::new()),
            Data::U32(_) => Data::U32(Vec::new()),
        }
    }
}

impl Table {
    /// So many rows, all missing.
    pub fn new(grain: Grain, rows: usize) -> Table {
        let columns = grain
            .columns()
            .iter()
            .map(|c| match c.width {
                Width::Code => Data::Code(vec![0; rows], Dictionary::default()),
                Width::Small => Data::Small(vec![255; rows]),
                Width::Minutes | Width::Days => Data::I32(vec![i32::MIN; rows]),
                Width::Count => Data::I32(vec![0; rows]),
                Width::Money => Data::I64(vec![i64::MIN; rows]),
                Width::Key => Data::Key(vec![0; rows]),
                Width::Number => Data::U32(vec![0; rows]),
            })
            .collect();
        Table { grain, rows, columns }
    }

    /// A column's data, `None` if it belongs to another grain.
    pub fn data(&self, column: Column) -> Option<&Data> {
        if column.grain == self.grain { self.columns.get(column.index) } else { None }
    }

    /// A column's data for writing.
    pub fn data_mut(&mut self, column: Column) -> Option<&mut Data> {
        if column.grain == self.grain { self.columns.get_mut(column.index) } else { None }
    }

    /// Sets a number (time, count, money, flag, key as its bits); codes are set by [`Table::set_text`].
    pub fn set(&mut self, column: Column, row: usize, value: i64) {
        match self.data_mut(column) {
            Some(Data::Small(v)) => put(v, row, value as u8),
            Some(Data::I32(v)) => put(v, row, value as i32),
            Some(Data::I64(v)) => put(v, row, value),
            Some(Data::Key(v)) => put(v, row, value as u64),
            Some(Data::U32(v)) => put(v, row, value as u32),
            Some(Data::Code(..)) | None => {}
        }
    }

    /// Sets the text of a code column.
    pub fn set_text(&mut self, column: Column, row: usize, text: &str) {
        if let Some(Data::Code(codes, dictionary)) = self.data_mut(column) {
            let code = dictionary.code(text);
            put(codes, row, code);
        }
    }

    /// The number in a cell: `None` where missing; codes and keys as their number.
    pub fn number(&self, column: Column, row: usize) -> Option<i64> {
        match self.data(column)? {
            Data::Code(v, _) => v.get(row).filter(|x| **x != 0).map(|x| i64::from(*x)),
            Data::Small(v) => v.get(row).filter(|x| **x != 255).map(|x| i64::from(*x)),
            Data::I32(v) => v.get(row).filter(|x| **x != i32::MIN).map(|x| i64::from(*x)),
            Data::I64(v) => v.get(row).filter(|x| **x != i64::MIN).copied(),
            Data::Key(v) => v.get(row).filter(|x| **x != 0).map(|x| *x as i64),
            Data::U32(v) => v.get(row).map(|x| i64::from(*x)),
        }
    }

    /// The text in a cell of a code column, `None` where missing.
    pub fn text(&self, column: Column, row: usize) -> Option<&str> {
        match self.data(column)? {
            Data::Code(v, dictionary) => dictionary.text(*v.get(row)?),
            _ => None,
        }
    }
}

fn put<T>(values: &mut [T], row: usize, value: T) {
    if let Some(slot) = values.get_mut(row) {
        *slot = value;
    }
}
