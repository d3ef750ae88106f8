//! `fanfare key rotate-encryption`: another key for stored tokens, while servers go on working.

use anyhow::{Context as _, Result, bail};
use domain::Span;
use net::{Clock as _, Entropy as _, SystemClock, SystemEntropy};
use store::{KeySet, Resealed, Store};

use crate::config::Config;
use crate::data_dir::{DataDir, new_key};
use crate::{output, wiring};

/// What a server sealed with the old key a moment before it saw the new one, it has written by then.
const SETTLED_IN: Span = Span::from_seconds(3);
/// A server that writes all the time is met again and again; this many passes are never needed.
const PASSES: u32 = 1_000;

pub(crate) async fn run(config: &Config, only_node: bool) -> Result<()> {
    let data_dir = DataDir::open(&config.data_dir)?;
    let configured = !config.encryption_key.0.is_empty();
    if configured {
        return reseal_configured(config, &data_dir).await;
    }
    if !config.database_url.0.is_empty() && !only_node {
        bail!(
            "other nodes on this database would not see the new key in {}; use --only-node if there is none, \
             or set encryption_key on every node (see docs/security.md)",
            data_dir.key_file().display()
        );
    }
    let _lock = data_dir.lock_keys()?;
    let before = data_dir.key("")?.context("there is no encryption key yet; start the server once")?;
    // Several keys are what a run that broke off left: it is finished.
    let keys =
        if before.numbers().count() > 1 { before } else { before.with_new(new_key(&SystemEntropy))? };
    data_dir.write_keys(&keys)?;
    let installation = wiring::open(config).await?;
    let done = reseal_all(&installation.app.store).await;
    installation.app.store.close().await;
    let sum = done?;
    data_dir.write_keys(&keys.only_current())?;
    output::line(&format!(
        "{} stored secrets are encrypted with key {} now. Keep a copy of {}; backups from before need the old key.",
        sum.looked_at,
        keys.current(),
        data_dir.key_file().display()
    ))
}

/// Where every node has its keys from its configuration, they are put in and taken out there.
async fn reseal_configured(config: &Config, data_dir: &DataDir) -> Result<()> {
    let keys = data_dir.key(&config.encryption_key.0)?.unwrap_or_else(|| KeySet::single([0; 32]));
    if keys.numbers().count() < 2 {
        bail!(
            "encryption_key is set and has one key: give every node \"1:<old key>,2:<new key>\", then \
             \"2:<new key>,1:<old key>\", and run this again (see docs/security.md)"
        );
    }
    let installation = wiring::open(config).await?;
    let done = reseal_all(&installation.app.store).await;
    installation.app.store.close().await;
    let current = keys.current();
    output::line(&format!(
        "{} stored secrets are encrypted with key {current} now; take the others out of encryption_key on \
         every node.",
        done?.looked_at
    ))
}

/// Seals everything anew until a look after a while finds nothing to do.
async fn reseal_all(store: &Store) -> Result<Resealed> {
    let mut quiet = false;
    for _ in 0..PASSES {
        let pass = store
            .reseal(|| {
                let mut nonce = [0; 24];
                SystemEntropy.fill(&mut nonce);
                nonce
            })
            .await?;
        if pass.unreadable > 0 {
            bail!(
                "{} stored secrets open with none of the keys; the old keys stay in place. `fanfare doctor` \
                 names the accounts: connect them again, then run this again",
                pass.unreadable
            );
        }
        if pass.is_done() && quiet {
            return Ok(pass);
        }
        quiet = pass.is_done();
        if quiet {
            SystemClock.sleep_until(SystemClock.now() + SETTLED_IN).await;
        }
    }
    bail!("servers go on writing with the old key; restart them, then run this again")
}
