//! Archives, workbooks and tables of an injected reader.

use std::io::Write;
use std::path::Path;

use lockstep_import::{Error, Kind, Mapping, OpenRows, Piece, Preview, Readers, Row, Rows, Settings, survey};
use zip::write::SimpleFileOptions;

use crate::taking::{Kept, read_into, show};

fn zip_of(path: &Path, members: &[(&str, &[u8])]) {
    let mut zip = zip::ZipWriter::new(std::fs::File::create(path).unwrap());
    for (name, bytes) in members {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap();
}

fn names(pieces: &[Piece], folder: &Path) -> Vec<String> {
    let prefix = format!("{}/", folder.display());
    pieces.iter().map(|piece| piece.name().replace(&prefix, "")).collect()
}

#[test]
fn members_of_an_archive_are_pieces_of_their_own() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("export.zip");
    zip_of(
        &path,
        &[
            ("b/Lead.csv", b"a,b\n1,2\n"),
            ("Account.csv", b"a,b\n3,4\n"),
            ("__MACOSX/._x", b"x"),
            ("in.zip", b"PK\x03\x04"),
        ],
    );
    std::fs::write(folder.path().join("a.csv"), b"a,b\n1,2\n").unwrap();
    let pieces = survey(&[folder.path().to_owned()], &Readers::default()).unwrap();
    assert_eq!(
        names(&pieces, folder.path()),
        ["a.csv", "export.zip!Account.csv", "export.zip!b/Lead.csv", "export.zip!in.zip"]
    );
    assert_eq!(pieces[3].problem().map(|p| p.code()), Some("nested"));
    assert_eq!(pieces[0].content_hash(), pieces[2].content_hash(), "the same content is the same, packed or not");
    assert_eq!(Preview::of(&pieces[1], 9).unwrap().rows, [["3", "4"]]);
}

#[test]
fn an_archive_that_unpacks_without_measure_is_not_unpacked() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bomb.zip");
    zip_of(&path, &[("a.csv", &vec![b'0'; 66 << 20])]);
    let pieces = survey(&[path], &Readers::default()).unwrap();
    assert_eq!(pieces[0].problem().map(|p| p.code()), Some("unpacked_too_large"));
}

/// A workbook of two sheets; the first has a title above its header, dates as numbers, and a cell far out.
fn workbook(path: &Path) {
    let sheet = |rows: &str| {
        format!(
            r#"<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{rows}</sheetData></worksheet>"#
        )
    };
    let text = |at: &str, text: &str| format!(r#"<c r="{at}" t="inlineStr"><is><t>{text}</t></is></c>"#);
    let number = |at: &str, style: u8, n: &str| format!(r#"<c r="{at}" s="{style}"><v>{n}</v></c>"#);
    let first = sheet(&format!(
        "<row r=\"1\">{}</row><row r=\"3\">{}{}{}{}</row><row r=\"4\">{}{}{}{}</row><row r=\"6\">{}{}{}</row><row r=\"1048576\">{}</row>",
        text("A1", "Pipeline"),
        text("A3", "id"),
        text("B3", "created"),
        text("C3", "amount"),
        text("D3", "when"),
        text("A4", "O-1"),
        number("B4", 1, "46084"),
        number("C4", 0, "1234.5"),
        number("D4", 2, "46084.75"),
        text("A6", "O-2"),
        number("B6", 0, "46085"),
        number("C6", 0, "0.30000000000000004"),
        text("A1048576", "O-3"),
    ));
    let second = sheet(&format!("<row r=\"1\">{}</row>", text("XFD1", "far")));
    let rels = r#"<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet2.xml"/><Relationship Id="rId3" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/></Relationships>"#;
    let book = r#"<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="Q1" sheetId="1" r:id="rId1"/><sheet name="Other" sheetId="2" r:id="rId2"/></sheets></workbook>"#;
    let styles = r#"<?xml version="1.0"?><styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><cellXfs count="3"><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="22"/></cellXfs></styleSheet>"#;
    let types = r#"<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>"#;
    let top = r#"<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;
    zip_of(
        path,
        &[
            ("[Content_Types].xml", types.as_bytes()),
            ("_rels/.rels", top.as_bytes()),
            ("xl/workbook.xml", book.as_bytes()),
            ("xl/_rels/workbook.xml.rels", rels.as_bytes()),
            ("xl/styles.xml", styles.as_bytes()),
            ("xl/worksheets/sheet1.xml", first.as_bytes()),
            ("xl/worksheets/sheet2.xml", second.as_bytes()),
        ],
    );
}

const OPPORTUNITY: &str = r#"
name = "t"
system = "t"
[recognise]
headers = ["id"]
[file]
currency = "EUR"
[[entity]]
entity = "opportunity"
id = ["id"]
valid_at = ["when"]
[entity.set]
created_at = "created"
amount = "amount"
"#;

#[test]
fn every_sheet_of_a_workbook_is_a_piece_and_dates_are_dates() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("pipeline.xlsx");
    workbook(&path);
    let pieces = survey(&[path], &Readers::default()).unwrap();
    assert_eq!(names(&pieces, folder.path()), ["pipeline.xlsx!Q1", "pipeline.xlsx!Other"]);
    assert!(pieces.iter().all(|piece| piece.kind() == Kind::Sheet));
    assert_ne!(pieces[0].content_hash(), pieces[1].content_hash());
    let mapping = Mapping::parse(OPPORTUNITY, "t.toml").unwrap();
    let mut kept = Kept::default();
    let count = read_into(&pieces[0], &mapping, &Settings::default(), &mut kept).unwrap();
    assert_eq!((count.rows, count.used), (3, 3));
    insta::assert_snapshot!(kept.entries.iter().map(show).collect::<Vec<_>>().join("\n"));
}

struct Two(Vec<String>, u32);

impl Rows for Two {
    fn header(&self) -> &[String] {
        &self.0
    }
    fn next(&mut self, row: &mut Row) -> Result<bool, Error> {
        self.1 += 1;
        row.push(&format!("P-{}", self.1));
        row.push("1.234");
        Ok(self.1 <= 2)
    }
}

#[test]
fn parquet_is_read_by_whoever_is_handed_in() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("o.parquet");
    std::fs::write(&path, b"PAR1 and more").unwrap();
    let none = survey(std::slice::from_ref(&path), &Readers::default()).unwrap();
    assert_eq!(none[0].problem().map(|p| p.code()), Some("no_reader"));
    let open: OpenRows = |_| Ok(Box::new(Two(vec!["id".into(), "amount".into()], 0)));
    let pieces = survey(&[path], &Readers { parquet: Some(open) }).unwrap();
    let mapping = Mapping::parse(OPPORTUNITY, "t.toml").unwrap();
    let mut kept = Kept::default();
    let count = read_into(&pieces[0], &mapping, &Settings::default(), &mut kept).unwrap();
    assert_eq!((count.rows, count.used), (2, 2));
    assert_eq!(kept.entries[1].row.line, 2);
}
