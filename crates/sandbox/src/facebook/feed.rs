//! Posts of a Page: text, link, and photos that were uploaded before.

use serde_json::{Value, json};
use url::Url;

use super::state::{Facebook, Kind, Photo, Post, UNPUBLISHED_LIFE};
use super::{PAGE_HOST, PLATFORM, nodes};
use crate::core::journal::Batch;
use crate::core::ledger::{PublicMedia, PublicPost};
use crate::core::lock;
use crate::core::origin::Origin;
use crate::meta::asked::Asked;
use crate::meta::error::GraphError;
use crate::meta::logins::Page;

/// Longest text, in UTF-16 units.
const TEXT_MAX: usize = 63_206;

/// Refuses a text that is too long.
pub(super) fn check_text(text: &str) -> Result<(), GraphError> {
    if text.encode_utf16().count() > TEXT_MAX {
        return Err(GraphError::invalid("Name parameter too long"));
    }
    Ok(())
}

/// The path of a post's page on www.facebook.com.
pub(super) fn permalink(post: &Post) -> String {
    let number = post.id.rsplit('_').next().unwrap_or_default();
    let video = post.video.as_deref().unwrap_or_default();
    match post.kind {
        Kind::Status => format!("/{}/posts/{number}", post.page),
        Kind::Video => format!("/{}/videos/{video}/", post.page),
        Kind::Reel => format!("/reel/{video}/"),
        Kind::Story => format!("/stories/{}/{number}/", post.page),
    }
}

impl Facebook {
    /// A new post's row.
    pub(super) fn new_post(&self, page: &Page, kind: Kind, message: &str) -> Post {
        Post {
            id: format!("{}_{}", page.id, self.logins.new_id()),
            page: page.id.clone(),
            kind,
            message: message.to_owned(),
            link: None,
            photos: Vec::new(),
            video: None,
            visible_at: self.world.now(),
            deleted: false,
        }
    }

    /// Adds to `batch` that the post is there for everybody from `visible_at` on. What becomes
    /// public later, when its processing ends, cannot be stopped any more, so it stands in the
    /// ledger from now on.
    pub(super) fn make_public(
        &self,
        batch: &mut Batch<'_>,
        page: &Page,
        post: &Post,
        media: Vec<PublicMedia>,
        origin: &Origin,
    ) -> Result<(), GraphError> {
        batch.put(&self.posts, &post.id, post)?;
        let path = permalink(post);
        let extra = match (post.kind, &post.link) {
            (Kind::Reel, _) => json!({"reel": true}),
            (Kind::Story, _) => json!({"story": true}),
            (_, Some(link)) => json!({"link": link, "card": {"url": link, "title": link}}),
            _ => Value::Null,
        };
        let public = PublicPost {
            platform: PLATFORM.to_owned(),
            account: page.username.clone(),
            account_id: page.id.clone(),
            id: post.id.clone(),
            url: origin.url(PAGE_HOST, &path),
            page: format!("{PAGE_HOST}{path}"),
            text: post.message.clone(),
            media,
            reply_to: None,
            extra,
            created_at: post.visible_at.to_iso_millis(),
            deleted_at: None,
        };
        Ok(self.world.ledger.publish(batch, &public)?)
    }

    /// A photo of this Page that no post has used yet.
    pub(super) fn unused_photo(&self, page: &Page, id: &str) -> Result<Photo, GraphError> {
        let photo = self.photos.get(id).filter(|photo| photo.page == page.id);
        let photo = photo.ok_or_else(|| GraphError::unsupported("post", id))?;
        if photo.post.is_some() {
            let error = GraphError::new(100, "(#100) Invalid parameter").subcode(1_366_051);
            return Err(error.user("Photos already posted", "These photos were already posted."));
        }
        if photo.created_at + UNPUBLISHED_LIFE <= self.world.now() {
            return Err(GraphError::unsupported("post", id));
        }
        Ok(photo)
    }

    fn check_duplicate(&self, page: &Page, message: &str, link: Option<&str>) -> Result<(), GraphError> {
        let last = self.visible_posts(&page.id).into_iter().next();
        let is_same = last.is_some_and(|last| {
            last.kind == Kind::Status
                && last.photos.is_empty()
                && last.message == message
                && last.link.as_deref() == link
        });
        if !is_same {
            return Ok(());
        }
        let text = "This status update is identical to the last one you posted. Try posting something \
                    different, or delete your previous update.";
        Err(GraphError::new(506, "(#506) Duplicate status message").user("Duplicate Status Update", text))
    }
}

/// `POST /{page}/feed`
pub(super) fn create(facebook: &Facebook, asked: &Asked, id: &str) -> Result<Value, GraphError> {
    let request = &asked.request;
    let page = facebook.publishing(request, id, "pages_manage_posts")?;
    let message = request.get("message").unwrap_or_default().trim();
    check_text(message)?;
    let link = request.text("link");
    if let Some(link) = link {
        check_link(link)?;
    }
    let attached = request.list("attached_media");
    if message.is_empty() && link.is_none() && attached.is_empty() {
        return Err(GraphError::invalid("Missing message or attachment"));
    }
    let _one_at_a_time = lock(&facebook.logins.gate);
    let mut photos = Vec::new();
    for entry in &attached {
        let photo = entry.get("media_fbid").and_then(Value::as_str).unwrap_or_default();
        photos.push(facebook.unused_photo(&page, photo)?);
    }
    if photos.is_empty() {
        facebook.check_duplicate(&page, message, link)?;
    }
    let mut post = facebook.new_post(&page, Kind::Status, message);
    post.link = link.filter(|_| photos.is_empty()).map(str::to_owned);
    post.photos = photos.iter().map(|photo| photo.id.clone()).collect();
    let mut batch = facebook.world.journal.batch();
    for photo in &mut photos {
        photo.post = Some(post.id.clone());
        batch.put(&facebook.photos, &photo.id, photo)?;
    }
    if request.flag("published") == Some(false) {
        // A draft, or for later: nobody sees it.
        post.visible_at = domain::Timestamp::from_micros(i64::MAX);
        batch.put(&facebook.posts, &post.id, &post)?;
    } else {
        let media = photos.into_iter().map(|photo| photo.file).collect();
        facebook.make_public(&mut batch, &page, &post, media, &asked.origin)?;
    }
    batch.commit()?;
    nodes::show_post(facebook, asked, &post, "id")
}

fn check_link(link: &str) -> Result<(), GraphError> {
    let refuse = |subcode: i64, text: &str| {
        let error = GraphError::new(100, "(#100) Invalid parameter").subcode(subcode);
        Err(error.user("Can't use this link", text))
    };
    let url = Url::parse(link).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
    let Some(host) = url.as_ref().and_then(Url::host_str) else {
        return refuse(1_500, "The url you supplied is invalid");
    };
    if host == "facebook.com" || host.ends_with(".facebook.com") {
        return refuse(1_609_008, "Links to Facebook cannot be posted this way.");
    }
    // Nothing outside is asked; a name that by its standard never exists cannot be read.
    if host.ends_with(".invalid") {
        return refuse(1_609_005, "The link could not be scraped.");
    }
    Ok(())
}
