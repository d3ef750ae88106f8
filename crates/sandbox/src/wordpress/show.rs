//! How the API shows a site, its posts, files and terms; and what of a post is public.

use serde_json::{Value, json};

use super::request::Reply;
use super::state::{Media, Post, Term, key, of_site};
use super::{PLATFORM, Place, html};
use crate::core::ledger::{PublicMedia, PublicPost};
use crate::core::page::escape;

/// `GET /`
pub(super) fn index(place: Place<'_>) -> Reply {
    let home = place.url("");
    let authentication = if place.site.takes_application_passwords {
        let page = place.url("/wp-admin/authorize-application.php");
        json!({"application-passwords": {"endpoints": {"authorization": page}}})
    } else {
        json!([])
    };
    Reply::ok(json!({
        "name": place.site.name,
        "description": "",
        "url": home,
        "home": home,
        "gmt_offset": "0",
        "timezone_string": "",
        "namespaces": ["oembed/1.0", "wp/v2", "wp-site-health/v1", "wp-block-editor/v1"],
        "authentication": authentication,
        "routes": {},
        "site_logo": 0,
        "site_icon": 0,
    }))
}

/// Where people read the post.
pub(super) fn link(place: Place<'_>, post: &Post) -> String {
    let has_name = !place.site.plain && matches!(post.status.as_str(), "publish" | "private");
    if has_name { place.url(&format!("/{}/", post.slug)) } else { place.url(&format!("/?p={}", post.id)) }
}

/// A post; with its sources for those who may change it.
pub(super) fn post(place: Place<'_>, post: &Post, is_edit: bool) -> Value {
    let text = |raw: &str, rendered: String| {
        let mut shown = json!({"rendered": rendered});
        if is_edit {
            shown["raw"] = json!(raw);
        }
        shown
    };
    let mut content = text(&post.content, html::paragraphs(&post.content));
    content["protected"] = json!(false);
    let mut excerpt = text(&post.excerpt, html::paragraphs(&post.excerpt));
    excerpt["protected"] = json!(false);
    let guid = place.url(&format!("/?p={}", post.id));
    json!({
        "id": post.id,
        "date": post.date_gmt,
        "date_gmt": post.date_gmt,
        "guid": text(&guid, guid.clone()),
        "modified": post.modified_gmt,
        "modified_gmt": post.modified_gmt,
        "slug": post.slug,
        "status": post.status,
        "type": "post",
        "link": link(place, post),
        "title": text(&post.title, post.title.clone()),
        "content": content,
        "excerpt": excerpt,
        "author": post.author,
        "featured_media": post.featured_media,
        "comment_status": "open",
        "ping_status": "open",
        "sticky": false,
        "template": "",
        "format": post.format,
        "meta": [],
        "categories": post.categories,
        "tags": post.tags,
    })
}

/// A file's address.
pub(super) fn source(place: Place<'_>, media: &Media) -> String {
    place.url(&format!("/wp-content/uploads/{}", media.file))
}

/// A file.
pub(super) fn media(place: Place<'_>, media: &Media) -> Value {
    let is_image = media.mime_type.starts_with("image/");
    let url = source(place, media);
    json!({
        "id": media.id,
        "date": media.date_gmt,
        "date_gmt": media.date_gmt,
        "guid": {"rendered": url},
        "modified": media.date_gmt,
        "modified_gmt": media.date_gmt,
        "slug": media.slug,
        "status": "inherit",
        "type": "attachment",
        "link": place.url(&format!("/?attachment_id={}", media.id)),
        "title": {"rendered": media.title},
        "author": media.author,
        "caption": {"rendered": html::paragraphs(&media.caption)},
        "alt_text": media.alt_text,
        "media_type": if is_image { "image" } else { "file" },
        "mime_type": media.mime_type,
        "media_details": {"filesize": media.size_bytes, "sizes": {}},
        "post": null,
        "source_url": url,
    })
}

/// A tag or category. Names are shown as HTML.
pub(super) fn term(place: Place<'_>, term: &Term) -> Value {
    let (path, taxonomy) = if term.kind == "tags" { ("tag", "post_tag") } else { ("category", "category") };
    json!({
        "id": term.id,
        "count": 0,
        "description": "",
        "link": place.url(&format!("/{path}/{}/", term.slug)),
        "name": escape(&term.name),
        "slug": term.slug,
        "taxonomy": taxonomy,
        "meta": [],
    })
}

/// What the public sees of a post.
pub(super) fn public(place: Place<'_>, post: &Post) -> PublicPost {
    let wordpress = place.wordpress;
    let user = wordpress.users.get(&key(&place.site.host, post.author));
    let home = place.url("");
    let home = home.split_once("://").map_or(home.as_str(), |(_, rest)| rest);
    let terms = of_site(&wordpress.terms, &place.site.host);
    let names = |ids: &[u64]| -> Vec<String> {
        ids.iter()
            .filter_map(|id| terms.iter().find(|term| term.id == *id))
            .map(|term| term.name.clone())
            .collect()
    };
    PublicPost {
        platform: PLATFORM.to_owned(),
        account: user.map(|user| user.login).unwrap_or_default(),
        account_id: format!("{home}#{}", post.author),
        id: post.id.to_string(),
        url: link(place, post),
        page: format!("{}/?p={}", place.site.host, post.id),
        text: post.content.clone(),
        media: files(place, post),
        reply_to: None,
        extra: json!({
            "title": post.title,
            "excerpt": post.excerpt,
            "slug": post.slug,
            "featured_media": post.featured_media,
            "categories": names(&post.categories),
            "tags": names(&post.tags),
        }),
        created_at: wordpress.world.now().to_iso_millis(),
        deleted_at: None,
    }
}

/// The files that a post shows: the featured one, then those of its text in their order.
fn files(place: Place<'_>, post: &Post) -> Vec<PublicMedia> {
    let mut shown: Vec<(usize, Media)> = of_site(&place.wordpress.media, &place.site.host)
        .into_iter()
        .filter_map(|media| {
            let at = post.content.find(&source(place, &media));
            let at = if media.id == post.featured_media { Some(0) } else { at.map(|at| at + 1) };
            Some((at?, media))
        })
        .collect();
    shown.sort_by_key(|(at, _)| *at);
    shown
        .into_iter()
        .map(|(_, media)| PublicMedia {
            media_type: media.mime_type,
            sha256: media.sha256,
            size_bytes: media.size_bytes,
            alt: (!media.alt_text.is_empty()).then_some(media.alt_text),
        })
        .collect()
}
