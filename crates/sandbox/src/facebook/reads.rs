//! What a Page reads back: its posts, videos and stories, and figures.

use domain::Timestamp;
use serde_json::{Value, json};

use super::state::{Facebook, Kind, Post};
use super::{nodes, pages};
use crate::core::figures::{Figures, followers};
use crate::core::page::sniff;
use crate::meta::asked::Asked;
use crate::meta::error::GraphError;
use crate::meta::fields::{parse, project};
use crate::meta::page_cursor::page as page_of_list;
use crate::meta::request::GraphRequest;

/// A moment as Graph writes it.
pub(super) fn time(moment: Timestamp) -> String {
    let iso = moment.to_iso_millis();
    format!("{}+0000", iso.split('.').next().unwrap_or(&iso))
}

/// A moment as a caller writes it: seconds since 1970 or ISO 8601.
fn moment(text: &str) -> Option<Timestamp> {
    text.parse().map(Timestamp::from_seconds).ok().or_else(|| Timestamp::parse(text).ok())
}

/// `GET /{page}/feed`, `posts`, `published_posts`
pub(super) fn posts(facebook: &Facebook, asked: &Asked, id: &str) -> Result<Value, GraphError> {
    let request = &asked.request;
    let (_, page) = facebook.reading(request, id, "pages_read_engagement")?;
    let bound = |name: &str| request.text(name).and_then(moment);
    let (since, until) = (bound("since"), bound("until"));
    let fields = parse(request.text("fields").unwrap_or("id,message,created_time"));
    let all = facebook
        .visible_posts(&page.id)
        .into_iter()
        .filter(|post| since.is_none_or(|since| post.visible_at >= since))
        .filter(|post| until.is_none_or(|until| post.visible_at <= until))
        .map(|post| Ok((post.id.clone(), project(&nodes::post(facebook, asked, &post), &fields, "Post")?)))
        .collect::<Result<Vec<_>, GraphError>>()?;
    Ok(page_of_list(request, &asked.origin, all, 25))
}

/// `GET /{page}/video_reels`, `videos`: newest first
pub(super) fn videos(facebook: &Facebook, asked: &Asked, id: &str, edge: &str) -> Result<Value, GraphError> {
    let (_, page) = facebook.reading(&asked.request, id, "pages_read_engagement")?;
    let fields = parse(asked.request.text("fields").unwrap_or("id,description,updated_time"));
    let now = facebook.world.now();
    let mut found = facebook.videos.list();
    found.reverse();
    let is_shown = |video: &super::state::Video| {
        let of_edge =
            if edge == "video_reels" { video.kind == Kind::Reel } else { video.kind != Kind::Story };
        video.page == page.id
            && of_edge
            && !video.deleted
            && video.post.is_some()
            && video.ready_at.is_some_and(|ready_at| ready_at <= now)
    };
    let all = found
        .into_iter()
        .filter(|(_, video)| is_shown(video))
        .map(|(id, video)| Ok((id, project(&nodes::video(facebook, asked, &video), &fields, "Video")?)))
        .collect::<Result<Vec<_>, GraphError>>()?;
    Ok(page_of_list(&asked.request, &asked.origin, all, 25))
}

/// `GET /{page}/stories`: newest first
pub(super) fn stories(facebook: &Facebook, asked: &Asked, id: &str) -> Result<Value, GraphError> {
    let (_, page) = facebook.reading(&asked.request, id, "pages_read_engagement")?;
    let now = facebook.world.now();
    let mut found: Vec<Post> = facebook.posts.read(|rows| {
        let is_shown = |post: &&Post| {
            post.page == page.id && post.kind == Kind::Story && !post.deleted && post.visible_at <= now
        };
        rows.values().filter(is_shown).cloned().collect()
    });
    found.reverse();
    let shown = |post: Post| {
        let is_over = post.visible_at + domain::Span::from_days(1) <= now;
        let media = post.video.clone().or_else(|| post.photos.first().cloned());
        let value = json!({
            "post_id": super::stories::number_of(&post.id),
            "status": if is_over { "archived" } else { "published" },
            "creation_time": post.visible_at.as_seconds().to_string(),
            "media_type": if post.video.is_some() { "video" } else { "photo" },
            "url": asked.origin.url(super::PAGE_HOST, &super::feed::permalink(&post)),
            "media_id": media,
        });
        (post.id, value)
    };
    let all = found.into_iter().map(shown).collect();
    Ok(page_of_list(&asked.request, &asked.origin, all, 25))
}

const METRICS: [&str; 19] = [
    "post_media_view",
    "post_total_media_view_unique",
    "post_clicks",
    "post_clicks_by_type",
    "post_reactions_by_type_total",
    "post_reactions_like_total",
    "post_reactions_love_total",
    "post_reactions_wow_total",
    "post_reactions_haha_total",
    "post_reactions_sorry_total",
    "post_reactions_anger_total",
    "post_activity_by_action_type",
    "post_video_views",
    "post_video_views_15s",
    "page_media_view",
    "page_total_media_view_unique",
    "page_post_engagements",
    "page_daily_follows",
    "page_follows",
];

/// How a post does.
pub(super) fn figures(facebook: &Facebook, post: &Post) -> Figures {
    Figures::of(&post.id, facebook.world.now().since(post.visible_at))
}

/// `GET /{post or page}/insights`: one name that is not served fails the whole call
pub(super) fn insights(facebook: &Facebook, request: &GraphRequest, id: &str) -> Result<Value, GraphError> {
    let post = facebook.live_post(id);
    let page = post.as_ref().map_or(id, |post| post.page.as_str());
    let (caller, page) = facebook.reading(request, page, "read_insights")?;
    caller.need("pages_read_engagement")?;
    let names = request.names("metric");
    let prefix = if post.is_some() { "post_" } else { "page_" };
    if names.is_empty()
        || names.iter().any(|name| !METRICS.contains(&name.as_str()) || !name.starts_with(prefix))
    {
        return Err(GraphError::invalid("The value must be a valid insights metric"));
    }
    // A Page's day is made up of what its posts had.
    let posts = post.as_ref().map_or_else(|| facebook.visible_posts(&page.id), |post| vec![post.clone()]);
    let figures: Vec<Figures> = posts.iter().map(|post| self::figures(facebook, post)).collect();
    let sum = |of: fn(&Figures) -> i64| figures.iter().map(of).sum::<i64>();
    let (seen, clicks, likes) = (sum(|of| of.seen), sum(|of| of.clicks), sum(|of| of.likes));
    let period = if post.is_some() { "lifetime" } else { request.text("period").unwrap_or("day") };
    let data: Vec<Value> = names
        .iter()
        .map(|name| {
            let value = match name.as_str() {
                "post_media_view" | "page_media_view" => json!(seen),
                "post_total_media_view_unique" | "page_total_media_view_unique" => json!(seen * 3 / 4),
                "post_clicks" => json!(clicks),
                "post_reactions_by_type_total" => json!({"like": likes}),
                "post_clicks_by_type" => json!({"other clicks": clicks}),
                "post_activity_by_action_type" => json!({}),
                "post_reactions_like_total" => json!(likes),
                "page_follows" => json!(followers(&page.id, facebook.world.now())),
                _ => json!(0),
            };
            let id = if post.is_some() { id } else { page.id.as_str() };
            json!({
                "name": name, "period": period, "values": [{"value": value}], "title": name,
                "description": name, "id": format!("{id}/insights/{name}/{period}"),
            })
        })
        .collect();
    Ok(json!({"data": data, "paging": {}}))
}

/// The picture or film behind an address on the image host.
pub(super) fn image(facebook: &Facebook, path: &[&str]) -> Option<(&'static str, bytes::Bytes)> {
    let photo = path.iter().find_map(|segment| facebook.photos.get(segment.trim_end_matches(".jpg")))?;
    let bytes = facebook.world.blobs.get(&photo.file.sha256)?;
    Some((sniff(&bytes), bytes))
}

/// A Page's node or one of its own.
pub(super) fn page_or_none(
    facebook: &Facebook,
    asked: &Asked,
    id: &str,
) -> Option<Result<Value, GraphError>> {
    let page = facebook.page(id).or_else(|| facebook.logins.page_named(id))?;
    Some(pages::get(facebook, asked, &page))
}
