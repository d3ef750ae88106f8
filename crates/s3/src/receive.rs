//! Bodies on their way into a file, checked against what the request says of them.

use axum::body::Body;
use axum::http::HeaderMap;
use futures_util::StreamExt as _;
use sha2::{Digest as _, Sha256};
use tokio::io::AsyncWriteExt as _;

use crate::answer::Refusal;
use crate::auth::{Payload, hex};
use crate::objects::{Objects, Stored};

/// The largest object that one request brings, in bytes.
const LARGEST: u64 = 5 * 1024 * 1024 * 1024;

/// Receives a body.
pub(crate) async fn receive(
    objects: &Objects,
    headers: &HeaderMap,
    payload: &Payload,
    body: Body,
) -> Result<Stored, Refusal> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    if text("content-encoding").is_some_and(|encoding| encoding.contains("aws-chunked")) {
        return Err(Refusal::new(501, "NotImplemented", "Signed chunks are not taken."));
    }
    let Some(announced) = text("content-length").and_then(|length| length.parse::<u64>().ok()) else {
        return Err(Refusal::new(
            411,
            "MissingContentLength",
            "You must provide the Content-Length HTTP header.",
        ));
    };
    if announced > LARGEST {
        return Err(Refusal::new(
            400,
            "EntityTooLarge",
            "Your proposed upload exceeds the maximum allowed size",
        ));
    }
    let mut stored = Stored { path: objects.new_path(), size: 0, tag: String::new() };
    let mut file = tokio::fs::File::create(&stored.path).await?;
    let (mut hash, mut check) = (Sha256::new(), Crc32::default());
    let mut pieces = body.into_data_stream();
    while let Some(piece) = pieces.next().await {
        let piece = piece.map_err(|_| Refusal::new(400, "IncompleteBody", "The body broke off."))?;
        stored.size += piece.len() as u64;
        hash.update(&piece);
        check.update(&piece);
        file.write_all(&piece).await?;
    }
    file.flush().await?;
    let sha256 = hex(&hash.finalize());
    if matches!(payload, Payload::Hash(signed) if *signed != sha256) {
        let message = "The provided 'x-amz-content-sha256' header does not match what was computed.";
        return Err(Refusal::new(400, "XAmzContentSHA256Mismatch", message));
    }
    if let Some(declared) = text("x-amz-checksum-crc32")
        && declared != check.to_base64()
    {
        return Err(Refusal::new(
            400,
            "BadDigest",
            "The CRC32 you specified did not match the calculated checksum.",
        ));
    }
    stored.tag = format!("\"{}\"", &sha256[..32]);
    Ok(stored)
}

/// The checksum that newer clients send along.
struct Crc32(u32);

impl Default for Crc32 {
    fn default() -> Self {
        Self(u32::MAX)
    }
}

impl Crc32 {
    fn update(&mut self, bytes: &[u8]) {
        const TABLE: [u32; 256] = table();
        for byte in bytes {
            let index = (self.0 ^ u32::from(*byte)) & 0xff;
            self.0 = (self.0 >> 8) ^ TABLE[index as usize];
        }
    }

    fn to_base64(&self) -> String {
        const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        let bits = u64::from(!self.0) << 4;
        let mut text: String =
            (0..6).rev().map(|at| char::from(LETTERS[((bits >> (at * 6)) & 63) as usize])).collect();
        text.push_str("==");
        text
    }
}

const fn table() -> [u32; 256] {
    let mut table = [0; 256];
    let mut index = 0;
    while index < 256 {
        let mut value = index;
        let mut bit = 0;
        while bit < 8 {
            value = if value & 1 == 1 { (value >> 1) ^ 0xedb8_8320 } else { value >> 1 };
            bit += 1;
        }
        table[index as usize] = value;
        index += 1;
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_checksum_is_the_known_one() {
        let mut check = Crc32::default();
        check.update(b"1234");
        check.update(b"56789");
        // 0xCBF43926 is the published check value of this checksum.
        assert_eq!(check.to_base64(), "y/Q5Jg==");
    }
}
