//! How posts and profiles do (lexicons `app.bsky.feed.getPosts` and `app.bsky.actor.getProfile`).
//! Nobody counts views or clicks there.

use connector::{Cx, Failure, LivePost, Metrics, PostReading, Reading};
use domain::metrics::Figures;
use net::Request;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::{Bluesky, NAME, errors, xrpc};

#[derive(Deserialize)]
struct Posts {
    posts: Vec<Post>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Post {
    reply_count: Option<i64>,
    repost_count: Option<i64>,
    like_count: Option<i64>,
    quote_count: Option<i64>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Profile {
    followers_count: Option<i64>,
}

impl Metrics for Bluesky {
    fn read_post<'a>(&'a self, cx: &'a Cx<'a>, post: &'a LivePost) -> Reading<'a, PostReading> {
        Box::pin(async move {
            let found: Posts = get(cx, "app.bsky.feed.getPosts", ("uris", &post.id)).await?;
            // What is missing is left out.
            let Some(post) = found.posts.into_iter().next() else { return Ok(PostReading::Gone) };
            Ok(PostReading::Read(Figures {
                likes: post.like_count,
                comments: post.reply_count,
                shares: post.repost_count.map(|reposts| reposts + post.quote_count.unwrap_or(0)),
                ..Figures::default()
            }))
        })
    }

    fn read_followers<'a>(&'a self, cx: &'a Cx<'a>) -> Reading<'a, Option<i64>> {
        Box::pin(async move {
            let actor = ("actor", cx.account.platform_user_id.as_str());
            Ok(get::<Profile>(cx, "app.bsky.actor.getProfile", actor).await?.followers_count)
        })
    }
}

/// The account's own host passes the question on.
async fn get<T: DeserializeOwned>(cx: &Cx<'_>, nsid: &str, query: (&str, &str)) -> Result<T, Failure> {
    let url = xrpc::address(xrpc::service(cx), nsid, &[query])?;
    let request = Request::get(url).bearer(&cx.credentials.access_token);
    let answer = cx.send(request).await.map_err(|error| Failure::unanswered(NAME, error))?;
    if answer.is_success() { xrpc::read(&answer) } else { Err(errors::of_call(&answer)) }
}
