//! Uploads that go on where they broke off: the tus protocol, version 1.0.0, with its extensions
//! creation, expiration and termination. At `/media/tus`, with the key of any other call.

use app::media::tus::{self, Progress};
use axum::Router;
use axum::body::Body;
use axum::extract::{DefaultBodyLimit, FromRequestParts as _, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::any;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::{MediaId, Timestamp};

use super::stream;
use crate::ApiState;
use crate::auth::{Read, Scoped, Write};
use crate::envelope::bare;
use crate::error::ApiError;
use crate::routes::path::MediaPath;

const VERSION: &str = "1.0.0";
const EXTENSIONS: &str = "creation,expiration,termination";
const CHUNK_TYPE: &str = "application/offset+octet-stream";

/// Where uploads are made, and where each of them is.
pub(crate) fn routes() -> Router<ApiState> {
    Router::new()
        .route("/media/tus", any(collection))
        .route("/media/tus/{media_id}", any(item).layer(DefaultBodyLimit::disable()))
}

async fn collection(State(state): State<ApiState>, request: Request) -> Response {
    let (method, headers) = asked(&request);
    let answer = match method.as_str() {
        "OPTIONS" => Ok(options(&state)),
        "POST" => match version(&headers) {
            Ok(()) => create(&state, request, &headers).await,
            Err(error) => Err(error),
        },
        _ => Err(wrong_method("OPTIONS, POST")),
    };
    finished(answer, "OPTIONS, POST")
}

async fn item(State(state): State<ApiState>, request: Request) -> Response {
    const ALLOW: &str = "DELETE, HEAD, OPTIONS, PATCH";
    let (method, headers) = asked(&request);
    let answer = match (method.as_str(), version(&headers)) {
        ("OPTIONS", _) => Ok(options(&state)),
        ("HEAD" | "PATCH" | "DELETE", Err(error)) => Err(error),
        ("HEAD", Ok(())) => progress(&state, request).await,
        ("PATCH", Ok(())) => append(&state, request, &headers).await,
        ("DELETE", Ok(())) => terminate(&state, request).await,
        _ => Err(wrong_method(ALLOW)),
    };
    finished(answer, ALLOW)
}

/// The method, which a client behind a narrow proxy names in a header, and the headers.
fn asked(request: &Request) -> (Method, HeaderMap) {
    let headers = request.headers().clone();
    let meant =
        headers.get("x-http-method-override").and_then(|value| Method::from_bytes(value.as_bytes()).ok());
    let method = meant.filter(|_| request.method() == Method::POST);
    (method.unwrap_or_else(|| request.method().clone()), headers)
}

fn version(headers: &HeaderMap) -> Result<(), ApiError> {
    if headers.get("tus-resumable").is_some_and(|value| value == VERSION) {
        return Ok(());
    }
    let message = format!("Send the header Tus-Resumable: {VERSION}.");
    Err(ApiError::protocol(StatusCode::PRECONDITION_FAILED, "validation_error", message))
}

fn wrong_method(allow: &str) -> ApiError {
    let message = format!("This path takes {allow}.");
    ApiError::protocol(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", message)
}

fn options(state: &ApiState) -> Response {
    let limits = state.app.media_limits;
    let most = limits.image_bytes.max(limits.video_bytes).max(limits.document_bytes);
    let mut response = bare(StatusCode::NO_CONTENT);
    set(&mut response, "tus-version", VERSION);
    set(&mut response, "tus-extension", EXTENSIONS);
    set(&mut response, "tus-max-size", &most.to_string());
    response
}

async fn create(state: &ApiState, request: Request, headers: &HeaderMap) -> Result<Response, ApiError> {
    let (mut parts, body) = request.into_parts();
    let scoped = Scoped::<Write>::from_request_parts(&mut parts, state).await?;
    stream::drain(body).await;
    if headers.contains_key("upload-defer-length") {
        return Err(ApiError::validation(
            "Upload-Defer-Length",
            "The length has to be known: send Upload-Length.",
        ));
    }
    let length = number(headers, "Upload-Length")?;
    let metadata = Metadata::read(headers)?;
    let filename = metadata.get(&["filename", "name"]).unwrap_or_default();
    let content_type = metadata.get(&["filetype", "type", "content_type"]);
    let made = tus::create(&state.app, &scoped.caller, filename, content_type, length).await?;
    let mut response = bare(StatusCode::CREATED);
    let place = format!("{}/api/v1/media/tus/{}", state.settings.base_url, made.id);
    set(&mut response, "location", &place);
    show(&mut response, &made);
    Ok(response)
}

async fn progress(state: &ApiState, request: Request) -> Result<Response, ApiError> {
    let (mut parts, _) = request.into_parts();
    let scoped = Scoped::<Read>::from_request_parts(&mut parts, state).await?;
    let MediaPath(id) = MediaPath::from_request_parts(&mut parts, state).await?;
    let progress = tus::progress(&state.app, &scoped.caller, id).await?;
    let mut response = bare(StatusCode::OK);
    show(&mut response, &progress);
    set(&mut response, "upload-length", &progress.length.to_string());
    Ok(response)
}

async fn append(state: &ApiState, request: Request, headers: &HeaderMap) -> Result<Response, ApiError> {
    let (mut parts, body) = request.into_parts();
    let scoped = Scoped::<Write>::from_request_parts(&mut parts, state).await?;
    let MediaPath(id) = MediaPath::from_request_parts(&mut parts, state).await?;
    let mut rest = body;
    let added = add(state, &scoped, id, headers, &mut rest).await;
    if added.is_err() {
        stream::drain(rest).await;
    }
    let mut response = bare(StatusCode::NO_CONTENT);
    show(&mut response, &added?);
    Ok(response)
}

async fn add(
    state: &ApiState,
    scoped: &Scoped<Write>,
    id: MediaId,
    headers: &HeaderMap,
    body: &mut Body,
) -> Result<Progress, ApiError> {
    if headers.get(header::CONTENT_TYPE).is_none_or(|value| value != CHUNK_TYPE) {
        let message = format!("Send Content-Type: {CHUNK_TYPE}.");
        let status = StatusCode::UNSUPPORTED_MEDIA_TYPE;
        return Err(ApiError::protocol(status, "unsupported_media_type", message));
    }
    let offset = number(headers, "Upload-Offset")?;
    let mut addition = tus::open(&state.app, &scoped.caller, id, offset).await?;
    // What came before a break is kept: the client goes on after it.
    let broken = loop {
        match stream::next(body).await {
            Ok(Some(bytes)) => addition.write(&bytes).await?,
            Ok(None) => break None,
            Err(error) => break Some(error),
        }
    };
    let progress = addition.finish().await?;
    broken.map_or(Ok(progress), Err)
}

async fn terminate(state: &ApiState, request: Request) -> Result<Response, ApiError> {
    let (mut parts, _) = request.into_parts();
    let scoped = Scoped::<Write>::from_request_parts(&mut parts, state).await?;
    let MediaPath(id) = MediaPath::from_request_parts(&mut parts, state).await?;
    tus::terminate(&state.app, &scoped.caller, id).await?;
    Ok(bare(StatusCode::NO_CONTENT))
}

fn show(response: &mut Response, progress: &Progress) {
    set(response, "upload-offset", &progress.offset.to_string());
    set(response, "cache-control", "no-store");
    if let Some(end) = progress.expires_at {
        set(response, "upload-expires", &http_date(end));
    }
}

/// What every answer carries.
fn finished(answer: Result<Response, ApiError>, allow: &str) -> Response {
    let mut response = answer.unwrap_or_else(ApiError::into_response);
    set(&mut response, "tus-resumable", VERSION);
    if response.status() == StatusCode::PRECONDITION_FAILED {
        set(&mut response, "tus-version", VERSION);
    }
    if response.status() == StatusCode::METHOD_NOT_ALLOWED {
        set(&mut response, "allow", allow);
    }
    response
}

fn set(response: &mut Response, name: &'static str, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        response.headers_mut().insert(HeaderName::from_static(name), value);
    }
}

fn number(headers: &HeaderMap, name: &str) -> Result<u64, ApiError> {
    let value = headers.get(name).and_then(|value| value.to_str().ok());
    let digits = value.filter(|text| text.bytes().all(|byte| byte.is_ascii_digit()));
    let number = digits.and_then(|text| text.parse::<u64>().ok());
    number.ok_or_else(|| ApiError::validation(name, format!("{name} must be a number of bytes.")))
}

/// Names with values in Base64, separated by commas.
struct Metadata(Vec<(String, String)>);

impl Metadata {
    fn read(headers: &HeaderMap) -> Result<Self, ApiError> {
        let bad =
            || ApiError::validation("Upload-Metadata", "Upload-Metadata must be names with Base64 values.");
        let Some(value) = headers.get("upload-metadata") else { return Ok(Self(Vec::new())) };
        let text = value.to_str().map_err(|_| bad())?;
        let mut pairs = Vec::new();
        for pair in text.split(',').map(str::trim).filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once(' ').unwrap_or((pair, ""));
            let bytes = STANDARD.decode(value.trim()).map_err(|_| bad())?;
            pairs.push((name.to_owned(), String::from_utf8(bytes).map_err(|_| bad())?));
        }
        Ok(Self(pairs))
    }

    /// The first of these names that has a value.
    fn get(&self, names: &[&str]) -> Option<String> {
        let find = |name: &&str| self.0.iter().find(|(known, value)| known == name && !value.is_empty());
        names.iter().find_map(find).map(|(_, value)| value.clone())
    }
}

/// A moment as HTTP headers write it.
fn http_date(at: Timestamp) -> String {
    const DAYS: [&str; 7] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let iso = at.to_iso_millis();
    let day = usize::try_from(at.as_seconds().div_euclid(86_400).rem_euclid(7)).unwrap_or(0);
    let month = iso[5..7].parse::<usize>().unwrap_or(1);
    let (year, date, time) = (&iso[..4], &iso[8..10], &iso[11..19]);
    format!("{}, {date} {} {year} {time} GMT", DAYS[day % 7], MONTHS[(month - 1) % 12])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_written_as_http_wants_it() {
        let at = Timestamp::parse("2027-01-15T08:00:07Z").unwrap();
        assert_eq!(http_date(at), "Fri, 15 Jan 2027 08:00:07 GMT");
        let leap = Timestamp::parse("2024-02-29T23:59:59Z").unwrap();
        assert_eq!(http_date(leap), "Thu, 29 Feb 2024 23:59:59 GMT");
    }

    #[test]
    fn metadata_is_names_with_base64_values() {
        let mut headers = HeaderMap::new();
        headers.insert(
            "upload-metadata",
            "filename dsOpZMOpby5tcDQ=,is_confidential, type dmlkZW8vbXA0".parse().unwrap(),
        );
        let metadata = Metadata::read(&headers).unwrap();
        assert_eq!(metadata.get(&["name", "filename"]).as_deref(), Some("védéo.mp4"));
        assert_eq!(metadata.get(&["filetype", "type"]).as_deref(), Some("video/mp4"));
        assert_eq!(metadata.get(&["is_confidential"]), None);
        headers.insert("upload-metadata", "filename ***".parse().unwrap());
        assert!(Metadata::read(&headers).is_err());
    }
}
