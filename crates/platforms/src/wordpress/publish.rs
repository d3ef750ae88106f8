//! The states of a publish: a slug that is free, the files, the tags and categories, then the post.

use connector::{CommitPermit, Cx, Failure, Next, Publication, Receipt};
use domain::Class;
use net::Request;

use super::state::{Stage, State};
use super::wire::{NewPost, Post};
use super::{NAME, article, errors, media, rest, slug, terms};

/// What a look at posts asks for.
pub(super) const FIELDS: &str = "id,slug,status,link,author,modified_gmt";
/// Every state in which a post may be.
pub(super) const STATUSES: &str = "publish,future,draft,pending,private";

pub(super) async fn step(cx: &Cx<'_>, to: &Publication, at: State) -> Result<Next<State>, Failure> {
    match at.stage.clone() {
        Stage::Slug => {
            media::check(to)?;
            free_slug(cx, to, at).await
        }
        Stage::Upload => media::upload(cx, to, at).await,
        Stage::Describe => media::describe(cx, to, at).await,
        Stage::Tag { next } => terms::tag(cx, to, at, next).await,
        Stage::Category { next } => terms::category(cx, to, at, next).await,
        Stage::Ready => Ok(Next::Commit(at)),
    }
}

/// A slug of the author's own may be another post's: then ours gets the destination's token, without
/// which it could not be told from the other one.
async fn free_slug(cx: &Cx<'_>, to: &Publication, mut at: State) -> Result<Next<State>, Failure> {
    if at.slug != slug::marked(to) && !find(cx, &slug::variants(&at.slug)).await?.is_empty() {
        let taken = std::mem::replace(&mut at.slug, slug::marked(to));
        at.warnings.push(format!("The slug \"{taken}\" is another post's; this one has \"{}\".", at.slug));
    }
    Ok(Next::Go(at.to(Stage::Upload)))
}

/// The posts under these slugs.
pub(super) async fn find(cx: &Cx<'_>, slugs: &[String]) -> Result<Vec<Post>, Failure> {
    let slugs = slugs.join(",");
    let query = [("slug", slugs.as_str()), ("status", STATUSES), ("per_page", "100"), ("_fields", FIELDS)];
    rest::get(cx, "/wp/v2/posts", &query).await
}

pub(super) async fn commit(
    cx: &Cx<'_>,
    to: &Publication,
    at: State,
    permit: CommitPermit,
) -> Result<Next<State>, Failure> {
    if at.stage != Stage::Ready {
        return Err(Failure::before_sending(Class::Transient, "There is nothing to publish yet."));
    }
    let (content, warnings) = article::body(to, &at.files);
    let post = NewPost {
        title: &article::title(to),
        content: &content,
        excerpt: to.settings.text("excerpt"),
        slug: &at.slug,
        status: to.settings.text("status").unwrap_or("publish"),
        tags: &at.tags,
        categories: &at.categories,
        featured_media: article::featured(to, &at.files),
    };
    let url = rest::own(cx, "/wp/v2/posts", &[("_fields", FIELDS)])?;
    let request = rest::signed(cx, Request::post(url).json(&post));
    let answer =
        cx.send_commit_guarded(request, permit).await.map_err(|error| Failure::unanswered(NAME, error))?;
    if !answer.is_success() {
        return Err(errors::classify_commit(&answer, cx.now()));
    }
    let made: Post = rest::read(&answer)?;
    Ok(Next::Published(receipt(at, made, warnings)))
}

/// Proof that the post is on the site.
pub(super) fn receipt(at: State, post: Post, also: Vec<String>) -> Receipt {
    let mut warnings = at.warnings;
    warnings.extend(also);
    let kind = match post.status.as_str() {
        "draft" => Some("a draft"),
        "pending" => Some("waiting for review"),
        "private" => Some("private"),
        "future" => Some("scheduled by the site"),
        _ => None,
    };
    if let Some(kind) = kind {
        warnings.push(format!("The post is on the site, but {kind}: the public does not see it."));
    }
    Receipt { platform_post_id: post.id.to_string(), platform_post_url: post.link, warnings }
}
