//! Photos: from an address or as a file, published at once or kept for a post or story.

use bytes::Bytes;
use serde_json::{Value, json};

use super::feed::check_text;
use super::state::{Facebook, Kind, Photo};
use crate::core::fetch::fetch;
use crate::core::ledger::PublicMedia;
use crate::core::lock;
use crate::core::page::sniff;
use crate::meta::asked::Asked;
use crate::meta::error::GraphError;

const MAX_BYTES: u64 = 4_194_304;
/// How Meta's fetcher introduces itself.
pub(super) const FETCHER: &str = "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)";

/// The media type of a picture that Facebook takes.
fn picture_type(bytes: &[u8]) -> Option<&'static str> {
    match sniff(bytes) {
        kind @ ("image/png" | "image/jpeg" | "image/gif") => Some(kind),
        _ if bytes.starts_with(b"BM") => Some("image/bmp"),
        _ if bytes.starts_with(b"II*\0") || bytes.starts_with(b"MM\0*") => Some("image/tiff"),
        _ => None,
    }
}

async fn file_of(asked: &Asked) -> Result<Bytes, GraphError> {
    if let Some(file) = asked.request.file("source") {
        return Ok(file.clone());
    }
    let Some(url) = asked.request.text("url") else {
        return Err(GraphError::new(324, "(#324) Missing or invalid image file"));
    };
    fetch(url, FETCHER, MAX_BYTES).await.map_err(|why| {
        let error = GraphError::new(324, "(#324) Missing or invalid image file").subcode(2_069_019);
        error.user("Unable to fetch the file", &format!("The file could not be fetched: {why}."))
    })
}

/// `POST /{page}/photos`
pub(super) async fn create(facebook: &Facebook, asked: &Asked, id: &str) -> Result<Value, GraphError> {
    let request = &asked.request;
    let page = facebook.publishing(request, id, "pages_manage_posts")?;
    let caption = request.get("caption").or(request.get("message")).unwrap_or_default().trim();
    check_text(caption)?;
    let bytes = file_of(asked).await?;
    let kind = picture_type(&bytes).filter(|_| bytes.len() as u64 <= MAX_BYTES).ok_or_else(|| {
        let text = "Your photos couldn't be uploaded. Photos should be less than 4 MB and saved as JPG, PNG, \
                    GIF, TIFF, HEIF or WebP files.";
        GraphError::new(324, "(#324) Missing or invalid image file")
            .subcode(1_366_046)
            .user("Can't Read Files", text)
    })?;
    if facebook.world.faults.take_processing_failure(super::PLATFORM) {
        return Err(GraphError::new(324, "(#324) Missing or invalid image file"));
    }
    let _one_at_a_time = lock(&facebook.logins.gate);
    let mut photo = Photo {
        id: facebook.logins.new_id(),
        page: page.id.clone(),
        file: PublicMedia {
            media_type: kind.to_owned(),
            sha256: facebook.world.blobs.put(&bytes)?,
            size_bytes: bytes.len() as u64,
            alt: request.text("alt_text_custom").map(str::to_owned),
        },
        caption: caption.to_owned(),
        created_at: facebook.world.now(),
        post: None,
    };
    let mut batch = facebook.world.journal.batch();
    if request.flag("published") == Some(false) {
        batch.put(&facebook.photos, &photo.id, &photo)?;
        batch.commit()?;
        return Ok(json!({"id": photo.id}));
    }
    let mut post = facebook.new_post(&page, Kind::Status, caption);
    post.photos = vec![photo.id.clone()];
    photo.post = Some(post.id.clone());
    batch.put(&facebook.photos, &photo.id, &photo)?;
    facebook.make_public(&mut batch, &page, &post, vec![photo.file.clone()], &asked.origin)?;
    batch.commit()?;
    Ok(json!({"id": photo.id, "post_id": post.id}))
}
