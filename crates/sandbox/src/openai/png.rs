//! Pictures of any size with two colours: a frame around a ground, both made from a text.

use sha2::{Digest as _, Sha256};

use crate::core::avatar::{chunk, stored_zlib};

/// A PNG of `width` by `height`.
pub(super) fn plain(text: &str, width: u32, height: u32) -> Vec<u8> {
    let digest = Sha256::digest(text.as_bytes());
    let ink = [digest[0] / 2, digest[1] / 2, digest[2] / 2];
    let ground = ink.map(|part| 255 - part);
    let mut header = Vec::new();
    header.extend(width.to_be_bytes());
    header.extend(height.to_be_bytes());
    // One bit a pixel, colours from a palette, no filter, no interlace.
    header.extend([1, 3, 0, 0, 0]);
    let mut image = vec![0x89, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a];
    chunk(&mut image, *b"IHDR", &header);
    chunk(&mut image, *b"PLTE", &[ground, ink].concat());
    chunk(&mut image, *b"IDAT", &stored_zlib(&rows(width, height)));
    chunk(&mut image, *b"IEND", &[]);
    image
}

fn rows(width: u32, height: u32) -> Vec<u8> {
    let bytes = usize::try_from(width.div_ceil(8)).unwrap_or(0);
    let mut rows = Vec::new();
    for y in 0..height {
        rows.push(0);
        let is_frame = y < 16 || y + 16 >= height;
        rows.extend(std::iter::repeat_n(if is_frame { 0xff } else { 0 }, bytes));
    }
    rows
}
