//! Encryption of secrets at rest: XChaCha20-Poly1305, bound to the row it belongs to, so that a
//! stolen row cannot be moved to another account.

use std::collections::BTreeMap;

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{Key, XChaCha20Poly1305, XNonce};

use crate::StoreError;

const NONCE_BYTES: usize = 24;

/// The encryption keys: one to write with, all of them to read with.
#[derive(Clone)]
pub struct Keyring {
    current: u32,
    keys: BTreeMap<u32, XChaCha20Poly1305>,
}

impl Keyring {
    /// A ring of one key of 32 random bytes, with number 1.
    pub fn new(key: [u8; 32]) -> Self {
        let cipher = XChaCha20Poly1305::new(&Key::from(key));
        Self { current: 1, keys: BTreeMap::from([(1, cipher)]) }
    }

    /// Encrypts `secret` for the row that `row` names. `nonce` is 24 random bytes, never used twice.
    ///
    /// # Errors
    /// When the secret is too long to encrypt.
    pub fn seal(&self, row: &str, secret: &[u8], nonce: [u8; NONCE_BYTES]) -> Result<Vec<u8>, StoreError> {
        let cipher = self.keys.get(&self.current).ok_or(StoreError::Sealed)?;
        let bound = bound_to(self.current, row);
        let payload = Payload { msg: secret, aad: bound.as_bytes() };
        let sealed = cipher.encrypt(&XNonce::from(nonce), payload).map_err(|_| StoreError::Sealed)?;
        let mut bytes = Vec::with_capacity(4 + NONCE_BYTES + sealed.len());
        bytes.extend_from_slice(&self.current.to_be_bytes());
        bytes.extend_from_slice(&nonce);
        bytes.extend_from_slice(&sealed);
        Ok(bytes)
    }

    /// Decrypts what [`Keyring::seal`] made for the same row.
    ///
    /// # Errors
    /// [`StoreError::Sealed`] when the key is unknown, or the bytes were changed or moved.
    pub fn open(&self, row: &str, bytes: &[u8]) -> Result<Vec<u8>, StoreError> {
        let (number, rest) = bytes.split_first_chunk::<4>().ok_or(StoreError::Sealed)?;
        let (nonce, sealed) = rest.split_first_chunk::<NONCE_BYTES>().ok_or(StoreError::Sealed)?;
        let number = u32::from_be_bytes(*number);
        let cipher = self.keys.get(&number).ok_or(StoreError::Sealed)?;
        let bound = bound_to(number, row);
        let payload = Payload { msg: sealed, aad: bound.as_bytes() };
        cipher.decrypt(&XNonce::from(*nonce), payload).map_err(|_| StoreError::Sealed)
    }
}

impl std::fmt::Debug for Keyring {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Keyring").field("current", &self.current).finish_non_exhaustive()
    }
}

fn bound_to(number: u32, row: &str) -> String {
    format!("fanfare/{number}/{row}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sealed_secret_opens_only_in_its_own_row_and_with_its_own_key() {
        let ring = Keyring::new([7; 32]);
        let sealed = ring.seal("accounts/a/1", b"token", [1; 24]).unwrap();
        assert!(!sealed.windows(5).any(|window| window == b"token"));
        assert_eq!(ring.open("accounts/a/1", &sealed).unwrap(), b"token");
        assert!(ring.open("accounts/a/2", &sealed).is_err());
        assert!(Keyring::new([8; 32]).open("accounts/a/1", &sealed).is_err());
        let mut changed = sealed.clone();
        *changed.last_mut().unwrap() ^= 1;
        assert!(ring.open("accounts/a/1", &changed).is_err());
    }
}
