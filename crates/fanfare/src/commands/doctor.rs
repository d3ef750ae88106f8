//! `fanfare doctor`: looks for what would go wrong, and says what to do.

use anyhow::{Result, bail};
use connector::VersionInUse;
use domain::{Span, Timestamp};

use crate::config::Config;
use crate::{output, wiring};

/// How a version of a platform's API stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Judged {
    Good,
    Warning,
    Ended,
}

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
    match installation.check_media().await {
        Ok(()) if config.media_url.is_empty() => report(true, "media files can be kept in the data folder")?,
        Ok(()) => report(true, &format!("media files can be kept at {}", config.media_url))?,
        Err(error) => report(false, &format!("{error:#}"))?,
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
    for version in wiring::api_versions(config, &installation.registry) {
        match judge(&version, now) {
            (Judged::Good, text) => report(true, &text)?,
            (Judged::Warning, text) => output::line(&format!("warning {text}"))?,
            (Judged::Ended, text) => report(false, &text)?,
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

fn judge(version: &VersionInUse, now: Timestamp) -> (Judged, String) {
    let VersionInUse { platform, version: name, ends_at } = version;
    let (Some(end), Some(left)) = (ends_at, version.left(now)) else {
        return (Judged::Good, format!("version {name} of the API of {platform} has no known end"));
    };
    let day = (*end + Span::from_days(-1)).to_iso_millis().chars().take(10).collect::<String>();
    let days = left.as_seconds_ceil() / 86_400;
    if left <= Span::ZERO {
        let text = format!(
            "version {name} of the API of {platform} was served until {day}: update Fanfare, or set another version"
        );
        return (Judged::Ended, text);
    }
    let text = format!("version {name} of the API of {platform} is served until {day}, {days} more days");
    if left <= VersionInUse::SOON { (Judged::Warning, text) } else { (Judged::Good, text) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_warned_of_half_a_year_before_its_end() {
        let now = Timestamp::from_seconds(1_800_000_000);
        let in_use = |days: i64| VersionInUse {
            platform: domain::PlatformName::from_static("linkedin"),
            version: "202609".to_owned(),
            ends_at: Some(now + Span::from_days(days)),
        };
        for (days, judged) in
            [(181, Judged::Good), (180, Judged::Warning), (1, Judged::Warning), (0, Judged::Ended)]
        {
            assert_eq!(judge(&in_use(days), now).0, judged, "{days}");
        }
        assert!(judge(&in_use(100), now).1.contains("100 more days"));
        assert_eq!(judge(&VersionInUse { ends_at: None, ..in_use(1) }, now).0, Judged::Good);
    }
}
