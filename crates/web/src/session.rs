//! Tokens, the cookie, and what proves that a form came from one of our own pages.
//!
//! Invariant: the token itself is in the cookie alone; the desk keeps its hash, forms carry another hash of it.

use desk::{Error, User};

/// The cookie's name over plain HTTP.
const PLAIN: &str = "lockstep";
/// And where it may travel over TLS alone; browsers refuse this prefix on cookies that another host set.
const SECURE: &str = "__Host-lockstep";

/// A signed-in reader.
#[derive(Clone, Debug)]
pub struct Viewer {
    pub user: User,
    /// The token's hash: the name of the session.
    pub session: String,
    /// What forms of this session carry.
    pub form_token: String,
    /// Whether it may change anything: a program's token may only where it was made so.
    pub may_write: bool,
}

impl Viewer {
    /// As whom they act.
    pub fn by(&self) -> crate::source::By {
        let user = &self.user;
        crate::source::By { user: user.name.clone(), role: user.role, owner: user.owner.clone() }
    }
}

/// A fresh token: 64 hexadecimal digits of the system's chance.
///
/// # Errors
/// Where the system gives none.
pub fn fresh() -> Result<String, Error> {
    Ok(hex(&desk::secret()?))
}

pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

/// A token for a program, and the hash under which the desk keeps it.
///
/// # Errors
/// Where the system gives no chance.
pub fn fresh_token() -> Result<(String, String), Error> {
    let token = format!("lockstep_{}", fresh()?);
    let hash = token_hash(&token);
    Ok((token, hash))
}

/// Under what the desk keeps a program's token.
pub fn token_hash(token: &str) -> String {
    hex(&blake3::derive_key("lockstep program token", token.as_bytes()))
}

/// Under what the desk keeps a session.
pub fn name_of(token: &str) -> String {
    hex(&blake3::derive_key("lockstep session name", token.as_bytes()))
}

/// What forms of a session carry.
pub fn form_token(token: &str) -> String {
    hex(&blake3::derive_key("lockstep form token", token.as_bytes()))
}

/// Whether two tokens are the same, in a time that does not tell where they differ.
pub fn same(a: &str, b: &str) -> bool {
    blake3::hash(a.as_bytes()) == blake3::hash(b.as_bytes())
}

/// The token in a `Cookie` header.
pub fn token_in(header: &str, secure: bool) -> Option<&str> {
    let wanted = if secure { SECURE } else { PLAIN };
    let pairs = header.split(';').filter_map(|pair| pair.trim().split_once('='));
    pairs.filter(|(name, _)| *name == wanted).map(|(_, token)| token).find(|token| is_token(token))
}

fn is_token(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
}

/// The header that sets the cookie; an empty token takes it away.
pub fn cookie(token: &str, secure: bool, seconds: i64) -> String {
    let name = if secure { SECURE } else { PLAIN };
    let secure = if secure { "; Secure" } else { "" };
    let age = if token.is_empty() { 0 } else { seconds };
    format!("{name}={token}; Path=/; HttpOnly; SameSite=Lax; Max-Age={age}{secure}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_found_by_its_name_and_looks_like_one() {
        let token = "0123456789abcdef".repeat(4);
        assert_eq!(token_in(&format!("a=b; lockstep={token}; c=d"), false), Some(token.as_str()));
        assert_eq!(token_in(&format!("lockstep={token}"), true), None);
        assert_eq!(token_in(&format!("__Host-lockstep={token}"), true), Some(token.as_str()));
        assert_eq!(token_in("lockstep=../../etc", false), None);
        assert_eq!(token_in("lockstep", false), None);
    }

    #[test]
    fn neither_name_nor_form_token_is_the_token() {
        let token = fresh().unwrap();
        let all = [token.clone(), name_of(&token), form_token(&token)];
        assert!(all[0] != all[1] && all[1] != all[2] && all[0] != all[2]);
        assert!(same(&all[1], &name_of(&token)) && !same(&all[0], &all[1]));
    }

    #[test]
    fn the_cookie_is_kept_from_scripts_and_other_sites() {
        assert_eq!(cookie("t", false, 60), "lockstep=t; Path=/; HttpOnly; SameSite=Lax; Max-Age=60");
        assert_eq!(cookie("", true, 60), "__Host-lockstep=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0; Secure");
    }
}
