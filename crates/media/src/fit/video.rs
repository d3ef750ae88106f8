//! Videos, by ffmpeg as a program of its own: scaled, laid out on a canvas, and encoded as H.264 and
//! AAC so that they fit into their bytes.

use std::ffi::{OsStr, OsString};
use std::path::Path;
use std::time::Duration;

use domain::rules::fit::VideoRecipe;

use super::Made;
use crate::probe::mp4_probe;
use crate::scratch::Scratch;
use crate::tools::run;
use crate::{MediaError, Tools};

const PROGRAM: &str = "ffmpeg";
/// So good that hardly anybody sees a difference.
const QUALITY: &str = "21";
/// The encoder's result depends on how many of them share the work.
const THREADS: &str = "2";
/// So often a video is encoded that came out too large, each time with fewer bits.
const TRIES: u32 = 4;
const FILTERS_LIMIT: Duration = Duration::from_secs(20);

pub(super) async fn convert(
    source: &Path,
    tools: &Tools,
    recipe: &VideoRecipe,
    scratch: &Scratch,
) -> Result<Made, MediaError> {
    made_from(&Input { path: source, format: "mov" }, tools, recipe, scratch).await
}

/// What ffmpeg reads.
pub(super) struct Input<'a> {
    pub(super) path: &'a Path,
    /// The name of what it is read as, and its options.
    pub(super) format: &'static str,
}

/// Makes the video of whatever ffmpeg reads.
pub(super) async fn made_from(
    source: &Input<'_>,
    tools: &Tools,
    recipe: &VideoRecipe,
    scratch: &Scratch,
) -> Result<Made, MediaError> {
    let Some(program) = &tools.ffmpeg else {
        return Err(MediaError::NoTool { work: "converting a video", program: PROGRAM });
    };
    let tone_map = recipe.tone_map && has_tone_map(program).await?;
    let path = scratch.path("copy.mp4");
    let mut bitrate = recipe.max_bitrate;
    for _ in 0..TRIES {
        let arguments = arguments(source, &path, recipe, bitrate, tone_map);
        let arguments: Vec<&OsStr> = arguments.iter().map(OsString::as_os_str).collect();
        run(PROGRAM, program, &arguments, tools.video_limit).await?;
        let size_bytes = tokio::fs::metadata(&path).await?.len();
        let (Some(max_bytes), Some(used)) = (recipe.max_bytes.filter(|max| size_bytes > *max), bitrate)
        else {
            return finished(path, recipe).await;
        };
        // As much less as it was too much, and a little more.
        bitrate = Some((used / 100).saturating_mul(max_bytes * 92 / size_bytes.max(1)).max(1_000));
    }
    Err(MediaError::CannotShrink { max_bytes: recipe.max_bytes.unwrap_or(0) })
}

/// Looks at what came out: a program that says it succeeded may still have made something else.
async fn finished(path: std::path::PathBuf, recipe: &VideoRecipe) -> Result<Made, MediaError> {
    let looked = path.clone();
    let probe =
        tokio::task::spawn_blocking(move || mp4_probe(&looked)).await.map_err(|_| MediaError::Broken)??;
    let canvas = recipe.layout.canvas;
    if (probe.width, probe.height) != (Some(canvas.width), Some(canvas.height)) {
        let reason = format!("it made {:?} × {:?} pixels", probe.width, probe.height);
        return Err(MediaError::ToolFailed { program: PROGRAM, reason });
    }
    Ok(Made { path, content_type: "video/mp4".to_owned(), size: Some(canvas) })
}

fn arguments(
    source: &Input<'_>,
    result: &Path,
    recipe: &VideoRecipe,
    bitrate: Option<u64>,
    tone_map: bool,
) -> Vec<OsString> {
    let mut list: Vec<OsString> = Vec::new();
    let mut add = |words: &str| list.extend(words.split_whitespace().map(OsString::from));
    // Only what is a file here: a crafted video must not make it fetch something.
    add("-nostdin -v error -y -protocol_whitelist file -f");
    add(source.format);
    add("-threads");
    add(THREADS);
    list.push("-i".into());
    list.push(source.path.into());
    let mut add = |words: &str| list.extend(words.split_whitespace().map(OsString::from));
    add("-map 0:v:0 -map 0:a:0? -sn -dn -map_metadata -1 -map_chapters -1 -vf");
    add(&filters(recipe, tone_map));
    add("-c:v libx264 -preset fast -profile:v high -pix_fmt yuv420p -crf");
    add(QUALITY);
    add("-threads");
    add(THREADS);
    if let Some(bitrate) = bitrate {
        add(&format!("-maxrate {bitrate} -bufsize {bitrate}"));
    }
    match recipe.sound_bitrate {
        Some(bitrate) => add(&format!("-c:a aac -b:a {bitrate} -ac 2 -ar 48000")),
        None => add("-an"),
    }
    add("-movflags +faststart -fflags +bitexact -flags:v +bitexact -flags:a +bitexact -f mp4");
    list.push(result.into());
    list
}

/// What is done to the pictures. No space in it: it is one word for the program.
fn filters(recipe: &VideoRecipe, tone_map: bool) -> String {
    let (canvas, picture) = (recipe.layout.canvas, recipe.layout.picture);
    let mut filters = Vec::new();
    if let Some(fps) = recipe.fps {
        filters.push(format!("fps={fps}"));
    }
    // Before the brightness, which costs by the pixel.
    filters.push(format!("scale={}:{}:flags=lanczos", picture.width, picture.height));
    if tone_map {
        filters.push("zscale=t=linear:npl=100,format=gbrpf32le,zscale=p=bt709".to_owned());
        filters.push("tonemap=tonemap=hable:desat=0,zscale=t=bt709:m=bt709:r=tv".to_owned());
    }
    if picture.width > canvas.width || picture.height > canvas.height {
        filters.push(format!("crop={}:{}", canvas.width, canvas.height));
    } else if picture != canvas {
        filters.push(format!("pad={}:{}:(ow-iw)/2:(oh-ih)/2:black", canvas.width, canvas.height));
    }
    filters.push("setsar=1".to_owned());
    filters.push("format=yuv420p".to_owned());
    filters.join(",")
}

/// Whether this ffmpeg was built with what brings HDR into the usual range.
async fn has_tone_map(program: &Path) -> Result<bool, MediaError> {
    let arguments = [OsStr::new("-hide_banner"), OsStr::new("-filters")];
    let list = run(PROGRAM, program, &arguments, FILTERS_LIMIT).await?;
    let list = String::from_utf8_lossy(&list);
    let has = |name: &str| list.lines().any(|line| line.split_whitespace().nth(1) == Some(name));
    Ok(has("zscale") && has("tonemap"))
}
