//! `fanfare analytics`: how posts and accounts do, asked of a server that runs elsewhere.

use anyhow::{Context as _, Result, bail};
use clap::Args;
use mcp::{Api as _, Ask};
use serde_json::Value;
use url::form_urlencoded;

use super::mcp::remote;
use crate::output;

/// The numbers of a reading, in the order in which they are shown.
const NUMBERS: [&str; 6] = ["views", "likes", "comments", "shares", "impressions", "clicks"];

/// What to show.
#[derive(Args)]
pub(crate) struct Options {
    /// `today`, `week`, `month` or `all`.
    #[arg(long, conflicts_with_all = ["from", "to"])]
    period: Option<String>,
    /// From this time on (ISO 8601).
    #[arg(long, value_name = "TIME")]
    from: Option<String>,
    /// Until this time.
    #[arg(long, value_name = "TIME")]
    to: Option<String>,
    /// The period by `day`, `platform`, `account` or `campaign`.
    #[arg(long, value_name = "WHAT", conflicts_with_all = ["post", "account"])]
    by: Option<String>,
    /// Whose days, with `--by day`, such as `Europe/Berlin`.
    #[arg(long, value_name = "ZONE", requires = "by")]
    timezone: Option<String>,
    /// One post, reading by reading.
    #[arg(long, value_name = "ID", conflicts_with_all = ["period", "from", "to", "account"])]
    post: Option<String>,
    /// One account's followers, day by day.
    #[arg(long, value_name = "ID", conflicts_with = "period")]
    account: Option<i64>,
    /// Print the answer as JSON.
    #[arg(long)]
    json: bool,
}

pub(crate) async fn run(options: Options) -> Result<()> {
    let server = remote("fanfare")?;
    let ask = Ask { method: http::Method::GET, path: path(&options), body: None };
    let answer = server.ask(ask, None).await?;
    let body: Value = serde_json::from_slice(&answer.body)
        .with_context(|| format!("the server answered with status {} and no JSON", answer.status))?;
    if !body["error"].is_null() {
        bail!("{}", text(&body["error"]["message"]));
    }
    let data = &body["data"];
    if options.json {
        return output::line(&serde_json::to_string_pretty(data)?);
    }
    if options.post.is_some() {
        show_post(data)
    } else if options.account.is_some() {
        show_account(data)
    } else if options.by.is_some() {
        show_breakdown(data)
    } else {
        show_summary(data)
    }
}

fn path(options: &Options) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    let Options { by, timezone, period, from, to, .. } = options;
    for (name, value) in [("by", by), ("timezone", timezone), ("period", period), ("from", from), ("to", to)]
    {
        query.extend_pairs(value.as_ref().map(|value| (name, value)));
    }
    let query = query.finish();
    let path = match (&options.post, options.account) {
        (Some(post), _) => {
            format!("/posts/{}/metrics", form_urlencoded::byte_serialize(post.as_bytes()).collect::<String>())
        }
        (None, Some(account)) => format!("/accounts/{account}/metrics"),
        (None, None) if by.is_some() => "/analytics/breakdown".to_owned(),
        (None, None) => "/analytics/summary".to_owned(),
    };
    if query.is_empty() { path } else { format!("{path}?{query}") }
}

fn show_summary(data: &Value) -> Result<()> {
    let range = &data["range"];
    let from = range["from"].as_str().unwrap_or("the beginning");
    output::line(&format!("From {from} to {}", text(&range["to"])))?;
    let posts = data["posts"].as_object().into_iter().flatten();
    let posts = posts.map(|(name, count)| format!("{name} {count}"));
    output::line(&format!("Posts: {}", posts.collect::<Vec<_>>().join(", ")))?;
    let numbers = NUMBERS.map(|name| format!("{name} {}", number(&data["metrics"][name])));
    output::line(&format!("Metrics: {}", numbers.join(", ")))?;
    let accounts = list(&data["audience"]);
    if accounts.is_empty() {
        return output::line("Audience: no account's followers were counted yet.");
    }
    let mut rows = vec![["ACCOUNT", "PLATFORM", "NAME", "FOLLOWERS", "CHANGE"].map(str::to_owned).to_vec()];
    rows.extend(accounts.iter().map(|account| {
        vec![
            account["account_id"].to_string(),
            text(&account["platform"]),
            text(&account["account_name"]),
            number(&account["followers"]),
            account["change_in_period"]
                .as_i64()
                .map_or_else(|| "-".to_owned(), |change| format!("{change:+}")),
        ]
    }));
    output::table(&rows)
}

fn show_breakdown(data: &Value) -> Result<()> {
    let by = text(&data["by"]).to_uppercase();
    let names = [by, "PUBLISHED".to_owned(), "FAILED".to_owned()].into_iter();
    let mut rows = vec![names.chain(NUMBERS.map(str::to_uppercase)).collect::<Vec<_>>()];
    rows.extend(list(&data["rows"]).iter().map(|row| {
        let counts = ["published", "failed"].map(|name| number(&row[name]));
        let numbers = NUMBERS.map(|name| number(&row["metrics"][name]));
        std::iter::once(about(row)).chain(counts).chain(numbers).collect()
    }));
    output::table(&rows)
}

/// What an entry of a breakdown is about.
fn about(row: &Value) -> String {
    let names = ["date", "account_name", "platform", "campaign_name"].into_iter();
    let told: Vec<&str> = names.filter_map(|name| row[name].as_str()).collect();
    if told.is_empty() { "-".to_owned() } else { told.join(", ") }
}

fn show_post(data: &Value) -> Result<()> {
    for destination in list(&data["destinations"]) {
        output::line(&head(destination))?;
        let readings = list(&destination["readings"]);
        if readings.is_empty() {
            continue;
        }
        let names = ["AGE", "READ AT"].into_iter().map(str::to_owned);
        let mut rows = vec![names.chain(NUMBERS.map(str::to_uppercase)).collect::<Vec<_>>()];
        for reading in readings {
            let age = format!("{} h", reading["age_hours"]);
            let numbers = NUMBERS.iter().map(|name| number(&reading[*name]));
            rows.push([age, text(&reading["read_at"])].into_iter().chain(numbers).collect());
        }
        output::table(&rows)?;
    }
    Ok(())
}

fn show_account(data: &Value) -> Result<()> {
    output::line(&head(data))?;
    let mut rows = vec![vec!["READ AT".to_owned(), "FOLLOWERS".to_owned()]];
    let readings = list(&data["readings"]).iter();
    rows.extend(readings.map(|reading| vec![text(&reading["read_at"]), number(&reading["followers"])]));
    output::table(&rows)
}

/// Which account it is, and where its readings stand.
fn head(of: &Value) -> String {
    let mut line =
        format!("{} {}: {}", text(&of["platform"]), text(&of["account_name"]), text(&of["status"]));
    for more in ["ended_reason", "message"] {
        if let Some(more) = of[more].as_str() {
            line.push_str(", ");
            line.push_str(more);
        }
    }
    if let Some(next) = of["next_reading_at"].as_str() {
        line.push_str(", next at ");
        line.push_str(next);
    }
    line
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or("-").to_owned()
}

/// A number, or a dash for what the platform does not tell.
fn number(value: &Value) -> String {
    value.as_i64().map_or_else(|| "-".to_owned(), |number| number.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked() -> Options {
        Options {
            period: None,
            from: None,
            to: None,
            by: None,
            timezone: None,
            post: None,
            account: None,
            json: false,
        }
    }

    #[test]
    fn options_become_one_request() {
        let week = Options { period: Some("week".into()), ..asked() };
        assert_eq!(path(&week), "/analytics/summary?period=week");
        assert_eq!(path(&asked()), "/analytics/summary");
        let days = Options { by: Some("day".into()), timezone: Some("Asia/Kolkata".into()), ..asked() };
        assert_eq!(path(&days), "/analytics/breakdown?by=day&timezone=Asia%2FKolkata");
        let post = Options { post: Some("a/b".into()), ..asked() };
        assert_eq!(path(&post), "/posts/a%2Fb/metrics");
        let account =
            Options { account: Some(3121), from: Some("2027-01-01T00:00:00+01:00".into()), ..asked() };
        assert_eq!(path(&account), "/accounts/3121/metrics?from=2027-01-01T00%3A00%3A00%2B01%3A00");
    }
}
