//! Requests and answers of the Posts API and of those for images, videos and documents. Unknown fields are ignored.

use connector::Identity;
use serde::{Deserialize, Serialize};

/// `POST /rest/posts`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct NewPost<'a> {
    pub(super) author: &'a str,
    pub(super) commentary: String,
    pub(super) visibility: &'a str,
    pub(super) distribution: Distribution,
    pub(super) lifecycle_state: &'static str,
    pub(super) is_reshare_disabled_by_author: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) content: Option<Content<'a>>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Distribution {
    #[serde(rename = "feedDistribution")]
    pub(super) feed: &'static str,
    pub(super) target_entities: [(); 0],
    #[serde(rename = "thirdPartyDistributionChannels")]
    pub(super) third_party_channels: [(); 0],
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) enum Content<'a> {
    Media(File<'a>),
    MultiImage { images: Vec<File<'a>> },
    Article { source: &'a str, title: &'a str, description: &'a str },
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct File<'a> {
    pub(super) id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) title: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) alt_text: Option<&'a str>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Value<T> {
    pub(super) value: T,
}

/// Where an image or a document goes.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct FileUpload {
    pub(super) upload_url: String,
    #[serde(alias = "image", alias = "document")]
    pub(super) urn: String,
}

/// Where a video goes.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct VideoUpload {
    pub(super) video: String,
    #[serde(default)]
    pub(super) upload_token: String,
    pub(super) upload_instructions: Vec<PartUpload>,
}

/// Where a part of it goes.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct PartUpload {
    pub(super) first_byte: u64,
    pub(super) last_byte: u64,
    pub(super) upload_url: String,
}

/// How far a video is.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Video {
    pub(super) status: String,
    pub(super) processing_failure_reason: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Elements {
    #[serde(default)]
    pub(super) elements: Vec<Post>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Post {
    pub(super) id: String,
    #[serde(default)]
    pub(super) commentary: String,
    /// Milliseconds since the epoch.
    pub(super) created_at: Option<i64>,
    /// Milliseconds since the epoch.
    pub(super) last_modified_at: Option<i64>,
    #[serde(default)]
    pub(super) content: PostContent,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct PostContent {
    pub(super) media: Option<PostImage>,
    pub(super) multi_image: PostImages,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct PostImages {
    pub(super) images: Vec<PostImage>,
}

#[derive(Debug, Deserialize)]
pub(super) struct PostImage {
    pub(super) id: String,
}

impl PostContent {
    /// The images, in order.
    pub(super) fn image_ids(&self) -> impl Iterator<Item = &String> {
        self.media.iter().chain(&self.multi_image.images).map(|image| &image.id)
    }
}

#[derive(Debug, Deserialize)]
pub(super) struct UserInfo {
    pub(super) sub: String,
    pub(super) name: Option<String>,
    pub(super) picture: Option<String>,
}

impl UserInfo {
    pub(super) fn into_identity(self) -> Identity {
        Identity {
            display_name: self.name.unwrap_or_else(|| self.sub.clone()),
            platform_user_id: self.sub,
            username: None,
            avatar_url: self.picture,
            premium: false,
            service_url: None,
        }
    }
}

/// `GET /v2/me`
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct BasicProfile {
    pub(super) id: String,
    #[serde(default)]
    pub(super) localized_first_name: String,
    #[serde(default)]
    pub(super) localized_last_name: String,
}

/// `GET /rest/organizationAcls`
#[derive(Debug, Deserialize)]
pub(super) struct Acls {
    #[serde(default)]
    pub(super) elements: Vec<Acl>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Acl {
    pub(super) role: String,
    pub(super) organization: String,
}

/// `GET /rest/organizations/{id}`
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct OrganizationProfile {
    pub(super) localized_name: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Tokens {
    pub(super) access_token: String,
    pub(super) expires_in: Option<i64>,
    pub(super) refresh_token: Option<String>,
    pub(super) refresh_token_expires_in: Option<i64>,
    pub(super) scope: Option<String>,
}

/// Either of the shapes that errors come in.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Problem {
    pub(super) service_error_code: i64,
    pub(super) code: String,
    pub(super) message: String,
    pub(super) error_details: ErrorDetails,
    pub(super) error: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct ErrorDetails {
    pub(super) input_errors: Vec<InputError>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct InputError {
    pub(super) code: String,
    pub(super) description: String,
}
