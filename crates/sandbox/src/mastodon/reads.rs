//! Reading statuses back.

use axum::response::{IntoResponse as _, Response};
use http::{HeaderValue, header};
use serde_json::{Value, json};

use super::errors::{MastodonError, not_found};
use super::request::Ask;
use super::state::{Mastodon, Status, number_of};
use crate::core::origin::Origin;

const PAGE: usize = 20;
const PAGE_MAX: usize = 40;

impl Mastodon {
    /// The status with this id, if the caller may see it.
    fn seen(&self, ask: &Ask, id: &str, origin: &Origin) -> Result<Status, MastodonError> {
        let status = self.live_status(&origin.host, id).ok_or_else(not_found)?;
        if matches!(status.visibility.as_str(), "public" | "unlisted") {
            return Ok(status);
        }
        let caller = self.caller(ask, origin, &["read:statuses"])?;
        if status.user == caller.user.key() { Ok(status) } else { Err(not_found()) }
    }

    /// `GET /api/v1/statuses/{id}`
    pub(super) fn status(&self, ask: &Ask, id: &str, origin: &Origin) -> Result<Value, MastodonError> {
        self.seen(ask, id, origin).map(|status| self.shown(&status, origin))
    }

    /// `GET /api/v1/statuses?id[]=`
    pub(super) fn statuses_by_id(&self, ask: &Ask, origin: &Origin) -> Result<Value, MastodonError> {
        self.caller(ask, origin, &["read:statuses"])?;
        let found = ask.texts("id").into_iter().filter_map(|id| self.status(ask, &id, origin).ok());
        Ok(Value::Array(found.collect()))
    }

    /// `GET /api/v1/statuses/{id}/source`
    pub(super) fn source(&self, ask: &Ask, id: &str, origin: &Origin) -> Result<Value, MastodonError> {
        let caller = self.caller(ask, origin, &["read:statuses"])?;
        let status = self.live_status(&origin.host, id).filter(|status| status.user == caller.user.key());
        let status = status.ok_or_else(not_found)?;
        Ok(json!({"id": id, "text": status.text, "spoiler_text": status.spoiler_text}))
    }

    /// `GET /api/v1/statuses/{id}/context`
    pub(super) fn context(&self, ask: &Ask, id: &str, origin: &Origin) -> Result<Value, MastodonError> {
        let status = self.seen(ask, id, origin)?;
        let mut ancestors = Vec::new();
        let mut above = status.in_reply_to_id;
        while let Some(parent) = above.and_then(|id| self.live_status(&origin.host, &id)) {
            ancestors.insert(0, self.shown(&parent, origin));
            above = parent.in_reply_to_id;
        }
        let mut below = vec![id.to_owned()];
        let mut descendants = Vec::new();
        while let Some(parent) = below.pop() {
            for child in self.list_statuses(|status| status.in_reply_to_id.as_ref() == Some(&parent)) {
                descendants.push(self.shown(&child, origin));
                below.push(child.id);
            }
        }
        Ok(json!({"ancestors": ancestors, "descendants": descendants}))
    }

    /// `GET /api/v1/polls/{id}`: polls have the ids of their statuses here.
    pub(super) fn poll(&self, ask: &Ask, id: &str, origin: &Origin) -> Result<Value, MastodonError> {
        let shown = self.status(ask, id, origin)?;
        shown.get("poll").filter(|poll| !poll.is_null()).cloned().ok_or_else(not_found)
    }

    /// `GET /api/v1/accounts/{id}/statuses`
    pub(super) fn statuses_of(
        &self,
        ask: &Ask,
        id: &str,
        origin: &Origin,
    ) -> Result<Response, MastodonError> {
        let key = format!("{id}@{}", origin.host);
        let user = self.users.get(&key).ok_or_else(not_found)?;
        let is_own = match ask.token() {
            Some(_) => self.caller(ask, origin, &["read:statuses"])?.user.key() == key,
            None => false,
        };
        let now = self.world.now();
        let bound = |name: &str| ask.text(name).map(number_of);
        let (below, above) = (bound("max_id"), bound("since_id").or_else(|| bound("min_id")));
        let limit = ask.text("limit").and_then(|text| text.parse().ok()).unwrap_or(PAGE).clamp(1, PAGE_MAX);
        let mut found = self.list_statuses(|status| {
            let number = number_of(&status.id);
            status.user == key
                && (is_own || matches!(status.visibility.as_str(), "public" | "unlisted"))
                && status.created_at + user.list_lag <= now
                && below.is_none_or(|below| number < below)
                && above.is_none_or(|above| number > above)
                && !(ask.flag("exclude_replies") && status.in_reply_to_id.is_some())
                && !(ask.flag("only_media") && status.media.is_empty())
        });
        found.truncate(limit);
        let shown: Value = found.iter().map(|status| self.shown(status, origin)).collect();
        let mut response = axum::Json(shown).into_response();
        if let (Some(newest), Some(oldest)) = (found.first(), found.last()) {
            let at = |name: &str, status: &Status| {
                let path = format!("/api/v1/accounts/{id}/statuses?limit={limit}&{name}={}", status.id);
                origin.url(&origin.host, &path)
            };
            let (next, before) = (at("max_id", oldest), at("min_id", newest));
            let link = format!("<{next}>; rel=\"next\", <{before}>; rel=\"prev\"");
            if let Ok(link) = HeaderValue::try_from(link) {
                response.headers_mut().insert(header::LINK, link);
            }
        }
        Ok(response)
    }
}
