//! The blocks of a GIF file: whether it is whole, and whether it is animated.

use crate::MediaError;

const FORMAT: &str = "a GIF";

/// What the blocks tell.
pub(super) struct Layout {
    pub(super) pictures: u32,
    /// Where the file's trailer is.
    pub(super) end: usize,
}

pub(super) fn layout(bytes: &[u8]) -> Result<Layout, MediaError> {
    let cut_off = || MediaError::damaged(FORMAT, "it is cut off: its trailer is missing");
    let flags = *bytes.get(10).ok_or_else(cut_off)?;
    let mut at = 13 + table_bytes(flags);
    let mut pictures = 0;
    loop {
        match bytes.get(at).ok_or_else(cut_off)? {
            0x3b => return Ok(Layout { pictures, end: at + 1 }),
            0x21 => at = end_of_blocks(bytes, at + 2).ok_or_else(cut_off)?,
            0x2c => {
                pictures += 1;
                let flags = *bytes.get(at + 9).ok_or_else(cut_off)?;
                at = end_of_blocks(bytes, at + 11 + table_bytes(flags)).ok_or_else(cut_off)?;
            }
            _ => return Err(MediaError::damaged(FORMAT, "a block does not begin where the one before ends")),
        }
    }
}

fn table_bytes(flags: u8) -> usize {
    if flags & 0x80 == 0 { 0 } else { 3 << ((flags & 7) + 1) }
}

/// Behind the empty block that ends a row of blocks.
fn end_of_blocks(bytes: &[u8], mut at: usize) -> Option<usize> {
    loop {
        let length = usize::from(*bytes.get(at)?);
        at += 1 + length;
        if length == 0 {
            return Some(at);
        }
    }
}
