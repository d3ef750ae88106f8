//! The upload host: chunks of a video, in order. It answers with a status and no body.

use axum::response::{IntoResponse, Response};
use bytes::{Bytes, BytesMut};
use http::request::Parts;
use http::{HeaderMap, StatusCode, header};

use super::errors::Refused;
use super::state::{Publish, TikTok, Upload};
use crate::core::lock;
use crate::core::origin::Origin;

const KINDS: [&str; 3] = ["video/mp4", "video/quicktime", "video/webm"];

/// `Content-Range: bytes {first}-{last}/{total}`
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Piece {
    pub(super) first: u64,
    pub(super) last: u64,
    pub(super) total: u64,
}

impl Piece {
    pub(super) fn read(headers: &HeaderMap) -> Option<Self> {
        let range = headers.get(header::CONTENT_RANGE)?.to_str().ok()?.strip_prefix("bytes ")?;
        let (range, total) = range.split_once('/')?;
        let (first, last) = range.split_once('-')?;
        let piece = Self { first: first.parse().ok()?, last: last.parse().ok()?, total: total.parse().ok()? };
        (piece.first <= piece.last && piece.last < piece.total).then_some(piece)
    }

    /// Whether nothing comes after it.
    pub(super) fn is_last(self) -> bool {
        self.last + 1 == self.total
    }
}

impl TikTok {
    /// `PUT /video/?upload_id=…&upload_token=…`
    pub(super) fn put_chunk(&self, parts: &Parts, body: &Bytes, origin: &Origin) -> Response {
        match self.take_chunk(parts, body, origin) {
            Ok((status, stored, total)) => {
                let range = format!("bytes 0-{}/{total}", stored.saturating_sub(1));
                (status, [(header::CONTENT_RANGE, range)]).into_response()
            }
            Err(Missed::Status(status)) => status.into_response(),
            Err(Missed::Refused(refused)) => self.refusal(refused, StatusCode::INTERNAL_SERVER_ERROR),
        }
    }

    fn take_chunk(
        &self,
        parts: &Parts,
        body: &Bytes,
        origin: &Origin,
    ) -> Result<(StatusCode, u64, u64), Missed> {
        let query: Vec<(String, String)> =
            url::form_urlencoded::parse(parts.uri.query().unwrap_or_default().as_bytes())
                .map(|(name, value)| (name.into_owned(), value.into_owned()))
                .collect();
        let get = |name: &str| {
            query.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str()).unwrap_or_default()
        };
        let _one_at_a_time = lock(&self.gate);
        let is_it = |row: &Publish| row.upload.as_ref().is_some_and(|upload| upload.id == get("upload_id"));
        let (id, mut publish) = self.publishes.find(is_it).ok_or(Missed::Status(StatusCode::NOT_FOUND))?;
        let Some(upload) = publish.upload.as_mut() else {
            return Err(Missed::Status(StatusCode::NOT_FOUND));
        };
        if upload.token != get("upload_token") || upload.expires_at <= self.world.now() {
            return Err(Missed::Status(StatusCode::FORBIDDEN));
        }
        // The address is the leave. A token beside it could end in a log of the storage.
        if parts.headers.contains_key(header::AUTHORIZATION) {
            return Err(Missed::Status(StatusCode::BAD_REQUEST));
        }
        check_chunk(upload, &parts.headers, body)?;
        if upload.received + body.len() as u64 != upload.size {
            upload.parts.push(self.world.blobs.put(body).map_err(Refused::from)?);
            upload.received += body.len() as u64;
            let (received, size) = (upload.received, upload.size);
            self.publishes.put(&id, &publish).map_err(Refused::from)?;
            return Ok((StatusCode::PARTIAL_CONTENT, received, size));
        }
        let size = upload.size;
        let whole = self.put_together(&upload.parts, body, size)?;
        upload.received = size;
        upload.parts.clear();
        let user = self.users.get(&publish.draft.user).ok_or(Missed::Status(StatusCode::NOT_FOUND))?;
        let taken = self.take_video(&whole, &user)?;
        self.accept(&id, publish, taken, origin)?;
        Ok((StatusCode::CREATED, size, size))
    }

    fn put_together(&self, parts: &[String], last: &Bytes, size: u64) -> Result<Bytes, Missed> {
        if parts.is_empty() {
            return Ok(last.clone());
        }
        let mut whole = BytesMut::with_capacity(usize::try_from(size).unwrap_or(0));
        for part in parts {
            let part = self.world.blobs.get(part).ok_or(Missed::Status(StatusCode::INTERNAL_SERVER_ERROR))?;
            whole.extend_from_slice(&part);
        }
        whole.extend_from_slice(last);
        Ok(whole.freeze())
    }
}

/// Whether this is the chunk that comes next, and whole.
fn check_chunk(upload: &Upload, headers: &HeaderMap, body: &Bytes) -> Result<(), Missed> {
    let malformed = Missed::Status(StatusCode::BAD_REQUEST);
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let Some(piece) = Piece::read(headers) else { return Err(malformed) };
    if !KINDS.contains(&kind)
        || piece.total != upload.size
        || piece.last - piece.first + 1 != body.len() as u64
    {
        return Err(malformed);
    }
    if piece.first != upload.received {
        return Err(Missed::Status(StatusCode::RANGE_NOT_SATISFIABLE));
    }
    let number = upload.received / upload.chunk;
    let expected = if number + 1 >= upload.count { upload.size - upload.received } else { upload.chunk };
    if body.len() as u64 == expected { Ok(()) } else { Err(malformed) }
}

enum Missed {
    Status(StatusCode),
    Refused(Refused),
}

impl From<Refused> for Missed {
    fn from(refused: Refused) -> Self {
        Self::Refused(refused)
    }
}
