//! Library items on the wire. Documents and clients call the same things by different names, so an
//! item carries all of them.

use app::media::MediaView;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::Pagination;

/// Where an item stands.
#[derive(ToSchema)]
#[expect(dead_code, reason = "names the values for the document")]
#[schema(rename_all = "snake_case")]
pub(crate) enum MediaStatus {
    /// Its bytes are not there yet.
    Uploading,
    /// Its bytes are there, and something is left to do.
    Processing,
    /// It can be attached to a post.
    Ready,
    /// It cannot be used; `error_message` says why.
    Failed,
}

/// What a file is.
#[derive(ToSchema)]
#[expect(dead_code, reason = "names the values for the document")]
#[schema(rename_all = "snake_case")]
pub(crate) enum MediaKind {
    /// An image.
    Image,
    /// A video.
    Video,
    /// A PDF document.
    Document,
}

/// Width and height in pixels.
#[derive(Clone, Copy, Serialize, ToSchema)]
pub(crate) struct Dimensions {
    width: u32,
    height: u32,
}

/// A library item.
#[derive(Serialize, ToSchema)]
pub(crate) struct Media {
    media_id: Uuid,
    /// The same.
    id: Uuid,
    /// The same in a list, as posts take it.
    media_ids: [Uuid; 1],
    #[schema(value_type = MediaStatus)]
    status: &'static str,
    /// The same.
    #[schema(value_type = MediaStatus)]
    media_status: &'static str,
    /// The same.
    #[schema(value_type = MediaStatus)]
    upload_status: &'static str,
    #[serde(rename = "type")]
    #[schema(value_type = MediaKind)]
    kind: &'static str,
    /// The same.
    #[schema(value_type = MediaKind)]
    media_type: &'static str,
    filename: String,
    /// The same.
    original_name: String,
    content_type: String,
    /// The same.
    mime_type: String,
    /// Bytes; null while it is not known.
    #[schema(required)]
    size: Option<u64>,
    /// The same.
    #[schema(required)]
    file_size: Option<u64>,
    #[schema(required)]
    width: Option<u32>,
    #[schema(required)]
    height: Option<u32>,
    #[schema(required)]
    dimensions: Option<Dimensions>,
    /// Seconds, of a video.
    #[schema(required)]
    duration: Option<f64>,
    /// Width divided by height.
    #[schema(required)]
    aspect_ratio: Option<f64>,
    /// `landscape`, `portrait` or `square`.
    #[schema(required)]
    orientation: Option<&'static str>,
    /// Where the file can be fetched without a key, for a day from now; null until it is ready.
    #[schema(required)]
    url: Option<String>,
    /// The same for a small picture of it.
    #[schema(required)]
    thumbnail_url: Option<String>,
    /// Why it failed.
    #[schema(required)]
    error_message: Option<String>,
    /// Where it was fetched from.
    #[schema(required)]
    source_url: Option<String>,
    #[schema(format = DateTime)]
    created_at: String,
}

impl Media {
    /// The item on the server whose address is `base_url`.
    pub(crate) fn new(view: &MediaView, base_url: &str) -> Self {
        let size = Some(view.size_bytes).filter(|size| *size > 0);
        let dimensions = view.width.zip(view.height).map(|(width, height)| Dimensions { width, height });
        let address = |path: &Option<String>| path.as_ref().map(|path| format!("{base_url}{path}"));
        Self {
            media_id: view.id.0,
            id: view.id.0,
            media_ids: [view.id.0],
            status: view.status,
            media_status: view.status,
            upload_status: view.status,
            kind: view.kind,
            media_type: view.kind,
            filename: view.filename.clone(),
            original_name: view.filename.clone(),
            content_type: view.content_type.clone(),
            mime_type: view.content_type.clone(),
            size,
            file_size: size,
            width: view.width,
            height: view.height,
            dimensions,
            duration: view.seconds,
            aspect_ratio: dimensions.and_then(aspect_ratio),
            orientation: dimensions.map(orientation),
            url: address(&view.path),
            thumbnail_url: address(&view.thumbnail_path),
            error_message: view.error_message.clone(),
            source_url: view.source_url.clone(),
            created_at: view.created_at.to_iso_millis(),
        }
    }
}

/// To four digits.
fn aspect_ratio(Dimensions { width, height }: Dimensions) -> Option<f64> {
    (height > 0).then(|| (f64::from(width) / f64::from(height) * 10_000.0).round() / 10_000.0)
}

fn orientation(Dimensions { width, height }: Dimensions) -> &'static str {
    match width.cmp(&height) {
        std::cmp::Ordering::Greater => "landscape",
        std::cmp::Ordering::Less => "portrait",
        std::cmp::Ordering::Equal => "square",
    }
}

/// How the bytes are to be sent. A raw PUT and a form are both taken, whatever this says.
#[derive(Serialize, ToSchema)]
pub(crate) struct UploadMethod {
    pub(crate) method: &'static str,
    pub(crate) content_type: String,
    /// The field of the form that holds the file; null for a raw body.
    #[schema(required)]
    pub(crate) field_name: Option<&'static str>,
}

/// Where the bytes go.
#[derive(Serialize, ToSchema)]
pub(crate) struct BegunUpload {
    pub(crate) media_id: Uuid,
    /// The same.
    pub(crate) id: Uuid,
    /// The same in a list.
    pub(crate) media_ids: [Uuid; 1],
    #[schema(value_type = MediaStatus)]
    pub(crate) status: &'static str,
    /// The same.
    #[schema(value_type = MediaStatus)]
    pub(crate) media_status: &'static str,
    /// Takes the bytes without a key: as a raw PUT, or as a form by POST with the field `file`.
    pub(crate) upload_url: String,
    pub(crate) upload_method: UploadMethod,
    pub(crate) provider: &'static str,
    pub(crate) protocol: String,
    /// Seconds within which the bytes have to begin to come.
    pub(crate) expires_in: i64,
    /// The largest file of this kind, in bytes.
    pub(crate) max_size: u64,
    pub(crate) next_step: String,
}

/// An upload that was completed.
#[derive(Serialize, ToSchema)]
pub(crate) struct CompletedUpload {
    #[serde(flatten)]
    pub(crate) media: Media,
    pub(crate) message: String,
    pub(crate) next_step: String,
}

/// An item that was or is being fetched from an address.
#[derive(Serialize, ToSchema)]
pub(crate) struct ImportedMedia {
    #[serde(flatten)]
    pub(crate) media: Media,
    pub(crate) next_step: String,
}

/// A page of the library.
#[derive(Serialize, ToSchema)]
pub(crate) struct MediaList {
    pub(crate) items: Vec<Media>,
    /// The same.
    pub(crate) media: Vec<Media>,
    /// The ids in the same order.
    pub(crate) media_ids: Vec<Uuid>,
    pub(crate) pagination: Pagination,
    pub(crate) total: u64,
}

/// Media that was deleted.
#[derive(Serialize, ToSchema)]
pub(crate) struct DeletedMedia {
    pub(crate) media_id: Uuid,
    /// The same.
    pub(crate) id: Uuid,
    pub(crate) deleted: bool,
    pub(crate) message: &'static str,
}

/// What to do next with an item.
pub(crate) fn next_step(view: &MediaView) -> String {
    let id = view.id;
    match view.status {
        "ready" => format!("Media is ready. Pass \"media_ids\": [\"{id}\"] to POST /v1/posts."),
        "failed" => "This media cannot be used; error_message says why. Begin a new upload.".to_owned(),
        _ => format!("Poll GET /v1/media/{id} until its status is \"ready\"."),
    }
}
