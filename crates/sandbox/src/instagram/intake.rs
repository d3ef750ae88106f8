//! Media files: fetched from the address that was given, and looked into.

use bytes::Bytes;

use super::PLATFORM;
use super::state::{Instagram, Kind};
use crate::core::error::SandboxError;
use crate::core::fetch::fetch;
use crate::core::ledger::PublicMedia;
use crate::core::page::sniff;

/// How Meta's fetcher introduces itself.
const FETCHER: &str = "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)";
const MAX_IMAGE_BYTES: u64 = 8 * 1024 * 1024;
const MAX_REEL_BYTES: u64 = 300 * 1024 * 1024;
const MAX_FILM_BYTES: u64 = 100 * 1024 * 1024;
/// Nothing larger is fetched; whatever is smaller is refused for its own reason.
const MAX_FETCHED_BYTES: u64 = 512 * 1024 * 1024;

/// What a file is to become.
#[derive(Clone, Copy)]
pub(super) struct Wanted {
    pub(super) kind: Kind,
    pub(super) is_child: bool,
}

/// The largest film of this kind.
pub(super) fn max_film_bytes(wanted: Wanted) -> u64 {
    if wanted.kind == Kind::Reel { MAX_REEL_BYTES } else { MAX_FILM_BYTES }
}

/// Fetches an image and checks it.
///
/// # Errors
/// The subcode of the refusal.
pub(super) async fn image(instagram: &Instagram, url: &str, wanted: Wanted) -> Result<PublicMedia, i64> {
    let bytes = download(url).await?;
    check_image(&bytes, wanted)?;
    if instagram.world.faults.take_processing_failure(PLATFORM) {
        return Err(2_207_032);
    }
    stored(instagram, &bytes).map_err(|_| 2_207_001)
}

/// Fetches a film and checks it.
///
/// # Errors
/// The subcode of the refusal.
pub(super) async fn film(instagram: &Instagram, url: &str, wanted: Wanted) -> Result<PublicMedia, i64> {
    let bytes = download(url).await?;
    taken(instagram, &bytes, wanted)
}

/// Checks a film whose bytes are here.
///
/// # Errors
/// The subcode of the refusal.
pub(super) fn taken(instagram: &Instagram, bytes: &Bytes, wanted: Wanted) -> Result<PublicMedia, i64> {
    check_film(bytes, wanted)?;
    if instagram.world.faults.take_processing_failure(PLATFORM) {
        return Err(2_207_026);
    }
    stored(instagram, bytes).map_err(|_| 2_207_001)
}

async fn download(url: &str) -> Result<Bytes, i64> {
    let is_address = url.is_ascii() && (url.starts_with("https://") || url.starts_with("http://"));
    if !is_address {
        return Err(2_207_052);
    }
    fetch(url, FETCHER, MAX_FETCHED_BYTES).await.map_err(|_| 2_207_052)
}

fn stored(instagram: &Instagram, bytes: &Bytes) -> Result<PublicMedia, SandboxError> {
    Ok(PublicMedia {
        media_type: sniff(bytes).to_owned(),
        sha256: instagram.world.blobs.put(bytes)?,
        size_bytes: bytes.len() as u64,
        alt: None,
    })
}

fn check_image(bytes: &Bytes, wanted: Wanted) -> Result<(), i64> {
    if bytes.len() as u64 > MAX_IMAGE_BYTES {
        return Err(2_207_004);
    }
    let (width, height) = jpeg_size(bytes).ok_or(2_207_005)?;
    // 4:5 to 1.91:1, in whole numbers. Stories are shown as they are.
    let (width, height) = (u64::from(width), u64::from(height));
    let fits = width * 5 >= height * 4 && width * 100 <= height * 191;
    if fits || (wanted.kind == Kind::Story && !wanted.is_child) { Ok(()) } else { Err(2_207_009) }
}

fn check_film(bytes: &Bytes, wanted: Wanted) -> Result<(), i64> {
    let is_film = matches!(sniff(bytes), "video/mp4" | "video/quicktime");
    if !is_film || bytes.len() as u64 > max_film_bytes(wanted) {
        return Err(2_207_026);
    }
    let longest = if wanted.kind == Kind::Reel { 900.0 } else { 60.0 };
    let fits = film_seconds(bytes).is_none_or(|seconds| (3.0..=longest).contains(&seconds));
    if fits { Ok(()) } else { Err(2_207_026) }
}

/// Width and height of a JPEG; nothing else has them here.
pub(super) fn jpeg_size(bytes: &[u8]) -> Option<(u16, u16)> {
    let mut at = 2;
    if !bytes.starts_with(&[0xff, 0xd8]) {
        return None;
    }
    let number = |at: usize| Some(u16::from_be_bytes([*bytes.get(at)?, *bytes.get(at + 1)?]));
    loop {
        if *bytes.get(at)? != 0xff {
            return None;
        }
        let marker = *bytes.get(at + 1)?;
        match marker {
            0xff => at += 1,
            // A frame: every coding has its own marker; three of that range mean something else.
            0xc0..=0xcf if !matches!(marker, 0xc4 | 0xc8 | 0xcc) => {
                let (height, width) = (number(at + 5)?, number(at + 7)?);
                return (width > 0 && height > 0).then_some((width, height));
            }
            0x01 | 0xd0..=0xd8 => at += 2,
            0xd9 | 0xda => return None,
            _ => at += 2 + usize::from(number(at + 2)?),
        }
    }
}

/// The length of a film, if its header tells.
pub(super) fn film_seconds(bytes: &[u8]) -> Option<f64> {
    let movie = inside(bytes, *b"moov")?;
    let header = inside(movie, *b"mvhd")?;
    let number = |at: usize| {
        let field = header.get(at..at + 4)?;
        Some(u32::from_be_bytes([field[0], field[1], field[2], field[3]]))
    };
    let (scale, length) = match header.first()? {
        0 => (number(12)?, u64::from(number(16)?)),
        _ => (number(20)?, (u64::from(number(24)?) << 32) | u64::from(number(28)?)),
    };
    #[expect(clippy::cast_precision_loss, reason = "lengths of films are far below 2^52")]
    let seconds = length as f64 / f64::from(scale);
    (scale > 0).then_some(seconds)
}

/// What is in the first box of this kind.
fn inside(bytes: &[u8], kind: [u8; 4]) -> Option<&[u8]> {
    let mut rest = bytes;
    loop {
        let size = u32::from_be_bytes([*rest.first()?, *rest.get(1)?, *rest.get(2)?, *rest.get(3)?]);
        let size = usize::try_from(size).ok()?;
        if size < 8 || size > rest.len() {
            return None;
        }
        if rest.get(4..8)? == kind {
            return rest.get(8..size);
        }
        rest = rest.get(size..)?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_size_of_a_jpeg_is_read_behind_other_segments() {
        let mut bytes = vec![0xff, 0xd8, 0xff, 0xe0, 0, 4, 1, 2, 0xff, 0xc4, 0, 3, 9];
        assert_eq!(jpeg_size(&bytes), None);
        bytes.extend([0xff, 0xc2, 0, 11, 8, 5, 0x46, 4, 0x38, 1, 1, 0x11, 0]);
        assert_eq!(jpeg_size(&bytes), Some((1_080, 1_350)));
        assert_eq!(jpeg_size(b"\x89PNG"), None);
    }

    #[test]
    fn the_length_of_a_film_is_read_from_its_header() {
        let mut header = vec![0_u8; 12];
        header.extend(600_u32.to_be_bytes());
        header.extend(2_700_u32.to_be_bytes());
        let boxed = |kind: &[u8; 4], content: &[u8]| {
            let size = u32::try_from(content.len() + 8).unwrap();
            [&size.to_be_bytes()[..], kind, content].concat()
        };
        let film = [boxed(b"ftyp", b"isom"), boxed(b"moov", &boxed(b"mvhd", &header))].concat();
        assert_eq!(film_seconds(&film), Some(4.5));
        assert_eq!(film_seconds(b"\0\0\0\x18ftypisom and then no box"), None);
    }
}
