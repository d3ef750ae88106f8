//! Which request is which operation.

use std::io::SeekFrom;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::request::Parts;
use axum::http::{Method, Request, StatusCode};
use axum::response::Response;
use net::{Clock as _, SystemClock};
use tokio::io::{AsyncReadExt as _, AsyncSeekExt as _};

use crate::answer::{Refusal, done, respond};
use crate::auth::{self, Payload};
use crate::objects::Object;
use crate::receive::receive;
use crate::{Shared, list, parts};

const PIECE_BYTES: usize = 256 * 1024;
/// What may stand in a query beside the signature.
const KNOWN: [&str; 13] = [
    "list-type",
    "prefix",
    "delimiter",
    "max-keys",
    "start-after",
    "continuation-token",
    "encoding-type",
    "fetch-owner",
    "uploads",
    "uploadId",
    "partNumber",
    "x-id",
    "location",
];

pub(crate) fn router(shared: Arc<Shared>) -> Router {
    Router::new().fallback(handle).layer(DefaultBodyLimit::disable()).with_state(shared)
}

async fn handle(State(shared): State<Arc<Shared>>, request: Request<Body>) -> Response {
    let path = request.uri().path().to_owned();
    let is_head = request.method() == Method::HEAD;
    match answer(&shared, request).await {
        Ok(response) => response,
        Err(refusal) => {
            let mut response = refusal.response(&path);
            if is_head {
                *response.body_mut() = Body::empty();
            }
            response
        }
    }
}

async fn answer(shared: &Arc<Shared>, request: Request<Body>) -> Result<Response, Refusal> {
    if shared.fails_now() {
        return Err(Refusal::new(503, "SlowDown", "Please reduce your request rate."));
    }
    let (head, body) = request.into_parts();
    let now = SystemClock.now();
    let payload = auth::check(&shared.config, &head, now)?;
    let query = auth::pairs(head.uri.query().unwrap_or_default());
    let unknown =
        query.iter().find(|(name, _)| !name.starts_with("X-Amz-") && !KNOWN.contains(&name.as_str()));
    if let Some((name, _)) = unknown {
        return Err(Refusal::new(501, "NotImplemented", format!("The query \"{name}\" is not served.")));
    }
    let path = head.uri.path().trim_start_matches('/').to_owned();
    let (bucket, key) = path.split_once('/').unwrap_or((&path, ""));
    let (bucket, key) = (auth::decoded(bucket), auth::decoded(key));
    if bucket.is_empty() {
        return Err(Refusal::new(501, "NotImplemented", "Buckets are not listed."));
    }
    if key.is_empty() {
        return for_bucket(shared, &head.method, &bucket, &query);
    }
    let operation = Operation { shared, head: &head, payload, query: &query, bucket: &bucket, key: &key };
    operation.run(body).await
}

fn for_bucket(
    shared: &Shared,
    method: &Method,
    bucket: &str,
    query: &[(String, String)],
) -> Result<Response, Refusal> {
    let is_there = shared.objects.lock().buckets.contains_key(bucket);
    match *method {
        Method::HEAD if is_there => Ok(done(&[("x-amz-bucket-region", shared.config.region.clone())])),
        Method::HEAD => Err(Refusal::no_bucket()),
        Method::GET => list::list(&shared.objects, bucket, query),
        Method::PUT => {
            shared.objects.lock().buckets.entry(bucket.to_owned()).or_default();
            Ok(done(&[("location", format!("/{bucket}"))]))
        }
        _ => Err(Refusal::new(501, "NotImplemented", "This is not served.")),
    }
}

struct Operation<'a> {
    shared: &'a Arc<Shared>,
    head: &'a Parts,
    payload: Payload,
    query: &'a [(String, String)],
    bucket: &'a str,
    key: &'a str,
}

impl Operation<'_> {
    async fn run(self, body: Body) -> Result<Response, Refusal> {
        let objects = &self.shared.objects;
        let place = (self.bucket, self.key);
        let now = SystemClock.now();
        match (&self.head.method, self.asked("uploadId"), self.asked("partNumber")) {
            (&Method::GET | &Method::HEAD, None, None) => self.read().await,
            (&Method::PUT, None, None) => self.write(body).await,
            (&Method::PUT, Some(id), Some(number)) => {
                let number = parts::expect(objects, place, id, number)?;
                let part = receive(objects, &self.head.headers, &self.payload, body).await?;
                parts::add(objects, id, number, part)
            }
            (&Method::POST, Some(id), None) => parts::complete(objects, place, id, body, now).await,
            (&Method::POST, None, None) if self.asked("uploads").is_some() => {
                parts::begin(objects, self.bucket, self.key, self.content_type())
            }
            (&Method::DELETE, Some(id), None) => parts::abort(objects, place, id),
            (&Method::DELETE, None, None) => {
                let mut inner = objects.lock();
                let all = inner.buckets.get_mut(self.bucket).ok_or_else(Refusal::no_bucket)?;
                all.remove(self.key);
                Ok(respond(StatusCode::NO_CONTENT, &[], Body::empty()))
            }
            _ => Err(Refusal::new(501, "NotImplemented", "This is not served.")),
        }
    }

    fn asked(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(found, _)| found == name).map(|(_, value)| value.as_str())
    }

    fn header(&self, name: &str) -> Option<&str> {
        self.head.headers.get(name).and_then(|value| value.to_str().ok())
    }

    fn content_type(&self) -> String {
        self.header("content-type").unwrap_or("binary/octet-stream").to_owned()
    }

    async fn write(&self, body: Body) -> Result<Response, Refusal> {
        let objects = &self.shared.objects;
        if self.header("x-amz-copy-source").is_some() {
            return Err(Refusal::new(501, "NotImplemented", "Copies are not made."));
        }
        if !objects.lock().buckets.contains_key(self.bucket) {
            return Err(Refusal::no_bucket());
        }
        if self.header("if-none-match") == Some("*") && objects.find(self.bucket, self.key).is_ok() {
            let message = "At least one of the pre-conditions you specified did not hold";
            return Err(Refusal::new(412, "PreconditionFailed", message));
        }
        let stored = receive(objects, &self.head.headers, &self.payload, body).await?;
        let tag = stored.tag.clone();
        let (content_type, written_at) = (self.content_type(), SystemClock.now());
        objects.put(self.bucket, self.key, Object { bytes: Arc::new(stored), content_type, written_at })?;
        Ok(done(&[("etag", tag)]))
    }

    async fn read(&self) -> Result<Response, Refusal> {
        let object = self.shared.objects.find(self.bucket, self.key)?;
        let size = object.bytes.size;
        let range =
            self.header("range").and_then(|text| text.strip_prefix("bytes=")).map(|text| ranged(text, size));
        let (from, to) = match range {
            None => (0, size),
            Some(Some(range)) => range,
            Some(None) => {
                let message = "The requested range is not satisfiable";
                return Err(Refusal::new(416, "InvalidRange", message));
            }
        };
        let written = jiff::Timestamp::from_second(object.written_at.as_seconds()).unwrap_or_default();
        let written = jiff::fmt::rfc2822::DateTimePrinter::new().timestamp_to_rfc9110_string(&written);
        let mut headers = vec![
            ("etag", object.bytes.tag.clone()),
            ("content-type", object.content_type.clone()),
            ("content-length", (to - from).to_string()),
            ("accept-ranges", "bytes".to_owned()),
            ("last-modified", written.map_err(|error| Refusal::invalid(error.to_string()))?),
        ];
        let status = if range.is_some() { StatusCode::PARTIAL_CONTENT } else { StatusCode::OK };
        if range.is_some() {
            headers.push(("content-range", format!("bytes {from}-{}/{size}", to - 1)));
        }
        if self.head.method == Method::HEAD {
            return Ok(respond(status, &headers, Body::empty()));
        }
        let mut file = tokio::fs::File::open(&object.bytes.path).await?;
        file.seek(SeekFrom::Start(from)).await?;
        let pieces =
            futures_util::stream::unfold((file, to - from, object), |(mut file, left, object)| async move {
                if left == 0 {
                    return None;
                }
                let mut piece = vec![0; PIECE_BYTES.min(usize::try_from(left).unwrap_or(PIECE_BYTES))];
                let read = file.read_exact(&mut piece).await;
                let left = left - piece.len() as u64;
                // The object is held, so that its file stays while it is read.
                Some((read.map(|_| bytes::Bytes::from(piece)), (file, left, object)))
            });
        Ok(respond(status, &headers, Body::from_stream(pieces)))
    }
}

/// `0-9`, `5-` or `-5` as the first byte and the one behind the last; `None` where there is nothing.
fn ranged(text: &str, size: u64) -> Option<(u64, u64)> {
    let (from, to) = text.split_once('-')?;
    let range = match (from, to) {
        ("", last) => (size.saturating_sub(last.parse().ok()?), size),
        (from, "") => (from.parse().ok()?, size),
        (from, to) => (from.parse().ok()?, to.parse::<u64>().ok()?.saturating_add(1).min(size)),
    };
    (range.0 < range.1).then_some(range)
}
