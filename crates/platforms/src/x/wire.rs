//! Requests and answers of the API v2. Unknown fields are ignored, missing ones are errors.

use connector::Identity;
use serde::{Deserialize, Serialize};

/// `POST /2/tweets`. The platform refuses fields it does not know.
#[derive(Debug, Default, Serialize)]
pub(super) struct NewPost<'a> {
    pub(super) text: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) media: Option<NewPostMedia<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) reply: Option<Reply<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) reply_settings: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) community_id: Option<String>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(super) made_with_ai: bool,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(super) paid_partnership: bool,
}

#[derive(Debug, Serialize)]
pub(super) struct NewPostMedia<'a> {
    pub(super) media_ids: &'a [String],
}

#[derive(Debug, Serialize)]
pub(super) struct Reply<'a> {
    pub(super) in_reply_to_tweet_id: &'a str,
}

#[derive(Debug, Serialize)]
pub(super) struct InitializeUpload<'a> {
    pub(super) media_type: &'a str,
    pub(super) total_bytes: u64,
    pub(super) media_category: &'static str,
}

/// Most answers: `{"data": …}`.
#[derive(Debug, Deserialize)]
pub(super) struct Data<T> {
    pub(super) data: T,
}

#[derive(Debug, Deserialize)]
pub(super) struct Id {
    pub(super) id: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct Media {
    pub(super) processing_info: Option<Processing>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Processing {
    pub(super) state: String,
    pub(super) check_after_secs: Option<i64>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Timeline {
    /// Missing when there is nothing.
    #[serde(default)]
    pub(super) data: Vec<TimelinePost>,
    #[serde(default)]
    pub(super) meta: Meta,
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct Meta {
    /// Leads to the next page; missing on the last one.
    #[serde(default)]
    pub(super) next_token: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct TimelinePost {
    pub(super) id: String,
    pub(super) text: String,
    #[serde(default)]
    pub(super) entities: Entities,
    #[serde(default)]
    pub(super) referenced_tweets: Vec<Referenced>,
    #[serde(default)]
    pub(super) attachments: Attachments,
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct Attachments {
    #[serde(default)]
    pub(super) media_keys: Vec<String>,
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct Entities {
    #[serde(default)]
    pub(super) urls: Vec<UrlEntity>,
}

#[derive(Debug, Deserialize)]
pub(super) struct UrlEntity {
    pub(super) url: String,
    pub(super) expanded_url: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Referenced {
    #[serde(rename = "type")]
    pub(super) kind: String,
    pub(super) id: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct User {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) username: String,
    pub(super) profile_image_url: Option<String>,
    pub(super) subscription_type: Option<String>,
}

impl User {
    pub(super) fn into_identity(self) -> Identity {
        Identity {
            platform_user_id: self.id,
            display_name: self.name,
            username: Some(self.username),
            avatar_url: self.profile_image_url.map(|url| url.replace("_normal.", "_400x400.")),
            premium: self.subscription_type.is_some_and(|kind| kind != "None"),
            service_url: None,
        }
    }
}

#[derive(Debug, Deserialize)]
pub(super) struct Tokens {
    pub(super) access_token: String,
    pub(super) refresh_token: Option<String>,
    pub(super) expires_in: Option<i64>,
    pub(super) scope: Option<String>,
}

/// Any of the shapes that errors come in.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Problem {
    #[serde(default)]
    pub(super) title: String,
    #[serde(default)]
    pub(super) detail: String,
    #[serde(default, rename = "type")]
    pub(super) kind: String,
    #[serde(default)]
    pub(super) reason: String,
    #[serde(default)]
    pub(super) errors: Vec<ProblemItem>,
    #[serde(default)]
    pub(super) error: String,
    #[serde(default)]
    pub(super) error_description: String,
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct ProblemItem {
    #[serde(default)]
    pub(super) code: i64,
    #[serde(default)]
    pub(super) message: String,
}
