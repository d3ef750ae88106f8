//! Figures of media and accounts. One name that a surface does not have fails the whole call.

use serde_json::{Value, json};

use super::callers::Right;
use super::state::{Instagram, Kind};
use crate::meta::asked::Asked;
use crate::meta::error::GraphError;

const FEED: [&str; 11] = [
    "views",
    "reach",
    "likes",
    "comments",
    "saved",
    "shares",
    "total_interactions",
    "reposts",
    "follows",
    "profile_visits",
    "profile_activity",
];
const REEL: [&str; 13] = [
    "views",
    "reach",
    "likes",
    "comments",
    "saved",
    "shares",
    "total_interactions",
    "reposts",
    "ig_reels_avg_watch_time",
    "ig_reels_video_view_total_time",
    "reels_skip_rate",
    "crossposted_views",
    "facebook_views",
];
const STORY: [&str; 10] = [
    "views",
    "reach",
    "replies",
    "navigation",
    "shares",
    "total_interactions",
    "follows",
    "profile_visits",
    "profile_activity",
    "link_clicks",
];
const ACCOUNT: [&str; 9] = [
    "reach",
    "views",
    "likes",
    "comments",
    "shares",
    "saves",
    "total_interactions",
    "profile_views",
    "accounts_engaged",
];

/// `GET /{media or account}/insights`
pub(super) fn insights(instagram: &Instagram, asked: &Asked, id: &str) -> Result<Value, GraphError> {
    let host = &asked.origin.host;
    let media = instagram.live_media(id);
    let owner = media.as_ref().map_or(id, |media| media.user.as_str());
    let user = instagram.allowed(&asked.request, host, owner, Right::Insights)?;
    let names = asked.request.names("metric");
    let known: &[&str] = match media.as_ref().map(|media| media.kind) {
        None => &ACCOUNT,
        Some(Kind::Reel) => &REEL,
        Some(Kind::Story) => &STORY,
        Some(Kind::Image | Kind::Video | Kind::Carousel) => &FEED,
    };
    if let Some(wrong) = names.iter().find(|name| !known.contains(&name.as_str())) {
        let what =
            format!("metric[0] must be one of the following values: {} (not {wrong})", known.join(", "));
        return Err(GraphError::invalid(&what));
    }
    if names.is_empty() {
        return Err(GraphError::invalid("The parameter metric is required"));
    }
    let now = instagram.world.now();
    let minutes = media.as_ref().map_or(600, |media| now.since(media.created_at).as_millis() / 60_000);
    if media.as_ref().is_some_and(|media| media.kind == Kind::Story) && minutes < 1 {
        return Err(GraphError::new(10, "(#10) Not enough viewers for the media to show insights"));
    }
    let seen = minutes.clamp(0, 1_440) * 2 + 8;
    let period = if media.is_some() { "lifetime" } else { "day" };
    let id = media.map_or(user.id, |media| media.id);
    let data: Vec<Value> = names.iter().map(|name| figure(&id, name, seen, period)).collect();
    Ok(json!({"data": data}))
}

fn figure(id: &str, name: &str, seen: i64, period: &str) -> Value {
    let value = match name {
        "views" => seen,
        "reach" => seen * 3 / 4,
        "likes" => seen / 20,
        "total_interactions" => seen / 15,
        "ig_reels_avg_watch_time" => 4_200,
        _ => 0,
    };
    json!({
        "name": name,
        "period": period,
        "values": [{"value": value}],
        "title": name,
        "description": name,
        "id": format!("{id}/insights/{name}/{period}"),
    })
}
