//! Codes and refresh tokens for tokens, and the end of them.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::api_key::{self, Scope};
use domain::{Span, Timestamp};
use sha2::{Digest as _, Sha256};
use store::{OAuthGrant, OAuthSecret, OAuthTokens};
use subtle::ConstantTimeEq as _;

use super::consent::{check_resource, scopes};
use super::{ACCESS_LIFE, REFRESH_LIFE, Refusal, refused};
use crate::App;
use crate::outside::random_hex;

/// A code that a program brings.
#[derive(Clone, Debug, Default)]
pub struct Exchange {
    /// The program.
    pub client_id: String,
    /// The code.
    pub code: String,
    /// Where the person was sent back to.
    pub redirect_uri: String,
    /// What the challenge was made of.
    pub code_verifier: String,
    /// What the tokens are for, if it says so.
    pub resource: Option<String>,
}

/// A refresh token that a program brings.
#[derive(Clone, Debug, Default)]
pub struct Renewal {
    /// The program.
    pub client_id: String,
    /// The token.
    pub refresh_token: String,
    /// What it wants of what it has, if it says so.
    pub scope: String,
    /// What the tokens are for, if it says so.
    pub resource: Option<String>,
}

/// Tokens that are handed out.
#[derive(Clone)]
pub struct Issued {
    /// The access token; it looks like a key, and clients look for that.
    pub access_token: String,
    /// How long it lives.
    pub expires_in: Span,
    /// The refresh token.
    pub refresh_token: String,
    /// What was allowed.
    pub scopes: Vec<Scope>,
}

/// Tokens for a code. A code that comes a second time ends what the first time gave: somebody else has it.
///
/// # Errors
/// [`Refusal::Refused`] with one of OAuth's codes.
pub async fn exchange(app: &App, asked: &Exchange, base_url: &str) -> Result<Issued, Refusal> {
    check_resource(asked.resource.as_deref(), base_url)?;
    let now = app.clock.now();
    let found = app.store.find_oauth_grant(OAuthSecret::Code, &asked.code).await?;
    let unknown = || refused("invalid_grant", "The code is not known, was used, or has expired.");
    let grant = found.ok_or_else(unknown)?;
    check_client(&grant, &asked.client_id)?;
    if grant.code_is_used {
        end(app, &grant, "a code came twice").await?;
        return Err(unknown());
    }
    check_alive(&grant, now)?;
    if grant.code_expires_at <= now {
        return Err(unknown());
    }
    if grant.redirect_uri != asked.redirect_uri {
        return Err(refused("invalid_grant", "redirect_uri is another one than before."));
    }
    let digest = URL_SAFE_NO_PAD.encode(Sha256::digest(asked.code_verifier.as_bytes()));
    if !bool::from(digest.as_bytes().ct_eq(grant.code_challenge.as_bytes())) {
        return Err(refused("invalid_grant", "code_verifier does not match the challenge."));
    }
    let (tokens, issued) = new_tokens(app, &grant, now);
    if !app.store.use_oauth_code(&grant, tokens).await? {
        // Another request was here first with the same code.
        end(app, &grant, "a code came twice").await?;
        return Err(unknown());
    }
    Ok(issued)
}

/// New tokens for a refresh token, which is used up by that. One that comes a second time ends the grant:
/// either the program or somebody else has an old one.
///
/// # Errors
/// [`Refusal::Refused`] with one of OAuth's codes.
pub async fn renew(app: &App, asked: &Renewal, base_url: &str) -> Result<Issued, Refusal> {
    check_resource(asked.resource.as_deref(), base_url)?;
    let now = app.clock.now();
    let unknown = || refused("invalid_grant", "The refresh token is not known, was used, or has expired.");
    let Some(grant) = app.store.find_oauth_grant(OAuthSecret::Refresh, &asked.refresh_token).await? else {
        if let Some(grant) = app.store.find_oauth_grant(OAuthSecret::Replaced, &asked.refresh_token).await? {
            check_client(&grant, &asked.client_id)?;
            end(app, &grant, "a refresh token came twice").await?;
        }
        return Err(unknown());
    };
    check_client(&grant, &asked.client_id)?;
    check_alive(&grant, now)?;
    if grant.refresh_expires_at.is_none_or(|end| end <= now) {
        return Err(unknown());
    }
    let wanted = scopes(&asked.scope)?;
    if !asked.scope.trim().is_empty() && wanted.iter().any(|scope| !grant.scopes.contains(scope)) {
        return Err(refused("invalid_scope", "scope has something that was not allowed."));
    }
    let (tokens, issued) = new_tokens(app, &grant, now);
    if !app.store.refresh_oauth_grant(&grant, &asked.refresh_token, tokens).await? {
        end(app, &grant, "a refresh token came twice").await?;
        return Err(unknown());
    }
    Ok(issued)
}

/// Ends what a token belongs to, if it belongs to this program. Tells nobody whether it did (RFC 7009).
///
/// # Errors
/// Only internal ones.
pub async fn revoke(app: &App, client_id: &str, token: &str) -> Result<(), Refusal> {
    for by in [OAuthSecret::Refresh, OAuthSecret::Access, OAuthSecret::Replaced] {
        if let Some(grant) = app.store.find_oauth_grant(by, token).await?
            && grant.client_id.to_string() == client_id
        {
            app.store.end_oauth_grant(grant.organization_id, grant.id, app.clock.now()).await?;
        }
    }
    Ok(())
}

fn check_client(grant: &OAuthGrant, client_id: &str) -> Result<(), Refusal> {
    if grant.client_id.to_string() == client_id {
        return Ok(());
    }
    Err(refused("invalid_grant", "It was given to another program."))
}

fn check_alive(grant: &OAuthGrant, now: Timestamp) -> Result<(), Refusal> {
    if grant.is_ended {
        return Err(refused("invalid_grant", "The access was ended; ask the person again."));
    }
    if grant.key_is_revoked || grant.key_expires_at.is_some_and(|end| end <= now) {
        return Err(refused(
            "invalid_grant",
            "The key behind the access is no longer good; ask the person again.",
        ));
    }
    Ok(())
}

async fn end(app: &App, grant: &OAuthGrant, why: &str) -> Result<(), Refusal> {
    tracing::warn!(organization.id = %grant.organization_id, client.id = %grant.client_id, why, "a program's access was ended");
    Ok(app.store.end_oauth_grant(grant.organization_id, grant.id, app.clock.now()).await?)
}

fn new_tokens(app: &App, grant: &OAuthGrant, now: Timestamp) -> (OAuthTokens, Issued) {
    let mut random = [0; 16];
    app.entropy.fill(&mut random);
    let (access, refresh) =
        (api_key::format(random), format!("r_{}", random_hex::<32>(app.entropy.as_ref())));
    // Nothing outlives the key.
    let no_later = |end: Timestamp| grant.key_expires_at.map_or(end, |key| key.min(end));
    let access_expires_at = no_later(now + ACCESS_LIFE);
    let tokens = OAuthTokens {
        access: access.clone(),
        access_expires_at,
        refresh: refresh.clone(),
        refresh_expires_at: no_later(now + REFRESH_LIFE),
        now,
    };
    let issued = Issued {
        access_token: access,
        expires_in: access_expires_at.since(now),
        refresh_token: refresh,
        scopes: grant.scopes.clone(),
    };
    (tokens, issued)
}
