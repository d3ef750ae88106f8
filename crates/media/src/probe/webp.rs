//! The chunks of a WebP file: whether it is whole, what its metadata say, and the same picture without
//! them.

use super::exif::{self, Exif};
use crate::MediaError;

const FORMAT: &str = "a WebP";
const HEADER_BYTES: usize = 12;
/// In the flags of `VP8X`: EXIF data, XMP data.
const METADATA_FLAGS: u8 = 0b0000_1100;
const ANIMATION_FLAG: u8 = 0b0000_0010;

/// What the chunks tell.
pub(super) struct Layout {
    pub(super) exif: Exif,
    pub(super) animated: bool,
    /// Where the file's last chunk ends.
    pub(super) end: usize,
    /// Kind, begin and end of each chunk.
    chunks: Vec<([u8; 4], usize, usize)>,
}

pub(super) fn layout(bytes: &[u8]) -> Result<Layout, MediaError> {
    let cut_off = || MediaError::damaged(FORMAT, "it is cut off: it is shorter than it says");
    let size = bytes.get(4..).and_then(<[u8]>::first_chunk::<4>).ok_or_else(cut_off)?;
    let size = usize::try_from(u32::from_le_bytes(*size)).unwrap_or(usize::MAX);
    let end = size.checked_add(8).filter(|end| *end <= bytes.len()).ok_or_else(cut_off)?;
    let mut layout = Layout { exif: Exif::NONE, animated: false, end, chunks: Vec::new() };
    let mut at = HEADER_BYTES;
    while at + 8 <= end {
        let kind = *bytes.get(at..).and_then(<[u8]>::first_chunk::<4>).ok_or_else(cut_off)?;
        let length = bytes.get(at + 4..).and_then(<[u8]>::first_chunk::<4>).ok_or_else(cut_off)?;
        let length = usize::try_from(u32::from_le_bytes(*length)).unwrap_or(usize::MAX);
        let body_end = length.checked_add(at + 8).filter(|body_end| *body_end <= end).ok_or_else(cut_off)?;
        let body = bytes.get(at + 8..body_end).unwrap_or_default();
        match &kind {
            b"EXIF" => {
                // Some writers put JPEG's mark before the data.
                let found = exif::read(body.strip_prefix(b"Exif\0\0").unwrap_or(body));
                layout.exif.orientation = found.orientation;
                layout.exif.has_location |= found.has_location;
            }
            b"XMP " => layout.exif.has_location |= exif::xmp_has_location(body),
            b"VP8X" => layout.animated = body.first().is_some_and(|flags| flags & ANIMATION_FLAG != 0),
            _ => {}
        }
        // Chunks are padded to an even length.
        let next = (body_end + length % 2).min(end);
        layout.chunks.push((kind, at, next));
        at = next;
    }
    Ok(layout)
}

/// The same picture without its metadata and without what is behind its end.
pub(super) fn without_metadata(bytes: &[u8]) -> Result<Vec<u8>, MediaError> {
    let layout = layout(bytes)?;
    let mut clean = bytes.get(..HEADER_BYTES).unwrap_or_default().to_vec();
    for (kind, begin, end) in layout.chunks {
        if matches!(&kind, b"EXIF" | b"XMP ") {
            continue;
        }
        let at = clean.len();
        clean.extend(bytes.get(begin..end).unwrap_or_default());
        if &kind == b"VP8X"
            && let Some(flags) = clean.get_mut(at + 8)
        {
            *flags &= !METADATA_FLAGS;
        }
    }
    let size = u32::try_from(clean.len().saturating_sub(8)).unwrap_or(u32::MAX);
    if let Some(place) = clean.get_mut(4..8) {
        place.copy_from_slice(&size.to_le_bytes());
    }
    Ok(clean)
}
