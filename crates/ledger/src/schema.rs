//! The Parquet columns of an entity: the envelope, then one or more flat columns for each field of the catalogue.
//!
//! Invariant: names and types are part of the format; a field's columns follow from its name and kind alone.

use arrow::datatypes::{DataType, Field};
use entries::{FieldDef, Kind, catalogue};
use terms::Entity;

/// The columns that every entry has, before those of its fields.
pub(crate) const ENVELOPE: [(&str, DataType); 11] = [
    ("id", DataType::UInt64),
    ("id_text", DataType::Utf8),
    ("subject", DataType::UInt64),
    ("subject_kind", DataType::UInt8),
    ("valid_kind", DataType::UInt8),
    ("valid_a", DataType::Int64),
    ("valid_b", DataType::Int64),
    ("deleted", DataType::Boolean),
    ("file", DataType::UInt32),
    ("line", DataType::UInt32),
    ("digest", DataType::UInt64),
];

/// The suffixes and types of a kind's columns.
pub(crate) const fn columns_of(kind: Kind) -> &'static [(&'static str, DataType)] {
    match kind {
        Kind::Code | Kind::Text => &[("", DataType::Utf8)],
        Kind::Key => &[("", DataType::UInt64), ("_kind", DataType::UInt8)],
        Kind::Int => &[("", DataType::Int64)],
        Kind::Real => &[("", DataType::Float64)],
        Kind::Money => &[("", DataType::Int64), ("_currency", DataType::Utf8)],
        Kind::When => &[("", DataType::Int64), ("_kind", DataType::UInt8), ("_b", DataType::Int64)],
        Kind::Flag => &[("", DataType::Boolean)],
        Kind::Stage => &[("", DataType::UInt8)],
    }
}

/// The columns of one field, in order, by name.
pub(crate) fn names_of(field: &FieldDef) -> impl Iterator<Item = String> {
    columns_of(field.kind).iter().map(|(suffix, _)| format!("{}{suffix}", field.name))
}

/// All columns of an entity as they are read: text with few values is a dictionary.
pub(crate) fn read_fields(entity: Entity) -> Vec<Field> {
    let mut fields: Vec<Field> = ENVELOPE.iter().map(|(name, kind)| Field::new(*name, kind.clone(), true)).collect();
    for field in catalogue::fields(entity) {
        for (name, (suffix, stored)) in names_of(field).zip(columns_of(field.kind)) {
            let few = field.kind == Kind::Code || (field.kind == Kind::Money && !suffix.is_empty());
            fields.push(Field::new(name, if few { dictionary() } else { stored.clone() }, true));
        }
    }
    fields
}

fn dictionary() -> DataType {
    DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn no_two_columns_of_an_entity_have_one_name() {
        for entity in Entity::ALL {
            let fields = read_fields(entity);
            let names: BTreeSet<&String> = fields.iter().map(|f| f.name()).collect();
            assert_eq!(names.len(), fields.len(), "{}", entity.word());
        }
    }
}
