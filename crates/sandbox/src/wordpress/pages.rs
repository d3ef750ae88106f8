//! Pages that people open, files of the library, and what the web server says by itself.

use std::fmt::Write as _;

use axum::response::{Html, IntoResponse, Response};
use http::{StatusCode, header};

use super::state::of_site;
use super::{PLATFORM, Place, show};
use crate::core::emulator::Call;
use crate::core::page::escape;
use crate::core::{avatar, page};

/// An answer of the web server before a site.
pub(super) fn of_server(status: StatusCode, text: &str) -> Response {
    let text = escape(text);
    let page = format!(
        "<html><head><title>{text}</title></head><body><center><h1>{text}</h1></center></body></html>"
    );
    (status, Html(page)).into_response()
}

/// A host that has no site.
pub(super) fn no_site() -> Response {
    of_server(StatusCode::NOT_FOUND, "404 Not Found")
}

/// Any page of a site.
pub(super) fn serve(place: Place<'_>, call: &Call<'_>) -> Response {
    if !matches!(call.method.as_str(), "GET" | "HEAD") {
        return of_server(StatusCode::METHOD_NOT_ALLOWED, "405 Method Not Allowed");
    }
    if let Some(file) = call.path.strip_prefix("/wp-content/uploads/") {
        return uploaded(place, file);
    }
    if let Some(name) = call.path.strip_prefix("/avatars/") {
        return avatar::answer(name.trim_end_matches(".png"));
    }
    let query = call.query.unwrap_or_default().as_bytes();
    let number =
        url::form_urlencoded::parse(query).find(|(name, _)| name == "p").map(|(_, id)| id.into_owned());
    let slug = call.path.trim_matches('/');
    if number.is_none() && slug.is_empty() {
        return home(place);
    }
    let found = of_site(&place.wordpress.posts, &place.site.host).into_iter().find(|post| match &number {
        Some(number) => post.id.to_string() == *number,
        None => !place.site.plain && post.slug == slug,
    });
    let public = found.and_then(|post| place.wordpress.world.ledger.find(PLATFORM, &post.id.to_string()));
    match public {
        Some(public) => Html(page::permalink(&public)).into_response(),
        None => (StatusCode::NOT_FOUND, Html(page::missing())).into_response(),
    }
}

fn home(place: Place<'_>) -> Response {
    let name = escape(&place.site.name);
    let root = escape(&place.api("/"));
    let posts = of_site(&place.wordpress.posts, &place.site.host);
    let mut items = String::new();
    for post in posts.iter().rev().filter(|post| post.status == "publish") {
        let (link, title) = (escape(&show::link(place, post)), escape(&post.title));
        let _ = write!(items, "<li><a href=\"{link}\">{title}</a></li>");
    }
    let head = format!("<title>{name}</title><link rel=\"https://api.w.org/\" href=\"{root}\" />");
    Html(format!("<html><head>{head}</head><body><h1>{name}</h1><ul>{items}</ul></body></html>"))
        .into_response()
}

fn uploaded(place: Place<'_>, file: &str) -> Response {
    let found = of_site(&place.wordpress.media, &place.site.host).into_iter();
    let found = found.filter(|media| media.file == file).find_map(|media| {
        let bytes = place.wordpress.world.blobs.get(&media.sha256)?;
        Some((media.mime_type, bytes))
    });
    match found {
        Some((kind, bytes)) => {
            let headers =
                [(header::CONTENT_TYPE, kind.as_str()), (header::X_CONTENT_TYPE_OPTIONS, "nosniff")];
            (headers, bytes).into_response()
        }
        None => of_server(StatusCode::NOT_FOUND, "404 Not Found"),
    }
}
