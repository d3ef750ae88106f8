//! How posts and accounts do (Instagram Platform: media, insights). Likes and comments are read with
//! the post; the rest are insights, which take a permission of their own. The names asked for are
//! those that every kind of post has: one that a kind lacks would fail the whole call.

use connector::{Cx, Failure, LivePost, Metrics, PostReading, Reading};
use domain::Class;
use domain::metrics::Figures;
use serde::Deserialize;

use super::Instagram;
use super::errors::{classify, is_gone, is_good};
use super::graph::{exchange, get, read, send};
use crate::facebook::metrics::Insights;

const INSIGHTS: &str = "views,shares";

#[derive(Deserialize)]
struct Counts {
    /// Missing where the owner hides it.
    like_count: Option<i64>,
    comments_count: Option<i64>,
}

#[derive(Deserialize)]
struct Account {
    followers_count: Option<i64>,
}

impl Metrics for Instagram {
    fn read_post<'a>(&'a self, cx: &'a Cx<'a>, post: &'a LivePost) -> Reading<'a, PostReading> {
        Box::pin(read_post(cx, post))
    }

    fn read_followers<'a>(&'a self, cx: &'a Cx<'a>) -> Reading<'a, Option<i64>> {
        Box::pin(async move {
            let path = format!("/{}", cx.account.platform_user_id);
            let account: Account = read(&send(cx, get(cx, &path, &[("fields", "followers_count")])?).await?)?;
            Ok(account.followers_count)
        })
    }

    /// The Graph API counts calls by the hour, those that publish among them.
    fn per_hour(&self) -> u32 {
        600
    }
}

async fn read_post(cx: &Cx<'_>, post: &LivePost) -> Result<PostReading, Failure> {
    let path = format!("/{}", post.id);
    let answer = exchange(cx, get(cx, &path, &[("fields", "like_count,comments_count")])?).await?;
    if is_gone(&answer) {
        return Ok(PostReading::Gone);
    }
    if !is_good(&answer) {
        return Err(classify(&answer, cx.now()));
    }
    let counts: Counts = read(&answer)?;
    let insights = insights(cx, &post.id).await?;
    Ok(PostReading::Read(Figures {
        views: insights.number("views"),
        likes: counts.like_count,
        comments: counts.comments_count,
        shares: insights.number("shares"),
        impressions: None,
        clicks: None,
    }))
}

/// Without the permission, and of stories that few have seen, the other numbers are told all the same.
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
