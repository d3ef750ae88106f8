//! Where a test's media files are: in a folder, or in a bucket when `TEST_MEDIA=s3` says so, so that
//! the suites about media run on both.

use std::net::SocketAddr;
use std::path::Path;

use media::{BucketConfig, BucketKey, MediaFiles};
use s3::{S3Config, S3Server};

/// The bucket's name.
pub const BUCKET: &str = "media";

/// Where files are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FilesIn {
    /// A folder.
    Folder,
    /// A bucket; callers send them to this server.
    Bucket,
    /// A bucket, to which callers send them straight.
    BucketDirectly,
}

impl FilesIn {
    /// What this run of the tests is for.
    pub(crate) fn wanted() -> Self {
        #[expect(clippy::disallowed_methods, reason = "where a test run keeps files is no configuration")]
        let wanted = std::env::var("TEST_MEDIA").unwrap_or_default();
        match wanted.as_str() {
            "" | "disk" => Self::Folder,
            "s3" => Self::Bucket,
            other => panic!("TEST_MEDIA is disk or s3, not {other}"),
        }
    }

    pub(crate) async fn open(self, folder: &Path) -> (MediaFiles, Option<S3Server>) {
        let root = folder.join("media");
        if self == Self::Folder {
            return (MediaFiles::open(&root).unwrap(), None);
        }
        let config = S3Config::new(folder.join("bucket"));
        let (id, secret) = config.keys[0].clone();
        let mut bucket = BucketConfig::new(BUCKET, "some/where");
        bucket.region = Some(config.region.clone());
        bucket.direct_uploads = self == Self::BucketDirectly;
        bucket.key = Some(BucketKey { id, secret, session: None });
        let server = S3Server::start(config, SocketAddr::from(([127, 0, 0, 1], 0))).await.unwrap();
        bucket.endpoint = Some(server.endpoint());
        (MediaFiles::open_bucket(&root, bucket).unwrap(), Some(server))
    }
}

/// The stored files, and those on their way in.
pub(crate) fn count(folder: &Path, s3: Option<&S3Server>) -> (usize, usize) {
    let media = folder.join("media");
    let incoming = count_in(&media.join("incoming"));
    let here = count_in(&media) - incoming;
    let Some(s3) = s3 else { return (here, incoming) };
    assert_eq!(here, 0, "copies of files in the bucket are left behind");
    let keys = s3.keys(BUCKET);
    let of = |part: &str| keys.iter().filter(|key| key.starts_with(&format!("some/where/{part}/"))).count();
    assert_eq!(of("files") + of("uploads"), keys.len(), "{keys:?}");
    (of("files"), incoming + of("uploads") + s3.unfinished())
}

fn count_in(folder: &Path) -> usize {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.map(|path| if path.is_dir() { count_in(&path) } else { 1 }).sum()
}
