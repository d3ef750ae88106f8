//! What a program asks a person for, and what the person says.

use domain::api_key::Scope;
use store::{NewOAuthGrant, OAuthClient};
use url::Url;
use uuid::Uuid;

use super::register::is_same_address;
use super::{CODE_LIFE, Refusal, refused};
use crate::outside::random_hex;
use crate::{App, AppError, Caller};

/// The length of a SHA-256 in base64 for addresses.
const CHALLENGE_LENGTH: usize = 43;
const LONGEST_STATE: usize = 2_000;

/// What a program sends a person's browser with.
#[derive(Clone, Debug, Default)]
pub struct ConsentParams {
    /// Must be `code`.
    pub response_type: String,
    /// The program.
    pub client_id: String,
    /// Where the person is sent back to.
    pub redirect_uri: String,
    /// What it wants, with spaces between; everything when empty.
    pub scope: String,
    /// The program's own note, which it gets back.
    pub state: Option<String>,
    /// PKCE's challenge.
    pub code_challenge: String,
    /// Must be `S256`.
    pub code_challenge_method: String,
    /// What the tokens are for, if it says so.
    pub resource: Option<String>,
}

/// A request for consent that may be shown to a person.
#[derive(Clone, Debug)]
pub struct Consent {
    /// The program.
    pub client: OAuthClient,
    /// What it wants.
    pub scopes: Vec<Scope>,
    /// Where the person is sent back to.
    pub redirect_uri: Url,
    redirect_text: String,
    state: Option<String>,
    code_challenge: String,
}

/// Checks what a program asks for. A person is sent nowhere because of a request that is wrong: where it
/// leads is the program's word alone.
///
/// # Errors
/// [`Refusal::Refused`] with one of OAuth's codes.
pub async fn check_consent(app: &App, asked: &ConsentParams, base_url: &str) -> Result<Consent, Refusal> {
    let id = Uuid::parse_str(&asked.client_id).ok().filter(|_| asked.client_id.len() == 36);
    let client = match id {
        Some(id) => app.store.find_oauth_client(id).await?,
        None => None,
    };
    let client = client.ok_or_else(|| {
        refused(
            "invalid_client",
            "The program is not known here; let it begin anew, so that it introduces itself.",
        )
    })?;
    if !client.redirect_uris.iter().any(|known| is_same_address(known, &asked.redirect_uri)) {
        return Err(refused("invalid_request", "redirect_uri is none that the program has registered."));
    }
    let redirect_uri = Url::parse(&asked.redirect_uri)
        .map_err(|_| refused("invalid_request", "redirect_uri is no address."))?;
    if asked.response_type != "code" {
        return Err(refused("unsupported_response_type", "response_type must be code."));
    }
    if asked.code_challenge_method != "S256" {
        return Err(refused("invalid_request", "code_challenge_method must be S256."));
    }
    let is_digest = asked.code_challenge.len() == CHALLENGE_LENGTH
        && asked
            .code_challenge
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
    if !is_digest {
        return Err(refused("invalid_request", "code_challenge must be a SHA-256 in base64url."));
    }
    if asked.state.as_ref().is_some_and(|state| state.len() > LONGEST_STATE) {
        return Err(refused("invalid_request", "state is too long."));
    }
    check_resource(asked.resource.as_deref(), base_url)?;
    Ok(Consent {
        scopes: scopes(&asked.scope)?,
        client,
        redirect_uri,
        redirect_text: asked.redirect_uri.clone(),
        state: asked.state.clone(),
        code_challenge: asked.code_challenge.clone(),
    })
}

/// The scopes of a list with spaces between; the usual ones when it is empty.
pub(super) fn scopes(text: &str) -> Result<Vec<Scope>, Refusal> {
    let mut scopes = Vec::new();
    for name in text.split(' ').filter(|name| !name.is_empty()) {
        let scope = Scope::parse(name).ok_or_else(|| {
            refused(
                "invalid_scope",
                "scope must be some of read, write, ai and approve, with spaces between.",
            )
        })?;
        if !scopes.contains(&scope) {
            scopes.push(scope);
        }
    }
    Ok(if scopes.is_empty() { Scope::USUAL.to_vec() } else { scopes })
}

/// Tokens are for this server and no other one (RFC 8707).
pub(super) fn check_resource(resource: Option<&str>, base_url: &str) -> Result<(), Refusal> {
    let Some(resource) = resource.map(|resource| resource.trim_end_matches('/')) else { return Ok(()) };
    let rest = resource.strip_prefix(base_url.trim_end_matches('/'));
    if rest.is_some_and(|rest| matches!(rest, "" | "/mcp" | "/claude" | "/api/v1")) {
        return Ok(());
    }
    Err(refused("invalid_target", "resource is not on this server."))
}

/// A person with a key allows it: where their browser goes next, with the code.
///
/// # Errors
/// [`AppError::InsufficientScope`] when the key has nothing of what was allowed.
pub async fn allow(
    app: &App,
    caller: &Caller,
    consent: &Consent,
    allowed: &[Scope],
    issuer: &str,
) -> Result<String, AppError> {
    let wanted: Vec<Scope> = consent.scopes.iter().copied().filter(|scope| allowed.contains(scope)).collect();
    let scopes: Vec<Scope> = wanted.iter().copied().filter(|scope| caller.scopes.contains(scope)).collect();
    if scopes.is_empty() {
        let lacking = wanted.first().copied().unwrap_or(Scope::Read);
        return Err(AppError::InsufficientScope(lacking.as_str()));
    }
    let now = app.clock.now();
    let code = random_hex::<32>(app.entropy.as_ref());
    let grant = NewOAuthGrant {
        id: app.entropy.uuid(now),
        client_id: consent.client.id,
        api_key_id: caller.api_key_id,
        scopes,
        redirect_uri: consent.redirect_text.clone(),
        code_challenge: consent.code_challenge.clone(),
        created_at: now,
        code_expires_at: now + CODE_LIFE,
    };
    app.store.create_oauth_grant(caller.organization_id, grant, &code).await?;
    tracing::info!(
        organization.id = %caller.organization_id,
        client.id = %consent.client.id,
        "a program was let in"
    );
    Ok(back(consent, &[("code", &code)], issuer))
}

/// A person says no: where their browser goes next.
pub fn denied(consent: &Consent, issuer: &str) -> String {
    back(consent, &[("error", "access_denied")], issuer)
}

fn back(consent: &Consent, told: &[(&str, &str)], issuer: &str) -> String {
    let mut url = consent.redirect_uri.clone();
    let mut query = url.query_pairs_mut();
    query.extend_pairs(told);
    if let Some(state) = &consent.state {
        query.append_pair("state", state);
    }
    // So that a program that knows several servers is not tricked (RFC 9207).
    query.append_pair("iss", issuer);
    drop(query);
    url.into()
}
