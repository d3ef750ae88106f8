//! Pages of instagram.com that people open: posts, profiles, pictures.

use axum::response::{Html, IntoResponse, Response};
use http::{StatusCode, header};

use super::state::{Instagram, Media};
use super::{IMAGE_HOST, PLATFORM};
use crate::core::avatar;
use crate::core::page::{self as html, escape, sniff};
use crate::meta::asked::Asked;

/// Every call to a host that people open.
pub(super) fn page(instagram: &Instagram, asked: &Asked) -> Response {
    let segments = asked.request.segments();
    if asked.origin.host == IMAGE_HOST {
        return match segments.as_slice() {
            ["v", id, ..] => avatar::answer(id),
            ["t", id, ..] => file(instagram, id),
            _ => missing(),
        };
    }
    let by_code = |code: &str| instagram.media.find(|media| media.shortcode == code).map(|(_, media)| media);
    let media: Option<Media> = match segments.as_slice() {
        ["p" | "reel", code, ..] => by_code(code),
        ["stories", _, id] => instagram.live_media(id),
        [name] => return profile(instagram, name),
        _ => None,
    };
    let comment = segments.iter().position(|segment| *segment == "c").and_then(|at| segments.get(at + 1));
    let id = comment.map(|id| (*id).to_owned()).or_else(|| media.map(|media| media.id));
    match id.and_then(|id| instagram.world.ledger.find(PLATFORM, &id)) {
        Some(public) => Html(html::permalink(&public)).into_response(),
        None => missing(),
    }
}

fn profile(instagram: &Instagram, name: &str) -> Response {
    let Some(user) = instagram.user_named(name) else { return missing() };
    let body = format!(
        "<main class=\"one\"><section><h2>{}</h2><p>@{}</p></section></main>",
        escape(&user.name),
        escape(&user.username)
    );
    Html(html::document(&user.username, &body)).into_response()
}

fn file(instagram: &Instagram, id: &str) -> Response {
    let sha256 = instagram.live_media(id).and_then(|media| media.sha256);
    match sha256.and_then(|sha256| instagram.world.blobs.get(&sha256)) {
        Some(bytes) => ([(header::CONTENT_TYPE, sniff(&bytes))], bytes).into_response(),
        None => missing(),
    }
}

fn missing() -> Response {
    (StatusCode::NOT_FOUND, Html(html::missing())).into_response()
}
