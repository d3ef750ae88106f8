//! Which files a table means, and fetching those that are elsewhere.

use std::collections::HashMap;

use domain::{MediaId, Timestamp};
use store::MediaRow;

use super::{Entry, Fetch, MediaRef};
use crate::{App, AppError, Caller};

const FAILED: &str = "failed";

/// The files of a workspace's library that a table calls by name or address.
pub(super) struct Library {
    /// By name and by address; newest first.
    called: HashMap<String, Vec<MediaRow>>,
    /// Ids of the table that are in the library.
    ids: Vec<MediaId>,
    fetch: Fetch,
}

/// The files of a row.
#[derive(Default)]
pub(super) struct Found {
    pub(super) ids: Vec<MediaId>,
    /// Addresses that would be fetched.
    pub(super) unfetched: Vec<String>,
}

impl Library {
    pub(super) async fn load(
        app: &App,
        caller: &Caller,
        entries: &[Entry],
        fetch: Fetch,
    ) -> Result<Self, AppError> {
        let (organization, workspace) = (caller.organization_id, caller.workspace_id);
        let mut names: Vec<String> = Vec::new();
        let mut ids: Vec<MediaId> = Vec::new();
        for entry in entries {
            let Entry::Post(row) = entry else { continue };
            for file in &row.media {
                names.extend(file.name.iter().chain(&file.url).cloned());
                ids.extend(file.id);
            }
        }
        names.sort_unstable();
        names.dedup();
        ids.sort_unstable();
        ids.dedup();
        let mut called: HashMap<String, Vec<MediaRow>> = HashMap::new();
        for row in app.store.find_media_called(organization, workspace, &names).await? {
            if let Some(address) = &row.source_url {
                called.entry(address.clone()).or_default().push(row.clone());
            }
            if row.status != FAILED {
                called.entry(row.filename.clone()).or_default().push(row);
            }
        }
        let rows = app.store.find_media(organization, &ids).await?;
        let ids = rows.into_iter().filter(|row| row.workspace_id == workspace).map(|row| row.id).collect();
        Ok(Self { called, ids, fetch })
    }

    /// The files of a row: what is in the library, and what is fetched into it.
    pub(super) async fn find_all(
        &mut self,
        app: &App,
        caller: &Caller,
        files: &[MediaRef],
        notes: &mut Vec<String>,
    ) -> Result<Found, AppError> {
        let mut found = Found::default();
        for file in files {
            if let Some(id) = self.find(file)? {
                found.ids.push(id);
                continue;
            }
            let address = file.url.as_deref().ok_or_else(|| missing(file))?;
            match self.fetch {
                Fetch::Never => return Err(missing(file)),
                Fetch::Later => {
                    notes.push(format!(
                        "{address} would be fetched into the library; it is not looked at yet."
                    ));
                    found.unfetched.push(address.to_owned());
                }
                Fetch::Until(end) => found.ids.push(self.fetch(app, caller, address, file, end).await?),
            }
        }
        Ok(found)
    }

    /// A file that is in the library.
    fn find(&self, file: &MediaRef) -> Result<Option<MediaId>, AppError> {
        if let Some(id) = file.id {
            let elsewhere = file.url.is_some() || file.name.is_some();
            if self.ids.contains(&id) || !elsewhere {
                return Ok(Some(id));
            }
        }
        let by_address = file.url.as_ref().and_then(|address| self.called.get(address));
        if let Some(row) = by_address.and_then(|rows| rows.first()) {
            return if row.status == FAILED { Err(failed(row)) } else { Ok(Some(row.id)) };
        }
        // A name beside an address names nothing here: many files are called image.jpg.
        let Some(name) = file.name.as_ref().filter(|_| file.url.is_none()) else { return Ok(None) };
        match self.called.get(name).map(Vec::as_slice).unwrap_or_default() {
            [] => Ok(None),
            rows @ [first, rest @ ..] => {
                if rest.iter().any(|row| row.sha256 != first.sha256) {
                    let ids: Vec<String> = rows.iter().take(10).map(|row| row.id.to_string()).collect();
                    let message = format!(
                        "There are {} different files called \"{name}\"; use an id: {}.",
                        rows.len(),
                        ids.join(", ")
                    );
                    return Err(AppError::validation("media", message));
                }
                Ok(Some(first.id))
            }
        }
    }

    async fn fetch(
        &mut self,
        app: &App,
        caller: &Caller,
        address: &str,
        file: &MediaRef,
        end: Timestamp,
    ) -> Result<MediaId, AppError> {
        if app.clock.now() >= end {
            let message = "The files of this row are not fetched yet; send the file again to go on.";
            return Err(AppError::Busy(message.to_owned()));
        }
        let fetched = crate::media::import(app, caller, address, file.name.as_deref()).await;
        let view = fetched.map_err(|error| match error {
            AppError::Validation { message, .. } => {
                AppError::validation("media", format!("{address}: {message}"))
            }
            AppError::UnsupportedMediaType(message) => {
                AppError::validation("media", format!("{address}: {message}"))
            }
            other => other,
        })?;
        let rows = app.store.find_media(caller.organization_id, &[view.id]).await?;
        self.called.entry(address.to_owned()).or_default().extend(rows);
        Ok(view.id)
    }
}

/// A file that could not be fetched, which nobody looks for again by himself.
fn failed(row: &MediaRow) -> AppError {
    let why = row.error_message.as_deref().unwrap_or("nobody knows why");
    let address = row.source_url.as_deref().unwrap_or_default();
    let message =
        format!("{address} could not be fetched ({why}); delete media {} to have it fetched again.", row.id);
    AppError::validation("media", message)
}

fn missing(file: &MediaRef) -> AppError {
    AppError::validation("media", format!("There is no file \"{}\" in the library.", file.shown()))
}
