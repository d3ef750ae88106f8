//! The API as the tools see it, and the way to it inside the same process.

use std::future::Future;
use std::pin::Pin;

use ::http::{Method, Request, header};
use axum::Router;
use axum::body::Body;
use bytes::Bytes;
use http_body_util::{BodyExt as _, Limited};
use serde_json::Value;
use tower::ServiceExt as _;

/// Where the API is for this crate.
const PREFIX: &str = "/api/v1";
/// Longer answers are no use to a model.
const LONGEST_ANSWER: usize = 16 * 1024 * 1024;

/// A request to the API.
#[derive(Clone, Debug, PartialEq)]
pub struct Ask {
    /// The method.
    pub method: Method,
    /// The path below the API's root, with the query.
    pub path: String,
    /// The body.
    pub body: Option<Sent>,
}

/// The body of a request.
#[derive(Clone, Debug, PartialEq)]
pub enum Sent {
    /// Members.
    Json(Value),
    /// The text of a file.
    File(String),
}

impl Sent {
    /// What it is, and its bytes.
    pub fn into_bytes(self) -> (&'static str, Bytes) {
        match self {
            Self::Json(value) => ("application/json", value.to_string().into()),
            Self::File(text) => ("text/plain", text.into()),
        }
    }
}

/// What the API answered.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The status code.
    pub status: u16,
    /// The body.
    pub body: Bytes,
}

/// The API did not answer.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{0}")]
pub struct NoAnswer(pub String);

/// An answer that is on its way.
pub type Pending<'a> = Pin<Box<dyn Future<Output = Result<Answer, NoAnswer>> + Send + 'a>>;

/// A way to the API.
pub trait Api: Send + Sync + 'static {
    /// Asks once. `key` is the caller's own, where the way does not have one already.
    fn ask<'a>(&'a self, ask: Ask, key: Option<&'a str>) -> Pending<'a>;
}

/// The API of the same process.
pub(crate) struct Inside(pub(crate) Router);

impl Api for Inside {
    fn ask<'a>(&'a self, ask: Ask, key: Option<&'a str>) -> Pending<'a> {
        Box::pin(async move {
            let request = request(ask, key)?;
            // A router that has no answer answers that.
            let response = self.0.clone().oneshot(request).await.unwrap_or_else(|never| match never {});
            let status = response.status().as_u16();
            let body = Limited::new(response.into_body(), LONGEST_ANSWER).collect().await;
            let body = body.map_err(|error| NoAnswer(format!("the answer broke off: {error}")))?;
            Ok(Answer { status, body: body.to_bytes() })
        })
    }
}

fn request(ask: Ask, key: Option<&str>) -> Result<Request<Body>, NoAnswer> {
    let mut request = Request::builder().method(ask.method).uri(format!("{PREFIX}{}", ask.path));
    if let Some(key) = key {
        request = request.header(header::AUTHORIZATION, format!("Bearer {key}"));
    }
    let request = match ask.body {
        Some(body) => {
            let (kind, bytes) = body.into_bytes();
            request.header(header::CONTENT_TYPE, kind).body(Body::from(bytes))
        }
        None => request.body(Body::empty()),
    };
    request.map_err(|error| NoAnswer(format!("the request cannot be written: {error}")))
}
