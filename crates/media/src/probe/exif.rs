//! The two facts that matter of an image's EXIF data: how it is turned, and whether it says where it
//! was taken. Must not know the files that EXIF is in.

use image::DynamicImage;
use image::metadata::Orientation;

/// What EXIF data say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Exif {
    pub(super) orientation: u8,
    pub(super) has_location: bool,
}

impl Exif {
    pub(super) const NONE: Self = Self { orientation: 1, has_location: false };
}

const ORIENTATION: u16 = 0x0112;
const GPS: u16 = 0x8825;
/// More entries than this has no camera written.
const MOST_ENTRIES: u16 = 1_000;

/// Reads the first directory of a TIFF block. What cannot be read says nothing.
pub(super) fn read(tiff: &[u8]) -> Exif {
    try_read(tiff).unwrap_or(Exif::NONE)
}

fn try_read(tiff: &[u8]) -> Option<Exif> {
    let big = match tiff.get(..4)? {
        b"II*\0" => false,
        b"MM\0*" => true,
        _ => return None,
    };
    let short = |at: usize| {
        let bytes = *tiff.get(at..)?.first_chunk::<2>()?;
        Some(if big { u16::from_be_bytes(bytes) } else { u16::from_le_bytes(bytes) })
    };
    let long = |at: usize| {
        let bytes = *tiff.get(at..)?.first_chunk::<4>()?;
        usize::try_from(if big { u32::from_be_bytes(bytes) } else { u32::from_le_bytes(bytes) }).ok()
    };
    let directory = long(4)?;
    let mut exif = Exif::NONE;
    for index in 0..short(directory)?.min(MOST_ENTRIES) {
        let entry = directory + 2 + usize::from(index) * 12;
        match short(entry) {
            Some(ORIENTATION) => {
                let value = short(entry + 8)?;
                exif.orientation =
                    u8::try_from(value).ok().filter(|value| (1..=8).contains(value)).unwrap_or(1);
            }
            // A directory without entries is what is left where the place was taken out.
            Some(GPS) => exif.has_location = long(entry + 8).and_then(short).is_some_and(|count| count > 0),
            Some(_) => {}
            None => break,
        }
    }
    Some(exif)
}

/// Whether an XMP text names a place.
pub(super) fn xmp_has_location(xmp: &[u8]) -> bool {
    let holds = |word: &[u8]| xmp.windows(word.len()).any(|part| part == word);
    holds(b"GPSLatitude") || holds(b"GPSLongitude")
}

/// Turns a decoded image as EXIF's number says.
pub(crate) fn turn(image: &mut DynamicImage, orientation: u8) {
    if let Some(orientation) = Orientation::from_exif(orientation) {
        image.apply_orientation(orientation);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A directory of these entries: tag and value, each a LONG; values as they are in the file.
    fn tiff(entries: &[(u16, u32)], rest: &[u8]) -> Vec<u8> {
        let mut tiff = b"MM\0*\0\0\0\x08".to_vec();
        tiff.extend(u16::try_from(entries.len()).unwrap().to_be_bytes());
        for (tag, value) in entries {
            tiff.extend(tag.to_be_bytes());
            tiff.extend(4u16.to_be_bytes());
            tiff.extend(1u32.to_be_bytes());
            tiff.extend(value.to_be_bytes());
        }
        tiff.extend([0; 4]);
        tiff.extend(rest);
        tiff
    }

    #[test]
    fn orientation_and_place_are_read_and_nonsense_says_nothing() {
        let turned = tiff(&[(ORIENTATION, 6 << 16)], &[]);
        assert_eq!(read(&turned), Exif { orientation: 6, has_location: false });
        let somewhere = tiff(&[(GPS, 26)], &[0, 1]);
        assert_eq!(read(&somewhere), Exif { orientation: 1, has_location: true });
        assert!(!read(&tiff(&[(GPS, 26)], &[0, 0])).has_location);
        assert_eq!(read(&tiff(&[(ORIENTATION, 99 << 16)], &[])), Exif::NONE);
        for length in 0..somewhere.len() {
            read(&somewhere[..length]);
        }
        assert_eq!(read(b"II*\0\xff\xff\xff\xff"), Exif::NONE);
        assert!(xmp_has_location(b"<exif:GPSLatitude>52</exif:GPSLatitude>"));
        assert!(!xmp_has_location(b"<dc:title/>"));
    }
}
