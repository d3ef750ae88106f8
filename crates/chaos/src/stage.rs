//! Everything that one run works with: sandbox, database, servers, the proxies between them.

use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context as _, Result};
use pgtest::{Durability, Postgres};

use crate::args::{Scale, StoreKind};
use crate::calls::Calls;
use crate::dice::Dice;
use crate::disk::Disk;
use crate::node::{Node, Program};
use crate::proxy::Proxy;
use crate::tenants::{self, Tenant};

const ENCRYPTION_KEY: &str = "abababababababababababababababababababababababababababababababab";
const NO_LIMIT: &str = "1000000000";
const STARTS_IN_MS: u64 = 60_000;
/// How long a worker holds a destination unheard of. Freezes last longer.
pub(crate) const LEASE_MS: u64 = 6_000;
const REQUEST_TIMEOUT_MS: u64 = 2_500;
/// Longer than a request can be on its way here.
const SETTLE_MS: u64 = 3_000;
/// Enough attempts that a platform which is down for seconds does not exhaust them.
const RETRY_PAUSES_MS: &str = "[400, 800, 1500, 3000, 3000, 3000, 3000, 3000, 3000, 3000, 3000]";

/// The stage of one run.
pub(crate) struct Stage {
    pub(crate) kind: StoreKind,
    pub(crate) calls: Calls,
    pub(crate) disk: Disk,
    pub(crate) postgres: Option<Arc<Postgres>>,
    pub(crate) sandbox: Node,
    /// Where the sandbox is reached without a proxy.
    pub(crate) sandbox_url: String,
    /// What callers talk to. On SQLite it publishes as well.
    pub(crate) api: Node,
    /// Where the API is reached without a proxy.
    pub(crate) api_url: String,
    /// Where callers reach it.
    pub(crate) callers_url: String,
    pub(crate) workers: Vec<Node>,
    pub(crate) to_sandbox: Proxy,
    pub(crate) to_api: Proxy,
    pub(crate) to_database: Option<Proxy>,
    pub(crate) tenants: Vec<Arc<Tenant>>,
}

impl Stage {
    /// Starts everything and connects the accounts. Nothing goes wrong yet.
    pub(crate) async fn set(
        kind: StoreKind,
        scale: Scale,
        binary: &Path,
        folder: PathBuf,
        seed: u64,
    ) -> Result<Self> {
        std::fs::create_dir_all(&folder)?;
        let calls = Calls::new()?;
        let disk = Disk::mount(folder.join("data"), scale.disk_mib)?;
        let builder = Builder { binary: binary.display().to_string(), folder: folder.clone() };
        let (sandbox, sandbox_address) = builder.sandbox()?;
        let sandbox_url = format!("http://{sandbox_address}");
        sandbox.wait_until_ready(&calls, STARTS_IN_MS).await?;
        let to_sandbox = Proxy::open(sandbox_address, Dice::new(seed, "to sandbox")).await?;
        let proxied = format!("http://127.0.0.1:{}", to_sandbox.port());
        let mut settings = settings(&proxied);
        let mut postgres = None;
        let mut to_database = None;
        if kind == StoreKind::Postgres {
            let server = Postgres::start(Durability::Full).context("cannot start PostgreSQL")?;
            let url = server.create_database()?;
            let address = SocketAddr::from((Ipv4Addr::LOCALHOST, server.port()));
            let proxy = Proxy::open(address, Dice::new(seed, "to database")).await?;
            let url = url.replace(&format!(":{}/", server.port()), &format!(":{}/", proxy.port()));
            settings.push(("FANFARE_DATABASE_URL".to_owned(), url));
            postgres = Some(Arc::new(server));
            to_database = Some(proxy);
        }
        let data = disk.folder().display().to_string();
        let tool = builder.program("tool", &["--data-dir", &data], &settings, "");
        let tenants =
            tenants::make(&tool, &calls, &proxied, &folder, scale.organizations, scale.accounts).await?;
        let roles = if kind == StoreKind::Postgres { "api" } else { "api,worker" };
        let (api, api_address) = builder.server("api", roles, &data, &settings)?;
        let mut workers = Vec::new();
        if kind == StoreKind::Postgres {
            for number in 1..=scale.workers {
                workers.push(builder.server(&format!("worker{number}"), "worker", &data, &settings)?.0);
            }
        }
        for node in std::iter::once(&api).chain(&workers) {
            node.wait_until_ready(&calls, STARTS_IN_MS).await?;
        }
        let to_api = Proxy::open(api_address, Dice::new(seed, "to api")).await?;
        let api_url = format!("http://{api_address}/api/v1");
        let callers_url = format!("http://127.0.0.1:{}/api/v1", to_api.port());
        Ok(Self {
            kind,
            calls,
            disk,
            postgres,
            sandbox,
            sandbox_url,
            api,
            api_url,
            callers_url,
            workers,
            to_sandbox,
            to_api,
            to_database,
            tenants,
        })
    }

    /// The nodes that publish.
    pub(crate) fn publishers(&self) -> &[Node] {
        if self.workers.is_empty() { std::slice::from_ref(&self.api) } else { &self.workers }
    }

    /// Every program that is kept running.
    pub(crate) fn nodes(&self) -> impl Iterator<Item = &Node> {
        [&self.sandbox, &self.api].into_iter().chain(&self.workers)
    }

    /// Every proxy.
    pub(crate) fn proxies(&self) -> impl Iterator<Item = &Proxy> {
        [&self.to_sandbox, &self.to_api].into_iter().chain(&self.to_database)
    }

    /// Ends everything.
    pub(crate) fn clear(&self) {
        for node in self.nodes() {
            node.stop();
        }
        if let Some(postgres) = &self.postgres {
            postgres.kill();
        }
    }
}

/// Makes the programs of a stage.
struct Builder {
    binary: String,
    folder: PathBuf,
}

impl Builder {
    fn program(&self, name: &str, words: &[&str], settings: &[(String, String)], ready_url: &str) -> Program {
        Program {
            name: name.to_owned(),
            words: std::iter::once(self.binary.as_str())
                .chain(words.iter().copied())
                .map(str::to_owned)
                .collect(),
            settings: settings.to_vec(),
            log: self.folder.join(format!("{name}.log")),
            ready_url: ready_url.to_owned(),
        }
    }

    fn sandbox(&self) -> Result<(Node, SocketAddr)> {
        let address = free_address()?;
        let data = self.folder.join("sandbox").display().to_string();
        let port = address.port().to_string();
        let words = ["sandbox", "--json", "--port", &port, "--data-dir", &data];
        let ready = format!("http://{address}/_sandbox/faults");
        let settings = [("FANFARE_LOG".to_owned(), "warn".to_owned())];
        Ok((Node::start(self.program("sandbox", &words, &settings, &ready))?, address))
    }

    fn server(
        &self,
        name: &str,
        roles: &str,
        data: &str,
        settings: &[(String, String)],
    ) -> Result<(Node, SocketAddr)> {
        let address = free_address()?;
        let listen = address.to_string();
        let words = ["serve", "--listen", &listen, "--roles", roles, "--data-dir", data];
        let ready = format!("http://{address}/healthz");
        Ok((Node::start(self.program(name, &words, settings, &ready))?, address))
    }
}

fn settings(sandbox_url: &str) -> Vec<(String, String)> {
    let mut settings = vec![
        ("FANFARE_SANDBOX_URL".to_owned(), sandbox_url.to_owned()),
        ("FANFARE_ENCRYPTION_KEY".to_owned(), ENCRYPTION_KEY.to_owned()),
        ("FANFARE_LOG".to_owned(), "info".to_owned()),
        ("FANFARE_ENGINE__CAPACITY".to_owned(), "64".to_owned()),
        ("FANFARE_ENGINE__LEASE_MS".to_owned(), LEASE_MS.to_string()),
        ("FANFARE_ENGINE__REQUEST_TIMEOUT_MS".to_owned(), REQUEST_TIMEOUT_MS.to_string()),
        ("FANFARE_ENGINE__SETTLE_MS".to_owned(), SETTLE_MS.to_string()),
        ("FANFARE_ENGINE__RETRY_PAUSES_MS".to_owned(), RETRY_PAUSES_MS.to_owned()),
        ("NO_COLOR".to_owned(), "1".to_owned()),
    ];
    for limit in
        ["REQUESTS_PER_MINUTE", "REQUESTS_PER_HOUR", "POSTS_PER_MINUTE", "POSTS_PER_HOUR", "POSTS_PER_DAY"]
    {
        settings.push((format!("FANFARE_LIMITS__{limit}"), NO_LIMIT.to_owned()));
    }
    settings
}

fn free_address() -> Result<SocketAddr> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context("cannot find a free port")?;
    Ok(listener.local_addr()?)
}
