//! The arguments of what serves pages and of who may open them.

use std::path::PathBuf;

use clap::{Args, Subcommand};

/// `serve`
#[derive(Args, Debug)]
pub struct Serve {
    /// Where to listen
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:8600")]
    pub listen: String,
    /// Speak TLS with this certificate (PEM, with the chain behind it)
    #[arg(long, value_name = "FILE", requires = "key")]
    pub cert: Option<PathBuf>,
    /// The private key of the certificate (PEM)
    #[arg(long, value_name = "FILE", requires = "cert")]
    pub key: Option<PathBuf>,
    /// Readers come over TLS, by a proxy in front: cookies travel over TLS alone
    #[arg(long)]
    pub secure: bool,
    /// Take the client's address from X-Forwarded-For, which the proxy in front sets
    #[arg(long)]
    pub behind_proxy: bool,
    /// The company's name, shown on every page
    #[arg(long, default_value = "")]
    pub company: String,
}

/// `user`
#[derive(Args, Debug)]
pub struct UserArgs {
    /// What to do
    #[command(subcommand)]
    pub what: UserWhat,
}

/// What `user` does
#[derive(Subcommand, Debug)]
pub enum UserWhat {
    /// Add a user; its password is read from standard input, or made up and printed once
    Add {
        /// What is typed at sign-in
        name: String,
        /// admin, ceo, sales_lead, marketing_lead, revops, rep, marketer or mediator
        #[arg(long)]
        role: String,
        /// What pages call them; the name where nothing is given
        #[arg(long)]
        label: Option<String>,
        /// As which owner the CRM knows them: a rep sees the leads and clocks of that owner
        #[arg(long, default_value = "")]
        owner: String,
    },
    /// Change what a user is called, may do, owns or reports to; another role ends its sign-ins
    Change {
        /// Whose
        name: String,
        /// Another role
        #[arg(long)]
        role: Option<String>,
        /// What pages call them
        #[arg(long)]
        label: Option<String>,
        /// As which owner the CRM knows them
        #[arg(long)]
        owner: Option<String>,
        /// The user who manages them; empty for whom the CRM names
        #[arg(long)]
        manager: Option<String>,
    },
    /// All users
    List,
    /// Give a user another password, read or made up as for `add`; it ends its sign-ins
    Password {
        /// Whose
        name: String,
    },
    /// Make a token with which a program reads, or also writes, in a user's place; it is printed once
    Token {
        /// Whose place it takes: it may read what that user may
        name: String,
        /// What it is for
        #[arg(long)]
        label: String,
        /// After how many days it ends
        #[arg(long, default_value_t = 90)]
        days: u16,
        /// It may also change what that user may: push entries, record what was done about leads
        #[arg(long)]
        write: bool,
    },
    /// All tokens
    Tokens,
    /// End a token
    Revoke {
        /// Whose place it takes
        name: String,
        /// What it is for
        #[arg(long)]
        label: String,
    },
    /// Close a user; its name stays taken
    Close {
        /// Whose
        name: String,
    },
}

/// `person`
#[derive(Args, Debug)]
pub struct PersonArgs {
    /// What to do
    #[command(subcommand)]
    pub what: PersonWhat,
}

/// What `person` does
#[derive(Subcommand, Debug)]
pub enum PersonWhat {
    /// All that is held of somebody, as JSON
    Export {
        /// A mail address, a phone number, or the id of a lead, contact or rep
        whom: String,
    },
    /// Forget somebody: name, mail, phones, what was said about them, and rows that could not be read
    Erase {
        /// A mail address, a phone number, or the id of a lead, contact or rep
        whom: String,
        /// Do it: nothing brings it back
        #[arg(long)]
        yes: bool,
    },
}
