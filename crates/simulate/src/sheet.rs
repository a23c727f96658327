//! One CSV file being written, cell by cell.

use std::fs::File;
use std::io::BufWriter;
use std::path::{Path, PathBuf};

use csv::{ByteRecord, QuoteStyle, Writer, WriterBuilder};

use crate::Error;
use crate::salesforce::Id;
use crate::time::{Day, Moment};

/// A CSV file with a fixed header; a row of another length is an error.
#[derive(Debug)]
pub struct Sheet {
    path: PathBuf,
    writer: Writer<BufWriter<File>>,
    row: ByteRecord,
    rows: u64,
}

impl Sheet {
    /// A file with every cell quoted, as the Salesforce Data Export writes it.
    pub fn quoted(path: PathBuf, header: &str) -> Result<Sheet, Error> {
        Sheet::create(path, header, QuoteStyle::Always)
    }

    /// A file quoted only where needed, as connectors write it.
    pub fn plain(path: PathBuf, header: &str) -> Result<Sheet, Error> {
        Sheet::create(path, header, QuoteStyle::Necessary)
    }

    /// `header` is the column names joined by commas.
    fn create(path: PathBuf, header: &str, quotes: QuoteStyle) -> Result<Sheet, Error> {
        let file = File::create(&path).map_err(Error::io(&path))?;
        let mut writer = WriterBuilder::new()
            .quote_style(quotes)
            .buffer_capacity(1 << 16)
            .from_writer(BufWriter::with_capacity(1 << 18, file));
        writer.write_record(header.split(',')).map_err(Error::csv(&path))?;
        Ok(Sheet { path, writer, row: ByteRecord::new(), rows: 0 })
    }

    /// A cell of text.
    pub fn text(&mut self, text: &str) -> &mut Sheet {
        self.row.push_field(text.as_bytes());
        self
    }

    /// An empty cell.
    pub fn none(&mut self) -> &mut Sheet {
        self.text("")
    }

    /// `1` or `0`.
    pub fn flag(&mut self, yes: bool) -> &mut Sheet {
        self.text(if yes { "1" } else { "0" })
    }

    /// `true` or `false`.
    pub fn word(&mut self, yes: bool) -> &mut Sheet {
        self.text(if yes { "true" } else { "false" })
    }

    /// A Salesforce id; an empty lookup is `000000000000000AAA`.
    pub fn id(&mut self, id: Option<Id>) -> &mut Sheet {
        self.row.push_field(&id.map_or(*b"000000000000000AAA", Id::text));
        self
    }

    /// `2026-07-07 22:58:33`.
    pub fn moment(&mut self, at: Moment) -> &mut Sheet {
        self.row.push_field(&at.text());
        self
    }

    /// The same, or an empty cell.
    pub fn maybe_moment(&mut self, at: Option<Moment>) -> &mut Sheet {
        match at {
            Some(at) => self.moment(at),
            None => self.none(),
        }
    }

    /// `2026-07-07`.
    pub fn day(&mut self, day: Day) -> &mut Sheet {
        self.row.push_field(&day.iso());
        self
    }

    /// The same, or an empty cell.
    pub fn maybe_day(&mut self, day: Option<Day>) -> &mut Sheet {
        match day {
            Some(day) => self.day(day),
            None => self.none(),
        }
    }

    /// A whole number.
    pub fn whole(&mut self, n: i64) -> &mut Sheet {
        let mut digits = [0; 20];
        let mut start = digits.len();
        let mut left = n.unsigned_abs();
        loop {
            start -= 1;
            digits[start] = b'0' + (left % 10) as u8;
            left /= 10;
            if left == 0 {
                break;
            }
        }
        if n < 0 {
            start -= 1;
            digits[start] = b'-';
        }
        self.row.push_field(&digits[start..]);
        self
    }

    /// Cents as `1234.50`.
    pub fn cents(&mut self, cents: i64) -> &mut Sheet {
        self.text(&money(cents))
    }

    /// Tenths as `12.5`.
    pub fn tenths(&mut self, tenths: i64) -> &mut Sheet {
        self.text(&format!("{}.{}", tenths / 10, tenths % 10))
    }

    /// Writes the row.
    pub fn end(&mut self) -> Result<(), Error> {
        self.writer.write_byte_record(&self.row).map_err(Error::csv(&self.path))?;
        self.row.clear();
        self.rows += 1;
        Ok(())
    }

    /// Rows so far, without the header.
    pub const fn rows(&self) -> u64 {
        self.rows
    }

    /// Flushes, and gives the path and how many rows it holds.
    pub fn close(mut self) -> Result<(PathBuf, u64), Error> {
        self.writer.flush().map_err(Error::io(&self.path))?;
        Ok((self.path, self.rows))
    }
}

/// `1234.50`; not for negative amounts.
pub fn money(cents: i64) -> String {
    format!("{}.{:02}", cents / 100, cents % 100)
}

/// Closes sheets and lists their rows by the path below `root`.
pub fn close_all(sheets: impl IntoIterator<Item = Sheet>, root: &Path) -> Result<Vec<(String, u64)>, Error> {
    sheets
        .into_iter()
        .map(|sheet| {
            let (path, rows) = sheet.close()?;
            let below = path.strip_prefix(root).unwrap_or(&path);
            let name: Vec<_> = below.iter().map(|part| part.to_string_lossy()).collect();
            Ok((name.join("/"), rows))
        })
        .collect()
}
