//! `fanfare import`: posts of a file, made on a server that runs elsewhere.
//!
//! The file is sent again for what waits for its media or for a limit: the server makes each post once.

use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use clap::ValueEnum;
use domain::Span;
use net::{Client, Clock as _, Request, SystemClock};
use serde_json::{Map, Value};
use url::Url;

use crate::output;
use crate::remote::{self, Server};

/// Files are fetched while the server answers.
const LONGEST_CALL: Duration = Duration::from_mins(5);
/// How long to wait for what waits, in seconds, if nothing else is said.
const USUAL_WAIT: u32 = 600;

/// What to import.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// A table (CSV), an export of a server (JSON), or posts of Postiz or Mixpost (JSON).
    file: PathBuf,
    /// What the file is.
    #[arg(long, value_enum, default_value_t = Format::Auto)]
    format: Format,
    /// The zone whose clocks the file's times are of where they name none, such as Europe/Berlin; UTC
    /// without it.
    #[arg(long)]
    timezone: Option<String>,
    /// Say what would become of the posts, and make nothing.
    #[arg(long)]
    dry_run: bool,
    /// What the file calls an account, and the account's id; may be given often.
    #[arg(long = "map", value_name = "NAME=ACCOUNT_ID", value_parser = mapped)]
    mapping: Vec<(String, i64)>,
    /// How long to go on sending the file for posts that wait for their media or for a limit, in seconds.
    #[arg(long, value_name = "SECONDS", default_value_t = USUAL_WAIT)]
    wait: u32,
    /// Print the server's last answer as it is.
    #[arg(long)]
    json: bool,
}

/// What a file is.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Format {
    /// Found out by looking.
    Auto,
    /// A table.
    Csv,
    /// An export of a server.
    Json,
    /// Posts of Postiz.
    Postiz,
    /// Posts of Mixpost.
    Mixpost,
}

impl Format {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Csv => "csv",
            Self::Json => "json",
            Self::Postiz => "postiz",
            Self::Mixpost => "mixpost",
        }
    }
}

fn mapped(text: &str) -> Result<(String, i64), String> {
    let (name, id) = text.rsplit_once('=').ok_or("write it as NAME=ACCOUNT_ID")?;
    let id = id.trim().parse().map_err(|_| format!("\"{id}\" is no account id; see GET /v1/accounts"))?;
    if name.trim().is_empty() { Err("the name is missing".to_owned()) } else { Ok((name.to_owned(), id)) }
}

pub(crate) async fn run(options: Options) -> Result<()> {
    let content = tokio::fs::read(&options.file)
        .await
        .with_context(|| format!("cannot read {}", options.file.display()))?;
    let server = remote::server()?;
    let http = remote::client("fanfare-import", LONGEST_CALL)?;
    let address = address(&server, &options)?;
    let clock = SystemClock;
    let end = clock.now() + Span::from_seconds(i64::from(options.wait));
    let progress = output::Progress::new(options.json);
    let data = loop {
        progress.step("importing");
        let data = send(&http, &server, &address, &content).await?;
        let waiting = count(&data, "waiting");
        let again = clock.now() + Span::from_seconds(data["retry_after"].as_i64().unwrap_or(0));
        if options.dry_run || waiting == 0 || again > end {
            break data;
        }
        progress.step(&format!("waiting for {waiting} posts"));
        clock.pause_until(again).await;
    };
    progress.done();
    if options.json {
        output::line(&data.to_string())?;
    } else {
        report(&data)?;
    }
    match count(&data, "refused") + count(&data, "waiting") {
        0 => Ok(()),
        left => bail!(
            "{left} of {} posts were not imported; the file can be imported again",
            count(&data, "total")
        ),
    }
}

fn address(server: &Server, options: &Options) -> Result<Url> {
    let mut url = Url::parse(&format!("{}/posts/import", server.root)).context("FANFARE_URL")?;
    let mut query = url.query_pairs_mut();
    query.append_pair("format", options.format.as_str());
    if options.dry_run {
        query.append_pair("dry_run", "true");
    }
    if let Some(zone) = &options.timezone {
        query.append_pair("timezone", zone);
    }
    if !options.mapping.is_empty() {
        let mut mapping: Map<String, Value> = Map::new();
        for (name, id) in &options.mapping {
            // A name that is given twice goes to both.
            let ids = mapping.entry(name.clone()).or_insert_with(|| Value::Array(Vec::new()));
            if let Some(ids) = ids.as_array_mut() {
                ids.push((*id).into());
            }
        }
        query.append_pair("account_mapping", &Value::Object(mapping).to_string());
    }
    drop(query);
    Ok(url)
}

/// The answer's data, also where nothing could be made.
async fn send(http: &Client, server: &Server, address: &Url, content: &[u8]) -> Result<Value> {
    let request = Request::post(address.clone())
        .bearer(&server.key)
        .bytes(content.to_vec().into(), "application/octet-stream");
    let answer =
        http.send(request).await.with_context(|| format!("the server at {} does not answer", server.root))?;
    let mut body: Value = serde_json::from_slice(&answer.body).with_context(|| {
        format!("the answer of {} (status {}) is none of a Fanfare server", server.root, answer.status)
    })?;
    if body["data"]["results"].is_array() {
        return Ok(body["data"].take());
    }
    bail!("{}", body["error"]["message"].as_str().unwrap_or("the server refuses the file"))
}

fn count(data: &Value, name: &str) -> u64 {
    data[name].as_u64().unwrap_or(0)
}

/// One line for each post of which there is something to say, and the numbers.
fn report(data: &Value) -> Result<()> {
    for result in data["results"].as_array().into_iter().flatten() {
        let outcome = result["outcome"].as_str().unwrap_or("?").replace('_', " ");
        let (row, post) = (&result["row"], result["post_id"].as_str().unwrap_or(""));
        output::line(format!("row {row}: {outcome} {post}").trim_end())?;
        for error in result["errors"].as_array().into_iter().flatten() {
            output::line(&format!("  error: {}", error["message"].as_str().unwrap_or("?")))?;
        }
        for note in result["notes"].as_array().into_iter().flatten() {
            output::line(&format!("  note: {}", note.as_str().unwrap_or("?")))?;
        }
    }
    let is_dry = data["dry_run"] == true;
    let created = if is_dry { "would be created" } else { "created" };
    output::line(&format!(
        "{} {created}, {} already there, {} skipped, {} waiting, {} refused",
        count(data, "created"),
        count(data, "already_there"),
        count(data, "skipped"),
        count(data, "waiting"),
        count(data, "refused"),
    ))
}
