//! What is said of a post: who sees it, its words and what it is marked as.

use serde_json::{Map, Value, json};

use super::creator::privacy_options;
use super::errors::{Refused, forbidden, parameter};
use super::request::Object;
use super::state::{Draft, UNAUDITED_KEY};
use super::tokens::Caller;

const CAPTION_MAX: usize = 2_200;
const DESCRIPTION_MAX: usize = 4_000;
const TITLE_MAX: usize = 90;

/// A video that is posted at once.
pub(super) fn video(caller: &Caller, info: &Object<'_>) -> Result<Draft, Refused> {
    let privacy = privacy(caller, info)?;
    let title = at_most(CAPTION_MAX, "title", info.text("title")?)?;
    let modes = &caller.user.modes;
    let switches = [
        ("disable_comment", modes.comment_disabled),
        ("disable_duet", modes.duet_disabled),
        ("disable_stitch", modes.stitch_disabled),
    ];
    let mut more = labels(info, &privacy)?;
    for (name, is_off) in switches {
        more.insert(name.to_owned(), json!(info.flag(name)? || is_off));
    }
    if let Some(cover) = info.number("video_cover_timestamp_ms")? {
        more.insert("video_cover_timestamp_ms".to_owned(), json!(cover));
    }
    Ok(Draft { direct: true, title, privacy, more, ..empty(caller, false) })
}

/// Photos; drafts have their words alone.
pub(super) fn photos(
    caller: &Caller,
    info: &Object<'_>,
    source: &Object<'_>,
    direct: bool,
) -> Result<Draft, Refused> {
    let title = at_most(TITLE_MAX, "title", info.text("title")?)?;
    let description = at_most(DESCRIPTION_MAX, "description", info.text("description")?)?;
    let plain = Draft { title, description, ..empty(caller, true) };
    if !direct {
        return Ok(plain);
    }
    let privacy = privacy(caller, info)?;
    let mut more = labels(info, &privacy)?;
    let no_comments = info.flag("disable_comment")? || caller.user.modes.comment_disabled;
    more.insert("disable_comment".to_owned(), json!(no_comments));
    more.insert("auto_add_music".to_owned(), json!(info.flag("auto_add_music")?));
    more.insert("photo_cover_index".to_owned(), json!(source.number("photo_cover_index")?.unwrap_or(0)));
    Ok(Draft { direct, privacy, more, ..plain })
}

/// What a post is before anything is said of it.
pub(super) fn empty(caller: &Caller, photos: bool) -> Draft {
    Draft {
        user: caller.user.id.clone(),
        app: caller.app.clone(),
        direct: false,
        photos,
        title: String::new(),
        description: String::new(),
        privacy: String::new(),
        more: Map::new(),
    }
}

/// Who shall see the post, if the account and the app allow it.
fn privacy(caller: &Caller, info: &Object<'_>) -> Result<String, Refused> {
    let wanted = info.text("privacy_level")?.ok_or_else(|| parameter("privacy_level is required."))?;
    if caller.app == UNAUDITED_KEY && (wanted != "SELF_ONLY" || !caller.user.modes.private) {
        let message = "Please review our integration guidelines: unaudited clients post to private accounts.";
        return Err(forbidden("unaudited_client_can_only_post_to_private_accounts", message));
    }
    if !privacy_options(&caller.user).contains(&wanted) {
        let message = "The privacy level is not one of privacy_level_options of the creator info.";
        return Err(forbidden("privacy_level_option_mismatch", message));
    }
    Ok(wanted.to_owned())
}

/// What a post is marked as.
fn labels(info: &Object<'_>, privacy: &str) -> Result<Map<String, Value>, Refused> {
    let mut more = Map::new();
    for name in ["brand_content_toggle", "brand_organic_toggle", "is_aigc"] {
        more.insert(name.to_owned(), json!(info.flag(name)?));
    }
    if info.flag("brand_content_toggle")? && privacy == "SELF_ONLY" {
        return Err(parameter("Branded content cannot be private."));
    }
    Ok(more)
}

fn at_most(max: usize, name: &str, text: Option<&str>) -> Result<String, Refused> {
    let text = text.unwrap_or_default();
    if text.encode_utf16().count() > max {
        return Err(parameter(&format!("{name} must have at most {max} UTF-16 code units.")));
    }
    Ok(text.to_owned())
}
