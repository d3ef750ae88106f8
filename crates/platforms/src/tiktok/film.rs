//! How long a video is, by the header of an MP4 or MOV (ISO 14496-12): boxes are walked, so that
//! little of a large file is read.

use connector::{Cx, Failure, MediaItem};

/// A file with more boxes side by side than this is not looked through.
const BOXES_MAX: usize = 64;

/// The seconds that the header names; `None` for files that have no such header.
pub(super) async fn seconds(cx: &Cx<'_>, item: &MediaItem) -> Result<Option<f64>, Failure> {
    let Some((start, end)) = find(cx, item, (0, item.size_bytes), *b"moov").await? else { return Ok(None) };
    let Some((start, _)) = find(cx, item, (start, end), *b"mvhd").await? else { return Ok(None) };
    Ok(length(&cx.media.read(item.id, start, 32).await?))
}

/// Where the content of the first box of this kind begins and ends.
async fn find(
    cx: &Cx<'_>,
    item: &MediaItem,
    within: (u64, u64),
    kind: [u8; 4],
) -> Result<Option<(u64, u64)>, Failure> {
    let (mut start, end) = within;
    for _ in 0..BOXES_MAX {
        if start >= end {
            break;
        }
        let head = cx.media.read(item.id, start, 16).await?;
        let Some((header, size)) = measure(&head, end - start) else { break };
        if head.get(4..8) == Some(&kind[..]) {
            return Ok(Some((start + header, start + size)));
        }
        start += size;
    }
    Ok(None)
}

/// The sizes of a box's header and of the whole box, of which `left` bytes can be there at most.
fn measure(head: &[u8], left: u64) -> Option<(u64, u64)> {
    let (header, size) = match number(head, 0)? {
        0 => (8, left),
        1 => (16, u64::from(number(head, 8)?) << 32 | u64::from(number(head, 12)?)),
        size => (8, u64::from(size)),
    };
    (size >= header && size <= left).then_some((header, size))
}

/// The length in a movie header: in units of which so many are a second.
fn length(header: &[u8]) -> Option<f64> {
    let (scale, units) = if *header.first()? == 1 {
        (number(header, 20)?, u64::from(number(header, 24)?) << 32 | u64::from(number(header, 28)?))
    } else {
        (number(header, 12)?, u64::from(number(header, 16)?))
    };
    // Lengths beyond what fits are longer than any that is taken.
    let units = u32::try_from(units).unwrap_or(u32::MAX);
    (scale > 0).then(|| f64::from(units) / f64::from(scale))
}

fn number(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_of_a_movie_header_are_read() {
        let mut short = vec![0; 32];
        short[12..16].copy_from_slice(&1_000_u32.to_be_bytes());
        short[16..20].copy_from_slice(&2_500_u32.to_be_bytes());
        assert_eq!(length(&short), Some(2.5));
        let mut long = vec![0; 32];
        long[0] = 1;
        long[20..24].copy_from_slice(&600_u32.to_be_bytes());
        long[28..32].copy_from_slice(&6_000_u32.to_be_bytes());
        assert_eq!(length(&long), Some(10.0));
        assert_eq!(length(&[0; 32]), None);
        assert_eq!(length(&[]), None);
    }

    #[test]
    fn a_box_that_says_to_be_larger_than_the_file_is_none() {
        assert_eq!(measure(b"\0\0\0\x18moov\0\0\0\0\0\0\0\0", 30), Some((8, 24)));
        assert_eq!(measure(b"\0\0\0\0mdat\0\0\0\0\0\0\0\0", 30), Some((8, 30)));
        assert_eq!(measure(b"\0\0\0\x01mdat\0\0\0\0\0\0\0\x1c", 30), Some((16, 28)));
        for bad in [&b"\0\0\0\x07moov"[..], b"\0\0\0\x1fmoov", b"\0\0\0\x01moov", b"\0\0"] {
            assert_eq!(measure(bad, 30), None, "{bad:?}");
        }
    }
}
