//! Requests and answers of the REST API. Unknown fields are ignored, missing ones are errors.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What a site says of itself.
#[derive(Debug, Deserialize)]
pub(super) struct Index {
    #[serde(default)]
    pub(super) name: String,
    #[serde(default)]
    pub(super) home: String,
    pub(super) namespaces: Vec<String>,
    /// An object, or an empty list.
    #[serde(default)]
    authentication: Value,
}

impl Index {
    /// Whether it is the index of a WordPress with posts.
    pub(super) fn has_posts(&self) -> bool {
        self.namespaces.iter().any(|name| name == "wp/v2")
    }

    /// Whether programs may sign in with a password of their own.
    pub(super) fn takes_application_passwords(&self) -> bool {
        self.authentication.get("application-passwords").is_some()
    }
}

/// The user that a password opens.
#[derive(Debug, Deserialize)]
pub(super) struct User {
    pub(super) id: u64,
    pub(super) username: String,
    /// An object, or an empty list.
    #[serde(default)]
    capabilities: Value,
    /// The same.
    #[serde(default)]
    avatar_urls: Value,
}

impl User {
    /// Whether it may do this.
    pub(super) fn may(&self, what: &str) -> bool {
        self.capabilities.get(what).and_then(Value::as_bool) == Some(true)
    }

    /// The largest picture.
    pub(super) fn avatar(&self) -> Option<String> {
        let sizes = self.avatar_urls.as_object()?;
        let largest = sizes.iter().max_by_key(|(size, _)| size.parse::<u32>().unwrap_or(0))?;
        largest.1.as_str().map(str::to_owned)
    }
}

/// A file of the library.
#[derive(Debug, Deserialize)]
pub(super) struct Media {
    pub(super) id: u64,
    pub(super) source_url: String,
}

/// What describes a file.
#[derive(Serialize)]
pub(super) struct Description<'a> {
    pub(super) alt_text: &'a str,
}

/// A tag or category.
#[derive(Debug, Deserialize)]
pub(super) struct Term {
    pub(super) id: u64,
    #[serde(default)]
    pub(super) name: String,
    #[serde(default)]
    pub(super) slug: String,
}

/// A tag to be made.
#[derive(Serialize)]
pub(super) struct NewTerm<'a> {
    pub(super) name: &'a str,
}

/// A post to be made.
#[derive(Serialize)]
pub(super) struct NewPost<'a> {
    pub(super) title: &'a str,
    pub(super) content: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) excerpt: Option<&'a str>,
    pub(super) slug: &'a str,
    pub(super) status: &'a str,
    #[serde(skip_serializing_if = "<[u64]>::is_empty")]
    pub(super) tags: &'a [u64],
    #[serde(skip_serializing_if = "<[u64]>::is_empty")]
    pub(super) categories: &'a [u64],
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) featured_media: Option<u64>,
}

/// A post of the site.
#[derive(Debug, Deserialize)]
pub(super) struct Post {
    pub(super) id: u64,
    pub(super) slug: String,
    pub(super) status: String,
    pub(super) link: String,
    pub(super) author: u64,
    /// When it was last changed, by the site's clock, without a zone.
    pub(super) modified_gmt: String,
}

/// An error.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Problem {
    pub(super) code: String,
    pub(super) message: String,
    data: Value,
}

impl Problem {
    /// The term that was there already.
    pub(super) fn term_id(&self) -> Option<u64> {
        self.data.get("term_id").and_then(Value::as_u64)
    }

    /// What is wrong with which parameter.
    pub(super) fn params(&self) -> BTreeMap<String, String> {
        let params = self.data.get("params").and_then(Value::as_object);
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        params.into_iter().flatten().map(|(name, value)| (name.clone(), text(value))).collect()
    }
}
