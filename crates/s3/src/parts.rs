//! Uploads in parts.

use std::sync::Arc;

use axum::body::Body;
use axum::response::Response;
use domain::Timestamp;
use sha2::{Digest as _, Sha256};
use tokio::io::AsyncWriteExt as _;

use crate::answer::{Refusal, document, done, element};
use crate::auth::hex;
use crate::objects::{Object, Objects, Stored, Upload};

/// The smallest part that is not the last one, in bytes.
const SMALLEST: u64 = 5 * 1024 * 1024;
const MOST_PARTS: u32 = 10_000;
/// The longest list of parts that is read.
const LIST_BYTES: usize = 2 * 1024 * 1024;

pub(crate) fn begin(
    objects: &Objects,
    bucket: &str,
    key: &str,
    content_type: String,
) -> Result<Response, Refusal> {
    let id = format!("upload-{}", objects.next());
    let mut inner = objects.lock();
    if !inner.buckets.contains_key(bucket) {
        return Err(Refusal::no_bucket());
    }
    let upload = Upload {
        bucket: bucket.to_owned(),
        key: key.to_owned(),
        content_type,
        parts: std::collections::BTreeMap::new(),
    };
    inner.uploads.insert(id.clone(), upload);
    let content = [element("Bucket", bucket), element("Key", key), element("UploadId", id)].concat();
    Ok(document("InitiateMultipartUploadResult", &content))
}

/// Whether parts of this number may come for this upload.
pub(crate) fn expect(objects: &Objects, place: (&str, &str), id: &str, number: &str) -> Result<u32, Refusal> {
    let number = number.parse().ok().filter(|number| (1..=MOST_PARTS).contains(number));
    let number = number.ok_or_else(|| Refusal::invalid("Part number must be between 1 and 10000"))?;
    let inner = objects.lock();
    find(inner.uploads.get(id), place)?;
    Ok(number)
}

pub(crate) fn add(objects: &Objects, id: &str, number: u32, part: Stored) -> Result<Response, Refusal> {
    let tag = part.tag.clone();
    let mut inner = objects.lock();
    let upload = inner.uploads.get_mut(id).ok_or_else(no_upload)?;
    upload.parts.insert(number, Arc::new(part));
    Ok(done(&[("etag", tag)]))
}

pub(crate) fn abort(objects: &Objects, place: (&str, &str), id: &str) -> Result<Response, Refusal> {
    let mut inner = objects.lock();
    find(inner.uploads.get(id), place)?;
    inner.uploads.remove(id);
    let mut response = done(&[]);
    *response.status_mut() = axum::http::StatusCode::NO_CONTENT;
    Ok(response)
}

/// Puts the parts together that the body lists.
pub(crate) async fn complete(
    objects: &Objects,
    place: (&str, &str),
    id: &str,
    body: Body,
    now: Timestamp,
) -> Result<Response, Refusal> {
    let malformed = || Refusal::new(400, "MalformedXML", "The XML you provided was not well-formed.");
    let body = axum::body::to_bytes(body, LIST_BYTES).await.map_err(|_| malformed())?;
    let text = std::str::from_utf8(&body).map_err(|_| malformed())?;
    let listed = listed(text).ok_or_else(malformed)?;
    let (parts, content_type) = {
        let inner = objects.lock();
        let upload = find(inner.uploads.get(id), place)?;
        (chosen(upload, &listed)?, upload.content_type.clone())
    };
    let mut stored = Stored { path: objects.new_path(), size: 0, tag: String::new() };
    let mut file = tokio::fs::File::create(&stored.path).await?;
    let mut tags = Sha256::new();
    for part in &parts {
        let mut from = tokio::fs::File::open(&part.path).await?;
        stored.size += tokio::io::copy(&mut from, &mut file).await?;
        tags.update(part.tag.as_bytes());
    }
    file.flush().await?;
    stored.tag = format!("\"{}-{}\"", &hex(&tags.finalize())[..32], parts.len());
    let tag = stored.tag.clone();
    let (bucket, key) = place;
    objects.put(bucket, key, Object { bytes: Arc::new(stored), content_type, written_at: now })?;
    objects.lock().uploads.remove(id);
    let content = [element("Bucket", bucket), element("Key", key), element("ETag", tag)].concat();
    Ok(document("CompleteMultipartUploadResult", &content))
}

fn find<'a>(upload: Option<&'a Upload>, (bucket, key): (&str, &str)) -> Result<&'a Upload, Refusal> {
    upload.filter(|upload| upload.bucket == bucket && upload.key == key).ok_or_else(no_upload)
}

fn no_upload() -> Refusal {
    Refusal::new(404, "NoSuchUpload", "The specified multipart upload does not exist.")
}

/// The numbers and tags of a list of parts.
fn listed(text: &str) -> Option<Vec<(u32, String)>> {
    let within = |text: &str, name: &str| {
        let (_, rest) = text.split_once(&format!("<{name}>"))?;
        Some(rest.split_once(&format!("</{name}>"))?.0.trim().replace("&quot;", "\""))
    };
    let parts: Option<Vec<_>> = text
        .split("<Part>")
        .skip(1)
        .map(|part| Some((within(part, "PartNumber")?.parse().ok()?, within(part, "ETag")?)))
        .collect();
    parts.filter(|parts| !parts.is_empty())
}

fn chosen(upload: &Upload, listed: &[(u32, String)]) -> Result<Vec<Arc<Stored>>, Refusal> {
    if !listed.is_sorted_by(|one, next| one.0 < next.0) {
        return Err(Refusal::new(400, "InvalidPartOrder", "The list of parts was not in ascending order."));
    }
    let mut parts = Vec::with_capacity(listed.len());
    for (at, (number, tag)) in listed.iter().enumerate() {
        let part =
            upload.parts.get(number).filter(|part| part.tag.trim_matches('"') == tag.trim_matches('"'));
        let part = part.ok_or_else(|| Refusal::new(400, "InvalidPart", "A part could not be found."))?;
        if at + 1 < listed.len() && part.size < SMALLEST {
            let message = "Your proposed upload is smaller than the minimum allowed size";
            return Err(Refusal::new(400, "EntityTooSmall", message));
        }
        parts.push(Arc::clone(part));
    }
    Ok(parts)
}
