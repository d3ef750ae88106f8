//! What is stored for the whole installation and used while the server runs: the apps at platforms and the
//! AI provider. Must not know who changes it, or in which process.

use tokio::sync::Mutex;

use crate::{App, AppError};

/// Which state of the stored things is in use.
#[derive(Debug, Default)]
pub struct Installation {
    version: Mutex<Option<i64>>,
}

impl Installation {
    /// Brings what sign-ins, the publish loop and the AI calls use up to date with what is stored. Costs one
    /// look at a number where nothing has changed.
    ///
    /// # Errors
    /// When the database fails, or the encryption key is the wrong one. What was used before stays then.
    pub async fn refresh(&self, app: &App) -> Result<(), AppError> {
        // One at a time, so that an older state never replaces a newer one.
        let mut in_use = self.version.lock().await;
        // Read first: what changes after it is found the next time.
        let version = app.store.installation_version().await?;
        if *in_use == Some(version) {
            return Ok(());
        }
        let (apps, provider) = (app.store.list_platform_apps().await?, app.store.find_ai_provider().await?);
        app.outside.apps.put_in_use(&apps, &app.registry, &app.outside.platforms);
        app.ai.set(provider);
        *in_use = Some(version);
        Ok(())
    }
}
