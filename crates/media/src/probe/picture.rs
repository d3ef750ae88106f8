//! Images: their structure by the walkers beside this file, their pixels by one bounded decoding.

use std::io::Cursor;
use std::path::Path;

use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits};

use super::exif::Exif;
use super::sniff::{Format, stowaway};
use super::{Details, MAX_MEGAPIXELS, Probe, gif, jpeg, png, webp};
use crate::MediaError;

/// No image file is held in memory that is larger than this.
const MAX_FILE_BYTES: u64 = 100 * 1024 * 1024;
/// What a decoder may take: four bytes for each pixel, and some more to work with.
const MAX_DECODED_BYTES: u64 = (MAX_MEGAPIXELS * 4 + 128) * 1024 * 1024;

/// What the structure of a file tells.
struct Layout {
    exif: Exif,
    animated: bool,
    end: usize,
}

pub(super) fn probe(format: Format, bytes: &[u8]) -> Result<Probe, MediaError> {
    let (content_type, read_as, layout) = match format {
        Format::Jpeg => {
            let jpeg::Layout { exif, end, .. } = jpeg::layout(bytes)?;
            ("image/jpeg", ImageFormat::Jpeg, Layout { exif, animated: false, end })
        }
        Format::Png => {
            let png::Layout { exif, animated, end, .. } = png::layout(bytes)?;
            ("image/png", ImageFormat::Png, Layout { exif, animated, end })
        }
        Format::Gif => {
            let gif::Layout { pictures, end } = gif::layout(bytes)?;
            ("image/gif", ImageFormat::Gif, Layout { exif: Exif::NONE, animated: pictures > 1, end })
        }
        Format::WebP => {
            let webp::Layout { exif, animated, end, .. } = webp::layout(bytes)?;
            ("image/webp", ImageFormat::WebP, Layout { exif, animated, end })
        }
        Format::Heic | Format::Mp4 | Format::Pdf => return Err(MediaError::Unsupported { what: "no image" }),
    };
    if let Some(what) = stowaway(bytes.get(layout.end..).unwrap_or_default()) {
        return Err(MediaError::damaged(format.name(), format!("there is {what} behind the picture")));
    }
    let decoded = decode_as(bytes, read_as, format.name())?;
    let details = Details {
        animated: layout.animated,
        has_alpha: decoded.color().has_alpha(),
        orientation: layout.exif.orientation,
        has_location: layout.exif.has_location,
        ..Details::default()
    };
    Ok(Probe::image(content_type, (decoded.width(), decoded.height()), details))
}

/// A whole image file in memory.
pub(crate) fn whole_file(path: &Path) -> Result<Vec<u8>, MediaError> {
    if std::fs::metadata(path)?.len() > MAX_FILE_BYTES {
        return Err(MediaError::TooLarge { what: "an image", max_bytes: MAX_FILE_BYTES });
    }
    Ok(std::fs::read(path)?)
}

/// An image's pixels and the meaning of its colours.
pub(crate) struct Pixels {
    pub(crate) image: DynamicImage,
    /// The profile of red, green and blue, where it has one.
    pub(crate) profile: Option<Vec<u8>>,
}

/// As [`decode`], with what a copy of it needs as well.
pub(crate) fn decode_for_copy(bytes: &[u8], content_type: &str) -> Result<Pixels, MediaError> {
    let (read_as, format) = read_as(content_type);
    let mut decoder = decoder(bytes, read_as, format)?;
    // One for grey or for printing colours says nothing of the red, green and blue that are made.
    let profile = decoder.icc_profile().ok().flatten().filter(|profile| profile.get(16..20) == Some(b"RGB "));
    let image =
        DynamicImage::from_decoder(decoder).map_err(|error| MediaError::damaged(format, reason(&error)))?;
    Ok(Pixels { image, profile })
}

/// The pixels of an image, of the first picture of an animated one, as they are stored.
pub(crate) fn decode(bytes: &[u8], content_type: &str) -> Result<DynamicImage, MediaError> {
    let (read_as, format) = read_as(content_type);
    decode_as(bytes, read_as, format)
}

const fn read_as(content_type: &str) -> (ImageFormat, &'static str) {
    match content_type.as_bytes() {
        b"image/png" => (ImageFormat::Png, Format::Png.name()),
        b"image/gif" => (ImageFormat::Gif, Format::Gif.name()),
        b"image/webp" => (ImageFormat::WebP, Format::WebP.name()),
        _ => (ImageFormat::Jpeg, Format::Jpeg.name()),
    }
}

fn decode_as(bytes: &[u8], read_as: ImageFormat, format: &'static str) -> Result<DynamicImage, MediaError> {
    let decoder = decoder(bytes, read_as, format)?;
    DynamicImage::from_decoder(decoder).map_err(|error| MediaError::damaged(format, reason(&error)))
}

/// A decoder that has agreed to the limits.
fn decoder<'a>(
    bytes: &'a [u8],
    read_as: ImageFormat,
    format: &'static str,
) -> Result<impl ImageDecoder + 'a, MediaError> {
    let mut limits = Limits::no_limits();
    limits.max_alloc = Some(MAX_DECODED_BYTES);
    let mut reader = ImageReader::with_format(Cursor::new(bytes), read_as);
    reader.limits(limits);
    let decoder = reader.into_decoder().map_err(|error| MediaError::damaged(format, reason(&error)))?;
    let (width, height) = decoder.dimensions();
    if width == 0 || height == 0 {
        return Err(MediaError::damaged(format, "it has no pixels"));
    }
    // Before a single pixel is made room for.
    if u64::from(width) * u64::from(height) > MAX_MEGAPIXELS * 1_000_000 {
        return Err(MediaError::TooManyPixels { width, height, max_megapixels: MAX_MEGAPIXELS });
    }
    Ok(decoder)
}

/// What a decoder says, without the names of its parts.
fn reason(error: &image::ImageError) -> String {
    let text = error.to_string();
    let told = text.rsplit_once(": ").map_or(text.as_str(), |(_, told)| told);
    if told.is_empty() { text } else { told.chars().take(200).collect() }
}
