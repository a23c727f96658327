//! Parquet files that others wrote, as rows of text.

use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use arrow::array::*;
use arrow::datatypes::Int32Type;
use ledger::foreign::parquet_rows;
use parquet::arrow::ArrowWriter;

fn write(path: &Path, columns: Vec<(&str, ArrayRef)>) {
    let batch = RecordBatch::try_from_iter(columns).unwrap();
    let mut writer = ArrowWriter::try_new(File::create(path).unwrap(), batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
}

#[test]
fn a_flat_file_of_any_types_becomes_rows_of_plain_text() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("deals.parquet");
    let decimals = Decimal128Array::from(vec![Some(123_456), None]).with_precision_and_scale(12, 2).unwrap();
    let codes: DictionaryArray<Int32Type> = vec![Some("web"), None].into_iter().collect();
    write(
        &path,
        vec![
            ("name", Arc::new(StringArray::from(vec![Some("Müller, \"A\""), None])) as ArrayRef),
            ("code", Arc::new(codes)),
            ("long", Arc::new(LargeStringArray::from(vec![Some("x"), None]))),
            ("n", Arc::new(Int64Array::from(vec![Some(-5), None]))),
            ("big", Arc::new(Float64Array::from(vec![Some(1e21), Some(0.1)]))),
            ("price", Arc::new(decimals)),
            ("day", Arc::new(Date32Array::from(vec![Some(20_543), None]))),
            ("day64", Arc::new(Date64Array::from(vec![Some(20_543 * 86_400_000), None]))),
            ("at", Arc::new(TimestampMillisecondArray::from(vec![Some(1_500), None]).with_timezone("Europe/Berlin"))),
            ("local", Arc::new(TimestampMicrosecondArray::from(vec![Some(3_600_000_000), None]))),
            ("won", Arc::new(BooleanArray::from(vec![Some(true), None]))),
            ("nothing", Arc::new(NullArray::new(2))),
        ],
    );
    let mut rows = parquet_rows(&path).unwrap();
    assert_eq!(rows.header()[..3], ["name", "code", "long"]);
    let mut row = Vec::new();
    assert!(rows.next(&mut row).unwrap());
    let wanted = [
        "Müller, \"A\"",
        "web",
        "x",
        "-5",
        "1000000000000000000000",
        "1234.56",
        "2026-03-31",
        "2026-03-31",
        "1970-01-01T00:00:01.500Z",
        "1970-01-01T01:00:00",
        "true",
        "",
    ];
    assert_eq!(row, wanted);
    assert!(rows.next(&mut row).unwrap());
    assert_eq!(row.iter().filter(|text| !text.is_empty()).collect::<Vec<_>>(), ["0.1"]);
    assert!(!rows.next(&mut row).unwrap());
    assert!(!rows.next(&mut row).unwrap());
}

#[test]
fn what_is_not_flat_or_not_parquet_is_refused_by_name() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("nested.parquet");
    let lists = ListArray::from_iter_primitive::<Int32Type, _, _>(vec![Some(vec![Some(1)])]);
    write(&path, vec![("tags", Arc::new(lists))]);
    let error = parquet_rows(&path).unwrap_err();
    assert_eq!(error.code(), "foreign_parquet");
    assert!(error.to_string().ends_with("column `tags` holds lists or records"), "{error}");
    let text = folder.path().join("text.parquet");
    std::fs::write(&text, "a,b\n1,2\n").unwrap();
    assert_eq!(parquet_rows(&text).unwrap_err().code(), "foreign_parquet");
    assert_eq!(parquet_rows(folder.path().join("none.parquet")).unwrap_err().code(), "not_found");
}

#[test]
fn our_own_parts_can_be_read_as_any_file() {
    let folder = tempfile::tempdir().unwrap();
    let mut ledger = ledger::Ledger::create(folder.path()).unwrap();
    crate::company::import(&mut ledger, 1, "c1", &[crate::company::lead_named("L1", 1, 1)]);
    let part = ledger.manifests().next().unwrap().parts[0].path.clone();
    let mut rows = parquet_rows(folder.path().join(part)).unwrap();
    let at = rows.header().iter().position(|name| name == "source").unwrap();
    let mut row = Vec::new();
    assert!(rows.next(&mut row).unwrap());
    assert_eq!(row[at], "Event");
}
