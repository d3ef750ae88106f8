//! Captions and pictures.

pub(crate) mod generate_caption;
pub(crate) mod generate_image;

use app::Caller;

use crate::ApiState;
use crate::auth::payer;
use crate::error::ApiError;

/// Counts a call, or refuses it.
async fn take(state: &ApiState, caller: &Caller) -> Result<(), ApiError> {
    let taken = state.limiter.take_ai(payer(caller), state.app.clock.now()).await?;
    taken.map_err(|limited| ApiError::rate_limited(limited.what, limited.seconds))
}

/// One of a few names; the first one when none is given.
fn choice<T: Copy>(
    given: Option<&str>,
    field: &str,
    all: &[T],
    name: impl Fn(&T) -> &'static str,
) -> Result<T, ApiError> {
    let found = match given {
        None => all.first(),
        Some(given) => all.iter().find(|one| name(one) == given),
    };
    found.copied().ok_or_else(|| {
        let names: Vec<&str> = all.iter().map(name).collect();
        ApiError::validation(field, format!("{field} must be one of: {}.", names.join(", ")))
    })
}

/// Refuses a text that is longer than it may be, or that no database and no model takes.
fn check_text(text: &str, field: &str, most: usize) -> Result<(), ApiError> {
    if text.contains('\0') {
        return Err(ApiError::validation(field, format!("{field} must not contain a NUL character.")));
    }
    if text.chars().count() > most {
        return Err(ApiError::validation(field, format!("{field} must have {most} characters at most.")));
    }
    Ok(())
}
