//! Uploads in one request: bytes alone, or `multipart/related` with the details before them.

use bytes::Bytes;
use http::{HeaderMap, StatusCode, header};
use serde_json::Value;

use super::errors::{ApiError, refusal};

fn bad(message: &str) -> ApiError {
    refusal(StatusCode::BAD_REQUEST, "global", "badContent", message)
}

/// The details (`null` when none came), the media type and the bytes of an upload in one request.
pub(super) fn media_of(headers: &HeaderMap, body: &Bytes) -> Result<(Value, String, Bytes), ApiError> {
    let content_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let content_type = content_type.unwrap_or("application/octet-stream");
    if !content_type.starts_with("multipart/") {
        return Ok((Value::Null, content_type.to_owned(), body.clone()));
    }
    let boundary = content_type.split(';').find_map(|part| part.trim().strip_prefix("boundary="));
    let boundary = boundary.ok_or_else(|| bad("Missing boundary"))?.trim_matches('"');
    // Some clients end their lines with a bare line feed.
    let marker = format!("--{boundary}");
    let mut at = find(body, marker.as_bytes(), 0).ok_or_else(|| bad("Missing boundary"))? + marker.len();
    let delimiter = format!("\n{marker}");
    let mut parts = Vec::new();
    while !body[at..].starts_with(b"--") {
        let begin = find(body, b"\n", at).ok_or_else(|| bad("Unfinished part"))? + 1;
        let end = find(body, delimiter.as_bytes(), begin).ok_or_else(|| bad("Unfinished part"))?;
        at = end + delimiter.len();
        let line_end = if end > begin && body[end - 1] == b'\r' { end - 1 } else { end };
        parts.push(body.slice(begin..line_end));
    }
    let [details, media] = parts.as_slice() else { return Err(bad("Media multipart has to have two parts")) };
    let (_, details) = take_apart(details)?;
    let (media_type, media) = take_apart(media)?;
    let details = serde_json::from_slice(&details).map_err(|_| bad("Parse Error"))?;
    Ok((details, media_type, media))
}

/// The type and the content of one part.
fn take_apart(part: &Bytes) -> Result<(String, Bytes), ApiError> {
    let crlf = find(part, b"\r\n\r\n", 0).map(|end| (end, end + 4));
    let bare = find(part, b"\n\n", 0).map(|end| (end, end + 2));
    let first = [crlf, bare].into_iter().flatten().min();
    let (end, begin) = first.ok_or_else(|| bad("A part without an empty line"))?;
    let (head, content) = (part.slice(0..end), part.slice(begin..));
    let head = String::from_utf8_lossy(&head).into_owned();
    let kind = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-type").then(|| value.trim().to_owned())
    });
    Ok((kind.unwrap_or_else(|| "application/octet-stream".to_owned()), content))
}

fn find(text: &[u8], wanted: &[u8], from: usize) -> Option<usize> {
    let rest = text.get(from..)?;
    rest.windows(wanted.len()).position(|window| window == wanted).map(|at| at + from)
}
