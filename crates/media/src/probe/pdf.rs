//! PDF documents: the header, the trailer, and the pages where they can be counted cheaply.

use std::fs::File;
use std::io::{Read as _, Seek as _, SeekFrom};
use std::path::Path;

use super::{Details, Kind, Probe};
use crate::MediaError;

const FORMAT: &str = "a PDF";
/// The end mark is looked for in so many last bytes, as readers do.
const TAIL_BYTES: u64 = 2_048;
/// Larger documents are not read through for their pages.
const COUNTED_BYTES: u64 = 32 * 1024 * 1024;

pub(super) fn probe(path: &Path) -> Result<Probe, MediaError> {
    let mut file = File::open(path)?;
    let size = file.metadata()?.len();
    file.seek(SeekFrom::Start(size.saturating_sub(TAIL_BYTES)))?;
    let mut tail = Vec::new();
    file.by_ref().take(TAIL_BYTES).read_to_end(&mut tail)?;
    let holds = |word: &[u8]| tail.windows(word.len()).any(|part| part == word);
    if !holds(b"%%EOF") {
        return Err(MediaError::damaged(FORMAT, "it is cut off: its end mark is missing"));
    }
    if !holds(b"startxref") {
        return Err(MediaError::damaged(FORMAT, "its table of contents is missing"));
    }
    let pages = if size <= COUNTED_BYTES { count_pages(&std::fs::read(path)?) } else { None };
    Ok(Probe {
        kind: Kind::Document,
        content_type: "application/pdf",
        width: None,
        height: None,
        seconds: None,
        details: Details { pages, orientation: 1, ..Details::default() },
    })
}

/// Pages by their objects. `None` where these are packed: they would have to be unpacked to be
/// counted.
fn count_pages(bytes: &[u8]) -> Option<u32> {
    const TYPE: &[u8] = b"/Type";
    let mut pages = 0;
    let mut rest = bytes;
    while let Some(at) = rest.windows(TYPE.len()).position(|part| part == TYPE) {
        rest = rest.get(at + TYPE.len()..)?;
        let name = rest.trim_ascii_start();
        let is_page = name.strip_prefix(b"/Page").is_some_and(|after| {
            // "/Pages" is the list of them.
            after.first().is_none_or(|next| !next.is_ascii_alphanumeric())
        });
        pages += u32::from(is_page);
    }
    (pages > 0).then_some(pages)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_are_counted_and_not_their_lists() {
        assert_eq!(count_pages(b"<</Type /Pages>> <</Type/Page>> <</Type /Page /Parent 1>>"), Some(2));
        assert_eq!(count_pages(b"<</Type/ObjStm>>"), None);
    }
}
