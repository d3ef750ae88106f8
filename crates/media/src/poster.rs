//! Small pictures of videos, by ffmpeg as a program of its own. Must not know what shows them.

use std::ffi::{OsStr, OsString};
use std::time::Duration;

use crate::scratch::Scratch;
use crate::tools::run;
use crate::{MediaError, MediaFiles, Received, Tools};

const PROGRAM: &str = "ffmpeg";
const LIMIT: Duration = Duration::from_mins(1);
/// The longer side, in pixels.
const LONGEST: u32 = 640;

impl MediaFiles {
    /// A small JPEG of the beginning of a stored video, not in its place yet; `None` where no program
    /// can make one.
    ///
    /// # Errors
    /// When the program fails, or the disk refuses.
    pub async fn poster(&self, tools: &Tools, sha256: &str) -> Result<Option<Received>, MediaError> {
        let Some(program) = &tools.ffmpeg else { return Ok(None) };
        let _slot = tools.video_slot().await?;
        let source = self.local(sha256).await?;
        let scratch = Scratch::within(self.root())?;
        let picture = scratch.path("poster.jpg");
        // Only what is a file here: a crafted video must not make it fetch something.
        let mut list: Vec<OsString> =
            words("-nostdin -v error -y -protocol_whitelist file -f mov -threads 1 -i");
        list.push(source.path().into());
        let scale = format!("scale={LONGEST}:{LONGEST}:force_original_aspect_ratio=decrease");
        list.extend(words("-map 0:v:0 -frames:v 1 -map_metadata -1 -q:v 4 -vf"));
        list.push(scale.into());
        list.extend(words("-f mjpeg"));
        list.push(picture.clone().into());
        let arguments: Vec<&OsStr> = list.iter().map(OsString::as_os_str).collect();
        run(PROGRAM, program, &arguments, LIMIT).await?;
        let bytes = tokio::fs::read(&picture).await?;
        if bytes.is_empty() {
            let reason = "it found no picture in the video".to_owned();
            return Err(MediaError::ToolFailed { program: PROGRAM, reason });
        }
        let mut receiving = self.receive().await?;
        receiving.write(&bytes).await?;
        receiving.finish().await.map(Some)
    }
}

fn words(text: &str) -> Vec<OsString> {
    text.split_whitespace().map(OsString::from).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_video_has_a_poster_where_the_program_is_there() {
        let root = std::env::temp_dir().join(format!("fanfare-poster-{}", std::process::id()));
        let files = MediaFiles::open(&root).unwrap();
        let video = files.put(include_bytes!("../samples/plain.mp4")).await.unwrap();
        assert!(files.poster(&Tools::none(), &video.sha256).await.unwrap().is_none());
        let tools = Tools::find_in(std::env::var_os("PATH").as_deref());
        if tools.ffmpeg.is_some() {
            let poster = files.poster(&tools, &video.sha256).await.unwrap().unwrap();
            let probe = crate::probe_file(poster.path(), &tools).await.unwrap();
            assert_eq!(probe.content_type, "image/jpeg");
            assert!(probe.width.max(probe.height) <= Some(LONGEST));
            let text = files.put(b"no video at all").await.unwrap();
            assert!(files.poster(&tools, &text.sha256).await.is_err());
        }
        std::fs::remove_dir_all(root).unwrap();
    }
}
