//! Figures of posts and profiles. Made up, and growing with the emulated time.

use serde_json::{Value, json};

use super::errors::{ThreadsError, no_object, parameter};
use super::request::Ask;
use super::state::{Post, Threads};
use crate::core::figures::{Figures, followers};

const OF_POST: [&str; 6] = ["views", "likes", "replies", "reposts", "quotes", "shares"];
const OF_PROFILE: [&str; 8] =
    ["views", "likes", "replies", "reposts", "quotes", "clicks", "followers_count", "follower_demographics"];
const BREAKDOWNS: [&str; 4] = ["country", "city", "age", "gender"];
/// There are no figures from before.
const EARLIEST: i64 = 1_712_991_600;

impl Threads {
    /// `GET /{post}/insights`
    pub(super) fn post_insights(&self, ask: &Ask, id: &str) -> Result<Value, ThreadsError> {
        let caller = self.caller(ask)?;
        caller.needs("threads_manage_insights")?;
        let post = self
            .live_post(id)
            .filter(|post| post.draft.user == caller.user.id)
            .ok_or_else(|| no_object("get", id))?;
        let metrics = metrics(ask, &OF_POST)?;
        if post.repost_of.is_some() {
            return Ok(json!({"data": []}));
        }
        let answers = self.list_posts(|other| other.draft.reply_to.as_deref() == Some(id)).len();
        let figures = self.figures(&post);
        let data: Vec<Value> = metrics
            .iter()
            .map(|metric| {
                let value = match metric.as_str() {
                    "replies" => figures.comments + i64::try_from(answers).unwrap_or(0),
                    other => figure(other, figures),
                };
                entry(id, metric, "lifetime", "values", &json!([{"value": value}]))
            })
            .collect();
        Ok(json!({"data": data}))
    }

    /// `GET /{user}/threads_insights`
    pub(super) fn profile_insights(&self, ask: &Ask, id: &str) -> Result<Value, ThreadsError> {
        let caller = self.own(ask, id)?;
        caller.needs("threads_manage_insights")?;
        let metrics = metrics(ask, &OF_PROFILE)?;
        let since = ask.get("since").and_then(|since| since.parse::<i64>().ok());
        if since.is_some_and(|since| since < EARLIEST) {
            return Err(parameter(&format!("Param since must be at least {EARLIEST}.")));
        }
        let breakdown = ask.get("breakdown").filter(|breakdown| BREAKDOWNS.contains(breakdown));
        let mine = self.list_posts(|post| post.draft.user == caller.user.id);
        let figures = mine.iter().map(|post| self.figures(post)).fold(Figures::default(), sum);
        let followers = followers(&caller.user.id, self.world.now());
        let id = &caller.user.id;
        let mut data = Vec::new();
        for metric in &metrics {
            data.push(match metric.as_str() {
                "views" => {
                    let end = self.world.now().to_iso_millis();
                    let values = json!([{"value": figure("views", figures), "end_time": end}]);
                    entry(id, metric, "day", "values", &values)
                }
                "clicks" => {
                    let links: Vec<Value> = mine
                        .iter()
                        .filter_map(|post| post.draft.link.as_ref())
                        .map(|link| json!({"value": figure("clicks", figures), "link_url": link}))
                        .collect();
                    entry(id, metric, "day", "link_total_values", &json!(links))
                }
                "followers_count" => entry(id, metric, "day", "total_value", &json!({"value": followers})),
                "follower_demographics" => {
                    let breakdown =
                        breakdown.ok_or_else(|| parameter("The parameter breakdown is required."))?;
                    let results = json!([{"dimension_values": ["sandbox"], "value": followers}]);
                    let value = json!({"breakdowns": [{"dimension_keys": [breakdown], "results": results}]});
                    entry(id, metric, "lifetime", "total_value", &value)
                }
                other => entry(id, metric, "day", "total_value", &json!({"value": figure(other, figures)})),
            });
        }
        Ok(json!({"data": data}))
    }

    fn figures(&self, post: &Post) -> Figures {
        Figures::of(&post.id, self.world.now().since(post.created_at))
    }
}

/// The metrics that were asked for. Some clients name them in `fields`.
fn metrics(ask: &Ask, known: &[&str]) -> Result<Vec<String>, ThreadsError> {
    let list = ask.get("metric").or_else(|| ask.get("fields")).unwrap_or_default();
    let metrics: Vec<String> =
        list.split(',').map(|metric| metric.trim().to_owned()).filter(|metric| !metric.is_empty()).collect();
    if metrics.is_empty() {
        return Err(parameter("The parameter metric is required."));
    }
    match metrics.iter().find(|metric| !known.contains(&metric.as_str())) {
        Some(_) => Err(parameter(&format!("Param metric must be one of {{{}}}.", known.join(", ")))),
        None => Ok(metrics),
    }
}

fn sum(one: Figures, other: Figures) -> Figures {
    Figures {
        seen: one.seen + other.seen,
        likes: one.likes + other.likes,
        comments: one.comments + other.comments,
        shares: one.shares + other.shares,
        clicks: one.clicks + other.clicks,
    }
}

fn figure(metric: &str, figures: Figures) -> i64 {
    match metric {
        "views" => figures.seen,
        "likes" => figures.likes,
        "replies" => figures.comments,
        "clicks" => figures.clicks,
        "reposts" => figures.shares,
        "shares" => figures.shares / 2,
        _ => 0,
    }
}

fn entry(id: &str, metric: &str, period: &str, shape: &str, value: &Value) -> Value {
    let mut entry = json!({
        "name": metric,
        "period": period,
        "title": metric,
        "description": format!("The number of {metric}."),
        "id": format!("{id}/insights/{metric}/{period}"),
    });
    entry[shape] = value.clone();
    entry
}
