//! When keys were last used, kept in memory and written now and then: a write for every request
//! would cost more than the request.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use domain::{ApiKeyId, OrganizationId, Timestamp};

use crate::{App, AppError};

/// Uses that are not written yet.
#[derive(Debug, Default)]
pub struct KeyUses(Mutex<HashMap<(OrganizationId, ApiKeyId), Timestamp>>);

impl KeyUses {
    pub(crate) fn note(&self, organization: OrganizationId, key: ApiKeyId, at: Timestamp) {
        let mut uses = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        uses.insert((organization, key), at);
    }

    fn take(&self) -> HashMap<(OrganizationId, ApiKeyId), Timestamp> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Writes the uses that were noted since the last call.
///
/// # Errors
/// Only internal ones.
pub async fn flush(app: &App) -> Result<(), AppError> {
    let uses: Vec<_> = app.key_uses.take().into_iter().map(|((org, key), at)| (org, key, at)).collect();
    if uses.is_empty() {
        return Ok(());
    }
    Ok(app.store.record_key_use(uses).await?)
}
