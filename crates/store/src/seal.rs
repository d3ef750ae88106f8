//! Encryption of secrets at rest: XChaCha20-Poly1305, bound to the row it belongs to, so that a
//! stolen row cannot be moved to another account. The number of the key stands before each secret, so
//! that keys can be replaced one row at a time.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{Key, XChaCha20Poly1305, XNonce};
use hmac::{Hmac, Mac as _};
use sha2::Sha256;

use crate::{KeySet, StoreError};

const NONCE_BYTES: usize = 24;
/// Separates the key that signs from the one that encrypts.
const SIGNING: &[u8] = b"fanfare signing key";

/// Where the keys come from, asked again when they may have changed. `None` where nothing can be read.
type Source = Box<dyn Fn() -> Option<KeySet> + Send + Sync>;

/// The encryption keys: one to write with, all of them to read with. Cheap to clone; clones share
/// what they learn.
#[derive(Clone)]
pub struct Keyring(Arc<Shared>);

struct Shared {
    keys: RwLock<Keys>,
    source: Option<Source>,
}

struct Keys {
    current: u32,
    by_number: BTreeMap<u32, OneKey>,
}

#[derive(Clone)]
struct OneKey {
    cipher: XChaCha20Poly1305,
    signing: [u8; 32],
}

impl OneKey {
    fn new(key: [u8; 32]) -> Self {
        Self { cipher: XChaCha20Poly1305::new(&Key::from(key)), signing: mac(&key, &[SIGNING]) }
    }
}

impl Keyring {
    /// A ring of one key of 32 random bytes, with number 1.
    pub fn new(key: [u8; 32]) -> Self {
        Self::of(&KeySet::single(key))
    }

    /// A ring of these keys.
    pub fn of(keys: &KeySet) -> Self {
        Self::with_source(keys, None)
    }

    /// A ring of these keys, which asks `source` before each sealing and at a key that it does not
    /// know: keys are replaced while servers run.
    pub fn following(keys: &KeySet, source: impl Fn() -> Option<KeySet> + Send + Sync + 'static) -> Self {
        Self::with_source(keys, Some(Box::new(source)))
    }

    fn with_source(keys: &KeySet, source: Option<Source>) -> Self {
        let mut known = Keys { current: keys.current(), by_number: BTreeMap::new() };
        known.learn(keys);
        Self(Arc::new(Shared { keys: RwLock::new(known), source }))
    }

    /// The number of the key that secrets are written with now.
    pub fn current(&self) -> u32 {
        self.look_again();
        self.read().current
    }

    /// Encrypts `secret` for the row that `row` names. `nonce` is 24 random bytes, never used twice.
    ///
    /// # Errors
    /// When the secret is too long to encrypt.
    pub fn seal(&self, row: &str, secret: &[u8], nonce: [u8; NONCE_BYTES]) -> Result<Vec<u8>, StoreError> {
        // A key that is being replaced must not be written with any more.
        self.look_again();
        let keys = self.read();
        let key = keys.by_number.get(&keys.current).ok_or(StoreError::Sealed)?;
        let bound = bound_to(keys.current, row);
        let payload = Payload { msg: secret, aad: bound.as_bytes() };
        let sealed = key.cipher.encrypt(&XNonce::from(nonce), payload).map_err(|_| StoreError::Sealed)?;
        let mut bytes = Vec::with_capacity(4 + NONCE_BYTES + sealed.len());
        bytes.extend_from_slice(&keys.current.to_be_bytes());
        bytes.extend_from_slice(&nonce);
        bytes.extend_from_slice(&sealed);
        Ok(bytes)
    }

    /// Decrypts what [`Keyring::seal`] made for the same row.
    ///
    /// # Errors
    /// [`StoreError::Sealed`] when the key is unknown, or the bytes were changed or moved.
    pub fn open(&self, row: &str, bytes: &[u8]) -> Result<Vec<u8>, StoreError> {
        let (number, rest) = split_number(bytes).ok_or(StoreError::Sealed)?;
        let (nonce, sealed) = rest.split_first_chunk::<NONCE_BYTES>().ok_or(StoreError::Sealed)?;
        let key = self.find(number).ok_or(StoreError::Sealed)?;
        let bound = bound_to(number, row);
        let payload = Payload { msg: sealed, aad: bound.as_bytes() };
        key.cipher.decrypt(&XNonce::from(*nonce), payload).map_err(|_| StoreError::Sealed)
    }

    /// The number of the key that `bytes` were sealed with.
    pub(crate) fn number_of(bytes: &[u8]) -> Option<u32> {
        split_number(bytes).map(|(number, _)| number)
    }

    /// A signature of `message` for `purpose`, with the number of the key that it was made with.
    pub(crate) fn sign(&self, purpose: &str, message: &[u8]) -> (u32, [u8; 32]) {
        let keys = self.read();
        let signing = keys.by_number.get(&keys.current).map_or([0; 32], |key| key.signing);
        (keys.current, mac(&signing, &[purpose.as_bytes(), &[0], message]))
    }

    /// Whether `signature` was made here for the same purpose and message. Takes as long whatever
    /// is wrong with it.
    pub(crate) fn is_signed(&self, number: u32, purpose: &str, message: &[u8], signature: &[u8]) -> bool {
        let Some(key) = self.find(number) else { return false };
        let Some(mut mac) = keyed(&key.signing) else { return false };
        for part in [purpose.as_bytes(), &[0], message] {
            mac.update(part);
        }
        mac.verify_slice(signature).is_ok()
    }

    fn find(&self, number: u32) -> Option<OneKey> {
        let known = self.read().by_number.get(&number).cloned();
        if known.is_some() {
            return known;
        }
        self.look_again();
        self.read().by_number.get(&number).cloned()
    }

    /// Learns keys that were added meanwhile. Those that are gone stay known to this process: what
    /// it reads may have been sealed before.
    fn look_again(&self) {
        let Some(source) = &self.0.source else { return };
        let Some(found) = source() else { return };
        let is_new = {
            let keys = self.read();
            keys.current != found.current()
                || found.numbers().any(|number| !keys.by_number.contains_key(&number))
        };
        if is_new {
            self.0.keys.write().unwrap_or_else(PoisonError::into_inner).learn(&found);
        }
    }

    fn read(&self) -> std::sync::RwLockReadGuard<'_, Keys> {
        self.0.keys.read().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Keys {
    fn learn(&mut self, keys: &KeySet) {
        self.current = keys.current();
        for (number, key) in keys.iter() {
            self.by_number.entry(number).or_insert_with(|| OneKey::new(key));
        }
    }
}

impl std::fmt::Debug for Keyring {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Keyring").field("current", &self.read().current).finish_non_exhaustive()
    }
}

fn split_number(bytes: &[u8]) -> Option<(u32, &[u8])> {
    let (number, rest) = bytes.split_first_chunk::<4>()?;
    Some((u32::from_be_bytes(*number), rest))
}

fn bound_to(number: u32, row: &str) -> String {
    format!("fanfare/{number}/{row}")
}

/// Any length of key is taken, so this is never `None`.
fn keyed(key: &[u8; 32]) -> Option<Hmac<Sha256>> {
    Hmac::<Sha256>::new_from_slice(key).ok()
}

fn mac(key: &[u8; 32], parts: &[&[u8]]) -> [u8; 32] {
    let Some(mut mac) = keyed(key) else { return [0; 32] };
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

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
        assert!(ring.open("accounts/a/1", &[]).is_err());
    }

    #[test]
    fn a_ring_learns_a_new_key_and_remembers_one_that_is_gone() {
        let first = KeySet::single([1; 32]);
        let file = Arc::new(Mutex::new(first.clone()));
        let source = Arc::clone(&file);
        let ring = Keyring::following(&first, move || Some(source.lock().unwrap().clone()));
        let old = ring.seal("row", b"old", [1; 24]).unwrap();
        let both = first.with_new([2; 32]).unwrap();
        *file.lock().unwrap() = both.clone();
        let new = ring.seal("row", b"new", [2; 24]).unwrap();
        assert_eq!((Keyring::number_of(&old), Keyring::number_of(&new)), (Some(1), Some(2)));
        *file.lock().unwrap() = both.only_current();
        assert_eq!(ring.open("row", &old).unwrap(), b"old");
        let other = Keyring::following(&first, move || Some(both.only_current()));
        assert_eq!(other.open("row", &new).unwrap(), b"new", "at a number that it does not know, it looks");
        assert!(Keyring::of(&first).open("row", &new).is_err());
    }

    #[test]
    fn a_signature_is_good_for_its_message_purpose_and_key_only() {
        let ring = Keyring::new([7; 32]);
        let (number, signature) = ring.sign("links", b"message");
        assert!(ring.is_signed(number, "links", b"message", &signature));
        assert!(!ring.is_signed(number, "links", b"massage", &signature));
        assert!(!ring.is_signed(number, "other", b"message", &signature));
        assert!(!ring.is_signed(number, "links", b"message", &signature[..31]));
        assert!(!ring.is_signed(number + 1, "links", b"message", &signature));
        assert!(!Keyring::new([8; 32]).is_signed(number, "links", b"message", &signature));
    }
}
