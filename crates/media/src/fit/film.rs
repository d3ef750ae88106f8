//! Films of animated images: their pictures are decoded here, and ffmpeg makes a video of them.

use std::fmt::Write as _;
use std::io::{BufWriter, Cursor, Write as _};
use std::path::Path;

use domain::rules::fit::FilmRecipe;
use image::codecs::gif::GifDecoder;
use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::codecs::webp::WebPDecoder;
use image::{AnimationDecoder as _, ExtendedColorType, Frames, ImageEncoder as _, RgbaImage};

use super::picture::on_white;
use super::video::{Input, made_from};
use super::{Made, Original};
use crate::probe::whole_file;
use crate::scratch::Scratch;
use crate::{MediaError, Tools};

const FORMAT: &str = "an animation";
/// More pictures than this are not taken out of a file.
const MOST_PICTURES: usize = 2_000;
/// A pause that is shorter than this is read as [`USUAL_PAUSE_MS`], as browsers do.
const LEAST_PAUSE_MS: f64 = 20.0;
const USUAL_PAUSE_MS: f64 = 100.0;

pub(super) async fn convert(
    source: &Path,
    tools: &Tools,
    original: &Original<'_>,
    recipe: &FilmRecipe,
    scratch: &Scratch,
) -> Result<Made, MediaError> {
    let (source, list) = (source.to_owned(), scratch.path("pictures.txt"));
    let (written, folder) = (list.clone(), scratch.path(""));
    let (content_type, recipe) = (original.content_type.to_owned(), recipe.clone());
    let video = recipe.video.clone();
    let work = move || {
        let bytes = whole_file(&source)?;
        let pauses = if content_type == "image/webp" {
            let decoder = WebPDecoder::new(Cursor::new(&bytes)).map_err(|_| broken())?;
            take_out(decoder.into_frames(), &folder, &recipe)?
        } else {
            let decoder = GifDecoder::new(Cursor::new(&bytes)).map_err(|_| broken())?;
            take_out(decoder.into_frames(), &folder, &recipe)?
        };
        Ok::<_, MediaError>(std::fs::write(&written, sequence(&pauses, &recipe))?)
    };
    tokio::task::spawn_blocking(work).await.map_err(|_| MediaError::Broken)??;
    made_from(&Input { path: &list, format: "concat -safe 0" }, tools, &video, scratch).await
}

fn broken() -> MediaError {
    MediaError::damaged(FORMAT, "its pictures cannot be read")
}

/// Writes each picture as a file; how long each is shown, in seconds.
fn take_out(frames: Frames<'_>, folder: &Path, recipe: &FilmRecipe) -> Result<Vec<f64>, MediaError> {
    let mut pauses: Vec<f64> = Vec::new();
    let mut total = 0.0;
    for frame in frames.take(MOST_PICTURES) {
        // What comes before the damage is shown.
        let Ok(frame) = frame else { break };
        let (over, under) = frame.delay().numer_denom_ms();
        let pause_ms = f64::from(over) / f64::from(under.max(1));
        let pause = if pause_ms < LEAST_PAUSE_MS { USUAL_PAUSE_MS } else { pause_ms } / 1_000.0;
        write_picture(&folder.join(name(pauses.len())), frame.into_buffer())?;
        pauses.push(pause);
        total += pause;
        if total >= recipe.most_seconds {
            break;
        }
    }
    if pauses.is_empty() { Err(broken()) } else { Ok(pauses) }
}

fn write_picture(path: &Path, picture: RgbaImage) -> Result<(), MediaError> {
    let picture = on_white(&picture.into());
    let mut file = BufWriter::new(std::fs::File::create(path)?);
    PngEncoder::new_with_quality(&mut file, CompressionType::Fast, FilterType::NoFilter)
        .write_image(picture.as_raw(), picture.width(), picture.height(), ExtendedColorType::Rgb8)
        .map_err(|_| MediaError::Broken)?;
    Ok(file.flush()?)
}

fn name(number: usize) -> String {
    format!("{number}.png")
}

/// The list that ffmpeg reads: which picture is shown for how long, repeated until it is long enough.
fn sequence(pauses: &[f64], recipe: &FilmRecipe) -> String {
    let mut text = "ffconcat version 1.0\n".to_owned();
    let mut total = 0.0;
    let mut shown = 0;
    'film: loop {
        for (number, pause) in pauses.iter().enumerate() {
            let pause = pause.min(recipe.most_seconds - total);
            if pause <= 0.0 {
                break 'film;
            }
            // Writing to a text cannot fail.
            let _ = writeln!(text, "file '{}'\nduration {pause:.3}", name(number));
            (total, shown) = (total + pause, number);
        }
        if total >= recipe.least_seconds {
            break;
        }
    }
    // The last one's length counts only if something comes behind it.
    let _ = writeln!(text, "file '{}'", name(shown));
    text
}

#[cfg(test)]
mod tests {
    use domain::rules::fit::{Layout, Size, VideoRecipe};

    use super::*;

    fn recipe(least_seconds: f64, most_seconds: f64) -> FilmRecipe {
        let size = Size { width: 2, height: 2 };
        let layout = Layout { canvas: size, picture: size };
        let video = VideoRecipe {
            layout,
            fps: Some(30),
            max_bitrate: None,
            sound_bitrate: None,
            max_bytes: None,
            tone_map: false,
        };
        FilmRecipe { video, least_seconds, most_seconds }
    }

    #[test]
    fn an_animation_is_repeated_until_it_is_long_enough_and_ends_in_time() {
        let shown = |pauses: &[f64], least, most| {
            let list = sequence(pauses, &recipe(least, most));
            let lengths: Vec<f64> =
                list.lines().filter_map(|line| line.strip_prefix("duration ")?.parse().ok()).collect();
            (lengths.len(), lengths.iter().sum::<f64>())
        };
        assert_eq!(shown(&[0.5, 0.5], 3.0, 60.0), (6, 3.0));
        assert_eq!(shown(&[2.0, 2.0], 3.0, 60.0), (2, 4.0));
        assert_eq!(shown(&[40.0, 40.0], 3.0, 60.0), (2, 60.0));
    }
}
