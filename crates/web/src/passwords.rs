//! Passwords: hashed with Argon2id and a salt of their own, never kept.

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};

/// The fewest characters of a password; long rather than odd (NIST SP 800-63B).
pub const LEAST_LENGTH: usize = 12;

/// The hash of a password, with its settings and salt, as a PHC string.
///
/// # Errors
/// In words, where it is too short, or the system gives no chance for a salt.
pub fn hash(password: &str) -> Result<String, String> {
    if password.chars().count() < LEAST_LENGTH {
        return Err(format!("A password needs {LEAST_LENGTH} characters or more"));
    }
    let hash = Argon2::default().hash_password(password.as_bytes());
    hash.map(|hash| hash.to_string()).map_err(|cause| format!("The password could not be hashed: {cause}"))
}

/// Whether a password is that of a hash. Without a hash it is held against one that fits nothing, so that an unknown name
/// takes as long as a known one.
pub fn verify(password: &str, hash: Option<&str>) -> bool {
    // of a password that nobody has: 32 random bytes that were thrown away
    const NOBODY: &str =
        "$argon2id$v=19$m=19456,t=2,p=1$bG9ja3N0ZXAtbm9ib2R5$Zm9yIG5vYm9keSBhdCBhbGwsIG5vdCBldmVuIG1lISE";
    let parsed = PasswordHash::new(hash.unwrap_or(NOBODY));
    let fits = parsed.is_ok_and(|hash| Argon2::default().verify_password(password.as_bytes(), &hash).is_ok());
    fits && hash.is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_fits_its_own_hash_alone() {
        let hash = super::hash("a long enough one").unwrap();
        assert!(hash.starts_with("$argon2id$"));
        assert!(verify("a long enough one", Some(&hash)) && !verify("a long enough two", Some(&hash)));
        assert!(!verify("a long enough one", None) && !verify("x", Some("no hash")));
        assert!(super::hash("too short").is_err());
        assert_ne!(hash, super::hash("a long enough one").unwrap());
    }

    #[test]
    fn an_unknown_name_costs_the_work_of_a_known_one() {
        // the stand-in must parse, or no work is done
        assert!(
            PasswordHash::new(
                "$argon2id$v=19$m=19456,t=2,p=1$bG9ja3N0ZXAtbm9ib2R5$Zm9yIG5vYm9keSBhdCBhbGwsIG5vdCBldmVuIG1lISE"
            )
            .is_ok()
        );
    }
}
