//! Any table, written as separated text in any dialect, is read back cell by cell.

use lockstep_import::{Piece, Preview};
use proptest::prelude::*;

fn cell() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => "[a-zA-Z0-9 .,;:|/_-]{0,12}",
        2 => "[a-zé€ü\"',;|\t]{0,8}",
        1 => "[a-z\n\r\",]{0,6}",
    ]
}

fn table() -> impl Strategy<Value = Vec<Vec<String>>> {
    (2usize..6).prop_flat_map(|columns| prop::collection::vec(prop::collection::vec(cell(), columns..=columns), 1..40))
}

fn write(header: &[String], rows: &[Vec<String>], delimiter: char, quote_all: bool, end: &str) -> String {
    let mut out = String::new();
    for row in std::iter::once(header).chain(rows.iter().map(Vec::as_slice)) {
        let cells = row.iter().map(|cell| {
            let must = cell.contains([delimiter, '"', '\n', '\r']) || cell.is_empty();
            if quote_all || must { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell.clone() }
        });
        out += &cells.collect::<Vec<_>>().join(&delimiter.to_string());
        out += end;
    }
    out
}

fn encode(text: &str, encoding: usize) -> Vec<u8> {
    let wide = |bytes: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(bytes).collect::<Vec<u8>>();
    match encoding {
        0 => text.as_bytes().to_vec(),
        1 => [b"\xef\xbb\xbf", text.as_bytes()].concat(),
        2 => [b"\xff\xfe".as_slice(), &wide(u16::to_le_bytes)].concat(),
        3 => [b"\xfe\xff".as_slice(), &wide(u16::to_be_bytes)].concat(),
        _ => encoding_rs::WINDOWS_1252.encode(text).0.into_owned(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 192, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_table_is_read_back_from_any_dialect(
        rows in table(),
        delimiter in prop::sample::select(vec![',', ';', '\t', '|']),
        quote_all in any::<bool>(),
        end in prop::sample::select(vec!["\n", "\r\n"]),
        encoding in 0usize..5,
    ) {
        // the header is plain, so that the delimiter can be told; the cells may hold any of the four
        let header: Vec<String> = (0..rows[0].len()).map(|n| format!("column_{n}")).collect();
        let text = write(&header, &rows, delimiter, quote_all, end);
        let bytes = encode(&text, encoding);
        let read = Preview::of(&Piece::from_bytes("t.csv", &bytes), usize::MAX).unwrap();
        prop_assert_eq!(&read.header, &header);
        prop_assert_eq!(&read.rows, &rows);
    }
}
