//! Files to post, made by ffmpeg, all within every platform's rules.

#![expect(clippy::unwrap_used, reason = "a test's set-up may panic")]

use std::path::Path;
use std::process::Command;

/// A file to post.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum File {
    /// A square JPEG.
    Photo,
    /// A square PNG.
    Picture,
    /// A JPEG as high as a phone's screen.
    Tall,
    /// A GIF that moves.
    Gif,
    /// Five seconds of an upright MP4 with sound.
    Video,
    /// A document of one page.
    Pdf,
}

impl File {
    pub(crate) const ALL: [Self; 6] =
        [Self::Photo, Self::Picture, Self::Tall, Self::Gif, Self::Video, Self::Pdf];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Photo => "photo.jpg",
            Self::Picture => "picture.png",
            Self::Tall => "tall.jpg",
            Self::Gif => "moving.gif",
            Self::Video => "film.mp4",
            Self::Pdf => "menu.pdf",
        }
    }

    pub(crate) const fn content_type(self) -> &'static str {
        match self {
            Self::Photo | Self::Tall => "image/jpeg",
            Self::Picture => "image/png",
            Self::Gif => "image/gif",
            Self::Video => "video/mp4",
            Self::Pdf => "application/pdf",
        }
    }

    /// What ffmpeg is told, between its input and the file's name.
    const fn recipe(self) -> &'static [&'static str] {
        match self {
            Self::Photo => &["-i", "testsrc2=size=1080x1080", "-frames:v", "1", "-q:v", "3"],
            Self::Picture => &["-i", "testsrc=size=640x640", "-frames:v", "1"],
            Self::Tall => &["-i", "testsrc2=size=1080x1920", "-frames:v", "1", "-q:v", "3"],
            Self::Gif => &["-i", "testsrc=size=320x320:rate=5", "-t", "2"],
            Self::Video => &[
                "-i",
                "testsrc2=size=720x1280:rate=30",
                "-f",
                "lavfi",
                "-i",
                "sine=frequency=440",
                "-t",
                "5",
                "-c:v",
                "libx264",
                "-preset",
                "ultrafast",
                "-pix_fmt",
                "yuv420p",
                "-c:a",
                "aac",
                "-movflags",
                "+faststart",
            ],
            Self::Pdf => &[],
        }
    }

    /// Makes the file in `folder`; its bytes.
    pub(crate) fn make(self, folder: &Path) -> Vec<u8> {
        if self == Self::Pdf {
            return PDF.as_bytes().to_vec();
        }
        let path = folder.join(self.name());
        // Installed by the command that runs all tests.
        let status = Command::new("ffmpeg")
            .args(["-loglevel", "error", "-y", "-f", "lavfi"])
            .args(self.recipe())
            .arg(&path)
            .status()
            .unwrap();
        assert!(status.success(), "ffmpeg made no {}", self.name());
        std::fs::read(path).unwrap()
    }
}

/// One empty page.
const PDF: &str = "%PDF-1.4\n\
1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n\
2 0 obj\n<< /Type /Pages /Kids [3 0 R] /Count 1 >>\nendobj\n\
3 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] >>\nendobj\n\
xref\n0 4\n0000000000 65535 f \n0000000009 00000 n \n0000000058 00000 n \n0000000115 00000 n \n\
trailer\n<< /Size 4 /Root 1 0 R >>\nstartxref\n187\n%%EOF\n";
