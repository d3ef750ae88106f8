//! Blob storage, probing and conversion of media files. Must not know posts or platforms.

mod bucket;
mod copies;
mod crop;
mod direct;
mod error;
mod files;
mod fit;
mod incoming;
mod limits;
mod local;
mod plan;
mod poster;
mod probe;
mod scratch;
mod tools;

pub use bucket::{BucketConfig, BucketKey};
pub use copies::hash_file;
pub use crop::cut_to_shape;
pub use error::MediaError;
pub use files::{MediaFiles, StoredFile};
pub use fit::{Fitted, Original};
pub use incoming::{Partial, Received, Receiving};
pub use limits::{MediaLimits, size_text};
pub use local::LocalFile;
pub use plan::Known;
pub use probe::{Details, Kind, MAX_MEGAPIXELS, Probe, first_look, probe, probe_file};
pub use tools::Tools;
