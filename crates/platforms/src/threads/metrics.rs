//! How posts and profiles do (Threads API: insights). All of it takes `threads_manage_insights`.

use connector::{Cx, Failure, LivePost, Metrics, PostReading, Reading};
use domain::metrics::Figures;
use net::Request;
use serde::Deserialize;

use super::Threads;
use super::errors::{classify, is_missing};
use super::graph::{address, get, read, send};

const METRICS: &str = "views,likes,replies,reposts,quotes,shares";

#[derive(Deserialize)]
struct Insights {
    data: Vec<Insight>,
}

#[derive(Deserialize)]
struct Insight {
    name: String,
    #[serde(default)]
    values: Vec<Value>,
    total_value: Option<Value>,
}

#[derive(Deserialize)]
struct Value {
    value: i64,
}

impl Insights {
    fn number(&self, name: &str) -> Option<i64> {
        let insight = self.data.iter().find(|insight| insight.name == name)?;
        insight.total_value.as_ref().or(insight.values.last()).map(|value| value.value)
    }
}

impl Metrics for Threads {
    fn read_post<'a>(&'a self, cx: &'a Cx<'a>, post: &'a LivePost) -> Reading<'a, PostReading> {
        Box::pin(read_post(cx, post))
    }

    fn read_followers<'a>(&'a self, cx: &'a Cx<'a>) -> Reading<'a, Option<i64>> {
        Box::pin(async move {
            let query = [("metric", "followers_count")];
            let insights: Insights = get(cx, "/me/threads_insights", &query).await?;
            Ok(insights.number("followers_count"))
        })
    }
}

async fn read_post(cx: &Cx<'_>, post: &LivePost) -> Result<PostReading, Failure> {
    let mut url = address(cx.hosts, &format!("/{}/insights", post.id))?;
    url.query_pairs_mut().append_pair("metric", METRICS);
    let answer = send(cx, Request::get(url)).await?;
    if is_missing(&answer) {
        return Ok(PostReading::Gone);
    }
    if !answer.is_success() {
        return Err(classify(&answer, cx.now()));
    }
    let insights: Insights = read(&answer)?;
    let passed_on = ["reposts", "quotes", "shares"].iter().filter_map(|name| insights.number(name));
    Ok(PostReading::Read(Figures {
        views: insights.number("views"),
        likes: insights.number("likes"),
        comments: insights.number("replies"),
        shares: passed_on.reduce(i64::saturating_add),
        impressions: None,
        clicks: None,
    }))
}
