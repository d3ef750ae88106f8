//! How posts and accounts do (pages "Query videos" and "Get user info"). Only public posts have
//! numbers; posts take `video.list`, followers take `user.info.stats`.

use connector::{Cx, Failure, LivePost, Metrics, PostReading, Reading};
use domain::Class;
use domain::metrics::Figures;
use net::Request;
use serde::{Deserialize, Serialize};

use super::api::{address, call, read, send};
use super::errors::{classify, is_ok};
use super::{NAME, TikTok};

const QUERY: &str = "/v2/video/query/?fields=id,view_count,like_count,comment_count,share_count";
const USER: &str = "/v2/user/info/?fields=open_id,follower_count";

#[derive(Serialize)]
struct Asked<'a> {
    filters: Filters<'a>,
}

#[derive(Serialize)]
struct Filters<'a> {
    video_ids: [&'a str; 1],
}

#[derive(Deserialize)]
struct Found {
    #[serde(default)]
    videos: Vec<Video>,
}

#[derive(Deserialize)]
struct Video {
    view_count: Option<i64>,
    like_count: Option<i64>,
    comment_count: Option<i64>,
    share_count: Option<i64>,
}

#[derive(Deserialize)]
struct UserInfo {
    user: User,
}

#[derive(Deserialize)]
struct User {
    follower_count: Option<i64>,
}

impl Metrics for TikTok {
    fn read_post<'a>(&'a self, cx: &'a Cx<'a>, post: &'a LivePost) -> Reading<'a, PostReading> {
        Box::pin(read_post(cx, post))
    }

    fn read_followers<'a>(&'a self, cx: &'a Cx<'a>) -> Reading<'a, Option<i64>> {
        Box::pin(async move {
            let request = Request::get(address(cx.hosts, USER)?).bearer(&cx.credentials.access_token);
            let answer = send(cx, request).await?;
            if !is_ok(&answer) {
                return Err(classify(&answer, cx.now()));
            }
            Ok(read::<UserInfo>(&answer)?.user.follower_count)
        })
    }
}

async fn read_post(cx: &Cx<'_>, post: &LivePost) -> Result<PostReading, Failure> {
    // What is not public, or lies in the inbox, has the publish's id in place of one of its own.
    if !post.id.bytes().all(|byte| byte.is_ascii_digit()) {
        let public = format!("{NAME} tells numbers of public posts only.");
        return Err(Failure::before_sending(Class::PermissionMissing, public));
    }
    let asked = Asked { filters: Filters { video_ids: [&post.id] } };
    let found: Found = call(cx, QUERY, &asked).await?;
    let Some(video) = found.videos.into_iter().next() else { return Ok(PostReading::Gone) };
    Ok(PostReading::Read(Figures {
        views: video.view_count,
        likes: video.like_count,
        comments: video.comment_count,
        shares: video.share_count,
        impressions: None,
        clicks: None,
    }))
}
