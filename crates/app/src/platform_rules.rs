//! What each platform takes.

use crate::{App, PlatformSpec};

/// Every platform's facts, in the order in which they are shown.
pub fn list(app: &App) -> Vec<&'static PlatformSpec> {
    app.registry.entries().iter().map(|entry| entry.spec).collect()
}
