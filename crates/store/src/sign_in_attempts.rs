//! Tries to sign in, counted for all nodes together. A try counts as failed until it is known to be good,
//! so that many at once gain nothing.

use domain::Timestamp;
use domain::people::{ATTEMPTS_KEPT_FOR, Subject, fold_email};
use sha2::{Digest as _, Sha256};

use crate::audit_log::{self, NewAuditEntry};
use crate::conn::{Conn, on};
use crate::{Store, StoreError};

/// What a try is counted for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// A person's address, as it is looked up.
    pub email: String,
    /// The network that it comes from.
    pub network: String,
}

// The update that changes nothing takes the row's lock, so that the next try waits.
const OPEN: &str = "INSERT INTO sign_in_attempts (subject_hash, failures, blocked_until, updated_at)
    VALUES ($1, 0, 0, $2)
    ON CONFLICT (subject_hash) DO UPDATE SET failures = sign_in_attempts.failures
    RETURNING failures, blocked_until";
const COUNT: &str = "UPDATE sign_in_attempts SET failures = $2, blocked_until = $3, updated_at = $4
    WHERE subject_hash = $1";
const FAILED: &str = "UPDATE sign_in_attempts SET updated_at = $2 WHERE subject_hash = $1";
const CLEAR: &str = "DELETE FROM sign_in_attempts WHERE subject_hash = $1";
const GIVE_BACK: &str = "UPDATE sign_in_attempts SET failures = failures - 1, blocked_until = 0
    WHERE subject_hash = $1 AND failures > 0";
pub(crate) const FORGET: &str = "DELETE FROM sign_in_attempts WHERE updated_at < $1";

impl Attempt {
    /// The subjects, in the order in which their rows are locked.
    fn subjects(&self) -> [(Subject, Vec<u8>); 2] {
        let hash = |kind: &str, text: &str| Sha256::digest(format!("{kind}|{text}").as_bytes()).to_vec();
        [(Subject::Email, hash("email", &self.email)), (Subject::Address, hash("address", &self.network))]
    }
}

impl Store {
    /// Counts a try, unless its time has not come: then until when it has to wait.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn begin_attempt(
        &self,
        attempt: &Attempt,
        now: Timestamp,
    ) -> Result<Option<Timestamp>, StoreError> {
        let subjects = attempt.subjects();
        self.writer
            .run(move |mut conn| {
                let subjects = subjects.clone();
                Box::pin(async move { begin(&mut conn, &subjects, now).await })
            })
            .await
    }

    /// The try was a bad one, as it was counted; `log` says so where its person is known.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn fail_attempt(
        &self,
        attempt: &Attempt,
        now: Timestamp,
        log: Vec<NewAuditEntry>,
    ) -> Result<(), StoreError> {
        let [(_, email), _] = attempt.subjects();
        self.writer
            .run(move |mut conn| {
                let (email, log) = (email.clone(), log.clone());
                Box::pin(async move {
                    on!(&mut conn, |c| {
                        sqlx::query(FAILED)
                            .bind(email)
                            .bind(now.as_micros())
                            .execute(&mut **c)
                            .await?
                            .rows_affected()
                    });
                    audit_log::insert(&mut conn, &log).await
                })
            })
            .await
    }

    /// Nothing is held against a person any more.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn forget_attempts_of(&self, email: &str) -> Result<(), StoreError> {
        let attempt = Attempt { email: fold_email(email), network: String::new() };
        let [(_, email), _] = attempt.subjects();
        self.writer
            .run(move |conn| {
                let email = email.clone();
                Box::pin(async move {
                    on!(conn, |c| { sqlx::query(CLEAR).bind(email).execute(&mut *c).await?.rows_affected() });
                    Ok(())
                })
            })
            .await
    }

    /// The try was a good one: nothing is held against its person any more, and it does not count against
    /// its network.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn clear_attempt(&self, attempt: &Attempt) -> Result<(), StoreError> {
        let [(_, email), (_, network)] = attempt.subjects();
        self.writer
            .run(move |mut conn| {
                let (email, network) = (email.clone(), network.clone());
                Box::pin(async move {
                    on!(&mut conn, |c| {
                        sqlx::query(CLEAR).bind(email).execute(&mut **c).await?;
                        sqlx::query(GIVE_BACK).bind(network).execute(&mut **c).await?.rows_affected()
                    });
                    Ok(())
                })
            })
            .await
    }
}

async fn begin(
    conn: &mut Conn<'_>,
    subjects: &[(Subject, Vec<u8>)],
    now: Timestamp,
) -> Result<Option<Timestamp>, StoreError> {
    let mut counted = Vec::with_capacity(subjects.len());
    let mut blocked_until = 0;
    for (subject, hash) in subjects {
        let (failures, blocked): (i64, i64) = on!(&mut *conn, |c| {
            sqlx::query(FORGET).bind((now - ATTEMPTS_KEPT_FOR).as_micros()).execute(&mut **c).await?;
            sqlx::query_as(OPEN).bind(hash).bind(now.as_micros()).fetch_one(&mut **c).await?
        });
        blocked_until = blocked_until.max(blocked);
        counted.push((subject, hash, failures.saturating_add(1)));
    }
    if blocked_until > now.as_micros() {
        return Ok(Some(Timestamp::from_micros(blocked_until)));
    }
    for (subject, hash, failures) in counted {
        let until = now + subject.pause_after(u32::try_from(failures).unwrap_or(u32::MAX));
        on!(&mut *conn, |c| {
            sqlx::query(COUNT)
                .bind(hash)
                .bind(failures)
                .bind(until.as_micros())
                .bind(now.as_micros())
                .execute(&mut **c)
                .await?
                .rows_affected()
        });
    }
    Ok(None)
}
