//! Reading what came of everything: the API's list and results, and the sandbox's ledger.

use std::collections::{BTreeMap, HashMap, HashSet};

use anyhow::{Context as _, Result, bail};
use serde_json::Value;

use crate::calls::Reply;
use crate::sent::{Book, Fate, SentPost, read_marker};
use crate::stage::Stage;
use crate::tenants::bare_owner;
use crate::time::{now, pause_ms, span_ms};

const PAGE: usize = 100;
const LOOK_EVERY_MS: u64 = 400;
/// A renewal of access that died holds others up for 75 seconds; everything else is faster.
const ENDS_IN_MS: u64 = 300_000;

/// A destination as the API tells it.
#[derive(Clone, Debug)]
pub(crate) struct Told {
    pub(crate) account_id: i64,
    pub(crate) status: String,
    pub(crate) error_code: Option<String>,
    pub(crate) error: Option<String>,
}

impl Told {
    fn has_ended(&self) -> bool {
        self.status == "published" || self.status == "failed"
    }
}

/// Everything that was found.
pub(crate) struct Found {
    /// The posts with their fates: what was unclear is looked up.
    pub(crate) posts: Vec<SentPost>,
    /// What the API says of each accepted post, by its number. Missing: it does not know the post.
    pub(crate) told: HashMap<usize, Vec<Told>>,
    /// How often each part of each post is on the ledger: number, part, platform, owner.
    pub(crate) ledger: BTreeMap<(usize, usize, String, String), usize>,
    /// What cannot be: posts on the list that are there twice, or marks that nobody made.
    pub(crate) strange: Vec<String>,
    /// Accounts whose access ended.
    pub(crate) dead_accounts: HashSet<i64>,
}

/// Waits until every accepted post has ended, and reads all.
pub(crate) async fn collect(stage: &Stage, book: &Book) -> Result<Found> {
    let mut strange = Vec::new();
    let mut posts = book.posts();
    look_up_unclear(stage, &mut posts, &mut strange).await?;
    let told = wait_for_ends(stage, &posts).await?;
    let ledger = read_ledger(stage, &mut strange).await?;
    let mut dead_accounts = HashSet::new();
    for tenant in &stage.tenants {
        let url = format!("{}/accounts", stage.api_url);
        let body = stage.calls.get_good(&url, &tenant.key).await?;
        for row in body["data"]["accounts"].as_array().into_iter().flatten() {
            if row["health"]["can_post"] == Value::Bool(false) {
                dead_accounts.extend(row["account_id"].as_i64());
            }
        }
    }
    Ok(Found { posts, told, ledger, strange, dead_accounts })
}

/// Finds in the list of posts what became of calls without a clear answer.
async fn look_up_unclear(stage: &Stage, posts: &mut [SentPost], strange: &mut Vec<String>) -> Result<()> {
    let mut seen: HashMap<usize, String> = HashMap::new();
    for tenant in &stage.tenants {
        let mut offset = 0;
        loop {
            let url =
                format!("{}/posts?limit={PAGE}&offset={offset}&sort=created_at&order=asc", stage.api_url);
            let body = stage.calls.get_good(&url, &tenant.key).await?;
            let page = body["data"]["posts"].as_array().context("the list of posts has no posts")?;
            for row in page {
                let id = row["post_id"].as_str().unwrap_or_default();
                let Some((number, _)) = read_marker(row["content"].as_str().unwrap_or_default()) else {
                    strange.push(format!("post {id} has no mark"));
                    continue;
                };
                if let Some(other) = seen.insert(number, id.to_owned()) {
                    strange.push(format!("post {number} is on the list twice: {other} and {id}"));
                }
            }
            offset += page.len();
            if page.len() < PAGE {
                break;
            }
        }
    }
    for post in posts {
        match (&post.fate, seen.get(&post.number)) {
            (Fate::Unclear, Some(id)) => post.fate = Fate::Accepted(id.clone()),
            (Fate::Accepted(id), Some(listed)) if id == listed => {}
            (Fate::Accepted(id), _) => strange.push(format!("accepted post {id} is not on the list")),
            (Fate::Unclear, None) => {}
        }
    }
    Ok(())
}

async fn wait_for_ends(stage: &Stage, posts: &[SentPost]) -> Result<HashMap<usize, Vec<Told>>> {
    let mut told = HashMap::new();
    let mut open: Vec<&SentPost> = posts.iter().filter(|post| post.fate != Fate::Unclear).collect();
    let deadline = now() + span_ms(ENDS_IN_MS);
    loop {
        let mut still_open = Vec::new();
        for post in open {
            if let Some(results) = results_of(stage, post).await? {
                if !results.iter().all(Told::has_ended) {
                    still_open.push(post);
                }
                told.insert(post.number, results);
            }
        }
        if still_open.is_empty() || now() > deadline {
            return Ok(told);
        }
        open = still_open;
        pause_ms(LOOK_EVERY_MS).await;
    }
}

/// `None` when the API does not know the post.
async fn results_of(stage: &Stage, post: &SentPost) -> Result<Option<Vec<Told>>> {
    let Fate::Accepted(id) = &post.fate else { return Ok(None) };
    let url = format!("{}/posts/{id}/results", stage.api_url);
    let body = match stage.calls.get(&url, &stage.tenants[post.tenant].key).await {
        Reply::Answer { status: 200, body } => body,
        Reply::Answer { status: 404, .. } => return Ok(None),
        other => bail!("GET {url}: {other:?}"),
    };
    let text = |row: &Value, field: &str| row[field].as_str().map(str::to_owned);
    let rows = body["data"]["results"].as_array().context("results without results")?;
    Ok(Some(
        rows.iter()
            .map(|row| Told {
                account_id: row["account_id"].as_i64().unwrap_or(0),
                status: text(row, "status").unwrap_or_default(),
                error_code: text(row, "error_code"),
                error: text(row, "error"),
            })
            .collect(),
    ))
}

async fn read_ledger(
    stage: &Stage,
    strange: &mut Vec<String>,
) -> Result<BTreeMap<(usize, usize, String, String), usize>> {
    let mut ledger = BTreeMap::new();
    let url = format!("{}/_sandbox/posts?include_deleted=true", stage.sandbox_url);
    let body = stage.calls.get_good(&url, "").await?;
    for row in body["posts"].as_array().context("the ledger has no posts")? {
        let text = |field: &str| row[field].as_str().unwrap_or_default().to_owned();
        let Some((number, part)) = read_marker(&text("text")) else {
            strange.push(format!("{} on {} has no mark", text("id"), text("platform")));
            continue;
        };
        let platform = text("platform");
        let owner = bare_owner(&platform, &text("account_id"));
        *ledger.entry((number, part, platform, owner)).or_default() += 1;
    }
    Ok(ledger)
}
