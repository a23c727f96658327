//! Reads and writes exports, and finds the data that none of us wrote.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use serde_json::Value;

/// A CSV file: its header and rows; row `i` stands on line `i + 2` where no cell holds a line break.
pub struct Sheet {
    pub header: Vec<String>,
    pub rows: Vec<Vec<String>>,
}

impl Sheet {
    pub fn read(path: &Path) -> Sheet {
        let mut reader = csv::ReaderBuilder::new().flexible(true).from_path(path).unwrap();
        let header = reader.headers().unwrap().iter().map(str::to_owned).collect();
        let rows = reader.records().map(|r| r.unwrap().iter().map(str::to_owned).collect()).collect();
        Sheet { header, rows }
    }

    pub fn write(&self, path: &Path) {
        let mut writer = csv::WriterBuilder::new().quote_style(csv::QuoteStyle::Always).from_path(path).unwrap();
        writer.write_record(&self.header).unwrap();
        self.rows.iter().for_each(|r| writer.write_record(r).unwrap());
        writer.flush().unwrap();
    }

    /// The place of a column.
    #[track_caller]
    pub fn column(&self, name: &str) -> usize {
        self.header.iter().position(|h| h == name).unwrap_or_else(|| panic!("no column {name}"))
    }

    /// One column, top to bottom.
    pub fn cells(&self, name: &str) -> Vec<&str> {
        let column = self.column(name);
        self.rows.iter().map(|r| r[column].as_str()).collect()
    }

    /// A row as cells by their column.
    pub fn row(&self, at: usize) -> HashMap<&str, &str> {
        self.header.iter().map(String::as_str).zip(self.rows[at].iter().map(String::as_str)).collect()
    }
}

/// What is true about an invented company.
pub fn truth(exports: &Path) -> Value {
    serde_json::from_str(&std::fs::read_to_string(exports.join("truth.json")).unwrap()).unwrap()
}

/// A folder of the reference data, or `None`, said aloud.
pub fn reference(folder: &str) -> Option<PathBuf> {
    let root = std::env::var_os("LOCKSTEP_DATA")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data"), PathBuf::from);
    let path = root.join(folder);
    if path.is_dir() {
        return path.canonicalize().ok();
    }
    println!("skipped: no reference data at {folder}");
    None
}
