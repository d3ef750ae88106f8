//! The outside programs that are used where they are installed, and the room that work on media
//! may take. Must not know what the programs are asked to do.

use std::ffi::OsStr;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::MediaError;

/// So many images are decoded at a time: each may take some hundred MB.
const IMAGE_SLOTS: usize = 2;
/// So many videos are converted at a time: each takes all of two processors. Images do not wait for
/// them.
const VIDEO_SLOTS: usize = 2;
/// Of what a program says of a failure, so much is kept.
const REASON_MAX: usize = 300;
const BETWEEN_LOOKS: Duration = Duration::from_millis(5);
/// More than any of them has to say.
const OUTPUT_MAX: u64 = 1024 * 1024;

/// Where the programs are. Looked up once, at the start. Cheap to clone; clones share their slots.
#[derive(Clone, Debug)]
pub struct Tools {
    /// Converts videos.
    pub ffmpeg: Option<PathBuf>,
    /// Looks into videos.
    pub ffprobe: Option<PathBuf>,
    /// Converts HEIC images.
    pub heif_convert: Option<PathBuf>,
    /// How long a program may take for a video.
    pub video_limit: Duration,
    image_slots: Arc<Semaphore>,
    video_slots: Arc<Semaphore>,
}

impl Default for Tools {
    fn default() -> Self {
        Self::none()
    }
}

impl Tools {
    /// No program at all: images, MP4 and PDF are still taken, nothing is done to videos.
    pub fn none() -> Self {
        Self {
            ffmpeg: None,
            ffprobe: None,
            heif_convert: None,
            video_limit: Duration::from_mins(30),
            image_slots: Arc::new(Semaphore::new(IMAGE_SLOTS)),
            video_slots: Arc::new(Semaphore::new(VIDEO_SLOTS)),
        }
    }

    /// Looks for the programs in the folders of `path`, the value of the variable PATH.
    pub fn find_in(path: Option<&OsStr>) -> Self {
        let folders: Vec<PathBuf> =
            path.map(|path| std::env::split_paths(path).collect()).unwrap_or_default();
        let find = |name: &str| folders.iter().map(|folder| folder.join(name)).find(|file| file.is_file());
        Self {
            ffmpeg: find("ffmpeg"),
            ffprobe: find("ffprobe"),
            // Newer versions of libheif call it heif-dec.
            heif_convert: find("heif-convert").or_else(|| find("heif-dec")),
            ..Self::none()
        }
    }

    /// Waits for room to decode an image.
    pub(crate) async fn image_slot(&self) -> Result<OwnedSemaphorePermit, MediaError> {
        Arc::clone(&self.image_slots).acquire_owned().await.map_err(|_| MediaError::Broken)
    }

    /// Waits for room to convert a video.
    pub(crate) async fn video_slot(&self) -> Result<OwnedSemaphorePermit, MediaError> {
        Arc::clone(&self.video_slots).acquire_owned().await.map_err(|_| MediaError::Broken)
    }
}

/// Runs a program to its end. It is killed when it takes too long, and when the future is dropped.
///
/// # Errors
/// When it cannot be started, fails or takes too long.
pub(crate) async fn run(
    program: &'static str,
    path: &Path,
    arguments: &[&OsStr],
    limit: Duration,
) -> Result<Vec<u8>, MediaError> {
    let mut command = Command::new(path);
    command.args(arguments).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn()?;
    let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
    let running = Running(Arc::new(Mutex::new(child)));
    let waited = Arc::clone(&running.0);
    let waiting = tokio::task::spawn_blocking(move || {
        // Whoever does not read both makes the program wait for ever.
        let errors = std::thread::spawn(move || read(stderr));
        let output = read(stdout);
        let errors = errors.join().unwrap_or_default();
        // What it wrote has ended, so it has ended or is about to. The lock is left open between
        // looks: it may still have to be killed.
        let status = loop {
            if let Some(status) = waited.lock().unwrap_or_else(PoisonError::into_inner).try_wait()? {
                break status;
            }
            std::thread::sleep(BETWEEN_LOOKS);
        };
        Ok::<_, std::io::Error>((output, errors, status))
    });
    let ended = tokio::time::timeout(limit, waiting).await;
    drop(running);
    let Ok(ended) = ended else { return Err(MediaError::TimedOut { program, seconds: limit.as_secs() }) };
    let (output, errors, status) = ended.map_err(|_| MediaError::Broken)??;
    if status.success() {
        return Ok(output);
    }
    Err(MediaError::ToolFailed { program, reason: last_words(&errors, status.code()) })
}

/// A program that is killed when nobody waits for it any more.
struct Running(Arc<Mutex<Child>>);

impl Drop for Running {
    fn drop(&mut self) {
        // One that has ended by itself is not killed again.
        let _ = self.0.lock().unwrap_or_else(PoisonError::into_inner).kill();
    }
}

fn read(pipe: Option<impl Read>) -> Vec<u8> {
    let mut bytes = Vec::new();
    if let Some(pipe) = pipe {
        // What was read until it broke off is as good as there is.
        let _ = pipe.take(OUTPUT_MAX).read_to_end(&mut bytes);
    }
    bytes
}

/// The last line that says something.
fn last_words(stderr: &[u8], code: Option<i32>) -> String {
    let text = String::from_utf8_lossy(stderr);
    let line = text.lines().rev().map(str::trim).find(|line| !line.is_empty());
    match (line, code) {
        (Some(line), _) => line.chars().take(REASON_MAX).collect(),
        (None, Some(code)) => format!("it ended with code {code}"),
        (None, None) => "it was killed".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_program_is_ended_in_time_and_its_last_words_are_kept() {
        let shell = Path::new("/bin/sh");
        let script = |text: &'static str| [OsStr::new("-c"), OsStr::new(text)];
        let second = Duration::from_secs(30);
        assert_eq!(run("sh", shell, &script("printf hello"), second).await.unwrap(), b"hello");
        let failed =
            run("sh", shell, &script("echo one >&2; echo two >&2; exit 3"), second).await.unwrap_err();
        assert_eq!(failed.to_string(), "sh failed: two");
        let silent = run("sh", shell, &script("exit 3"), second).await.unwrap_err();
        assert_eq!(silent.to_string(), "sh failed: it ended with code 3");
        let late = run("sh", shell, &script("read line < /dev/zero"), Duration::from_millis(20)).await;
        assert!(matches!(late, Err(MediaError::TimedOut { .. })));
    }

    #[test]
    fn programs_are_found_in_the_folders_of_the_path() {
        assert!(Tools::find_in(None).ffmpeg.is_none());
        let folder = std::env::temp_dir().join(format!("fanfare-tools-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join("ffmpeg"), b"").unwrap();
        std::fs::write(folder.join("heif-dec"), b"").unwrap();
        let path = std::env::join_paths([Path::new("/nowhere"), &folder]).unwrap();
        let tools = Tools::find_in(Some(&path));
        assert_eq!(tools.ffmpeg, Some(folder.join("ffmpeg")));
        assert_eq!(tools.heif_convert, Some(folder.join("heif-dec")));
        assert_eq!(tools.ffprobe, None);
        std::fs::remove_dir_all(folder).unwrap();
    }
}
