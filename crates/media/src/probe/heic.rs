//! HEIC images, through an outside program: their codec cannot be shipped under a free licence.

use std::ffi::OsStr;
use std::path::Path;
use std::time::Duration;

use super::picture::{decode, whole_file};
use super::{Details, Probe, jpeg};
use crate::scratch::Scratch;
use crate::tools::run;
use crate::{MediaError, Tools};

const LIMIT: Duration = Duration::from_mins(1);
/// What is made of it is only a step on the way.
const QUALITY: &str = "98";

pub(super) async fn probe(path: &Path, tools: &Tools) -> Result<Probe, MediaError> {
    let bytes = to_jpeg(path, tools).await?;
    let looking = tokio::task::spawn_blocking(move || {
        let image = decode(&bytes, "image/jpeg")?;
        // The program turns the picture upright, and takes the camera's data over.
        let has_location = jpeg::layout(&bytes)?.exif.has_location;
        let details = Details { orientation: 1, has_location, ..Details::default() };
        Ok(Probe::image("image/heic", (image.width(), image.height()), details))
    });
    looking.await.unwrap_or(Err(MediaError::Broken))
}

/// The first picture of a HEIC file as a JPEG, upright.
pub(crate) async fn to_jpeg(path: &Path, tools: &Tools) -> Result<Vec<u8>, MediaError> {
    const PROGRAM: &str = "heif-convert";
    let Some(program) = &tools.heif_convert else {
        return Err(MediaError::NoTool { work: "reading a HEIC image", program: PROGRAM });
    };
    let scratch = Scratch::new()?;
    let result = scratch.path("picture.jpg");
    // The program goes by the names of files.
    let source = scratch.path("source.heic");
    tokio::fs::copy(path, &source).await?;
    let arguments = [OsStr::new("-q"), OsStr::new(QUALITY), source.as_os_str(), result.as_os_str()];
    match run(PROGRAM, program, &arguments, LIMIT).await {
        Ok(_) => {}
        Err(MediaError::ToolFailed { reason, .. }) => {
            return Err(MediaError::damaged("a HEIC image", reason));
        }
        Err(error) => return Err(error),
    }
    // Of several pictures each gets a number.
    let first = scratch.path("picture-1.jpg");
    let result = if tokio::fs::try_exists(&result).await? { result } else { first };
    if !tokio::fs::try_exists(&result).await? {
        return Err(MediaError::damaged("a HEIC image", "there is no picture in it"));
    }
    tokio::task::spawn_blocking(move || whole_file(&result)).await.map_err(|_| MediaError::Broken)?
}
