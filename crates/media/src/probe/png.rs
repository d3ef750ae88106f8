//! The chunks of a PNG file: whether it is whole, what its metadata say, and the same picture without
//! them.

use super::exif::{self, Exif};
use crate::MediaError;

const FORMAT: &str = "a PNG";
const SIGNATURE_BYTES: usize = 8;
/// Chunks that hold words, times and camera data; none has to do with the picture.
const METADATA: [&[u8; 4]; 5] = [b"eXIf", b"tEXt", b"zTXt", b"iTXt", b"tIME"];

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
    let cut_off = || MediaError::damaged(FORMAT, "it is cut off: its last part is missing");
    let mut layout = Layout { exif: Exif::NONE, animated: false, end: 0, chunks: Vec::new() };
    let mut at = SIGNATURE_BYTES;
    loop {
        let length = bytes.get(at..).and_then(<[u8]>::first_chunk::<4>).ok_or_else(cut_off)?;
        let length = usize::try_from(u32::from_be_bytes(*length)).unwrap_or(usize::MAX);
        let kind = *bytes.get(at + 4..).and_then(<[u8]>::first_chunk::<4>).ok_or_else(cut_off)?;
        // The length, the kind and a checksum are around the chunk's content.
        let end = length.checked_add(at + 12).filter(|end| *end <= bytes.len()).ok_or_else(cut_off)?;
        let body = bytes.get(at + 8..end - 4).unwrap_or_default();
        match &kind {
            b"eXIf" => layout.exif = exif::read(body),
            b"iTXt" => layout.exif.has_location |= exif::xmp_has_location(body),
            b"acTL" => layout.animated = true,
            _ => {}
        }
        layout.chunks.push((kind, at, end));
        at = end;
        if &kind == b"IEND" {
            layout.end = at;
            return Ok(layout);
        }
    }
}

/// The same picture without its metadata and without what is behind its end.
pub(super) fn without_metadata(bytes: &[u8]) -> Result<Vec<u8>, MediaError> {
    let layout = layout(bytes)?;
    let mut clean = bytes.get(..SIGNATURE_BYTES).unwrap_or_default().to_vec();
    for (kind, begin, end) in layout.chunks {
        if !METADATA.contains(&&kind) {
            clean.extend(bytes.get(begin..end).unwrap_or_default());
        }
    }
    Ok(clean)
}
