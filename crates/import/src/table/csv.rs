//! Separated text -> chunks, with the line on which each row starts.

use csv_core::{ReadRecordResult, ReaderBuilder};

use super::chunk::{Chunk, Fault};
use super::text::Text;
use super::{Emit, Head, MAX_COLUMNS, MAX_RECORD, dialect, header, too_long, too_many_columns};
use crate::Error;
use crate::piece::Piece;

const SAMPLE: usize = 1 << 20;
const CHUNK_BYTES: usize = 1 << 19;
const CHUNK_ROWS: usize = 1 << 13;

pub(super) fn head(piece: &Piece) -> Result<Head, Error> {
    let mut sample = Vec::new();
    let mut cut = false;
    piece.with_bytes(None, &mut |reader| {
        let mut text = Text::new(reader);
        while sample.len() < SAMPLE {
            if !text.fill(&mut sample).map_err(|cause| Error::io_named(&piece.name, "read", &cause))? {
                return Ok(());
            }
        }
        cut = true;
        Ok(())
    })?;
    let Some(mut found) = dialect::look(&sample, cut) else {
        return Err(if cut { too_long(&piece.name, 1) } else { no_header(piece) });
    };
    let skip = found.top.len();
    let Some(names) = found.top.pop() else { return Err(no_header(piece)) };
    if names.len() > MAX_COLUMNS {
        return Err(too_many_columns(&piece.name));
    }
    let (header, required) = header::names(names.iter().map(String::as_str));
    let range = header::range(&found.top);
    Ok(Head { header, required, range, skip, delimiter: found.delimiter, ..Head::default() })
}

fn no_header(piece: &Piece) -> Error {
    Error::new("no_header", &piece.name, "no line with column names").with_hint("export it with its header line")
}

pub(super) fn stream(piece: &Piece, head: &Head, emit: &mut Emit<'_>) -> Result<(), Error> {
    piece.with_bytes(None, &mut |reader| {
        let records = Records {
            piece,
            text: Text::new(reader),
            input: Vec::new(),
            at: 0,
            line: 1,
            after_cr: false,
            skip: head.skip,
        };
        records.run(head.delimiter, emit)
    })
}

struct Records<'r> {
    piece: &'r Piece,
    text: Text<'r>,
    input: Vec<u8>,
    at: usize,
    /// The line of the next byte.
    line: u32,
    /// Whether the byte before was a carriage return, which a line feed belongs to.
    after_cr: bool,
    skip: usize,
}

impl Records<'_> {
    fn run(mut self, delimiter: u8, emit: &mut Emit<'_>) -> Result<(), Error> {
        let mut reader = ReaderBuilder::new().delimiter(delimiter).build();
        let mut chunk = Chunk::default();
        let (mut out, mut ends) = chunk.take();
        loop {
            let (mut used, mut n_ends) = (0, 0);
            let mut more = true;
            out.resize(CHUNK_BYTES * 2, 0);
            ends.resize((CHUNK_ROWS * 8).max(MAX_COLUMNS + 2), 0);
            while used < CHUNK_BYTES && chunk.len() < CHUNK_ROWS {
                if !self.reach_record()? {
                    more = false;
                    break;
                }
                let (start, first, line) = (used, n_ends, self.line);
                let fault = self.record(&mut reader, &mut out, &mut ends, &mut used, &mut n_ends, start, first)?;
                if self.skip > 0 {
                    self.skip -= 1;
                    (used, n_ends) = (start, first);
                } else {
                    chunk.note(start, first, n_ends - first, line, fault);
                }
            }
            out.truncate(used);
            ends.truncate(n_ends);
            chunk.give(out, ends);
            chunk.bytes = self.text.bytes - (self.input.len() - self.at).min(self.text.bytes as usize) as u64;
            if chunk.len() > 0 && !emit(&mut chunk)? || !more {
                return Ok(());
            }
            chunk.clear();
            (out, ends) = chunk.take();
        }
    }

    /// Goes to the first byte of the next record, over line ends; `false` at the end.
    fn reach_record(&mut self) -> Result<bool, Error> {
        loop {
            while let Some(&byte) = self.input.get(self.at) {
                match byte {
                    b'\n' if self.after_cr => self.after_cr = false,
                    b'\n' => self.line += 1,
                    b'\r' => {
                        self.line += 1;
                        self.after_cr = true;
                        self.at += 1;
                        continue;
                    }
                    _ => {
                        self.after_cr = false;
                        return Ok(true);
                    }
                }
                self.at += 1;
            }
            if !self.refill()? {
                return Ok(false);
            }
        }
    }

    fn refill(&mut self) -> Result<bool, Error> {
        self.input.clear();
        self.at = 0;
        self.text.fill(&mut self.input).map_err(|cause| Error::io_named(&self.piece.name, "read", &cause))
    }

    #[allow(clippy::too_many_arguments, reason = "the raw buffers and their fill levels, one call a row")]
    fn record(
        &mut self,
        reader: &mut csv_core::Reader,
        out: &mut Vec<u8>,
        ends: &mut Vec<usize>,
        used: &mut usize,
        n_ends: &mut usize,
        start: usize,
        first: usize,
    ) -> Result<Fault, Error> {
        let line = self.line;
        let mut fault = Fault::None;
        let mut at_end = false;
        loop {
            let input = match at_end {
                false => &self.input[self.at..],
                // a line end after the last byte: within quotes it is text, and the quote was never closed
                true if fault == Fault::None => b"\n".as_slice(),
                true => &[],
            };
            let (result, n_in, n_out, more_ends) = reader.read_record(input, &mut out[*used..], &mut ends[*n_ends..]);
            if !at_end {
                let read = &self.input[self.at..self.at + n_in];
                self.line += memchr::memchr_iter(b'\n', read).count() as u32;
                self.at += n_in;
                if result == ReadRecordResult::Record && read.last() == Some(&b'\r') {
                    self.line += 1;
                    self.after_cr = true;
                }
            }
            *used += n_out;
            *n_ends += more_ends;
            if *used - start > MAX_RECORD {
                return Err(too_long(&self.piece.name, line));
            }
            match result {
                ReadRecordResult::Record | ReadRecordResult::End => return Ok(fault),
                ReadRecordResult::OutputFull => out.resize(out.len() + CHUNK_BYTES * 2, 0),
                ReadRecordResult::OutputEndsFull => {
                    if *n_ends - first > MAX_COLUMNS {
                        return Err(too_many_columns(&format!("{}:{line}", self.piece.name)));
                    }
                    ends.resize(ends.len() + MAX_COLUMNS + 2, 0);
                }
                ReadRecordResult::InputEmpty if at_end => fault = Fault::Unclosed,
                ReadRecordResult::InputEmpty => at_end = self.at >= self.input.len() && !self.refill()?,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(bytes: &[u8]) -> Vec<(u32, Vec<String>)> {
        let piece = Piece::from_bytes("t.csv", bytes);
        let head = super::super::head(&piece, true).unwrap();
        let mut rows = Vec::new();
        stream(&piece, &head, &mut |chunk| {
            rows.extend((0..chunk.len()).map(|n| (chunk.line(n), chunk.raw(n))));
            Ok(true)
        })
        .unwrap();
        rows
    }

    #[test]
    fn a_row_knows_the_physical_line_it_starts_on() {
        for end in ["\n", "\r\n"] {
            let text = "a,b\n1,\"x\ny\"\n\n\n2,z\n3,w".replace('\n', end);
            let lines: Vec<u32> = rows(text.as_bytes()).iter().map(|r| r.0).collect();
            assert_eq!(lines, [2, 6, 7], "{end:?}");
        }
        assert_eq!(rows(b"a,b\r1,2\r3,4\r").iter().map(|r| r.0).collect::<Vec<_>>(), [2, 3]);
    }

    #[test]
    fn lines_are_right_across_reads_and_chunks() {
        let mut text = String::from("id,note\n");
        for n in 0..60_000 {
            text.push_str(&format!("{n},\"line one\nline two, \"\"quoted\"\"\"\r\n"));
        }
        let rows = rows(text.as_bytes());
        assert_eq!(rows.len(), 60_000);
        for (n, (line, row)) in rows.iter().enumerate() {
            assert_eq!((*line as usize, row[0].as_str()), (2 + n * 2, n.to_string().as_str()));
            assert_eq!(row[1], "line one\nline two, \"quoted\"");
        }
    }

    #[test]
    fn a_quote_never_closed_is_said_to_be() {
        let piece = Piece::from_bytes("t.csv", b"a,b\n1,2\n3,\"4\n5,6\n");
        let head = super::super::head(&piece, true).unwrap();
        let mut faults = Vec::new();
        stream(&piece, &head, &mut |chunk| {
            faults.extend((0..chunk.len()).map(|n| (chunk.line(n), chunk.fault(n))));
            Ok(true)
        })
        .unwrap();
        assert_eq!(faults, [(2, Fault::None), (3, Fault::Unclosed)]);
    }

    #[test]
    fn a_quote_closed_by_the_last_byte_is_closed() {
        assert_eq!(rows(b"a,b\n1,\"2\""), [(2, vec!["1".to_owned(), "2".to_owned()])]);
    }
}
