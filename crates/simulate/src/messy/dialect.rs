//! Encodings and delimiters.

use std::io::{self, Write};

/// How a file is written.
#[derive(Debug, Clone, Copy)]
pub struct Dialect {
    pub delimiter: u8,
    pub encoding: Encoding,
    pub quoted: bool,
}

/// How text becomes bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    Utf8,
    Utf8Bom,
    Utf16Le,
    Windows1252,
}

impl Dialect {
    /// As the Data Export.
    pub const QUOTED: Dialect = Dialect { delimiter: b',', encoding: Encoding::Utf8, quoted: true };
    /// As a connector.
    pub const PLAIN: Dialect = Dialect { delimiter: b',', encoding: Encoding::Utf8, quoted: false };
    /// With a byte order mark.
    pub const BOM: Dialect = Dialect { delimiter: b',', encoding: Encoding::Utf8Bom, quoted: true };
    /// As some interfaces download.
    pub const UTF16_TABS: Dialect = Dialect { delimiter: b'\t', encoding: Encoding::Utf16Le, quoted: false };
    /// As a German spreadsheet saves.
    pub const GERMAN: Dialect = Dialect { delimiter: b';', encoding: Encoding::Windows1252, quoted: false };
    /// With semicolons only.
    pub const SEMICOLON: Dialect = Dialect { delimiter: b';', encoding: Encoding::Utf8, quoted: false };
}

/// A writer that takes UTF-8 and writes another encoding.
#[derive(Debug)]
pub struct Recoded<W: Write> {
    inner: W,
    encoding: Encoding,
    /// Bytes of a character that is not complete yet.
    pending: Vec<u8>,
}

impl<W: Write> Recoded<W> {
    /// Writes the byte order mark, where there is one.
    pub fn new(mut inner: W, encoding: Encoding) -> io::Result<Recoded<W>> {
        match encoding {
            Encoding::Utf8Bom => inner.write_all(b"\xef\xbb\xbf")?,
            Encoding::Utf16Le => inner.write_all(b"\xff\xfe")?,
            Encoding::Utf8 | Encoding::Windows1252 => {}
        }
        Ok(Recoded { inner, encoding, pending: Vec::new() })
    }

    fn text(&mut self, text: &str) -> io::Result<()> {
        match self.encoding {
            Encoding::Utf8 | Encoding::Utf8Bom => self.inner.write_all(text.as_bytes()),
            Encoding::Windows1252 => self.inner.write_all(&encoding_rs::WINDOWS_1252.encode(text).0),
            Encoding::Utf16Le => {
                let bytes: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
                self.inner.write_all(&bytes)
            }
        }
    }
}

impl<W: Write> Write for Recoded<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut all = std::mem::take(&mut self.pending);
        all.extend_from_slice(bytes);
        let whole = match std::str::from_utf8(&all) {
            Ok(text) => text,
            Err(e) => std::str::from_utf8(&all[..e.valid_up_to()]).unwrap_or_default(),
        };
        let done = whole.len();
        self.text(whole)?;
        self.pending = all.split_off(done);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_character_cut_in_two_is_written_whole() {
        let mut out = Recoded::new(Vec::new(), Encoding::Windows1252).unwrap();
        let bytes = "Zoë".as_bytes();
        out.write_all(&bytes[..3]).unwrap();
        out.write_all(&bytes[3..]).unwrap();
        assert_eq!(out.inner, b"Zo\xeb");
    }
}
