//! `fanfare org`: organizations, what each may use, and whether its posts need an approval.

use ::app::App;
use anyhow::{Context as _, Result, bail};
use domain::plan::{Limit, Plan, PlanChanges};
use store::OrganizationRow;

use crate::commands::choose_organization;
use crate::config::{Config, check_name};
use crate::{output, wiring};

/// What takes a change back.
const AS_IN_PLAN: &str = "default";
const NO_LIMIT: &str = "unlimited";

/// What to do with organizations.
#[derive(clap::Subcommand)]
pub(crate) enum Command {
    /// Make an organization with its owner.
    Create {
        /// Its name.
        name: String,
        /// The owner's e-mail address.
        #[arg(long)]
        email: String,
        /// The owner's name; the address if not given.
        #[arg(long)]
        owner: Option<String>,
    },
    /// List the organizations.
    List,
    /// Show or change what an organization may use: numbers, "unlimited", or "default" for what the
    /// configuration says.
    Limits(Limits),
    /// Credits for captions and pictures beyond those of the months.
    #[command(subcommand)]
    Credits(Credits),
    /// Show or change whether posts of keys without the scope approve wait for an approval.
    Approvals {
        /// The organization, by name or id.
        org: String,
        /// on or off; shown when left out.
        #[arg(value_parser = ["on", "off"])]
        required: Option<String>,
    },
}

/// What to do with credits.
#[derive(clap::Subcommand)]
pub(crate) enum Credits {
    /// Give an organization credits. They are spent when those of the month are used, and do not end.
    Add {
        /// How many.
        credits: i64,
        /// The organization, by name or id; may be left out where there is only one.
        #[arg(long)]
        organization: Option<String>,
    },
    /// Show what is left of them.
    Show {
        /// The organization, by name or id; may be left out where there is only one.
        #[arg(long)]
        organization: Option<String>,
    },
}

/// What an organization may use.
#[derive(clap::Args)]
pub(crate) struct Limits {
    /// The organization, by name or id.
    org: String,
    /// The plan's name, such as GROWTH.
    #[arg(long)]
    plan: Option<String>,
    /// Accounts that are connected at a time.
    #[arg(long)]
    accounts: Option<String>,
    /// Credits for captions and pictures in a month.
    #[arg(long)]
    ai_credits: Option<String>,
    /// Bytes in the media library.
    #[arg(long)]
    storage: Option<String>,
    /// People.
    #[arg(long)]
    seats: Option<String>,
    /// Posts in a day.
    #[arg(long)]
    posts_per_day: Option<String>,
}

impl Limits {
    /// Writes what is asked for into `changes`; `false` when nothing is.
    fn apply(&self, changes: &mut PlanChanges) -> Result<bool> {
        let mut any = self.plan.is_some();
        match self.plan.as_deref() {
            Some(AS_IN_PLAN) => changes.name = None,
            Some(name) => {
                check_name(name)?;
                changes.name = Some(name.trim().to_owned());
            }
            None => {}
        }
        for (flag, sent, place) in [
            ("accounts", &self.accounts, &mut changes.accounts),
            ("ai-credits", &self.ai_credits, &mut changes.ai_credits),
            ("storage", &self.storage, &mut changes.storage_bytes),
            ("seats", &self.seats, &mut changes.seats),
            ("posts-per-day", &self.posts_per_day, &mut changes.posts_per_day),
        ] {
            let Some(text) = sent else { continue };
            any = true;
            *place = read_limit(text).with_context(|| format!("--{flag} {text}"))?;
        }
        Ok(any)
    }
}

/// A limit as it is typed; `None` for what the configuration says.
fn read_limit(text: &str) -> Result<Option<Limit>> {
    match text {
        AS_IN_PLAN => Ok(None),
        NO_LIMIT => Ok(Some(Limit::Unlimited)),
        number => match number.parse::<i64>() {
            Ok(number) if number >= 0 => Ok(Some(Limit::AtMost(number))),
            _ => bail!("a limit is a whole number, \"{NO_LIMIT}\" or \"{AS_IN_PLAN}\""),
        },
    }
}

pub(crate) async fn run(command: Command, config: &Config) -> Result<()> {
    let app = wiring::open(config).await?.app;
    match command {
        Command::Create { name, email, owner } => {
            let owner = owner.unwrap_or_else(|| email.clone());
            let row = app::setup::create_organization(&app, &name, &email, &owner).await?;
            output::line(&row.id.to_string())?;
        }
        Command::List => {
            let rows = app.store.list_organizations().await?;
            let cells: Vec<Vec<String>> = rows
                .into_iter()
                .map(|row| vec![row.id.to_string(), row.name, row.created_at.to_string()])
                .collect();
            output::table(&cells)?;
        }
        Command::Limits(limits) => {
            let organization = choose_organization(&app, Some(&limits.org)).await?;
            let mut settings = app.store.get_organization_settings(organization.id).await?;
            if limits.apply(&mut settings.limits)? {
                set(&app, &organization, settings.clone()).await?;
            }
            output::table(&rows(&app.plan.with(&settings.limits), &settings.limits))?;
        }
        Command::Credits(Credits::Add { credits, organization }) => {
            let organization = choose_organization(&app, organization.as_deref()).await?;
            let left = app::people::operator::add_credits(&app, &organization, credits).await?;
            output::line(&left.to_string())?;
        }
        Command::Credits(Credits::Show { organization }) => {
            let organization = choose_organization(&app, organization.as_deref()).await?;
            output::line(&app::ai::credits(&app, organization.id).await?.bonus.to_string())?;
        }
        Command::Approvals { org, required } => {
            let organization = choose_organization(&app, Some(&org)).await?;
            let mut settings = app.store.get_organization_settings(organization.id).await?;
            if let Some(required) = required {
                settings.approvals_required = required == "on";
                set(&app, &organization, settings.clone()).await?;
            }
            output::line(if settings.approvals_required { "on" } else { "off" })?;
        }
    }
    app.store.close().await;
    Ok(())
}

async fn set(
    app: &App,
    organization: &OrganizationRow,
    settings: domain::plan::OrganizationSettings,
) -> Result<()> {
    if !app.store.set_organization_settings(organization.id, settings).await? {
        bail!("{} is gone", organization.name);
    }
    Ok(())
}

/// Each limit, and where it comes from.
fn rows(plan: &Plan, changes: &PlanChanges) -> Vec<Vec<String>> {
    let origin = |is_own: bool| if is_own { "set" } else { AS_IN_PLAN }.to_owned();
    let shown = |limit: Option<i64>| limit.map_or_else(|| NO_LIMIT.to_owned(), |number| number.to_string());
    let mut rows = vec![vec!["plan".to_owned(), plan.name.clone(), origin(changes.name.is_some())]];
    for (name, limit, change) in [
        ("accounts", plan.accounts, changes.accounts),
        ("ai-credits", plan.ai_credits, changes.ai_credits),
        ("storage", plan.storage_bytes, changes.storage_bytes),
        ("seats", plan.seats, changes.seats),
        ("posts-per-day", plan.posts_per_day, changes.posts_per_day),
    ] {
        rows.push(vec![name.to_owned(), shown(limit), origin(change.is_some())]);
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_is_a_number_or_a_word() {
        assert_eq!(read_limit("25").unwrap(), Some(Limit::AtMost(25)));
        assert_eq!(read_limit("0").unwrap(), Some(Limit::AtMost(0)));
        assert_eq!(read_limit("unlimited").unwrap(), Some(Limit::Unlimited));
        assert_eq!(read_limit("default").unwrap(), None);
        for bad in ["", "-1", "many", "1.5", "99999999999999999999"] {
            assert!(read_limit(bad).unwrap_err().to_string().contains("whole number"), "{bad}");
        }
    }
}
