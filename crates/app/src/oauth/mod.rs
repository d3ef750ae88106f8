//! Programs that people let in by OAuth 2.1: they introduce themselves, a person allows them something in
//! the name of a key, and they get tokens that end. Must not know how the person is asked.
//!
//! A grant is a part of the key that was shown: no further scopes, no later end, the same limits, and over
//! when the key is revoked.

mod consent;
mod register;
mod tokens;

use domain::Span;

pub use consent::{Consent, ConsentParams, allow, check_consent, denied};
pub use register::{NewProgram, register};
pub use store::OAuthClient;
pub use tokens::{Exchange, Issued, Renewal, exchange, renew, revoke};

use crate::{App, AppError};

/// How long a code may be used.
const CODE_LIFE: Span = Span::from_minutes(2);
/// How long an access token may be used.
const ACCESS_LIFE: Span = Span::from_hours(1);
/// How long a refresh token may be used; each use begins it anew.
const REFRESH_LIFE: Span = Span::from_days(30);
/// How long a program without a grant is remembered, and a grant that is over.
const PROGRAMS_FOR: Span = Span::from_days(90);
const GRANTS_FOR: Span = Span::from_days(30);

/// Why a program does not get what it asks for, in OAuth's words.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// The program has done something wrong.
    #[error("{code}: {description}")]
    Refused {
        /// One of OAuth's codes.
        code: &'static str,
        /// For whoever wrote the program.
        description: String,
    },
    /// A fault of this server.
    #[error(transparent)]
    Fault(#[from] AppError),
}

impl From<store::StoreError> for Refusal {
    fn from(error: store::StoreError) -> Self {
        Self::Fault(error.into())
    }
}

fn refused(code: &'static str, description: impl Into<String>) -> Refusal {
    Refusal::Refused { code, description: description.into() }
}

/// Forgets programs and grants that nobody needs any more.
///
/// # Errors
/// Only internal ones.
pub async fn forget(app: &App) -> Result<(), AppError> {
    let now = app.clock.now();
    Ok(app.store.forget_oauth(now - GRANTS_FOR, now - PROGRAMS_FOR).await?)
}
