//! How statuses and accounts do (Mastodon API: statuses, accounts). Servers count no views.

use connector::{Cx, Failure, LivePost, Metrics, PostReading, Reading};
use domain::metrics::Figures;
use http::Method;
use serde::Deserialize;

use super::Mastodon;
use super::errors::classify;
use super::server::{read, request, send};

#[derive(Deserialize)]
struct Status {
    replies_count: Option<i64>,
    reblogs_count: Option<i64>,
    favourites_count: Option<i64>,
    /// Of servers that know quotes.
    quotes_count: Option<i64>,
}

#[derive(Deserialize)]
struct Account {
    followers_count: Option<i64>,
}

impl Metrics for Mastodon {
    fn read_post<'a>(&'a self, cx: &'a Cx<'a>, post: &'a LivePost) -> Reading<'a, PostReading> {
        Box::pin(read_post(cx, post))
    }

    fn read_followers<'a>(&'a self, cx: &'a Cx<'a>) -> Reading<'a, Option<i64>> {
        Box::pin(async move {
            let path = "/api/v1/accounts/verify_credentials";
            let answer = send(cx, request(cx, Method::GET, path, &[])?).await?;
            if !answer.is_success() {
                return Err(classify(&answer, cx.now()));
            }
            // A server may count one less than none for an account that hides it.
            let followers = read::<Account>(&answer)?.followers_count;
            Ok(followers.filter(|followers| *followers >= 0))
        })
    }
}

async fn read_post(cx: &Cx<'_>, post: &LivePost) -> Result<PostReading, Failure> {
    let path = format!("/api/v1/statuses/{}", post.id);
    let answer = send(cx, request(cx, Method::GET, &path, &[])?).await?;
    if matches!(answer.status, 404 | 410) {
        return Ok(PostReading::Gone);
    }
    if !answer.is_success() {
        return Err(classify(&answer, cx.now()));
    }
    let status: Status = read(&answer)?;
    Ok(PostReading::Read(Figures {
        likes: status.favourites_count,
        comments: status.replies_count,
        shares: status.reblogs_count.map(|reblogs| reblogs + status.quotes_count.unwrap_or(0)),
        ..Figures::default()
    }))
}
