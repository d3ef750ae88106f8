//! The type of a file by its first bytes, and the names of types that are refused.

use crate::MediaError;

/// A type that is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    Jpeg,
    Png,
    Gif,
    WebP,
    Heic,
    Mp4,
    Pdf,
}

impl Format {
    /// The format with its article.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Jpeg => "a JPEG",
            Self::Png => "a PNG",
            Self::Gif => "a GIF",
            Self::WebP => "a WebP",
            Self::Heic => "a HEIC image",
            Self::Mp4 => "an MP4",
            Self::Pdf => "a PDF",
        }
    }
}

/// The type that the first bytes of a file tell.
///
/// # Errors
/// [`MediaError::Unsupported`] with the name of what it is, where that is known.
pub(super) fn format_of(head: &[u8]) -> Result<Format, MediaError> {
    if head.is_empty() {
        return Err(MediaError::Empty);
    }
    let refused = |what| Err(MediaError::Unsupported { what });
    if head.starts_with(b"\xff\xd8\xff") {
        return Ok(Format::Jpeg);
    }
    if head.starts_with(b"\x89PNG\r\n\x1a\n") {
        return Ok(Format::Png);
    }
    if head.starts_with(b"GIF87a") || head.starts_with(b"GIF89a") {
        return Ok(Format::Gif);
    }
    if head.starts_with(b"%PDF-") {
        return Ok(Format::Pdf);
    }
    match (head.get(..4), head.get(8..12)) {
        (Some(b"RIFF"), Some(b"WEBP")) => return Ok(Format::WebP),
        (Some(b"RIFF"), Some(b"AVI ")) => return refused("an AVI video"),
        (Some(b"RIFF"), Some(b"WAVE")) => return refused("a WAV sound"),
        _ => {}
    }
    if head.get(4..8) == Some(b"ftyp") {
        return by_brands(head);
    }
    // Without ftyp, as old cameras and cut-off writers leave it.
    if let Some(b"moov" | b"mdat" | b"wide" | b"free" | b"skip" | b"pnot") = head.get(4..8) {
        return refused("a QuickTime movie");
    }
    refused(name_of(head))
}

/// ISO files say in their first box what they are.
fn by_brands(head: &[u8]) -> Result<Format, MediaError> {
    let size = head.first_chunk::<4>().map_or(0, |size| u32::from_be_bytes(*size));
    let end = usize::try_from(size).unwrap_or(0).min(head.len());
    let major = head.get(8..12).unwrap_or_default();
    let mut brands = vec![major];
    brands.extend(head.get(16..end).unwrap_or_default().chunks_exact(4));
    let has = |names: &[&[u8; 4]]| brands.iter().any(|brand| names.iter().any(|name| brand == name));
    let refused = |what| Err(MediaError::Unsupported { what });
    if has(&[b"avif", b"avis"]) {
        return refused("an AVIF image");
    }
    if has(&[b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx"]) {
        return Ok(Format::Heic);
    }
    match major {
        b"mif1" | b"msf1" => Ok(Format::Heic),
        b"qt  " => refused("a QuickTime movie"),
        b"crx " => refused("a raw photo"),
        b"M4A " | b"M4B " | b"F4A " => refused("an MPEG-4 sound"),
        _ => Ok(Format::Mp4),
    }
}

fn name_of(head: &[u8]) -> &'static str {
    const MAGIC: [(&[u8], &str); 19] = [
        (b"BM", "a BMP image"),
        (b"II*\0", "a TIFF image"),
        (b"MM\0*", "a TIFF image"),
        (b"\0\0\x01\0", "an icon"),
        (b"8BPS", "a Photoshop file"),
        (b"\x1aE\xdf\xa3", "a WebM or Matroska video"),
        (b"FLV", "a Flash video"),
        (b"OggS", "an Ogg file"),
        (b"ID3", "an MP3 sound"),
        (b"\0\0\x01\xba", "an MPEG video"),
        (b"PK\x03\x04", "a ZIP archive or an Office document"),
        (b"\x1f\x8b", "a gzip archive"),
        (b"Rar!", "a RAR archive"),
        (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
        (b"\xd0\xcf\x11\xe0", "an old Office document"),
        (b"MZ", "a Windows program"),
        (b"\x7fELF", "a program"),
        (b"\xff\x0a", "a JPEG XL image"),
        (b"\0\0\0\x0cJXL ", "a JPEG XL image"),
    ];
    if let Some((_, name)) = MAGIC.iter().find(|(magic, _)| head.starts_with(magic)) {
        return name;
    }
    let text = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii_start();
    let lower = text.get(..text.len().min(1_024)).unwrap_or_default().to_ascii_lowercase();
    let holds = |word: &[u8]| lower.windows(word.len()).any(|part| part == word);
    if lower.starts_with(b"<") {
        // Scripts can be in it, and no platform takes it.
        return match (holds(b"<svg"), holds(b"<html") || holds(b"<!doctype html")) {
            (true, false) => "an SVG image",
            (_, true) => "a web page",
            (false, false) => "an XML or HTML text",
        };
    }
    if std::str::from_utf8(text.get(..text.len().min(256)).unwrap_or_default()).is_ok() {
        return "a text";
    }
    "of an unknown type"
}

/// What begins in `rest`, the bytes behind an image's end, if that is a file that could be run or
/// shown in the image's place.
pub(super) fn stowaway(rest: &[u8]) -> Option<&'static str> {
    // The end of a ZIP archive, by which it is found: its beginning is short enough for chance.
    const MAGIC: [(&[u8], &str); 5] = [
        (b"PK\x05\x06\0\0\0\0", "a ZIP archive"),
        (b"Rar!\x1a\x07", "a RAR archive"),
        (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
        (b"%PDF-", "a PDF"),
        (b"<?php", "a PHP program"),
    ];
    let found = (0..rest.len()).find_map(|at| {
        let here = rest.get(at..)?;
        MAGIC.iter().find(|(magic, _)| here.starts_with(magic)).map(|(_, name)| *name)
    });
    let lower = rest.to_ascii_lowercase();
    let holds = |word: &[u8]| lower.windows(word.len()).any(|part| part == word);
    found.or_else(|| (holds(b"<script") || holds(b"<html") || holds(b"<svg")).then_some("a web page"))
}
