//! The texts of a dictionary in a file: where each ends (u32), then all bytes.

use std::path::Path;

use tallies::Dictionary;

use super::file::{Extent, Mapping, RAW, write};
use crate::Error;

pub(crate) fn write_texts(path: &Path, dictionary: &Dictionary) -> Result<(), Error> {
    let bytes: usize = dictionary.texts.iter().map(String::len).sum();
    if u32::try_from(bytes).is_err() {
        return Err(Error::too_many("bytes of distinct texts in one column", u64::from(u32::MAX)));
    }
    let mut payload = Vec::with_capacity(dictionary.texts.len() * 4 + bytes);
    let mut end = 0u32;
    for text in &dictionary.texts {
        end += text.len() as u32;
        payload.extend_from_slice(&end.to_le_bytes());
    }
    for text in &dictionary.texts {
        payload.extend_from_slice(text.as_bytes());
    }
    write(path, RAW, dictionary.texts.len() as u64, &payload, Extent::NONE)
}

pub(crate) fn open_texts(path: &Path) -> Result<Dictionary, Error> {
    let mapping = Mapping::open(path, RAW)?;
    let damaged = || Error::damaged(path, "its texts do not fit its header");
    let ends = mapping.rows.checked_mul(4).ok_or_else(damaged)?;
    let (ends, bytes) = mapping.payload().split_at_checked(ends).ok_or_else(damaged)?;
    let mut texts = Vec::with_capacity(mapping.rows);
    let mut start = 0usize;
    for end in ends.chunks_exact(4) {
        let end = end.try_into().map_or(0, u32::from_le_bytes) as usize;
        let text = bytes.get(start..end).and_then(|b| std::str::from_utf8(b).ok()).ok_or_else(damaged)?;
        texts.push(text.to_owned());
        start = end;
    }
    Ok(Dictionary { texts })
}
