//! The emulated API of OpenAI, as far as captions and pictures need it: chat completions and image
//! generations, written from its reference; must not know who calls it. The same request always gets the
//! same answer. A prompt with the word `[unsafe]` in it is refused by its moderation.

mod chat;
mod errors;
mod images;
mod png;

use std::collections::HashSet;
use std::fmt::Write as _;
use std::sync::{Arc, Mutex};

use axum::body::Bytes;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use http::{HeaderMap, StatusCode, header};
use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};

use crate::core::accounts::{CreateAccount, CreatedAccount, CreatedCredentials};
use crate::core::emulator::{Call, Emulator, Refusal};
use crate::core::error::SandboxError;
use crate::core::lock;
use crate::core::origin::Origin;
use crate::core::world::World;

use errors::OpenAiError;

const PLATFORM: &str = "openai";
const HOST: &str = "api.openai.com";
/// What every key of the sandbox begins with.
const KEY_PREFIX: &str = "sk-sandbox-";
const CHAT_MODELS: [&str; 4] = ["gpt-4o-mini", "gpt-4.1-mini", "gpt-4.1", "gpt-5-mini"];
const IMAGE_MODELS: [&str; 3] = ["gpt-image-1", "gpt-image-1-mini", "dall-e-3"];
/// What moderation does not let through.
const UNSAFE: &str = "[unsafe]";

/// OpenAI behind the sandbox's port.
pub(crate) struct OpenAiEmulator(Arc<OpenAi>);

struct OpenAi {
    world: Arc<World>,
    revoked: Mutex<HashSet<String>>,
}

impl OpenAiEmulator {
    pub(crate) fn open(world: &Arc<World>) -> Self {
        Self(Arc::new(OpenAi { world: Arc::clone(world), revoked: Mutex::default() }))
    }
}

impl OpenAi {
    fn check_key(&self, headers: &HeaderMap) -> Result<(), OpenAiError> {
        let Some(key) = bearer(headers) else { return Err(errors::no_key()) };
        if !key.starts_with(KEY_PREFIX) || lock(&self.revoked).contains(key) {
            return Err(errors::wrong_key());
        }
        Ok(())
    }

    fn body(&self, headers: &HeaderMap, body: &Bytes) -> Result<Map<String, Value>, OpenAiError> {
        self.check_key(headers)?;
        match serde_json::from_slice(body) {
            Ok(Value::Object(members)) => Ok(members),
            _ => Err(errors::not_json()),
        }
    }

    fn now(&self) -> i64 {
        self.world.now().as_seconds()
    }
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    headers.get(header::AUTHORIZATION)?.to_str().ok()?.strip_prefix("Bearer ")
}

/// A text that stands for a request, the same for the same request.
fn fingerprint(body: &Map<String, Value>) -> String {
    let digest = Sha256::digest(Value::Object(body.clone()).to_string().as_bytes());
    let mut text = String::with_capacity(24);
    for byte in digest.iter().take(12) {
        let _ = write!(text, "{byte:02x}");
    }
    text
}

/// A whole number in a range; `usual` when it is missing.
fn number(body: &Map<String, Value>, name: &str, range: (u64, u64), usual: u64) -> Result<u64, OpenAiError> {
    let Some(value) = body.get(name).filter(|value| !value.is_null()) else { return Ok(usual) };
    value.as_u64().filter(|number| (range.0..=range.1).contains(number)).ok_or_else(|| {
        errors::bad(name, "invalid_value", &format!("Invalid '{name}': expected an integer in range."))
    })
}

async fn list_models(State(openai): State<Arc<OpenAi>>, headers: HeaderMap) -> Response {
    if let Err(error) = openai.check_key(&headers) {
        return error.into_response();
    }
    let of = |name: &&str| json!({ "id": name, "object": "model", "created": 0, "owned_by": "sandbox" });
    let models: Vec<Value> = CHAT_MODELS.iter().chain(&IMAGE_MODELS).map(of).collect();
    Json(json!({ "object": "list", "data": models })).into_response()
}

async fn complete(State(openai): State<Arc<OpenAi>>, headers: HeaderMap, body: Bytes) -> Response {
    let answer = openai.body(&headers, &body).and_then(|body| chat::complete(&body, openai.now()));
    answer.map_or_else(IntoResponse::into_response, |answer| Json(answer).into_response())
}

async fn generate(State(openai): State<Arc<OpenAi>>, headers: HeaderMap, body: Bytes) -> Response {
    let answer = openai.body(&headers, &body).and_then(|body| images::generate(&body, openai.now()));
    answer.map_or_else(IntoResponse::into_response, |answer| Json(answer).into_response())
}

async fn nowhere() -> Response {
    errors::nowhere().into_response()
}

impl Emulator for OpenAiEmulator {
    fn platform(&self) -> &'static str {
        PLATFORM
    }

    fn hosts(&self) -> &'static [&'static str] {
        &[HOST]
    }

    fn router(&self) -> Router {
        Router::new()
            .route("/v1/models", get(list_models))
            .route("/v1/chat/completions", post(complete))
            .route("/v1/images/generations", post(generate))
            .fallback(nowhere)
            .with_state(Arc::clone(&self.0))
    }

    fn operation(&self, call: &Call<'_>) -> &'static str {
        match call.path {
            "/v1/chat/completions" => "chat_completion",
            "/v1/images/generations" => "generate_image",
            "/v1/models" => "list_models",
            _ => "other",
        }
    }

    fn exempt_operations(&self) -> &'static [&'static str] {
        &["list_models", "other"]
    }

    fn refuse(&self, _: &Call<'_>, refusal: Refusal) -> Response {
        match refusal {
            Refusal::Error(status) => errors::failing(status).into_response(),
            Refusal::RateLimited { retry_after_s, .. } => {
                let mut response = errors::too_many().into_response();
                response.headers_mut().insert(header::RETRY_AFTER, retry_after_s.into());
                response
            }
        }
    }

    fn revoke_token(&self, call: &Call<'_>) -> Result<(), SandboxError> {
        if let Some(key) = bearer(call.headers) {
            lock(&self.0.revoked).insert(key.to_owned());
        }
        Ok(())
    }

    /// An account is a key; made again after it was revoked, it is good again.
    fn create_account(&self, wanted: &CreateAccount, _: &Origin) -> Result<CreatedAccount, SandboxError> {
        let name = wanted.username.clone().unwrap_or_else(|| "sandbox".to_owned());
        let key = format!("{KEY_PREFIX}{name}");
        let mut revoked = lock(&self.0.revoked);
        if wanted.expired {
            revoked.insert(key.clone());
        } else {
            revoked.remove(&key);
        }
        drop(revoked);
        let credentials =
            wanted.token.then(|| CreatedCredentials { access_token: key, ..CreatedCredentials::default() });
        Ok(CreatedAccount {
            platform: PLATFORM.to_owned(),
            platform_user_id: format!("org-{name}"),
            display_name: wanted.display_name.clone().unwrap_or_else(|| name.clone()),
            username: name,
            avatar_url: String::new(),
            client_id: String::new(),
            client_secret: String::new(),
            credentials,
            extra: Map::new(),
        })
    }

    /// Nothing is published here.
    fn forget_posts(&self) -> Result<(), SandboxError> {
        Ok(())
    }
}

/// A model that is known, or the platform's words for one that is not.
fn model<'a>(
    body: &'a Map<String, Value>,
    known: &[&str],
    usual: Option<&'a str>,
) -> Result<&'a str, OpenAiError> {
    let Some(name) = body.get("model").and_then(Value::as_str).or(usual) else {
        return Err(errors::missing("model"));
    };
    if known.contains(&name) { Ok(name) } else { Err(errors::no_model(name)) }
}

fn status_of(code: u16) -> StatusCode {
    StatusCode::from_u16(code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}
