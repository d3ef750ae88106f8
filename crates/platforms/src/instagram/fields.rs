//! What a container is made of: the author's text, media and settings in the platform's words.

use connector::{Cx, Failure, MediaItem, MediaKind, Publication};
use domain::Class;
use serde_json::{Value, json};

use super::NAME;
use super::access::Access;
use super::state::Kind;

/// The parameters of a container.
pub(super) type Fields = Vec<(&'static str, String)>;

const CAROUSEL_MAX: usize = 10;
const JPEG: &str = "image/jpeg";

/// Says at once what cannot be published, in place of leaving something out.
pub(super) fn refuse_unsupported(to: &Publication) -> Result<(), Failure> {
    let count = |kind: MediaKind| to.media.iter().filter(|item| item.kind == kind).count();
    let (videos, all) = (count(MediaKind::Video), to.media.len());
    let refuse = |class: Class, what: &str| Err(Failure::before_sending(class, format!("{NAME} {what}")));
    if all == 0 {
        return refuse(Class::ContentRejected, "needs an image or a video; attach one.");
    }
    if count(MediaKind::Document) > 0 {
        return refuse(Class::MediaFailed, "takes no documents; attach images or a video.");
    }
    match Kind::of(to) {
        kind if kind.is_reel() && (videos != 1 || all != 1) => {
            return refuse(Class::ContentRejected, "needs one video and nothing else for a reel.");
        }
        kind if kind.is_story() && all != 1 => {
            return refuse(Class::ContentRejected, "needs one image or one video for a story.");
        }
        Kind::Carousel if all > CAROUSEL_MAX => {
            return refuse(Class::ContentRejected, "takes at most 10 media in one post.");
        }
        _ => {}
    }
    let is_foreign = |item: &&MediaItem| item.kind == MediaKind::Image && item.content_type != JPEG;
    match to.media.iter().find(is_foreign) {
        Some(item) => {
            let what = format!("takes images as JPEG only; \"{}\" is another kind.", item.filename);
            refuse(Class::MediaFailed, &what)
        }
        None => Ok(()),
    }
}

/// The container of one of a carousel's media.
pub(super) fn child(cx: &Cx<'_>, to: &Publication, place: usize) -> Result<Fields, Failure> {
    let Some(item) = to.media.get(place) else { return Ok(Fields::new()) };
    let mut fields = vec![("is_carousel_item", "true".to_owned())];
    if item.kind == MediaKind::Video {
        fields.push(("media_type", "VIDEO".to_owned()));
    }
    file(cx, item, &mut fields)?;
    about_image(to, item, place, &mut fields);
    fields.extend(user_tags(to, item, place));
    Ok(fields)
}

/// The container of the post. A carousel's names those of its media.
pub(super) fn post(cx: &Cx<'_>, to: &Publication, children: &[String]) -> Result<Fields, Failure> {
    let kind = Kind::of(to);
    let mut fields = Fields::new();
    match kind {
        Kind::Image => {}
        Kind::Carousel => {
            fields.push(("media_type", "CAROUSEL".to_owned()));
            fields.push(("children", children.join(",")));
        }
        Kind::Reel | Kind::TrialReel => fields.push(("media_type", "REELS".to_owned())),
        Kind::ImageStory | Kind::VideoStory => fields.push(("media_type", "STORIES".to_owned())),
    }
    if let Some(item) = to.media.first().filter(|_| kind != Kind::Carousel) {
        file(cx, item, &mut fields)?;
        if kind == Kind::Image {
            about_image(to, item, 0, &mut fields);
        }
        fields.extend(user_tags(to, item, 0));
    }
    if kind.is_story() {
        return Ok(fields);
    }
    if !to.text.is_empty() {
        fields.push(("caption", to.text.clone()));
    }
    fields.extend(location(to).map(|place| ("location_id", place)));
    let collaborators = names(to.settings.0.get("collaborators"));
    if !collaborators.is_empty() {
        fields.push(("collaborators", json!(collaborators).to_string()));
    }
    if kind.is_reel() {
        about_reel(to, kind, &mut fields);
    }
    Ok(fields)
}

/// Where the platform gets the file from: bytes that follow where it takes them, else an address.
fn file(cx: &Cx<'_>, item: &MediaItem, fields: &mut Fields) -> Result<(), Failure> {
    let is_video = item.kind == MediaKind::Video;
    if is_video && Access::of(cx.credentials).takes_bytes() {
        fields.push(("upload_type", "resumable".to_owned()));
        return Ok(());
    }
    let name = if is_video { "video_url" } else { "image_url" };
    fields.push((name, cx.media.public_url(item.id)?.into()));
    Ok(())
}

/// The description of an image: its own, else the one in the settings, which is one text for all
/// images or a list of texts.
fn about_image(to: &Publication, item: &MediaItem, place: usize, fields: &mut Fields) {
    if item.kind != MediaKind::Image {
        return;
    }
    let setting = to.settings.0.get("altText");
    let listed = || setting.and_then(|texts| texts.get(place).or(Some(texts))).and_then(Value::as_str);
    let text = item.alt_text.as_deref().filter(|text| !text.is_empty()).or_else(listed);
    fields.extend(text.filter(|text| !text.is_empty()).map(|text| ("alt_text", text.to_owned())));
}

fn about_reel(to: &Publication, kind: Kind, fields: &mut Fields) {
    let settings = &to.settings;
    // An address wins over a moment of the film.
    if let Some(cover) = settings.text("coverUrl") {
        fields.push(("cover_url", cover.to_owned()));
    } else if let Some(offset) = settings.0.get("coverPhotoTimestamp").and_then(Value::as_f64) {
        #[expect(clippy::cast_possible_truncation, reason = "films are far shorter than 2^53 ms")]
        let offset_ms = (offset * 1_000.0).round().max(0.0) as i64;
        fields.push(("thumb_offset", offset_ms.to_string()));
    }
    fields.extend(settings.text("audioName").map(|name| ("audio_name", name.to_owned())));
    fields.extend(settings.flag("shareToFeed").map(|share| ("share_to_feed", share.to_string())));
    if kind == Kind::TrialReel {
        let wanted = settings.text("graduationStrategy").filter(|named| *named == "SS_PERFORMANCE");
        let params = json!({ "graduation_strategy": wanted.unwrap_or("MANUAL") });
        fields.push(("trial_params", params.to_string()));
    }
}

/// Ids arrive as text or as numbers.
fn location(to: &Publication) -> Option<String> {
    let number = to.settings.0.get("locationId").and_then(Value::as_u64);
    to.settings.text("locationId").map(ToOwned::to_owned).or_else(|| number.map(|id| id.to_string()))
}

/// The people who are tagged on this file. An entry is a name, or `{"username", "x", "y"}` with
/// `mediaIndex` for a file other than the first.
fn user_tags(to: &Publication, item: &MediaItem, place: usize) -> Option<(&'static str, String)> {
    let listed = to.settings.0.get("userTags")?.as_array()?;
    let is_here = |entry: &&Value| {
        let index = entry.get("mediaIndex").and_then(Value::as_u64).unwrap_or(0);
        usize::try_from(index) == Ok(place)
    };
    let needs_place = item.kind == MediaKind::Image;
    let tag = |entry: &Value| {
        let name = entry.as_str().or_else(|| entry.get("username")?.as_str())?.trim_start_matches('@');
        let at = |axis: &str| entry.get(axis).and_then(Value::as_f64).unwrap_or(0.5).clamp(0.0, 1.0);
        Some(if needs_place {
            json!({ "username": name, "x": at("x"), "y": at("y") })
        } else {
            json!({ "username": name })
        })
    };
    let tags: Vec<Value> = listed.iter().filter(is_here).filter_map(tag).collect();
    (!tags.is_empty()).then(|| ("user_tags", Value::from(tags).to_string()))
}

/// A list of names, or a text with commas.
fn names(value: Option<&Value>) -> Vec<String> {
    let clean = |name: &str| name.trim().trim_start_matches('@').to_owned();
    let all: Vec<String> = match value {
        Some(Value::String(text)) => text.split(',').map(clean).collect(),
        Some(Value::Array(list)) => list.iter().filter_map(Value::as_str).map(clean).collect(),
        _ => Vec::new(),
    };
    all.into_iter().filter(|name| !name.is_empty()).collect()
}
