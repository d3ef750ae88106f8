//! `GET` and `HEAD /media/{token}/{filename}`: a media file for the platform that was given the
//! address. Without a key; the address is signed and ends.

use app::media_links::{self, LinkedFile};
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::response::Response;
use futures_util::stream;

use crate::ApiState;
use crate::envelope::bare;
use crate::error::ApiError;

/// What is asked for of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Whole,
    /// From the first byte up to the second, which is not in it.
    Range(u64, u64),
    /// A range that the file does not have.
    Beyond,
}

pub(super) async fn serve(
    State(state): State<ApiState>,
    method: Method,
    Path((token, filename)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let file = media_links::open(&state.app, &token, &filename).await?;
    let tag = format!("\"{}\"", file.sha256);
    let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    if text(header::IF_NONE_MATCH).is_some_and(|known| knows(known, &tag)) {
        return Ok(answer(StatusCode::NOT_MODIFIED, &file, &tag, None, Body::empty()));
    }
    // A range of another file than the caller began with would be spliced into nonsense.
    let same_file = text(header::IF_RANGE).is_none_or(|known| known == tag);
    let part = match text(header::RANGE).filter(|_| same_file) {
        Some(asked) => part_of(asked, file.size_bytes),
        None => Part::Whole,
    };
    let (status, begin, end) = match part {
        Part::Whole => (StatusCode::OK, 0, file.size_bytes),
        Part::Range(begin, end) => (StatusCode::PARTIAL_CONTENT, begin, end),
        Part::Beyond => {
            let mut refused = answer(StatusCode::RANGE_NOT_SATISFIABLE, &file, &tag, Some(0), Body::empty());
            insert(&mut refused, header::CONTENT_RANGE, &format!("bytes */{}", file.size_bytes));
            return Ok(refused);
        }
    };
    let body = if method == Method::HEAD { Body::empty() } else { pieces(&state, &file, begin, end) };
    let mut response = answer(status, &file, &tag, Some(end - begin), body);
    if status == StatusCode::PARTIAL_CONTENT {
        let range = format!("bytes {begin}-{}/{}", end - 1, file.size_bytes);
        insert(&mut response, header::CONTENT_RANGE, &range);
    }
    Ok(response)
}

/// The bytes from `begin` to `end`, read piece by piece as the caller takes them.
fn pieces(state: &ApiState, file: &LinkedFile, begin: u64, end: u64) -> Body {
    let (app, file) = (state.app.clone(), file.clone());
    Body::from_stream(stream::try_unfold(begin, move |at| {
        let (app, file) = (app.clone(), file.clone());
        async move {
            if at >= end {
                return Ok(None);
            }
            match media_links::read(&app, &file, at, end).await {
                Ok(bytes) => {
                    let next = at + u64::try_from(bytes.len()).unwrap_or(0);
                    Ok(Some((bytes, next)))
                }
                Err(error) => {
                    tracing::error!(%error, "a media file broke off while a platform fetched it");
                    Err(std::io::Error::other("the file broke off"))
                }
            }
        }
    }))
}

fn answer(status: StatusCode, file: &LinkedFile, tag: &str, length: Option<u64>, body: Body) -> Response {
    let mut response = bare((status, body));
    for (name, value) in [
        (header::ACCEPT_RANGES, "bytes"),
        (header::CACHE_CONTROL, "private"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox"),
        (HeaderName::from_static("x-robots-tag"), "noindex"),
    ] {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    insert(&mut response, header::ETAG, tag);
    insert(&mut response, header::CONTENT_TYPE, &file.content_type);
    if let Some(length) = length {
        response.headers_mut().insert(header::CONTENT_LENGTH, length.into());
    }
    response
}

fn insert(response: &mut Response, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        response.headers_mut().insert(name, value);
    }
}

fn knows(known: &str, tag: &str) -> bool {
    known.split(',').map(str::trim).any(|known| known == "*" || known.trim_start_matches("W/") == tag)
}

/// One range of bytes. What is no such thing is not looked at, as HTTP has it, and so are several
/// ranges at once.
fn part_of(asked: &str, size: u64) -> Part {
    let Some((first, last)) = asked.strip_prefix("bytes=").and_then(|range| range.trim().split_once('-'))
    else {
        return Part::Whole;
    };
    let number = |text: &str| {
        let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        digits.then(|| text.parse::<u64>().unwrap_or(u64::MAX))
    };
    match (number(first), number(last)) {
        (Some(first), Some(last)) if first > last => Part::Whole,
        (Some(first), _) if first >= size && (last.is_empty() || number(last).is_some()) => Part::Beyond,
        (Some(first), Some(last)) => Part::Range(first, last.saturating_add(1).min(size)),
        (Some(first), None) if last.is_empty() => Part::Range(first, size),
        (None, Some(0)) if first.is_empty() => Part::Beyond,
        (None, Some(_)) if first.is_empty() && size == 0 => Part::Beyond,
        (None, Some(count)) if first.is_empty() => Part::Range(size.saturating_sub(count), size),
        _ => Part::Whole,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_is_cut_to_the_file_and_nonsense_is_the_whole() {
        for (asked, part) in [
            ("bytes=0-9", Part::Range(0, 10)),
            ("bytes=90-", Part::Range(90, 100)),
            ("bytes=90-500", Part::Range(90, 100)),
            ("bytes=-10", Part::Range(90, 100)),
            ("bytes=-500", Part::Range(0, 100)),
            ("bytes=99-99", Part::Range(99, 100)),
            ("bytes=100-", Part::Beyond),
            ("bytes=100-200", Part::Beyond),
            ("bytes=-0", Part::Beyond),
            ("bytes=99999999999999999999-", Part::Beyond),
            ("bytes=9-0", Part::Whole),
            ("bytes=0-1,5-6", Part::Whole),
            ("bytes=a-b", Part::Whole),
            ("bytes=-", Part::Whole),
            ("items=0-1", Part::Whole),
        ] {
            assert_eq!(part_of(asked, 100), part, "{asked}");
        }
        assert_eq!(part_of("bytes=0-", 0), Part::Beyond);
        assert_eq!(part_of("bytes=-5", 0), Part::Beyond);
    }
}
