//! What goes into a new pin.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use connector::{Cx, Failure, MediaItem, MediaKind, Publication};
use domain::{Class, Settings};

use super::NAME;
use super::boards;
use super::state::State;
use super::wire::{NewPin, Slot, Source};

const CAROUSEL_MAX: usize = 5;
/// The second of a film that is its cover, where nothing else is asked for.
const COVER_SECOND: u64 = 1;

/// Refuses what Pinterest would refuse, before anything is sent.
pub(super) fn check(to: &Publication) -> Result<(), Failure> {
    let refuse = |class, public: String| Err(Failure::before_sending(class, public));
    let is_all = |kind| to.media.iter().all(|item: &MediaItem| item.kind == kind);
    match to.media.as_slice() {
        [] => refuse(
            Class::ContentRejected,
            format!("A pin needs an image or a video; {NAME} takes no text alone."),
        ),
        [item] if item.kind == MediaKind::Video => Ok(()),
        items if is_all(MediaKind::Image) && items.len() <= CAROUSEL_MAX => images(items),
        _ if is_all(MediaKind::Image) => {
            refuse(Class::ContentRejected, format!("A pin takes at most {CAROUSEL_MAX} images."))
        }
        _ => refuse(Class::ContentRejected, "A pin takes images or one video.".to_owned()),
    }?;
    match dominant_color(&to.settings) {
        Some(color) if !is_color(color) => {
            refuse(Class::ContentRejected, "dominantColor must be like #6E7874.".to_owned())
        }
        _ => Ok(()),
    }
}

fn images(items: &[MediaItem]) -> Result<(), Failure> {
    for item in items {
        if !matches!(item.content_type.as_str(), "image/jpeg" | "image/png") {
            let public = format!("{} is {}; {NAME} takes JPEG and PNG.", item.filename, item.content_type);
            return Err(Failure::before_sending(Class::MediaFailed, public));
        }
    }
    Ok(())
}

fn dominant_color(settings: &Settings) -> Option<&str> {
    settings.text("dominantColor").or_else(|| settings.text("dominant_color"))
}

fn is_color(text: &str) -> bool {
    text.strip_prefix('#')
        .is_some_and(|hex| hex.len() == 6 && hex.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

/// The title, the link and the words of a pin.
pub(super) fn title(to: &Publication) -> Option<&str> {
    to.settings.text("title").filter(|text| !text.trim().is_empty())
}

pub(super) fn link(to: &Publication) -> Option<&str> {
    to.settings.text("link").map(str::trim).filter(|text| !text.is_empty())
}

pub(super) fn description(to: &Publication) -> Option<&str> {
    Some(to.text.as_str()).filter(|text| !text.trim().is_empty())
}

/// A pin has one description for those who do not see it: the first file's, else the one in the
/// settings, which is a text or a list of texts.
pub(super) fn alt_text(to: &Publication) -> Option<&str> {
    let own = to.media.iter().find_map(|item| item.alt_text.as_deref());
    let setting = to.settings.0.get("altText");
    let listed = || setting.and_then(|texts| texts.get(0).or(Some(texts))).and_then(|text| text.as_str());
    own.or_else(listed).filter(|text| !text.trim().is_empty())
}

/// The new pin, with its pictures inside.
pub(super) async fn new_pin<'a>(
    cx: &Cx<'_>,
    to: &'a Publication,
    at: &'a State,
) -> Result<NewPin<'a>, Failure> {
    Ok(NewPin {
        board_id: at.board_id.as_deref().unwrap_or_default(),
        board_section_id: boards::section(&to.settings),
        title: title(to),
        description: description(to),
        link: link(to),
        alt_text: alt_text(to),
        dominant_color: dominant_color(&to.settings),
        media_source: source(cx, to, at).await?,
    })
}

async fn source<'a>(cx: &Cx<'_>, to: &'a Publication, at: &'a State) -> Result<Source<'a>, Failure> {
    if let Some(media_id) = &at.media_id {
        let cover_image_url = to.settings.text("coverUrl");
        let given = to.settings.0.get("coverTime");
        let second = given
            .and_then(|value| value.as_u64().or_else(|| value.as_str().and_then(|text| text.parse().ok())));
        return Ok(Source::VideoId {
            media_id,
            cover_image_url,
            cover_image_key_frame_time: match cover_image_url {
                Some(_) => None,
                None => Some(second.unwrap_or(COVER_SECOND)),
            },
        });
    }
    let mut items = Vec::with_capacity(to.media.len());
    for item in &to.media {
        let bytes = cx.media.read(item.id, 0, item.size_bytes).await?;
        items.push(Slot { content_type: &item.content_type, data: STANDARD.encode(&bytes) });
    }
    match items.pop() {
        Some(Slot { content_type, data }) if items.is_empty() => {
            Ok(Source::ImageBase64 { content_type, data })
        }
        Some(last) => {
            items.push(last);
            Ok(Source::MultipleImageBase64 { index: 0, items })
        }
        None => Err(Failure::before_sending(Class::ContentRejected, "A pin needs an image or a video.")),
    }
}
