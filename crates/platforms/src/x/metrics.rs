//! How posts and profiles do (docs.x.com: metrics, post lookup). Clicks are told to the author alone,
//! for thirty days; asking for them later only adds an error to a good answer.

use connector::{Cx, Failure, LivePost, Metrics, PostReading, Reading};
use domain::Span;
use domain::metrics::Figures;
use net::Request;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use url::Url;

use super::errors::classify;
use super::publish::{address, read};
use super::{NAME, X};

/// For so long the author's own metrics are told.
const OWN_METRICS_FOR: Span = Span::from_days(30);

#[derive(Deserialize)]
struct Found {
    /// Missing where there is no such post.
    data: Option<Post>,
    #[serde(default)]
    includes: Includes,
}

#[derive(Deserialize)]
struct Post {
    public_metrics: PostMetrics,
    #[serde(default)]
    non_public_metrics: OwnMetrics,
}

#[derive(Deserialize)]
struct PostMetrics {
    #[serde(alias = "repost_count")]
    retweet_count: Option<i64>,
    reply_count: Option<i64>,
    like_count: Option<i64>,
    quote_count: Option<i64>,
    impression_count: Option<i64>,
}

#[derive(Default, Deserialize)]
struct OwnMetrics {
    url_link_clicks: Option<i64>,
}

#[derive(Default, Deserialize)]
struct Includes {
    #[serde(default)]
    media: Vec<Media>,
}

#[derive(Deserialize)]
struct Media {
    #[serde(default)]
    public_metrics: MediaMetrics,
}

#[derive(Default, Deserialize)]
struct MediaMetrics {
    view_count: Option<i64>,
}

#[derive(Deserialize)]
struct Me {
    data: User,
}

#[derive(Deserialize)]
struct User {
    public_metrics: UserMetrics,
}

#[derive(Deserialize)]
struct UserMetrics {
    followers_count: Option<i64>,
}

impl Metrics for X {
    fn read_post<'a>(&'a self, cx: &'a Cx<'a>, post: &'a LivePost) -> Reading<'a, PostReading> {
        Box::pin(read_post(cx, post))
    }

    fn read_followers<'a>(&'a self, cx: &'a Cx<'a>) -> Reading<'a, Option<i64>> {
        Box::pin(async move {
            let mut url = address(cx, "/2/users/me")?;
            url.query_pairs_mut().append_pair("user.fields", "public_metrics");
            let me: Me = get(cx, url).await?;
            Ok(me.data.public_metrics.followers_count)
        })
    }
}

async fn read_post(cx: &Cx<'_>, post: &LivePost) -> Result<PostReading, Failure> {
    let is_recent = cx.now() < post.published_at + OWN_METRICS_FOR;
    let fields = if is_recent { "public_metrics,non_public_metrics" } else { "public_metrics" };
    let mut url = address(cx, &format!("/2/tweets/{}", post.id))?;
    url.query_pairs_mut()
        .append_pair("tweet.fields", fields)
        .append_pair("expansions", "attachments.media_keys")
        .append_pair("media.fields", "public_metrics");
    let found: Found = get(cx, url).await?;
    let Some(data) = found.data else { return Ok(PostReading::Gone) };
    let public = data.public_metrics;
    let films = found.includes.media.iter().filter_map(|media| media.public_metrics.view_count);
    Ok(PostReading::Read(Figures {
        views: films.reduce(i64::saturating_add),
        likes: public.like_count,
        comments: public.reply_count,
        shares: public.retweet_count.map(|reposts| reposts + public.quote_count.unwrap_or(0)),
        impressions: public.impression_count,
        clicks: data.non_public_metrics.url_link_clicks,
    }))
}

async fn get<T: DeserializeOwned>(cx: &Cx<'_>, url: Url) -> Result<T, Failure> {
    let request = Request::get(url).bearer(&cx.credentials.access_token);
    let answer = cx.send(request).await.map_err(|error| Failure::unanswered(NAME, error))?;
    if answer.is_success() { read(&answer) } else { Err(classify(&answer, cx.now())) }
}
