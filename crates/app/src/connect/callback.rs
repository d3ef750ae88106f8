//! The owner comes back from the platform.

use connector::{Failure, Grant, Login, OAuthLogin};
use domain::{Class, PlatformName};
use store::{AccountSource, ConnectEnd, ConnectSession, ConnectStatus, TakenState};

use super::keep::keep;
use super::link::{find_login, random_text};
use super::{Done, Kept, KeptAccount, Landing, Secrets, Stopped, redirect_uri, sha256};
use crate::outside::{Reached, nonce};
use crate::{App, AppError, limits};

/// What platforms call a no. Anything else is a fault of theirs or of the app's set-up.
const NO: [&str; 5] =
    ["access_denied", "user_cancelled_login", "user_cancelled_authorize", "user_denied", "consent_required"];
/// The longest piece of a platform's words that is shown.
const SHOWN: usize = 300;

/// What came back in the address.
#[derive(Clone, Debug, Default)]
pub struct CameBack {
    /// Our state.
    pub state: Option<String>,
    /// The code, when the owner agreed.
    pub code: Option<String>,
    /// The error, when not.
    pub error: Option<String>,
    /// The platform's words for it.
    pub error_description: Option<String>,
}

/// Takes the session that `back` belongs to, once, and connects what the sign-in opened, or lets
/// the owner choose.
///
/// # Errors
/// When the state is no good, the owner said no, or there is nothing to connect.
pub async fn came_back(
    app: &App,
    base_url: &str,
    platform: &PlatformName,
    back: CameBack,
) -> Result<Landing, Stopped> {
    let state = back.state.as_deref().filter(|state| !state.is_empty()).ok_or_else(Stopped::unknown)?;
    let name = |platform: &PlatformName| {
        app.registry.spec(platform).map_or_else(|| platform.to_string(), |spec| spec.display_name.to_owned())
    };
    let taken = app.store.take_connect_session(sha256(state), platform.clone(), app.clock.now()).await?;
    let session = match taken {
        TakenState::Taken(session) => *session,
        TakenState::Unknown => return Err(Stopped::unknown()),
        TakenState::Used => return Err(Stopped::used()),
        TakenState::Expired => return Err(Stopped::expired()),
        TakenState::OtherPlatform(expected) => {
            return Err(Stopped::other_platform(&name(&expected), &name(platform)));
        }
    };
    let outcome = proceed(app, base_url, &session, &back).await;
    if let Err(stopped) = &outcome {
        let status = if stopped.stop == super::Stop::Declined && back.code.is_none() {
            ConnectStatus::Cancelled
        } else {
            ConnectStatus::Failed
        };
        let end = ConnectEnd { status, message: Some(words(stopped)), connected: Vec::new() };
        app.store.end_connect_session(session.organization_id, session.id, end).await?;
        tracing::info!(platform = %session.platform, stop = ?stopped.stop, "nothing was connected");
    }
    outcome
}

fn words(stopped: &Stopped) -> String {
    if stopped.details.is_empty() {
        return stopped.message.clone();
    }
    format!("{} {}", stopped.message, stopped.details.join(", "))
}

async fn proceed(
    app: &App,
    base_url: &str,
    session: &ConnectSession,
    back: &CameBack,
) -> Result<Landing, Stopped> {
    let spec = app.registry.spec(&session.platform).ok_or_else(Stopped::unknown)?;
    let login = find_login(spec, &session.login).ok_or_else(Stopped::unknown)?;
    let Some(code) = back.code.as_deref().filter(|code| !code.is_empty()) else {
        return Err(refused(spec.display_name, login, back));
    };
    let secrets: Secrets = serde_json::from_slice(&session.secrets)
        .map_err(|error| Stopped::from(AppError::Internal(Box::new(error))))?;
    let redirect_uri = redirect_uri(base_url, &session.platform);
    let grant = Grant { login, code, verifier: &secrets.verifier, redirect_uri: &redirect_uri };
    let reached = Reached::of(app, &session.platform);
    let connector = app.registry.connector(&session.platform).ok_or_else(Stopped::unknown)?;
    let oauth = connector.auth().oauth().ok_or_else(Stopped::unknown)?;
    let cx = reached.cx(app);
    let opened = oauth.sign_in(&cx, grant).await.map_err(|failure| failed(spec.display_name, &failure))?;
    settle(app, session, login, opened).await
}

/// The owner said no, or the platform did.
fn refused(platform: &str, login: &OAuthLogin, back: &CameBack) -> Stopped {
    let error = back.error.as_deref().unwrap_or_default();
    if NO.contains(&error) {
        let asked = login.scopes.iter().chain(login.optional_scopes);
        return Stopped::cancelled(platform).with(asked.map(|scope| (*scope).to_owned()).collect());
    }
    let said = back.error_description.as_deref().unwrap_or(error);
    let said: String = said.chars().filter(|letter| !letter.is_control()).take(SHOWN).collect();
    let said = said.trim().trim_end_matches('.');
    if said.is_empty() {
        return Stopped::platform(format!("{platform} sent you back without an answer; ask for a new link."));
    }
    Stopped::platform(format!(
        "{platform} refused the sign-in: {said}. The operator of this server can see what its app on {platform} \
         may ask for."
    ))
}

fn failed(platform: &str, failure: &Failure) -> Stopped {
    tracing::warn!(
        platform,
        class = ?failure.class,
        answer = failure.internal.for_log(),
        "a sign-in failed: {}", failure.public
    );
    match failure.class {
        Class::PermissionMissing => {
            Stopped { stop: super::Stop::Declined, ..Stopped::platform(&failure.public) }
        }
        Class::TokenExpired
        | Class::ContentRejected
        | Class::Duplicate { .. }
        | Class::MediaFailed
        | Class::RateLimited { .. }
        | Class::QuotaExhausted { .. }
        | Class::Transient
        | Class::Ambiguous
        | Class::AccountRestricted => Stopped::platform(format!(
            "{} Nothing was connected; ask for a new link to try again.",
            failure.public
        )),
    }
}

/// What comes of what the sign-in opened.
async fn settle(
    app: &App,
    session: &ConnectSession,
    login: &OAuthLogin,
    opened: Login,
) -> Result<Landing, Stopped> {
    let platform = app.registry.spec(&session.platform).map_or("", |spec| spec.display_name);
    let missing: Vec<String> = opened
        .declined_scopes
        .iter()
        .filter(|scope| login.scopes.contains(&scope.as_str()))
        .cloned()
        .collect();
    if !missing.is_empty() {
        return Err(Stopped::scopes_missing(platform).with(missing));
    }
    let kept = Kept {
        found: opened.found.into_iter().map(KeptAccount::from).collect(),
        declined_scopes: opened.declined_scopes,
        owner_id: opened.owner_id,
    };
    if kept.found.is_empty() {
        return Err(Stopped::nothing(platform).with(kept.declined_scopes));
    }
    if let Some(account) = session.account_id {
        let view = app
            .store
            .find_account(session.organization_id, account, app.clock.now())
            .await?
            .ok_or_else(Stopped::unknown)?;
        let wanted = crate::accounts::shown_name(view.username.as_deref(), &view.display_name);
        let same =
            kept.found.iter().position(|found| found.identity.platform_user_id == view.platform_user_id);
        let Some(same) = same else {
            let came: Vec<String> = kept.found.iter().take(3).map(KeptAccount::name).collect();
            return Err(Stopped::other_profile(platform, &wanted, &came.join(", ")));
        };
        hindered(platform, &kept.found[same..=same])?;
        return finish(app, session, &kept, &[same]).await.map(Landing::Done);
    }
    hindered(platform, &kept.found)?;
    if kept.found.len() == 1 {
        return finish(app, session, &kept, &[0]).await.map(Landing::Done);
    }
    let secret = random_text(app);
    let bytes =
        serde_json::to_vec(&kept).map_err(|error| Stopped::from(AppError::Internal(Box::new(error))))?;
    let (organization, id) = (session.organization_id, session.id);
    let nonce = nonce(app.entropy.as_ref());
    if !app.store.offer_connect_choice(organization, id, &bytes, sha256(&secret), nonce).await? {
        return Err(Stopped::used());
    }
    Ok(Landing::Choose { id, secret })
}

/// Refuses when every account has something in its way.
fn hindered(platform: &str, found: &[KeptAccount]) -> Result<(), Stopped> {
    let obstacles: Vec<String> = found
        .iter()
        .filter_map(|account| Some(format!("{}: {}", account.name(), account.obstacle.as_ref()?)))
        .collect();
    if obstacles.len() < found.len() {
        return Ok(());
    }
    Err(Stopped::all_hindered(platform).with(obstacles))
}

/// Refuses where those of the picks that are new are more than the organization may have: none is connected
/// then, rather than some.
async fn check_room(
    app: &App,
    session: &ConnectSession,
    kept: &Kept,
    picks: &[usize],
) -> Result<(), Stopped> {
    let (organization, workspace) = (session.organization_id, session.workspace_id);
    let present = app.store.list_accounts(organization, workspace, app.clock.now()).await?;
    let is_new = |found: &&KeptAccount| {
        !present.iter().any(|row| {
            row.is_active
                && row.platform == session.platform
                && row.platform_user_id == found.identity.platform_user_id
        })
    };
    let more = picks.iter().filter_map(|at| kept.found.get(*at)).filter(is_new).count();
    Ok(limits::check_accounts(app, organization, more).await?)
}

/// Connects the accounts at these places of the list, and ends the session.
pub(super) async fn finish(
    app: &App,
    session: &ConnectSession,
    kept: &Kept,
    picks: &[usize],
) -> Result<Done, Stopped> {
    check_room(app, session, kept, picks).await?;
    let mut connected = Vec::with_capacity(picks.len());
    let mut names = Vec::with_capacity(picks.len());
    for found in picks.iter().filter_map(|at| kept.found.get(*at)) {
        let (organization, workspace) = (session.organization_id, session.workspace_id);
        let identity = found.identity.clone();
        let source = AccountSource {
            owner: kept.owner_id.clone(),
            login: Some(session.login.clone()),
            ..AccountSource::default()
        };
        let (id, _) =
            keep(app, organization, workspace, &session.platform, identity, &found.credentials, source)
                .await?;
        tracing::info!(account.id = id.0, platform = %session.platform, "account connected");
        connected.push(id);
        names.push(found.name());
    }
    let end = ConnectEnd { status: ConnectStatus::Completed, message: None, connected };
    app.store.end_connect_session(session.organization_id, session.id, end).await?;
    Ok(Done {
        platform: app.registry.spec(&session.platform).map_or("", |spec| spec.display_name),
        names,
        is_reconnect: session.account_id.is_some(),
        declined_scopes: kept.declined_scopes.clone(),
    })
}
