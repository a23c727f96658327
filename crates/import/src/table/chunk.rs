//! A few thousand rows as one text with the ends of its cells: no allocation a row.

/// What is wrong with a row as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    None,
    /// A quote is opened and never closed.
    Unclosed,
    /// Not a JSON object.
    Json,
}

#[derive(Clone, Copy, Debug)]
struct RowAt {
    start: usize,
    first: usize,
    cells: usize,
    line: u32,
    fault: Fault,
}

/// A run of rows.
#[derive(Debug, Default)]
pub(crate) struct Chunk {
    text: String,
    /// Ends of cells, relative to the start of their row.
    ends: Vec<usize>,
    rows: Vec<RowAt>,
    /// Bytes of the file read so far.
    pub(crate) bytes: u64,
    /// Whether a NUL byte is somewhere in it.
    pub(crate) has_nul: bool,
}

impl Chunk {
    pub(crate) fn len(&self) -> usize {
        self.rows.len()
    }

    pub(crate) fn clear(&mut self) {
        self.text.clear();
        self.ends.clear();
        self.rows.clear();
        self.bytes = 0;
        self.has_nul = false;
    }

    pub(crate) fn text_len(&self) -> usize {
        self.text.len()
    }

    pub(crate) fn cells(&self, row: usize) -> usize {
        self.rows.get(row).map_or(0, |row| row.cells)
    }

    pub(crate) fn line(&self, row: usize) -> u32 {
        self.rows.get(row).map_or(0, |row| row.line)
    }

    pub(crate) fn fault(&self, row: usize) -> Fault {
        self.rows.get(row).map_or(Fault::None, |row| row.fault)
    }

    /// A row ready for quick access to its cells.
    pub(crate) fn row(&self, row: usize) -> Cells<'_> {
        let Some(at) = self.rows.get(row) else { return Cells { text: "", ends: &[] } };
        let ends = self.ends.get(at.first..at.first + at.cells).unwrap_or(&[]);
        let text = self.text.get(at.start..at.start + ends.last().copied().unwrap_or(0)).unwrap_or("");
        Cells { text, ends }
    }

    pub(crate) fn raw(&self, row: usize) -> Vec<String> {
        let cells = self.row(row);
        (0..cells.len()).map(|n| cells.get(n).to_owned()).collect()
    }

    /// Opens a row of cells pushed one by one.
    pub(crate) fn begin(&mut self, line: u32) {
        let at = RowAt { start: self.text.len(), first: self.ends.len(), cells: 0, line, fault: Fault::None };
        self.rows.push(at);
    }

    pub(crate) fn push(&mut self, cell: &str) {
        self.push_with(|text| text.push_str(cell));
    }

    pub(crate) fn push_with(&mut self, write: impl FnOnce(&mut String)) {
        write(&mut self.text);
        if let Some(row) = self.rows.last_mut() {
            self.ends.push(self.text.len() - row.start);
            row.cells += 1;
        }
    }

    pub(crate) fn mark(&mut self, fault: Fault) {
        if let Some(row) = self.rows.last_mut() {
            row.fault = fault;
        }
    }

    /// Takes the buffers to fill them in the raw.
    pub(crate) fn take(&mut self) -> (Vec<u8>, Vec<usize>) {
        (std::mem::take(&mut self.text).into_bytes(), std::mem::take(&mut self.ends))
    }

    /// Notes a row whose bytes and ends are in the raw buffers.
    pub(crate) fn note(&mut self, start: usize, first: usize, cells: usize, line: u32, fault: Fault) {
        self.rows.push(RowAt { start, first, cells, line, fault });
    }

    /// Gives the raw buffers back. What is not UTF-8 is read as Windows-1252, cell by cell.
    pub(crate) fn give(&mut self, text: Vec<u8>, ends: Vec<usize>) {
        self.has_nul = memchr::memchr(0, &text).is_some();
        self.ends = ends;
        match String::from_utf8(text) {
            Ok(text) => self.text = text,
            Err(wrong) => self.repair(wrong.as_bytes()),
        }
    }

    fn repair(&mut self, bytes: &[u8]) {
        self.text.clear();
        for row in &mut self.rows {
            let start = self.text.len();
            let mut from = row.start;
            for end in self.ends.get_mut(row.first..row.first + row.cells).unwrap_or(&mut []) {
                let to = row.start + *end;
                let cell = bytes.get(from..to).unwrap_or(&[]);
                match std::str::from_utf8(cell) {
                    Ok(cell) => self.text.push_str(cell),
                    Err(_) => self.text.push_str(&encoding_rs::WINDOWS_1252.decode_without_bom_handling(cell).0),
                }
                *end = self.text.len() - start;
                from = to;
            }
            row.start = start;
        }
    }
}

/// The cells of one row.
#[derive(Clone, Copy)]
pub(crate) struct Cells<'a> {
    text: &'a str,
    ends: &'a [usize],
}

impl<'a> Cells<'a> {
    /// A row of this text, cut at these ends.
    pub(crate) fn new(text: &'a str, ends: &'a [usize]) -> Cells<'a> {
        Cells { text, ends }
    }

    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    /// A cell, empty where there is none.
    #[inline]
    pub(crate) fn get(&self, n: usize) -> &'a str {
        let Some(end) = self.ends.get(n) else { return "" };
        let start = match n {
            0 => 0,
            n => self.ends[n - 1],
        };
        self.text.get(start..*end).unwrap_or("")
    }

    pub(crate) fn iter(self) -> impl Iterator<Item = &'a str> {
        (0..self.len()).map(move |n| self.get(n))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_that_is_not_utf_8_is_read_as_windows_1252_and_its_neighbours_stay() {
        let mut chunk = Chunk::default();
        chunk.note(0, 0, 2, 1, Fault::None);
        chunk.note(6, 2, 2, 2, Fault::None);
        chunk.give(b"a\xfcb\xc3\xbc!xyz".to_vec(), vec![3, 6, 1, 3]);
        assert_eq!(chunk.raw(0), ["aüb", "ü!"]);
        assert_eq!(chunk.raw(1), ["x", "yz"]);
    }
}
