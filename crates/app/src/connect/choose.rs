//! The owner chooses which of the accounts that a sign-in opened shall be connected.

use domain::ConnectId;
use store::{ConnectSession, ConnectStatus};
use subtle::ConstantTimeEq as _;

use super::callback::finish;
use super::{Done, Kept, Stopped, is_over, sha256};
use crate::{App, AppError};

/// What there is to choose from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// The platform's name for people.
    pub platform: &'static str,
    /// The accounts, in the platform's order.
    pub accounts: Vec<Offered>,
}

/// An account that can be chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offered {
    /// Its place in the list, which is what the owner sends.
    pub place: usize,
    /// Its name.
    pub name: String,
    /// What it is.
    pub kind: String,
    /// Why it cannot be connected.
    pub obstacle: Option<String>,
}

/// What the browser that shows `secret` may choose from.
///
/// # Errors
/// When the session is unknown, used, over, or another browser's.
pub async fn offer(app: &App, id: ConnectId, secret: &str) -> Result<Offer, Stopped> {
    let (session, kept) = open(app, id, secret).await?;
    let accounts = kept
        .found
        .iter()
        .enumerate()
        .map(|(place, found)| Offered {
            place,
            name: found.name(),
            kind: found.kind.clone(),
            obstacle: found.obstacle.clone(),
        })
        .collect();
    Ok(Offer {
        platform: app.registry.spec(&session.platform).map_or("", |spec| spec.display_name),
        accounts,
    })
}

/// Connects the chosen ones. `None` when nothing that can be connected was chosen.
///
/// # Errors
/// As [`offer`].
pub async fn choose(
    app: &App,
    id: ConnectId,
    secret: &str,
    places: &[usize],
) -> Result<Option<Done>, Stopped> {
    let (session, kept) = open(app, id, secret).await?;
    let mut picks: Vec<usize> = places
        .iter()
        .copied()
        .filter(|place| kept.found.get(*place).is_some_and(|found| found.obstacle.is_none()))
        .collect();
    picks.sort_unstable();
    picks.dedup();
    if picks.is_empty() {
        return Ok(None);
    }
    finish(app, &session, &kept, &picks).await.map(Some)
}

async fn open(app: &App, id: ConnectId, secret: &str) -> Result<(ConnectSession, Kept), Stopped> {
    let session = app.store.find_connect_session(id).await?.ok_or_else(Stopped::unknown)?;
    let is_same = session
        .choice_hash
        .as_ref()
        .is_some_and(|hash| bool::from(hash.as_slice().ct_eq(sha256(secret).as_slice())));
    // Whoever followed the link in another browser learns nothing of what was opened.
    if !is_same {
        return Err(Stopped::unknown());
    }
    if session.status != ConnectStatus::Choosing {
        return Err(Stopped::used());
    }
    if is_over(&session, app.clock.now()) {
        return Err(Stopped::expired());
    }
    let found = session.found.as_deref().ok_or_else(Stopped::used)?;
    let kept =
        serde_json::from_slice(found).map_err(|error| Stopped::from(AppError::Internal(Box::new(error))))?;
    Ok((session, kept))
}
