//! Random numbers from the operating system, drawn in blocks so that a million people cost few system calls.

use rand::TryRng;
use rand::rngs::SysRng;

use crate::Error;
use crate::error::Kind;

const BLOCK: usize = 4096;

pub(crate) struct Dice {
    block: Box<[u8; BLOCK]>,
    used: usize,
}

impl Dice {
    pub fn new() -> Dice {
        Dice { block: Box::new([0; BLOCK]), used: BLOCK }
    }

    /// A number of 63 bits: every store keeps it in a signed column.
    pub fn roll(&mut self) -> Result<i64, Error> {
        if self.used == BLOCK {
            fill(self.block.as_mut_slice())?;
            self.used = 0;
        }
        let mut bytes = [0; 8];
        bytes.copy_from_slice(&self.block[self.used..self.used + 8]);
        // a number is handed out once and does not stay behind in memory
        self.block[self.used..self.used + 8].fill(0);
        self.used += 8;
        Ok((u64::from_le_bytes(bytes) >> 1) as i64)
    }
}

/// Fills the bytes with chance.
/// Thirty-two bytes from the operating system: the secret half of a key.
///
/// # Errors
/// `no_chance` where the system has none to give.
pub fn secret() -> Result<[u8; 32], Error> {
    let mut bytes = [0; 32];
    fill(&mut bytes)?;
    Ok(bytes)
}

pub(crate) fn fill(bytes: &mut [u8]) -> Result<(), Error> {
    SysRng.try_fill_bytes(bytes).map_err(|cause| Kind::NoChance(cause.to_string()).into())
}
