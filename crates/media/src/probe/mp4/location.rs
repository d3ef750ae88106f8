//! Where a video says where it was taken, and the same video without that: the words are blanked in
//! place, so that nothing moves and no picture is touched.

use std::fs::OpenOptions;
use std::io::{Seek as _, SeekFrom, Write as _};
use std::path::Path;

use super::super::boxes::{Boxed, boxes, find, long, places};
use super::{FORMAT, content};
use crate::MediaError;

/// The name under which phones write the place into a list of keys.
const KEY: &[u8] = b"com.apple.quicktime.location";

/// Bytes that name a place. Offsets are within the movie's tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Spot {
    /// The name of the box, where the box itself is to be told as empty.
    name_at: Option<usize>,
    begin: usize,
    end: usize,
}

/// All places in a movie's tables that name one.
pub(super) fn spots(tables: &[u8]) -> Vec<Spot> {
    let mut spots = Vec::new();
    for found in boxes(tables) {
        match &found.name {
            b"udta" => in_user_data(found, 0, &mut spots),
            b"meta" => in_keys(found.body, found.at, &mut spots),
            b"trak" => {
                for inner in boxes(found.body) {
                    match &inner.name {
                        b"udta" => in_user_data(inner, found.at, &mut spots),
                        b"meta" => in_keys(inner.body, found.at + inner.at, &mut spots),
                        _ => {}
                    }
                }
            }
            _ => {}
        }
    }
    spots
}

fn in_user_data(data: Boxed<'_>, offset: usize, spots: &mut Vec<Spot>) {
    let offset = offset + data.at;
    for found in boxes(data.body) {
        let begin = offset + found.at;
        match &found.name {
            b"\xa9xyz" | b"loci" => {
                spots.push(Spot { name_at: Some(begin - 4), begin, end: begin + found.body.len() });
            }
            b"meta" => in_keys(found.body, begin, spots),
            _ => {}
        }
    }
}

/// A `meta` box whose list of names says which of its entries is the place.
fn in_keys(meta: &[u8], offset: usize, spots: &mut Vec<Spot>) {
    // MP4 puts a version before the first box, QuickTime does not.
    let skip = if meta.get(4..8) == Some(b"hdlr") { 0 } else { 4 };
    let Some(inner) = meta.get(skip..) else { return };
    let Some(keys) = find(inner, *b"keys").and_then(|keys| keys.get(8..)) else { return };
    let is_place = |index: u32| {
        let at = usize::try_from(index).ok().and_then(|index| index.checked_sub(1));
        let key = at.and_then(|at| boxes(keys).nth(at));
        key.is_some_and(|key| key.body.starts_with(KEY))
    };
    for list in boxes(inner).filter(|found| &found.name == b"ilst") {
        for entry in boxes(list.body).filter(|entry| long(&entry.name, 0).is_some_and(is_place)) {
            for value in boxes(entry.body).filter(|value| &value.name == b"data") {
                let begin = offset + skip + list.at + entry.at + value.at;
                // A type and a language are before the words.
                let (begin, end) = (begin + 8, begin + value.body.len());
                if value.body.iter().skip(8).any(|byte| *byte != b' ') {
                    spots.push(Spot { name_at: None, begin, end });
                }
            }
        }
    }
}

/// Blanks the place in the file at `path`, a copy that nobody else has.
pub(crate) fn without_location(path: &Path) -> Result<(), MediaError> {
    let mut file = OpenOptions::new().read(true).write(true).open(path)?;
    let size = file.metadata()?.len();
    let places = places(&mut file, size, FORMAT)?;
    for moov in places.iter().filter(|place| &place.name == b"moov") {
        let tables = content(&mut file, moov)?;
        for spot in spots(&tables) {
            let at = |offset: usize| SeekFrom::Start(moov.begin + u64::try_from(offset).unwrap_or(0));
            if let Some(name_at) = spot.name_at {
                file.seek(at(name_at))?;
                file.write_all(b"free")?;
            }
            file.seek(at(spot.begin))?;
            file.write_all(&vec![b' '; spot.end - spot.begin])?;
        }
    }
    file.sync_all()?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn boxed(name: [u8; 4], body: &[u8]) -> Vec<u8> {
        let mut bytes = u32::try_from(body.len() + 8).unwrap().to_be_bytes().to_vec();
        bytes.extend(name);
        bytes.extend(body);
        bytes
    }

    #[test]
    fn the_place_is_found_in_user_data_and_in_lists_of_keys() {
        let data = boxed(*b"udta", &boxed(*b"\xa9xyz", b"\0\x12\x15\xc7+52.5200+013.4050/"));
        assert_eq!(spots(&data), [Spot { name_at: Some(12), begin: 16, end: 38 }]);
        let mut keys = vec![0, 0, 0, 0, 0, 0, 0, 2];
        keys.extend(boxed(*b"mdta", b"com.apple.quicktime.make"));
        keys.extend(boxed(*b"mdta", b"com.apple.quicktime.location.ISO6709"));
        let value = boxed(*b"data", b"\0\0\0\x01\0\0\0\0+52.5+013.4/");
        let list = [boxed([0, 0, 0, 1], &value), boxed([0, 0, 0, 2], &value)].concat();
        let inner = [boxed(*b"hdlr", &[0; 24]), boxed(*b"keys", &keys), boxed(*b"ilst", &list)].concat();
        for version in [&b""[..], &[0; 4]] {
            let meta = boxed(*b"meta", &[version, &inner].concat());
            let found = spots(&meta);
            assert_eq!(found.len(), 1);
            assert_eq!(&meta[found[0].begin..found[0].end], b"+52.5+013.4/");
            let mut blank = meta.clone();
            blank[found[0].begin..found[0].end].fill(b' ');
            assert_eq!(spots(&blank), []);
        }
    }
}
