//! Why a file cannot be taken, stored or converted.

/// Why a file could not be stored, read, looked into or converted. Each text is one that the person
/// who sent the file can act on.
#[derive(Debug, thiserror::Error)]
pub enum MediaError {
    /// There is nothing in it.
    #[error("the file is empty")]
    Empty,
    /// The content is none of the types that are taken.
    #[error(
        "the file is {what}; JPEG, PNG, GIF, WebP and HEIC images, MP4 videos and PDF documents are taken"
    )]
    Unsupported {
        /// What it is, with its article.
        what: &'static str,
    },
    /// The content cannot be decoded.
    #[error("the file begins as {format} but cannot be read: {reason}")]
    Damaged {
        /// The format that its first bytes claim, with its article.
        format: &'static str,
        /// What is wrong in it.
        reason: String,
    },
    /// The content is not what it was said to be.
    #[error("the file was declared as {declared} but is {actual}")]
    Mislabelled {
        /// The type that the sender gave.
        declared: String,
        /// The type that it has.
        actual: &'static str,
    },
    /// More pixels than are decoded here.
    #[error(
        "the image has {width} × {height} pixels; {max_megapixels} megapixels are the most that is taken"
    )]
    TooManyPixels {
        /// Its width.
        width: u32,
        /// Its height.
        height: u32,
        /// The limit.
        max_megapixels: u64,
    },
    /// A file that would have to be held in memory and is too large for that.
    #[error("{what} may have {max_bytes} bytes at most")]
    TooLarge {
        /// What, with its article.
        what: &'static str,
        /// The limit.
        max_bytes: u64,
    },
    /// The result cannot be made small enough.
    #[error("it cannot be made smaller than {max_bytes} bytes")]
    CannotShrink {
        /// The limit.
        max_bytes: u64,
    },
    /// A program that the work needs is not installed on this server.
    #[error("{work} needs the program {program}, which is not installed on this server")]
    NoTool {
        /// What is to be done.
        work: &'static str,
        /// The program.
        program: &'static str,
    },
    /// A program failed.
    #[error("{program} failed: {reason}")]
    ToolFailed {
        /// The program.
        program: &'static str,
        /// Its last words.
        reason: String,
    },
    /// A program took too long and was ended.
    #[error("{program} was ended after {seconds} seconds without a result")]
    TimedOut {
        /// The program.
        program: &'static str,
        /// How long it had.
        seconds: u64,
    },
    /// The disk refused.
    #[error("media folder")]
    Disk(#[from] std::io::Error),
    /// The address of the bucket is none.
    #[error("media_url is no address such as s3://bucket/prefix?region=eu-central-1: {reason}")]
    BadAddress {
        /// What is wrong with it.
        reason: String,
    },
    /// The bucket does not do what it is asked for.
    #[error("the bucket \"{bucket}\": {reason}")]
    Bucket {
        /// Its name.
        bucket: String,
        /// What whoever runs this server can do about it.
        reason: String,
    },
    /// What is stored under a hash has another one.
    #[error("a stored file is not what it was when it was stored")]
    Changed,
    /// There is no file with this hash.
    #[error("no stored file has this hash")]
    Missing,
    /// The work was cut off by a fault of this server.
    #[error("the work on the file broke off")]
    Broken,
}

impl MediaError {
    /// Whether the same may succeed later: what is wrong is this server's state and not the file.
    pub const fn may_pass(&self) -> bool {
        matches!(self, Self::Disk(_) | Self::Bucket { .. } | Self::TimedOut { .. } | Self::Broken)
    }

    pub(crate) fn damaged(format: &'static str, reason: impl Into<String>) -> Self {
        Self::Damaged { format, reason: reason.into() }
    }
}
