//! Connecting by what the owner enters. It is tried with the platform before anything is stored.

use std::collections::BTreeMap;
use std::sync::Arc;

use connector::{Connector, Failure, SignIn};
use domain::{Class, PlatformName};
use store::AccountSource;

use super::keep::keep;
use crate::accounts::AccountView;
use crate::outside::Reached;
use crate::{App, AppError, Caller};

/// An account that was connected.
#[derive(Clone, Debug, PartialEq)]
pub struct Connected {
    /// The account.
    pub account: AccountView,
    /// Whether it is new.
    pub created: bool,
}

/// The fields that `platform` asks for, in the order in which they are asked for.
///
/// # Errors
/// [`AppError::Validation`] for a platform that is not connected by credentials,
/// [`AppError::Conflict`] where this server has no connector.
pub fn credential_fields(app: &App, platform: &PlatformName) -> Result<&'static [&'static str], AppError> {
    find(app, platform)
        .map(|connector| connector.auth().credential().map_or(&[][..], |sign_in| sign_in.fields()))
}

fn find(app: &App, platform: &PlatformName) -> Result<Arc<dyn Connector>, AppError> {
    let spec = app
        .registry
        .spec(platform)
        .ok_or_else(|| AppError::validation("platform", format!("\"{platform}\" is no platform.")))?;
    let name = spec.display_name;
    if spec.sign_in == SignIn::OAuth {
        let message =
            format!("{name} is connected in a browser: make a link with POST /v1/accounts/connect-link.");
        return Err(AppError::validation("platform", message));
    }
    app.registry
        .connector(platform)
        .filter(|connector| connector.auth().credential().is_some())
        .ok_or_else(|| AppError::Conflict(format!("This server cannot connect {name} accounts yet.")))
}

/// Tries the credentials with the platform, and stores the account that they open.
///
/// # Errors
/// As [`credential_fields`]; [`AppError::Validation`] for a field that is missing,
/// [`AppError::InvalidCredentials`] when the platform refuses, [`AppError::PlatformUnavailable`] when
/// it cannot be asked.
pub async fn with_credentials(
    app: &App,
    caller: &Caller,
    platform: &PlatformName,
    fields: &BTreeMap<String, String>,
) -> Result<Connected, AppError> {
    let connector = find(app, platform)?;
    let sign_in = connector.auth().credential().ok_or(AppError::NotFound("Sign-in"))?;
    for name in sign_in.fields() {
        if fields.get(*name).is_none_or(|value| value.trim().is_empty()) {
            return Err(AppError::validation(*name, format!("{name} is missing.")));
        }
    }
    let reached = Reached::of(app, platform);
    let cx = reached.cx(app);
    let opened = sign_in.sign_in(&cx, fields).await.map_err(|failure| refused(platform, failure))?;
    let Some(found) = opened.found.into_iter().next() else {
        return Err(AppError::InvalidCredentials("They open no account.".to_owned()));
    };
    if let Some(obstacle) = found.obstacle {
        return Err(AppError::InvalidCredentials(obstacle));
    }
    let (organization, workspace) = (caller.organization_id, caller.workspace_id);
    let source = AccountSource { owner: opened.owner_id, ..AccountSource::default() };
    let (id, created) =
        keep(app, organization, workspace, platform, found.identity, &found.credentials, source).await?;
    tracing::info!(account.id = id.0, %platform, created, "account connected");
    Ok(Connected { account: crate::accounts::get(app, caller, id).await?, created })
}

fn refused(platform: &PlatformName, failure: Failure) -> AppError {
    tracing::warn!(
        %platform,
        class = ?failure.class,
        answer = failure.internal.for_log(),
        "credentials were not taken: {}", failure.public
    );
    match failure.class {
        Class::TokenExpired
        | Class::PermissionMissing
        | Class::ContentRejected
        | Class::Duplicate { .. }
        | Class::MediaFailed
        | Class::AccountRestricted => AppError::InvalidCredentials(failure.public),
        Class::RateLimited { .. } | Class::QuotaExhausted { .. } | Class::Transient | Class::Ambiguous => {
            AppError::PlatformUnavailable(failure.public)
        }
    }
}
