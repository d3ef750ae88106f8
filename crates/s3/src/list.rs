//! Lists of a bucket's objects (`ListObjectsV2`).

use std::collections::BTreeSet;
use std::fmt::Write as _;

use axum::response::Response;

use crate::answer::{Refusal, document, element};
use crate::objects::Objects;

const MOST: usize = 1_000;

pub(crate) fn list(objects: &Objects, bucket: &str, query: &[(String, String)]) -> Result<Response, Refusal> {
    let text = |name: &str| query.iter().find(|(found, _)| found == name).map(|(_, value)| value.as_str());
    if text("list-type") != Some("2") {
        return Err(Refusal::new(501, "NotImplemented", "Only the second version of lists is served."));
    }
    let most = text("max-keys").map_or(Ok(MOST), str::parse).map_err(|_| Refusal::invalid("max-keys"))?;
    let most = most.min(MOST);
    let (prefix, delimiter) = (text("prefix").unwrap_or_default(), text("delimiter").unwrap_or_default());
    let after = text("continuation-token").or(text("start-after")).unwrap_or_default();
    let inner = objects.lock();
    let all = inner.buckets.get(bucket).ok_or_else(Refusal::no_bucket)?;
    let (mut content, mut folders, mut count, mut last) = (String::new(), BTreeSet::new(), 0, None);
    let mut truncated = false;
    for (key, object) in all.iter().filter(|(key, _)| key.starts_with(prefix) && key.as_str() > after) {
        let rest = key.get(prefix.len()..).unwrap_or_default();
        let folder = (!delimiter.is_empty()).then(|| rest.split_once(delimiter)).flatten();
        let folder = folder.map(|(name, _)| format!("{prefix}{name}{delimiter}"));
        if let Some(folder) = &folder
            && (folders.contains(folder) || after.starts_with(folder.as_str()))
        {
            last = Some(key.clone());
            continue;
        }
        if count == most {
            truncated = true;
            break;
        }
        count += 1;
        last = Some(key.clone());
        if let Some(folder) = folder {
            folders.insert(folder);
            continue;
        }
        content.push_str("<Contents>");
        content.push_str(&element("Key", key));
        content.push_str(&element("LastModified", object.written_at.to_iso_millis()));
        content.push_str(&element("ETag", &object.bytes.tag));
        content.push_str(&element("Size", object.bytes.size));
        content.push_str("<StorageClass>STANDARD</StorageClass></Contents>");
    }
    for folder in folders {
        let _ = write!(content, "<CommonPrefixes>{}</CommonPrefixes>", element("Prefix", folder));
    }
    let next =
        last.filter(|_| truncated).map(|last| element("NextContinuationToken", last)).unwrap_or_default();
    let head = [
        element("Name", bucket),
        element("Prefix", prefix),
        element("KeyCount", count),
        element("MaxKeys", most),
        element("IsTruncated", truncated),
        next,
    ];
    Ok(document("ListBucketResult", &format!("{}{content}", head.concat())))
}
