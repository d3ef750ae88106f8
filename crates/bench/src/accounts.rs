//! `GET /accounts` against one bare read of the same rows.

use std::sync::Arc;

use anyhow::{Result, ensure};
use serde_json::Value;

use crate::Scale;
use crate::load::{self, Load, Served};
use crate::process::Running;
use crate::report::{Entry, Goal};
use crate::seed::{ACCOUNTS, seed};
use crate::stopwatch::{median, median_ratio};
use crate::workplace::Workplace;

const CONNECTIONS: usize = 32;

/// One side of the comparison.
struct Side {
    running: Running,
    rates: Vec<f64>,
    cpu_us: Vec<f64>,
    last: Option<Served>,
}

impl Side {
    fn new(running: Running) -> Self {
        Self { running, rates: Vec::new(), cpu_us: Vec::new(), last: None }
    }

    async fn round(&mut self, request: &Arc<[u8]>, scale: Scale) -> Result<()> {
        let load = Load {
            address: self.running.address,
            request: Arc::clone(request),
            status: 200,
            connections: CONNECTIONS,
            warm_up: scale.warm_up,
            window: scale.window,
        };
        let before = self.running.cpu_seconds()?;
        let served = load::run(&load).await?;
        let used = self.running.cpu_seconds()? - before;
        self.cpu_us.push(used * 1e6 / f64::from(u32::try_from(served.all_answers)?));
        self.rates.push(served.rate);
        self.last = Some(served);
        Ok(())
    }

    fn line(&self, name: &str) -> String {
        let (p50, p99) = self.last.as_ref().map_or((f64::NAN, f64::NAN), |last| (last.p50_ms, last.p99_ms));
        let cpu = median(self.cpu_us.clone());
        format!(
            "{name}: {cpu:.0} µs of processor time per answer; last round p50 {p50:.2} ms, p99 {p99:.2} ms"
        )
    }
}

/// Takes the figure.
pub(crate) async fn measure(workplace: &Workplace, scale: Scale) -> Result<Entry> {
    let seeded = seed(&workplace.folder("accounts")?).await?;
    let alike = seed(&workplace.folder("accounts-bare")?).await?;
    let mut server = Side::new(Running::fanfare(workplace, &seeded.folder).await?);
    let mut bare = Side::new(Running::bare_accounts(workplace, &alike.database())?);
    let request = load::request("GET", "/v1/accounts", &seeded.key, "");
    let (body, same_body) = (data(&server, &request).await?, data(&bare, &request).await?);
    ensure!(body == same_body, "the two answer differently:\n  {body}\n  {same_body}");
    ensure!(body["total"] == ACCOUNTS, "{ACCOUNTS} accounts were made, but the answer is {body}");
    for _ in 0..scale.rounds {
        bare.round(&request, scale).await?;
        server.round(&request, scale).await?;
    }
    let ratio = median_ratio(&server.rates, &bare.rates);
    let (figure, baseline) = (median(server.rates.clone()), median(bare.rates.clone()));
    let notes = vec![server.line("server"), bare.line("bare")];
    server.running.stop()?;
    Ok(Entry {
        what: "GET /accounts, 20 accounts".to_owned(),
        figure: format!("{figure:.0}/s"),
        baseline: format!("{baseline:.0}/s"),
        ratio: Some(ratio),
        goal: Goal::RatioAtLeast(0.70),
        method: format!(
            "{CONNECTIONS} connections on loopback, {} rounds of {:?} each side in turn after {:?} of warm-up, \
             medians of the rounds and of their ratios. Server: `fanfare serve` as it comes, with its key check, rate limit (raised) and log to \
             a file. Baseline: a bare axum handler that reads the same 20 rows by an index through the same \
             pool settings and answers the same JSON.",
            scale.rounds, scale.window, scale.warm_up
        ),
        notes,
    })
}

async fn data(side: &Side, request: &[u8]) -> Result<Value> {
    let answer = load::ask(side.running.address, request).await?;
    ensure!(answer.status == 200, "the status is {}", answer.status);
    let mut body: Value = serde_json::from_slice(&answer.body)?;
    Ok(body["data"].take())
}
