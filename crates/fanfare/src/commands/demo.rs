//! `fanfare demo`: the server and its sandbox with a seeded organization, ready to try.

use std::future::Future;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context as _, Result};
use app::people::operator;
use app::setup;
use domain::PlatformName;
use domain::api_key::Scope;
use domain::rules::MediaNeed;
use sandbox::{CreateAccount, Sandbox, SandboxClock, SandboxConfig, SystemSandboxClock};
use serde::{Deserialize, Serialize};
use store::OrganizationRow;
use tokio::net::TcpListener;
use tokio::sync::watch;

use crate::account_file::AccountFile;
use crate::config::{Config, Oidc};
use crate::data_dir::{DataDir, write_private};
use crate::listen::listen;
use crate::travel::{self, Travel};
use crate::wiring::{self, Installation};
use crate::{output, server};

/// Options of `fanfare demo`.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// Port of the server; 0 picks a free one.
    #[arg(long, default_value_t = 8080)]
    port: u16,
    /// Port of the sandbox; 0 picks a free one.
    #[arg(long, default_value_t = 9090)]
    sandbox_port: u16,
    /// Print one line of JSON when ready; logs go to stderr.
    #[arg(long)]
    json: bool,
}

/// The platform on which the demo's account has to be connected again.
const EXPIRED: &str = "threads";

/// What a demo on a kept folder has to remember.
#[derive(Default, Serialize, Deserialize)]
struct Memory {
    port: Option<u16>,
    sandbox_port: Option<u16>,
    api_key: Option<String>,
    email: Option<String>,
    password: Option<String>,
}

/// What is printed when the demo is ready.
#[derive(Serialize)]
struct Ready {
    base_url: String,
    api_key: String,
    dashboard_url: String,
    email: String,
    password: String,
    sandbox_url: String,
    organization_id: String,
    accounts: Vec<ReadyAccount>,
}

#[derive(Serialize)]
struct ReadyAccount {
    account_id: i64,
    platform: String,
}

/// A temporary folder that goes when the demo ends.
struct Folder {
    path: PathBuf,
    temporary: bool,
}

impl Drop for Folder {
    fn drop(&mut self) {
        if self.temporary {
            let _ = std::fs::remove_dir_all(&self.path);
        }
    }
}

/// Runs the demo in `data_dir`, or in a folder that is gone afterwards.
pub(crate) async fn run(options: Options, data_dir: Option<PathBuf>, mut config: Config) -> Result<()> {
    let stop = server::signals()?;
    let folder = choose_folder(data_dir)?;
    let progress = output::Progress::new(options.json);
    progress.step("Opening the data folder");
    let data_dir = DataDir::open(&folder.path)?;
    let lock = data_dir.lock()?;
    let memory_path = folder.path.join("demo.json");
    let mut memory = recall(&memory_path)?;

    progress.step("Starting the sandbox");
    let sandbox_listener = bind(options.sandbox_port, memory.sandbox_port, "--sandbox-port").await?;
    let sandbox_url = format!("http://{}", sandbox_listener.local_addr()?);
    for_the_demo(&mut config, &folder.path, &sandbox_url);
    let travel = travel::is_possible(&config).then(Travel::new);
    let sandbox = Sandbox::open(SandboxConfig {
        data_dir: Some(folder.path.join("sandbox")),
        clock: travel
            .as_ref()
            .map_or_else(|| Arc::new(SystemSandboxClock) as Arc<dyn SandboxClock>, Travel::sandbox_clock),
        seed: None,
    })
    .context("cannot open the sandbox")?;
    sandbox.set_base_url(&sandbox_url);
    let (stop_sandbox, stopping) = watch::channel(false);
    let emulating = {
        let (sandbox, mut stopping) = (sandbox.clone(), stopping);
        tokio::spawn(async move {
            let stop = async move {
                let _ = stopping.wait_for(|stopping| *stopping).await;
            };
            sandbox.serve(sandbox_listener, stop).await
        })
    };

    progress.step("Starting the server");
    let listener = bind(options.port, memory.port, "--port").await?;
    let bound = listener.local_addr()?;
    let base_url = config.base_url(bound);
    let installation = match &travel {
        Some(travel) => wiring::open_in_time(&config, travel.clock()).await?,
        None => wiring::open(&config).await?,
    };
    memory.port = Some(bound.port());
    memory.sandbox_port = sandbox_url.rsplit(':').next().and_then(|port| port.parse().ok());
    let ready = seed(&installation, &sandbox, &mut memory, &memory_path, &base_url, &sandbox_url).await?;

    let stop = ended_by(stop, &installation, travel.clone());
    let serving = server::run(installation, &config, listener, &base_url, Some(lock), stop);
    progress.done();
    show(&ready, options.json)?;
    let outcome = serving.await;
    if let Some(travel) = travel {
        travel.keep_end();
    }
    stop_sandbox.send_replace(true);
    emulating.await.context("the sandbox ended badly")?.context("the sandbox")?;
    outcome
}

/// The server's loops join the shared time, and leave it when `stop` resolves.
fn ended_by(
    stop: impl Future<Output = ()> + Send + 'static,
    installation: &Installation,
    travel: Option<Arc<Travel>>,
) -> impl Future<Output = ()> + Send + 'static {
    if let Some(travel) = &travel {
        installation.loops().into_iter().for_each(|works| travel.join(works));
    }
    async move {
        stop.await;
        if let Some(travel) = travel {
            travel.end();
        }
    }
}

/// Raised limits, short pauses, and the sandbox in place of the platforms.
fn for_the_demo(config: &mut Config, folder: &Path, sandbox_url: &str) {
    folder.clone_into(&mut config.data_dir);
    sandbox_url.clone_into(&mut config.sandbox_url);
    config.allow_private_networks = true;
    config.limits.requests_per_minute = 1_000_000;
    config.limits.requests_per_hour = 10_000_000;
    config.limits.posts_per_minute = 1_000_000;
    config.limits.posts_per_hour = 10_000_000;
    config.limits.posts_per_day = 100_000_000;
    config.limits.ai_per_hour = 1_000_000;
    config.ai.credits_per_month = 1_000_000;
    if config.oidc.issuer.is_empty() {
        config.oidc = Oidc::of_sandbox(sandbox_url);
    }
    config.engine.retry_pauses_ms = vec![2_000, 5_000];
    config.engine.settle_ms = Some(3_000);
}

fn choose_folder(given: Option<PathBuf>) -> Result<Folder> {
    if let Some(path) = given {
        return Ok(Folder { path, temporary: false });
    }
    let mut name = [0; 8];
    net::Entropy::fill(&net::SystemEntropy, &mut name);
    let path = std::env::temp_dir().join(format!("fanfare-demo-{:016x}", u64::from_le_bytes(name)));
    std::fs::create_dir_all(&path).with_context(|| format!("cannot make {}", path.display()))?;
    Ok(Folder { path, temporary: true })
}

fn recall(path: &Path) -> Result<Memory> {
    match std::fs::read(path) {
        Ok(bytes) => {
            serde_json::from_slice(&bytes).with_context(|| format!("{} cannot be read", path.display()))
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Memory::default()),
        Err(error) => Err(error).with_context(|| format!("{} cannot be read", path.display())),
    }
}

/// Binds the asked port; for 0, the one of the last run if it is free, since stored addresses
/// name it.
async fn bind(port: u16, earlier: Option<u16>, flag: &str) -> Result<TcpListener> {
    let at = |port: u16| SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    if let (0, Some(earlier)) = (port, earlier)
        && let Ok(listener) = TcpListener::bind(at(earlier)).await
    {
        return Ok(listener);
    }
    listen(at(port), &format!("choose another port with {flag} (0 for a free one)")).await
}

async fn seed(
    installation: &Installation,
    sandbox: &Sandbox,
    memory: &mut Memory,
    memory_path: &Path,
    base_url: &str,
    sandbox_url: &str,
) -> Result<Ready> {
    let app = &installation.app;
    let organization = match app.store.list_organizations().await?.into_iter().next() {
        Some(organization) => organization,
        None => setup::create_organization(app, "Northlight", "ana@example.org", "Ana").await?,
    };
    if memory.api_key.is_none() {
        let key = setup::create_key(app, &organization, "Demo", Scope::USUAL.to_vec(), None).await?;
        memory.api_key = Some(key.secret);
    }
    let (email, password) = let_owner_sign_in(app, &organization, memory).await?;
    let link = operator::new_link(app, &email).await?;
    write_private(memory_path, &serde_json::to_vec_pretty(memory)?)?;
    let api_key = memory.api_key.clone().unwrap_or_default();
    let caller = app::auth::authenticate(app, &api_key).await.context("the demo's key")?;
    if app::accounts::list(app, &caller).await?.is_empty() {
        connect_accounts(installation, sandbox, &organization).await?;
    }
    let accounts = app::accounts::list(app, &caller)
        .await?
        .into_iter()
        .map(|account| ReadyAccount { account_id: account.id.0, platform: account.platform.to_string() })
        .collect();
    Ok(Ready {
        base_url: base_url.to_owned(),
        api_key,
        dashboard_url: format!("{base_url}/sign-in?token={link}"),
        email,
        password,
        sandbox_url: sandbox_url.to_owned(),
        organization_id: organization.id.to_string(),
        accounts,
    })
}

/// The address and the password of the organization's owner, who gets one at the first start.
async fn let_owner_sign_in(
    app: &app::App,
    organization: &OrganizationRow,
    memory: &mut Memory,
) -> Result<(String, String)> {
    if let (Some(email), Some(password)) = (&memory.email, &memory.password) {
        return Ok((email.clone(), password.clone()));
    }
    let owner = app.store.find_user(organization.user_id).await?.context("the demo has no owner")?;
    let mut random = [0; 6];
    app.entropy.fill(&mut random);
    let number = random.iter().fold(0_u64, |number, byte| number << 8 | u64::from(*byte));
    let password = format!("demo-{number:012x}");
    operator::set_password(app, &owner.email, &password).await?;
    operator::set_operator(app, &owner.email, true).await?;
    (memory.email, memory.password) = (Some(owner.email.clone()), Some(password.clone()));
    Ok((owner.email, password))
}

/// An account on every platform that the sandbox emulates, and one whose access has ended.
async fn connect_accounts(
    installation: &Installation,
    sandbox: &Sandbox,
    organization: &OrganizationRow,
) -> Result<()> {
    let app = &installation.app;
    let emulated = sandbox.platforms();
    for entry in installation.registry.entries() {
        let name = entry.spec.name.as_str();
        if entry.connector.is_none() || !emulated.contains(&name) {
            continue;
        }
        let is_expired = name == EXPIRED;
        let wanted = CreateAccount {
            username: Some(if is_expired { "northlight.studio" } else { "northlight" }.to_owned()),
            display_name: Some("Northlight Studio".to_owned()),
            token: true,
            expired: is_expired,
            ..CreateAccount::default()
        };
        let created =
            sandbox.create_account(name, &wanted).with_context(|| format!("an account on {name}"))?;
        let (mut identity, credentials) = AccountFile::parse(&serde_json::to_string(&created)?)?.read()?;
        if name == "linkedin" {
            // People and pages on LinkedIn have names, not handles.
            identity.username = None;
        }
        let (organization, workspace) = (organization.id, organization.workspace_id);
        setup::connect_account(app, organization, workspace, &entry.spec.name, identity, &credentials)
            .await?;
    }
    Ok(())
}

/// Whether a post there needs no media.
fn is_text_enough(platform: &str) -> bool {
    let name = PlatformName::from_text(platform);
    platforms::registry().spec(&name).is_some_and(|spec| spec.rules.media == MediaNeed::Optional)
}

/// This program as it was called, so that a command to copy works where it is not installed.
fn program() -> String {
    std::env::args().next().unwrap_or_else(|| "fanfare".to_owned())
}

fn show(ready: &Ready, json: bool) -> Result<()> {
    if json {
        return output::line(&serde_json::to_string(ready)?);
    }
    let Ready { base_url, api_key, dashboard_url, email, password, sandbox_url, .. } = ready;
    let takes_text = ready.accounts.iter().filter(|account| is_text_enough(&account.platform));
    let ids: Vec<String> = takes_text.map(|account| account.account_id.to_string()).collect();
    output::line(&format!(
        "Fanfare is ready.

  Dashboard    {dashboard_url}
               (signs you in once; later {base_url}/ with {email} and {password})
  API          {base_url}/api/v1   (reference: {base_url}/docs)
  API key      {api_key}
  Sandbox      {sandbox_url}/      (shows what went out)

List the accounts:

  curl -s {base_url}/api/v1/accounts -H 'Authorization: Bearer {api_key}'

Publish to all that take a text, at once (access to {EXPIRED} has ended, and the post's results say so):

  curl -s {base_url}/api/v1/posts -H 'Authorization: Bearer {api_key}' \\
    -H 'Content-Type: application/json' \\
    -d '{{\"content\": \"Hello from Fanfare\", \"account_ids\": [{ids}]}}'

Let a month pass in seconds:

  {program} sandbox clock advance 30d --sandbox-url {sandbox_url}

Ctrl-C stops it.",
        ids = ids.join(", "),
        program = program()
    ))
}
