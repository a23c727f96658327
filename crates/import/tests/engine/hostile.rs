//! Files made to harm, by a person or by a broken disk: a clear error or reject, in bounded memory.

use std::io::Write;

use lockstep_import::{Mapping, Piece, Preview, Readers, Recognised, Settings, recognise, survey};

use crate::taking::{Kept, read_into, read_text};

const PLAIN: &str = r#"
name = "t"
system = "t"
[recognise]
headers = ["a"]
[[entity]]
entity = "lead"
id = ["a"]
[entity.set]
source = "b"
"#;

#[test]
fn too_many_columns_are_an_error_in_the_header_and_in_a_row() {
    let header = Piece::from_bytes("t.csv", "c,".repeat(100_000).as_bytes());
    assert_eq!(Preview::of(&header, 1).unwrap_err().code(), "too_many_columns");
    let mut row = b"a,b\n1,2\n".to_vec();
    row.extend(",".repeat(100_000).bytes());
    let Err(error) = read_text(&row, PLAIN) else { panic!("no error") };
    assert_eq!(error.code(), "too_many_columns");
    assert!(error.to_string().contains(":3"), "{error}");
}

#[test]
fn a_line_without_end_is_an_error_that_names_it() {
    let mut text = b"a,b\n1,2\n3,\"".to_vec();
    text.resize(40 << 20, b'x');
    let Err(error) = read_text(&text, PLAIN) else { panic!("no error") };
    assert_eq!(error.code(), "record_too_long");
    assert!(error.to_string().contains("line 3"), "{error}");
    let json = [b"[{\"a\":\"".to_vec(), vec![b'x'; 20 << 20]].concat();
    assert_eq!(Preview::of(&Piece::from_bytes("t.json", &json), 1).unwrap_err().code(), "record_too_long");
}

#[test]
fn a_row_with_a_nul_byte_is_a_reject() {
    let (kept, count) = read_text(b"a,b\n1,x\n2,y\0z\n", PLAIN).unwrap();
    assert_eq!((count.used, count.rejected), (1, 1));
    assert_eq!(kept.rejects[0].row.line, 3);
}

#[test]
fn an_empty_file_and_a_header_alone_are_told_apart() {
    let mappings = [Mapping::parse(PLAIN, "t.toml").unwrap()];
    assert!(matches!(recognise(&Piece::from_bytes("t.csv", b""), &mappings), Recognised::NotData { .. }));
    let (_, count) = read_text(b"a,b\n", PLAIN).unwrap();
    assert_eq!(count.rows, 0);
}

#[test]
fn the_extension_decides_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, bytes: &[u8]| std::fs::write(folder.path().join(name), bytes).unwrap();
    write("a.xlsx", b"a,b\n1,x\n");
    write("b.csv", b"{\"a\":\"1\",\"b\":\"x\"}\n");
    write("c.csv", &[0u8, 1, 2, 3, 4, 5, 6, 7, 8, 0, 1, 2, 3, 4, 5]);
    write("d.zip", b"PK\x03\x04 not a zip");
    write("e.gz", b"\x1f\x8b\x08\x00 not a gzip");
    write("f.pdf", b"%PDF-1.7");
    write(".hidden", b"a,b\n");
    let mappings = [Mapping::parse(PLAIN, "t.toml").unwrap()];
    let pieces = survey(&[folder.path().to_owned()], &Readers::default()).unwrap();
    let codes: Vec<&str> = pieces
        .iter()
        .map(|piece| match (recognise(piece, &mappings), piece.problem()) {
            (Recognised::Mapping(..), None) => "fine",
            (Recognised::NotData { .. }, Some(problem)) => problem.code(),
            _ => "neither",
        })
        .collect();
    assert_eq!(codes, ["fine", "fine", "not_data", "archive", "io", "not_data"]);
}

#[test]
fn a_folder_that_is_not_there_is_an_error() {
    let error = survey(&["/no/such/folder".into()], &Readers::default()).unwrap_err();
    assert_eq!(error.code(), "io");
    assert!(error.hint().is_some());
}

#[test]
fn a_gzip_that_unpacks_without_measure_is_a_piece_with_a_problem() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bomb.csv.gz");
    let mut gz = flate2::write::GzEncoder::new(std::fs::File::create(&path).unwrap(), flate2::Compression::best());
    gz.write_all(b"a,b\n").unwrap();
    for _ in 0..66 {
        gz.write_all(&vec![b'x'; 1 << 20]).unwrap();
    }
    gz.finish().unwrap();
    let pieces = survey(&[path], &Readers::default()).unwrap();
    assert_eq!(pieces[0].problem().map(|p| p.code()), Some("unpacked_too_large"));
}

#[test]
fn a_truncated_gzip_gives_an_error_and_no_half_truth() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("cut.csv.gz");
    let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    for n in 0..50_000 {
        gz.write_all(format!("{n},{}\n", n * 7919).as_bytes()).unwrap();
    }
    let bytes = gz.finish().unwrap();
    std::fs::write(&path, &bytes[..bytes.len() / 2]).unwrap();
    let pieces = survey(&[path], &Readers::default()).unwrap();
    assert_eq!(pieces[0].problem().map(|p| p.code()), Some("io"));
    let mapping = Mapping::parse(PLAIN, "t.toml").unwrap();
    assert!(read_into(&pieces[0], &mapping, &Settings::default(), &mut Kept::default()).is_err());
}
