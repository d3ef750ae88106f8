//! `fanfare doctor`: looks for what would go wrong, and says what to do.

use anyhow::{Result, bail};

use crate::config::Config;
use crate::{output, wiring};

pub(crate) async fn run(config: &Config) -> Result<()> {
    let mut problems = 0;
    let mut report = |good: bool, what: &str| -> Result<()> {
        problems += usize::from(!good);
        output::line(&format!("{} {what}", if good { "ok     " } else { "problem" }))
    };
    report(true, &format!("the data folder is {}", config.data_dir.display()))?;
    let installation = match wiring::open(config).await {
        Ok(installation) => installation,
        Err(error) => {
            report(false, &format!("{error:#}"))?;
            bail!("1 problem was found");
        }
    };
    let store = &installation.app.store;
    let integrity = store.check_integrity().await?;
    report(integrity == "ok", &format!("the database says: {integrity}"))?;
    for (status, count) in store.count_destinations().await? {
        report(true, &format!("{count} destinations are {status}"))?;
    }
    let organizations = store.list_organizations().await?;
    report(
        !organizations.is_empty(),
        if organizations.is_empty() {
            "there is no organization yet: make one with `fanfare org create`"
        } else {
            "there is an organization"
        },
    )?;
    let now = installation.app.clock.now();
    for organization in &organizations {
        let accounts = store.list_accounts(organization.id, organization.workspace_id, now).await?;
        for account in accounts {
            let name = format!("{} account {} ({})", account.platform, account.id, account.display_name);
            match store.find_credentials(organization.id, account.id).await {
                Ok(Some(_)) => {}
                Ok(None) => report(false, &format!("{name} has no credentials: connect it again"))?,
                Err(error) => report(false, &format!("{name}: {error}"))?,
            }
            let health = domain::AccountHealth::judge(&account.health_facts(), now);
            let said: Vec<&str> = health.reasons.iter().map(|reason| reason.as_str()).collect();
            if health.can_post() {
                report(true, &format!("{name} can post"))?;
            } else {
                report(false, &format!("{name} cannot post ({}): connect it again", said.join(", ")))?;
            }
        }
    }
    if !config.sandbox_url.is_empty() {
        report(true, &format!("every platform is the sandbox at {}", config.sandbox_url))?;
    }
    installation.app.store.close().await;
    match problems {
        0 => Ok(()),
        1 => bail!("1 problem was found"),
        more => bail!("{more} problems were found"),
    }
}
