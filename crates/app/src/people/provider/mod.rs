//! Single sign-on: people sign in by another system that speaks OpenID Connect.
//!
//! Owns the way there and back (authorization code, PKCE, nonce, state), and whom here somebody there is.
//! Must not know cookies: what binds a visit to a browser is a token here.

mod admit;
mod discovery;
mod id_token;
mod link;

use domain::people::{PROVIDER_VISIT_LIFE, Role};
use domain::{SessionId, Timestamp, UserId};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use store::{ChallengeKind, NewChallenge};
use subtle::ConstantTimeEq as _;
use tokio::sync::Mutex;
use url::Url;

use super::sessions::{begin, is_token, new_token};
use super::{SignedIn, Visit};
use crate::outside::hex;
use crate::{App, AppError};

pub use link::depart_to_link;

/// What the audit log calls this way in.
const WAY: &str = "single sign-on";
/// The longest code that is taken.
const CODE_LENGTH: usize = 4_000;
/// The longest address to go on to.
const THEN_LENGTH: usize = 2_000;

/// How the other system is reached, and who may come from there.
#[derive(Clone)]
pub struct ProviderConfig {
    /// Its address, as it calls itself.
    pub issuer: String,
    /// What it calls this installation.
    pub client_id: String,
    /// What this installation proves itself by; empty for a public client.
    pub client_secret: String,
    /// What people call it.
    pub name: String,
    /// What is asked for.
    pub scopes: Vec<String>,
    /// Who has an address there may join without an invitation.
    pub allowed_domains: Vec<String>,
    /// The organization that they join, by name or id; the only one when empty.
    pub organization: String,
    /// What they become there.
    pub default_role: Role,
    /// The claim that may say something else.
    pub role_claim: String,
    /// What its values mean.
    pub roles: Vec<(String, Role)>,
}

/// The other system, with what it last said of itself.
pub struct Provider {
    config: ProviderConfig,
    known: Mutex<Option<discovery::Known>>,
}

impl std::fmt::Debug for Provider {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Provider").field("issuer", &self.config.issuer).finish_non_exhaustive()
    }
}

/// The way to the other system.
#[derive(Clone, Debug)]
pub struct Departure {
    /// Where the browser goes.
    pub url: String,
    /// What the browser keeps, so that nobody else can come back for it.
    pub token: String,
}

/// What a browser comes back with.
#[derive(Clone, Debug, Default)]
pub struct Arrival {
    /// What it kept.
    pub token: Option<String>,
    /// What it was sent with.
    pub state: Option<String>,
    /// What the other system gave it.
    pub code: Option<String>,
    /// Why it gave nothing.
    pub error: Option<String>,
    /// Who says so, where it says so.
    pub issuer: Option<String>,
}

/// What somebody came back for.
#[derive(Debug)]
pub enum Arrived {
    /// They are signed in now.
    SignedIn {
        /// The token of their session.
        session: String,
        /// Where they wanted to go.
        then: String,
    },
    /// They were signed in, and wanted to link the login.
    Linked(Result<(), Stopped>),
}

/// Why somebody is not signed in, or their login not linked.
#[derive(Debug)]
pub enum Stopped {
    /// They said no, over there.
    Denied,
    /// They took too long, or another browser began it.
    Over,
    /// The other system does not answer as it should.
    Unavailable,
    /// What it answered proves nothing.
    Refused,
    /// It did not verify their address.
    Unverified,
    /// Nobody here knows or invited them.
    Unknown,
    /// Their address belongs to somebody with another login there.
    Taken,
    /// Their address belongs to somebody to whom it leads no login.
    NotLinked,
    /// The login leads to somebody else.
    Elsewhere,
    /// They have another login of this system.
    Another,
    /// The plan has no seat for them.
    Full,
    /// Something failed here.
    Failed(AppError),
}

impl Stopped {
    /// The name by which the dashboard explains it.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Denied => "denied",
            Self::Over => "over",
            Self::Unavailable => "unavailable",
            Self::Refused => "refused",
            Self::Unverified => "unverified",
            Self::Unknown => "unknown",
            Self::Taken => "taken",
            Self::NotLinked => "not_linked",
            Self::Elsewhere => "elsewhere",
            Self::Another => "another",
            Self::Full => "full",
            Self::Failed(_) => "failed",
        }
    }
}

impl From<AppError> for Stopped {
    fn from(error: AppError) -> Self {
        Self::Failed(error)
    }
}

impl From<store::StoreError> for Stopped {
    fn from(error: store::StoreError) -> Self {
        Self::Failed(error.into())
    }
}

#[derive(Serialize, Deserialize)]
struct Kept {
    then: String,
    /// The session that wants to link the login.
    #[serde(default)]
    session: Option<SessionId>,
}

/// What belongs to a visit can be had from the browser's token, but not the other way round.
fn derived(what: &str, token: &str) -> String {
    hex(&Sha256::digest(format!("{what} of {token}").as_bytes()))
}

fn state_of(token: &str) -> String {
    derived("state", token)
}

fn nonce_of(token: &str) -> String {
    derived("nonce", token)
}

fn verifier_of(token: &str) -> String {
    derived("verifier", token)
}

impl Provider {
    /// The system with these settings. It is asked when somebody first comes.
    pub fn new(config: ProviderConfig) -> Self {
        Self { config, known: Mutex::default() }
    }

    /// What people call it.
    pub fn name(&self) -> &str {
        &self.config.name
    }

    /// What it calls itself.
    pub fn issuer(&self) -> &str {
        &self.config.issuer
    }

    /// Where it sends people back to.
    fn back(base_url: &str) -> String {
        format!("{base_url}/session/provider/callback")
    }
}

/// Sends somebody to the other system. Afterwards they go on to `then`.
///
/// # Errors
/// [`AppError::PlatformUnavailable`] where it does not answer.
pub async fn depart(
    app: &App,
    provider: &Provider,
    base_url: &str,
    then: Option<String>,
) -> Result<Departure, AppError> {
    let then = then.filter(|then| is_inside(then)).unwrap_or_default();
    begin_visit(app, provider, base_url, None, Kept { then, session: None }).await
}

/// A visit to the other system, of nobody or of who is signed in.
async fn begin_visit(
    app: &App,
    provider: &Provider,
    base_url: &str,
    user: Option<UserId>,
    kept: Kept,
) -> Result<Departure, AppError> {
    let unavailable = || {
        let name = provider.name();
        AppError::PlatformUnavailable(format!("{name} does not answer; try again, or sign in another way."))
    };
    let known = discovery::known(app, provider, None).await.map_err(|error| {
        tracing::warn!(error = %error, issuer = provider.config.issuer, "no single sign-on");
        unavailable()
    })?;
    let (token, now) = (new_token(app), app.clock.now());
    let new = NewChallenge {
        kind: if user.is_some() { ChallengeKind::LinkIdentity } else { ChallengeKind::Provider },
        user_id: user,
        state: serde_json::to_string(&kept).map_err(|error| AppError::Internal(error.into()))?,
        expires_at: now + PROVIDER_VISIT_LIFE,
    };
    app.store.create_challenge(&state_of(&token), new, now).await?;
    let challenge = base64_of(&Sha256::digest(verifier_of(&token).as_bytes()));
    let mut url = Url::parse(&known.endpoints.authorization_endpoint).map_err(|_| unavailable())?;
    url.query_pairs_mut().extend_pairs([
        ("response_type", "code"),
        ("client_id", &provider.config.client_id),
        ("redirect_uri", &Provider::back(base_url)),
        ("scope", &provider.config.scopes.join(" ")),
        ("state", &state_of(&token)),
        ("nonce", &nonce_of(&token)),
        ("code_challenge", &challenge),
        ("code_challenge_method", "S256"),
    ]);
    Ok(Departure { url: url.into(), token })
}

/// Signs somebody in who comes back, or links the login to `signed_in` where they left for that. The session
/// with the token `replaced` ends by a sign-in.
///
/// # Errors
/// [`Stopped`], which says no more than a person needs; the log has the rest.
pub async fn arrive(
    app: &App,
    provider: &Provider,
    base_url: &str,
    arrival: &Arrival,
    signed_in: Option<&SignedIn>,
    visit: &Visit,
    replaced: Option<&str>,
) -> Result<Arrived, Stopped> {
    let token = arrival.token.as_deref().filter(|token| is_token(token)).ok_or(Stopped::Over)?;
    let state = arrival.state.as_deref().unwrap_or_default();
    // The browser that began it, and no other one.
    if !bool::from(state_of(token).as_bytes().ct_eq(state.as_bytes())) {
        return Err(Stopped::Over);
    }
    let now = app.clock.now();
    if let Some(kept) = app.store.take_challenge(state, ChallengeKind::Provider, None, now).await? {
        let Kept { then, .. } = read(&kept)?;
        let claims = proven(app, provider, base_url, arrival, token, now).await?;
        let (user, email) = admit::admit(app, &provider.config, &claims, visit).await?;
        let session = begin(app, user, &email, WAY, visit, replaced).await?;
        return Ok(Arrived::SignedIn { session, then });
    }
    let signed_in = signed_in.ok_or(Stopped::Over)?;
    let theirs = Some(signed_in.user_id);
    let kept = app.store.take_challenge(state, ChallengeKind::LinkIdentity, theirs, now).await?;
    // The session that began it, and no later one of the same person.
    if read(&kept.ok_or(Stopped::Over)?)?.session != Some(signed_in.session_id) {
        return Err(Stopped::Over);
    }
    let claims = match proven(app, provider, base_url, arrival, token, now).await {
        Ok(claims) => claims,
        Err(stopped) => return Ok(Arrived::Linked(Err(stopped))),
    };
    Ok(Arrived::Linked(link::link(app, provider, &claims, signed_in, visit).await))
}

fn read(kept: &str) -> Result<Kept, Stopped> {
    serde_json::from_str(kept).map_err(|error| Stopped::Failed(AppError::Internal(error.into())))
}

/// What the other system signed of somebody, for this visit.
async fn proven(
    app: &App,
    provider: &Provider,
    base_url: &str,
    arrival: &Arrival,
    token: &str,
    now: Timestamp,
) -> Result<id_token::Claims, Stopped> {
    if let Some(error) = &arrival.error {
        tracing::info!(error = %error.chars().take(100).collect::<String>(), "single sign-on was stopped");
        return Err(if error == "access_denied" { Stopped::Denied } else { Stopped::Refused });
    }
    if arrival.issuer.as_ref().is_some_and(|issuer| *issuer != provider.config.issuer) {
        return Err(refused("the answer comes from another issuer"));
    }
    let code = arrival.code.as_deref().filter(|code| !code.is_empty() && code.len() <= CODE_LENGTH);
    let code = code.ok_or_else(|| refused("there is no code"))?;
    let unavailable = |error: discovery::Unusable| {
        tracing::warn!(error = %error, issuer = provider.config.issuer, "no single sign-on");
        Stopped::Unavailable
    };
    let known = discovery::known(app, provider, None).await.map_err(unavailable)?;
    let redirect = Provider::back(base_url);
    let verifier = verifier_of(token);
    let signed = discovery::exchange(app, &provider.config, &known, code, &redirect, &verifier).await;
    let signed = signed.map_err(|error| match error {
        discovery::ExchangeError::Refused(why) => refused(&why),
        discovery::ExchangeError::Unusable(error) => unavailable(error),
    })?;
    let key_id = id_token::key_id(&signed).map_err(|error| refused(&error.to_string()))?;
    // A key that was not there before: the other system has changed its keys.
    let known = match key_id {
        Some(id) if known.keys.find(&id).is_none() => {
            discovery::known(app, provider, Some(&id)).await.map_err(unavailable)?
        }
        _ => known,
    };
    id_token::verify(&provider.config, &known.keys, &signed, &nonce_of(token), now)
        .map_err(|error| refused(&error.to_string()))
}

fn refused(why: &str) -> Stopped {
    tracing::warn!(reason = why, "single sign-on was refused");
    Stopped::Refused
}

/// Whether an address is one of the dashboard's pages.
fn is_inside(then: &str) -> bool {
    then.starts_with('/')
        && then.len() <= THEN_LENGTH
        && !then[1..].starts_with(['/', '\\'])
        && !then.contains(char::is_control)
}

fn base64_of(bytes: &[u8]) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_pages_of_the_dashboard_are_gone_on_to() {
        assert!(is_inside("/posts?status=failed") && is_inside("/"));
        for outside in ["", "posts", "//evil.example", "/\\evil.example", "https://evil.example", "/a\nb"] {
            assert!(!is_inside(outside), "{outside}");
        }
        assert!(!is_inside(&format!("/{}", "a".repeat(THEN_LENGTH))));
    }

    #[test]
    fn nothing_that_leaves_shows_what_the_browser_keeps() {
        let token = "a".repeat(64);
        let made = [state_of(&token), nonce_of(&token), verifier_of(&token)];
        assert!(made.iter().all(|text| text.len() == 64 && *text != token));
        assert!(made[0] != made[1] && made[1] != made[2] && made[0] != made[2]);
    }
}
