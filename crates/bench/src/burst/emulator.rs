//! The X of the sandbox, which answers after five milliseconds: real requests, a real ledger.

use std::collections::HashSet;

use anyhow::{Context as _, Result, ensure};
use domain::{PlatformName, Timestamp};
use sandbox::{CreateAccount, FaultKind, FaultSpec, Sandbox, SandboxConfig, SystemSandboxClock};
use url::Url;

use crate::sink::LATENCY;

const PLATFORM: &str = "x";
/// As many threads as there are processors on a small machine: `fanfare sandbox` has that many.
const THREADS: usize = 2;

/// Opens one of its accounts.
pub(crate) struct Login {
    pub(crate) platform_user_id: String,
    pub(crate) access_token: String,
}

/// The running emulator.
pub(crate) struct Emulator {
    sandbox: Sandbox,
    url: String,
    logins: Vec<Login>,
}

impl Emulator {
    /// Starts it with so many accounts that may write long posts.
    pub(crate) fn start(accounts: usize) -> Result<Self> {
        let config =
            SandboxConfig { data_dir: None, clock: std::sync::Arc::new(SystemSandboxClock), seed: None };
        let sandbox = Sandbox::open(config)?;
        let listener = std::net::TcpListener::bind("127.0.0.1:0")?;
        listener.set_nonblocking(true)?;
        let url = format!("http://{}", listener.local_addr()?);
        sandbox.set_base_url(&url);
        let logins = (0..accounts).map(|_| log_in(&sandbox)).collect::<Result<_>>()?;
        sandbox.add_fault(FaultSpec {
            operation: Some("create_post".to_owned()),
            delay_ms: Some(u64::try_from(LATENCY.as_millis())?),
            times: Some(0),
            ..FaultSpec::new(PLATFORM, FaultKind::Delay)
        })?;
        let serving = sandbox.clone();
        std::thread::Builder::new().name("emulator".to_owned()).spawn(move || serve(&serving, listener))?;
        Ok(Self { sandbox, url, logins })
    }

    pub(crate) fn platform() -> PlatformName {
        PlatformName::from_static(PLATFORM)
    }

    /// Where the sandbox is.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// Where X takes posts.
    pub(crate) fn posts_url(&self) -> Result<Url> {
        Ok(Url::parse(&format!("{}/api.x.com/2/tweets", self.url))?)
    }

    pub(crate) fn logins(&self) -> &[Login] {
        &self.logins
    }

    pub(crate) fn count(&self) -> usize {
        self.sandbox.count_posts()
    }

    /// Forgets what was posted until now.
    pub(crate) fn forget(&self) -> Result<()> {
        Ok(self.sandbox.forget_posts()?)
    }

    /// When each post became public. No text may be there twice.
    pub(crate) fn ends(&self) -> Result<Vec<Timestamp>> {
        let posts = self.sandbox.posts();
        let texts: HashSet<&str> = posts.iter().map(|post| post.text.as_str()).collect();
        ensure!(texts.len() == posts.len(), "{} posts went out twice", posts.len() - texts.len());
        posts
            .iter()
            .map(|post| Timestamp::parse(&post.created_at).ok().context("the ledger has no moment"))
            .collect()
    }
}

fn log_in(sandbox: &Sandbox) -> Result<Login> {
    let wanted = CreateAccount { token: true, premium: true, ..CreateAccount::default() };
    let made = sandbox.create_account(PLATFORM, &wanted)?;
    let credentials = made.credentials.context("the emulator gave no token")?;
    Ok(Login { platform_user_id: made.platform_user_id, access_token: credentials.access_token })
}

fn serve(sandbox: &Sandbox, listener: std::net::TcpListener) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(THREADS).enable_all().build()?;
    runtime.block_on(async move {
        let listener = tokio::net::TcpListener::from_std(listener)?;
        Ok(sandbox.serve(listener, std::future::pending()).await?)
    })
}
