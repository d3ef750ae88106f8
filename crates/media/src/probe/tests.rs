use std::io::Cursor;
use std::path::PathBuf;

use image::{DynamicImage, ImageFormat, Rgb, RgbImage, RgbaImage};

use super::picture::decode;
use super::*;

fn encoded(image: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Vec::new();
    image.write_to(&mut Cursor::new(&mut bytes), format).unwrap();
    bytes
}

fn picture(width: u32, height: u32) -> DynamicImage {
    let colour = |x: u32, y: u32| Rgb([x * 3, y * 5, x + y].map(|value| value.to_le_bytes()[0]));
    RgbImage::from_fn(width, height, colour).into()
}

fn sample(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("samples").join(name)
}

/// What the probe says of a file with this content.
async fn look(bytes: &[u8]) -> Result<Probe, MediaError> {
    let scratch = crate::scratch::Scratch::new().unwrap();
    let path = scratch.path("file");
    std::fs::write(&path, bytes).unwrap();
    probe_file(&path, &Tools::none()).await
}

#[track_caller]
fn check_refused(outcome: Result<Probe, MediaError>, message: &str) {
    let error = outcome.unwrap_err().to_string();
    assert!(error.contains(message), "{error:?} is not about {message:?}");
}

/// A JPEG with an EXIF block: its orientation, and a place if asked.
fn jpeg_with_exif(image: &DynamicImage, orientation: u8, place: bool) -> Vec<u8> {
    let plain = encoded(image, ImageFormat::Jpeg);
    let mut tiff = b"MM\0*\0\0\0\x08\0\x02\x01\x12\0\x03\0\0\0\x01\0".to_vec();
    tiff.extend([orientation, 0, 0]);
    // The directory of the place is behind the first one, which is 30 bytes long.
    tiff.extend(b"\x88\x25\0\x04\0\0\0\x01\0\0\0\x26\0\0\0\0");
    tiff.extend([0, u8::from(place)]);
    tiff.extend(b"\0\x01\0\x02\0\0\0\x02N\0\0\0\0\0\0\0");
    let mut bytes = plain[..2].to_vec();
    bytes.extend([0xff, 0xe1]);
    bytes.extend(u16::try_from(tiff.len() + 8).unwrap().to_be_bytes());
    bytes.extend(b"Exif\0\0");
    bytes.extend(tiff);
    bytes.extend(&plain[2..]);
    bytes
}

#[tokio::test]
async fn the_type_comes_from_the_content() {
    for (format, content_type) in [
        (ImageFormat::Jpeg, "image/jpeg"),
        (ImageFormat::Png, "image/png"),
        (ImageFormat::Gif, "image/gif"),
        (ImageFormat::WebP, "image/webp"),
    ] {
        let bytes = encoded(&picture(30, 20), format);
        let found = look(&bytes).await.unwrap();
        assert_eq!((found.kind, found.content_type), (Kind::Image, content_type));
        assert_eq!((found.width, found.height), (Some(30), Some(20)));
        assert!(!found.details.animated);
        assert_eq!(probe(&bytes).unwrap(), found);
        let stored = serde_json::to_string(&found).unwrap();
        assert_eq!(serde_json::from_str::<Probe>(&stored).unwrap(), found);
    }
    let clear: DynamicImage = RgbaImage::from_pixel(3, 2, image::Rgba([1, 2, 3, 0])).into();
    assert!(look(&encoded(&clear, ImageFormat::Png)).await.unwrap().details.has_alpha);
    assert!(serde_json::from_str::<Probe>(r#"{"kind":"image","content_type":"image/bmp"}"#).is_err());
}

#[tokio::test]
async fn an_image_is_measured_as_it_is_shown_and_its_place_is_noticed() {
    for (orientation, size) in [(1, (40, 30)), (3, (40, 30)), (6, (30, 40)), (8, (30, 40))] {
        let found = look(&jpeg_with_exif(&picture(40, 30), orientation, true)).await.unwrap();
        assert_eq!((found.width.unwrap(), found.height.unwrap()), size, "{orientation}");
        assert_eq!(found.details.orientation, orientation);
        assert!(found.details.has_location);
    }
    assert!(!look(&jpeg_with_exif(&picture(40, 30), 1, false)).await.unwrap().details.has_location);
}

#[tokio::test]
async fn metadata_go_and_the_picture_stays() {
    let image = picture(40, 30);
    let mut bytes = jpeg_with_exif(&image, 6, true);
    bytes.extend(b"a film that the phone put behind the picture");
    let clean = jpeg::without_metadata(&bytes).unwrap();
    let found = look(&clean).await.unwrap();
    assert!(!found.details.has_location);
    assert_eq!((found.width, found.height), (Some(30), Some(40)));
    let plain = encoded(&image, ImageFormat::Jpeg);
    assert_eq!(decode(&clean, "image/jpeg").unwrap(), decode(&plain, "image/jpeg").unwrap());
    assert_eq!(jpeg::without_metadata(&clean).unwrap(), clean);
    for (format, content_type) in [(ImageFormat::Png, "image/png"), (ImageFormat::WebP, "image/webp")] {
        let plain = encoded(&image, format);
        let clean = match format {
            ImageFormat::Png => png::without_metadata(&plain),
            _ => webp::without_metadata(&plain),
        };
        assert_eq!(decode(&clean.unwrap(), content_type).unwrap(), image);
    }
}

#[tokio::test]
async fn animations_are_told_from_stills() {
    let mut bytes = Vec::new();
    let mut encoder = image::codecs::gif::GifEncoder::new(&mut bytes);
    for _ in 0..3 {
        encoder.encode_frame(image::Frame::new(picture(8, 8).to_rgba8())).unwrap();
    }
    drop(encoder);
    assert!(look(&bytes).await.unwrap().details.animated);
    bytes.truncate(bytes.len() - 10);
    check_refused(look(&bytes).await, "its trailer is missing");
}

#[tokio::test]
async fn what_is_cut_off_or_damaged_is_refused_with_the_reason() {
    check_refused(look(b"").await, "the file is empty");
    for format in [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::Gif, ImageFormat::WebP] {
        let whole = encoded(&picture(60, 40), format);
        for length in [whole.len() / 2, whole.len() - 3, 24] {
            check_refused(look(&whole[..length]).await, "cut off");
        }
        let mut broken = whole.clone();
        let middle = whole.len() / 2;
        broken[middle..middle + 40].fill(0xa5);
        // Whether a decoder notices depends on what was hit; it must not crash or hang.
        let _ = look(&broken).await;
    }
    let mut png = encoded(&picture(60, 40), ImageFormat::Png);
    let middle = png.len() / 2;
    png[middle] ^= 0xff;
    check_refused(look(&png).await, "begins as a PNG but cannot be read");
}

#[tokio::test]
async fn what_is_no_media_is_named() {
    for (bytes, name) in [
        (&b"<?xml version=\"1.0\"?>\n<svg xmlns=\"http://www.w3.org/2000/svg\"/>"[..], "an SVG image"),
        (b"\xef\xbb\xbf  <svg/>", "an SVG image"),
        (b"<!DOCTYPE html><p>", "a web page"),
        (b"hello", "a text"),
        (b"BM\x01\x02", "a BMP image"),
        (b"PK\x03\x04\0\0", "a ZIP archive or an Office document"),
        (b"\x1aE\xdf\xa3\x01", "a WebM or Matroska video"),
        (b"RIFF\0\0\0\0AVI LIST", "an AVI video"),
        (b"\0\0\0\x14ftypqt  \0\0\0\0qt  ", "a QuickTime movie"),
        (b"\0\0\0\x08moov", "a QuickTime movie"),
        (b"\0\0\0\x18ftypavif\0\0\0\0avifmif1", "an AVIF image"),
        (b"\x00\x01\x02\xff\xfe", "of an unknown type"),
    ] {
        check_refused(look(bytes).await, &format!("the file is {name};"));
    }
}

#[tokio::test]
async fn a_picture_with_another_file_behind_it_is_refused() {
    let mut gif = encoded(&picture(8, 8), ImageFormat::Gif);
    gif.extend(b"PK\x05\x06\0\0\0\0 and so on");
    check_refused(look(&gif).await, "there is a ZIP archive behind the picture");
    let mut jpeg = encoded(&picture(8, 8), ImageFormat::Jpeg);
    jpeg.extend(b"\n<SCRIPT>alert(1)</SCRIPT>");
    check_refused(look(&jpeg).await, "there is a web page behind the picture");
    // The film of a phone's "motion photo" is no harm.
    let mut motion = encoded(&picture(8, 8), ImageFormat::Jpeg);
    motion.extend(std::fs::read(sample("silent.mp4")).unwrap());
    assert_eq!(look(&motion).await.unwrap().content_type, "image/jpeg");
}

#[tokio::test]
async fn a_decompression_bomb_takes_no_memory() {
    // A PNG of 50,000 × 50,000 pixels that says so and holds next to nothing.
    let mut png = encoded(&picture(1, 1), ImageFormat::Png);
    png[16..20].copy_from_slice(&50_000u32.to_be_bytes());
    png[20..24].copy_from_slice(&50_000u32.to_be_bytes());
    let sum = crc(&png[12..29]);
    png[29..33].copy_from_slice(&sum.to_be_bytes());
    let expected = "the image has 50000 × 50000 pixels; 120 megapixels are the most";
    check_refused(look(&png).await, expected);
    let mut gif = encoded(&picture(1, 1), ImageFormat::Gif);
    gif[6..10].copy_from_slice(&[0xff; 4]);
    check_refused(look(&gif).await, "65535 × 65535 pixels");
}

/// PNG's checksum.
fn crc(bytes: &[u8]) -> u32 {
    let mut crc = u32::MAX;
    for byte in bytes {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            crc = if crc & 1 == 1 { (crc >> 1) ^ 0xedb8_8320 } else { crc >> 1 };
        }
    }
    !crc
}

#[tokio::test]
async fn videos_are_read_without_any_program() {
    let of = |name: &'static str| async move { probe_file(&sample(name), &Tools::none()).await.unwrap() };
    let plain = of("plain.mp4").await;
    assert_eq!((plain.kind, plain.content_type), (Kind::Video, "video/mp4"));
    assert_eq!((plain.width, plain.height, plain.seconds), (Some(128), Some(72), Some(1.0)));
    assert_eq!(plain.details.video_codec.as_deref(), Some("h264"));
    assert_eq!(plain.details.audio_codec.as_deref(), Some("aac"));
    assert_eq!((plain.details.fps, plain.details.bit_depth, plain.details.hdr), (Some(25.0), Some(8), false));
    assert!(plain.details.bitrate.unwrap() > 50_000);
    assert_eq!(of("silent.mp4").await.details.audio_codec, None);
    let rotated = of("rotated.mp4").await;
    assert_eq!((rotated.width, rotated.height), (Some(72), Some(128)));
    assert_eq!(rotated.details.rotation % 180, 90);
    assert_eq!(of("slow.mp4").await.details.fps, Some(1.0));
    assert_eq!(of("fast.mp4").await.details.fps, Some(240.0));
    let hdr = of("hdr.mp4").await;
    assert_eq!((hdr.details.video_codec.as_deref(), hdr.details.bit_depth), (Some("hevc"), Some(10)));
    assert!(hdr.details.hdr);
    let fragments = of("fragments.mp4").await;
    assert_eq!((fragments.seconds, fragments.details.fps), (Some(1.0), Some(25.0)));
    assert!(of("somewhere.mp4").await.details.has_location);
    let stored = serde_json::to_string(&hdr).unwrap();
    assert_eq!(serde_json::from_str::<Probe>(&stored).unwrap(), hdr);
}

#[tokio::test]
async fn the_place_of_a_video_is_blanked_in_place() {
    let scratch = crate::scratch::Scratch::new().unwrap();
    let copy = scratch.path("copy.mp4");
    std::fs::copy(sample("somewhere.mp4"), &copy).unwrap();
    mp4::without_location(&copy).unwrap();
    let found = probe_file(&copy, &Tools::none()).await.unwrap();
    assert!(!found.details.has_location);
    let before = std::fs::read(sample("somewhere.mp4")).unwrap();
    let after = std::fs::read(&copy).unwrap();
    assert_eq!(before.len(), after.len());
    assert!(before.iter().zip(&after).filter(|(before, after)| before != after).count() < 60);
}

#[tokio::test]
async fn videos_that_cannot_be_played_are_refused_with_the_reason() {
    check_refused(probe_file(&sample("sound.mp4"), &Tools::none()).await, "there is no video track in it");
    let whole = std::fs::read(sample("plain.mp4")).unwrap();
    // The tables of this one are at its end.
    check_refused(look(&whole[..whole.len() / 2]).await, "cut off");
    let moov = whole.windows(4).position(|part| part == b"moov").unwrap();
    check_refused(look(&whole[..moov - 4]).await, "it has no moov box");
    let fast = std::fs::read(sample("silent.mp4")).unwrap();
    check_refused(look(&fast[..fast.len() - 100]).await, "it is cut off: 100 bytes are missing");
    check_refused(look(b"\0\0\0\x18ftypisom\0\0\0\0isomavc1").await, "no moov box");
    // Whatever is broken in the tables, the answer is an error or a probe, and comes at once.
    let moov = fast.windows(4).position(|part| part == b"moov").unwrap();
    for at in (moov..moov + 900).step_by(7) {
        let mut broken = fast.clone();
        broken[at] ^= 0xff;
        let _ = look(&broken).await;
    }
}

#[tokio::test]
async fn documents_are_told_by_header_and_trailer() {
    let whole = b"%PDF-1.7\n1 0 obj <</Type/Page>> endobj\nstartxref\n9\n%%EOF\n";
    let found = look(whole).await.unwrap();
    assert_eq!((found.kind, found.content_type), (Kind::Document, "application/pdf"));
    assert_eq!((found.width, found.details.pages), (None, Some(1)));
    check_refused(look(&whole[..40]).await, "its end mark is missing");
    check_refused(look(b"%PDF-1.7\n%%EOF").await, "its table of contents is missing");
}

#[tokio::test]
async fn heic_needs_a_program_and_is_read_where_it_is() {
    let refused = probe_file(&sample("picture.heic"), &Tools::none()).await;
    check_refused(refused, "reading a HEIC image needs the program heif-convert, which is not installed");
    let tools = installed();
    assert!(tools.heif_convert.is_some(), "install libheif-examples; `cargo xtask test` does it");
    let found = probe_file(&sample("picture.heic"), &tools).await.unwrap();
    assert_eq!((found.content_type, found.width, found.height), ("image/heic", Some(96), Some(64)));
    let scratch = crate::scratch::Scratch::new().unwrap();
    let path = scratch.path("broken");
    let mut bytes = std::fs::read(sample("picture.heic")).unwrap();
    bytes.truncate(bytes.len() / 2);
    std::fs::write(&path, bytes).unwrap();
    check_refused(probe_file(&path, &tools).await, "begins as a HEIC image but cannot be read");
}

#[test]
fn a_wrong_label_is_told() {
    let found = probe(&encoded(&picture(3, 2), ImageFormat::Png)).unwrap();
    found.check_declared("image/png").unwrap();
    found.check_declared("IMAGE/PNG; charset=binary").unwrap();
    let error = found.check_declared("image/jpeg").unwrap_err();
    assert_eq!(error.to_string(), "the file was declared as image/jpeg but is image/png");
}

/// The programs that this machine has.
#[expect(clippy::disallowed_methods, reason = "tests use the programs that are there")]
fn installed() -> Tools {
    Tools::find_in(std::env::var("PATH").ok().as_deref().map(std::ffi::OsStr::new))
}
