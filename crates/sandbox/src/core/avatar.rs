//! Pictures of accounts: a small PNG in a colour made from the account's id.

use axum::response::{IntoResponse, Response};
use http::header;
use sha2::{Digest, Sha256};

const SIDE: u32 = 64;

/// The picture of `name` as an answer.
pub(crate) fn answer(name: &str) -> Response {
    ([(header::CONTENT_TYPE, "image/png")], png(name)).into_response()
}

/// A disc on a pale ground, 64 by 64, in a colour made from `name`.
pub(crate) fn png(name: &str) -> Vec<u8> {
    let digest = Sha256::digest(name.as_bytes());
    let ink = [digest[0] / 2 + 40, digest[1] / 2 + 40, digest[2] / 2 + 40];
    let ground = ink.map(|part| 255 - (255 - part) / 4);
    let mut header = Vec::new();
    header.extend(SIDE.to_be_bytes());
    header.extend(SIDE.to_be_bytes());
    // 8 bits a pixel, colours from a palette, no filter, no interlace.
    header.extend([8, 3, 0, 0, 0]);
    let mut image = vec![0x89, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a];
    chunk(&mut image, *b"IHDR", &header);
    chunk(&mut image, *b"PLTE", &[ground, ink].concat());
    chunk(&mut image, *b"IDAT", &stored_zlib(&rows()));
    chunk(&mut image, *b"IEND", &[]);
    image
}

fn rows() -> Vec<u8> {
    let middle = SIDE / 2;
    let mut rows = Vec::new();
    for y in 0..SIDE {
        rows.push(0);
        for x in 0..SIDE {
            let distance = x.abs_diff(middle).pow(2) + y.abs_diff(middle).pow(2);
            rows.push(u8::from(distance < (SIDE / 3).pow(2)));
        }
    }
    rows
}

/// A zlib stream of stored blocks.
pub(crate) fn stored_zlib(data: &[u8]) -> Vec<u8> {
    let mut stream = vec![0x78, 0x01];
    let mut blocks = data.chunks(usize::from(u16::MAX)).peekable();
    while let Some(block) = blocks.next() {
        let length = u16::try_from(block.len()).unwrap_or(u16::MAX);
        stream.push(u8::from(blocks.peek().is_none()));
        stream.extend(length.to_le_bytes());
        stream.extend((!length).to_le_bytes());
        stream.extend(block);
    }
    let (mut low, mut high) = (1_u32, 0_u32);
    for byte in data {
        low = (low + u32::from(*byte)) % 65_521;
        high = (high + low) % 65_521;
    }
    stream.extend(((high << 16) | low).to_be_bytes());
    stream
}

/// Adds a chunk of a PNG.
pub(crate) fn chunk(image: &mut Vec<u8>, kind: [u8; 4], data: &[u8]) {
    image.extend(u32::try_from(data.len()).unwrap_or(0).to_be_bytes());
    let checked = [&kind[..], data].concat();
    image.extend(&checked);
    image.extend(crc32(&checked).to_be_bytes());
}

fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |sum, byte| {
        (0..8).fold(
            sum ^ u32::from(*byte),
            |sum, _| {
                if sum & 1 == 1 { (sum >> 1) ^ 0xEDB8_8320 } else { sum >> 1 }
            },
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_checksum_is_the_one_of_png() {
        assert_eq!(crc32(b"IEND"), 0xAE42_6082);
        assert!(png("a") != png("b"));
    }
}
