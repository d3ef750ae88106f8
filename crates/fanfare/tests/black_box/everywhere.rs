//! A phone's photo and a film in 4K, posted to every platform at once: each gets a file within its own
//! rules, or refuses the post when it is made and says why. The numbers are the platforms' own, read
//! from their documentation and not from our rules.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use domain::Span;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::support::{Demo, now, pause};

/// What a platform takes.
struct Takes {
    platform: &'static str,
    types: &'static [&'static str],
    max_bytes: u64,
    max_width: u64,
    /// Of width to height.
    aspects: (f64, f64),
    codecs: &'static [&'static str],
    max_fps: f64,
}

const fn image(platform: &'static str, types: &'static [&'static str], max_bytes: u64) -> Takes {
    let codecs = &["mjpeg", "png", "webp", "gif"];
    Takes { platform, types, max_bytes, max_width: 100_000, aspects: (0.0, 100.0), codecs, max_fps: 1e9 }
}

const fn film(platform: &'static str, codecs: &'static [&'static str], max_bytes: u64) -> Takes {
    let types = &["video/mp4"];
    Takes { platform, types, max_bytes, max_width: 100_000, aspects: (0.0, 100.0), codecs, max_fps: 1e9 }
}

const STILLS: &[&str] = &["image/jpeg", "image/png", "image/gif", "image/webp"];
const MIB: u64 = 1024 * 1024;

/// TikTok refuses what is larger than 1080 × 1920; YouTube takes no images.
const IMAGES: &[Takes] = &[
    Takes { max_width: 1_440, aspects: (0.8, 1.91), ..image("instagram", &["image/jpeg"], 8 * MIB) },
    image("facebook", &["image/jpeg", "image/png", "image/gif"], 4 * MIB),
    image("x", STILLS, 5 * MIB),
    image("linkedin", &["image/jpeg", "image/png", "image/gif"], 20_000_000),
    Takes {
        max_width: 1_440,
        aspects: (0.1, 10.0),
        ..image("threads", &["image/jpeg", "image/png"], 8 * MIB)
    },
    image("pinterest", &["image/jpeg", "image/png"], 20_000_000),
    image("bluesky", STILLS, 1_000_000),
    Takes { aspects: (0.05, 20.0), ..image("telegram", STILLS, 10_000_000) },
    image("discord", STILLS, 10 * MIB),
    image("wordpress", STILLS, 64 * MIB),
    // It converts HEIC by itself.
    Takes { codecs: &["hevc"], ..image("mastodon", &["image/heic"], 16 * MIB) },
];

const H264: &[&str] = &["h264"];
const BOTH: &[&str] = &["h264", "hevc"];

/// Pinterest takes no film of less than four seconds.
const FILMS: &[Takes] = &[
    Takes { max_width: 1_920, max_fps: 60.1, ..film("instagram", BOTH, 100 * MIB) },
    film("facebook", BOTH, 1024 * MIB),
    Takes { aspects: (0.3333, 3.0), max_fps: 60.1, ..film("x", H264, 512 * MIB) },
    Takes { aspects: (0.4166, 2.4), max_fps: 60.1, ..film("linkedin", H264, 500 * MIB) },
    film("youtube", BOTH, 256 * 1024 * MIB),
    Takes { max_width: 1_920, max_fps: 60.1, ..film("threads", BOTH, 1024 * MIB) },
    film("bluesky", H264, 100_000_000),
    film("telegram", BOTH, 50_000_000),
    film("discord", H264, 10 * MIB),
    film("wordpress", H264, 64 * MIB),
    Takes { max_fps: 120.0, ..film("mastodon", H264, 103_809_024) },
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_photo_of_a_phone_goes_to_every_platform_within_its_rules() {
    let demo = Demo::start();
    let folder = demo.folder().to_owned();
    run(
        "ffmpeg",
        &["-loglevel", "error", "-y", "-f", "lavfi", "-i", "testsrc2=size=4248x2832", "-frames:v", "1"],
        &folder.join("photo.png"),
    );
    let photo = folder.join("photo.heic");
    let mut encoder = Command::new("heif-enc");
    encoder.args(["-q", "60", "-o"]).arg(&photo).arg(folder.join("photo.png"));
    assert!(made_well(&mut encoder), "heif-enc made no photo");
    let refusals = [("tiktok", "media_dimensions"), ("youtube", "media_required")];
    check(&demo, "photo.heic", "image/heic", &photo, IMAGES, &refusals).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_film_in_4k_goes_to_every_platform_within_its_rules() {
    let demo = Demo::start();
    let path = demo.folder().join("film.mp4");
    // Large for the platforms, and quick to convert: the bit rate is filled up.
    let words = "-loglevel error -y -f lavfi -i smptehdbars=size=3840x2160:rate=60 -f lavfi -i sine=frequency=440 \
                 -t 3 -c:v libx264 -preset ultrafast -b:v 60M -minrate 60M -maxrate 60M -bufsize 60M \
                 -x264-params nal-hrd=cbr -pix_fmt yuv420p -c:a aac -movflags +faststart";
    run("ffmpeg", &words.split_whitespace().collect::<Vec<_>>(), &path);
    let smallest = FILMS.iter().map(|rule| rule.max_bytes).min().unwrap();
    assert!(std::fs::metadata(&path).unwrap().len() > smallest, "somebody takes no film of this size");
    let refusals = [("pinterest", "video_too_short"), ("tiktok", "media_dimensions")];
    check(&demo, "film.mp4", "video/mp4", &path, FILMS, &refusals).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_moving_image_goes_on_moving_where_images_stand_still() {
    let demo = Demo::start();
    let path = demo.folder().join("moving.gif");
    let words = "-loglevel error -y -f lavfi -i testsrc2=size=360x360:rate=10 -t 1";
    run("ffmpeg", &words.split_whitespace().collect::<Vec<_>>(), &path);
    let gif = demo.upload("moving.gif", "image/gif", std::fs::read(&path).unwrap()).await;
    let body = |account: i64, media: &[&String]| json!({ "content": "Moving", "account_ids": [account], "media_ids": media });
    for platform in ["instagram", "threads", "pinterest", "tiktok"] {
        let account = demo.add_account(platform, "moving").await;
        let said = demo.call("POST", "/posts/validate", Some(body(account, &[&gif]))).await;
        let note = said.body["data"]["destinations"][0]["media"][0]["note"].as_str().unwrap().to_owned();
        assert!(note.contains("will be") && note.contains("turned into a video"), "{platform}: {note}");
        let post = demo.create_post(body(account, &[&gif])).await;
        let results = ended(&demo, &post).await;
        assert_eq!(results[0]["status"], "published", "{platform}: {results:?}");
        let warnings = results[0]["warnings"].to_string();
        assert!(warnings.contains("turned into a video"), "{platform}: {warnings}");
        let public = demo.public(platform).await;
        let media = &public[0]["media"][0];
        assert_eq!(media["type"], "video/mp4", "{platform}: {public:?}");
        let film = find(&demo.folder().join("media"), media["sha256"].as_str().unwrap()).unwrap();
        let seconds: f64 = probe(&film)["streams"][0]["duration"].as_str().unwrap().parse().unwrap();
        assert!((2.9..10.0).contains(&seconds), "{platform}: {seconds} s");
    }
    // Beside another image it stands still, and the author is told before.
    let picture = demo.folder().join("still.png");
    run(
        "ffmpeg",
        &["-loglevel", "error", "-y", "-f", "lavfi", "-i", "testsrc=size=640x640", "-frames:v", "1"],
        &picture,
    );
    let still = demo.upload("still.png", "image/png", std::fs::read(&picture).unwrap()).await;
    let said =
        demo.call("POST", "/posts/validate", Some(body(demo.account("instagram"), &[&gif, &still]))).await;
    let warnings = said.body["data"]["destinations"][0]["warnings"].to_string();
    assert!(warnings.contains("reduced to its first picture"), "{warnings}");
}

/// Posts the file to every platform at once.
async fn check(
    demo: &Demo,
    name: &str,
    content_type: &str,
    path: &Path,
    takes: &[Takes],
    refusals: &[(&str, &str)],
) {
    let bytes = std::fs::read(path).unwrap();
    let original = hex(&Sha256::digest(&bytes));
    let id = demo.upload(name, content_type, bytes).await;
    let mut accounts: BTreeMap<String, i64> = BTreeMap::new();
    for rule in takes.iter().map(|rule| rule.platform).chain(refusals.iter().map(|(platform, _)| *platform)) {
        accounts.insert(rule.to_owned(), demo.add_account(rule, "everywhere").await);
    }
    let all: Vec<i64> = accounts.values().copied().collect();
    assert_eq!(all.len(), takes.len() + refusals.len());
    let body = |ids: &[i64]| {
        json!({
            "content": "Everywhere",
            "account_ids": ids,
            "media_ids": [id],
            "platform_content": { "youtube": { "settings": { "title": "Everywhere" } } },
        })
    };
    // Whoever cannot take it says so before anything is made, and names the rule.
    let refused = demo.call("POST", "/posts", Some(body(&all))).await;
    assert_eq!(refused.status, 400, "{}", refused.body);
    let errors = refused.body["error"]["details"]["validation_errors"].as_array().unwrap();
    let mut said: Vec<(&str, &str)> = errors
        .iter()
        .map(|error| (error["platform"].as_str().unwrap(), error["code"].as_str().unwrap()))
        .collect();
    said.sort_unstable();
    assert_eq!(said, refusals, "{errors:?}");
    let taking: Vec<i64> = takes.iter().map(|rule| accounts[rule.platform]).collect();
    let post = demo.create_post(body(&taking)).await;
    let results = ended(demo, &post).await;
    for rule in takes {
        let account = accounts[rule.platform];
        let result = results.iter().find(|result| result["account_id"] == account).unwrap();
        if result["status"] != "published" {
            let attempts = demo.get(&format!("/posts/{post}/attempts")).await;
            panic!("{result}\nwas tried like this: {attempts}");
        }
        let public = demo.public(rule.platform).await;
        assert_eq!(public.len(), 1, "{}: {public:?}", rule.platform);
        let media = public[0]["media"].as_array().unwrap();
        assert_eq!(media.len(), 1, "{}: {media:?}", rule.platform);
        within(rule, &media[0], &original, demo.folder());
    }
    // What the author uploaded is still there, byte for byte.
    let url = demo.get(&format!("/media/{id}")).await["url"].as_str().unwrap().to_owned();
    let kept = demo.download(&url).await;
    assert_eq!(hex(&Sha256::digest(&kept)), original);
}

/// Asserts that what the platform shows is within its rules.
fn within(rule: &Takes, media: &Value, original: &str, folder: &Path) {
    let of = rule.platform;
    let (kind, bytes) = (media["type"].as_str().unwrap(), media["bytes"].as_u64().unwrap());
    assert!(bytes <= rule.max_bytes, "{of}: {bytes} bytes");
    let sha256 = media["sha256"].as_str().unwrap();
    let path = find(&folder.join("media"), sha256).unwrap_or_else(|| panic!("{of}: {sha256} is not kept"));
    if kind == "image/heic" || (of == "mastodon" && sha256 == original) {
        assert_eq!(
            (sha256, rule.types.contains(&"image/heic") || kind == "video/mp4"),
            (original, true),
            "{of}"
        );
        return;
    }
    assert!(rule.types.contains(&kind), "{of}: {kind}");
    let found = probe(&path);
    let stream =
        found["streams"].as_array().unwrap().iter().find(|stream| stream["codec_type"] == "video").unwrap();
    let (width, height) = (stream["width"].as_u64().unwrap(), stream["height"].as_u64().unwrap());
    assert!(width <= rule.max_width, "{of}: {width} wide");
    #[expect(clippy::cast_precision_loss, reason = "sides of a picture")]
    let aspect = width as f64 / height as f64;
    assert!(aspect >= rule.aspects.0 && aspect <= rule.aspects.1, "{of}: {width} × {height}");
    let codec = stream["codec_name"].as_str().unwrap();
    assert!(rule.codecs.contains(&codec), "{of}: {codec}");
    if kind == "video/mp4" {
        let rate = stream["avg_frame_rate"].as_str().unwrap();
        let (over, under) = rate.split_once('/').unwrap();
        let fps = over.parse::<f64>().unwrap() / under.parse::<f64>().unwrap();
        assert!(fps <= rule.max_fps, "{of}: {fps} pictures a second");
    }
}

/// The results once every destination has ended. Converting takes its time.
async fn ended(demo: &Demo, post: &str) -> Vec<Value> {
    let deadline = now() + Span::from_minutes(5);
    loop {
        let results =
            demo.get(&format!("/posts/{post}/results")).await["results"].as_array().unwrap().clone();
        if results.iter().all(|result| matches!(result["status"].as_str(), Some("published" | "failed"))) {
            return results;
        }
        assert!(now() < deadline, "{results:?}");
        pause(Span::from_millis(200)).await;
    }
}

fn run(program: &str, words: &[&str], result: &Path) {
    assert!(
        made_well(Command::new(program).args(words).arg(result)),
        "{program} made no {}",
        result.display()
    );
}

fn made_well(command: &mut Command) -> bool {
    command.stdout(std::process::Stdio::null()).status().is_ok_and(|status| status.success())
}

fn probe(path: &Path) -> Value {
    let words = ["-v", "error", "-show_streams", "-of", "json"];
    let output = Command::new("ffprobe").args(words).arg(path).output().unwrap();
    serde_json::from_slice(&output.stdout).unwrap()
}

/// The file of this name in a folder or below it.
fn find(folder: &Path, name: &str) -> Option<PathBuf> {
    for entry in std::fs::read_dir(folder).ok()?.flatten() {
        let path = entry.path();
        if path.is_dir() {
            if let Some(found) = find(&path, name) {
                return Some(found);
            }
        } else if entry.file_name() == name {
            return Some(path);
        }
    }
    None
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
