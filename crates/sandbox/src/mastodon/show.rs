//! Accounts and statuses as the API shows them (entities: Account, Status, Poll).

use serde_json::{Value, json};

use super::account::picture;
use super::state::{Mastodon, Media, Poll, Status, User};
use super::text::content;
use crate::core::figures::{Figures, followers};
use crate::core::origin::Origin;

impl Mastodon {
    /// An account.
    pub(super) fn shown_account(&self, user: &User, origin: &Origin) -> Value {
        let picture = picture(user, origin);
        let count = self.list_statuses(|status| status.user == user.key()).len();
        json!({
            "id": user.id,
            "username": user.username,
            "acct": user.username,
            "display_name": user.name,
            "locked": false,
            "bot": false,
            "discoverable": true,
            "indexable": false,
            "group": false,
            "created_at": "2024-03-01T00:00:00.000Z",
            "note": "<p>An account of the sandbox.</p>",
            "url": origin.url(&user.host, &format!("/@{}", user.username)),
            "uri": format!("https://{}/users/{}", user.host, user.username),
            "avatar": picture,
            "avatar_static": picture,
            "header": picture,
            "header_static": picture,
            "followers_count": followers(&user.id, self.world.now()),
            "following_count": 0,
            "statuses_count": count,
            "last_status_at": null,
            "hide_collections": false,
            "noindex": false,
            "emojis": [],
            "roles": [],
            "fields": [],
        })
    }

    /// A status.
    pub(super) fn shown(&self, status: &Status, origin: &Origin) -> Value {
        let user = self.users.get(&status.user);
        let name = user.as_ref().map(|user| user.username.clone()).unwrap_or_default();
        let media: Vec<Media> = status.media.iter().filter_map(|id| self.media.get(id)).collect();
        let parent = status.in_reply_to_id.as_ref().and_then(|id| self.statuses.get(id));
        let replies = self.list_statuses(|other| other.in_reply_to_id.as_ref() == Some(&status.id)).len();
        let figures = Figures::of(&status.id, self.world.now().since(status.created_at));
        let app = self.app(&status.app, &status.host);
        let is_known = |name: &str, host: &str| self.user_named(host, name).is_some();
        json!({
            "id": status.id,
            "created_at": status.created_at.to_iso_millis(),
            "in_reply_to_id": status.in_reply_to_id,
            "in_reply_to_account_id": parent.and_then(|parent| self.users.get(&parent.user)).map(|user| user.id),
            "sensitive": status.sensitive,
            "spoiler_text": status.spoiler_text,
            "visibility": status.visibility,
            "language": status.language,
            "uri": format!("https://{}/users/{name}/statuses/{}", status.host, status.id),
            "url": origin.url(&status.host, &format!("/@{name}/{}", status.id)),
            "replies_count": i64::try_from(replies).unwrap_or(0) + figures.comments,
            "reblogs_count": figures.shares,
            "favourites_count": figures.likes,
            "quotes_count": figures.shares / 4,
            "edited_at": null,
            "favourited": false,
            "reblogged": false,
            "muted": false,
            "bookmarked": false,
            "pinned": false,
            "content": content(&status.text, &status.host, is_known),
            "filtered": [],
            "reblog": null,
            "application": app.map(|app| json!({"name": app.name, "website": app.website})),
            "account": user.map(|user| self.shown_account(&user, origin)),
            "media_attachments": media.iter().map(|media| self.shown_media(media, origin)).collect::<Value>(),
            "mentions": [],
            "tags": [],
            "emojis": [],
            "quote": null,
            "quote_approval": {"automatic": [status.quote_policy], "manual": [], "current_user": "automatic"},
            "card": null,
            "poll": status.poll.as_ref().map(|poll| self.shown_poll(&status.id, poll)),
        })
    }

    fn shown_poll(&self, id: &str, poll: &Poll) -> Value {
        let votes = if poll.hide_totals { Value::Null } else { json!(0) };
        let options = poll.options.iter().map(|title| json!({"title": title, "votes_count": votes}));
        json!({
            "id": id,
            "expires_at": poll.expires_at.to_iso_millis(),
            "expired": poll.expires_at <= self.world.now(),
            "multiple": poll.multiple,
            "votes_count": 0,
            "voters_count": 0,
            "voted": true,
            "own_votes": [],
            "options": options.collect::<Value>(),
            "emojis": [],
        })
    }
}
