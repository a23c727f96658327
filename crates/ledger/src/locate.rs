//! What stands at some bytes of a part: row groups and their columns, or the footer.
//!
//! Invariant: best effort and never an error; where the footer itself is damaged, only that can be said.

use std::ops::Range;

use crate::Part;
use crate::read;
use crate::store::Store;

/// In words: `row group 3 (buckets 3 to 3), column amount`, `footer`.
pub(crate) fn holds(store: &Store, part: &Part, bytes: Range<u64>) -> Vec<String> {
    let touches = |start: u64, end: u64| start < bytes.end && bytes.start < end;
    let Ok(footer) = read::footer(store, part) else {
        return vec!["its footer cannot be read, so what stands there cannot be told".to_owned()];
    };
    let mut out = Vec::new();
    let mut end_of_data = 4;
    for (at, group) in footer.row_groups().iter().enumerate() {
        let columns: Vec<&str> = group
            .columns()
            .iter()
            .filter(|column| {
                let (start, length) = column.byte_range();
                end_of_data = end_of_data.max(start + length);
                touches(start, start + length)
            })
            .map(|column| column.column_descr().name())
            .collect();
        if columns.is_empty() {
            continue;
        }
        let buckets =
            part.row_groups.get(at).map_or(String::new(), |g| format!(" (buckets {} to {})", g.first, g.last));
        let word = if columns.len() == 1 { "column" } else { "columns" };
        out.push(format!("row group {at}{buckets}, {word} {}", columns.join(", ")));
    }
    if touches(0, 4) {
        out.push("first four bytes".to_owned());
    }
    if touches(end_of_data, part.bytes.max(bytes.end)) {
        out.push("footer".to_owned());
    }
    out
}
