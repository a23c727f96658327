//! Bytes -> UTF-8 text, as a stream: byte-order marks, UTF-16, Windows-1252.
//!
//! The encoding is decided by a bounded sample. Text taken for UTF-8 is passed on as it is; a cell in it that turns out
//! not to be UTF-8 is read as Windows-1252 later (see `chunk`), so that no byte is lost wherever it stands.

use std::io::Read;

use encoding_rs::{Decoder, Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

/// UTF-16 by its byte-order mark, or by the zero bytes of its Latin letters.
pub(crate) fn wide_encoding(head: &[u8]) -> Option<&'static Encoding> {
    match head {
        [0xff, 0xfe, ..] => return Some(UTF_16LE),
        [0xfe, 0xff, ..] => return Some(UTF_16BE),
        _ => {}
    }
    let head = &head[..head.len().min(1_024) & !1];
    let zeros = |odd: usize| head.iter().skip(odd).step_by(2).filter(|b| **b == 0).count();
    let (even, odd, half) = (zeros(0), zeros(1), head.len() / 2);
    if half >= 4 && odd * 10 > half * 7 && even * 20 < half {
        return Some(UTF_16LE);
    }
    (half >= 4 && even * 10 > half * 7 && odd * 20 < half).then_some(UTF_16BE)
}

/// The encoding of a sample.
pub(crate) fn encoding(head: &[u8]) -> &'static Encoding {
    if let Some(wide) = wide_encoding(head) {
        return wide;
    }
    let (mut wrong, mut right, mut rest) = (0usize, 0usize, head);
    loop {
        let fault = match std::str::from_utf8(rest) {
            Ok(text) => {
                right += text.chars().filter(|c| !c.is_ascii()).count();
                break;
            }
            Err(fault) => fault,
        };
        let (fine, after) = rest.split_at(fault.valid_up_to());
        right += fine.iter().filter(|b| **b >= 0xc0).count();
        let Some(bad) = fault.error_len() else { break }; // cut off by the end of the sample
        wrong += 1;
        rest = &after[bad..];
    }
    if wrong > right { WINDOWS_1252 } else { UTF_8 }
}

/// The sample as text, for looking at.
pub(crate) fn peek_text(head: &[u8]) -> String {
    encoding(head).decode(head).0.into_owned()
}

/// A stream of bytes as a stream of UTF-8 (or of bytes taken for it).
pub(crate) struct Text<'r> {
    inner: &'r mut dyn Read,
    decoder: Option<Decoder>,
    raw: Vec<u8>,
    /// Bytes of the file read so far.
    pub(crate) bytes: u64,
    started: bool,
    done: bool,
}

const READ: usize = 1 << 18;

impl<'r> Text<'r> {
    pub(crate) fn new(inner: &'r mut dyn Read) -> Text<'r> {
        Text { inner, decoder: None, raw: Vec::new(), bytes: 0, started: false, done: false }
    }

    /// Adds the next stretch to `out`; `false` at the end.
    pub(crate) fn fill(&mut self, out: &mut Vec<u8>) -> std::io::Result<bool> {
        if self.done {
            return Ok(false);
        }
        self.raw.resize(READ, 0);
        let mut n = 0;
        while n < READ {
            match self.inner.read(&mut self.raw[n..]) {
                Ok(0) => {
                    self.done = true;
                    break;
                }
                Ok(more) => n += more,
                Err(cause) if cause.kind() == std::io::ErrorKind::Interrupted => {}
                Err(cause) => return Err(cause),
            }
        }
        self.bytes += n as u64;
        let mut fresh = &self.raw[..n];
        if !self.started {
            self.started = true;
            let encoding = encoding(fresh);
            if encoding == UTF_8 {
                fresh = fresh.strip_prefix(b"\xef\xbb\xbf").unwrap_or(fresh);
            } else {
                self.decoder = Some(encoding.new_decoder_with_bom_removal());
            }
        }
        match &mut self.decoder {
            None => out.extend_from_slice(fresh),
            Some(decoder) => {
                let room = decoder.max_utf8_buffer_length(fresh.len()).unwrap_or(fresh.len() * 4 + 16);
                let mut text = String::with_capacity(room);
                let _ = decoder.decode_to_string(fresh, &mut text, self.done);
                out.extend_from_slice(text.as_bytes());
            }
        }
        Ok(true)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sample_tells_the_encoding() {
        assert_eq!(encoding(b"a,b\n1,2"), UTF_8);
        assert_eq!(encoding("Größe,Zürich".as_bytes()), UTF_8);
        assert_eq!(encoding(b"Gr\xf6\xdfe,Z\xfcrich"), WINDOWS_1252);
        assert_eq!(encoding(b"\xff\xfea\0b\0"), UTF_16LE);
        assert_eq!(encoding(b"a\0b\0,\0c\0\n\0"), UTF_16LE);
        assert_eq!(encoding(b"\0a\0b\0,\0c\0\n"), UTF_16BE);
        let cut = &"abc€".as_bytes()[..5];
        assert_eq!(encoding(cut), UTF_8);
    }

    #[test]
    fn a_stream_in_any_encoding_gives_the_same_text() {
        let text = "Größe;€\n1;2\n".repeat(50_000);
        let (latin, _, _) = WINDOWS_1252.encode(&text);
        let mut wide = vec![0xff, 0xfe];
        wide.extend(text.encode_utf16().flat_map(u16::to_le_bytes));
        let mut marked = b"\xef\xbb\xbf".to_vec();
        marked.extend(text.as_bytes());
        for bytes in [text.as_bytes().to_vec(), latin.into_owned(), wide, marked] {
            let mut source = &bytes[..];
            let mut stream = Text::new(&mut source);
            let mut out = Vec::new();
            while stream.fill(&mut out).unwrap() {}
            assert_eq!(out, text.as_bytes());
            assert_eq!(stream.bytes, bytes.len() as u64);
        }
    }
}
