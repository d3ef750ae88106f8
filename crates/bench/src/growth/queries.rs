//! The queries that are timed: those of callers, of the publish loop, and of probes and metrics.

use std::time::Duration;

use anyhow::{Result, ensure};
use app::auth::Means;
use app::posts::{self, ListPosts};
use app::{App, Caller, accounts};
use domain::plan::OrganizationSettings;
use domain::{ApiKeyId, EventId, PostStatus, Span, Timestamp, UserId};
use net::Entropy as _;
use net::SystemEntropy;
use store::{PostFilter, PostOrder, PostPage};

use super::Growth;
use super::fill::{Filling, tenant};
use crate::stopwatch::{now, percentiles_ms};

/// Posts of a page, and accounts of a claim.
const PAGE: u32 = 20;
const BATCH: usize = 100;
/// A query that takes long is asked less often.
const LONG_ENOUGH: Duration = Duration::from_secs(15);
const BIG: u8 = 0;
const SMALL: u8 = 42;
const LEASE: Span = Span::from_seconds(90);
const OVERDUE_AFTER: Span = Span::from_minutes(1);

/// How long one query takes.
pub(super) struct Timed {
    pub(super) name: String,
    pub(super) p50_ms: f64,
    pub(super) p99_ms: f64,
}

/// Asks everything, in an order that leaves the claims for last.
pub(super) async fn measure(app: &App, filling: &mut Filling, growth: Growth) -> Result<Vec<Timed>> {
    let moment = filling.now();
    let mut timed = Vec::new();
    // Of these the page is full at every size.
    for (tenant, number, status) in
        [("big tenant", BIG, PostStatus::Failed), ("small tenant", SMALL, PostStatus::Scheduled)]
    {
        let caller = caller(number);
        let all = ListPosts { limit: PAGE, ..ListPosts::default() };
        let some = ListPosts { statuses: vec![status], ..all.clone() };
        let name = format!("GET /posts, {tenant}");
        timed.push(repeat(growth, name, async || page(app, &caller, &all).await).await?);
        let name = format!("GET /posts?status={}, {tenant}", status.as_str());
        timed.push(repeat(growth, name, async || page(app, &caller, &some).await).await?);
        let name = format!("page without its total, {tenant}");
        timed.push(repeat(growth, name, async || rows(app, &caller).await).await?);
        let name = format!("GET /accounts, {tenant}");
        timed.push(repeat(growth, name, async || connected(app, &caller).await).await?);
    }
    timed.push(repeat(growth, "metrics".to_owned(), async || figures(app, moment).await).await?);
    timed.push(repeat(growth, "readiness".to_owned(), async || ready(app, moment).await).await?);
    timed.push(repeat(growth, "next due".to_owned(), async || next(app, moment).await).await?);
    timed.extend(claims(app, filling, growth).await?);
    Ok(timed)
}

/// Times `query` again and again, once more than counts.
async fn repeat(growth: Growth, name: String, mut query: impl AsyncFnMut() -> Result<()>) -> Result<Timed> {
    query().await?;
    let begun = now();
    let mut times = Vec::with_capacity(growth.repeat);
    while times.len() < growth.repeat && begun.elapsed() < LONG_ENOUGH {
        let asked = now();
        query().await?;
        times.push(asked.elapsed());
    }
    Ok(timed(name, &mut times))
}

fn timed(name: String, times: &mut [Duration]) -> Timed {
    let [p50_ms, p99_ms] = percentiles_ms(times, [50, 99]);
    Timed { name, p50_ms, p99_ms }
}

async fn page(app: &App, caller: &Caller, list: &ListPosts) -> Result<()> {
    let page = posts::list(app, caller, list).await?;
    let shown = u64::try_from(page.posts.len())?;
    ensure!(shown == page.total.min(u64::from(list.limit)), "{shown} of {} posts are shown", page.total);
    Ok(())
}

async fn rows(app: &App, caller: &Caller) -> Result<()> {
    let (organization, workspace) = (caller.organization_id, caller.workspace_id);
    let filter = PostFilter::default();
    let order = PostOrder::CreatedAt;
    let page = PostPage { order, ascending: false, limit: PAGE, offset: 0, after: None };
    let rows = app.store.list_posts(organization, workspace, &filter, page).await?;
    ensure!(!rows.is_empty(), "no post is shown");
    Ok(())
}

async fn connected(app: &App, caller: &Caller) -> Result<()> {
    let accounts = accounts::list(app, caller).await?;
    ensure!(accounts.len() == 100, "{} accounts are shown", accounts.len());
    Ok(())
}

/// What a scrape of `/metrics` reads.
async fn figures(app: &App, moment: Timestamp) -> Result<()> {
    let open = app.store.count_open(moment).await?;
    ensure!(open.iter().any(|row| row.due > 0), "nothing is due");
    app.store.count_overdue(moment - OVERDUE_AFTER).await?;
    app.store.count_to_reconnect().await?;
    Ok(())
}

/// What `/readyz` reads.
async fn ready(app: &App, moment: Timestamp) -> Result<()> {
    app.store.probe_read().await?;
    let neglected = app.store.find_neglected(moment - OVERDUE_AFTER, moment).await?;
    ensure!(neglected.is_some(), "nothing is neglected");
    Ok(())
}

async fn next(app: &App, moment: Timestamp) -> Result<()> {
    ensure!(app.store.next_due(moment).await?.is_some(), "nothing waits");
    Ok(())
}

/// Looks for due accounts and claims a batch, until nothing is due; then everything is made due again.
async fn claims(app: &App, filling: &mut Filling, growth: Growth) -> Result<Vec<Timed>> {
    let moment = filling.now();
    let (mut looks, mut takes) = (Vec::new(), Vec::new());
    let batch = u32::try_from(BATCH)?;
    while takes.len() < growth.repeat {
        let asked = now();
        let accounts = app.store.list_due_accounts("", moment, batch).await?;
        let looked = asked.elapsed();
        if accounts.len() < BATCH {
            ensure!(!takes.is_empty(), "{} accounts have something due", accounts.len());
            filling.unclaim().await?;
            continue;
        }
        looks.push(looked);
        let ids = (0..BATCH).map(|_| EventId(SystemEntropy.uuid(moment))).collect();
        let asked = now();
        let claims =
            app.store.claim_accounts("bench".to_owned(), moment, moment + LEASE, accounts, ids).await?;
        takes.push(asked.elapsed());
        ensure!(claims.len() == BATCH, "{} of {BATCH} accounts were claimed", claims.len());
    }
    filling.unclaim().await?;
    Ok(vec![timed("due accounts".to_owned(), &mut looks), timed(format!("claim of {BATCH}"), &mut takes)])
}

fn caller(number: u8) -> Caller {
    let (organization_id, workspace_id) = tenant(number);
    Caller {
        organization_id,
        workspace_id,
        api_key_id: ApiKeyId(uuid::Uuid::nil()),
        user_id: UserId(1),
        scopes: Vec::new(),
        means: Means::Key,
        settings: OrganizationSettings::default(),
    }
}
