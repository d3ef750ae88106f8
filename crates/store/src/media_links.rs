//! Addresses under which whoever has no key fetches a media file, or sends one: signed, and with an
//! end. Must not know where this server is.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::{MediaId, OrganizationId, Span, Timestamp};

use crate::Store;

const VERSION: u8 = 1;
/// Version, organization, media id, end.
const SIGNED_BYTES: usize = 1 + 16 + 16 + 8;
const TOKEN_BYTES: usize = SIGNED_BYTES + 4 + 32;
/// Platforms fetch a file again hours after they were told of it.
const GOOD_FOR: Span = Span::from_hours(24);
/// Ends are rounded up to this, so that the same file has the same address for a while.
const ROUNDED_TO: Span = Span::from_hours(6);
const NAME_MAX: usize = 80;
const UPLOAD: &str = "media upload";
/// The last part of the address of a small picture.
pub const THUMBNAIL_NAME: &str = "thumbnail.jpg";

/// What of an item a link leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MediaPart {
    /// The file itself.
    File,
    /// The small picture of it.
    Thumbnail,
}

impl MediaPart {
    /// What a link is signed for: one to the picture does not open the file.
    const fn purpose(self) -> &'static str {
        match self {
            Self::File => "media link",
            Self::Thumbnail => "media thumbnail",
        }
    }
}

/// The file that a link leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LinkedMedia {
    /// The tenant.
    pub organization_id: OrganizationId,
    /// The item.
    pub media_id: MediaId,
    /// What of it.
    pub part: MediaPart,
    /// When the link ends.
    pub ends_at: Timestamp,
}

/// What the token of an upload says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UploadToken {
    /// The tenant.
    pub organization_id: OrganizationId,
    /// The item.
    pub media_id: MediaId,
    /// When no more uploads may begin.
    pub ends_at: Timestamp,
}

impl Store {
    /// The path of an item's file for whoever fetches it without a key, such as
    /// `/media/<token>/photo.jpg`. Good for 24 to 30 hours, and the same for up to six.
    pub fn media_path(
        &self,
        organization: OrganizationId,
        media: MediaId,
        filename: &str,
        now: Timestamp,
    ) -> String {
        let token = self.signed_token(MediaPart::File.purpose(), (organization, media), end(now));
        format!("/media/{token}/{}", link_name(filename))
    }

    /// The same for the small picture of an item.
    pub fn thumbnail_path(&self, organization: OrganizationId, media: MediaId, now: Timestamp) -> String {
        let token = self.signed_token(MediaPart::Thumbnail.purpose(), (organization, media), end(now));
        format!("/media/{token}/{THUMBNAIL_NAME}")
    }

    /// What the token of such a path leads to; `None` when it was not made here, was changed, or
    /// has ended.
    pub fn read_media_token(&self, token: &str, now: Timestamp) -> Option<LinkedMedia> {
        [MediaPart::File, MediaPart::Thumbnail].into_iter().find_map(|part| {
            let (organization_id, media_id, ends_at) = self.read_token(part.purpose(), token)?;
            (now < ends_at).then_some(LinkedMedia { organization_id, media_id, part, ends_at })
        })
    }

    /// A token with which the bytes of an item may be sent until then.
    pub fn upload_token(&self, organization: OrganizationId, media: MediaId, ends_at: Timestamp) -> String {
        self.signed_token(UPLOAD, (organization, media), ends_at)
    }

    /// What such a token says, also when it has ended; `None` when it was not made here.
    pub fn read_upload_token(&self, token: &str) -> Option<UploadToken> {
        let (organization_id, media_id, ends_at) = self.read_token(UPLOAD, token)?;
        Some(UploadToken { organization_id, media_id, ends_at })
    }

    fn signed_token(
        &self,
        purpose: &str,
        (organization, media): (OrganizationId, MediaId),
        ends_at: Timestamp,
    ) -> String {
        let signed = signed_bytes(organization, media, ends_at);
        let (number, signature) = self.keyring.sign(purpose, &signed);
        let mut token = Vec::with_capacity(TOKEN_BYTES);
        token.extend_from_slice(&signed);
        token.extend_from_slice(&number.to_be_bytes());
        token.extend_from_slice(&signature);
        URL_SAFE_NO_PAD.encode(token)
    }

    fn read_token(&self, purpose: &str, token: &str) -> Option<(OrganizationId, MediaId, Timestamp)> {
        let bytes = URL_SAFE_NO_PAD.decode(token).ok().filter(|bytes| bytes.len() == TOKEN_BYTES)?;
        let (signed, rest) = bytes.split_first_chunk::<SIGNED_BYTES>()?;
        let (number, signature) = rest.split_first_chunk::<4>()?;
        if !self.keyring.is_signed(u32::from_be_bytes(*number), purpose, signed, signature) {
            return None;
        }
        let (version, rest) = signed.split_first()?;
        let (organization, rest) = rest.split_first_chunk::<16>()?;
        let (media, rest) = rest.split_first_chunk::<16>()?;
        let ends_at = Timestamp::from_seconds(i64::from_be_bytes(*rest.first_chunk::<8>()?));
        let ids =
            (OrganizationId(uuid::Uuid::from_bytes(*organization)), MediaId(uuid::Uuid::from_bytes(*media)));
        (*version == VERSION).then_some((ids.0, ids.1, ends_at))
    }
}

/// A file's name as the last part of an address: nothing in it needs an escape, and its ending stays.
pub fn link_name(filename: &str) -> String {
    let plain = |letter: char| {
        if letter.is_ascii_alphanumeric() || matches!(letter, '.' | '-' | '_') { letter } else { '-' }
    };
    let name: Vec<char> = filename.chars().map(plain).collect();
    let name: String = name.iter().skip(name.len().saturating_sub(NAME_MAX)).collect();
    let name = name.trim_matches(['.', '-']);
    if name.is_empty() { "file".to_owned() } else { name.to_owned() }
}

fn end(now: Timestamp) -> Timestamp {
    let step = ROUNDED_TO.as_seconds_ceil();
    let earliest = (now + GOOD_FOR).as_seconds();
    Timestamp::from_seconds((earliest.div_euclid(step) + 1) * step)
}

fn signed_bytes(organization: OrganizationId, media: MediaId, ends_at: Timestamp) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(SIGNED_BYTES);
    bytes.push(VERSION);
    bytes.extend_from_slice(organization.0.as_bytes());
    bytes.extend_from_slice(media.0.as_bytes());
    bytes.extend_from_slice(&ends_at.as_seconds().to_be_bytes());
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_lasts_a_day_at_least_and_is_the_same_within_six_hours() {
        let noon = Timestamp::from_seconds(1_800_014_400);
        assert_eq!(end(noon), end(noon + Span::from_minutes(359)));
        assert_ne!(end(noon), end(noon + Span::from_hours(6)));
        for minutes in [0, 1, 200, 359] {
            let now = noon + Span::from_minutes(minutes);
            let life = end(now).since(now);
            assert!(life > GOOD_FOR && life <= Span::from_hours(30), "{minutes}");
        }
    }

    #[test]
    fn a_name_needs_no_escape_and_keeps_its_ending() {
        assert_eq!(link_name("Łódź 1.jpg"), "d--1.jpg");
        assert_eq!(link_name("../../etc/passwd"), "etc-passwd");
        assert_eq!(link_name("?#%"), "file");
        let long = link_name(&format!("{}.mp4", "a".repeat(300)));
        assert_eq!(long, format!("{}.mp4", "a".repeat(76)));
    }
}
