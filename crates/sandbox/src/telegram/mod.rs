//! The emulated Telegram: bots, channels and groups, messages with their markup, files, albums.
//! Written from the documentation of the Bot API; must not know our connector.

mod account;
mod chats;
mod edit;
mod errors;
mod html;
mod markdown;
mod markup;
mod media;
mod send;
mod show;
mod state;

use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::response::{Html, IntoResponse, Response};
use axum::{Json, Router};
use http::{Request, StatusCode, header};
use serde_json::{Value, json};

use crate::core::accounts::{CreateAccount, CreatedAccount};
use crate::core::emulator::{Call, Emulator, Refusal};
use crate::core::error::SandboxError;
use crate::core::form::Form;
use crate::core::origin::Origin;
use crate::core::world::World;
use crate::core::{avatar, page};

use errors::BotError;
use state::Telegram;

const PLATFORM: &str = "telegram";
const API_HOST: &str = "api.telegram.org";
const PAGE_HOST: &str = "t.me";

/// Telegram behind the sandbox's port.
pub(crate) struct TelegramEmulator(Arc<Telegram>);

impl TelegramEmulator {
    pub(crate) fn open(world: &Arc<World>) -> Result<Self, SandboxError> {
        Ok(Self(Arc::new(Telegram::open(world)?)))
    }
}

/// A path of the API host, in its parts.
struct Asked {
    token: String,
    /// In lower case; empty for a file.
    method: String,
    /// The path of a file.
    file: Option<String>,
}

impl Asked {
    /// `/bot{token}/{method}`, `/bot{token}/test/{method}` or `/file/bot{token}/{path}`.
    fn read(path: &str) -> Option<Self> {
        let path = path.trim_start_matches('/');
        let (is_file, path) = match path.strip_prefix("file/") {
            Some(rest) => (true, rest),
            None => (false, path),
        };
        let (token, rest) = path.strip_prefix("bot")?.split_once('/')?;
        // Clients may write the colon as an escape.
        let token = token.replace("%3A", ":").replace("%3a", ":");
        let (id, secret) = token.split_once(':')?;
        let is_token = id.len() >= 6
            && id.bytes().all(|byte| byte.is_ascii_digit())
            && secret.len() >= 30
            && secret.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'));
        if !is_token {
            return None;
        }
        let method = rest.strip_prefix("test/").unwrap_or(rest).to_ascii_lowercase();
        Some(Self {
            token,
            method: if is_file { String::new() } else { method },
            file: is_file.then(|| rest.to_owned()),
        })
    }
}

async fn serve(State(telegram): State<Arc<Telegram>>, request: Request<Body>) -> Response {
    let origin = request.extensions().get::<Origin>().cloned().unwrap_or_else(|| Origin::real(API_HOST));
    if origin.host != API_HOST {
        return site(&telegram, request.uri().path());
    }
    let Some(asked) = Asked::read(request.uri().path()) else {
        return errors::no_token().into_response();
    };
    if let Some(path) = &asked.file {
        return download(&telegram, &asked.token, path);
    }
    let form = match Form::read(request).await {
        Ok(form) => form,
        Err(why) => return errors::bad(&format!("can't parse the request: {why}")).into_response(),
    };
    match answer(&telegram, &asked, &form, &origin).await {
        Ok(result) => Json(json!({"ok": true, "result": result})).into_response(),
        Err(error) => error.into_response(),
    }
}

async fn answer(telegram: &Telegram, asked: &Asked, form: &Form, origin: &Origin) -> Result<Value, BotError> {
    let bot = telegram.caller(&asked.token)?;
    match asked.method.as_str() {
        "getme" => Ok(Telegram::me(&bot)),
        "getchat" => telegram.show_chat(&bot, form),
        "getchatmember" => telegram.show_member(&bot, form),
        "getchatmembercount" => telegram.count_members(&bot, form),
        "getfile" => telegram.show_path(form),
        // A bot does not receive its own messages.
        "getupdates" => Ok(json!([])),
        "sendmessage" => telegram.send_message(&bot, form, origin),
        "sendphoto" => telegram.send_file(&bot, form, "photo", origin).await,
        "sendvideo" => telegram.send_file(&bot, form, "video", origin).await,
        "sendanimation" => telegram.send_file(&bot, form, "animation", origin).await,
        "senddocument" => telegram.send_file(&bot, form, "document", origin).await,
        "sendmediagroup" => telegram.send_album(&bot, form, origin).await,
        "editmessagetext" => telegram.edit(&bot, form, false),
        "editmessagecaption" => telegram.edit(&bot, form, true),
        "deletemessage" => telegram.delete(&bot, form),
        "deletemessages" => telegram.delete_all(&bot, form),
        "pinchatmessage" => telegram.pin(&bot, form, true),
        "unpinchatmessage" => telegram.pin(&bot, form, false),
        _ => Err(errors::no_method()),
    }
}

/// `/file/bot{token}/{path}`
fn download(telegram: &Telegram, token: &str, path: &str) -> Response {
    if let Err(error) = telegram.caller(token) {
        return error.into_response();
    }
    let unique = path.rsplit('/').next().unwrap_or_default();
    let file = telegram.files.find(|file| file.unique == unique);
    match file.and_then(|(_, file)| telegram.world.blobs.get(&file.sha256)) {
        Some(bytes) => ([(header::CONTENT_TYPE, "application/octet-stream")], bytes).into_response(),
        None => errors::no_token().into_response(),
    }
}

/// The pages that people open: `/{name}/{id}`, `/c/{number}/{id}`, pictures of chats.
fn site(telegram: &Telegram, path: &str) -> Response {
    let missing = || (StatusCode::NOT_FOUND, Html(page::missing())).into_response();
    let segments: Vec<&str> = path.split('/').filter(|segment| !segment.is_empty()).collect();
    let (chat, id) = match segments.as_slice() {
        ["i", "userpic", file] => return avatar::answer(file.trim_end_matches(".png")),
        ["c", number, id] => {
            (telegram.chats.find(|chat| show::bare_id(chat.id) == *number).map(|(_, chat)| chat), id)
        }
        [name, id] => (telegram.chat_named(name), id),
        _ => return missing(),
    };
    let public = telegram.world.ledger.find(PLATFORM, id);
    match (chat, public) {
        (Some(chat), Some(public)) if public.account_id == chat.id.to_string() => {
            Html(page::permalink(&public)).into_response()
        }
        _ => missing(),
    }
}

impl Emulator for TelegramEmulator {
    fn platform(&self) -> &'static str {
        PLATFORM
    }

    fn hosts(&self) -> &'static [&'static str] {
        &[API_HOST, PAGE_HOST]
    }

    fn router(&self) -> Router {
        // One handler: the token is a part of the path, and methods are written in any case.
        Router::new().fallback(serve).with_state(Arc::clone(&self.0))
    }

    fn operation(&self, call: &Call<'_>) -> &'static str {
        if call.host != API_HOST {
            return "page";
        }
        let Some(asked) = Asked::read(call.path) else { return "other" };
        if asked.file.is_some() {
            return "download_file";
        }
        match asked.method.as_str() {
            "getme" => "get_me",
            "getchat" => "get_chat",
            "getchatmember" => "get_chat_member",
            "getchatmembercount" => "get_chat_member_count",
            "getfile" => "get_file",
            "sendmessage" | "sendphoto" | "sendvideo" | "sendanimation" | "senddocument"
            | "sendmediagroup" => "create_post",
            "editmessagetext" | "editmessagecaption" => "edit_post",
            "deletemessage" | "deletemessages" => "delete_post",
            "pinchatmessage" => "pin_post",
            "unpinchatmessage" => "unpin_post",
            _ => "other",
        }
    }

    fn exempt_operations(&self) -> &'static [&'static str] {
        &["get_me", "get_chat", "get_chat_member", "get_chat_member_count", "page", "other"]
    }

    /// Whatever stands between `bot` and the next slash may be a token, well formed or not.
    fn logged_path(&self, path: &str) -> String {
        let Some(start) = path.find("/bot").map(|at| at + "/bot".len()) else { return path.to_owned() };
        let end = path[start..].find('/').map_or(path.len(), |length| start + length);
        format!("{}***{}", &path[..start], &path[end..])
    }

    fn refuse(&self, _: &Call<'_>, refusal: Refusal) -> Response {
        match refusal {
            Refusal::RateLimited { retry_after_s, .. } => errors::flood(retry_after_s).into_response(),
            Refusal::Error(status) => errors::failing(status),
        }
    }

    fn revoke_token(&self, call: &Call<'_>) -> Result<(), SandboxError> {
        let Some(asked) = Asked::read(call.path) else { return Ok(()) };
        self.0.bots.update(&asked.token, |bot| bot.revoked = true).map(|_| ())
    }

    fn create_account(
        &self,
        wanted: &CreateAccount,
        origin: &Origin,
    ) -> Result<CreatedAccount, SandboxError> {
        self.0.create_account(wanted, origin)
    }

    fn forget_posts(&self) -> Result<(), SandboxError> {
        self.0.messages.clear()
    }
}
