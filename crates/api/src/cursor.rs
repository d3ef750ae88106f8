//! Places in lists, as callers carry them from page to page: opaque, and good for one list in one order.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::Timestamp;
use uuid::Uuid;

use crate::error::ApiError;

/// The place of a thing in a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    /// What the list is sorted by; `None` where the thing has none.
    pub(crate) at: Option<Timestamp>,
    /// The thing.
    pub(crate) id: Uuid,
}

impl Place {
    /// The place as text. `list` names the list and its order.
    pub(crate) fn write(self, list: &str) -> String {
        let at = self.at.map_or_else(String::new, |at| at.as_micros().to_string());
        URL_SAFE_NO_PAD.encode(format!("{list}|{at}|{}", self.id.simple()))
    }

    /// Reads what [`Place::write`] made for the same list.
    pub(crate) fn read(text: &str, list: &str) -> Result<Self, ApiError> {
        Self::parse(text, list).ok_or_else(|| {
            let message =
                "cursor must be a next_cursor of this list, asked for with the same sort and order.";
            ApiError::validation("cursor", message)
        })
    }

    fn parse(text: &str, list: &str) -> Option<Self> {
        let text = String::from_utf8(URL_SAFE_NO_PAD.decode(text).ok()?).ok()?;
        let mut parts = text.strip_prefix(list)?.strip_prefix('|')?.split('|');
        let (at, id, None) = (parts.next()?, parts.next()?, parts.next()) else { return None };
        let at = if at.is_empty() { None } else { Some(Timestamp::from_micros(at.parse().ok()?)) };
        Some(Self { at, id: Uuid::parse_str(id).ok()? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_read_in_its_own_list_only() {
        for at in [Some(Timestamp::from_micros(1_800_000_000_000_001)), None] {
            let place = Place { at, id: Uuid::from_u128(7) };
            let text = place.write("posts.created_at.desc");
            assert_eq!(Place::read(&text, "posts.created_at.desc").unwrap(), place);
            assert!(Place::read(&text, "posts.created_at.asc").is_err());
            assert!(Place::read(&text[1..], "posts.created_at.desc").is_err());
        }
        for text in ["", "x", "cG9zdHN8", "%", "ü"] {
            assert!(Place::read(text, "posts").is_err(), "{text}");
        }
    }
}
