//! `fanfare sandbox clock`: the time of a running sandbox, and of the servers that publish to it.

use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use net::{Client, ClientConfig, Request, Sent};
use serde_json::{Value, json};
use url::Url;

use crate::config::Config;
use crate::output;

/// Where a sandbox listens if nothing else is said.
const USUAL: &str = "http://127.0.0.1:9090";
/// A long journey may take its time.
const JOURNEY: Duration = Duration::from_hours(1);

/// Options of `fanfare sandbox clock`.
#[derive(clap::Args)]
pub(crate) struct Options {
    #[command(subcommand)]
    command: Command,
    /// The sandbox's address; `sandbox_url` of the configuration (`FANFARE_SANDBOX_URL`), or
    /// http://127.0.0.1:9090.
    #[arg(long, global = true, value_name = "URL")]
    sandbox_url: Option<String>,
    /// Print one line of JSON.
    #[arg(long, global = true)]
    json: bool,
}

/// What to do with the time.
#[derive(clap::Subcommand)]
enum Command {
    /// Say what the clock shows.
    Show,
    /// Let time pass: what is due on the way happens in order, each thing at its time.
    Advance {
        /// How long, such as 30d, 2h, 90s or 1d12h.
        span: String,
    },
    /// Let time pass until a moment.
    Set {
        /// When, such as 2027-01-01T00:00:00Z.
        moment: String,
    },
    /// Stop the clock.
    Freeze,
    /// Let the clock run on from where it stands.
    Run,
}

pub(crate) async fn run(options: Options, config: &Config) -> Result<()> {
    let address = match (options.sandbox_url, config.sandbox_url.as_str()) {
        (Some(given), _) => given,
        (None, "") => USUAL.to_owned(),
        (None, configured) => configured.to_owned(),
    };
    let url = format!("{}/_sandbox/clock", address.trim_end_matches('/'));
    let url = Url::parse(&url).with_context(|| format!("\"{address}\" is not an address"))?;
    let request = match options.command {
        Command::Show => Request::get(url),
        Command::Advance { span } => Request::post(url).json(&json!({ "advance": span })),
        Command::Set { moment } => Request::post(url).json(&json!({ "set": moment })),
        Command::Freeze => Request::post(url).json(&json!({ "freeze": true })),
        Command::Run => Request::post(url).json(&json!({ "freeze": false })),
    };
    let answer = ask(request, &address).await?;
    if options.json {
        return output::line(&answer.to_string());
    }
    output::line(&in_words(&answer))
}

async fn ask(request: Request, address: &str) -> Result<Value> {
    let config = ClientConfig { timeout: JOURNEY, ..ClientConfig::default() };
    let http = Client::new(config).context("cannot set up the HTTP client")?;
    let answer = match http.send(request).await {
        Ok(answer) => answer,
        Err(error) if error.sent == Sent::No => {
            bail!("no sandbox answers at {address}; start one, or name another with --sandbox-url")
        }
        Err(error) => bail!("the sandbox at {address} did not answer to the end: {error}"),
    };
    let body = serde_json::from_slice::<Value>(&answer.body).unwrap_or_default();
    match (answer.is_success(), body["now"].is_string(), body["error"].as_str()) {
        (true, true, _) => Ok(body),
        (false, _, Some(reason)) if answer.status == 400 => bail!("{reason}"),
        _ => bail!(
            "there is no sandbox at {address}, and only a sandbox's time can be moved: a server of real \
             platforms has the machine's time"
        ),
    }
}

fn in_words(answer: &Value) -> String {
    let now = answer["now"].as_str().unwrap_or_default();
    let state = if answer["frozen"] == true { "stands still" } else { "runs" };
    let way = match (answer["moved_ms"].as_i64(), answer["stops"].as_u64()) {
        (Some(moved), Some(stops)) if moved > 0 => {
            let times = if stops == 1 { "time" } else { "times" };
            format!("; it stopped {stops} {times} on the way for what was due")
        }
        _ => String::new(),
    };
    format!("{now}; the clock {state}{way}")
}
