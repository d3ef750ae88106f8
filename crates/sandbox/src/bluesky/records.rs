//! Records of a repository (com.atproto.repo). Writing the same record under the same key twice is
//! writing it once; a post is public from its first write on.

use std::sync::Arc;

use axum::extract::{Query, State};
use axum::{Extension, Json};
use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use serde::Deserialize;
use serde_json::{Value, json};

use super::errors::{XrpcError, invalid, plain};
use super::state::{Bluesky, Record, User, page_of};
use super::{BAD, PAGE_HOST, PLATFORM, cid, tid, validate};
use crate::core::ledger::{PublicMedia, PublicPost};
use crate::core::lock;
use crate::core::origin::Origin;

/// The collection of posts.
pub(super) const POST: &str = "app.bsky.feed.post";

#[derive(Deserialize)]
struct Write {
    repo: String,
    collection: String,
    rkey: Option<String>,
    record: Value,
    #[serde(default, rename = "swapRecord")]
    swap: Swap,
}

/// What has to be there for a write to take place.
#[derive(Default, Deserialize)]
#[serde(from = "Option<String>")]
enum Swap {
    /// The field is missing: whatever is there.
    #[default]
    Any,
    /// This identifier, or nothing.
    Only(Option<String>),
}

impl From<Option<String>> for Swap {
    fn from(wanted: Option<String>) -> Self {
        Self::Only(wanted)
    }
}

/// `com.atproto.repo.putRecord`
pub(super) async fn put(
    State(bluesky): State<Arc<Bluesky>>,
    Extension(origin): Extension<Origin>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Json<Value>, XrpcError> {
    let (user, write) = read_write(&bluesky, &headers, &body)?;
    let rkey = write.rkey.clone().ok_or_else(|| invalid("Input must have the property \"rkey\""))?;
    let _one_at_a_time = lock(&bluesky.gate);
    let cid = check(&bluesky, &user, &write, &rkey)?;
    let there = bluesky.records.get(&key(&user.did, &write.collection, &rkey));
    if there.as_ref().is_some_and(|record| record.cid == cid) {
        return Ok(Json(
            json!({"uri": uri(&user, &write.collection, &rkey), "cid": cid, "validationStatus": "valid"}),
        ));
    }
    let there = there.map(|record| record.cid);
    if matches!(&write.swap, Swap::Only(wanted) if *wanted != there) {
        let was = there.unwrap_or_else(|| "null".to_owned());
        return Err(plain(BAD, "InvalidSwap", &format!("Record was at {was}")));
    }
    store(&bluesky, &user, &write, &rkey, &cid, there.is_some(), &origin)
}

/// `com.atproto.repo.createRecord`
pub(super) async fn create(
    State(bluesky): State<Arc<Bluesky>>,
    Extension(origin): Extension<Origin>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Json<Value>, XrpcError> {
    let (user, write) = read_write(&bluesky, &headers, &body)?;
    let world = &bluesky.world;
    let rkey =
        write.rkey.clone().unwrap_or_else(|| tid::make(world.now().as_micros(), world.entropy.number()));
    let _one_at_a_time = lock(&bluesky.gate);
    let cid = check(&bluesky, &user, &write, &rkey)?;
    if bluesky.records.get(&key(&user.did, &write.collection, &rkey)).is_some() {
        // The real server gives no better answer to a key that is taken.
        let text = "Internal Server Error";
        return Err(plain(StatusCode::INTERNAL_SERVER_ERROR, "InternalServerError", text));
    }
    store(&bluesky, &user, &write, &rkey, &cid, false, &origin)
}

fn read_write(bluesky: &Bluesky, headers: &HeaderMap, body: &Bytes) -> Result<(User, Write), XrpcError> {
    let user = bluesky.caller(headers)?;
    let write: Write = serde_json::from_slice(body).map_err(|error| invalid(error.to_string()))?;
    if write.repo != user.did && !write.repo.eq_ignore_ascii_case(&user.handle) {
        return Err(plain(StatusCode::FORBIDDEN, "AuthenticationRequired", "Invalid repo for this account"));
    }
    Ok((user, write))
}

fn check(bluesky: &Bluesky, user: &User, write: &Write, rkey: &str) -> Result<String, XrpcError> {
    if write.collection == POST {
        if !tid::is_valid(rkey) {
            let text = format!("Invalid record key for {POST}: Invalid TID string (got \"{rkey}\")");
            return Err(invalid(text));
        }
        validate::post(bluesky, &user.did, &write.record)?;
    }
    Ok(cid::of_record(&write.record))
}

fn store(
    bluesky: &Bluesky,
    user: &User,
    write: &Write,
    rkey: &str,
    cid: &str,
    replaces: bool,
    origin: &Origin,
) -> Result<Json<Value>, XrpcError> {
    let world = &bluesky.world;
    let uri = uri(user, &write.collection, rkey);
    let mut batch = world.journal.batch();
    let record = Record { cid: cid.to_owned(), value: write.record.clone() };
    batch.put(&bluesky.records, &key(&user.did, &write.collection, rkey), &record)?;
    if write.collection == POST {
        let public = public_post(bluesky, user, &uri, rkey, &write.record, origin);
        if replaces {
            world.ledger.change(&mut batch, PLATFORM, &uri, |post| *post = public)?;
        } else {
            world.ledger.publish(&mut batch, &public)?;
        }
    }
    batch.commit()?;
    let rev = tid::make(world.now().as_micros(), world.entropy.number());
    let commit = json!({"cid": cid::of_record(&json!({"rev": rev})), "rev": rev});
    Ok(Json(json!({"uri": uri, "cid": cid, "commit": commit, "validationStatus": "valid"})))
}

fn public_post(
    bluesky: &Bluesky,
    user: &User,
    uri: &str,
    rkey: &str,
    record: &Value,
    origin: &Origin,
) -> PublicPost {
    let embed = &record["embed"];
    let images = embed["images"].as_array().map(Vec::as_slice).unwrap_or_default();
    let images = images.iter().map(|image| (&image["image"], &image["alt"]));
    let media = images
        .chain([(&embed["video"], &embed["alt"])])
        .filter_map(|(file, alt)| {
            let link = file["ref"]["$link"].as_str()?;
            let blob = bluesky.blobs.get(&format!("{}/{link}", user.did))?;
            Some(PublicMedia {
                media_type: blob.mime,
                sha256: blob.sha256,
                size_bytes: blob.size_bytes,
                alt: alt.as_str().map(ToOwned::to_owned),
            })
        })
        .collect();
    let mut extra = serde_json::Map::new();
    for (name, value) in
        [("facets", &record["facets"]), ("external", &embed["external"]), ("langs", &record["langs"])]
    {
        if !value.is_null() {
            extra.insert(name.to_owned(), value.clone());
        }
    }
    let path = format!("/profile/{}/post/{rkey}", user.handle);
    PublicPost {
        platform: PLATFORM.to_owned(),
        account: user.handle.clone(),
        account_id: user.did.clone(),
        id: uri.to_owned(),
        url: origin.url(PAGE_HOST, &path),
        page: page_of(&user.handle, rkey),
        text: record["text"].as_str().unwrap_or_default().to_owned(),
        media,
        reply_to: record["reply"]["parent"]["uri"].as_str().map(ToOwned::to_owned),
        extra: if extra.is_empty() { Value::Null } else { Value::Object(extra) },
        created_at: bluesky.world.now().to_iso_millis(),
        deleted_at: None,
    }
}

#[derive(Deserialize)]
struct Delete {
    repo: String,
    collection: String,
    rkey: String,
}

/// `com.atproto.repo.deleteRecord`
pub(super) async fn delete(
    State(bluesky): State<Arc<Bluesky>>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Json<Value>, XrpcError> {
    let user = bluesky.caller(&headers)?;
    let wanted: Delete = serde_json::from_slice(&body).map_err(|error| invalid(error.to_string()))?;
    if wanted.repo != user.did && !wanted.repo.eq_ignore_ascii_case(&user.handle) {
        return Err(plain(StatusCode::FORBIDDEN, "AuthenticationRequired", "Invalid repo for this account"));
    }
    let _one_at_a_time = lock(&bluesky.gate);
    let key = key(&user.did, &wanted.collection, &wanted.rkey);
    if bluesky.records.get(&key).is_none() {
        return Ok(Json(json!({})));
    }
    let world = &bluesky.world;
    let mut batch = world.journal.batch();
    batch.delete(&bluesky.records, &key);
    world.ledger.take_down(
        &mut batch,
        PLATFORM,
        &uri(&user, &wanted.collection, &wanted.rkey),
        world.now(),
    )?;
    batch.commit()?;
    let rev = tid::make(world.now().as_micros(), world.entropy.number());
    Ok(Json(json!({"commit": {"cid": cid::of_record(&json!({"rev": rev})), "rev": rev}})))
}

#[derive(Deserialize)]
pub(super) struct Wanted {
    repo: String,
    collection: String,
    rkey: String,
}

/// `com.atproto.repo.getRecord`
pub(super) async fn get(
    State(bluesky): State<Arc<Bluesky>>,
    Query(wanted): Query<Wanted>,
) -> Result<Json<Value>, XrpcError> {
    let missing = || {
        let uri = format!("at://{}/{}/{}", wanted.repo, wanted.collection, wanted.rkey);
        plain(BAD, "RecordNotFound", &format!("Could not locate record: {uri}"))
    };
    let user = bluesky.find_user(&wanted.repo).ok_or_else(missing)?;
    let record =
        bluesky.records.get(&key(&user.did, &wanted.collection, &wanted.rkey)).ok_or_else(missing)?;
    let uri = uri(&user, &wanted.collection, &wanted.rkey);
    Ok(Json(json!({"uri": uri, "cid": record.cid, "value": record.value})))
}

#[derive(Deserialize)]
pub(super) struct Listed {
    repo: String,
    collection: String,
    #[serde(default = "fifty")]
    limit: usize,
    cursor: Option<String>,
}

const fn fifty() -> usize {
    50
}

/// `com.atproto.repo.listRecords`, newest first.
pub(super) async fn list(
    State(bluesky): State<Arc<Bluesky>>,
    Query(wanted): Query<Listed>,
) -> Result<Json<Value>, XrpcError> {
    let user = bluesky.find_user(&wanted.repo).ok_or_else(|| invalid("Could not find repo"))?;
    let prefix = key(&user.did, &wanted.collection, "");
    let rows: Vec<(String, Record)> = bluesky.records.read(|rows| {
        rows.iter()
            .rev()
            .filter_map(|(key, record)| Some((key.strip_prefix(&prefix)?.to_owned(), record.clone())))
            .filter(|(rkey, _)| wanted.cursor.as_ref().is_none_or(|cursor| rkey < cursor))
            .take(wanted.limit.clamp(1, 100))
            .collect()
    });
    let cursor = rows.last().map(|(rkey, _)| rkey.clone());
    let records: Vec<Value> = rows
        .iter()
        .map(|(rkey, record)| {
            json!({"uri": uri(&user, &wanted.collection, rkey), "cid": record.cid, "value": record.value})
        })
        .collect();
    Ok(Json(json!({"records": records, "cursor": cursor})))
}

pub(super) fn key(did: &str, collection: &str, rkey: &str) -> String {
    format!("{did}/{collection}/{rkey}")
}

fn uri(user: &User, collection: &str, rkey: &str) -> String {
    format!("at://{}/{collection}/{rkey}", user.did)
}
