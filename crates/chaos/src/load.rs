//! The callers: they post, and post again only what was certainly not taken.

use std::sync::Arc;

use serde_json::{Value, json};

use crate::calls::{Calls, Reply};
use crate::dice::Dice;
use crate::progress::Progress;
use crate::sent::{Book, marker};
use crate::tenants::{self, Tenant};
use crate::time::{now, pause_ms, span_ms};

/// Callers at a time.
const CALLERS: usize = 6;
/// A caller with manners waits a little after what was no success.
const AFTER_REFUSAL_MS: u64 = 200;
const LOOK_AT_HEALTH_EVERY_MS: u64 = 2_000;
const WORDS: [&str; 8] = ["menu", "concert", "opening", "garden", "recipe", "harbour", "library", "market"];

/// What the callers work with.
#[derive(Clone)]
pub(crate) struct Load {
    pub(crate) calls: Calls,
    pub(crate) api_url: String,
    pub(crate) tenants: Vec<Arc<Tenant>>,
    pub(crate) book: Arc<Book>,
    pub(crate) progress: Arc<Progress>,
    pub(crate) ahead_s: u64,
}

/// A post as it is about to be sent.
struct Draft {
    number: usize,
    tenant: usize,
    body: Value,
    destinations: usize,
}

impl Load {
    /// Posts until enough destinations are accepted.
    pub(crate) async fn run(self, seed: u64) {
        let health = tokio::spawn(self.clone().watch_health());
        let callers: Vec<_> = (0..CALLERS)
            .map(|number| tokio::spawn(self.clone().post_all(Dice::new(seed, &format!("caller {number}")))))
            .collect();
        for caller in callers {
            let _ = caller.await;
        }
        health.abort();
    }

    async fn watch_health(self) {
        loop {
            for tenant in &self.tenants {
                tenants::look_at_health(&self.calls, &self.api_url, tenant).await;
            }
            pause_ms(LOOK_AT_HEALTH_EVERY_MS).await;
        }
    }

    async fn post_all(self, mut dice: Dice) {
        while !self.progress.is_sent() {
            if self.progress.sends_too_fast() {
                pause_ms(8).await;
                continue;
            }
            match self.draft(&mut dice) {
                Some(draft) => self.post(draft).await,
                None => pause_ms(200).await,
            }
        }
    }

    fn draft(&self, dice: &mut Dice) -> Option<Draft> {
        let at = dice.index(self.tenants.len());
        let tenant = &self.tenants[at];
        let mut targets: Vec<usize> =
            (0..tenant.accounts.len()).filter(|&account| tenant.accounts[account].can_post()).collect();
        if targets.is_empty() {
            return None;
        }
        dice.shuffle(&mut targets);
        targets.truncate(1 + dice.index(6));
        let parts = if dice.chance(0.15) { 2 + dice.index(2) } else { 1 };
        let ids: Vec<i64> = targets.iter().map(|&account| tenant.accounts[account].id).collect();
        let destinations = targets.len();
        let number = self.book.open(at, targets, parts);
        let word = WORDS[dice.index(WORDS.len())];
        let text = |part: usize| format!("About the {word} {} as promised.", marker(number, part));
        let mut body = json!({ "content": text(0), "account_ids": ids });
        if parts > 1 {
            body["thread_posts"] = (1..parts).map(text).collect();
        } else if dice.chance(0.12) {
            body["media_ids"] = json!([tenant.media]);
        }
        if dice.chance(0.2) {
            let due = now() + span_ms(2_000 + dice.number(0..=self.ahead_s * 1_000));
            body["scheduled_for"] = json!(due.to_iso_millis());
        }
        Some(Draft { number, tenant: at, body, destinations })
    }

    async fn post(&self, draft: Draft) {
        let url = format!("{}/posts", self.api_url);
        let key = &self.tenants[draft.tenant].key;
        loop {
            match self.calls.post(&url, key, &draft.body).await {
                Reply::Answer { status: 201, body } => {
                    let id = body["data"]["post_id"].as_str().unwrap_or_default();
                    self.book.accept(draft.number, id.to_owned());
                    self.book.note_answer("201".to_owned());
                    self.progress.accept(draft.destinations);
                    return;
                }
                Reply::Answer { status, body } => {
                    let code = body["error"]["code"].as_str().unwrap_or("?");
                    self.book.note_answer(format!("{status} {code}"));
                    // Too many calls is a refusal; a failure of the server is no answer at all, and
                    // anything else would be refused again.
                    pause_ms(AFTER_REFUSAL_MS).await;
                    if status != 429 {
                        return;
                    }
                }
                Reply::NotSent => {
                    self.book.note_answer("not connected".to_owned());
                    pause_ms(80).await;
                }
                Reply::Lost => {
                    self.book.note_answer("answer lost".to_owned());
                    pause_ms(AFTER_REFUSAL_MS).await;
                    return;
                }
            }
            if self.progress.is_sent() {
                return;
            }
        }
    }
}
