//! The board of a pin: the one in the settings, or the one that the account used last.

use connector::{Cx, Failure, Publication};
use domain::{Class, Settings};
use net::Request;

use super::NAME;
use super::api::{address, get, read, send};
use super::errors::classify;
use super::wire::{Board, Page};

const PAGES_MAX: usize = 10;

/// The board that the settings name.
pub(super) fn named(settings: &Settings) -> Option<String> {
    ["boardId", "board_id"].into_iter().find_map(|key| id(settings, key))
}

/// The section of it that they name.
pub(super) fn section(settings: &Settings) -> Option<String> {
    ["boardSectionId", "board_section_id"].into_iter().find_map(|key| id(settings, key))
}

/// Ids arrive as text or as numbers.
fn id(settings: &Settings, key: &str) -> Option<String> {
    let number = settings.0.get(key).and_then(serde_json::Value::as_u64);
    settings.text(key).map(|text| text.trim().to_owned()).or_else(|| number.map(|id| id.to_string()))
}

/// The board of this pin, and whether somebody chose it.
pub(super) async fn choose(cx: &Cx<'_>, to: &Publication) -> Result<(Board, bool), Failure> {
    match named(&to.settings) {
        Some(id) => Ok((find(cx, &id).await?, true)),
        None => Ok((latest(cx).await?, false)),
    }
}

async fn find(cx: &Cx<'_>, id: &str) -> Result<Board, Failure> {
    if id.is_empty() || !id.bytes().all(|byte| byte.is_ascii_digit()) {
        let public = format!("boardId must be the number of a {NAME} board.");
        return Err(Failure::before_sending(Class::ContentRejected, public));
    }
    let answer = send(cx, Request::get(address(cx.hosts, &format!("/boards/{id}"), &[])?)).await?;
    if answer.status == 404 {
        let public = format!("{NAME} does not find the board {id} of this account; choose another boardId.");
        return Err(Failure::answered(Class::ContentRejected, public, &answer));
    }
    if !answer.is_success() {
        return Err(classify(&answer, cx.now()));
    }
    read(&answer)
}

/// The board that got a pin last; the first one where none of them has any.
async fn latest(cx: &Cx<'_>) -> Result<Board, Failure> {
    let mut boards = Vec::new();
    let mut bookmark = String::new();
    for _ in 0..PAGES_MAX {
        let mut query = vec![("page_size", "250")];
        if !bookmark.is_empty() {
            query.push(("bookmark", &bookmark));
        }
        let page: Page<Board> = get(cx, "/boards", &query).await?;
        boards.extend(page.items);
        match page.bookmark.filter(|next| !next.is_empty()) {
            Some(next) => bookmark = next,
            None => break,
        }
    }
    // The times are of one form, so that their texts are in their order. Of equals the first counts.
    boards
        .into_iter()
        .rev()
        .max_by(|one, other| one.board_pins_modified_at.cmp(&other.board_pins_modified_at))
        .ok_or_else(|| {
            let public = format!("The account has no board; make one on {NAME} and name it with boardId.");
            Failure::before_sending(Class::ContentRejected, public)
        })
}
