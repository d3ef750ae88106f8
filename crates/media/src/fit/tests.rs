use std::ffi::OsStr;
use std::io::Cursor;
use std::time::Duration;

use domain::rules::fit::{Frame, ImageFacts, Plan, Recipe, Size, VideoFacts, plan_image, plan_video};
use domain::rules::{ImageRules, VideoRules};
use image::{DynamicImage, ImageFormat, Rgb, RgbImage, Rgba, RgbaImage};

use super::*;
use crate::tools::run;

const RED: Rgb<u8> = Rgb([230, 20, 20]);
const BLUE: Rgb<u8> = Rgb([20, 20, 230]);

/// A media folder of its own, and the programs of this machine.
struct Place {
    files: MediaFiles,
    tools: Tools,
    scratch: Scratch,
}

impl Place {
    fn new() -> Self {
        let scratch = Scratch::new().unwrap();
        let files = MediaFiles::open(&scratch.path("media")).unwrap();
        Self { files, tools: installed(), scratch }
    }

    fn ffmpeg(&self) -> &Path {
        self.tools.ffmpeg.as_deref().expect("install ffmpeg; `cargo xtask test` does it")
    }

    /// Stores a file and looks into it.
    async fn store(&self, bytes: &[u8]) -> (StoredFile, Probe) {
        let stored = self.files.put(bytes).await.unwrap();
        let path = self.files.path(&stored.sha256).unwrap();
        let probe = probe_file(&path, &self.tools).await.unwrap();
        (stored, probe)
    }

    async fn fit(&self, stored: &StoredFile, probe: &Probe, recipe: &Recipe) -> Result<Fitted, MediaError> {
        let original = Original {
            sha256: &stored.sha256,
            content_type: probe.content_type,
            size: size_of(probe),
            orientation: probe.details.orientation,
        };
        self.files.fit(&self.tools, &original, recipe).await
    }

    async fn probe(&self, fitted: &Fitted) -> Probe {
        probe_file(&self.files.path(&fitted.stored.sha256).unwrap(), &self.tools).await.unwrap()
    }

    async fn image(&self, bytes: &[u8], rules: &ImageRules, frame: Frame) -> (Fitted, RgbImage) {
        let (stored, probe) = self.store(bytes).await;
        let recipe = convert(plan_image(rules, &image_facts(&stored, &probe), frame));
        let fitted = self.fit(&stored, &probe, &recipe).await.unwrap();
        let again = self.fit(&stored, &probe, &recipe).await.unwrap();
        assert_eq!(again, fitted, "the same recipe gives the same copy");
        let looked = self.probe(&fitted).await;
        assert_eq!(looked.content_type, fitted.content_type);
        assert_eq!(size_of(&looked), fitted.size);
        assert_eq!(
            plan_image(rules, &image_facts(&fitted.stored, &looked), frame),
            Plan::Untouched,
            "a copy is not fitted again"
        );
        let bytes = self.files.read(&fitted.stored.sha256, 0, u64::MAX).await.unwrap();
        let image = image::load_from_memory(&bytes).unwrap().to_rgb8();
        (fitted, image)
    }

    async fn video(&self, bytes: &[u8], rules: &VideoRules, frame: Frame) -> (Fitted, Probe) {
        let (stored, probe) = self.store(bytes).await;
        let recipe = convert(plan_video(rules, &video_facts(&stored, &probe), frame));
        let fitted = self.fit(&stored, &probe, &recipe).await.unwrap();
        let looked = self.probe(&fitted).await;
        assert_eq!(
            plan_video(rules, &video_facts(&fitted.stored, &looked), frame),
            Plan::Untouched,
            "a copy is not fitted again: {looked:?}"
        );
        let (before, after) = (probe.seconds.unwrap(), looked.seconds.unwrap());
        assert!((before - after).abs() < 0.2, "{before} s became {after} s");
        (fitted, looked)
    }

    /// A video that ffmpeg makes of test pictures.
    async fn made(&self, arguments: &str) -> Vec<u8> {
        let path = self.scratch.path("made.mp4");
        let mut list: Vec<&OsStr> = arguments.split_whitespace().map(OsStr::new).collect();
        list.insert(0, OsStr::new("-y"));
        list.push(path.as_os_str());
        run("ffmpeg", self.ffmpeg(), &list, Duration::from_mins(5)).await.unwrap();
        std::fs::read(path).unwrap()
    }
}

fn convert(plan: Plan) -> Recipe {
    match plan {
        Plan::Convert { recipe, .. } => recipe,
        other => panic!("{other:?}"),
    }
}

fn size_of(probe: &Probe) -> Option<Size> {
    probe.width.zip(probe.height).map(|(width, height)| Size { width, height })
}

fn image_facts<'a>(stored: &StoredFile, probe: &'a Probe) -> ImageFacts<'a> {
    ImageFacts {
        content_type: probe.content_type,
        size_bytes: stored.size_bytes,
        size: size_of(probe).unwrap(),
        animated: probe.details.animated,
        has_alpha: probe.details.has_alpha,
        has_location: probe.details.has_location,
    }
}

fn video_facts<'a>(stored: &StoredFile, probe: &'a Probe) -> VideoFacts<'a> {
    let details = &probe.details;
    VideoFacts {
        content_type: probe.content_type,
        size_bytes: stored.size_bytes,
        size: size_of(probe).unwrap(),
        seconds: probe.seconds,
        video_codec: details.video_codec.as_deref(),
        audio_codec: details.audio_codec.as_deref(),
        fps: details.fps,
        bit_depth: details.bit_depth,
        hdr: details.hdr,
        bitrate: details.bitrate,
        has_location: details.has_location,
    }
}

#[expect(clippy::disallowed_methods, reason = "tests use the programs that are there")]
fn installed() -> Tools {
    Tools::find_in(std::env::var("PATH").ok().as_deref().map(OsStr::new))
}

fn sample(name: &str) -> Vec<u8> {
    std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("samples").join(name)).unwrap()
}

fn encoded(image: impl Into<DynamicImage>, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Vec::new();
    image.into().write_to(&mut Cursor::new(&mut bytes), format).unwrap();
    bytes
}

/// Red on the left, blue on the right.
fn halves(width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |x, _| if x < width / 2 { RED } else { BLUE })
}

/// No two pixels alike: what compresses worst.
fn noise(width: u32, height: u32) -> RgbImage {
    let mut state = 1_u32;
    RgbImage::from_fn(width, height, |_, _| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let [_, red, green, blue] = state.to_be_bytes();
        Rgb([red, green, blue])
    })
}

#[track_caller]
fn check_colour(image: &RgbImage, (x, y): (u32, u32), expected: Rgb<u8>) {
    let found = image.get_pixel(x, y);
    let off = found.0.iter().zip(expected.0).map(|(found, expected)| found.abs_diff(expected)).max();
    assert!(off.unwrap() < 30, "at {x}, {y}: {found:?} in place of {expected:?}");
}

fn narrow_rules() -> ImageRules {
    ImageRules {
        max_bytes: Some(8_388_608),
        min_width: Some(320),
        max_width: Some(1_440),
        min_aspect: Some(0.8),
        max_aspect: Some(1.91),
        ..ImageRules::up_to(10, &["image/jpeg"])
    }
}

#[tokio::test]
async fn a_tall_picture_gets_white_bars_or_loses_its_ends() {
    let place = Place::new();
    let tall = encoded(halves(600, 1_200), ImageFormat::Png);
    let (fitted, image) = place.image(&tall, &narrow_rules(), Frame::Pad).await;
    assert_eq!(fitted.content_type, "image/jpeg");
    assert_eq!(image.dimensions(), (960, 1_200));
    check_colour(&image, (20, 600), Rgb([255; 3]));
    check_colour(&image, (940, 600), Rgb([255; 3]));
    check_colour(&image, (250, 600), RED);
    check_colour(&image, (700, 600), BLUE);
    let (_, image) = place.image(&tall, &narrow_rules(), Frame::Crop).await;
    assert_eq!(image.dimensions(), (600, 750));
    check_colour(&image, (10, 10), RED);
    check_colour(&image, (590, 740), BLUE);
}

#[tokio::test]
async fn a_picture_is_turned_upright_and_its_metadata_stay_behind() {
    let place = Place::new();
    // Stored lying, shown standing: what is left in the file is at the top when it is shown.
    let plain = encoded(halves(2_000, 1_000), ImageFormat::Jpeg);
    let mut turned = plain[..2].to_vec();
    turned.extend(b"\xff\xe1\0\x22Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0");
    turned.extend(&plain[2..]);
    let (fitted, image) = place.image(&turned, &narrow_rules(), Frame::Pad).await;
    assert_eq!(image.dimensions(), (1_440, 1_800));
    check_colour(&image, (720, 100), RED);
    check_colour(&image, (720, 1_700), BLUE);
    let bytes = place.files.read(&fitted.stored.sha256, 0, u64::MAX).await.unwrap();
    assert!(!bytes.windows(4).any(|part| part == b"Exif"));
}

#[tokio::test]
async fn what_is_transparent_becomes_white_where_only_jpeg_is_taken() {
    let place = Place::new();
    let half =
        RgbaImage::from_fn(
            400,
            400,
            |x, _| {
                if x < 200 { Rgba([0, 0, 0, 0]) } else { Rgba([0, 0, 200, 255]) }
            },
        );
    let bytes = encoded(half, ImageFormat::Png);
    let (_, image) = place.image(&bytes, &narrow_rules(), Frame::Pad).await;
    check_colour(&image, (50, 200), Rgb([255; 3]));
    check_colour(&image, (350, 200), Rgb([0, 0, 200]));
    let both = ImageRules { max_width: Some(200), ..ImageRules::up_to(4, &["image/jpeg", "image/png"]) };
    let (fitted, _) = place.image(&bytes, &both, Frame::Pad).await;
    assert_eq!(fitted.content_type, "image/png");
}

#[tokio::test]
async fn a_heavy_picture_loses_quality_first_and_pixels_only_then() {
    let place = Place::new();
    let rules = |max_bytes| ImageRules {
        max_bytes: Some(max_bytes),
        ..ImageRules::up_to(4, &["image/jpeg", "image/png"])
    };
    let bytes = encoded(noise(600, 400), ImageFormat::Png);
    let (fitted, image) = place.image(&bytes, &rules(250_000), Frame::Pad).await;
    assert_eq!((fitted.content_type.as_str(), image.dimensions()), ("image/jpeg", (600, 400)));
    let (fitted, image) = place.image(&bytes, &rules(40_000), Frame::Pad).await;
    assert!(fitted.stored.size_bytes <= 40_000 && image.width() < 600, "{image:?}");
    let strict = ImageRules { min_width: Some(600), ..rules(10_000) };
    let (stored, probe) = place.store(&bytes).await;
    let recipe = convert(plan_image(&strict, &image_facts(&stored, &probe), Frame::Pad));
    let refused = place.fit(&stored, &probe, &recipe).await.unwrap_err();
    assert_eq!(refused.to_string(), "it cannot be made smaller than 10000 bytes");
}

#[tokio::test]
async fn a_heic_picture_becomes_a_jpeg() {
    let place = Place::new();
    let (fitted, image) = place.image(&sample("picture.heic"), &narrow_rules(), Frame::Pad).await;
    assert_eq!((fitted.content_type.as_str(), image.dimensions()), ("image/jpeg", (320, 213)));
}

fn reel_rules() -> VideoRules {
    VideoRules {
        max_bytes: Some(104_857_600),
        max_width: Some(1_920),
        min_fps: Some(23),
        max_fps: Some(60),
        max_bitrate: Some(25_000_000),
        video_codecs: &["h264"],
        audio_codecs: &["aac"],
        ..VideoRules::up_to(1, &["video/mp4"])
    }
}

#[tokio::test]
async fn a_4k60_video_becomes_one_that_is_taken() {
    let place = Place::new();
    let large = place
        .made(
            "-v error -f lavfi -i testsrc2=size=3840x2160:rate=60:duration=0.5 -f lavfi -i sine=duration=0.5 \
             -c:v libx264 -preset ultrafast -pix_fmt yuv420p -c:a aac",
        )
        .await;
    let (_, looked) = place.video(&large, &reel_rules(), Frame::Pad).await;
    assert_eq!((looked.width, looked.height), (Some(1_920), Some(1_080)));
    assert_eq!(looked.details.audio_codec.as_deref(), Some("aac"));
    assert!((looked.details.fps.unwrap() - 60.0).abs() < 0.1);
}

#[tokio::test]
async fn slow_fast_turned_silent_and_hdr_videos_are_taken_afterwards() {
    let place = Place::new();
    let (_, slow) = place.video(&sample("slow.mp4"), &reel_rules(), Frame::Pad).await;
    assert!(slow.details.fps.unwrap() > 22.9);
    let (_, fast) = place.video(&sample("fast.mp4"), &reel_rules(), Frame::Pad).await;
    assert!(fast.details.fps.unwrap() < 60.1);
    let (_, hdr) = place.video(&sample("hdr.mp4"), &reel_rules(), Frame::Pad).await;
    assert_eq!((hdr.details.hdr, hdr.details.bit_depth), (false, Some(8)));
    let square = VideoRules { min_aspect: Some(1.0), max_aspect: Some(1.0), ..reel_rules() };
    let (_, turned) = place.video(&sample("rotated.mp4"), &square, Frame::Pad).await;
    assert_eq!((turned.width, turned.height, turned.details.rotation), (Some(128), Some(128), 0));
    assert_eq!(turned.details.audio_codec, None);
    let (_, cropped) = place.video(&sample("rotated.mp4"), &square, Frame::Crop).await;
    assert_eq!((cropped.width, cropped.height), (Some(72), Some(72)));
}

#[tokio::test]
async fn a_heavy_video_is_brought_under_its_limit() {
    let place = Place::new();
    let heavy = place
        .made("-v error -f lavfi -i nullsrc=s=640x360:r=25:d=2,geq=random(1)*255:128:128 -c:v libx264 -preset ultrafast -qp 10 -pix_fmt yuv420p")
        .await;
    let rules = VideoRules { max_bytes: Some(400_000), ..VideoRules::up_to(1, &["video/mp4"]) };
    let (fitted, _) = place.video(&heavy, &rules, Frame::Pad).await;
    assert!(fitted.stored.size_bytes <= 400_000);
}

#[tokio::test]
async fn without_ffmpeg_only_videos_that_do_not_fit_fail() {
    let mut place = Place::new();
    place.tools.ffmpeg = None;
    let (stored, probe) = place.store(&sample("slow.mp4")).await;
    let recipe = convert(plan_video(&reel_rules(), &video_facts(&stored, &probe), Frame::Pad));
    let refused = place.fit(&stored, &probe, &recipe).await.unwrap_err();
    assert_eq!(
        refused.to_string(),
        "converting a video needs the program ffmpeg, which is not installed on this server"
    );
    let (stored, probe) = place.store(&sample("somewhere.mp4")).await;
    let fitted = place.fit(&stored, &probe, &Recipe::WithoutLocation).await.unwrap();
    let looked = place.probe(&fitted).await;
    assert!(probe.details.has_location && !looked.details.has_location);
    assert_eq!(fitted.stored.size_bytes, stored.size_bytes);
}
