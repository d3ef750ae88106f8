//! What a file is, by its content and not by its name.

use std::io::Cursor;

use image::{ImageFormat, ImageReader};

use crate::MediaError;

/// What a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A still image or a GIF.
    Image,
}

impl Kind {
    /// The kind as it is stored and shown.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Image => "image",
        }
    }
}

/// A file's facts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Probe {
    /// What it is.
    pub kind: Kind,
    /// MIME type.
    pub content_type: &'static str,
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
}

/// Looks into a file. Only its head is decoded.
///
/// # Errors
/// When it is no image of a known format, or its head is damaged.
pub fn probe(bytes: &[u8]) -> Result<Probe, MediaError> {
    let reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format()?;
    let (content_type, format) = match reader.format() {
        Some(ImageFormat::Jpeg) => ("image/jpeg", "a JPEG"),
        Some(ImageFormat::Png) => ("image/png", "a PNG"),
        Some(ImageFormat::Gif) => ("image/gif", "a GIF"),
        Some(ImageFormat::WebP) => ("image/webp", "a WebP"),
        _ => return Err(MediaError::Unsupported),
    };
    let (width, height) = reader.into_dimensions().map_err(|_| MediaError::Damaged { format })?;
    Ok(Probe { kind: Kind::Image, content_type, width, height })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_type_comes_from_the_content() {
        let mut png = Vec::new();
        image::RgbImage::new(3, 2).write_to(&mut Cursor::new(&mut png), ImageFormat::Png).unwrap();
        let probe = probe(&png).unwrap();
        assert_eq!((probe.content_type, probe.width, probe.height), ("image/png", 3, 2));
    }

    #[test]
    fn text_and_broken_images_are_refused() {
        assert!(matches!(probe(b"hello"), Err(MediaError::Unsupported)));
        assert!(matches!(probe(b""), Err(MediaError::Unsupported)));
        assert!(matches!(probe(b"\x89PNG\r\n\x1a\n\0\0"), Err(MediaError::Damaged { .. })));
    }
}
