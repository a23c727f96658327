//! JSON lines and arrays of objects -> chunks. Nested objects become columns such as `owner.id`, arrays their text.
//!
//! Lines that are no object are rows with a fault. The whole file is never in memory, one record at a time is.

use std::collections::HashMap;

use serde_json::{Map, Value};

use super::text::Text;
use super::{Chunk, Emit, Fault, Head, MAX_COLUMNS, MAX_RECORD, header, too_long, too_many_columns};
use crate::Error;
use crate::piece::{Kind, Piece};

/// How many records are looked at for the header where not all are asked for.
const LOOK: usize = 1_000;
const MAX_NESTING: usize = 4;

pub(super) fn head(piece: &Piece, whole: bool) -> Result<Head, Error> {
    let (mut names, mut places, mut records) = (Vec::new(), HashMap::new(), 0usize);
    each(piece, &mut |_, record, _| {
        records += 1;
        if let Ok(Value::Object(object)) = serde_json::from_slice::<Value>(record) {
            flatten(&object, "", 0, &mut |key, _| {
                if !places.contains_key(key) {
                    places.insert(key.to_owned(), names.len());
                    names.push(key.to_owned());
                }
            });
        }
        if names.len() > MAX_COLUMNS {
            return Err(too_many_columns(&piece.name));
        }
        Ok(whole || records < LOOK)
    })?;
    if names.is_empty() {
        return Err(Error::new("no_header", &piece.name, "no JSON object with keys"));
    }
    let (header, _) = header::names(names.iter().map(String::as_str));
    Ok(Head { header, keys: names, pads: true, machine: true, ..Head::default() })
}

pub(super) fn stream(piece: &Piece, head: &Head, emit: &mut Emit<'_>) -> Result<(), Error> {
    let places: HashMap<&str, usize> = head.keys.iter().enumerate().map(|(n, name)| (name.as_str(), n)).collect();
    let mut cells = vec![String::new(); head.header.len()];
    let mut chunk = Chunk::default();
    let mut stopped = false;
    each(piece, &mut |line, record, bytes| {
        chunk.begin(line);
        match serde_json::from_slice::<Value>(record) {
            Ok(Value::Object(object)) => {
                cells.iter_mut().for_each(String::clear);
                flatten(&object, "", 0, &mut |key, value| {
                    if let Some(cell) = places.get(key).and_then(|n| cells.get_mut(*n)) {
                        write(value, cell);
                    }
                });
                cells.iter().for_each(|cell| chunk.push(cell));
            }
            _ => {
                chunk.push(&String::from_utf8_lossy(record));
                chunk.mark(Fault::Json);
            }
        }
        if chunk.len() >= 4_096 || chunk.text_len() > 1 << 20 {
            chunk.bytes = bytes;
            chunk.has_nul = true; // escapes may hide one; a look at each row is cheap here
            stopped = !emit(&mut chunk)?;
            chunk.clear();
        }
        Ok(!stopped)
    })?;
    if !stopped && chunk.len() > 0 {
        chunk.bytes = piece.bytes;
        chunk.has_nul = true;
        emit(&mut chunk)?;
    }
    Ok(())
}

/// Takes a record with the line it starts on and the bytes read so far; `false` to stop.
type TakeRecord<'a> = dyn FnMut(u32, &[u8], u64) -> Result<bool, Error> + 'a;

fn flatten(object: &Map<String, Value>, prefix: &str, depth: usize, take: &mut dyn FnMut(&str, &Value)) {
    for (key, value) in object {
        let name = if prefix.is_empty() { key.clone() } else { format!("{prefix}.{key}") };
        match value {
            Value::Object(inner) if depth < MAX_NESTING => flatten(inner, &name, depth + 1, take),
            value => take(&name, value),
        }
    }
}

fn write(value: &Value, cell: &mut String) {
    cell.clear();
    match value {
        Value::Null => {}
        Value::String(text) => cell.push_str(text),
        other => cell.push_str(&other.to_string()),
    }
}

/// Hands over each record with the line it starts on and the bytes read so far; stops at `false`.
fn each(piece: &Piece, take: &mut TakeRecord<'_>) -> Result<(), Error> {
    let lines = piece.kind == Kind::JsonLines;
    piece.with_bytes(None, &mut |reader| {
        let mut text = Text::new(reader);
        let mut buffer = Vec::new();
        let mut split = Splitter::new(lines);
        loop {
            let more = text.fill(&mut buffer).map_err(|cause| Error::io_named(&piece.name, "read", &cause))?;
            while let Some(&byte) = buffer.get(split.at) {
                if split.step(byte) {
                    let record = buffer[split.start..split.at].trim_ascii();
                    if !record.is_empty() && !take(split.line, record, text.bytes)? {
                        return Ok(());
                    }
                    split.start = split.at;
                }
            }
            if !more {
                let rest = buffer[split.start.min(buffer.len())..].trim_ascii();
                if split.inside && !rest.is_empty() {
                    take(split.line, rest, text.bytes)?;
                }
                return Ok(());
            }
            // keep only the record under way
            let keep = if split.inside { split.start } else { split.at };
            buffer.drain(..keep);
            split.start -= keep.min(split.start);
            split.at -= keep;
            if buffer.len() > MAX_RECORD {
                return Err(too_long(&piece.name, split.line));
            }
        }
    })
}

/// Finds where records start and end.
struct Splitter {
    lines: bool,
    at: usize,
    start: usize,
    /// Whether a record is under way, and on which line it started.
    inside: bool,
    line: u32,
    line_now: u32,
    depth: usize,
    quoted: bool,
    escaped: bool,
}

impl Splitter {
    fn new(lines: bool) -> Splitter {
        Splitter {
            lines,
            at: 0,
            start: 0,
            inside: false,
            line: 1,
            line_now: 1,
            depth: 0,
            quoted: false,
            escaped: false,
        }
    }

    /// Takes one byte; `true` where a record ends after (or, for lines, at) it.
    fn step(&mut self, byte: u8) -> bool {
        self.at += 1;
        let line_end = byte == b'\n';
        self.line_now += u32::from(line_end);
        if !self.inside {
            let between = byte.is_ascii_whitespace() || (!self.lines && matches!(byte, b',' | b'[' | b']'));
            if between {
                return false;
            }
            self.inside = true;
            self.start = self.at - 1;
            self.line = self.line_now;
            (self.depth, self.quoted, self.escaped) = (0, false, false);
        }
        if self.lines {
            self.inside = !line_end;
            return line_end;
        }
        match byte {
            _ if self.escaped => self.escaped = false,
            b'\\' if self.quoted => self.escaped = true,
            b'"' => self.quoted = !self.quoted,
            _ if self.quoted => {}
            b'{' | b'[' => self.depth += 1,
            b'}' | b']' => self.depth = self.depth.saturating_sub(1),
            _ => {}
        }
        // a value that is no object ends at the next comma
        let ended = self.depth == 0 && !self.quoted && (matches!(byte, b'}' | b']' | b','));
        self.inside = !ended;
        ended
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    type Seen = (u32, Vec<String>, Fault);

    fn rows(text: &str) -> (Vec<String>, Vec<Seen>) {
        let piece = Piece::from_bytes("t.json", text.as_bytes());
        let head = super::super::head(&piece, true).unwrap();
        let mut rows = Vec::new();
        stream(&piece, &head, &mut |chunk| {
            rows.extend((0..chunk.len()).map(|n| (chunk.line(n), chunk.raw(n), chunk.fault(n))));
            Ok(true)
        })
        .unwrap();
        (head.header, rows)
    }

    #[test]
    fn lines_and_arrays_give_the_same_rows() {
        let (header, lines) = rows("{\"a\":1,\"b\":{\"c\":\"x\"}}\n\n{\"b\":{\"c\":null},\"d\":[1,2]}\n");
        assert_eq!(header, ["a", "b.c", "d"]);
        assert_eq!(lines[0], (1, vec!["1".into(), "x".into(), String::new()], Fault::None));
        assert_eq!(lines[1], (3, vec![String::new(), String::new(), "[1,2]".into()], Fault::None));
        let (_, array) = rows("[\n{\"a\":1,\"b\":{\"c\":\"x\"}},\n\n {\"b\":{\"c\":null},\"d\":[1,2]}]");
        assert_eq!(
            array.iter().map(|r| r.1.clone()).collect::<Vec<_>>(),
            lines.iter().map(|r| r.1.clone()).collect::<Vec<_>>()
        );
        assert_eq!((array[0].0, array[1].0), (2, 4));
    }

    #[test]
    fn a_line_that_is_no_object_is_a_row_with_a_fault() {
        let (_, rows) = rows("{\"a\":1}\n{\"a\":\n[1]\n{\"a\":\"}\"}\n");
        assert_eq!(rows.iter().map(|r| r.2).collect::<Vec<_>>(), [Fault::None, Fault::Json, Fault::Json, Fault::None]);
        assert_eq!(rows[3].1, ["}"]);
    }

    #[test]
    fn keys_are_told_apart_as_they_stand() {
        let (header, rows) = rows("{\"a  b\":1,\"a b\":2,\"\":3,\" c \":4}\n");
        assert_eq!(header, ["a b", "a b (2)", "column 3", "c"]);
        assert_eq!(rows[0].1, ["1", "2", "3", "4"]);
    }

    #[test]
    fn records_across_reads_are_whole() {
        let text: String = (0..40_000).map(|n| format!("{{\"n\":{n},\"t\":\"a\\\"]}}{{,\"}},\n")).collect();
        let (_, rows) = rows(&format!("[{text}{{\"n\":1}}]"));
        assert_eq!(rows.len(), 40_001);
        assert!(
            rows.iter()
                .take(40_000)
                .enumerate()
                .all(|(n, r)| r.1 == [n.to_string(), "a\"]}{,".into()] && r.0 as usize == n + 1)
        );
    }
}
