//! The files that posts are made with: each kind, with sizes, shapes and lengths around the limits.

use std::io::Cursor;

use bytes::Bytes;
use domain::MediaId;
use domain::rules::fit::Size;
use fanfare_testkit::Server;
use image::codecs::gif::GifEncoder;
use image::{DynamicImage, Frame, ImageFormat, Rgb, RgbImage, Rgba, RgbaImage};
use media::{Known, Probe};

use crate::films::Film;

/// What a file is good for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shelf {
    Image,
    Video,
    Document,
    /// One image of many that fit everywhere.
    Plain,
    /// So large that few posts have it.
    Heavy,
}

/// A file of the library.
pub(crate) struct File {
    pub(crate) shelf: Shelf,
    pub(crate) name: String,
    pub(crate) bytes: Bytes,
    pub(crate) id: MediaId,
    pub(crate) sha256: String,
    pub(crate) kind: String,
    pub(crate) content_type: String,
    pub(crate) probe: Probe,
}

impl File {
    pub(crate) fn size(&self) -> Option<Size> {
        self.probe.width.zip(self.probe.height).map(|(width, height)| Size { width, height })
    }

    pub(crate) fn known(&self) -> Known<'_> {
        Known {
            kind: &self.kind,
            content_type: &self.content_type,
            size_bytes: self.bytes.len() as u64,
            size: self.size(),
            probe: Some(&self.probe),
            may_become_film: false,
        }
    }
}

/// Puts all of them into the server's library.
pub(crate) async fn fill(server: &Server) -> Vec<File> {
    let mut files = Vec::new();
    for (shelf, name, bytes) in everything() {
        let id: MediaId = MediaId(server.store_file(&name, &bytes).await.parse().unwrap());
        let rows = server.app.store.find_media(server.organization.id, &[id]).await.unwrap();
        let row = rows.into_iter().next().unwrap();
        let probe = serde_json::from_str(row.facts.as_deref().unwrap()).unwrap();
        let (sha256, kind, content_type) = (row.sha256, row.kind, row.content_type);
        files.push(File { shelf, name, bytes: bytes.into(), id, sha256, kind, content_type, probe });
    }
    files
}

/// Where a file stands, its name and its bytes.
type Named = (Shelf, String, Vec<u8>);

fn everything() -> Vec<Named> {
    let mut all = [images(), films()].concat();
    let mut add = |shelf, name: &str, bytes| all.push((shelf, name.to_owned(), bytes));
    for size in [600, 10_485_760, 10_485_761] {
        add(Shelf::Document, &format!("{size}.pdf"), pdf(size));
    }
    for size in [50_000_000, 50_000_001] {
        add(Shelf::Heavy, &format!("{size}.pdf"), pdf(size));
        let film = Film { size_bytes: size, ..Film::USUAL };
        add(Shelf::Heavy, &format!("{size}.mp4"), film.bytes());
    }
    all
}

fn images() -> Vec<Named> {
    let mut all = Vec::new();
    let mut add = |shelf, name: &str, bytes| all.push((shelf, name.to_owned(), bytes));
    // Shapes: square, at and beyond 4:5 and 1.91:1, tall as a phone, hardly a line; small and large.
    for (width, height) in [
        (1_080, 1_080),
        (800, 1_000),
        (799, 1_000),
        (1_910, 1_000),
        (1_911, 1_000),
        (1_080, 1_920),
        (1_081, 1_920),
        (1_920, 1_080),
        (2_000, 100),
        (2_001, 100),
        (64, 1_280),
        (320, 400),
        (199, 199),
        (10, 10),
        (1, 1),
        (9_000, 1_001),
        (1_441, 1_441),
    ] {
        add(Shelf::Image, &format!("{width}x{height}.jpg"), jpeg(width, height, 0));
    }
    // Bytes: at and beyond what Bluesky, TikTok, Facebook, X, Instagram, Telegram and Discord take.
    for size in [1_000_000, 2_000_000, 4_194_304, 5_242_880, 8_388_608, 10_000_000, 10_485_760] {
        for size in [size, size + 1] {
            add(Shelf::Image, &format!("{size}.jpg"), jpeg(640, 640, size));
        }
    }
    for shade in 0..40 {
        let image = RgbImage::from_pixel(320, 320, Rgb([shade * 6, 90, 40])).into();
        add(Shelf::Plain, &format!("plain {shade}.jpg"), encoded(&image, ImageFormat::Jpeg));
    }
    let plain: DynamicImage = RgbImage::from_pixel(640, 640, Rgb([90, 120, 200])).into();
    let clear: DynamicImage = RgbaImage::from_pixel(640, 480, Rgba([90, 120, 200, 90])).into();
    add(Shelf::Image, "plain.png", encoded(&plain, ImageFormat::Png));
    add(Shelf::Image, "clear.png", encoded(&clear, ImageFormat::Png));
    add(Shelf::Image, "plain.webp", encoded(&plain, ImageFormat::WebP));
    add(Shelf::Image, "clear.webp", encoded(&clear, ImageFormat::WebP));
    add(Shelf::Image, "plain.gif", gif(1, 480));
    add(Shelf::Image, "moving.gif", gif(3, 480));
    all
}

fn films() -> Vec<Named> {
    let mut all = Vec::new();
    let mut add = |shelf, name: &str, bytes| all.push((shelf, name.to_owned(), bytes));
    for (millis, name) in [
        (200, "0.2 s"),
        (999, "0.999 s"),
        (1_000, "1 s"),
        (2_999, "2.999 s"),
        (3_000, "3 s"),
        (3_999, "3.999 s"),
        (4_000, "4 s"),
        (60_000, "60 s"),
        (60_001, "60.001 s"),
        (90_000, "90 s"),
        (90_001, "90.001 s"),
        (140_000, "140 s"),
        (140_001, "140.001 s"),
        (180_000, "180 s"),
        (181_000, "181 s"),
        (300_000, "300 s"),
        (300_001, "300.001 s"),
        (600_000, "600 s"),
        (600_001, "600.001 s"),
        (900_000, "900 s"),
        (900_001, "900.001 s"),
        (4_000_000, "4000 s"),
    ] {
        add(Shelf::Video, &format!("{name}.mp4"), Film { millis, ..Film::USUAL }.bytes());
    }
    for (width, height) in [
        (720, 1_280),
        (1_080, 1_920),
        (1_920, 1_080),
        (1_920, 800),
        (3_840, 2_160),
        (1_080, 1_922),
        (358, 640),
        (360, 360),
        (640, 200),
        (200, 640),
        (1_280, 120),
    ] {
        let film = Film { width, height, ..Film::USUAL };
        add(Shelf::Video, &format!("{width}x{height}.mp4"), film.bytes());
    }
    for fps in [10, 22, 23, 60, 61, 120] {
        add(Shelf::Video, &format!("{fps} fps.mp4"), Film { fps, ..Film::USUAL }.bytes());
    }
    add(Shelf::Video, "hevc.mp4", Film { codec: *b"hvc1", ..Film::USUAL }.bytes());
    add(Shelf::Video, "av1.mp4", Film { codec: *b"av01", ..Film::USUAL }.bytes());
    add(Shelf::Video, "silent.mp4", Film { sound: false, ..Film::USUAL }.bytes());
    let endless = Film { millis: 4_000_000, size_bytes: 10_485_761, ..Film::USUAL };
    add(Shelf::Video, "endless.mp4", endless.bytes());
    for size_bytes in [74_999, 75_000] {
        add(Shelf::Video, &format!("{size_bytes}.mp4"), Film { size_bytes, ..Film::USUAL }.bytes());
    }
    for size_bytes in [10_485_760, 10_485_761] {
        add(Shelf::Video, &format!("{size_bytes}.mp4"), Film { size_bytes, ..Film::USUAL }.bytes());
    }
    all
}

fn encoded(image: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Vec::new();
    image.write_to(&mut Cursor::new(&mut bytes), format).unwrap();
    bytes
}

/// A JPEG of this size, with comments in it until it has so many bytes.
fn jpeg(width: u32, height: u32, size_bytes: usize) -> Vec<u8> {
    const MOST: usize = 65_533;
    let plain = encoded(&RgbImage::from_pixel(width, height, Rgb([200, 120, 40])).into(), ImageFormat::Jpeg);
    let mut bytes = plain[..2].to_vec();
    let mut missing = size_bytes.saturating_sub(plain.len());
    while missing > 0 {
        // A comment has four bytes of its own; what is left over must have room for them.
        let piece = if missing > MOST + 4 + 4 { MOST } else { missing.saturating_sub(4).min(MOST) };
        bytes.extend([0xff, 0xfe]);
        bytes.extend(u16::try_from(piece + 2).unwrap().to_be_bytes());
        bytes.extend(vec![b'a'; piece]);
        missing -= piece + 4;
    }
    bytes.extend(&plain[2..]);
    bytes
}

fn gif(pictures: u8, side: u32) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = GifEncoder::new(&mut bytes);
    for shade in 0..pictures {
        encoder
            .encode_frame(Frame::new(RgbaImage::from_pixel(side, side, Rgba([shade * 40, 90, 90, 255]))))
            .unwrap();
    }
    drop(encoder);
    bytes
}

/// One empty page, with comments behind it until there are so many bytes.
fn pdf(size_bytes: usize) -> Vec<u8> {
    const HEAD: &str = "%PDF-1.4\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n\
2 0 obj\n<< /Type /Pages /Kids [3 0 R] /Count 1 >>\nendobj\n\
3 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] >>\nendobj\n";
    const TAIL: &str = "\nxref\n0 4\n0000000000 65535 f \n0000000009 00000 n \n0000000058 00000 n \n\
0000000115 00000 n \ntrailer\n<< /Size 4 /Root 1 0 R >>\nstartxref\n187\n%%EOF\n";
    let filling = size_bytes.saturating_sub(HEAD.len() + TAIL.len() + 1);
    [HEAD.as_bytes(), b"%", &vec![b' '; filling], TAIL.as_bytes()].concat()
}
