//! What a picture's own bytes tell: width and height, and whether a GIF moves.

/// Width and height of a PNG, JPEG, GIF or WebP.
pub(crate) fn size(bytes: &[u8]) -> Option<(u32, u32)> {
    match bytes {
        [0x89, b'P', b'N', b'G', ..] => Some((number(bytes, 16)?, number(bytes, 20)?)),
        [b'G', b'I', b'F', b'8', ..] => Some((little(bytes, 6, 2)?, little(bytes, 8, 2)?)),
        [b'R', b'I', b'F', b'F', ..] => webp(bytes),
        [0xff, 0xd8, ..] => jpeg(bytes),
        _ => None,
    }
}

/// Whether these bytes are a GIF of more than one picture.
pub(crate) fn is_animated_gif(bytes: &[u8]) -> bool {
    bytes.starts_with(b"GIF8") && has_second_picture(bytes).unwrap_or(false)
}

/// Goes from block to block; `None` where the file breaks off.
fn has_second_picture(bytes: &[u8]) -> Option<bool> {
    let colours = |flags: u8| if flags & 0x80 == 0 { 0 } else { 3 << ((flags & 7) + 1) };
    let mut at = 13 + colours(*bytes.get(10)?);
    let mut has_one = false;
    loop {
        at = match *bytes.get(at)? {
            0x21 => at + 2,
            0x2c if has_one => return Some(true),
            0x2c => {
                has_one = true;
                at + 11 + colours(*bytes.get(at + 9)?)
            }
            _ => return Some(false),
        };
        // The data of a block, in pieces that tell their length, up to an empty one.
        while *bytes.get(at)? != 0 {
            at += 1 + usize::from(*bytes.get(at)?);
        }
        at += 1;
    }
}

fn jpeg(bytes: &[u8]) -> Option<(u32, u32)> {
    let mut at = 2;
    loop {
        // Fill bytes may stand before a marker.
        while bytes.get(at) == Some(&0xff) && bytes.get(at + 1) == Some(&0xff) {
            at += 1;
        }
        let marker = *bytes.get(at + 1).filter(|_| bytes.get(at) == Some(&0xff))?;
        let half = |at: usize| Some(u32::from(u16::from_be_bytes([*bytes.get(at)?, *bytes.get(at + 1)?])));
        if matches!(marker, 0xc0..=0xcf) && !matches!(marker, 0xc4 | 0xc8 | 0xcc) {
            return Some((half(at + 7)?, half(at + 5)?));
        }
        at += 2 + usize::try_from(half(at + 2)?).ok()?;
    }
}

/// The three forms of a WebP file: extended, lossless, lossy.
fn webp(bytes: &[u8]) -> Option<(u32, u32)> {
    match bytes.get(12..16)? {
        b"VP8X" => Some((little(bytes, 24, 3)? + 1, little(bytes, 27, 3)? + 1)),
        b"VP8L" => {
            let bits = little(bytes, 21, 4)?;
            Some(((bits & 0x3fff) + 1, (bits >> 14 & 0x3fff) + 1))
        }
        b"VP8 " => Some((little(bytes, 26, 2)? & 0x3fff, little(bytes, 28, 2)? & 0x3fff)),
        _ => None,
    }
}

fn number(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

fn little(bytes: &[u8], at: usize, length: usize) -> Option<u32> {
    Some(bytes.get(at..at + length)?.iter().rev().fold(0, |sum, byte| sum << 8 | u32::from(*byte)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_tell_their_size() {
        let png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x02\x80\0\0\x01\xe0";
        let jpeg = b"\xff\xd8\xff\xe0\0\x04ab\xff\xff\xc2\0\x11\x08\x01\xe0\x02\x80\x03";
        let gif = b"GIF89a\x80\x02\xe0\x01";
        let extended = b"RIFF\0\0\0\0WEBPVP8X\0\0\0\0\0\0\0\0\x7f\x02\0\xdf\x01\0";
        let lossless = b"RIFF\0\0\0\0WEBPVP8L\0\0\0\0\x2f\x7f\xc2\x77\0";
        let lossy = b"RIFF\0\0\0\0WEBPVP8 \0\0\0\0\0\0\0\x9d\x01\x2a\x80\x02\xe0\x01";
        for picture in [&png[..], jpeg, gif, extended, lossless, lossy] {
            assert_eq!(size(picture), Some((640, 480)));
        }
        for torn in [&b""[..], b"\xff\xd8\xff\xd9", b"RIFF", b"GIF8", b"%PDF"] {
            assert_eq!(size(torn), None);
        }
    }

    #[test]
    fn a_gif_moves_when_it_has_a_second_picture() {
        let start: &[u8] = b"GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xff\xff\xff";
        let note: &[u8] = b"\x21\xfe\x02\x2c\x2c\0";
        let picture: &[u8] = b"\x2c\0\0\0\0\x01\0\x01\0\0\x02\x02\x44\x01\0";
        let still = [start, note, picture, b"\x3b"].concat();
        assert!(!is_animated_gif(&still));
        assert!(is_animated_gif(&[start, picture, note, picture, b"\x3b"].concat()));
        assert!(!is_animated_gif(&still[..still.len() - 4]), "cut off");
        assert!(!is_animated_gif(b"\x89PNG\r\n\x1a\n"));
    }
}
