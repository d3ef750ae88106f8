//! The emulated Discord: incoming webhooks, their messages, files, threads of forums, buckets of
//! calls. Written from Discord's documentation; must not know our connector.

mod account;
mod draft;
mod embeds;
mod errors;
mod limits;
mod messages;
mod show;
mod state;
mod webhooks;

use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::response::{Html, IntoResponse, Response};
use axum::{Json, Router};
use http::{HeaderMap, Method, Request, StatusCode, header};
use serde_json::Value;

use crate::core::accounts::{CreateAccount, CreatedAccount};
use crate::core::emulator::{Call, Emulator, Refusal};
use crate::core::error::SandboxError;
use crate::core::form::Form;
use crate::core::origin::Origin;
use crate::core::world::World;
use crate::core::{avatar, lock, page};

use errors::DiscordError;
use limits::Excess;
use state::{Discord, Webhook};

const PLATFORM: &str = "discord";
const HOST: &str = "discord.com";
const CDN_HOST: &str = "cdn.discordapp.com";
/// What a path without a version is served as.
const USUAL_VERSION: u8 = 6;

/// Discord behind the sandbox's port.
pub(crate) struct DiscordEmulator(Arc<Discord>);

impl DiscordEmulator {
    pub(crate) fn open(world: &Arc<World>) -> Result<Self, SandboxError> {
        Ok(Self(Arc::new(Discord::open(world)?)))
    }
}

/// A path of the API, in its parts.
struct Asked<'a> {
    version: u8,
    id: &'a str,
    token: &'a str,
    message: Option<&'a str>,
}

impl<'a> Asked<'a> {
    /// `/api[/v10]/webhooks/{id}/{token}[/messages/{message}]`
    fn read(path: &'a str) -> Option<Self> {
        let segments: Vec<&str> = path.split('/').filter(|segment| !segment.is_empty()).collect();
        let rest = segments.strip_prefix(&["api"])?;
        let (version, rest) = match rest {
            [version, rest @ ..] if version.starts_with('v') => (version[1..].parse().ok()?, rest),
            rest => (USUAL_VERSION, rest),
        };
        let (id, token, message) = match rest {
            ["webhooks", id, token] => (*id, *token, None),
            ["webhooks", id, token, "messages", message] => (*id, *token, Some(*message)),
            _ => return None,
        };
        (6..=10).contains(&version).then_some(Self { version, id, token, message })
    }
}

async fn serve(State(discord): State<Arc<Discord>>, request: Request<Body>) -> Response {
    let origin = request.extensions().get::<Origin>().cloned().unwrap_or_else(|| Origin::real(HOST));
    let path = request.uri().path().to_owned();
    let query = request.uri().query().unwrap_or_default().to_owned();
    if is_cdn(&origin.host) {
        return file(&discord, &path, &query);
    }
    if !path.starts_with("/api/") {
        return site(&discord, &path);
    }
    let now = discord.world.now();
    if lock(&discord.buckets).is_banned(now) {
        return limits::banned();
    }
    let mut answered = match Asked::read(&path) {
        Some(asked) => api(&discord, &asked, request, &origin).await,
        None => errors::nowhere(StatusCode::NOT_FOUND).answer(10),
    };
    limits::through_proxy(answered.headers_mut());
    let status = answered.status();
    if matches!(status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN | StatusCode::TOO_MANY_REQUESTS) {
        lock(&discord.buckets).count_invalid(now);
    }
    answered
}

/// A call of the API; every answer to a webhook's calls tells what is left of its bucket.
async fn api(discord: &Discord, asked: &Asked<'_>, request: Request<Body>, origin: &Origin) -> Response {
    let version = asked.version;
    if !has_name(request.headers()) {
        return errors::unnamed_client().answer(version);
    }
    let webhook = match discord.webhook(asked.id, asked.token) {
        Ok(webhook) => webhook,
        Err(error) => return error.answer(version),
    };
    let (taken, excess) = lock(&discord.buckets).take(&webhook.id, webhook.limited, discord.world.now());
    let mut response = match excess {
        Some(excess) => limits::refused(&excess, version),
        None => match answer(discord, &webhook, asked, request, origin).await {
            Ok(Some(value)) => Json(value).into_response(),
            Ok(None) => StatusCode::NO_CONTENT.into_response(),
            Err(error) => error.answer(version),
        },
    };
    taken.write(response.headers_mut());
    response
}

/// The body of the answer; none where there is nothing to tell.
async fn answer(
    discord: &Discord,
    webhook: &Webhook,
    asked: &Asked<'_>,
    request: Request<Body>,
    origin: &Origin,
) -> Result<Option<Value>, DiscordError> {
    let method = request.method().clone();
    let form = Form::read(request).await.map_err(|_| errors::not_json())?;
    match (method, asked.message) {
        (Method::GET, None) => Ok(Some(webhooks::show(webhook, origin))),
        (Method::PATCH, None) => discord.rename(webhook, &form, origin).map(Some),
        (Method::DELETE, None) => discord.remove(webhook).map(|()| None),
        (Method::POST, None) => {
            let sent = discord.send(webhook, &form, origin)?;
            let is_awaited =
                form.text("wait").is_some_and(|wait| matches!(wait.as_str(), "true" | "True" | "1"));
            Ok(is_awaited.then_some(sent))
        }
        (Method::GET, Some(id)) => discord.show_message(webhook, id, &form, origin).map(Some),
        (Method::PATCH, Some(id)) => discord.edit_message(webhook, id, &form, origin).map(Some),
        (Method::DELETE, Some(id)) => discord.delete_message(webhook, id, &form).map(|()| None),
        _ => Err(errors::nowhere(StatusCode::METHOD_NOT_ALLOWED)),
    }
}

fn has_name(headers: &HeaderMap) -> bool {
    headers.get(header::USER_AGENT).is_some_and(|agent| !agent.is_empty())
}

fn is_cdn(host: &str) -> bool {
    matches!(host, CDN_HOST | "media.discordapp.net")
}

/// Files of messages, by addresses that end, and pictures of webhooks.
fn file(discord: &Discord, path: &str, query: &str) -> Response {
    let gone = || (StatusCode::NOT_FOUND, "This content is no longer available.").into_response();
    let segments: Vec<&str> = path.split('/').filter(|segment| !segment.is_empty()).collect();
    let (channel, id) = match segments.as_slice() {
        ["avatars", id, _] => return avatar::answer(id),
        ["attachments", channel, id, _] => (*channel, *id),
        _ => return gone(),
    };
    let value = |wanted: &str| {
        url::form_urlencoded::parse(query.as_bytes())
            .find_map(|(name, value)| (name == wanted).then(|| value.into_owned()))
            .unwrap_or_default()
    };
    let ends = i64::from_str_radix(&value("ex"), 16).unwrap_or(0);
    let is_signed = value("hm") == show::signature(path, ends);
    if !is_signed || discord.world.now().as_seconds() >= ends {
        return gone();
    }
    let has_it = |message: &state::Message| {
        message.channel == channel && message.attachments.iter().any(|attachment| attachment.id == id)
    };
    let found = discord.messages.find(has_it).and_then(|(_, message)| {
        let attachment = message.attachments.into_iter().find(|attachment| attachment.id == id)?;
        Some((discord.world.blobs.get(&attachment.file.sha256)?, attachment.file.media_type))
    });
    match found {
        Some((bytes, kind)) => {
            ([(header::CONTENT_TYPE, kind), (header::X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned())], bytes)
                .into_response()
        }
        None => gone(),
    }
}

/// `/channels/{server}/{channel}/{message}`
fn site(discord: &Discord, path: &str) -> Response {
    let segments: Vec<&str> = path.split('/').filter(|segment| !segment.is_empty()).collect();
    let public = match segments.as_slice() {
        ["channels", _, _, id] => discord.world.ledger.find(PLATFORM, id),
        _ => None,
    };
    match public.filter(|public| public.page.ends_with(path)) {
        Some(public) => Html(page::permalink(&public)).into_response(),
        None => (StatusCode::NOT_FOUND, Html(page::missing())).into_response(),
    }
}

impl Emulator for DiscordEmulator {
    fn platform(&self) -> &'static str {
        PLATFORM
    }

    fn hosts(&self) -> &'static [&'static str] {
        &[HOST, "canary.discord.com", "ptb.discord.com", "discordapp.com", CDN_HOST, "media.discordapp.net"]
    }

    fn router(&self) -> Router {
        // One handler: the version in a path may be left out, and every answer has headers of its own.
        Router::new().fallback(serve).with_state(Arc::clone(&self.0))
    }

    fn operation(&self, call: &Call<'_>) -> &'static str {
        if is_cdn(call.host) {
            return "download_file";
        }
        let Some(asked) = Asked::read(call.path) else {
            return if call.path.starts_with("/api/") { "other" } else { "page" };
        };
        match (call.method, asked.message) {
            (&Method::POST, None) => "create_post",
            (&Method::GET, None) => "get_webhook",
            (&Method::PATCH, None) => "edit_webhook",
            (&Method::DELETE, None) => "delete_webhook",
            (&Method::GET, Some(_)) => "get_post",
            (&Method::PATCH, Some(_)) => "edit_post",
            (&Method::DELETE, Some(_)) => "delete_post",
            _ => "other",
        }
    }

    fn exempt_operations(&self) -> &'static [&'static str] {
        &["get_webhook", "page", "download_file", "other"]
    }

    /// Whatever follows the id of a webhook may be its token.
    fn logged_path(&self, path: &str) -> String {
        let Some(start) = path.find("/webhooks/").map(|at| at + "/webhooks/".len()) else {
            return path.to_owned();
        };
        let Some(token) = path[start..].find('/').map(|length| start + length + 1) else {
            return path.to_owned();
        };
        let end = path[token..].find('/').map_or(path.len(), |length| token + length);
        format!("{}***{}", &path[..token], &path[end..])
    }

    fn refuse(&self, call: &Call<'_>, refusal: Refusal) -> Response {
        let version = Asked::read(call.path).map_or(10, |asked| asked.version);
        match refusal {
            Refusal::RateLimited { reset_at, .. } => {
                let wait = reset_at.since(self.0.world.now());
                limits::refused(&Excess { wait, is_global: false }, version)
            }
            Refusal::Error(status) => errors::failing(status),
        }
    }

    /// The owner deletes the webhook.
    fn revoke_token(&self, call: &Call<'_>) -> Result<(), SandboxError> {
        let Some(asked) = Asked::read(call.path) else { return Ok(()) };
        self.0.webhooks.update(asked.id, |webhook| webhook.deleted = true).map(|_| ())
    }

    fn create_account(
        &self,
        wanted: &CreateAccount,
        origin: &Origin,
    ) -> Result<CreatedAccount, SandboxError> {
        self.0.create_account(wanted, origin)
    }

    fn forget_posts(&self) -> Result<(), SandboxError> {
        *lock(&self.0.buckets) = limits::Buckets::default();
        self.0.messages.clear()
    }
}
