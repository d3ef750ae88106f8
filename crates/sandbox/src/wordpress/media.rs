//! The library: files arrive as a raw body with a file name beside it, or as a form.

use bytes::Bytes;
use http::{StatusCode, header};

use super::errors::{self, RestError, file_type, invalid_id};
use super::request::{Ask, Reply};
use super::state::{Media, key, of_site};
use super::{Place, html, show};
use crate::core::{lock, page};

/// Endings that a site takes, and what is behind them.
const TYPES: [(&str, &str); 9] = [
    ("jpg", "image/jpeg"),
    ("jpeg", "image/jpeg"),
    ("png", "image/png"),
    ("gif", "image/gif"),
    ("webp", "image/webp"),
    ("mp4", "video/mp4"),
    ("mov", "video/quicktime"),
    ("pdf", "application/pdf"),
    ("txt", "text/plain"),
];

/// `POST /wp/v2/media`
pub(super) fn create(place: Place<'_>, ask: &Ask<'_>) -> Result<Reply, RestError> {
    let Some(user) = ask.caller.as_ref().filter(|user| user.may("upload_files")) else {
        let message = "Sorry, you are not allowed to create posts as this user.";
        return Err(ask.refused("rest_cannot_create", message));
    };
    let (filename, bytes) = received(ask)?;
    let (stem, ending) = filename.rsplit_once('.').ok_or_else(file_type)?;
    let ending = ending.to_lowercase();
    let (_, by_ending) = TYPES.iter().find(|(known, _)| *known == ending).ok_or_else(file_type)?;
    let mime_type = checked(by_ending, &bytes)?;
    let wordpress = place.wordpress;
    let _one_at_a_time = lock(&wordpress.gate);
    let there = of_site(&wordpress.media, &place.site.host);
    let moment = wordpress.moment();
    let folder = format!("{}/{}", &moment[..4], &moment[5..7]);
    // A second file of a name gets `-1`, in its address as well.
    let stem = html::slug(stem);
    let taken = |stem: &str| there.iter().any(|media| media.file == format!("{folder}/{stem}.{ending}"));
    let numbered = (1_u32..).map(|number| format!("{stem}-{number}"));
    let stem = std::iter::once(stem.clone()).chain(numbered).find(|stem| !taken(stem)).unwrap_or_default();
    let media = Media {
        id: wordpress.next_post_id()?,
        author: user.id,
        file: format!("{folder}/{stem}.{ending}"),
        slug: html::free(&stem, |name| there.iter().any(|media| media.slug == name)),
        title: ask.text("title").unwrap_or_else(|| stem.clone()),
        alt_text: ask.text("alt_text").unwrap_or_default(),
        caption: ask.text("caption").unwrap_or_default(),
        mime_type: mime_type.to_owned(),
        size_bytes: bytes.len() as u64,
        sha256: wordpress.world.blobs.put(&bytes)?,
        date_gmt: moment,
    };
    wordpress.media.put(&key(&place.site.host, media.id), &media)?;
    let location = place.api(&format!("/wp/v2/media/{}", media.id));
    Ok(Reply::created(show::media(place, &media), location))
}

/// Name and content of the file.
fn received(ask: &Ask<'_>) -> Result<(String, Bytes), RestError> {
    let bad = |code, message| errors::plain(StatusCode::BAD_REQUEST, code, message);
    let text = |name| ask.headers.get(name).and_then(|value: &http::HeaderValue| value.to_str().ok());
    let kind = text(header::CONTENT_TYPE);
    if kind.is_some_and(|kind| kind.starts_with("multipart/form-data")) {
        return ask.file.clone().ok_or_else(|| bad("rest_upload_no_data", "No data supplied."));
    }
    if ask.body.is_empty() {
        return Err(bad("rest_upload_no_data", "No data supplied."));
    }
    if kind.is_none() {
        return Err(bad("rest_upload_no_content_type", "No Content-Type supplied."));
    }
    let disposition = text(header::CONTENT_DISPOSITION)
        .ok_or_else(|| bad("rest_upload_no_content_disposition", "No Content-Disposition supplied."))?;
    let name = disposition.split(';').find_map(|part| part.trim().strip_prefix("filename="));
    let name = name.map(|name| name.trim_matches('"').to_owned()).filter(|name| !name.is_empty());
    let message = "Invalid Content-Disposition supplied. Content-Disposition needs to be formatted as \
                   `attachment; filename=\"image.png\"` or similar.";
    let name = name.ok_or_else(|| bad("rest_upload_invalid_disposition", message))?;
    Ok((name, ask.body.clone()))
}

/// The type of a file, which its content must not belie.
fn checked(by_ending: &'static str, bytes: &[u8]) -> Result<&'static str, RestError> {
    let by_content = page::sniff(bytes);
    let is_image = |kind: &str| kind.starts_with("image/");
    match (is_image(by_ending), is_image(by_content)) {
        (true, true) => Ok(by_content),
        (false, _) if by_ending == by_content || by_ending == "text/plain" => Ok(by_ending),
        (true, false) | (false, _) => Err(file_type()),
    }
}

/// `GET /wp/v2/media`
pub(super) fn list(place: Place<'_>, ask: &Ask<'_>) -> Result<Reply, RestError> {
    let slugs: Vec<String> = ask.list("slug").iter().map(|slug| html::slug(slug)).collect();
    let mut files = of_site(&place.wordpress.media, &place.site.host);
    files.retain(|media| slugs.is_empty() || slugs.contains(&media.slug));
    files.reverse();
    Reply::page(ask, files.iter().map(|media| show::media(place, media)).collect())
}

/// `GET /wp/v2/media/{id}`
pub(super) fn get(place: Place<'_>, id: &str) -> Result<Reply, RestError> {
    find(place, id).map(|media| Reply::ok(show::media(place, &media)))
}

/// `POST /wp/v2/media/{id}`
pub(super) fn update(place: Place<'_>, ask: &Ask<'_>, id: &str) -> Result<Reply, RestError> {
    let mut media = find(place, id)?;
    let may = |user: &super::state::User| user.id == media.author || user.may("edit_others_posts");
    if !ask.caller.as_ref().is_some_and(may) {
        return Err(ask.refused("rest_cannot_edit", "Sorry, you are not allowed to edit this post."));
    }
    for (name, place) in
        [("alt_text", &mut media.alt_text), ("caption", &mut media.caption), ("title", &mut media.title)]
    {
        if let Some(text) = ask.text(name) {
            *place = text;
        }
    }
    place.wordpress.media.put(&key(&place.site.host, media.id), &media)?;
    Ok(Reply::ok(show::media(place, &media)))
}

fn find(place: Place<'_>, id: &str) -> Result<Media, RestError> {
    let found = id.parse().ok().and_then(|id| place.wordpress.media.get(&key(&place.site.host, id)));
    found.ok_or_else(invalid_id)
}
