//! How videos and channels do (Data API: videos, channels). Numbers come as texts; one that the owner
//! hides is missing.

use connector::{Cx, Failure, LivePost, Metrics, PostReading, Reading};
use domain::metrics::Figures;
use serde::Deserialize;

use super::YouTube;
use super::api::get;

#[derive(Deserialize)]
struct List<T> {
    /// Missing where there is nothing.
    #[serde(default = "Vec::new")]
    items: Vec<T>,
}

#[derive(Deserialize)]
struct Video {
    #[serde(default)]
    statistics: VideoStatistics,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct VideoStatistics {
    view_count: Option<String>,
    like_count: Option<String>,
    comment_count: Option<String>,
}

#[derive(Deserialize)]
struct Channel {
    statistics: ChannelStatistics,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ChannelStatistics {
    subscriber_count: Option<String>,
    #[serde(default)]
    hidden_subscriber_count: bool,
}

impl Metrics for YouTube {
    fn read_post<'a>(&'a self, cx: &'a Cx<'a>, post: &'a LivePost) -> Reading<'a, PostReading> {
        Box::pin(read_post(cx, post))
    }

    fn read_followers<'a>(&'a self, cx: &'a Cx<'a>) -> Reading<'a, Option<i64>> {
        Box::pin(async move {
            let query = [("part", "statistics"), ("mine", "true")];
            let found: List<Channel> = get(cx, "/youtube/v3/channels", &query).await?;
            let statistics = found.items.into_iter().next().map(|channel| channel.statistics);
            let shown = statistics.filter(|statistics| !statistics.hidden_subscriber_count);
            Ok(number(shown.and_then(|statistics| statistics.subscriber_count)))
        })
    }

    /// A reading takes a unit of the project's 10,000 a day; uploads need theirs.
    fn per_hour(&self) -> u32 {
        150
    }
}

async fn read_post(cx: &Cx<'_>, post: &LivePost) -> Result<PostReading, Failure> {
    let query = [("part", "statistics"), ("id", post.id.as_str())];
    let found: List<Video> = get(cx, "/youtube/v3/videos", &query).await?;
    let Some(video) = found.items.into_iter().next() else { return Ok(PostReading::Gone) };
    Ok(PostReading::Read(Figures {
        views: number(video.statistics.view_count),
        likes: number(video.statistics.like_count),
        comments: number(video.statistics.comment_count),
        ..Figures::default()
    }))
}

fn number(text: Option<String>) -> Option<i64> {
    text?.parse().ok()
}
