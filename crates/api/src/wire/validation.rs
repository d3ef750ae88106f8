//! What would become of a post, on the wire.

use app::ValidationError;
use app::posts::{
    MediaAction as Action, ValidatedDestination as Destination, ValidatedMedia as Media, Validation,
};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// What would become of a post.
#[derive(Serialize, ToSchema)]
pub(crate) struct ValidatedPost {
    /// Whether `POST /posts` would take it.
    valid: bool,
    /// Account by account.
    destinations: Vec<ValidatedDestination>,
}

/// What would become of a post on one account.
#[derive(Serialize, ToSchema)]
pub(crate) struct ValidatedDestination {
    account_id: i64,
    account_name: String,
    platform: String,
    /// Whether its platform would take it, as far as that is certain.
    valid: bool,
    /// Why its platform would refuse it.
    errors: Vec<ValidationEntry>,
    /// What would go out otherwise than asked, in sentences.
    warnings: Vec<String>,
    /// How long the text is, as the platform counts.
    length: u32,
    /// How long it may be on this account.
    limit: u32,
    /// The media, in order.
    media: Vec<ValidatedMedia>,
}

/// One reason why a platform would refuse a post.
#[derive(Serialize, ToSchema)]
pub(crate) struct ValidationEntry {
    platform: String,
    account_id: i64,
    /// The field's name in the request.
    field: String,
    /// Stable, snake_case.
    code: &'static str,
    /// For people.
    message: String,
}

/// What would become of a media file on one account.
#[derive(Serialize, ToSchema)]
pub(crate) struct ValidatedMedia {
    media_id: Uuid,
    id: Uuid,
    #[schema(value_type = MediaAction)]
    action: &'static str,
    /// How it is converted, or why not, in a sentence.
    #[schema(required)]
    note: Option<String>,
}

/// What is done to a media file.
#[derive(ToSchema)]
#[expect(dead_code, reason = "names the values for the document")]
#[schema(rename_all = "snake_case")]
pub(crate) enum MediaAction {
    /// It goes out as it is, byte for byte.
    Untouched,
    /// A copy is made that the platform takes.
    Convert,
    /// Nothing that the platform takes can be made of it.
    Refused,
}

impl From<&Validation> for ValidatedPost {
    fn from(found: &Validation) -> Self {
        Self {
            valid: found.is_valid(),
            destinations: found.destinations.iter().map(ValidatedDestination::from).collect(),
        }
    }
}

impl From<&Destination> for ValidatedDestination {
    fn from(found: &Destination) -> Self {
        Self {
            account_id: found.account_id.0,
            account_name: found.account_name.clone(),
            platform: found.platform.to_string(),
            valid: found.errors.is_empty(),
            errors: found.errors.iter().map(ValidationEntry::from).collect(),
            warnings: found.warnings.clone(),
            length: found.length,
            limit: found.limit,
            media: found.media.iter().map(ValidatedMedia::from).collect(),
        }
    }
}

impl From<&ValidationError> for ValidationEntry {
    fn from(error: &ValidationError) -> Self {
        Self {
            platform: error.platform.to_string(),
            account_id: error.account_id.0,
            field: error.field.clone(),
            code: error.code,
            message: error.message.clone(),
        }
    }
}

impl From<&Media> for ValidatedMedia {
    fn from(media: &Media) -> Self {
        let action: Action = media.action;
        Self {
            media_id: media.media_id.0,
            id: media.media_id.0,
            action: action.as_str(),
            note: media.note.clone(),
        }
    }
}
