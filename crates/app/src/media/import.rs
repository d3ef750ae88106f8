//! Files that are fetched from a public address: images at once, videos behind the caller's back.

use std::time::Duration;

use ::media::{Kind, MediaFiles, Received, first_look};
use net::{Download, DownloadError};
use store::{BeginMedia, MediaRow, MediaWorkKind};
use url::Url;

use super::add::keep;
use super::complete::look;
use super::{MediaView, awaited, internal, over_quota, stored_size, too_large, view};
use crate::{App, AppError, Caller, limits};

/// How long a caller waits for an image.
const IMAGE_WITHIN: Duration = Duration::from_mins(1);
/// The longest address that is taken, in bytes.
const URL_MAX: usize = 4_096;

/// Puts what is at a public address into the library. An image is ready when this returns; a video
/// is fetched later, and the item is `uploading` until then.
///
/// # Errors
/// When the address is not public, cannot be reached, or holds no image and no MP4.
pub async fn import(
    app: &App,
    caller: &Caller,
    address: &str,
    filename: Option<&str>,
) -> Result<MediaView, AppError> {
    let url = check_address(address)?;
    let at_once = async {
        let mut download = app.outside.guarded.open(&url, None).await.map_err(unreachable)?;
        let head = read_head(&mut download).await?;
        match first_look(&head) {
            Some(Kind::Image) => {
                let received = receive(app, &mut download, &head).await?;
                import_image(app, caller, &url, filename, received).await
            }
            Some(Kind::Video) => import_video(app, caller, &url, filename, download.size_bytes).await,
            Some(Kind::Document) | None => Err(unsupported(&download, &head)),
        }
    };
    match tokio::time::timeout(IMAGE_WITHIN, at_once).await {
        Ok(outcome) => outcome,
        Err(_) => Err(unreachable(DownloadError {
            reason: "the file did not come within a minute".to_owned(),
            may_pass: true,
            changed: false,
        })),
    }
}

fn check_address(address: &str) -> Result<Url, AppError> {
    let wrong = |message: &str| AppError::validation("url", message);
    if address.len() > URL_MAX {
        return Err(wrong("url is too long."));
    }
    let url = Url::parse(address.trim())
        .map_err(|_| wrong("url must be an address such as https://example.org/a.jpg."))?;
    if !matches!(url.scheme(), "http" | "https") || !url.has_host() {
        return Err(wrong("url must begin with https:// or http://."));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(wrong("url must not hold a user name or a password."));
    }
    Ok(url)
}

/// As many bytes as tell an image or a video from other files.
async fn read_head(download: &mut Download) -> Result<Vec<u8>, AppError> {
    const ENOUGH: usize = 64;
    let mut head = Vec::new();
    while head.len() < ENOUGH {
        match download.next().await.map_err(unreachable)? {
            Some(bytes) => head.extend_from_slice(&bytes),
            None => break,
        }
    }
    Ok(head)
}

async fn receive(app: &App, download: &mut Download, head: &[u8]) -> Result<Received, AppError> {
    let most = app.media_limits.image_by_url_bytes;
    if download.size_bytes.is_some_and(|size| size > most) {
        return Err(too_large(Kind::Image, most));
    }
    let files: &MediaFiles = &app.media;
    let mut receiving = files.receive().await.map_err(internal)?;
    receiving.write(head).await.map_err(internal)?;
    while let Some(bytes) = download.next().await.map_err(unreachable)? {
        receiving.write(&bytes).await.map_err(internal)?;
        if receiving.size_bytes() > most {
            return Err(too_large(Kind::Image, most));
        }
    }
    receiving.finish().await.map_err(internal)
}

async fn import_image(
    app: &App,
    caller: &Caller,
    url: &Url,
    filename: Option<&str>,
    received: Received,
) -> Result<MediaView, AppError> {
    let probe =
        look(app, received.path(), Some("image"), "an image").await.map_err(
            |refused| match AppError::from(refused) {
                AppError::Validation { message, .. } => AppError::validation("url", message),
                other => other,
            },
        )?;
    let row = row(app, caller, url, filename, (probe.content_type, Kind::Image));
    keep(app, caller.organization_id, row, &probe, received).await
}

async fn import_video(
    app: &App,
    caller: &Caller,
    url: &Url,
    filename: Option<&str>,
    size: Option<u64>,
) -> Result<MediaView, AppError> {
    let most = app.media_limits.video_by_url_bytes;
    if size.is_some_and(|size| size > most) {
        return Err(too_large(Kind::Video, most));
    }
    let mut row = row(app, caller, url, filename, ("video/mp4", Kind::Video));
    row.size_bytes = size.map_or(0, stored_size);
    // However long it takes: it ends by itself.
    row.expires_at = None;
    let quota = limits::of_caller(app, caller).storage_bytes;
    let begun = app
        .store
        .begin_media(caller.organization_id, row.clone(), Some(MediaWorkKind::Import), quota)
        .await?;
    match begun {
        BeginMedia::Begun => {}
        BeginMedia::OverQuota(used) => return Err(over_quota(used, quota)),
    }
    (app.wake_media)();
    Ok(view(app, caller.organization_id, row))
}

fn row(
    app: &App,
    caller: &Caller,
    url: &Url,
    filename: Option<&str>,
    (content_type, kind): (&str, Kind),
) -> MediaRow {
    let last = url.path_segments().and_then(|mut parts| parts.next_back()).unwrap_or_default();
    let name = filename.map_or_else(|| decoded(last), ToOwned::to_owned);
    let mut row = awaited(app, caller.workspace_id, &name, content_type, kind);
    "url".clone_into(&mut row.arrives_by);
    row.source_url = Some(url.to_string());
    row
}

/// A part of a path without its escapes.
fn decoded(part: &str) -> String {
    // A form's text has the same escapes, but for the plus sign.
    let form = format!("a={}", part.replace('+', "%2B").replace('&', "%26"));
    url::form_urlencoded::parse(form.as_bytes())
        .next()
        .map(|(_, value)| value.into_owned())
        .unwrap_or_default()
}

#[expect(clippy::needless_pass_by_value, reason = "it stands where errors are mapped")]
fn unreachable(error: DownloadError) -> AppError {
    AppError::validation("url", format!("The file at this address cannot be fetched: {}.", error.reason))
}

fn unsupported(download: &Download, head: &[u8]) -> AppError {
    if head.is_empty() {
        return AppError::validation("url", "There is an empty file at this address.");
    }
    let said: String = download.content_type.chars().take(100).collect();
    let said = if said.is_empty() { String::new() } else { format!(" (it is served as {said})") };
    AppError::UnsupportedMediaType(format!(
        "Only images (JPEG, PNG, GIF, WebP, HEIC) and MP4 videos are fetched from an address{said}; \
         upload other files in three steps, beginning with POST /v1/media/upload."
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_web_addresses_are_taken() {
        for address in
            ["https://example.org/a.jpg", " http://example.org ", "https://example.org:8443/a?b=c#d"]
        {
            assert!(check_address(address).is_ok(), "{address}");
        }
        for address in [
            "",
            "a.jpg",
            "//example.org/a",
            "ftp://example.org/a",
            "file:///etc/passwd",
            "data:image/png;base64,AA",
            "https://ana:secret@example.org/a.jpg",
            "javascript:alert(1)",
            "https://",
        ] {
            assert!(matches!(check_address(address), Err(AppError::Validation { .. })), "{address}");
        }
        assert!(check_address(&format!("https://example.org/{}", "a".repeat(5_000))).is_err());
    }

    #[test]
    fn a_name_in_a_path_loses_its_escapes() {
        assert_eq!(decoded("our%20caf%C3%A9+1&2.jpg"), "our café+1&2.jpg");
        assert_eq!(decoded(""), "");
    }
}
