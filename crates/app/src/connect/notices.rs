//! What a platform tells of a person who takes their leave back: the accounts that this person
//! opened can no longer be used, or have to be forgotten. The notice is signed with the app's secret.

use base64::Engine as _;
use base64::alphabet::URL_SAFE;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use domain::event::EventKind;
use domain::{EventId, PlatformName, Timestamp};
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde::Deserialize;
use serde_json::{Value, json};
use sha2::Sha256;
use store::NewEvent;

use crate::outside::{Reached, random_hex};
use crate::{App, AppError};

/// Padding is left out as a rule; it is taken all the same.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &URL_SAFE,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);
const ALGORITHM: &str = "HMAC-SHA256";

/// What came in.
#[derive(Clone, Copy, Debug)]
pub struct Notice<'a> {
    /// The platform that the address names.
    pub platform: &'a PlatformName,
    /// `signed_request`, as it came.
    pub signed: &'a str,
}

/// What was erased under a code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Erased {
    /// The platform's name for people.
    pub platform: String,
    /// How many accounts.
    pub accounts: i64,
    /// When.
    pub at: Timestamp,
}

#[derive(Deserialize)]
struct Payload {
    algorithm: String,
    /// A text or a number.
    user_id: Value,
}

/// A person withdrew the app: the accounts that they opened need to be connected again.
///
/// # Errors
/// [`AppError::Validation`] when the signature is not the platform's.
pub async fn owner_left(app: &App, notice: Notice<'_>) -> Result<(), AppError> {
    let owner = read(app, notice)?;
    let now = app.clock.now();
    let name = name_of(app, notice.platform);
    let reason = format!("{name} says that the owner has withdrawn this app's access.");
    for account in app.store.list_accounts_of_owner(notice.platform, &owner).await? {
        let account_name = crate::accounts::shown_name(account.username.as_deref(), &account.display_name);
        let event = NewEvent {
            id: EventId(app.entropy.uuid(now)),
            kind: EventKind::AccountReconnectNeeded,
            payload: json!({
                "account_id": account.id,
                "platform": notice.platform,
                "account_name": account_name,
                "reason": reason,
            }),
        };
        let (organization, id, version) = (account.organization_id, account.id, account.version);
        tracing::warn!(account.id = id.0, platform = %notice.platform, reason, "reconnection needed");
        app.store.record_needs_reconnection(organization, id, version, reason.clone(), event, now).await?;
    }
    Ok(())
}

/// A person asked for their data to be deleted. Gives the code under which the outcome can be seen.
///
/// # Errors
/// [`AppError::Validation`] when the signature is not the platform's.
pub async fn owner_erased(app: &App, notice: Notice<'_>) -> Result<String, AppError> {
    let owner = read(app, notice)?;
    let code = random_hex::<16>(app.entropy.as_ref());
    let now = app.clock.now();
    let name = name_of(app, notice.platform);
    let mut events = Vec::new();
    for account in app.store.list_accounts_of_owner(notice.platform, &owner).await? {
        if !account.is_active {
            continue;
        }
        // Its name is about to be forgotten, so the event does not carry it on.
        let payload = json!({
            "account_id": account.id,
            "platform": notice.platform,
            "account_name": null,
            "reason": format!("The owner asked {name} for their data to be deleted."),
        });
        let kind = EventKind::AccountDisconnected;
        events
            .push((account.organization_id, NewEvent { id: EventId(app.entropy.uuid(now)), kind, payload }));
    }
    let erased = app.store.erase_accounts_of_owner(notice.platform, &owner, &code, events, now).await?;
    tracing::warn!(platform = %notice.platform, accounts = erased, "accounts erased at their owner's request");
    Ok(code)
}

/// What was erased under `code`.
///
/// # Errors
/// Only internal ones.
pub async fn erased(app: &App, code: &str) -> Result<Option<Erased>, AppError> {
    let row = app.store.find_data_deletion(code).await?;
    Ok(row.map(|row| Erased {
        platform: name_of(app, &row.platform),
        accounts: row.accounts,
        at: row.deleted_at,
    }))
}

fn name_of(app: &App, platform: &PlatformName) -> String {
    app.registry.spec(platform).map_or_else(|| platform.to_string(), |spec| spec.display_name.to_owned())
}

/// The person's id, once the signature is known to be the platform's.
fn read(app: &App, notice: Notice<'_>) -> Result<String, AppError> {
    let reached = Reached::of(app, notice.platform);
    let secret = &reached.app().client_secret;
    verified(notice.signed, secret).ok_or_else(|| {
        AppError::validation("signed_request", "signed_request is not signed by this platform for this app.")
    })
}

/// The person's id in a request that is signed with `secret`.
pub(super) fn verified(signed: &str, secret: &str) -> Option<String> {
    if secret.is_empty() {
        return None;
    }
    let (signature, payload) = signed.split_once('.')?;
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).ok()?;
    mac.update(payload.as_bytes());
    mac.verify_slice(&BASE64.decode(signature).ok()?).ok()?;
    let payload: Payload = serde_json::from_slice(&BASE64.decode(payload).ok()?).ok()?;
    if !payload.algorithm.eq_ignore_ascii_case(ALGORITHM) {
        return None;
    }
    match payload.user_id {
        Value::String(id) if !id.is_empty() => Some(id),
        Value::Number(id) => Some(id.to_string()),
        _ => None,
    }
}
