//! A bound on what may come out of an archive, so that a small file cannot fill the disk or the day.

use std::io::Read;

use crate::Error;

/// Text packs 5 to 20 times; very repetitive exports up to 100 times. Beyond 200 an archive is built to harm.
pub(super) const MAX_RATIO: u64 = 200;
/// Below this size the ratio says nothing.
pub(super) const SMALL: u64 = 64 << 20;
/// No export of one object is larger than this.
pub(super) const MAX_UNPACKED: u64 = 256 << 30;

pub(super) fn allowed(packed: u64) -> u64 {
    packed.saturating_mul(MAX_RATIO).clamp(SMALL, MAX_UNPACKED)
}

pub(super) fn too_large(name: &str) -> Error {
    Error::new("unpacked_too_large", name, format!("unpacks to more than {MAX_RATIO} times its size"))
        .with_hint("unpack it yourself if you trust it, and import the files")
}

pub(super) struct Limited<R> {
    inner: R,
    left: u64,
    name: String,
}

impl<R> Limited<R> {
    pub(super) fn new(inner: R, packed: u64, name: &str) -> Limited<R> {
        Limited { inner, left: allowed(packed), name: name.to_owned() }
    }
}

impl<R: Read> Read for Limited<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let n = self.inner.read(buffer)?;
        self.left = self.left.checked_sub(n as u64).ok_or_else(|| too_large(&self.name).through_io())?;
        Ok(n)
    }
}
