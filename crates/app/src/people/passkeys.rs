//! Passkeys: adding one, and signing in with it.
//!
//! Owns which challenge belongs to whom and how long it works. What a signature proves is the library's
//! part (docs/decisions/0004-passkeys-by-a-library.md). Must not know what a browser sends around them.

use domain::audit::AuditAction;
use domain::people::{MOST_PASSKEYS, PASSKEY_CHALLENGE_LIFE};
use domain::{PasskeyId, UserId};
use serde_json::Value;
use store::{ChallengeKind, FoundPasskey, NewChallenge, NewPasskey, PasskeyAdded, PasskeyRow, WaysOpen};
use url::{Host, Url};
use uuid::Uuid;
use webauthn_rs::prelude::{
    DiscoverableAuthentication, Passkey, PasskeyRegistration, PublicKeyCredential,
    RegisterPublicKeyCredential, Webauthn, WebauthnBuilder, WebauthnError,
};

use super::audit::Actor;
use super::sessions::{begin, is_token, new_token};
use super::sign_in::begin_attempt;
use super::{SignedIn, Visit, check_fresh, checked_name, removed};
use crate::outside::hex;
use crate::{App, AppError};

/// What browsers call this installation.
const CALLED: &str = "Fanfare";
/// What the audit log calls this way in.
const WAY: &str = "passkey";
/// What needs a fresh session.
const ADD: &str = "add a passkey";
/// The first half of every person's handle, which authenticators keep beside a passkey.
const HANDLES: u64 = 0x6661_6e66_6172_6500;

/// The site that passkeys are bound to.
#[derive(Clone, Debug)]
pub struct Site(Webauthn);

/// What a browser is asked to do, and what it has to come back with.
#[derive(Clone, Debug)]
pub struct Challenge {
    /// Names the challenge in the answer.
    pub token: String,
    /// What the browser's function takes as `publicKey`.
    pub options: Value,
}

impl Site {
    /// The site at this address; `None` where browsers know no passkeys: an address without a name, or one
    /// that is neither https nor this machine. This machine's own number is `localhost` as well.
    pub fn of(base_url: &str) -> Option<Self> {
        let mut origin = Url::parse(base_url).ok()?;
        if matches!(origin.host(), Some(Host::Ipv4(address)) if address.is_loopback()) {
            origin.set_host(Some("localhost")).ok()?;
        }
        let host = origin.domain()?.to_owned();
        let is_local = host == "localhost" || host.ends_with(".localhost");
        if origin.scheme() != "https" && !is_local {
            return None;
        }
        let site = WebauthnBuilder::new(&host, &origin).ok()?.rp_name(CALLED);
        site.timeout(std::time::Duration::from_mins(5)).build().ok().map(Self)
    }
}

/// The passkeys of somebody, the oldest first.
///
/// # Errors
/// Only internal ones.
pub async fn list(app: &App, signed_in: &SignedIn) -> Result<Vec<PasskeyRow>, AppError> {
    Ok(app.store.list_passkeys(signed_in.user_id).await?)
}

/// Begins to add a passkey.
///
/// # Errors
/// [`AppError::Forbidden`] in a session that is not fresh, [`AppError::Conflict`] without a site.
pub async fn begin_adding(
    app: &App,
    site: Option<&Site>,
    signed_in: &SignedIn,
) -> Result<Challenge, AppError> {
    check_fresh(app, signed_in, ADD)?;
    let site = site.ok_or_else(no_site)?;
    let theirs = app.store.list_passkeys(signed_in.user_id).await?;
    let theirs = theirs.into_iter().map(|row| row.credential_id).collect();
    let (asked, state) = site
        .0
        .start_passkey_registration(
            handle(signed_in.user_id),
            &signed_in.email,
            &signed_in.name,
            Some(theirs),
        )
        .map_err(internal)?;
    let mut options = serde_json::to_value(asked.public_key).map_err(internal)?;
    // The authenticator has to find the passkey by itself: nobody types an address to sign in.
    options["authenticatorSelection"]["residentKey"] = "required".into();
    options["authenticatorSelection"]["requireResidentKey"] = true.into();
    let state = serde_json::to_string(&state).map_err(internal)?;
    let token = keep(app, ChallengeKind::AddPasskey, Some(signed_in.user_id), state).await?;
    Ok(Challenge { token, options })
}

/// Adds the passkey that a browser made.
///
/// # Errors
/// [`AppError::Validation`], [`AppError::Forbidden`], [`AppError::Conflict`], [`AppError::QuotaExceeded`].
pub async fn add(
    app: &App,
    site: Option<&Site>,
    signed_in: &SignedIn,
    visit: &Visit,
    token: &str,
    name: &str,
    credential: Value,
) -> Result<PasskeyRow, AppError> {
    check_fresh(app, signed_in, ADD)?;
    let site = site.ok_or_else(no_site)?;
    let name = checked_name("name", name)?;
    let credential: RegisterPublicKeyCredential = read(credential)?;
    let over = || AppError::validation("token", "This took too long, or was done already; begin again.");
    let state = take(app, ChallengeKind::AddPasskey, Some(signed_in.user_id), token).await?;
    let state: PasskeyRegistration = serde_json::from_str(&state.ok_or_else(over)?).map_err(internal)?;
    let passkey = site.0.finish_passkey_registration(&credential, &state).map_err(|error| {
        tracing::info!(error = %error, user = %signed_in.user_id, "a passkey was not taken");
        AppError::validation("credential", "The browser's answer does not fit what was asked.")
    })?;
    let now = app.clock.now();
    let row = PasskeyRow {
        id: PasskeyId(app.entropy.uuid(now)),
        name: name.clone(),
        credential_id: passkey.cred_id().clone(),
        created_at: now,
        last_used_at: None,
    };
    let new = NewPasskey {
        id: row.id,
        user_id: signed_in.user_id,
        credential_id: row.credential_id.clone(),
        name,
        credential: serde_json::to_string(&passkey).map_err(internal)?,
        created_at: now,
    };
    let actor = signed_in.actor(visit);
    let log = actor.did_everywhere(app, signed_in.user_id, AuditAction::PasskeyCreate, &row.name).await?;
    match app.store.add_passkey(new, MOST_PASSKEYS, log).await? {
        PasskeyAdded::Done => Ok(row),
        PasskeyAdded::Taken => Err(AppError::Conflict("This passkey was added already.".to_owned())),
        PasskeyAdded::TooMany => {
            Err(AppError::QuotaExceeded(format!("You have {MOST_PASSKEYS} passkeys; remove one first.")))
        }
    }
}

async fn find(app: &App, signed_in: &SignedIn, id: PasskeyId) -> Result<PasskeyRow, AppError> {
    let theirs = app.store.list_passkeys(signed_in.user_id).await?;
    theirs.into_iter().find(|row| row.id == id).ok_or(AppError::NotFound("Passkey"))
}

/// Gives a passkey another name.
///
/// # Errors
/// [`AppError::Validation`], [`AppError::NotFound`] for one that is not theirs.
pub async fn rename(
    app: &App,
    signed_in: &SignedIn,
    visit: &Visit,
    id: PasskeyId,
    name: &str,
) -> Result<PasskeyRow, AppError> {
    let name = checked_name("name", name)?;
    let found = find(app, signed_in, id).await?;
    let subject = format!("{} is now {name}", found.name);
    let actor = signed_in.actor(visit);
    let log = actor.did_everywhere(app, signed_in.user_id, AuditAction::PasskeyChange, &subject).await?;
    if app.store.rename_passkey(signed_in.user_id, id, name.clone(), log).await? {
        return Ok(PasskeyRow { name, ..found });
    }
    Err(AppError::NotFound("Passkey"))
}

/// Removes a passkey. `open` says which ways in work here.
///
/// # Errors
/// [`AppError::NotFound`] for one that is not theirs, [`AppError::Conflict`] for their last way in.
pub async fn delete(
    app: &App,
    open: WaysOpen,
    signed_in: &SignedIn,
    visit: &Visit,
    id: PasskeyId,
) -> Result<(), AppError> {
    let found = find(app, signed_in, id).await?;
    let actor = signed_in.actor(visit);
    let log = actor.did_everywhere(app, signed_in.user_id, AuditAction::PasskeyDelete, &found.name).await?;
    removed(app.store.delete_passkey(signed_in.user_id, id, open, log).await?, "Passkey")
}

/// Begins to sign somebody in, whoever they are.
///
/// # Errors
/// [`AppError::Conflict`] without a site.
pub async fn begin_sign_in(app: &App, site: Option<&Site>) -> Result<Challenge, AppError> {
    let site = site.ok_or_else(no_site)?;
    let (asked, state) = site.0.start_discoverable_authentication().map_err(internal)?;
    let state = serde_json::to_string(&state).map_err(internal)?;
    let token = keep(app, ChallengeKind::UsePasskey, None, state).await?;
    Ok(Challenge { token, options: serde_json::to_value(asked.public_key).map_err(internal)? })
}

/// Signs somebody in by what a browser signed; gives the token of their session. The session with the
/// token `replaced` ends.
///
/// # Errors
/// [`AppError::Unauthorized`], in the same words for whatever is wrong with the signature;
/// [`AppError::TooManyTries`].
pub async fn sign_in(
    app: &App,
    site: Option<&Site>,
    token: &str,
    credential: Value,
    visit: &Visit,
    replaced: Option<&str>,
) -> Result<String, AppError> {
    let site = site.ok_or_else(no_site)?;
    let credential: PublicKeyCredential = read(credential)?;
    // Guesses count for the passkey and the network, so that nobody's password is blocked by them.
    let now = app.clock.now();
    let called = format!("{WAY} {}", hex(credential.get_credential_id()));
    let attempt = begin_attempt(app, called, visit).await?;
    let found = app.store.find_passkey(credential.get_credential_id()).await?;
    // Whatever comes of it, the challenge is used.
    let state = take(app, ChallengeKind::UsePasskey, None, token).await?;
    let proven = match (&found, state) {
        (Some(found), Some(state)) => prove(app, site, found, &credential, &state).await?,
        _ => false,
    };
    match found {
        Some(found) if proven => {
            app.store.clear_attempt(&attempt).await?;
            begin(app, found.user_id, &found.email, WAY, visit, replaced).await
        }
        found => {
            let log = match &found {
                Some(found) => {
                    let actor = Actor::newcomer(&found.email, visit);
                    actor.did_everywhere(app, found.user_id, AuditAction::SignInFailed, WAY).await?
                }
                None => Vec::new(),
            };
            app.store.fail_attempt(&attempt, now, log).await?;
            Err(AppError::Unauthorized(
                "This passkey was not accepted. Try again, or sign in with your password.",
            ))
        }
    }
}

/// Whether the signature is one of this passkey over this challenge; notes its use.
async fn prove(
    app: &App,
    site: &Site,
    found: &FoundPasskey,
    credential: &PublicKeyCredential,
    state: &str,
) -> Result<bool, AppError> {
    let state: DiscoverableAuthentication = serde_json::from_str(state).map_err(internal)?;
    let mut passkey: Passkey = serde_json::from_str(&found.credential).map_err(internal)?;
    let result = site.0.identify_discoverable_authentication(credential).and_then(|(person, _)| {
        if person == handle(found.user_id) {
            return site.0.finish_discoverable_authentication_v2(credential, state, &passkey);
        }
        Err(WebauthnError::InvalidUserUniqueId)
    });
    let result = match result {
        Ok(result) => result,
        Err(WebauthnError::CredentialPossibleCompromise) => {
            tracing::warn!(
                user = %found.user_id, passkey = %found.id,
                "a passkey's count of uses went back: there may be a copy of it"
            );
            return Ok(false);
        }
        Err(error) => {
            tracing::info!(error = %error, user = %found.user_id, "a passkey was refused");
            return Ok(false);
        }
    };
    passkey.update_credential(&result);
    let record = serde_json::to_string(&passkey).map_err(internal)?;
    Ok(app.store.use_passkey(found, record, app.clock.now()).await?)
}

/// A person as authenticators know them. It tells nothing but a number.
fn handle(user: UserId) -> Uuid {
    Uuid::from_u64_pair(HANDLES, user.0.cast_unsigned())
}

fn no_site() -> AppError {
    AppError::Conflict(
        "Passkeys need an address with a name: open the dashboard at https://…, or at localhost, and set \
         public_url to it."
            .to_owned(),
    )
}

async fn keep(
    app: &App,
    kind: ChallengeKind,
    user_id: Option<UserId>,
    state: String,
) -> Result<String, AppError> {
    let (token, now) = (new_token(app), app.clock.now());
    let new = NewChallenge { kind, user_id, state, expires_at: now + PASSKEY_CHALLENGE_LIFE };
    app.store.create_challenge(&token, new, now).await?;
    Ok(token)
}

async fn take(
    app: &App,
    kind: ChallengeKind,
    user: Option<UserId>,
    token: &str,
) -> Result<Option<String>, AppError> {
    if !is_token(token) {
        return Ok(None);
    }
    Ok(app.store.take_challenge(token, kind, user, app.clock.now()).await?)
}

/// The answer of a browser's function, as `toJSON` writes it.
fn read<T: serde::de::DeserializeOwned>(credential: Value) -> Result<T, AppError> {
    serde_json::from_value(credential).map_err(|_| {
        AppError::validation("credential", "credential must be what the browser's passkey function gave.")
    })
}

fn internal(error: impl std::error::Error + Send + Sync + 'static) -> AppError {
    AppError::Internal(Box::new(error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passkeys_need_a_name_and_a_safe_way() {
        for good in [
            "https://social.example.org",
            "https://example.org:8443/x",
            "http://localhost:8080",
            "http://127.0.0.1:8080",
        ] {
            assert!(Site::of(good).is_some(), "{good}");
        }
        for bad in ["http://social.example.org", "http://192.168.0.2:8080", "https://[::1]", "x", ""] {
            assert!(Site::of(bad).is_none(), "{bad}");
        }
    }
}
