//! Withdrawing a batch: a later manifest says that it counts no more, and why.
//!
//! Invariant: nothing is rewritten. The batch stays where it is and is verified with the rest; heads before the withdrawal
//! see it as before, later ones as if it had not been imported.

use crate::{BatchMeta, Commit, Error, Ledger, Outcome, Withdrawal};

impl Ledger {
    /// Withdraws a batch, by a new one that holds nothing else.
    ///
    /// # Errors
    /// `unknown_batch`, `withdrawn_already`, `only_withdraws` where the batch is itself a withdrawal, and those of
    /// [`Ledger::begin`] and [`crate::BatchWriter::commit`].
    pub fn withdraw(&mut self, meta: BatchMeta, seq: u64, reason: &str) -> Result<Outcome, Error> {
        let mut batch = self.begin(meta)?;
        batch.withdraw(seq, reason)?;
        batch.commit(Commit::default())
    }
}

impl crate::BatchWriter<'_> {
    fn withdraw(&mut self, seq: u64, reason: &str) -> Result<(), Error> {
        let head = self.head();
        let batch = head.manifest(seq).ok_or_else(|| Error::unknown_batch(seq, head.seq()))?;
        if let Some((by, withdrawal)) = head.withdrawn().get(&seq) {
            return Err(Error::withdrawn_already(seq, *by, &withdrawal.reason));
        }
        if !batch.withdraws.is_empty() {
            return Err(Error::only_withdraws(seq));
        }
        self.withdraws.push(Withdrawal { seq, reason: reason.to_owned() });
        Ok(())
    }
}
