//! What the first bytes of a media file say of it: the size of a picture, the length of a film.

/// Width and height of a PNG, JPEG or WebP.
pub(crate) fn picture_size(bytes: &[u8]) -> Option<(u32, u32)> {
    if bytes.starts_with(b"\x89PNG") {
        return Some((number(bytes, 16)?, number(bytes, 20)?));
    }
    if bytes.starts_with(b"RIFF") {
        return webp_size(bytes);
    }
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

/// Each of the three kinds of WebP has its size in another place.
fn webp_size(bytes: &[u8]) -> Option<(u32, u32)> {
    let byte = |at: usize| bytes.get(at).copied().map(u32::from);
    let half = |at: usize| Some(byte(at)? | byte(at + 1)? << 8);
    match bytes.get(12..16)? {
        b"VP8 " => Some((half(26)? & 0x3fff, half(28)? & 0x3fff)),
        b"VP8L" => {
            let sizes = half(21)? | half(23)? << 16;
            Some(((sizes & 0x3fff) + 1, (sizes >> 14 & 0x3fff) + 1))
        }
        b"VP8X" => Some(((half(24)? | byte(26)? << 16) + 1, (half(27)? | byte(29)? << 16) + 1)),
        _ => None,
    }
}

fn number(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

/// The seconds that a film's header (`moov/mvhd`) names.
pub(crate) fn film_seconds(bytes: &[u8]) -> Option<f64> {
    let header = find_box(find_box(bytes, *b"moov")?, *b"mvhd")?;
    if header.first() == Some(&1) {
        let long = u64::from(number(header, 24)?) << 32 | u64::from(number(header, 28)?);
        // Only the seconds matter: beyond 2^32 of them the film is too long in any case.
        let seconds = long / u64::from(number(header, 20)?.max(1));
        return Some(
            f64::from(u32::try_from(seconds).unwrap_or(u32::MAX)).max(f64::from(u8::from(long > 0))),
        );
    }
    Some(f64::from(number(header, 16)?) / f64::from(number(header, 12)?.max(1)))
}

/// The content of the first box of this kind.
fn find_box(bytes: &[u8], kind: [u8; 4]) -> Option<&[u8]> {
    let mut at = 0;
    loop {
        let size = usize::try_from(number(bytes, at)?).ok()?;
        let (head, size) = match size {
            0 => (8, bytes.len() - at),
            1 => {
                let high = number(bytes, at + 8)?;
                let low = usize::try_from(number(bytes, at + 12)?).ok()?;
                (16, if high == 0 { low } else { bytes.len() - at })
            }
            size => (8, size),
        };
        let end = at.checked_add(size).filter(|_| size >= head)?.min(bytes.len());
        if bytes.get(at + 4..at + 8)? == kind {
            return bytes.get(at + head..end);
        }
        at = end;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn boxed(kind: [u8; 4], content: &[u8]) -> Vec<u8> {
        let size = u32::try_from(content.len() + 8).unwrap();
        [&size.to_be_bytes()[..], &kind, content].concat()
    }

    #[test]
    fn a_films_length_is_in_its_header() {
        let mut header = vec![0; 100];
        header[12..16].copy_from_slice(&1_000_u32.to_be_bytes());
        header[16..20].copy_from_slice(&2_500_u32.to_be_bytes());
        let film = [boxed(*b"ftyp", b"isom\0\0\0\0"), boxed(*b"moov", &boxed(*b"mvhd", &header))].concat();
        assert_eq!(film_seconds(&film), Some(2.5));
        assert_eq!(film_seconds(&film[..40]), None);
        assert_eq!(film_seconds(&boxed(*b"ftyp", b"isom")), None);
        assert_eq!(film_seconds(b"\0\0\0\x03ftyp"), None);
    }

    #[test]
    fn pictures_tell_their_size() {
        let png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x02\x80\0\0\x01\xe0";
        assert_eq!(picture_size(png), Some((640, 480)));
        let jpeg = b"\xff\xd8\xff\xe0\0\x04ab\xff\xff\xc2\0\x11\x08\x01\xe0\x02\x80\x03";
        assert_eq!(picture_size(jpeg), Some((640, 480)));
        assert_eq!(picture_size(b"\xff\xd8\xff\xd9"), None);
    }

    #[test]
    fn each_kind_of_webp_tells_its_size() {
        let file = |kind: &[u8], rest: &[u8]| [b"RIFF\0\0\0\0WEBP", kind, b"\0\0\0\0", rest].concat();
        let lossy = file(b"VP8 ", b"\0\0\0\x9d\x01\x2a\x80\x02\xe0\x01");
        assert_eq!(picture_size(&lossy), Some((640, 480)));
        let packed = (640_u32 - 1) | (480 - 1) << 14;
        let lossless = file(b"VP8L", &[&[0x2f][..], &packed.to_le_bytes()].concat());
        assert_eq!(picture_size(&lossless), Some((640, 480)));
        let extended = file(b"VP8X", b"\0\0\0\0\x7f\x02\0\xdf\x01\0");
        assert_eq!(picture_size(&extended), Some((640, 480)));
        assert_eq!(picture_size(&file(b"ABCD", b"\0\0\0\0")), None);
    }
}
