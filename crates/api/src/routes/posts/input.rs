//! Bodies of posts: their documented shape, and reading them member by member.

use app::posts::{NewPost, PlatformContent, PlatformContentItem, PostPatch};
use domain::{PlatformName, Settings, Timestamp};
use serde_json::{Map, Value};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::error::ApiError;
use crate::fields::{Fields, text, wrong};
use crate::wire::PlatformContentEntry;

/// A post to be made. Members that only answers carry are ignored, so that a fetched post can be
/// sent back.
#[derive(ToSchema)]
#[expect(dead_code, reason = "the shape for the document; bodies are read member by member")]
pub(crate) struct CreatePostRequest {
    /// The text. Needed unless media or per-platform content carries the post.
    #[schema(required = false)]
    content: Option<String>,
    /// The accounts. Needed unless it is a draft.
    #[schema(required = false, max_items = 500)]
    account_ids: Option<Vec<i64>>,
    /// When it goes out, in the future; without it, at once. A time without an offset is UTC.
    #[schema(required = false, format = DateTime)]
    scheduled_for: Option<String>,
    /// IANA time zone for display; `UTC` by default.
    #[schema(required = false, example = "Europe/Berlin")]
    timezone: Option<String>,
    /// Media from the library, in order.
    #[schema(required = false, max_items = 100)]
    media_ids: Option<Vec<Uuid>>,
    /// By platform: `content`, `contentType`, `settings`.
    #[schema(required = false, value_type = Option<std::collections::BTreeMap<String, PlatformContentEntry>>)]
    platform_content: Option<Value>,
    /// Parts 2..n of a thread; `content` is part 1.
    #[schema(required = false, max_items = 100)]
    thread_posts: Option<Vec<String>>,
    /// The campaign. Has no effect on drafts.
    #[schema(required = false)]
    campaign_id: Option<i64>,
    /// Save without publishing.
    #[schema(required = false)]
    draft: Option<bool>,
    /// Publish at once: the same as leaving the time out.
    #[schema(required = false)]
    publish_now: Option<bool>,
    /// Take the next free slot of the posting queue.
    #[schema(required = false)]
    use_queue: Option<bool>,
    /// Take it even where an account gets the same within 24 hours, on a server that refuses that.
    #[schema(required = false)]
    allow_duplicate: Option<bool>,
    /// Let it wait until somebody with a key that may approve has approved it.
    #[schema(required = false)]
    request_approval: Option<bool>,
}

/// What to change in a post; at least one member.
#[derive(ToSchema)]
#[expect(dead_code, reason = "the shape for the document; bodies are read member by member")]
pub(crate) struct UpdatePostRequest {
    /// Replaces the text.
    #[schema(required = false)]
    content: Option<String>,
    /// Replaces the accounts.
    #[schema(required = false, max_items = 500)]
    account_ids: Option<Vec<i64>>,
    /// Moves it; in the future.
    #[schema(required = false, format = DateTime)]
    scheduled_for: Option<String>,
    /// IANA time zone for display.
    #[schema(required = false)]
    timezone: Option<String>,
    /// Replaces the whole media set.
    #[schema(required = false, max_items = 100)]
    media_ids: Option<Vec<Uuid>>,
    /// Merged into what is there.
    #[schema(required = false, value_type = Option<std::collections::BTreeMap<String, PlatformContentEntry>>)]
    platform_content: Option<Value>,
    /// Replaces the further parts.
    #[schema(required = false, max_items = 100)]
    thread_posts: Option<Vec<String>>,
    /// Moves it into another campaign; null for none. Has no effect on drafts.
    #[schema(required = false)]
    campaign_id: Option<i64>,
    /// Take it even where an account gets the same within 24 hours, on a server that refuses that.
    #[schema(required = false)]
    allow_duplicate: Option<bool>,
    /// Let it wait until somebody with a key that may approve has approved it.
    #[schema(required = false)]
    request_approval: Option<bool>,
}

const CHANGEABLE: [&str; 11] = [
    "content",
    "account_ids",
    "scheduled_for",
    "scheduled_at",
    "timezone",
    "media_ids",
    "platform_content",
    "thread_posts",
    "threadPosts",
    "campaign_id",
    "request_approval",
];

/// The longest note, in characters.
const NOTE_MAX: usize = 2_000;

/// What is said with a step of an approval; `None` where nothing is.
pub(super) fn note(fields: &Fields<'_>) -> Result<Option<String>, ApiError> {
    let Some(note) = fields.text("note")? else { return Ok(None) };
    if note.chars().count() > NOTE_MAX {
        return Err(ApiError::validation("note", format!("note must have {NOTE_MAX} characters at most.")));
    }
    let note = note.trim();
    Ok((!note.is_empty()).then(|| note.to_owned()))
}

/// Reads the body of a post to be made.
pub(super) fn new_post(body: &Value) -> Result<NewPost, ApiError> {
    let fields = Fields::of(body)?;
    fields.refuse_wrong_names()?;
    let scheduled_for = time(&fields)?;
    let publish_now = fields.flag("publish_now")?;
    let use_queue = fields.flag("use_queue")?.unwrap_or(false);
    let draft = fields.flag("draft")?.unwrap_or(false);
    if publish_now == Some(true) && scheduled_for.is_some() {
        return Err(ApiError::validation("publish_now", "Send publish_now or scheduled_for, not both."));
    }
    if use_queue && (scheduled_for.is_some() || publish_now == Some(true)) {
        return Err(ApiError::validation("use_queue", "Send use_queue or a time, not both."));
    }
    if publish_now == Some(true) && draft {
        return Err(ApiError::validation("publish_now", "Send publish_now or draft, not both."));
    }
    // What is public cannot be called back, so "not now" without another time is not taken for now.
    if publish_now == Some(false) && scheduled_for.is_none() && !draft && !use_queue {
        let message = "publish_now is false: send scheduled_for or draft: true with it, or leave it out.";
        return Err(ApiError::validation("publish_now", message));
    }
    Ok(NewPost {
        content: fields.text("content")?.unwrap_or_default(),
        account_ids: fields.account_ids()?.unwrap_or_default(),
        scheduled_for,
        timezone: fields.text("timezone")?,
        media_ids: fields.media_ids()?.unwrap_or_default(),
        platform_content: platform_content(&fields)?.unwrap_or_default(),
        thread_posts: fields.thread_posts()?.unwrap_or_default(),
        campaign_id: fields.campaign_id()?,
        draft,
        use_queue,
        allow_duplicate: fields.flag("allow_duplicate")?.unwrap_or(false),
        request_approval: fields.flag("request_approval")?.unwrap_or(false),
        once_as: None,
    })
}

/// Reads the body of a change.
pub(super) fn patch(body: &Value) -> Result<PostPatch, ApiError> {
    let fields = Fields::of(body)?;
    fields.refuse_wrong_names()?;
    if fields.has_none_of(&CHANGEABLE) && !fields.names("campaign_id") {
        return Err(ApiError::validation("body", "Send at least one field to change."));
    }
    Ok(PostPatch {
        content: fields.text("content")?,
        account_ids: fields.account_ids()?,
        scheduled_for: time(&fields)?,
        timezone: fields.text("timezone")?,
        media_ids: fields.media_ids()?,
        platform_content: platform_content(&fields)?,
        thread_posts: fields.thread_posts()?,
        campaign_id: fields.clearable_campaign_id()?,
        allow_duplicate: fields.flag("allow_duplicate")?.unwrap_or(false),
        request_approval: fields.flag("request_approval")?.unwrap_or(false),
    })
}

/// `scheduled_for`, or its deprecated name `scheduled_at`.
pub(super) fn time(fields: &Fields<'_>) -> Result<Option<Timestamp>, ApiError> {
    let (newer, older) = (fields.time("scheduled_for")?, fields.time("scheduled_at")?);
    Ok(newer.or(older))
}

/// Settings that some callers put beside `content` instead of into `settings`.
const LOOSE_SETTINGS: [&str; 6] = ["title", "description", "privacy", "tags", "made_for_kids", "is_short"];

fn platform_content(fields: &Fields<'_>) -> Result<Option<PlatformContent>, ApiError> {
    let Some(platforms) = fields.object("platform_content")? else { return Ok(None) };
    let mut content = PlatformContent::new();
    for (name, value) in platforms {
        let path = format!("platform_content.{name}");
        let members = value.as_object().ok_or_else(|| wrong(&path, "an object", value))?;
        let item = platform_item(members, &path)?;
        if content.insert(PlatformName::from_text(name).as_str().to_owned(), item).is_some() {
            let message = "platform_content.twitter and platform_content.x are the same; send one of them.";
            return Err(ApiError::validation(&path, message));
        }
    }
    Ok(Some(content))
}

fn platform_item(members: &Map<String, Value>, path: &str) -> Result<PlatformContentItem, ApiError> {
    let member = |name: &str| members.get(name).filter(|value| !value.is_null());
    let optional_text =
        |name: &str| member(name).map(|value| text(value, &format!("{path}.{name}"))).transpose();
    let settings = match member("settings") {
        None => Map::new(),
        Some(value) => value
            .as_object()
            .cloned()
            .ok_or_else(|| wrong(&format!("{path}.settings"), "an object", value))?,
    };
    let mut settings = Settings(settings);
    for name in LOOSE_SETTINGS {
        if let (Some(value), false) = (member(name), settings.0.contains_key(name)) {
            settings.0.insert(name.to_owned(), value.clone());
        }
    }
    Ok(PlatformContentItem {
        content: optional_text("content")?,
        content_type: optional_text("contentType")?
            .map_or_else(|| optional_text("content_type"), |t| Ok(Some(t)))?,
        settings,
    })
}
