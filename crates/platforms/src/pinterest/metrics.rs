//! How pins and accounts do (API v5: get pin analytics, get user account). Comments and reactions
//! come as lifetime numbers, the rest as sums over days, of which ninety are kept.

use connector::{Cx, Failure, LivePost, Metrics, PostReading, Reading};
use domain::metrics::Figures;
use domain::{Span, Timestamp};
use net::Request;
use serde::Deserialize;

use super::Pinterest;
use super::api::{address, get, read, send};
use super::errors::classify;

const TYPES: &str = "IMPRESSION,OUTBOUND_CLICK,SAVE,TOTAL_COMMENTS,TOTAL_REACTIONS";
/// A day less than is kept, as days end at different moments.
const KEPT: Span = Span::from_days(89);

#[derive(Deserialize)]
struct Analytics {
    all: Sums,
}

#[derive(Deserialize)]
struct Sums {
    #[serde(default)]
    summary_metrics: Summary,
    #[serde(default)]
    lifetime_metrics: Lifetime,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE", default)]
struct Summary {
    impression: Option<f64>,
    outbound_click: Option<f64>,
    save: Option<f64>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE", default)]
struct Lifetime {
    total_comments: Option<f64>,
    total_reactions: Option<f64>,
}

#[derive(Deserialize)]
struct Account {
    follower_count: Option<i64>,
}

impl Metrics for Pinterest {
    fn read_post<'a>(&'a self, cx: &'a Cx<'a>, post: &'a LivePost) -> Reading<'a, PostReading> {
        Box::pin(read_post(cx, post))
    }

    fn read_followers<'a>(&'a self, cx: &'a Cx<'a>) -> Reading<'a, Option<i64>> {
        Box::pin(async move { Ok(get::<Account>(cx, "/user_account", &[]).await?.follower_count) })
    }
}

async fn read_post(cx: &Cx<'_>, post: &LivePost) -> Result<PostReading, Failure> {
    let now = cx.now();
    let (start, end) = (day(post.published_at.max(now - KEPT)), day(now));
    let query = [
        ("start_date", start.as_str()),
        ("end_date", end.as_str()),
        ("metric_types", TYPES),
        ("app_types", "ALL"),
        ("split_field", "NO_SPLIT"),
    ];
    let path = format!("/pins/{}/analytics", post.id);
    let answer = send(cx, Request::get(address(cx.hosts, &path, &query)?)).await?;
    if answer.status == 404 {
        return Ok(PostReading::Gone);
    }
    if !answer.is_success() {
        return Err(classify(&answer, now));
    }
    let Sums { summary_metrics, lifetime_metrics } = read::<Analytics>(&answer)?.all;
    Ok(PostReading::Read(Figures {
        views: None,
        likes: whole(lifetime_metrics.total_reactions),
        comments: whole(lifetime_metrics.total_comments),
        shares: whole(summary_metrics.save),
        impressions: whole(summary_metrics.impression),
        clicks: whole(summary_metrics.outbound_click),
    }))
}

/// The date of a moment in UTC.
fn day(at: Timestamp) -> String {
    at.to_iso_millis().chars().take(10).collect()
}

/// Counts come as JSON numbers, some of them with a point.
#[expect(clippy::cast_possible_truncation, reason = "a count, however it is written")]
fn whole(count: Option<f64>) -> Option<i64> {
    count.map(|count| count as i64)
}
