//! What can go wrong in the sandbox itself, as opposed to the refusals of an emulated platform.

use std::path::PathBuf;

/// A failure of the sandbox.
#[derive(Debug, thiserror::Error)]
pub enum SandboxError {
    /// A file of the data folder could not be read or written.
    #[error("the sandbox could not use {}; check that the folder exists and is writable", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: std::io::Error,
    },
    /// A stored record does not have the shape this version writes.
    #[error(
        "the sandbox state holds a record of table {table} that cannot be read; start on an empty folder"
    )]
    Record {
        /// The table the record belongs to.
        table: String,
        /// What was wrong with it.
        #[source]
        source: serde_json::Error,
    },
    /// Nobody emulates this platform.
    #[error("the sandbox does not emulate the platform \"{0}\"")]
    UnknownPlatform(String),
    /// A call of the control API that makes no sense.
    #[error("{0}")]
    Invalid(String),
}

impl SandboxError {
    pub(crate) fn invalid(message: impl Into<String>) -> Self {
        Self::Invalid(message.into())
    }
}
