//! Blob storage and probing of media files. Must not know posts or platforms.

mod copies;
mod files;
mod incoming;
mod limits;
mod probe;

pub use copies::hash_file;
pub use files::{MediaFiles, StoredFile};
pub use incoming::{Partial, Received, Receiving};
pub use limits::{MediaLimits, size_text};
pub use probe::{Kind, Probe, probe};

/// Why a file could not be stored or read.
#[derive(Debug, thiserror::Error)]
pub enum MediaError {
    /// The content is none of the types that are taken.
    #[error("the file is not a JPEG, PNG, GIF or WebP image")]
    Unsupported,
    /// The image cannot be decoded.
    #[error("the file looks like {format} but cannot be read: it may be cut off or damaged")]
    Damaged {
        /// The format that its first bytes claim.
        format: &'static str,
    },
    /// The disk refused.
    #[error("media folder")]
    Disk(#[from] std::io::Error),
    /// There is no file with this hash.
    #[error("no stored file has this hash")]
    Missing,
}
