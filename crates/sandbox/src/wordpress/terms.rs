//! Tags, which whoever writes may make, and categories, which editors keep.

use http::StatusCode;

use super::errors::{self, RestError};
use super::request::{Ask, Reply};
use super::state::{Term, key, of_site};
use super::{Place, html, show};
use crate::core::lock;
use crate::core::page::escape;

/// `GET /wp/v2/tags` and `/wp/v2/categories`
pub(super) fn list(place: Place<'_>, ask: &Ask<'_>, kind: &str) -> Result<Reply, RestError> {
    if ask.text("context").as_deref() == Some("edit") && !ask.may("manage_categories") {
        let message = "Sorry, you are not allowed to edit terms in this taxonomy.";
        return Err(ask.refused("rest_forbidden_context", message));
    }
    let search = ask.text("search").map(|text| text.to_lowercase());
    let slugs = ask.list("slug");
    let mut terms = of_kind(place, kind);
    terms.retain(|term| {
        // Names are stored as HTML, and searched as they are stored.
        let name = escape(&term.name).to_lowercase();
        search.as_ref().is_none_or(|text| name.contains(text) || term.slug.contains(text))
            && (slugs.is_empty() || slugs.contains(&term.slug))
    });
    terms.sort_by(|a, b| a.name.cmp(&b.name));
    Reply::page(ask, terms.iter().map(|term| show::term(place, term)).collect())
}

/// `POST /wp/v2/tags` and `/wp/v2/categories`
pub(super) fn create(place: Place<'_>, ask: &Ask<'_>, kind: &str) -> Result<Reply, RestError> {
    let Some(name) = ask.text("name") else {
        let message = "Missing parameter(s): name";
        return Err(errors::plain(StatusCode::BAD_REQUEST, "rest_missing_callback_param", message));
    };
    if !ask.may(if kind == "tags" { "edit_posts" } else { "manage_categories" }) {
        let message = "Sorry, you are not allowed to create terms in this taxonomy.";
        return Err(ask.refused("rest_cannot_create", message));
    }
    let name = name.trim().to_owned();
    if name.is_empty() {
        let message = "A name is required for this term.";
        return Err(errors::plain(StatusCode::INTERNAL_SERVER_ERROR, "empty_term_name", message));
    }
    let wordpress = place.wordpress;
    let _one_at_a_time = lock(&wordpress.gate);
    let there = of_kind(place, kind);
    if let Some(term) = there.iter().find(|term| term.name.to_lowercase() == name.to_lowercase()) {
        return Err(errors::term_exists(term.id));
    }
    let slug = html::free(&html::slug(&name), |slug| there.iter().any(|term| term.slug == slug));
    let term = Term { id: wordpress.next_id(&place.site.host, "terms")?, kind: kind.to_owned(), name, slug };
    wordpress.terms.put(&key(&place.site.host, term.id), &term)?;
    let location = place.api(&format!("/wp/v2/{kind}/{}", term.id));
    Ok(Reply::created(show::term(place, &term), location))
}

/// `GET /wp/v2/tags/{id}` and `/wp/v2/categories/{id}`
pub(super) fn get(place: Place<'_>, kind: &str, id: &str) -> Result<Reply, RestError> {
    let found = of_kind(place, kind).into_iter().find(|term| term.id.to_string() == id);
    let missing = || errors::plain(StatusCode::NOT_FOUND, "rest_term_invalid", "Term does not exist.");
    found.map(|term| Reply::ok(show::term(place, &term))).ok_or_else(missing)
}

fn of_kind(place: Place<'_>, kind: &str) -> Vec<Term> {
    let mut terms = of_site(&place.wordpress.terms, &place.site.host);
    terms.retain(|term| term.kind == kind);
    terms
}
