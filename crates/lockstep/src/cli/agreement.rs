//! The words of `agreement` and `key`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::Format;

/// `agreement`
#[derive(Args, Debug)]
pub struct Agreement {
    #[command(subcommand)]
    pub what: AgreementWhat,
}

/// What can be done with an agreement. A document is a file, `-` for standard input, or a version by number or hash.
#[derive(Subcommand, Debug)]
pub enum AgreementWhat {
    /// Print a draft to start from: every clause there is, with a comment on each
    New {
        /// Draft it from the home's own records: terms stand where the data already is, with their evidence
        #[arg(long)]
        from_data: bool,
    },
    /// Say whether a document is one, and what is doubtful in it (exit code 1)
    Check {
        /// File, `-`, or version
        document: String,
    },
    /// Read a document aloud; the version in force where none is named
    Show {
        /// File, `-`, or version
        document: Option<String>,
        /// Print its text as it was proposed, with comments
        #[arg(long)]
        text: bool,
    },
    /// Say in words what differs between two documents
    Diff {
        /// File, `-`, or version
        before: String,
        /// File, `-`, or version
        after: String,
    },
    /// What a document would have changed over the last four quarters: a replay beside the version in force
    Preview(Preview),
    /// Put a document forward: it becomes a version, and waits for both signatures
    Propose {
        /// The file
        file: PathBuf,
    },
    /// Sign a version with your own key; leaves a receipt
    Sign(Sign),
    /// Decline a version, with a reason
    Decline {
        #[command(flatten)]
        sign: Sign,
        /// Why
        #[arg(long)]
        because: String,
    },
    /// End a version before its last day; it ends when both teams did
    Expire(Sign),
    /// All versions: who signed, which holds
    History,
    /// The receipt of a party's last step about a version, as the ledger holds it
    Receipt {
        /// The number of a version, or the beginning of its hash
        which: String,
        /// sales, marketing or leadership
        #[arg(long)]
        party: String,
    },
}

/// `agreement preview`
#[derive(Args, Debug)]
pub struct Preview {
    /// File, `-`, or version
    pub document: String,
    /// List the leads whose stage changes instead, as CSV
    #[arg(long)]
    pub list: bool,
    /// How to print the page
    #[arg(long, value_enum)]
    pub format: Option<Format>,
    /// Columns of the text page; the terminal's width where none is given
    #[arg(long)]
    pub width: Option<usize>,
    /// The seed of the draws
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
}

/// Who signs what.
#[derive(Args, Debug)]
pub struct Sign {
    /// The version: its number, or the beginning of its hash
    #[arg(value_name = "VERSION")]
    pub which: String,
    /// Your key file
    #[arg(long, value_name = "FILE")]
    pub key: PathBuf,
    /// Where the receipt goes
    #[arg(long, value_name = "FILE")]
    pub receipt: Option<PathBuf>,
}

/// `key`
#[derive(Args, Debug)]
pub struct KeyArgs {
    #[command(subcommand)]
    pub what: KeyWhat,
}

/// What can be done with keys.
#[derive(Subcommand, Debug)]
pub enum KeyWhat {
    /// Make a key: a file to keep, and beside it one with its public half to hand over
    New {
        /// For whom it signs: sales, marketing or leadership
        #[arg(long)]
        party: String,
        /// In which role, as agreements name it
        #[arg(long)]
        role: String,
        /// The file to keep; the public half goes into FILE.pub
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
    },
    /// Let a key sign for its role from now on
    Register {
        /// The file with its public half
        file: PathBuf,
    },
    /// A key may sign no more; what it signed stays signed
    Withdraw {
        /// The public half, or its beginning (at least 6 digits)
        public: String,
    },
    /// All keys that were registered
    List,
}
