//! Organizations with keys, accounts and a picture, made with the server's own command line.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::{Context as _, Result, bail};
use serde_json::json;

use crate::calls::{Calls, Reply};
use crate::node::Program;

/// Platforms that the sandbox emulates and that take a text with or without a small picture.
pub(crate) const PLATFORMS: [&str; 4] = ["x", "linkedin", "bluesky", "facebook"];
/// Those that publish every part of a thread; elsewhere the first part is the post.
const WITH_THREADS: [&str; 2] = ["x", "bluesky"];
const PIXEL: &[u8] = include_bytes!("../../testkit/src/pixel.png");

/// An organization that posts.
#[derive(Debug)]
pub(crate) struct Tenant {
    pub(crate) key: String,
    pub(crate) media: String,
    pub(crate) accounts: Vec<Account>,
}

/// A connected account.
#[derive(Debug)]
pub(crate) struct Account {
    pub(crate) id: i64,
    pub(crate) platform: &'static str,
    /// The owner as the ledger names it.
    pub(crate) owner: String,
    can_post: AtomicBool,
}

impl Account {
    pub(crate) fn new(id: i64, platform: &'static str, owner: String) -> Self {
        Self { id, platform, owner, can_post: AtomicBool::new(true) }
    }

    /// How many of a post's parts go out on it.
    pub(crate) fn parts_of(&self, parts: usize) -> usize {
        if WITH_THREADS.contains(&self.platform) { parts } else { 1 }
    }

    /// Whether the API said so when it was asked last.
    pub(crate) fn can_post(&self) -> bool {
        self.can_post.load(Ordering::Relaxed)
    }
}

/// An owner's id without the words that LinkedIn puts before it.
pub(crate) fn bare_owner(platform: &str, id: &str) -> String {
    let bare = if platform == "linkedin" { id.rsplit(':').next().unwrap_or(id) } else { id };
    bare.to_owned()
}

/// Makes the organizations. `tool` is the server's program with its settings, without a command.
pub(crate) async fn make(
    tool: &Program,
    calls: &Calls,
    sandbox_url: &str,
    folder: &Path,
    organizations: usize,
    accounts: usize,
) -> Result<Vec<Arc<Tenant>>> {
    let picture = folder.join("pixel.png");
    std::fs::write(&picture, PIXEL)?;
    let picture = picture.display().to_string();
    let mut tenants = Vec::with_capacity(organizations);
    for number in 0..organizations {
        let name = format!("Chaos {number}");
        let email = format!("chaos{number}@example.org");
        run(tool, &["org", "create", &name, "--email", &email])?;
        let key = run(tool, &["key", "create", "chaos", "--org", &name])?;
        let media = run(tool, &["media", "add", &picture, "--org", &name])?;
        let mut connected = Vec::new();
        for _ in 0..accounts {
            for platform in PLATFORMS {
                connected.push(connect(tool, calls, sandbox_url, folder, &name, platform).await?);
            }
        }
        tenants.push(Arc::new(Tenant { key, media, accounts: connected }));
    }
    Ok(tenants)
}

async fn connect(
    tool: &Program,
    calls: &Calls,
    sandbox_url: &str,
    folder: &Path,
    organization: &str,
    platform: &'static str,
) -> Result<Account> {
    let wanted = json!({ "platform": platform, "token": true });
    let made = match calls.post(&format!("{sandbox_url}/_sandbox/accounts"), "", &wanted).await {
        Reply::Answer { status: 201, body } => body,
        other => bail!("the sandbox made no account on {platform}: {other:?}"),
    };
    let file = folder.join("account.json");
    std::fs::write(&file, made.to_string())?;
    let file = file.display().to_string();
    let said = run(tool, &["account", "add", &file, "--org", organization])?;
    let id = said.split(' ').next().and_then(|id| id.parse().ok()).context("no account id was told")?;
    let owner = made["platform_user_id"].as_str().unwrap_or_default();
    Ok(Account::new(id, platform, bare_owner(platform, owner)))
}

/// Runs a command of the server's program; the answer is what it printed.
fn run(tool: &Program, words: &[&str]) -> Result<String> {
    let output = tool.command().args(words).output().context("cannot run the server's program")?;
    if !output.status.success() {
        bail!("fanfare {}: {}", words.join(" "), String::from_utf8_lossy(&output.stderr));
    }
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// Asks the API which accounts can post. What it does not answer stays as it was.
pub(crate) async fn look_at_health(calls: &Calls, api: &str, tenant: &Tenant) {
    let Reply::Answer { status: 200, body } = calls.get(&format!("{api}/accounts"), &tenant.key).await else {
        return;
    };
    for row in body["data"]["accounts"].as_array().into_iter().flatten() {
        let found = tenant.accounts.iter().find(|account| row["account_id"] == account.id);
        if let (Some(account), Some(can_post)) = (found, row["health"]["can_post"].as_bool()) {
            account.can_post.store(can_post, Ordering::Relaxed);
        }
    }
}
