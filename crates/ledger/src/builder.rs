//! Entries of one kind, appended to columns.
//!
//! A column that a value has never been given for costs nothing: it is filled up with nulls when its first value
//! comes, and left out if none comes.
//! Invariant: what is pushed is what the columns hold, exactly; a value of another kind than the catalogue's is an error.

use std::sync::Arc;

use arrow::array::{
    ArrayRef, BooleanBuilder, Float64Builder, Int64Builder, RecordBatch, StringBuilder, UInt8Builder, UInt32Builder,
    UInt64Builder,
};
use arrow::datatypes::{Field, Schema};
use arrow::error::ArrowError;
use entries::{Entry, FieldDef, Kind, Value, catalogue};
use terms::{Entity, When};

use crate::{Error, schema};

/// The number of a kind of time in the format, with its two numbers.
pub(crate) const fn when_numbers(when: When) -> (u8, Option<i64>, Option<i64>) {
    match when {
        When::Unknown => (0, None, None),
        When::Instant(at) => (1, Some(at.0), None),
        When::Day(day) => (2, Some(day.0 as i64), None),
        When::Range(first, last) => (3, Some(first.0 as i64), Some(last.0 as i64)),
    }
}

/// Columns that grow by one entry at a time.
#[derive(Debug)]
pub(crate) struct Builder {
    entity: Entity,
    rows: usize,
    bytes: usize,
    id: Vec<u64>,
    id_text: Sparse<StringBuilder>,
    subject: Vec<u64>,
    subject_kind: Vec<u8>,
    valid_kind: Vec<u8>,
    valid_a: Sparse<Int64Builder>,
    valid_b: Sparse<Int64Builder>,
    deleted: BooleanBuilder,
    file: UInt32Builder,
    line: UInt32Builder,
    digest: Vec<u64>,
    fields: Vec<Slot>,
}

/// A column without its trailing nulls.
#[derive(Debug, Default)]
struct Sparse<B> {
    column: B,
    len: usize,
}

macro_rules! sparse {
    ($($builder:ty, $value:ty;)*) => {$(
        impl Sparse<$builder> {
            /// Puts a value in this row, and nulls in the rows since the last.
            fn put(&mut self, row: usize, value: $value) {
                if row > self.len {
                    self.column.append_nulls(row - self.len);
                }
                self.column.append_value(value);
                self.len = row + 1;
            }

            /// The column of so many rows, none where it holds no value.
            fn finish(mut self, rows: usize) -> Option<ArrayRef> {
                if self.len == 0 {
                    return None;
                }
                if rows > self.len {
                    self.column.append_nulls(rows - self.len);
                }
                Some(Arc::new(self.column.finish()))
            }
        }
    )*};
}

sparse! {
    StringBuilder, &str;
    UInt64Builder, u64;
    UInt8Builder, u8;
    Int64Builder, i64;
    Float64Builder, f64;
    BooleanBuilder, bool;
}

#[derive(Debug)]
enum Slot {
    Text(Sparse<StringBuilder>),
    Key(Sparse<UInt64Builder>, Sparse<UInt8Builder>),
    Int(Sparse<Int64Builder>),
    Real(Sparse<Float64Builder>),
    Money(Sparse<Int64Builder>, Sparse<StringBuilder>),
    When(Sparse<Int64Builder>, Sparse<UInt8Builder>, Sparse<Int64Builder>),
    Flag(Sparse<BooleanBuilder>),
    Stage(Sparse<UInt8Builder>),
}

impl Slot {
    fn new(kind: Kind) -> Slot {
        match kind {
            Kind::Code | Kind::Text => Slot::Text(Sparse::default()),
            Kind::Key => Slot::Key(Sparse::default(), Sparse::default()),
            Kind::Int => Slot::Int(Sparse::default()),
            Kind::Real => Slot::Real(Sparse::default()),
            Kind::Money => Slot::Money(Sparse::default(), Sparse::default()),
            Kind::When => Slot::When(Sparse::default(), Sparse::default(), Sparse::default()),
            Kind::Flag => Slot::Flag(Sparse::default()),
            Kind::Stage => Slot::Stage(Sparse::default()),
        }
    }

    /// Puts a value in this row; says how many bytes it took, or `None` where the value is of another kind.
    fn put(&mut self, row: usize, value: &Value) -> Option<usize> {
        Some(match (self, value) {
            (Slot::Text(column), Value::Text(text)) => {
                column.put(row, text);
                text.len() + 4
            }
            (Slot::Key(hash, kind), Value::Key(key)) => {
                hash.put(row, key.hash);
                kind.put(row, key.entity as u8);
                9
            }
            (Slot::Int(column), Value::Int(n)) => {
                column.put(row, *n);
                8
            }
            (Slot::Real(column), Value::Real(x)) => {
                column.put(row, *x);
                8
            }
            (Slot::Money(minor, currency), Value::Money(money)) => {
                minor.put(row, money.minor);
                currency.put(row, money.currency.code());
                15
            }
            (Slot::When(a, kind, b), Value::When(when)) => {
                let (number, first, last) = when_numbers(*when);
                kind.put(row, number);
                if let Some(first) = first {
                    a.put(row, first);
                }
                if let Some(last) = last {
                    b.put(row, last);
                }
                9
            }
            (Slot::Flag(column), Value::Flag(flag)) => {
                column.put(row, *flag);
                1
            }
            (Slot::Stage(column), Value::Stage(stage)) => {
                column.put(row, *stage as u8);
                1
            }
            _ => return None,
        })
    }

    fn finish(self, rows: usize, field: &FieldDef, out: &mut Columns) {
        let columns = match self {
            Slot::Text(column) => vec![column.finish(rows)],
            Slot::Key(hash, kind) => vec![hash.finish(rows), kind.finish(rows)],
            Slot::Int(column) => vec![column.finish(rows)],
            Slot::Real(column) => vec![column.finish(rows)],
            Slot::Money(minor, currency) => vec![minor.finish(rows), currency.finish(rows)],
            Slot::When(a, kind, b) => vec![a.finish(rows), kind.finish(rows), b.finish(rows)],
            Slot::Flag(column) => vec![column.finish(rows)],
            Slot::Stage(column) => vec![column.finish(rows)],
        };
        for (name, column) in schema::names_of(field).zip(columns) {
            out.add(&name, column);
        }
    }
}

/// Bytes of an envelope without its text.
const ENVELOPE_BYTES: usize = 54;

impl Builder {
    pub(crate) fn new(entity: Entity) -> Builder {
        Builder {
            entity,
            rows: 0,
            bytes: 0,
            id: Vec::new(),
            id_text: Sparse::default(),
            subject: Vec::new(),
            subject_kind: Vec::new(),
            valid_kind: Vec::new(),
            valid_a: Sparse::default(),
            valid_b: Sparse::default(),
            deleted: BooleanBuilder::new(),
            file: UInt32Builder::new(),
            line: UInt32Builder::new(),
            digest: Vec::new(),
            fields: catalogue::fields(entity).iter().map(|f| Slot::new(f.kind)).collect(),
        }
    }

    /// How many entries it holds.
    pub(crate) fn rows(&self) -> usize {
        self.rows
    }

    /// About how many bytes it holds.
    pub(crate) fn bytes(&self) -> usize {
        self.bytes
    }

    /// Appends an entry of this kind with its digest. After an error the columns are of no more use.
    pub(crate) fn push(&mut self, entry: &Entry, digest: u64) -> Result<(), Error> {
        let row = self.rows;
        let mut bytes = ENVELOPE_BYTES;
        self.id.push(entry.id.hash);
        if !entry.id_text.is_empty() {
            self.id_text.put(row, &entry.id_text);
            bytes += entry.id_text.len() + 4;
        }
        self.subject.push(entry.subject.hash);
        self.subject_kind.push(entry.subject.entity as u8);
        let (kind, a, b) = when_numbers(entry.valid_at);
        self.valid_kind.push(kind);
        if let Some(a) = a {
            self.valid_a.put(row, a);
        }
        if let Some(b) = b {
            self.valid_b.put(row, b);
        }
        self.deleted.append_value(entry.deleted);
        self.file.append_value(entry.row.file);
        self.line.append_value(entry.row.line);
        self.digest.push(digest);
        for (field, (slot, value)) in self.fields.iter_mut().zip(entry.values()).enumerate() {
            if value.is_none() {
                continue;
            }
            bytes += slot.put(row, value).ok_or_else(|| {
                let def = &catalogue::fields(self.entity)[field];
                Error::wrong_kind(self.entity, def.name, format!("expected a value of kind {:?}", def.kind))
            })?;
        }
        self.rows += 1;
        self.bytes += bytes;
        Ok(())
    }

    /// All its entries, without the columns that hold no value.
    pub(crate) fn finish(mut self) -> Result<RecordBatch, ArrowError> {
        let rows = self.rows;
        let mut out = Columns::default();
        out.add("id", Some(Arc::new(arrow::array::UInt64Array::from(self.id))));
        out.add("id_text", self.id_text.finish(rows));
        out.add("subject", Some(Arc::new(arrow::array::UInt64Array::from(self.subject))));
        out.add("subject_kind", Some(Arc::new(arrow::array::UInt8Array::from(self.subject_kind))));
        out.add("valid_kind", Some(Arc::new(arrow::array::UInt8Array::from(self.valid_kind))));
        out.add("valid_a", self.valid_a.finish(rows));
        out.add("valid_b", self.valid_b.finish(rows));
        out.add("deleted", Some(Arc::new(self.deleted.finish())));
        out.add("file", Some(Arc::new(self.file.finish())));
        out.add("line", Some(Arc::new(self.line.finish())));
        out.add("digest", Some(Arc::new(arrow::array::UInt64Array::from(self.digest))));
        for (slot, field) in self.fields.into_iter().zip(catalogue::fields(self.entity)) {
            slot.finish(rows, field, &mut out);
        }
        RecordBatch::try_new(Arc::new(Schema::new(out.fields)), out.arrays)
    }
}

#[derive(Default)]
struct Columns {
    fields: Vec<Field>,
    arrays: Vec<ArrayRef>,
}

impl Columns {
    fn add(&mut self, name: &str, column: Option<ArrayRef>) {
        if let Some(column) = column {
            self.fields.push(Field::new(name, column.data_type().clone(), true));
            self.arrays.push(column);
        }
    }
}
