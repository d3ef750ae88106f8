//! The segments of a JPEG file: whether it is whole, what its metadata say, and the same picture
//! without them. Pixels are not looked at.

use super::exif::{self, Exif};
use crate::MediaError;

const FORMAT: &str = "a JPEG";
const EXIF_MARK: &[u8] = b"Exif\0\0";
const XMP_MARK: &[u8] = b"http://ns.adobe.com/xap/1.0/\0";
const PROFILE_MARK: &[u8] = b"ICC_PROFILE\0";
const ADOBE_MARK: &[u8] = b"Adobe";

/// A segment: its marker and where it is in the file, marker included.
struct Segment {
    marker: u8,
    begin: usize,
    end: usize,
}

/// What the segments tell.
pub(super) struct Layout {
    pub(super) exif: Exif,
    /// Where the picture ends; what is behind it belongs to something else.
    pub(super) end: usize,
    segments: Vec<Segment>,
}

/// Walks through the segments and scans up to the end of the picture.
pub(super) fn layout(bytes: &[u8]) -> Result<Layout, MediaError> {
    let cut_off = || MediaError::damaged(FORMAT, "it is cut off: the end of the picture is missing");
    let mut layout = Layout { exif: Exif::NONE, end: 0, segments: Vec::new() };
    let mut at = 2;
    let mut has_scan = false;
    loop {
        // A marker may be led by any number of fill bytes.
        while bytes.get(at) == Some(&0xff) && bytes.get(at + 1) == Some(&0xff) {
            at += 1;
        }
        let marker = *bytes.get(at + 1).ok_or_else(cut_off)?;
        if bytes.get(at) != Some(&0xff) {
            return Err(MediaError::damaged(FORMAT, "a segment does not begin where the one before ends"));
        }
        if marker == 0xd9 {
            layout.end = at + 2;
            break;
        }
        let length = bytes.get(at + 2..).and_then(<[u8]>::first_chunk::<2>).ok_or_else(cut_off)?;
        let end = at + 2 + usize::from(u16::from_be_bytes(*length));
        let body = bytes.get(at + 4..end).ok_or_else(cut_off)?;
        layout.note(marker, body);
        layout.segments.push(Segment { marker, begin: at, end });
        at = end;
        if marker == 0xda {
            has_scan = true;
            at = end_of_scan(bytes, at).ok_or_else(cut_off)?;
        }
    }
    if !has_scan {
        return Err(MediaError::damaged(FORMAT, "there is no picture in it"));
    }
    Ok(layout)
}

/// The next marker that is not part of the packed pixels.
fn end_of_scan(bytes: &[u8], mut at: usize) -> Option<usize> {
    loop {
        at += bytes.get(at..)?.iter().position(|byte| *byte == 0xff)?;
        match bytes.get(at + 1)? {
            // A packed 0xff, and the marks at which a decoder can start again.
            0x00 | 0xd0..=0xd7 => at += 2,
            0xff => at += 1,
            _ => return Some(at),
        }
    }
}

impl Layout {
    fn note(&mut self, marker: u8, body: &[u8]) {
        if marker != 0xe1 {
            return;
        }
        if let Some(tiff) = body.strip_prefix(EXIF_MARK) {
            let found = exif::read(tiff);
            self.exif.has_location |= found.has_location;
            self.exif.orientation = found.orientation;
        } else if let Some(xmp) = body.strip_prefix(XMP_MARK) {
            self.exif.has_location |= exif::xmp_has_location(xmp);
        }
    }
}

/// The same picture, bit for bit, with no metadata but its colours' and how it is turned. What is
/// behind its end goes as well: phones put a film there that says where it was taken.
pub(super) fn without_metadata(bytes: &[u8]) -> Result<Vec<u8>, MediaError> {
    let layout = layout(bytes)?;
    let mut clean = Vec::with_capacity(layout.end);
    clean.extend([0xff, 0xd8]);
    let mut copied = 2;
    let mut turned = layout.exif.orientation != 1;
    for Segment { marker, begin, end } in layout.segments {
        clean.extend(bytes.get(copied..begin).unwrap_or_default());
        copied = end;
        let body = bytes.get(begin + 4..end).unwrap_or_default();
        let is_kept = match marker {
            // Colour profiles, and Adobe's note on how colours are packed.
            0xe2 => body.starts_with(PROFILE_MARK),
            0xee => body.starts_with(ADOBE_MARK),
            0xe1 | 0xe3..=0xed | 0xef | 0xfe => false,
            // JFIF's resolution among them.
            _ => true,
        };
        if turned && marker != 0xe0 {
            clean.extend(orientation_segment(layout.exif.orientation));
            turned = false;
        }
        if is_kept {
            clean.extend(bytes.get(begin..end).unwrap_or_default());
        }
    }
    clean.extend(bytes.get(copied..layout.end).unwrap_or_default());
    Ok(clean)
}

/// EXIF data that say nothing but how the picture is turned.
fn orientation_segment(orientation: u8) -> Vec<u8> {
    let mut segment = vec![0xff, 0xe1, 0, 34];
    segment.extend(EXIF_MARK);
    // One directory of one entry: tag 0x0112, a SHORT, one of it; no further directory.
    segment.extend(b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0");
    segment.extend([orientation, 0, 0, 0, 0, 0, 0]);
    segment
}
