//! What a server takes: read from the server itself, since every one has limits of its own.

use connector::{Failure, MediaKind, Publication};
use domain::text::{CountingRule, length};
use domain::{Class, Timestamp};
use http::Method;
use serde::{Deserialize, Serialize};

use super::errors::classify;
use super::fields::{self, Poll};
use super::server::{self, Server};
use super::wire::Instance;
use super::{NAME, media};

/// A server's limits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// The longest status with its content warning.
    pub characters: u32,
    /// The most files of a status.
    pub files: usize,
    /// The MIME types it takes; empty if it does not say.
    #[serde(default)]
    pub formats: Vec<String>,
    /// The longest description of a file.
    pub description: u32,
    /// The largest image.
    pub image_bytes: u64,
    /// The largest video.
    pub video_bytes: u64,
    /// The most options of a poll.
    pub poll_options: usize,
    /// The longest option.
    pub poll_characters: u32,
    /// The shortest and the longest time for which a poll is open, in seconds.
    pub poll_seconds: (u64, u64),
    /// Whether it is Mastodon itself, which remembers the keys of statuses.
    #[serde(default)]
    pub remembers_keys: bool,
}

impl Limits {
    /// The limits that `instance` tells; Mastodon's usual ones where it does not.
    pub(super) fn told_by(instance: &Instance) -> Self {
        let told = &instance.configuration;
        Self {
            characters: told.statuses.max_characters.or(instance.max_toot_chars).unwrap_or(500),
            files: told.statuses.max_media_attachments.unwrap_or(4),
            formats: told.media_attachments.supported_mime_types.clone(),
            description: told.media_attachments.description_limit.unwrap_or(1_500),
            image_bytes: told.media_attachments.image_size_limit.unwrap_or(16_777_216),
            video_bytes: told.media_attachments.video_size_limit.unwrap_or(103_809_024),
            poll_options: told.polls.max_options.unwrap_or(4),
            poll_characters: told.polls.max_characters_per_option.unwrap_or(50),
            poll_seconds: (
                told.polls.min_expiration.unwrap_or(300),
                told.polls.max_expiration.unwrap_or(2_629_746),
            ),
            remembers_keys: instance.api_versions.mastodon.is_some(),
        }
    }
}

/// Asks a server what it is and takes. Old ones know only the first form of the question.
pub(super) async fn ask(http: &net::Client, server: &Server, now: Timestamp) -> Result<Instance, Failure> {
    let send = async |path| {
        let request = server.request(Method::GET, path, &[])?;
        http.send(request).await.map_err(|error| Failure::unanswered(NAME, error))
    };
    let mut answer = send("/api/v2/instance").await?;
    if matches!(answer.status, 404 | 405) {
        answer = send("/api/v1/instance").await?;
    }
    if !answer.is_success() {
        return Err(classify(&answer, now));
    }
    server::read(&answer)
}

/// Refuses what the server would refuse, before anything is sent.
pub(super) fn check(to: &Publication, limits: &Limits) -> Result<(), Failure> {
    let refuse = |class, public: String| Err(Failure::before_sending(class, public));
    let warning = to.settings.text(fields::SPOILER).map_or(0, |text| {
        // Links in it count in full (source of Mastodon, `StatusLengthValidator`).
        length(CountingRule::Graphemes, text)
    });
    for (index, text) in std::iter::once(&to.text).chain(&to.thread).enumerate() {
        let (length, allowed) = (count(text) + warning, limits.characters);
        if length > allowed {
            let part = if index == 0 { "The text".to_owned() } else { format!("Part {}", index + 1) };
            let public = format!(
                "{part} has {length} characters with its content warning; the account's server allows {allowed}."
            );
            return refuse(Class::ContentRejected, public);
        }
    }
    files(to, limits)?;
    match Poll::of(&to.settings)? {
        Some(_) if !to.media.is_empty() => {
            refuse(Class::ContentRejected, format!("A {NAME} post has a poll or media, not both."))
        }
        Some(poll) => poll.check(limits),
        None => Ok(()),
    }
}

fn files(to: &Publication, limits: &Limits) -> Result<(), Failure> {
    let refuse = |class, public: String| Err(Failure::before_sending(class, public));
    let has_video = to.media.iter().any(|item| item.kind == MediaKind::Video);
    if has_video && to.media.len() > 1 {
        return refuse(Class::ContentRejected, format!("A {NAME} post takes images or one video, not both."));
    }
    if to.media.len() > limits.files {
        let public = format!("The account's server takes at most {} files in a post.", limits.files);
        return refuse(Class::ContentRejected, public);
    }
    for (index, item) in to.media.iter().enumerate() {
        let name = &item.filename;
        let max_bytes = match item.kind {
            MediaKind::Image => limits.image_bytes,
            MediaKind::Video => limits.video_bytes,
            MediaKind::Document => {
                return refuse(Class::MediaFailed, format!("{name} is a document; {NAME} takes none."));
            }
        };
        if item.size_bytes > max_bytes {
            let public = format!(
                "{name} has {} bytes and the account's server takes up to {max_bytes}; make it smaller.",
                item.size_bytes
            );
            return refuse(Class::MediaFailed, public);
        }
        if !limits.formats.is_empty() && !limits.formats.contains(&item.content_type) {
            let public =
                format!("{name} is {}, which the account's server does not take.", item.content_type);
            return refuse(Class::MediaFailed, public);
        }
        let described = media::alt_text(to, index).map_or(0, |text| length(CountingRule::CodePoints, text));
        if described > limits.description {
            let public = format!(
                "The description of {name} has {described} characters; the account's server allows {}.",
                limits.description
            );
            return refuse(Class::ContentRejected, public);
        }
    }
    Ok(())
}

fn count(text: impl AsRef<str>) -> u32 {
    length(CountingRule::MastodonUrl23, text.as_ref())
}
