//! How posts, organizations and members do (LinkedIn: organization share statistics, member post
//! statistics, follower counts). Organizations need nothing beyond what publishing as one takes; a
//! member's numbers are told to vetted apps only.

use connector::{Cx, Failure, LivePost, Metrics, PostReading, Reading};
use domain::Class;
use domain::metrics::Figures;
use net::Request;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::publish::{address, author, encode, read, rest, send};
use super::{LinkedIn, NAME};

const OF_MEMBERS_POSTS: &str = "r_member_postAnalytics";
const OF_MEMBERS: &str = "r_member_profileAnalytics";

#[derive(Deserialize)]
struct Elements<T> {
    #[serde(default = "Vec::new")]
    elements: Vec<T>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct OfShare {
    total_share_statistics: Statistics,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Statistics {
    impression_count: Option<i64>,
    click_count: Option<i64>,
    like_count: Option<i64>,
    comment_count: Option<i64>,
    share_count: Option<i64>,
}

#[derive(Deserialize)]
struct Count {
    count: i64,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct NetworkSize {
    first_degree_size: Option<i64>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct MemberFollowers {
    member_followers_count: Option<i64>,
}

impl Metrics for LinkedIn {
    fn read_post<'a>(&'a self, cx: &'a Cx<'a>, post: &'a LivePost) -> Reading<'a, PostReading> {
        Box::pin(async move {
            if is_organization(cx) {
                of_organization(cx, &post.id).await
            } else {
                of_member(cx, &post.id).await
            }
        })
    }

    fn read_followers<'a>(&'a self, cx: &'a Cx<'a>) -> Reading<'a, Option<i64>> {
        Box::pin(async move {
            if is_organization(cx) {
                let path =
                    format!("/rest/networkSizes/{}?edgeType=COMPANY_FOLLOWED_BY_MEMBER", encode(&author(cx)));
                let size: NetworkSize = get(cx, &path).await?;
                return Ok(size.first_degree_size);
            }
            needs(cx, OF_MEMBERS)?;
            let found: Elements<MemberFollowers> = get(cx, "/rest/memberFollowersCount?q=me").await?;
            Ok(found.elements.first().and_then(|found| found.member_followers_count))
        })
    }

    /// An app has some calls a day, and a member fewer.
    fn per_hour(&self) -> u32 {
        300
    }
}

async fn of_organization(cx: &Cx<'_>, urn: &str) -> Result<PostReading, Failure> {
    let list = if urn.starts_with("urn:li:ugcPost:") { "ugcPosts" } else { "shares" };
    let path = format!(
        "/rest/organizationalEntityShareStatistics?q=organizationalEntity&organizationalEntity={}&{list}=List({})",
        encode(&author(cx)),
        encode(urn)
    );
    let found: Elements<OfShare> = get(cx, &path).await?;
    // A post that nobody has seen is left out, as is one that was deleted: nothing is told.
    Ok(PostReading::Read(found.elements.first().map_or_else(Figures::default, |found| {
        let statistics = &found.total_share_statistics;
        Figures {
            views: None,
            likes: statistics.like_count,
            comments: statistics.comment_count,
            shares: statistics.share_count,
            impressions: statistics.impression_count,
            clicks: statistics.click_count,
        }
    })))
}

/// A member's post has one call for each number.
async fn of_member(cx: &Cx<'_>, urn: &str) -> Result<PostReading, Failure> {
    needs(cx, OF_MEMBERS_POSTS)?;
    let kind = if urn.starts_with("urn:li:ugcPost:") { "ugc" } else { "share" };
    let mut numbers = [None; 4];
    for (number, asked) in numbers.iter_mut().zip(["IMPRESSION", "REACTION", "COMMENT", "RESHARE"]) {
        let path = format!(
            "/rest/memberCreatorPostAnalytics?q=entity&entity=({kind}:{})&queryType={asked}&aggregation=TOTAL",
            encode(urn)
        );
        let found: Elements<Count> = get(cx, &path).await?;
        *number = found.elements.first().map(|found| found.count);
    }
    let [impressions, likes, comments, shares] = numbers;
    Ok(PostReading::Read(Figures { views: None, likes, comments, shares, impressions, clicks: None }))
}

fn is_organization(cx: &Cx<'_>) -> bool {
    author(cx).starts_with("urn:li:organization:")
}

/// A call that would be refused is not made: calls are few.
fn needs(cx: &Cx<'_>, scope: &str) -> Result<(), Failure> {
    if cx.credentials.scopes.iter().any(|granted| granted == scope) {
        return Ok(());
    }
    let public = format!("{NAME} tells a member's numbers only to apps that have {scope}.");
    Err(Failure::before_sending(Class::PermissionMissing, public))
}

async fn get<T: DeserializeOwned>(cx: &Cx<'_>, path: &str) -> Result<T, Failure> {
    read(&send(cx, rest(cx, Request::get(address(cx, "api", path)?))).await?)
}
