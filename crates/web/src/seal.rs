//! A secret that only its owner's password opens: a key made of the password by Argon2id, and XChaCha20-Poly1305.
//!
//! Invariant: every sealing has a salt, and so a key, of its own; a wrong password is told from a right one by the seal alone.

use argon2::Argon2;
use chacha20poly1305::aead::{Aead, KeyInit};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};

/// Seals a secret; gives the salt and what is sealed.
///
/// # Errors
/// Where the system gives no chance, or the password cannot be used.
pub fn seal(secret: &[u8], password: &str) -> Result<(Vec<u8>, Vec<u8>), String> {
    let salt = desk::secret().map_err(|e| e.to_string())?.to_vec();
    let sealed = cipher(password, &salt)?.encrypt(&XNonce::default(), secret);
    sealed.map(|sealed| (salt, sealed)).map_err(|_| "the secret could not be sealed".to_owned())
}

/// Opens what was sealed; `None` where the password is another one.
pub fn unseal(salt: &[u8], sealed: &[u8], password: &str) -> Option<Vec<u8>> {
    cipher(password, salt).ok()?.decrypt(&XNonce::default(), sealed).ok()
}

fn cipher(password: &str, salt: &[u8]) -> Result<XChaCha20Poly1305, String> {
    let mut key = [0; 32];
    Argon2::default().hash_password_into(password.as_bytes(), salt, &mut key).map_err(|e| e.to_string())?;
    // the key is used once: its nonce may be any
    let out = XChaCha20Poly1305::new(&key.into());
    key.fill(0);
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_password_opens_a_seal_and_nothing_in_it_can_be_changed() {
        let secret = [7; 32];
        let (salt, sealed) = seal(&secret, "a long enough one").unwrap();
        assert_eq!(unseal(&salt, &sealed, "a long enough one").as_deref(), Some(&secret[..]));
        assert!(unseal(&salt, &sealed, "a long enough two").is_none());
        let mut changed = sealed.clone();
        changed[3] ^= 1;
        assert!(unseal(&salt, &changed, "a long enough one").is_none() && unseal(&[], &sealed, "x").is_none());
        let again = seal(&secret, "a long enough one").unwrap();
        assert!(again.0 != salt && again.1 != sealed);
    }
}
