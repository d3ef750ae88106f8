//! Content identifiers: DAG-CBOR of a record, hashed, written in base32. Equal content has an equal
//! identifier on every server, and clients compare them.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use serde_json::Value;
use sha2::{Digest as _, Sha256};

const DAG_CBOR: u8 = 0x71;
const RAW: u8 = 0x55;
const ALPHABET: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";

/// The identifier of a record.
pub(super) fn of_record(record: &Value) -> String {
    let mut bytes = Vec::new();
    encode(record, &mut bytes);
    identifier(DAG_CBOR, &bytes)
}

/// The identifier of a file.
pub(super) fn of_blob(bytes: &[u8]) -> String {
    identifier(RAW, bytes)
}

fn identifier(codec: u8, bytes: &[u8]) -> String {
    let mut cid = vec![1, codec, 0x12, 0x20];
    cid.extend_from_slice(&Sha256::digest(bytes));
    format!("b{}", base32(&cid))
}

/// Lower-case base32 without padding (RFC 4648).
pub(super) fn base32(bytes: &[u8]) -> String {
    let mut text = String::new();
    let (mut buffer, mut bits) = (0_u32, 0);
    for byte in bytes {
        buffer = (buffer << 8) | u32::from(*byte);
        bits += 8;
        while bits >= 5 {
            bits -= 5;
            text.push(char::from(ALPHABET[(buffer >> bits) as usize & 31]));
        }
        buffer &= (1 << bits) - 1;
    }
    if bits > 0 {
        text.push(char::from(ALPHABET[(buffer << (5 - bits)) as usize & 31]));
    }
    text
}

fn from_base32(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let (mut buffer, mut bits) = (0_u32, 0);
    for letter in text.bytes() {
        let value = ALPHABET.iter().position(|known| *known == letter)?;
        buffer = (buffer << 5) | u32::try_from(value).ok()?;
        bits += 5;
        if bits >= 8 {
            bits -= 8;
            bytes.push(u8::try_from((buffer >> bits) & 255).ok()?);
        }
        buffer &= (1 << bits) - 1;
    }
    Some(bytes)
}

/// Deterministic CBOR: shortest lengths, map keys by length and then bytes.
fn encode(value: &Value, out: &mut Vec<u8>) {
    match value {
        Value::Null => out.push(0xf6),
        Value::Bool(false) => out.push(0xf4),
        Value::Bool(true) => out.push(0xf5),
        Value::Number(number) => match (number.as_u64(), number.as_i64()) {
            (Some(positive), _) => head(0, positive, out),
            (None, Some(negative)) => head(1, negative.unsigned_abs() - 1, out),
            (None, None) => {
                out.push(0xfb);
                out.extend_from_slice(&number.as_f64().unwrap_or(0.0).to_be_bytes());
            }
        },
        Value::String(text) => {
            head(3, text.len() as u64, out);
            out.extend_from_slice(text.as_bytes());
        }
        Value::Array(items) => {
            head(4, items.len() as u64, out);
            for item in items {
                encode(item, out);
            }
        }
        Value::Object(members) => {
            if let (1, Some(link)) = (members.len(), members.get("$link").and_then(Value::as_str)) {
                return encode_link(link, out);
            }
            if let (1, Some(text)) = (members.len(), members.get("$bytes").and_then(Value::as_str)) {
                let bytes = STANDARD_NO_PAD.decode(text.trim_end_matches('=')).unwrap_or_default();
                head(2, bytes.len() as u64, out);
                return out.extend_from_slice(&bytes);
            }
            let mut sorted: Vec<_> = members.iter().collect();
            sorted.sort_by(|(a, _), (b, _)| a.len().cmp(&b.len()).then_with(|| a.cmp(b)));
            head(5, sorted.len() as u64, out);
            for (name, member) in sorted {
                head(3, name.len() as u64, out);
                out.extend_from_slice(name.as_bytes());
                encode(member, out);
            }
        }
    }
}

/// A link is tag 42 around the identifier's bytes behind a zero.
fn encode_link(link: &str, out: &mut Vec<u8>) {
    let cid = link.strip_prefix('b').and_then(from_base32).unwrap_or_default();
    out.extend_from_slice(&[0xd8, 42]);
    head(2, cid.len() as u64 + 1, out);
    out.push(0);
    out.extend_from_slice(&cid);
}

#[expect(clippy::cast_possible_truncation, reason = "each arm has checked the range")]
fn head(major: u8, length: u64, out: &mut Vec<u8>) {
    let major = major << 5;
    match length {
        0..=23 => out.push(major | length as u8),
        24..=0xff => out.extend_from_slice(&[major | 0x18, length as u8]),
        0x100..=0xffff => {
            out.push(major | 0x19);
            out.extend_from_slice(&(length as u16).to_be_bytes());
        }
        0x1_0000..=0xffff_ffff => {
            out.push(major | 0x1a);
            out.extend_from_slice(&(length as u32).to_be_bytes());
        }
        _ => {
            out.push(major | 0x1b);
            out.extend_from_slice(&length.to_be_bytes());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    /// Bytes by RFC 8949 and the DAG-CBOR specification.
    #[test]
    fn encoding_is_canonical() {
        let mut out = Vec::new();
        encode(&json!({"bb": 1, "a": [true, null, -1, 24, "é"]}), &mut out);
        let expect =
            [0xa2, 0x61, b'a', 0x85, 0xf5, 0xf6, 0x20, 0x18, 24, 0x62, 0xc3, 0xa9, 0x62, b'b', b'b', 1];
        assert_eq!(out, expect);
    }

    #[test]
    fn an_empty_file_has_the_identifier_that_every_server_gives_it() {
        assert_eq!(of_blob(b""), "bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku");
    }

    #[test]
    fn links_are_bytes_behind_a_tag() {
        let link = of_blob(b"x");
        let mut out = Vec::new();
        encode(&json!({"$link": link}), &mut out);
        assert_eq!(&out[..5], &[0xd8, 42, 0x58, 37, 0]);
        assert_eq!(out.len(), 41);
        assert_eq!(format!("b{}", base32(&from_base32(&link[1..]).unwrap())), link);
    }
}
