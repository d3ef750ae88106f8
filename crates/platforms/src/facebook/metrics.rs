//! How posts and Pages do (Graph API: Page posts, insights). Reactions, comments and shares are read
//! with the post; views and clicks are insights, which take a permission of their own.

use connector::{Cx, Failure, LivePost, Metrics, PostReading, Reading};
use domain::Class;
use domain::metrics::Figures;
use serde::Deserialize;

use super::Facebook;
use super::errors::{classify, is_gone, is_good};
use super::graph::{exchange, full_id, get, read, send};

const COUNTS: &str = "shares,reactions.summary(total_count).limit(0),comments.summary(true).limit(0)";
/// One name that is not served would fail the whole call.
const INSIGHTS: &str = "post_media_view,post_clicks";

#[derive(Default, Deserialize)]
#[serde(default)]
struct Counts {
    /// Missing until somebody shares it.
    shares: Option<Shares>,
    reactions: Option<Edge>,
    comments: Option<Edge>,
}

#[derive(Deserialize)]
struct Shares {
    count: i64,
}

#[derive(Deserialize)]
struct Edge {
    summary: Summary,
}

#[derive(Deserialize)]
struct Summary {
    total_count: Option<i64>,
}

/// Insights, of Pages' posts as of professional accounts' media.
#[derive(Default, Deserialize)]
pub(crate) struct Insights {
    #[serde(default)]
    data: Vec<Insight>,
}

#[derive(Deserialize)]
struct Insight {
    name: String,
    #[serde(default)]
    values: Vec<Value>,
}

#[derive(Deserialize)]
struct Value {
    value: serde_json::Value,
}

#[derive(Deserialize)]
struct Page {
    followers_count: Option<i64>,
}

impl Insights {
    /// The number under this name, if it was told.
    pub(crate) fn number(&self, name: &str) -> Option<i64> {
        let insight = self.data.iter().find(|insight| insight.name == name)?;
        insight.values.last()?.value.as_i64()
    }
}

impl Metrics for Facebook {
    fn read_post<'a>(&'a self, cx: &'a Cx<'a>, post: &'a LivePost) -> Reading<'a, PostReading> {
        Box::pin(read_post(cx, post))
    }

    fn read_followers<'a>(&'a self, cx: &'a Cx<'a>) -> Reading<'a, Option<i64>> {
        Box::pin(async move {
            let request = get(cx, "/me", &[("fields", "followers_count")])?;
            let page: Page = read(&send(cx, request).await?)?;
            Ok(page.followers_count)
        })
    }
}

async fn read_post(cx: &Cx<'_>, post: &LivePost) -> Result<PostReading, Failure> {
    let id = full_id(cx, &post.id);
    let answer = exchange(cx, get(cx, &format!("/{id}"), &[("fields", COUNTS)])?).await?;
    if is_gone(&answer) {
        return Ok(PostReading::Gone);
    }
    if !is_good(&answer) {
        return Err(classify(&answer, cx.now()));
    }
    let counts: Counts = read(&answer)?;
    let insights = insights(cx, &id).await?;
    let total = |edge: Option<Edge>| edge.and_then(|edge| edge.summary.total_count);
    Ok(PostReading::Read(Figures {
        views: insights.number("post_media_view"),
        likes: total(counts.reactions),
        comments: total(counts.comments),
        shares: Some(counts.shares.map_or(0, |shares| shares.count)),
        impressions: None,
        clicks: insights.number("post_clicks"),
    }))
}

/// Without the permission, and of posts that have none, the other numbers are told all the same.
async fn insights(cx: &Cx<'_>, id: &str) -> Result<Insights, Failure> {
    let request = get(cx, &format!("/{id}/insights"), &[("metric", INSIGHTS)])?;
    let answer = exchange(cx, request).await?;
    if is_good(&answer) {
        return read(&answer);
    }
    let failure = classify(&answer, cx.now());
    match failure.class {
        Class::PermissionMissing | Class::ContentRejected => Ok(Insights::default()),
        _ => Err(failure),
    }
}
