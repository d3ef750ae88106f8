//! The project's quota: a bucket of uploads and one of units, by days of the Pacific coast (page
//! "Quota costs" of the Data API). Everything is counted; only accounts that ask for it are held to it.

use domain::caps::CapWindow;
use http::StatusCode;

use super::errors::{ApiError, refusal};
use super::state::{Channel, Used, YouTube};

const INSERTS: u64 = 100;
const UNITS: u64 = 10_000;

impl YouTube {
    /// Counts an upload.
    pub(super) fn count_insert(&self, channel: &Channel) -> Result<(), ApiError> {
        let used = self.count(|used| used.inserts += 1)?;
        refuse(channel.limited && used.inserts > INSERTS)
    }

    /// Counts a call that costs so many units.
    pub(super) fn count_units(&self, channel: &Channel, units: u64) -> Result<(), ApiError> {
        let used = self.count(|used| used.units += units)?;
        refuse(channel.limited && used.units > UNITS)
    }

    fn count(&self, add: impl FnOnce(&mut Used)) -> Result<Used, ApiError> {
        let day = CapWindow::Day("America/Los_Angeles").since(self.world.now()).as_seconds().to_string();
        let mut used = self.quota.get(&day).unwrap_or_default();
        add(&mut used);
        self.quota.put(&day, &used)?;
        Ok(used)
    }
}

fn refuse(is_over: bool) -> Result<(), ApiError> {
    if !is_over {
        return Ok(());
    }
    let message = "The request cannot be completed because you have exceeded your quota.";
    Err(refusal(StatusCode::FORBIDDEN, "youtube.quota", "quotaExceeded", message))
}
