//! Posts: made, changed, listed, put into the bin.

use http::StatusCode;
use serde_json::{Value, json};

use super::errors::{self, RestError, invalid_id, invalid_param};
use super::request::{Ask, Reply};
use super::state::{Post, User, key, of_site};
use super::{PLATFORM, Place, html, show};
use crate::core::lock;

const STATUSES: [&str; 5] = ["publish", "future", "draft", "pending", "private"];
const FORMATS: [&str; 10] =
    ["standard", "aside", "chat", "gallery", "link", "image", "quote", "status", "video", "audio"];

/// `POST /wp/v2/posts`
pub(super) fn create(place: Place<'_>, ask: &Ask<'_>) -> Result<Reply, RestError> {
    let wordpress = place.wordpress;
    let mut post = Post {
        id: 0,
        author: 0,
        title: String::new(),
        content: String::new(),
        excerpt: String::new(),
        slug: String::new(),
        status: "draft".to_owned(),
        format: "standard".to_owned(),
        featured_media: 0,
        categories: Vec::new(),
        tags: Vec::new(),
        date_gmt: wordpress.moment(),
        modified_gmt: wordpress.moment(),
    };
    let changes = Changes::read(ask)?;
    let Some(user) = ask.caller.as_ref().filter(|user| user.may("edit_posts")) else {
        let message = "Sorry, you are not allowed to create posts as this user.";
        return Err(ask.refused("rest_cannot_create", message));
    };
    if ask.get("id").is_some() {
        return Err(errors::plain(
            StatusCode::BAD_REQUEST,
            "rest_post_exists",
            "Cannot create existing post.",
        ));
    }
    let _one_at_a_time = lock(&wordpress.gate);
    post.author = user.id;
    changes.apply(place, user, &mut post)?;
    if [&post.title, &post.content, &post.excerpt].iter().all(|text| text.is_empty()) {
        let message = "Content, title, and excerpt are empty.";
        return Err(errors::plain(StatusCode::BAD_REQUEST, "empty_content", message));
    }
    post.id = wordpress.next_post_id()?;
    let mut batch = wordpress.world.journal.batch();
    batch.put(&wordpress.posts, &key(&place.site.host, post.id), &post)?;
    if post.status == "publish" {
        wordpress.world.ledger.publish(&mut batch, &show::public(place, &post))?;
    }
    batch.commit()?;
    let location = place.api(&format!("/wp/v2/posts/{}", post.id));
    Ok(Reply::created(show::post(place, &post, true), location))
}

/// `POST /wp/v2/posts/{id}`
pub(super) fn update(place: Place<'_>, ask: &Ask<'_>, id: &str) -> Result<Reply, RestError> {
    let wordpress = place.wordpress;
    let changes = Changes::read(ask)?;
    let _one_at_a_time = lock(&wordpress.gate);
    let mut post = find(place, id)?;
    let user = editor(ask, &post, "rest_cannot_edit", "Sorry, you are not allowed to edit this post.")?;
    let was_public = post.status == "publish";
    changes.apply(place, user, &mut post)?;
    post.modified_gmt = wordpress.moment();
    let mut batch = wordpress.world.journal.batch();
    batch.put(&wordpress.posts, &key(&place.site.host, post.id), &post)?;
    let ledger = &wordpress.world.ledger;
    let (public, name) = (show::public(place, &post), post.id.to_string());
    match (was_public, post.status == "publish") {
        (false, true) => ledger.publish(&mut batch, &public)?,
        (true, false) => ledger.take_down(&mut batch, PLATFORM, &name, wordpress.world.now())?,
        (true, true) => ledger.change(&mut batch, PLATFORM, &name, |there| *there = public)?,
        (false, false) => {}
    }
    batch.commit()?;
    Ok(Reply::ok(show::post(place, &post, true)))
}

/// `GET /wp/v2/posts/{id}`
pub(super) fn get(place: Place<'_>, ask: &Ask<'_>, id: &str) -> Result<Reply, RestError> {
    let post = find(place, id)?;
    if !is_visible(ask, &post) {
        return Err(ask.refused("rest_forbidden", "Sorry, you are not allowed to do that."));
    }
    let is_edit = ask.text("context").as_deref() == Some("edit");
    if is_edit {
        let message = "Sorry, you are not allowed to edit this post.";
        editor(ask, &post, "rest_forbidden_context", message)?;
    }
    Ok(Reply::ok(show::post(place, &post, is_edit)))
}

/// `GET /wp/v2/posts`, newest first.
pub(super) fn list(place: Place<'_>, ask: &Ask<'_>) -> Result<Reply, RestError> {
    let is_edit = ask.text("context").as_deref() == Some("edit");
    let mut statuses = ask.list("status");
    if statuses.is_empty() {
        statuses.push("publish".to_owned());
    }
    for status in &statuses {
        if !STATUSES.contains(&status.as_str()) && !matches!(status.as_str(), "any" | "trash") {
            let what = format!("status is not one of {}, and any.", STATUSES.join(", "));
            return Err(invalid_param("status", &what));
        }
        if status != "publish" && !ask.may("edit_posts") {
            return Err(invalid_param("status", "Status is forbidden."));
        }
    }
    if is_edit && !ask.may("edit_posts") {
        let message = "Sorry, you are not allowed to edit posts in this post type.";
        return Err(ask.refused("rest_forbidden_context", message));
    }
    let slugs: Vec<String> = ask.list("slug").iter().map(|slug| html::slug(slug)).collect();
    let authors = ask.ids("author")?.unwrap_or_default();
    let search = ask.text("search").map(|text| text.to_lowercase());
    let mut posts = of_site(&place.wordpress.posts, &place.site.host);
    posts.retain(|post| {
        let has_status = statuses.contains(&post.status)
            || statuses.iter().any(|status| status == "any") && post.status != "trash";
        has_status
            && (slugs.is_empty() || slugs.contains(&post.slug))
            && (authors.is_empty() || authors.contains(&post.author))
            && search.as_ref().is_none_or(|text| {
                post.title.to_lowercase().contains(text) || post.content.to_lowercase().contains(text)
            })
            && if is_edit { may_edit(ask.caller.as_ref(), post) } else { is_visible(ask, post) }
    });
    posts.sort_by(|a, b| b.date_gmt.cmp(&a.date_gmt).then(b.id.cmp(&a.id)));
    Reply::page(ask, posts.iter().map(|post| show::post(place, post, is_edit)).collect())
}

/// `DELETE /wp/v2/posts/{id}`
pub(super) fn delete(place: Place<'_>, ask: &Ask<'_>, id: &str) -> Result<Reply, RestError> {
    let wordpress = place.wordpress;
    let _one_at_a_time = lock(&wordpress.gate);
    let mut post = find(place, id)?;
    editor(ask, &post, "rest_cannot_delete", "Sorry, you are not allowed to delete this post.")?;
    let force = ask.text("force").is_some_and(|force| force == "true" || force == "1")
        || ask.get("force").and_then(Value::as_bool) == Some(true);
    let name = post.id.to_string();
    let mut batch = wordpress.world.journal.batch();
    wordpress.world.ledger.take_down(&mut batch, PLATFORM, &name, wordpress.world.now())?;
    if force {
        batch.delete(&wordpress.posts, &key(&place.site.host, post.id));
        batch.commit()?;
        return Ok(Reply::ok(json!({"deleted": true, "previous": show::post(place, &post, true)})));
    }
    if post.status == "trash" {
        let message = "The post has already been deleted.";
        return Err(errors::plain(StatusCode::GONE, "rest_already_trashed", message));
    }
    "trash".clone_into(&mut post.status);
    post.slug = format!("{}__trashed", post.slug);
    batch.put(&wordpress.posts, &key(&place.site.host, post.id), &post)?;
    batch.commit()?;
    Ok(Reply::ok(show::post(place, &post, true)))
}

fn find(place: Place<'_>, id: &str) -> Result<Post, RestError> {
    let found = id.parse().ok().and_then(|id| place.wordpress.posts.get(&key(&place.site.host, id)));
    found.ok_or_else(invalid_id)
}

fn is_visible(ask: &Ask<'_>, post: &Post) -> bool {
    let is_own = ask.caller.as_ref().is_some_and(|user| user.id == post.author);
    post.status == "publish"
        || is_own
        || ask.may(if post.status == "private" { "read_private_posts" } else { "edit_others_posts" })
}

/// The caller, if it may change the post.
fn editor<'a>(
    ask: &'a Ask<'_>,
    post: &Post,
    code: &'static str,
    message: &str,
) -> Result<&'a User, RestError> {
    ask.caller.as_ref().filter(|user| may_edit(Some(user), post)).ok_or_else(|| ask.refused(code, message))
}

fn may_edit(user: Option<&User>, post: &Post) -> bool {
    user.is_some_and(|user| {
        if user.id != post.author {
            user.may("edit_others_posts")
        } else if matches!(post.status.as_str(), "publish" | "private" | "future") {
            user.may("edit_published_posts")
        } else {
            user.may("edit_posts")
        }
    })
}

/// What a call sets.
struct Changes {
    title: Option<String>,
    content: Option<String>,
    excerpt: Option<String>,
    slug: Option<String>,
    status: Option<String>,
    format: Option<String>,
    featured_media: Option<u64>,
    categories: Option<Vec<u64>>,
    tags: Option<Vec<u64>>,
}

impl Changes {
    fn read(ask: &Ask<'_>) -> Result<Self, RestError> {
        let featured_media = match ask.get("featured_media") {
            None => None,
            Some(_) => {
                Some(ask.text("featured_media").and_then(|id| id.parse().ok()).ok_or_else(|| {
                    invalid_param("featured_media", "featured_media is not of type integer.")
                })?)
            }
        };
        if let Some(slug) = ask.get("slug").filter(|slug| !slug.is_string()) {
            return Err(invalid_param("slug", &format!("slug is not of type string: {slug}.")));
        }
        Ok(Self {
            title: ask.text("title"),
            content: ask.text("content"),
            excerpt: ask.text("excerpt"),
            slug: ask.text("slug"),
            status: ask.word("status", &STATUSES)?,
            format: ask.word("format", &FORMATS)?,
            featured_media,
            categories: ask.ids("categories")?,
            tags: ask.ids("tags")?,
        })
    }

    fn apply(self, place: Place<'_>, user: &User, post: &mut Post) -> Result<(), RestError> {
        let wordpress = place.wordpress;
        if let Some(status) = self.status {
            if matches!(status.as_str(), "publish" | "private" | "future") && !user.may("publish_posts") {
                let message = match status.as_str() {
                    "private" => "Sorry, you are not allowed to create private posts in this post type.",
                    _ => "Sorry, you are not allowed to publish posts in this post type.",
                };
                return Err(errors::not_allowed(Some(user), "rest_cannot_publish", message));
            }
            post.status = status;
        }
        let written = |text: String| if user.may("unfiltered_html") { text } else { html::filtered(&text) };
        post.title = self.title.map_or_else(|| post.title.clone(), written);
        post.content = self.content.map_or_else(|| post.content.clone(), written);
        post.excerpt = self.excerpt.map_or_else(|| post.excerpt.clone(), written);
        post.format = self.format.unwrap_or_else(|| post.format.clone());
        if let Some(id) = self.featured_media {
            let is_there = wordpress.media.get(&key(&place.site.host, id)).is_some();
            post.featured_media = if is_there { id } else { 0 };
        }
        let terms = of_site(&wordpress.terms, &place.site.host);
        let known = |ids: Vec<u64>, kind: &str| -> Vec<u64> {
            ids.into_iter()
                .filter(|id| terms.iter().any(|term| term.id == *id && term.kind == kind))
                .collect()
        };
        post.tags = self.tags.map_or_else(|| post.tags.clone(), |ids| known(ids, "tags"));
        post.categories =
            self.categories.map_or_else(|| post.categories.clone(), |ids| known(ids, "categories"));
        if post.categories.is_empty() {
            post.categories =
                terms.iter().filter(|term| term.slug == "uncategorized").map(|term| term.id).collect();
        }
        self.slug.map_or_else(|| post.slug.clone(), |slug| html::slug(&slug)).clone_into(&mut post.slug);
        name(place, user, post);
        Ok(())
    }
}

/// Gives a post its name. What nobody can see yet needs none, and a contributor may not choose one.
fn name(place: Place<'_>, user: &User, post: &mut Post) {
    if post.status == "pending" && !user.may("publish_posts") {
        post.slug.clear();
    }
    if post.slug.is_empty() && matches!(post.status.as_str(), "publish" | "private" | "future") {
        post.slug = html::slug(&post.title);
    }
    if post.slug.is_empty() {
        return;
    }
    let others = of_site(&place.wordpress.posts, &place.site.host);
    let is_taken = |name: &str| others.iter().any(|other| other.id != post.id && other.slug == name);
    post.slug = html::free(&post.slug, is_taken);
}
