//! The commands, one file each.

pub(crate) mod account;
pub(crate) mod analytics;
pub(crate) mod app;
pub(crate) mod backup;
pub(crate) mod clock;
pub(crate) mod demo;
pub(crate) mod device;
pub(crate) mod doctor;
pub(crate) mod import;
pub(crate) mod key;
pub(crate) mod mcp;
pub(crate) mod media;
pub(crate) mod migrate;
pub(crate) mod org;
pub(crate) mod restore;
pub(crate) mod rotate;
pub(crate) mod sandbox;
pub(crate) mod serve;
pub(crate) mod user;

use ::app::App;
use anyhow::{Context as _, Result, bail};
use store::OrganizationRow;

/// The organization that `name` means: its id or its name; the only one when nothing is given.
pub(crate) async fn choose_organization(app: &App, name: Option<&str>) -> Result<OrganizationRow> {
    let mut all = app.store.list_organizations().await.context("cannot read the organizations")?;
    match name {
        Some(name) => all
            .into_iter()
            .find(|row| row.name == name || row.id.to_string() == name)
            .with_context(|| format!("there is no organization \"{name}\"; see `fanfare org list`")),
        None if all.len() == 1 => Ok(all.remove(0)),
        None if all.is_empty() => bail!(
            "there is no organization here yet; make one with `fanfare org create`, or choose another \
             folder with --data-dir"
        ),
        None => bail!("there are several organizations; name one with --org (see `fanfare org list`)"),
    }
}
