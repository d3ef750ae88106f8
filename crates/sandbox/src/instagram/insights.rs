//! Figures of media and accounts. One name that a surface does not have fails the whole call.

use domain::Span;
use serde_json::{Value, json};

use super::callers::Right;
use super::state::{Instagram, Kind};
use crate::core::figures::Figures;
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
    let figures = match &media {
        Some(media) => Figures::of(&media.id, now.since(media.created_at)),
        None => Figures::of(id, Span::from_days(1)),
    };
    if media.as_ref().is_some_and(|media| media.kind == Kind::Story) && figures.seen < 5 {
        return Err(GraphError::new(10, "(#10) Not enough viewers for the media to show insights"));
    }
    let period = if media.is_some() { "lifetime" } else { "day" };
    let id = media.map_or(user.id, |media| media.id);
    let data: Vec<Value> = names.iter().map(|name| figure(&id, name, figures, period)).collect();
    Ok(json!({"data": data}))
}

fn figure(id: &str, name: &str, figures: Figures, period: &str) -> Value {
    let value = match name {
        "views" => figures.seen,
        "reach" => figures.seen * 3 / 4,
        "likes" => figures.likes,
        "comments" | "replies" => figures.comments,
        "shares" => figures.shares,
        "saved" | "saves" => figures.likes / 6,
        "total_interactions" => figures.likes + figures.comments + figures.shares + figures.likes / 6,
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
