//! Telling that the same goes to an account twice.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use serde_json::json;
use sha2::{Digest as _, Sha256};
use store::AccountRow;

use super::content::{Body, platform_item};
use crate::App;

/// What tells the content that goes to an account from any other; `None` where duplicates are taken.
pub(super) fn fingerprint(app: &App, account: &AccountRow, content: &Body<'_>) -> Option<String> {
    if !app.refuse_duplicates {
        return None;
    }
    let item = platform_item(content.platform_content, &account.platform);
    let text = item.and_then(|item| item.content.as_deref()).unwrap_or(content.text).trim();
    let kind = item.and_then(|item| item.content_type.as_deref());
    let all = json!([text, content.thread, content.media_ids, kind]);
    Some(STANDARD_NO_PAD.encode(Sha256::digest(all.to_string())))
}
