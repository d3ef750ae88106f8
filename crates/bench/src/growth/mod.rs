//! What lists, claims and health cost on a small and on a large history.

mod fill;

use anyhow::{Context as _, Result, ensure};
use domain::{AccountId, ApiKeyId, DestinationId, EventId, PostId, PostStatus, Span};
use net::{Entropy as _, SystemEntropy};
use pgtest::{Durability, Postgres};
use store::{Keyring, NewDestination, NewPostRow, PostFilter, PostOrder, Store, StoreConfig};
use tokio::task::JoinSet;

use crate::Scale;
use crate::report::{Entry, Goal};
use crate::stopwatch::{as_ms, median, now};
use crate::workplace::Workplace;
use fill::{ACCOUNTS, END, Filler, ORGANIZATIONS, PLATFORM, organization, workspace};

/// Calls of each kind at each size.
const CALLS: usize = 200;
/// Claims at each size.
const CLAIMS: usize = 20;
/// Destinations of a claim.
const CLAIMED: usize = 100;
/// The organization that half of all posts belong to, and one of the others.
const LARGE: i64 = 0;
const SMALL: i64 = 1;

/// What is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Query {
    List,
    ListFailed,
    ListSmall,
    Health,
    Claim,
}

const QUERIES: [Query; 5] = [Query::List, Query::ListFailed, Query::ListSmall, Query::Health, Query::Claim];

impl Query {
    const fn words(self) -> &'static str {
        match self {
            Self::List => "a page of 20 posts and their number, of the tenant that has half of all",
            Self::ListFailed => "the same, of those that failed",
            Self::ListSmall => "the same as the first, of one of 99 other tenants",
            Self::Health => "an account with its numbers for GET /accounts/{id}/health",
            Self::Claim => "a look for what is due, and a claim of 100 destinations of 100 accounts",
        }
    }

    const fn name(self, is_postgres: bool) -> &'static str {
        match (self, is_postgres) {
            (Self::List, false) => "list, large tenant, SQLite",
            (Self::List, true) => "list, large tenant, PostgreSQL",
            (Self::ListFailed, false) => "list failed, large tenant, SQLite",
            (Self::ListFailed, true) => "list failed, large tenant, PostgreSQL",
            (Self::ListSmall, false) => "list, small tenant, SQLite",
            (Self::ListSmall, true) => "list, small tenant, PostgreSQL",
            (Self::Health, false) => "account health, SQLite",
            (Self::Health, true) => "account health, PostgreSQL",
            (Self::Claim, false) => "claim, SQLite",
            (Self::Claim, true) => "claim, PostgreSQL",
        }
    }
}

/// The times of one query at one size.
struct Taken {
    posts: i64,
    times_ms: Vec<f64>,
}

/// Takes the figures on each database.
pub(crate) async fn measure(workplace: &Workplace, scale: Scale) -> Result<Vec<Entry>> {
    let server = Postgres::start(Durability::Fast).context("a private PostgreSQL")?;
    let mut entries = Vec::new();
    for is_postgres in [false, true] {
        let folder = workplace.folder("growth")?;
        let (keyring, config) = (Keyring::new([7; 32]), StoreConfig::default());
        let (store, filler) = if is_postgres {
            let url = server.create_database()?;
            (Store::open_postgres(&url, keyring, &config).await?, Filler::postgres(&url).await?)
        } else {
            let path = folder.join("growth.db");
            (Store::open_sqlite(&path, keyring, &config).await?, Filler::sqlite(&path).await?)
        };
        entries.extend(on(&store, filler, is_postgres, scale.sizes).await?);
        store.close().await;
        std::fs::remove_dir_all(&folder)?;
    }
    Ok(entries)
}

async fn on(store: &Store, mut filler: Filler, is_postgres: bool, sizes: &[i64]) -> Result<Vec<Entry>> {
    filler.fill_tenants(store).await?;
    let mut curves: Vec<(Query, Vec<Taken>)> = QUERIES.iter().map(|query| (*query, Vec::new())).collect();
    let mut reached = 0;
    for (round, posts) in sizes.iter().enumerate() {
        filler.fill(reached, *posts).await?;
        reached = *posts;
        for (query, curve) in &mut curves {
            let times_ms = match query {
                Query::Claim => claims(store, round).await?,
                query => calls(store, *query).await?,
            };
            curve.push(Taken { posts: *posts, times_ms });
        }
    }
    filler.close().await?;
    Ok(curves.iter().map(|(query, curve)| entry(*query, is_postgres, curve)).collect())
}

async fn calls(store: &Store, query: Query) -> Result<Vec<f64>> {
    let mut times = Vec::with_capacity(CALLS);
    for call in 0..=CALLS {
        let begun = now();
        ask(store, query, call).await?;
        // The first one pays for what is remembered afterwards.
        if call > 0 {
            times.push(as_ms(begun.elapsed()));
        }
    }
    Ok(times)
}

async fn ask(store: &Store, query: Query, call: usize) -> Result<()> {
    let number = if query == Query::ListSmall { SMALL } else { LARGE };
    let (organization, workspace) = (organization(number), workspace(number));
    if query == Query::Health {
        let account = AccountId(1 + ORGANIZATIONS * i64::try_from(call % 100)?);
        let since = END + Span::from_days(-7);
        ensure!(store.find_account(organization, account, since).await?.is_some(), "no account {account}");
        store.get_account_numbers(organization, account, since).await?;
        return Ok(());
    }
    let statuses = if query == Query::ListFailed { vec![PostStatus::Failed] } else { Vec::new() };
    let filter = PostFilter { statuses, ..PostFilter::default() };
    let page = store.list_posts(organization, workspace, &filter, PostOrder::CreatedAt, false, 20, 0).await?;
    ensure!(!page.is_empty(), "the list is empty");
    store.count_posts(organization, workspace, &filter, END).await?;
    Ok(())
}

/// Makes what is due and claims it. Every claim takes accounts that were never claimed before.
async fn claims(store: &Store, round: usize) -> Result<Vec<f64>> {
    let mut times = Vec::with_capacity(CLAIMS);
    for claim in 0..CLAIMS {
        let first = (round * CLAIMS + claim) * CLAIMED;
        let mut making = JoinSet::new();
        for account in first..first + CLAIMED {
            let account = i64::try_from(account)? % ACCOUNTS;
            let organization = organization(account % ORGANIZATIONS);
            let (store, row) = (store.clone(), due_post(account));
            making.spawn(async move { store.create_post(organization, row, None).await });
        }
        while let Some(made) = making.join_next().await {
            made??;
        }
        let ids = (0..CLAIMED).map(|_| EventId(id())).collect();
        let begun = now();
        let limit = u32::try_from(CLAIMED)?;
        let lease_until = END + Span::from_days(1);
        let claimed = store.claim_due("bench".to_owned(), END, lease_until, limit, ids).await?;
        times.push(as_ms(begun.elapsed()));
        ensure!(claimed.len() == CLAIMED, "{} of {CLAIMED} were claimed", claimed.len());
    }
    Ok(times)
}

fn due_post(account: i64) -> NewPostRow {
    let account_id = AccountId(1 + account);
    NewPostRow {
        id: PostId(id()),
        workspace_id: workspace(account % ORGANIZATIONS),
        api_key_id: ApiKeyId(id()),
        content: "Due".to_owned(),
        status: PostStatus::Scheduled,
        scheduled_for: Some(END),
        timezone: "UTC".to_owned(),
        account_ids: vec![account_id],
        media_ids: Vec::new(),
        platform_content: "{}".to_owned(),
        thread_posts: Vec::new(),
        campaign_id: None,
        destinations: vec![NewDestination {
            id: DestinationId(id()),
            account_id,
            platform: PLATFORM,
            scheduled_for: END,
        }],
        now: END,
    }
}

fn id() -> uuid::Uuid {
    SystemEntropy.uuid(END)
}

fn entry(query: Query, is_postgres: bool, curve: &[Taken]) -> Entry {
    let middle = |taken: &Taken| median(taken.times_ms.clone());
    let (first, last) = (curve.first().map_or(f64::NAN, middle), curve.last().map_or(f64::NAN, middle));
    let points = curve.iter().map(|taken| {
        let mut sorted = taken.times_ms.clone();
        sorted.sort_by(f64::total_cmp);
        let p99 = sorted.get(sorted.len() * 99 / 100).copied().unwrap_or(f64::NAN);
        format!("{} posts: median {:.2} ms, 99th percentile {p99:.2} ms", taken.posts, middle(taken))
    });
    Entry {
        what: query.name(is_postgres),
        figure: format!("{last:.2} ms"),
        baseline: format!("{first:.2} ms"),
        ratio: Some(last / first),
        goal: Goal::RatioAtMost(1.5),
        method: format!("{}, by the store's own calls; the baseline is the smallest history", query.words()),
        notes: points.collect(),
    }
}
