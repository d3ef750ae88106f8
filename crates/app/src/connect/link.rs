//! Links: made for a caller, opened by the account's owner in whatever browser.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use connector::{OAuthLogin, PlatformSpec, SignIn};
use domain::{AccountId, ConnectId, PlatformName, Timestamp};
use sha2::{Digest as _, Sha256};
use store::{ConnectStatus, NewConnectSession};
use url::Url;

use super::{LIFE, Secrets, Stopped, is_over, redirect_uri, sha256};
use crate::outside::{Reached, nonce};
use crate::{App, AppError, Caller, limits};

/// A link that was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConnectLink {
    /// The session.
    pub id: ConnectId,
    /// What the owner opens.
    pub url: String,
    /// The platform.
    pub platform: PlatformName,
    /// Its name for people.
    pub platform_name: &'static str,
    /// The account that it renews.
    pub account_id: Option<AccountId>,
    /// Until when it works.
    pub expires_at: Timestamp,
}

/// A link that connects accounts on `platform`. `login` names one of the platform's logins; the
/// configured one when `None`.
///
/// # Errors
/// [`AppError::Validation`] for a platform or a login that there is none of, [`AppError::Conflict`]
/// where this server has no connector or no app, [`AppError::QuotaExceeded`] where the organization has as
/// many accounts as it may.
pub async fn new_link(
    app: &App,
    caller: &Caller,
    base_url: &str,
    platform: &PlatformName,
    login: Option<&str>,
) -> Result<ConnectLink, AppError> {
    make(app, caller, base_url, platform, login, None).await
}

/// A link that renews the access of one of the caller's accounts.
///
/// # Errors
/// As [`new_link`], and [`AppError::NotFound`].
pub async fn reconnect_link(
    app: &App,
    caller: &Caller,
    base_url: &str,
    account: AccountId,
) -> Result<ConnectLink, AppError> {
    let view = crate::accounts::get(app, caller, account).await?;
    let login = app.store.find_account_login(caller.organization_id, account).await?;
    make(app, caller, base_url, &view.platform, login.as_deref(), Some(account)).await
}

async fn make(
    app: &App,
    caller: &Caller,
    base_url: &str,
    platform: &PlatformName,
    login: Option<&str>,
    account_id: Option<AccountId>,
) -> Result<ConnectLink, AppError> {
    let spec = app
        .registry
        .spec(platform)
        .ok_or_else(|| AppError::validation("platform", format!("\"{platform}\" is no platform.")))?;
    let name = spec.display_name;
    if spec.sign_in == SignIn::Credential {
        let message = format!(
            "{name} is connected by credentials and not by a link: send them to POST /v1/accounts/connect-credential."
        );
        return Err(AppError::validation("platform", message));
    }
    if !can_sign_in(app, platform) {
        return Err(AppError::Conflict(format!("This server cannot connect {name} accounts yet.")));
    }
    let reached = Reached::of(app, platform);
    if reached.app().client_id.is_empty() {
        return Err(AppError::Conflict(format!(
            "This server has no {name} app; its operator has to set one with `fanfare app set {platform}`."
        )));
    }
    let login = find_login(spec, login.unwrap_or_else(|| reached.login())).ok_or_else(|| {
        let known: Vec<&str> = spec.logins.iter().map(|login| login.name).collect();
        AppError::validation("login", format!("login must be one of {} for {name}.", known.join(", ")))
    })?;
    if account_id.is_none() {
        limits::check_accounts(app, caller.organization_id, 1).await?;
    }
    let now = app.clock.now();
    let id = ConnectId(app.entropy.uuid(now));
    let secrets = Secrets {
        state: random_text(app),
        verifier: if login.pkce { random_text(app) } else { String::new() },
    };
    let new = NewConnectSession {
        id,
        workspace_id: caller.workspace_id,
        platform: platform.clone(),
        login: login.name.to_owned(),
        account_id,
        state_hash: sha256(&secrets.state),
        secrets: serde_json::to_vec(&secrets).map_err(|error| AppError::Internal(Box::new(error)))?,
        nonce: nonce(app.entropy.as_ref()),
        created_at: now,
        expires_at: now + LIFE,
    };
    app.store.create_connect_session(caller.organization_id, new).await?;
    Ok(ConnectLink {
        id,
        url: format!("{base_url}/connect/{id}"),
        platform: platform.clone(),
        platform_name: name,
        account_id,
        expires_at: now + LIFE,
    })
}

/// The platform's page where the owner agrees, for a link that was opened. May be asked again until
/// the owner comes back.
///
/// # Errors
/// When the link is unknown, used or over.
pub async fn address(app: &App, base_url: &str, id: ConnectId) -> Result<Url, Stopped> {
    let session = app.store.find_connect_session(id).await?.ok_or_else(Stopped::unknown)?;
    if session.status != ConnectStatus::Open {
        return Err(Stopped::used());
    }
    if is_over(&session, app.clock.now()) {
        return Err(Stopped::expired());
    }
    let spec = app.registry.spec(&session.platform).ok_or_else(Stopped::unknown)?;
    let login = find_login(spec, &session.login).ok_or_else(Stopped::unknown)?;
    let secrets: Secrets = serde_json::from_slice(&session.secrets)
        .map_err(|error| Stopped::from(AppError::Internal(Box::new(error))))?;
    let reached = Reached::of(app, &session.platform);
    let path = login.path.replace("{version}", reached.hosts().version());
    let mut url = reached
        .hosts()
        .url(login.host, &path)
        .map_err(|error| Stopped::from(AppError::Internal(Box::new(error))))?;
    let scopes: Vec<&str> = login.scopes.iter().chain(login.optional_scopes).copied().collect();
    {
        let mut query = url.query_pairs_mut();
        query
            .append_pair("response_type", "code")
            .append_pair(login.client_id_key, &reached.app().client_id)
            .append_pair("redirect_uri", &redirect_uri(base_url, &session.platform))
            .append_pair("scope", &scopes.join(login.scope_separator))
            .append_pair("state", &secrets.state);
        if login.pkce {
            let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(secrets.verifier.as_bytes()));
            query.append_pair("code_challenge", &challenge).append_pair("code_challenge_method", "S256");
        }
        for (name, value) in login.extra {
            query.append_pair(name, value);
        }
    }
    Ok(url)
}

pub(super) fn can_sign_in(app: &App, platform: &PlatformName) -> bool {
    app.registry.connector(platform).is_some_and(|connector| connector.auth().oauth().is_some())
}

/// The login with this name; the first one for an empty name.
pub(super) fn find_login(spec: &'static PlatformSpec, name: &str) -> Option<&'static OAuthLogin> {
    spec.logins.iter().find(|login| name.is_empty() || login.name == name)
}

/// 256 random bits, fit for an address.
pub(super) fn random_text(app: &App) -> String {
    let mut bytes = [0; 32];
    app.entropy.fill(&mut bytes);
    URL_SAFE_NO_PAD.encode(bytes)
}
