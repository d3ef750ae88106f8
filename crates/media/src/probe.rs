//! What a file is, by its content and never by its name or by what its sender says of it. Must not
//! know what is done with it.

mod boxes;
mod exif;
mod gif;
mod heic;
mod jpeg;
mod mp4;
mod pdf;
mod picture;
mod png;
mod sniff;
mod webp;

use std::path::Path;

use serde::{Deserialize, Deserializer, Serialize, de};
use tokio::io::AsyncReadExt as _;

use crate::{MediaError, Tools};
use sniff::Format;

pub(crate) use exif::turn;
pub(crate) use heic::to_jpeg as heic_to_jpeg;
pub(crate) use mp4::{probe as mp4_probe, without_location as mp4_without_location};
pub(crate) use picture::{Pixels, decode_for_copy, whole_file};

/// The most megapixels that are decoded: the photos of today's phones have 108, and 200 take half a
/// gigabyte.
pub const MAX_MEGAPIXELS: u64 = 120;
/// As many first bytes tell every type that is known.
const HEAD_BYTES: u64 = 4_096;

/// What a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A still image or an animated one.
    Image,
    /// A video.
    Video,
    /// A document.
    Document,
}

impl Kind {
    /// The kind as it is stored and shown.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Image => "image",
            Self::Video => "video",
            Self::Document => "document",
        }
    }
}

/// By a name of its own it is no borrowed text for serde.
type ContentType = &'static str;

/// A file's facts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Probe {
    /// What it is.
    pub kind: Kind,
    /// MIME type.
    #[serde(deserialize_with = "known_type")]
    pub content_type: ContentType,
    /// Width in pixels, as it is shown: turned as the file says.
    pub width: Option<u32>,
    /// Height in pixels, as it is shown.
    pub height: Option<u32>,
    /// Length in seconds of a video.
    pub seconds: Option<f64>,
    /// What else is known.
    #[serde(default)]
    pub details: Details,
}

/// What else is known of a file. Everything has a neutral value that means "nothing special".
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[expect(clippy::struct_excessive_bools, reason = "facts that have nothing to do with each other")]
pub struct Details {
    /// Whether an image has several pictures that are shown one after another.
    pub animated: bool,
    /// Whether an image may be transparent somewhere.
    pub has_alpha: bool,
    /// How a stored image has to be turned to be shown, in EXIF's numbers; 1 is upright.
    pub orientation: u8,
    /// By how many degrees a stored video is turned to be shown.
    pub rotation: u16,
    /// Whether the file says where it was taken.
    pub has_location: bool,
    /// The video's codec: `h264`, `hevc`, `av1`, `vp9`, `mpeg4`, `prores` or the code in the file.
    pub video_codec: Option<String>,
    /// The codec of the sound, such as `aac`; `None` for a silent video.
    pub audio_codec: Option<String>,
    /// Pictures a second of a video, on average.
    pub fps: Option<f64>,
    /// Bits per colour of a video, where it says so.
    pub bit_depth: Option<u8>,
    /// Whether a video's brightness is beyond the usual range (PQ or HLG).
    pub hdr: bool,
    /// Bits a second of a video's picture and sound together.
    pub bitrate: Option<u64>,
    /// The pages of a document, where they could be counted.
    pub pages: Option<u32>,
}

impl Probe {
    fn image(content_type: &'static str, (width, height): (u32, u32), details: Details) -> Self {
        // The four numbers from 5 on lie on their side.
        let (width, height) = if details.orientation >= 5 { (height, width) } else { (width, height) };
        Self {
            kind: Kind::Image,
            content_type,
            width: Some(width),
            height: Some(height),
            seconds: None,
            details,
        }
    }

    /// Whether the file is what its sender said it was.
    ///
    /// # Errors
    /// [`MediaError::Mislabelled`] when it is another type.
    pub fn check_declared(&self, declared: &str) -> Result<(), MediaError> {
        let plain = declared.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        let plain = match plain.as_str() {
            "image/jpg" | "image/pjpeg" => "image/jpeg",
            // Both names are used for the same files.
            "image/heif" | "image/heif-sequence" | "image/heic-sequence" => "image/heic",
            "application/x-pdf" => "application/pdf",
            other => other,
        };
        if plain == self.content_type {
            return Ok(());
        }
        let declared = declared.chars().take(100).collect();
        Err(MediaError::Mislabelled { declared, actual: self.content_type })
    }
}

/// The types that a stored probe can name.
const TYPES: [&str; 7] =
    ["image/jpeg", "image/png", "image/gif", "image/webp", "image/heic", "video/mp4", "application/pdf"];

fn known_type<'de, D: Deserializer<'de>>(input: D) -> Result<&'static str, D::Error> {
    let text = String::deserialize(input)?;
    TYPES
        .into_iter()
        .find(|known| *known == text)
        .ok_or_else(|| de::Error::custom(format!("{text} is no type of stored files")))
}

/// The kind of file that begins like this, as far as its first bytes tell. What they begin may still
/// be damaged.
pub fn first_look(head: &[u8]) -> Option<Kind> {
    Some(match sniff::format_of(head).ok()? {
        Format::Jpeg | Format::Png | Format::Gif | Format::WebP | Format::Heic => Kind::Image,
        Format::Mp4 => Kind::Video,
        Format::Pdf => Kind::Document,
    })
}

/// Looks into an image that is in memory. It is decoded in whole: call this where blocking is fine.
///
/// # Errors
/// When it is no JPEG, PNG, GIF or WebP, or is damaged.
pub fn probe(bytes: &[u8]) -> Result<Probe, MediaError> {
    let format = sniff::format_of(bytes)?;
    match format {
        Format::Jpeg | Format::Png | Format::Gif | Format::WebP => picture::probe(format, bytes),
        Format::Heic | Format::Mp4 | Format::Pdf => {
            Err(MediaError::Unsupported { what: "no image that can be read in memory" })
        }
    }
}

/// The same picture, bit for bit, without the words beside it.
pub(crate) fn without_metadata(bytes: &[u8], content_type: &str) -> Result<Vec<u8>, MediaError> {
    match content_type {
        "image/png" => png::without_metadata(bytes),
        "image/webp" => webp::without_metadata(bytes),
        "image/gif" => Ok(bytes.to_vec()),
        _ => jpeg::without_metadata(bytes),
    }
}

/// Looks into a file. Images are decoded in whole, so that one that is accepted can be converted;
/// videos and documents are read by their tables. Takes little memory whatever the file claims.
///
/// # Errors
/// When it is of no type that is taken, or is damaged: the error says what is wrong.
pub async fn probe_file(path: &Path, tools: &Tools) -> Result<Probe, MediaError> {
    let mut head = Vec::new();
    tokio::fs::File::open(path).await?.take(HEAD_BYTES).read_to_end(&mut head).await?;
    let format = sniff::format_of(&head)?;
    let _slot = tools.image_slot().await?;
    if format == Format::Heic {
        return heic::probe(path, tools).await;
    }
    let path = path.to_owned();
    let looking = tokio::task::spawn_blocking(move || match format {
        Format::Mp4 => mp4::probe(&path),
        Format::Pdf => pdf::probe(&path),
        _ => picture::probe(format, &picture::whole_file(&path)?),
    });
    // A decoder that panics has met something that its authors did not think of.
    looking
        .await
        .unwrap_or_else(|_| Err(MediaError::damaged(format.name(), "it is not built as it should be")))
}

#[cfg(test)]
mod tests;
