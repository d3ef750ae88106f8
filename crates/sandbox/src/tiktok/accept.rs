//! The last thing before a post is public: its media is there, and what becomes of it is known.

use serde_json::{Value, json};

use super::errors::{Refused, bad_token};
use super::files::Taken;
use super::state::{Publish, TikTok, open_id};
use super::{PAGE_HOST, PLATFORM};
use crate::core::ledger::PublicPost;
use crate::core::origin::Origin;

impl TikTok {
    /// All media is there: the post goes out when it has been worked on, or fails then.
    pub(super) fn accept(
        &self,
        id: &str,
        mut publish: Publish,
        taken: Taken,
        origin: &Origin,
    ) -> Result<(), Refused> {
        let mut user = self.users.get(&publish.draft.user).ok_or_else(bad_token)?;
        let ordered = user.modes.fail_with.pop_front();
        publish.ready_at = Some(self.world.now() + taken.takes);
        publish.seconds = taken.seconds;
        publish.failure = match (ordered.clone(), taken.failure) {
            (Some(reason), _) => Some(reason),
            (None, Some(reason)) => Some(reason.to_owned()),
            (None, None) => {
                let fails = self.world.faults.take_processing_failure(PLATFORM);
                fails.then(|| "internal".to_owned())
            }
        };
        publish.files = taken.files;
        let mut batch = self.world.journal.batch();
        if ordered.is_some() {
            batch.put(&self.users, &user.id, &user)?;
        }
        batch.put(&self.publishes, id, &publish)?;
        if publish.failure.is_none() && publish.draft.direct {
            // From here on nothing but a cancellation keeps it from being seen.
            self.world.ledger.publish(&mut batch, &public_post(&publish, &user.username, origin))?;
        }
        Ok(batch.commit()?)
    }
}

fn public_post(publish: &Publish, username: &str, origin: &Origin) -> PublicPost {
    let draft = &publish.draft;
    let path = path_of(publish, username);
    let mut extra = draft.more.clone();
    extra.retain(|_, value| *value != json!(false));
    extra.insert("privacy_level".to_owned(), json!(draft.privacy));
    if draft.photos {
        extra.insert("title".to_owned(), json!(draft.title));
    }
    PublicPost {
        platform: PLATFORM.to_owned(),
        account: username.to_owned(),
        account_id: open_id(&draft.user, &draft.app),
        id: publish.post.to_string(),
        url: origin.url(PAGE_HOST, &path),
        page: format!("{PAGE_HOST}{path}"),
        text: if draft.photos { draft.description.clone() } else { draft.title.clone() },
        media: publish.files.clone(),
        reply_to: None,
        extra: Value::Object(extra),
        created_at: publish.ready_at.unwrap_or(publish.begun_at).to_iso_millis(),
        deleted_at: None,
    }
}

/// The path of a post's page.
pub(super) fn path_of(publish: &Publish, username: &str) -> String {
    let kind = if publish.draft.photos { "photo" } else { "video" };
    format!("/@{username}/{kind}/{}", publish.post)
}
