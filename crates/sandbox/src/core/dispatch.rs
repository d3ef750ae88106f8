//! The way of a request: which platform it is for, which fault hits it, what goes into the log.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::DefaultBodyLimit;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use domain::Span;
use http::request::Parts;
use http::{Request, StatusCode, Uri, header};
use serde_json::json;
use tower::ServiceExt;

use super::emulator::{Call, Emulator, Refusal};
use super::faults::Act;
use super::origin::Origin;
use super::requests::{LoggedRequest, without_secrets};
use super::world::World;

/// Larger than any media a platform takes in one piece.
const BODY_LIMIT_BYTES: usize = 1 << 30;

/// What a client gets.
pub(crate) enum Outcome {
    /// An answer.
    Answer(Response),
    /// A closed connection, without a byte of answer.
    Hangup,
}

/// One platform with its routes.
#[derive(Clone)]
pub(crate) struct Served {
    pub(crate) emulator: Arc<dyn Emulator>,
    router: Router,
}

/// All platforms and the control routes.
pub(crate) struct Dispatcher {
    pub(crate) world: Arc<World>,
    pub(crate) served: Vec<Served>,
    pub(crate) control: Router,
}

impl Served {
    pub(crate) fn new(emulator: Arc<dyn Emulator>) -> Self {
        // Platforms take films; the sandbox has its own limit.
        let router = emulator.router().layer(DefaultBodyLimit::disable());
        Self { emulator, router }
    }

    fn answers_for(&self, host: &str, path: &str) -> bool {
        let is_its_host = self.emulator.hosts().iter().any(|known| match known.strip_prefix("*.") {
            Some(parent) => host.strip_suffix(parent).is_some_and(|rest| rest.ends_with('.')),
            None => host == *known,
        });
        is_its_host && self.emulator.answers(host, path)
    }
}

impl Dispatcher {
    /// Handles a request to its end, whatever becomes of the client meanwhile.
    pub(crate) async fn handle(self: Arc<Self>, request: Request<Body>) -> Outcome {
        let (mut parts, body) = request.into_parts();
        let Some((served, origin)) = self.find(&mut parts) else {
            let request = Request::from_parts(parts, body);
            return Outcome::Answer(answer(&self.control, request).await);
        };
        let served = served.clone();
        let _handled = self.world.clock.call();
        let Ok(body) = to_bytes(body, BODY_LIMIT_BYTES).await else {
            return Outcome::Hangup;
        };
        parts.extensions.insert(origin.clone());
        let arrived = self.world.now();
        let call = call_of(&origin, &parts, &body);
        let operation = served.emulator.operation(&call);
        let mut entry = LoggedRequest {
            platform: served.emulator.platform().to_owned(),
            operation: operation.to_owned(),
            method: parts.method.to_string(),
            host: call.host.to_owned(),
            path: without_secrets(&served.emulator.logged_path(call.path), call.query),
            status: 0,
            time: arrived.to_iso_millis(),
            arrived: Some(arrived),
        };
        let outcome = self.carry_out(&served, operation, &origin, parts, body).await;
        if let Outcome::Answer(answer) = &outcome {
            entry.status = answer.status().as_u16();
        }
        tracing::debug!(
            platform = entry.platform,
            operation = entry.operation,
            status = entry.status,
            "sandbox call"
        );
        self.world.requests.add(entry);
        outcome
    }

    async fn carry_out(
        &self,
        served: &Served,
        operation: &'static str,
        origin: &Origin,
        parts: Parts,
        body: Bytes,
    ) -> Outcome {
        let emulator = &served.emulator;
        let plan = self.world.faults.plan(emulator.platform(), operation, emulator.exempt_operations());
        if plan.delay_ms > 0 {
            self.world.clock.sleep(Duration::from_millis(plan.delay_ms)).await;
        }
        let call = call_of(origin, &parts, &body);
        match plan.act {
            Some((_, Act::ResetBefore)) => return Outcome::Hangup,
            Some((_, Act::Error(status))) => {
                return Outcome::Answer(emulator.refuse(&call, Refusal::Error(status_of(status))));
            }
            Some((_, Act::RateLimit { retry_after_s })) => {
                let wait = Span::from_seconds(i64::try_from(retry_after_s).unwrap_or(i64::MAX));
                let refusal = Refusal::RateLimited { retry_after_s, reset_at: self.world.now() + wait };
                return Outcome::Answer(emulator.refuse(&call, refusal));
            }
            Some((_, Act::TokenRevoked)) => {
                if let Err(error) = emulator.revoke_token(&call) {
                    return Outcome::Answer(internal(&error));
                }
            }
            Some((_, Act::DropAfterAccept | Act::RefusedButLive(_))) | None => {}
        }
        let request = Request::from_parts(parts.clone(), Body::from(body.clone()));
        let accepted = answer(&served.router, request).await;
        let Some((fault, act)) = plan.act else { return Outcome::Answer(accepted) };
        let is_live = accepted.status().is_success();
        match act {
            Act::DropAfterAccept if is_live => Outcome::Hangup,
            Act::RefusedButLive(status) if is_live => {
                let call = call_of(origin, &parts, &body);
                Outcome::Answer(emulator.refuse(&call, Refusal::Error(status_of(status))))
            }
            Act::DropAfterAccept | Act::RefusedButLive(_) => {
                // The fault is for a call that was accepted; this one was not.
                self.world.faults.give_back(fault);
                Outcome::Answer(accepted)
            }
            _ => Outcome::Answer(accepted),
        }
    }

    /// Finds the platform by `Host` header or first path segment, and rewrites the path to the
    /// real one.
    fn find(&self, parts: &mut Parts) -> Option<(&Served, Origin)> {
        let authority = parts
            .headers
            .get(header::HOST)
            .and_then(|value| value.to_str().ok())
            .or_else(|| parts.uri.authority().map(http::uri::Authority::as_str))
            .unwrap_or("127.0.0.1")
            .to_ascii_lowercase();
        let (host, port) = match authority.rsplit_once(':') {
            Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => (host, Some(port)),
            _ => (authority.as_str(), None),
        };
        let path = parts.uri.path();
        if let Some(served) = self.served.iter().find(|served| served.answers_for(host, path)) {
            return Some((served, Origin::by_host(host, port)));
        }
        let path_and_query = parts.uri.path_and_query()?.as_str();
        let below = path_and_query.strip_prefix('/')?;
        let end = below.find(['/', '?']).unwrap_or(below.len());
        let (first, rest) = below.split_at(end);
        let first = first.to_ascii_lowercase();
        let path = rest.split('?').next().unwrap_or_default();
        let served = self.served.iter().find(|served| served.answers_for(&first, path))?;
        let rest = if rest.starts_with('/') { rest.to_owned() } else { format!("/{rest}") };
        parts.uri = rest.parse::<Uri>().ok()?;
        Some((served, Origin::by_path(&first, &authority)))
    }
}

async fn answer(router: &Router, request: Request<Body>) -> Response {
    match router.clone().oneshot(request).await {
        Ok(response) => response,
        Err(never) => match never {},
    }
}

fn call_of<'a>(origin: &'a Origin, parts: &'a Parts, body: &'a Bytes) -> Call<'a> {
    Call {
        host: &origin.host,
        method: &parts.method,
        path: parts.uri.path(),
        query: parts.uri.query(),
        headers: &parts.headers,
        body,
    }
}

fn status_of(status: u16) -> StatusCode {
    StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

/// The answer to a failure of the sandbox itself.
pub(crate) fn internal(error: &super::error::SandboxError) -> Response {
    tracing::error!(error = %error, "the sandbox failed");
    let body = json!({"error": "sandbox_failed", "message": error.to_string()});
    (StatusCode::INTERNAL_SERVER_ERROR, axum::Json(body)).into_response()
}
