//! What an account may post now, and what keeps it from posting.

use std::collections::BTreeSet;

use domain::Span;
use http::StatusCode;
use serde_json::{Value, json};

use super::account::picture;
use super::errors::{Refused, forbidden};
use super::request::Ask;
use super::state::{TikTok, UNAUDITED_KEY, User};
use super::tokens::Caller;
use crate::core::origin::Origin;

const WINDOW: Span = Span::from_hours(24);
const POSTS_MAX: usize = 15;
const PENDING_MAX: usize = 5;
/// How many people may post in a day through an app that was not audited.
const PEOPLE_MAX: usize = 5;
const CALLS_A_MINUTE: usize = 20;

/// Who may see a post, by the account's own setting.
pub(super) fn privacy_options(user: &User) -> [&'static str; 3] {
    let widest = if user.modes.private { "FOLLOWER_OF_CREATOR" } else { "PUBLIC_TO_EVERYONE" };
    [widest, "MUTUAL_FOLLOW_FRIENDS", "SELF_ONLY"]
}

impl TikTok {
    /// `POST /v2/post/publish/creator_info/query/`. What keeps an account from posting is told with
    /// status 200.
    pub(super) fn creator_info(&self, ask: &Ask, origin: &Origin) -> Result<Value, Refused> {
        let caller = self.caller(ask)?;
        caller.needs("video.publish")?;
        ask.json()?;
        self.count(&caller, "creator_info", CALLS_A_MINUTE)?;
        self.may_post(&caller).map_err(|refused| match refused {
            Refused::Api { code, message, .. } => Refused::Api { status: StatusCode::OK, code, message },
            other => other,
        })?;
        let User { username, name, modes, .. } = &caller.user;
        Ok(json!({
            "creator_avatar_url": picture(&caller.user, origin),
            "creator_username": username,
            "creator_nickname": name,
            "privacy_level_options": privacy_options(&caller.user),
            "comment_disabled": modes.comment_disabled,
            "duet_disabled": modes.duet_disabled,
            "stitch_disabled": modes.stitch_disabled,
            "max_video_post_duration_sec": modes.max_seconds,
        }))
    }

    /// Refuses an account that may not post now.
    pub(super) fn may_post(&self, caller: &Caller) -> Result<(), Refused> {
        let user = &caller.user;
        if user.modes.banned {
            let message = "The user is banned from making new posts.";
            return Err(forbidden("spam_risk_user_banned_from_posting", message));
        }
        let since = self.world.now() - WINDOW;
        let posts = self.publishes.read(|rows| {
            let counts = |row: &&super::state::Publish| {
                row.draft.direct && row.failure.is_none() && row.ready_at.is_some() && row.begun_at > since
            };
            rows.values().filter(counts).map(|row| row.draft.clone()).collect::<Vec<_>>()
        });
        let own = posts.iter().filter(|draft| draft.user == user.id).count();
        if user.modes.capped || (user.modes.enforce_limits && own >= POSTS_MAX) {
            let message = "Daily post cap from the API is reached for the current user.";
            return Err(forbidden("spam_risk_too_many_posts", message));
        }
        let people: BTreeSet<&str> =
            posts.iter().filter(|draft| draft.app == caller.app).map(|draft| draft.user.as_str()).collect();
        let is_new = !people.contains(user.id.as_str());
        if caller.app == UNAUDITED_KEY && is_new && people.len() >= PEOPLE_MAX {
            let message = "Daily quota for active publishing users from your client is reached.";
            return Err(forbidden("reached_active_user_cap", message));
        }
        Ok(())
    }

    /// Refuses a draft where too many wait in the inbox.
    pub(super) fn may_send_draft(&self, caller: &Caller) -> Result<(), Refused> {
        let since = self.world.now() - WINDOW;
        let pending = self.publishes.read(|rows| {
            let waits = |row: &&super::state::Publish| {
                row.draft.user == caller.user.id && !row.draft.direct && row.begun_at > since
            };
            rows.values().filter(waits).count()
        });
        if caller.user.modes.enforce_limits && pending >= PENDING_MAX {
            let message = "There may be at most 5 pending shares within any 24-hour period.";
            return Err(forbidden("spam_risk_too_many_pending_share", message));
        }
        Ok(())
    }
}
