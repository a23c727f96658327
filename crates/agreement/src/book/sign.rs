//! What a signature signs, and whether it holds. Ed25519 by `ed25519-dalek`.
//!
//! Here: no randomness and no files; a secret is 32 bytes that somebody else drew. Invariant: a signature holds for one act on
//! one document by one role at one moment and one head of the ledger, and for nothing else.

use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use terms::Instant;

use super::Act;
use crate::document::Party;

/// What is signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// What is done.
    pub act: Act,
    /// The hash of the document, in hexadecimal.
    pub hash: String,
    /// For whom.
    pub party: Party,
    /// In which role.
    pub role: String,
    /// The hash of the ledger's head that it is signed with, in hexadecimal.
    pub head: String,
    /// The number of that head's last batch.
    pub head_seq: u64,
    /// When.
    pub at: Instant,
}

impl Statement {
    fn bytes(&self) -> Vec<u8> {
        let (head_seq, at) = (self.head_seq.to_string(), self.at.0.to_string());
        let mut out = b"lockstep signature 1\n".to_vec();
        for part in [self.act.word(), &self.hash, self.party.word(), &self.role, &self.head, &head_seq, &at] {
            out.extend_from_slice(&(part.len() as u64).to_le_bytes());
            out.extend_from_slice(part.as_bytes());
        }
        out
    }

    /// The signature with a secret, in hexadecimal.
    pub fn sign(&self, secret: &[u8; 32]) -> String {
        hex(&SigningKey::from_bytes(secret).sign(&self.bytes()).to_bytes())
    }

    /// Whether this is the signature of whoever has the secret half of a public key; both in hexadecimal.
    pub fn is_signed(&self, public: &str, signature: &str) -> bool {
        let key = unhex::<32>(public).and_then(|bytes| VerifyingKey::from_bytes(&bytes).ok());
        let signature = unhex::<64>(signature).map(|bytes| Signature::from_bytes(&bytes));
        key.zip(signature).is_some_and(|(key, signature)| key.verify_strict(&self.bytes(), &signature).is_ok())
    }
}

/// The public half of a secret, in hexadecimal.
pub fn public(secret: &[u8; 32]) -> String {
    hex(&SigningKey::from_bytes(secret).verifying_key().to_bytes())
}

/// Whether a text is a public key that can be used.
pub fn is_public(text: &str) -> bool {
    unhex::<32>(text).is_some_and(|bytes| VerifyingKey::from_bytes(&bytes).is_ok_and(|key| !key.is_weak()))
}

/// Bytes in hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// So many bytes from hexadecimal.
pub fn unhex<const N: usize>(text: &str) -> Option<[u8; N]> {
    let text = text.trim();
    if text.len() != 2 * N || !text.is_ascii() {
        return None;
    }
    let mut out = [0; N];
    for (byte, pair) in out.iter_mut().zip(text.as_bytes().chunks_exact(2)) {
        *byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn statement() -> Statement {
        Statement {
            act: Act::Sign,
            hash: "ab".repeat(32),
            party: Party::Sales,
            role: "VP Sales".to_owned(),
            head: "cd".repeat(32),
            head_seq: 7,
            at: Instant(1_790_000_000_000),
        }
    }

    #[test]
    fn a_signature_holds_for_what_was_signed_and_nothing_else() {
        let secret = [7u8; 32];
        let (public, said) = (public(&secret), statement());
        let signature = said.sign(&secret);
        assert!(said.is_signed(&public, &signature));
        assert!(!said.is_signed(&super::public(&[8; 32]), &signature));
        let mut others: [Statement; 7] = std::array::from_fn(|_| said.clone());
        others[0].act = Act::Expire;
        others[1].hash = "ac".repeat(32);
        others[2].party = Party::Marketing;
        others[3].role = "VP Sale".to_owned();
        others[4].head = "ce".repeat(32);
        others[5].head_seq = 8;
        others[6].at = Instant(said.at.0 + 1);
        for other in others {
            assert!(!other.is_signed(&public, &signature), "{other:?}");
        }
        for bad in ["", "00", &signature[1..], &"zz".repeat(64), &"é".repeat(64)] {
            assert!(!said.is_signed(&public, bad) && !said.is_signed(bad, &signature));
        }
    }

    /// RFC 8032, section 7.1, test 1: the public key of its secret.
    #[test]
    fn the_public_half_is_that_of_the_standard() {
        let secret = unhex::<32>("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60").unwrap();
        let wanted = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";
        assert_eq!(public(&secret), wanted);
        assert!(is_public(wanted) && !is_public("00") && !is_public(&"00".repeat(32)));
    }
}
