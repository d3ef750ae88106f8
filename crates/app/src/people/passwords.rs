//! Hashing passwords with Argon2id. It is slow and takes memory on purpose, so only a few are hashed at a
//! time.

use argon2::{Argon2, PasswordHasher as _, PasswordVerifier as _};
use net::Entropy;
use tokio::sync::Semaphore;

use crate::AppError;

/// How many are hashed at a time.
const AT_ONCE: usize = 2;
/// What is compared with where there is no password, so that it takes as long. Nothing hashes to it.
const DECOY: &str = "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$\
                     AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// Hashes passwords.
#[derive(Debug)]
pub struct Passwords(Semaphore);

impl Default for Passwords {
    fn default() -> Self {
        Self(Semaphore::new(AT_ONCE))
    }
}

impl Passwords {
    /// The hash of a password, with its salt and its costs.
    ///
    /// # Errors
    /// Only internal ones.
    pub async fn hash(&self, entropy: &dyn Entropy, password: &str) -> Result<String, AppError> {
        let mut salt = [0; 16];
        entropy.fill(&mut salt);
        let password = password.to_owned();
        self.run(move || {
            let hashed = Argon2::default().hash_password_with_salt(password.as_bytes(), &salt);
            hashed.map(|hash| hash.to_string()).map_err(|error| AppError::Internal(error.to_string().into()))
        })
        .await?
    }

    /// Whether a password has this hash. It takes as long where there is none.
    ///
    /// # Errors
    /// Only internal ones.
    pub async fn verify(&self, password: &str, hash: Option<&str>) -> Result<bool, AppError> {
        let (password, known) = (password.to_owned(), hash.is_some());
        let hash = hash.unwrap_or(DECOY).to_owned();
        self.run(move || {
            Argon2::default().verify_password(password.as_bytes(), hash.as_str()).is_ok() && known
        })
        .await
    }

    async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, AppError> {
        let _permit = self.0.acquire().await.map_err(|error| AppError::Internal(error.into()))?;
        tokio::task::spawn_blocking(work).await.map_err(|error| AppError::Internal(error.into()))
    }
}

#[cfg(test)]
mod tests {
    use net::SeededEntropy;

    use super::*;

    #[tokio::test]
    async fn a_password_is_known_by_its_hash_and_the_decoy_costs_the_same() {
        let (passwords, entropy) = (Passwords::default(), SeededEntropy::new(1));
        let hash = passwords.hash(&entropy, "correct horse").await.unwrap();
        assert!(passwords.verify("correct horse", Some(&hash)).await.unwrap());
        assert!(!passwords.verify("correct house", Some(&hash)).await.unwrap());
        assert!(!passwords.verify("correct horse", None).await.unwrap());
        assert_ne!(hash, passwords.hash(&entropy, "correct horse").await.unwrap(), "salted");
        let costs = |text: &str| text.split('$').take(4).collect::<Vec<_>>().join("$");
        assert_eq!(costs(&hash), costs(DECOY));
        assert_eq!(hash.len(), DECOY.len());
    }
}
