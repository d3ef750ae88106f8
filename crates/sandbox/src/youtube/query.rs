//! Queries of the Data API: `part` comes with commas or repeated.

use super::errors::{ApiError, refusal};
use http::StatusCode;

/// The parameters of a call, in order.
pub(super) struct Params(Vec<(String, String)>);

impl Params {
    pub(super) fn of(raw: Option<&str>) -> Self {
        let pairs = url::form_urlencoded::parse(raw.unwrap_or_default().as_bytes());
        Self(pairs.into_owned().collect())
    }

    /// The first value under this name.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// All values under this name, taken apart at commas.
    pub(super) fn list(&self, name: &str) -> Vec<String> {
        let values = self.0.iter().filter(|(key, _)| key == name).flat_map(|(_, value)| value.split(','));
        values.map(str::trim).filter(|value| !value.is_empty()).map(str::to_owned).collect()
    }

    /// The asked parts, all of which must be `known`.
    pub(super) fn parts(&self, known: &[&str]) -> Result<Vec<String>, ApiError> {
        let parts = self.list("part");
        let wrong = |reason: &str, message: &str| {
            Err(refusal(StatusCode::BAD_REQUEST, "youtube.parameter", reason, message))
        };
        if parts.is_empty() {
            return wrong("missingRequiredParameter", "No filter selected or required parameter: part");
        }
        match parts.iter().find(|part| !known.contains(&part.as_str())) {
            Some(part) => wrong("unknownPart", part),
            None => Ok(parts),
        }
    }
}
