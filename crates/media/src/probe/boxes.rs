//! The boxes that MP4 and HEIC files are made of: a size, a name, a content. Must not know what is in
//! them.

use std::io::{Read, Seek, SeekFrom};

use crate::MediaError;

/// One box in a slice: its name, its content, and where the content begins in the slice.
#[derive(Clone, Copy, Debug)]
pub(super) struct Boxed<'a> {
    pub(super) name: [u8; 4],
    pub(super) body: &'a [u8],
    pub(super) at: usize,
}

/// The boxes in a slice, up to the first that is not whole.
pub(super) fn boxes(bytes: &[u8]) -> impl Iterator<Item = Boxed<'_>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let head = *bytes.get(at..)?.first_chunk::<8>()?;
        let [a, b, c, d, name @ ..] = head;
        let mut size = u64::from(u32::from_be_bytes([a, b, c, d]));
        let mut begin = at + 8;
        if size == 1 {
            size = u64::from_be_bytes(*bytes.get(at + 8..)?.first_chunk::<8>()?);
            begin = at + 16;
        } else if size == 0 {
            size = u64::try_from(bytes.len() - at).ok()?;
        }
        let end = at.checked_add(usize::try_from(size).ok()?)?;
        let body = bytes.get(begin..end)?;
        at = end;
        Some(Boxed { name, body, at: begin })
    })
}

/// The content of the first box called `name`.
pub(super) fn find(bytes: &[u8], name: [u8; 4]) -> Option<&[u8]> {
    boxes(bytes).find(|found| found.name == name).map(|found| found.body)
}

/// The content of the box at the end of a path of names.
pub(super) fn find_in<'a>(bytes: &'a [u8], path: &[&[u8; 4]]) -> Option<&'a [u8]> {
    path.iter().try_fold(bytes, |bytes, name| find(bytes, **name))
}

/// A box of a file: its name, and where its content begins and ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) name: [u8; 4],
    pub(super) begin: u64,
    pub(super) end: u64,
}

/// The boxes of a whole file; only their heads are read.
///
/// # Errors
/// When a box does not end within the file.
pub(super) fn places(
    file: &mut (impl Read + Seek),
    size: u64,
    format: &'static str,
) -> Result<Vec<Place>, MediaError> {
    /// More boxes than this has no file of a phone or an editor.
    const MOST: usize = 100_000;
    let mut places = Vec::new();
    let mut at = 0;
    while at + 8 <= size && places.len() < MOST {
        file.seek(SeekFrom::Start(at))?;
        let mut head = [0; 8];
        file.read_exact(&mut head)?;
        let [a, b, c, d, name @ ..] = head;
        let (mut begin, mut length) = (at + 8, u64::from(u32::from_be_bytes([a, b, c, d])));
        if length == 1 {
            let mut long = [0; 8];
            file.read_exact(&mut long)?;
            (begin, length) = (at + 16, u64::from_be_bytes(long));
        } else if length == 0 {
            length = size - at;
        }
        let end = at.checked_add(length).filter(|end| *end >= begin);
        let end = end.ok_or_else(|| MediaError::damaged(format, "a part of it has an impossible size"))?;
        if end > size {
            let missing = end - size;
            return Err(MediaError::damaged(format, format!("it is cut off: {missing} bytes are missing")));
        }
        places.push(Place { name, begin, end });
        at = end;
    }
    Ok(places)
}

/// A big-endian number of two bytes.
pub(super) fn short(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_be_bytes(*bytes.get(at..)?.first_chunk()?))
}

/// A big-endian number of four bytes.
pub(super) fn long(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(*bytes.get(at..)?.first_chunk()?))
}

/// A big-endian number of eight bytes.
pub(super) fn longest(bytes: &[u8], at: usize) -> Option<u64> {
    Some(u64::from_be_bytes(*bytes.get(at..)?.first_chunk()?))
}
