//! New statuses: what is checked, what a key does, what becomes public (methods: statuses).

use domain::Span;
use http::StatusCode;
use serde_json::{Value, json};
use unicode_segmentation::UnicodeSegmentation as _;

use super::PLATFORM;
use super::account::Caller;
use super::errors::{MastodonError, invalid, not_found, plain};
use super::instance::{FILES_MAX, OPTION_MAX, OPTIONS_MAX, POLL_MAX_S, POLL_MIN_S};
use super::request::{Ask, is_true, texts};
use super::state::{Key, Mastodon, Media, Poll, Status, User};
use super::text::length;
use crate::core::ledger::{PublicMedia, PublicPost};
use crate::core::lock;
use crate::core::origin::Origin;

/// For so long a key answers with the same status.
const KEY_LIFE: Span = Span::from_hours(1);
const VISIBILITIES: [&str; 4] = ["public", "unlisted", "private", "direct"];
const QUOTE_POLICIES: [&str; 3] = ["public", "followers", "nobody"];

impl Mastodon {
    /// `POST /api/v1/statuses`
    pub(super) fn create_status(&self, ask: &Ask, origin: &Origin) -> Result<Value, MastodonError> {
        let caller = self.caller(ask, origin, &["write:statuses"])?;
        let _one_at_a_time = lock(&self.gate);
        let remembers = !self.server(&origin.host).forgets_keys;
        let key = ask.key().filter(|_| remembers).map(|key| format!("{}/{key}", caller.user.key()));
        let used = key.as_ref().and_then(|key| self.keys.get(key));
        if let Some(used) = used.filter(|used| used.used_at + KEY_LIFE > self.world.now()) {
            let status = self.live_status(&origin.host, &used.status).ok_or_else(not_found)?;
            return Ok(self.shown(&status, origin));
        }
        let status = self.checked(ask, &caller, origin)?;
        let media: Vec<Media> = status.media.iter().filter_map(|id| self.media.get(id)).collect();
        let mut batch = self.world.journal.batch();
        batch.put(&self.statuses, &status.id, &status)?;
        if let Some(key) = &key {
            let row = Key { status: status.id.clone(), used_at: status.created_at };
            batch.put(&self.keys, key, &row)?;
        }
        for file in &media {
            let attached = Media { status: Some(status.id.clone()), ..file.clone() };
            batch.put(&self.media, &file.id, &attached)?;
        }
        let public = public(&status, &caller.user, &media, origin);
        self.world.ledger.publish(&mut batch, &public)?;
        batch.commit()?;
        Ok(self.shown(&status, origin))
    }

    /// The status that `ask` asks for, if it may be.
    fn checked(&self, ask: &Ask, caller: &Caller, origin: &Origin) -> Result<Status, MastodonError> {
        let text = ask.text("status").unwrap_or_default().trim().to_owned();
        let spoiler_text = ask.text("spoiler_text").unwrap_or_default().to_owned();
        let media = self.attachable(ask, &caller.user)?;
        let poll = ask.value("poll").map(|poll| self.checked_poll(poll)).transpose()?;
        if poll.is_some() && !media.is_empty() {
            return Err(invalid("Cannot attach a poll to a post that already contains media"));
        }
        // A warning alone stands in for the text.
        let text = if text.is_empty() { spoiler_text.clone() } else { text };
        if text.is_empty() && media.is_empty() {
            return Err(invalid("Text can't be blank"));
        }
        let most = self.server(&origin.host).max_characters;
        if length(&text) + spoiler_text.graphemes(true).count() > most {
            return Err(invalid(&format!("Text character limit of {most} exceeded")));
        }
        if ask.names("scheduled_at") {
            return Err(invalid("Scheduled at is not taken by the sandbox"));
        }
        let word = |name: &str, usual: &'static str, known: &[&str], shown: &str| {
            let word = ask.text(name).unwrap_or(usual);
            if known.contains(&word) {
                return Ok(word.to_owned());
            }
            Err(invalid(&format!("{shown} is not included in the list")))
        };
        let in_reply_to_id = ask.texts("in_reply_to_id").into_iter().find(|id| !id.is_empty());
        if in_reply_to_id.as_ref().is_some_and(|id| self.live_status(&origin.host, id).is_none()) {
            return Err(not_found());
        }
        Ok(Status {
            id: self.new_id(),
            host: origin.host.clone(),
            user: caller.user.key(),
            sensitive: ask.flag("sensitive") || !spoiler_text.is_empty(),
            visibility: word("visibility", "public", &VISIBILITIES, "Visibility")?,
            quote_policy: Some(word("quote_approval_policy", "public", &QUOTE_POLICIES, "Quote policy")?),
            // What is no language is left out.
            language: ask.text("language").filter(|text| (2..=3).contains(&text.len())).map(str::to_owned),
            text,
            spoiler_text,
            in_reply_to_id,
            media,
            poll,
            app: caller.client_id.clone(),
            created_at: self.world.now(),
            deleted: false,
        })
    }

    /// The ids of the files, if they may be attached together.
    fn attachable(&self, ask: &Ask, user: &User) -> Result<Vec<String>, MastodonError> {
        let ids = ask.texts("media_ids");
        if ids.len() > FILES_MAX {
            return Err(invalid(&format!("Cannot attach more than {FILES_MAX} files")));
        }
        let is_free = |media: &Media| media.user == user.key() && media.status.is_none();
        let found: Vec<Media> = ids.iter().filter_map(|id| self.media.get(id)).filter(is_free).collect();
        if found.len() < ids.len() {
            let lost: Vec<&str> = ids
                .iter()
                .filter(|id| !found.iter().any(|media| media.id == **id))
                .map(String::as_str)
                .collect();
            let why = format!("Media {} not found or already attached to another post", lost.join(", "));
            return Err(invalid(&why));
        }
        if found.len() > 1 && found.iter().any(|media| media.kind != "image") {
            return Err(invalid("Cannot attach a video to a post that already contains images"));
        }
        if found.iter().any(|media| media.ready_at > self.world.now() || media.fails) {
            let why = "Cannot attach files that have not finished processing. Try again in a moment!";
            return Err(plain(StatusCode::UNPROCESSABLE_ENTITY, why));
        }
        Ok(ids)
    }

    fn checked_poll(&self, poll: &Value) -> Result<Poll, MastodonError> {
        let options = poll.get("options").map(texts).unwrap_or_default();
        if options.len() < 2 || options.iter().any(|option| option.trim().is_empty()) {
            return Err(invalid("Poll must have more than one item"));
        }
        if options.len() > OPTIONS_MAX {
            return Err(invalid(&format!("Poll can't contain more than {OPTIONS_MAX} items")));
        }
        if options.iter().any(|option| option.graphemes(true).count() > OPTION_MAX) {
            return Err(invalid(&format!("Poll can't be longer than {OPTION_MAX} characters each")));
        }
        let mut different = options.clone();
        different.sort();
        different.dedup();
        if different.len() < options.len() {
            return Err(invalid("Poll contains duplicate items"));
        }
        let given = poll.get("expires_in");
        let seconds = given
            .and_then(|value| value.as_i64().or_else(|| value.as_str().and_then(|text| text.parse().ok())));
        let seconds = seconds.ok_or_else(|| invalid("Expires at can't be blank"))?;
        if seconds < POLL_MIN_S {
            return Err(invalid("Poll duration is too short"));
        }
        if seconds > POLL_MAX_S {
            return Err(invalid("Poll duration is too long"));
        }
        let flag = |name: &str| poll.get(name).is_some_and(is_true);
        Ok(Poll {
            options,
            expires_at: self.world.now() + Span::from_seconds(seconds),
            multiple: flag("multiple"),
            hide_totals: flag("hide_totals"),
        })
    }

    /// `DELETE /api/v1/statuses/{id}`
    pub(super) fn delete_status(&self, ask: &Ask, id: &str, origin: &Origin) -> Result<Value, MastodonError> {
        let caller = self.caller(ask, origin, &["write:statuses"])?;
        let _one_at_a_time = lock(&self.gate);
        let status = self.live_status(&origin.host, id).filter(|status| status.user == caller.user.key());
        let status = status.ok_or_else(not_found)?;
        let mut shown = self.shown(&status, origin);
        shown["text"] = json!(status.text);
        let mut batch = self.world.journal.batch();
        batch.put(&self.statuses, id, &Status { deleted: true, ..status })?;
        self.world.ledger.take_down(&mut batch, PLATFORM, id, self.world.now())?;
        batch.commit()?;
        Ok(shown)
    }
}

/// A status as people see it.
fn public(status: &Status, user: &User, media: &[Media], origin: &Origin) -> PublicPost {
    let path = format!("/@{}/{}", user.username, status.id);
    let shown = media.iter().map(|file| PublicMedia {
        media_type: file.mime.clone(),
        sha256: file.sha256.clone(),
        size_bytes: file.size_bytes,
        alt: file.alt.clone(),
    });
    let poll = status.poll.as_ref().map(|poll| {
        json!({
            "options": poll.options,
            "multiple": poll.multiple,
            "hide_totals": poll.hide_totals,
            "expires_at": poll.expires_at.to_iso_millis(),
        })
    });
    PublicPost {
        platform: PLATFORM.to_owned(),
        account: user.handle(),
        account_id: user.key(),
        id: status.id.clone(),
        url: origin.url(&user.host, &path),
        page: format!("{}{path}", user.host),
        text: status.text.clone(),
        media: shown.collect(),
        reply_to: status.in_reply_to_id.clone(),
        extra: json!({
            "visibility": status.visibility,
            "spoiler_text": status.spoiler_text,
            "sensitive": status.sensitive,
            "language": status.language,
            "quote_policy": status.quote_policy,
            "poll": poll,
        }),
        created_at: status.created_at.to_iso_millis(),
        deleted_at: None,
    }
}
