//! The first of the three steps of an upload: an item that waits for its bytes.

use ::media::Kind;
use domain::{PlatformName, Span};
use net::{Clock as _, SystemClock};
use store::BeginMedia;
use url::Url;

use super::{
    MediaView, awaited, internal, kind_of, most_bytes, over_quota, plain_type, stored_size, too_large, view,
};
use crate::{App, AppError, Caller, limits};

/// How long after the first step the bytes may begin to come.
const URL_GOOD_FOR: Span = Span::from_minutes(15);

/// A file that is to be uploaded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewUpload {
    /// Its name.
    pub filename: String,
    /// Its MIME type.
    pub content_type: String,
    /// Its size in bytes.
    pub size_bytes: u64,
    /// The platforms that it is meant for.
    pub platforms: Vec<String>,
}

/// What takes the bytes of an upload.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UploadTarget {
    /// A path on this server, which takes raw bodies and forms.
    Here(String),
    /// An address of the bucket, which takes a raw body of exactly the declared size.
    Bucket(Url),
}

/// Where the bytes go.
#[derive(Clone, Debug, PartialEq)]
pub struct BegunUpload {
    /// The item.
    pub view: MediaView,
    /// What takes the bytes, without a key.
    pub target: UploadTarget,
    /// How long it does.
    pub good_for: Span,
    /// The largest file of this kind.
    pub max_bytes: u64,
    /// Whether a multipart form is expected; this server takes a raw body as well.
    pub by_form: bool,
}

/// Makes an item that waits for its bytes.
///
/// # Errors
/// When the type is none that is taken, the file too large, or the library full.
pub async fn begin(app: &App, caller: &Caller, new: NewUpload) -> Result<BegunUpload, AppError> {
    for name in &new.platforms {
        if app.registry.spec(&PlatformName::from_text(name)).is_none() {
            let shown: String = name.chars().take(50).collect();
            return Err(AppError::validation("platforms", format!("platforms: \"{shown}\" is no platform.")));
        }
    }
    let begun = begin_by(app, caller, &new, "put").await?;
    let (organization, now) = (caller.organization_id, app.clock.now());
    // The bucket goes by the machine's time, whatever time this server lives in.
    let (name, size, machine) = (begun.id.to_string(), begun.size_bytes, SystemClock.now());
    let address = app.media.upload_address(&name, size, machine, URL_GOOD_FOR).await.map_err(internal)?;
    let token = app.store.upload_token(organization, begun.id, now + URL_GOOD_FOR);
    let kind = kind_of(&begun.content_type).unwrap_or(Kind::Image);
    Ok(BegunUpload {
        by_form: kind == Kind::Image && address.is_none(),
        target: address.map_or_else(|| UploadTarget::Here(format!("/uploads/{token}")), UploadTarget::Bucket),
        good_for: URL_GOOD_FOR,
        max_bytes: most_bytes(&app.media_limits, kind),
        view: begun,
    })
}

/// The same for bytes that come in another way.
pub(super) async fn begin_by(
    app: &App,
    caller: &Caller,
    new: &NewUpload,
    arrives_by: &str,
) -> Result<MediaView, AppError> {
    let content_type = plain_type(&new.content_type);
    let Some(kind) = kind_of(&content_type) else {
        let known = super::CONTENT_TYPES.join(", ");
        return Err(AppError::validation("content_type", format!("content_type must be one of {known}.")));
    };
    if new.size_bytes == 0 {
        return Err(AppError::validation("size", "size must be 1 at least: an empty file is of no use."));
    }
    let most = most_bytes(&app.media_limits, kind);
    if new.size_bytes > most {
        return Err(too_large(kind, most));
    }
    let mut row = awaited(app, caller.workspace_id, &new.filename, &content_type, kind);
    row.size_bytes = stored_size(new.size_bytes);
    arrives_by.clone_into(&mut row.arrives_by);
    let quota = limits::of_caller(app, caller).storage_bytes;
    match app.store.begin_media(caller.organization_id, row.clone(), None, quota).await? {
        BeginMedia::Begun => Ok(view(app, caller.organization_id, row)),
        BeginMedia::OverQuota(used) => Err(over_quota(used, quota)),
    }
}
