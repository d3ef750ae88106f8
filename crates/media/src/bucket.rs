//! Files in a bucket of a server that speaks S3. Must not know whose files they are.

mod address;
mod sign;

use std::path::Path;
use std::time::Duration;

use bytes::Bytes;
use domain::causes::with_causes;
use domain::{Span, Timestamp};
use object_store::aws::{AmazonS3, AmazonS3Builder, AmazonS3ConfigKey};
use object_store::path::Path as Key;
use object_store::{
    BackoffConfig, ClientOptions, ObjectStore as _, ObjectStoreExt as _, PutPayload, RetryConfig,
};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use url::Url;

pub use address::{BucketConfig, BucketKey};

use crate::MediaError;
use sign::Signer;

/// Larger files travel in parts of this size. A server takes ten thousand of them.
const PART_BYTES: u64 = 8 * 1024 * 1024;
/// So much is in memory of a file that is brought here.
const FETCH_BYTES: u64 = 4 * 1024 * 1024;
/// A part that takes longer is sent again.
const REQUEST_WITHIN: Duration = Duration::from_mins(2);
const CONNECT_WITHIN: Duration = Duration::from_secs(5);
/// How long a request that fails is tried again.
const RETRIED_FOR: Duration = Duration::from_mins(1);
const RETRIES: usize = 4;

/// A bucket.
#[derive(Debug)]
pub(crate) struct Bucket {
    store: AmazonS3,
    config: BucketConfig,
}

/// A file that the server lists.
pub(crate) struct Listed {
    /// The key's last part.
    pub(crate) name: String,
    /// When it was written, in seconds.
    pub(crate) written_at: i64,
}

impl Bucket {
    /// The bucket of `config`. Nothing is sent yet.
    pub(crate) fn open(config: BucketConfig) -> Result<Self, MediaError> {
        let builder = match &config.key {
            Some(key) => {
                let builder =
                    AmazonS3Builder::new().with_access_key_id(&key.id).with_secret_access_key(&key.secret);
                match &key.session {
                    Some(session) => builder.with_token(session),
                    None => builder,
                }
            }
            // The role of this machine, by the variables and addresses of the provider.
            None => AmazonS3Builder::from_env(),
        };
        let base = config.base(false);
        // The endpoint of a virtual host names the bucket, that of a path does not.
        let endpoint = if config.is_virtual_hosted() {
            base.clone()
        } else {
            base.trim_end_matches(&format!("/{}", config.bucket)).to_owned()
        };
        let client = ClientOptions::new().with_timeout(REQUEST_WITHIN).with_connect_timeout(CONNECT_WITHIN);
        let retry = RetryConfig {
            backoff: BackoffConfig::default(),
            max_retries: RETRIES,
            retry_timeout: RETRIED_FOR,
        };
        let store = builder
            .with_client_options(client)
            .with_retry(retry)
            .with_bucket_name(&config.bucket)
            .with_region(config.region())
            // A variable of the environment must not win over what the address says.
            .with_config(AmazonS3ConfigKey::S3Endpoint, &endpoint)
            .with_endpoint(endpoint)
            .with_virtual_hosted_style_request(config.is_virtual_hosted())
            // Few servers but Amazon's know how to remove several files at once.
            .with_disable_bulk_delete(true)
            .with_allow_http(base.starts_with("http://"))
            .build()
            .map_err(|error| MediaError::BadAddress { reason: error.to_string() })?;
        Ok(Self { store, config })
    }

    /// Whether callers send files straight here.
    pub(crate) fn takes_uploads(&self) -> bool {
        self.config.direct_uploads
    }

    /// The scheme and the host by which callers reach it.
    pub(crate) fn origin_for_callers(&self) -> String {
        let base = self.config.base(true);
        let host_at = base.find("://").map_or(0, |at| at + 3);
        base[host_at..].find('/').map_or(base.clone(), |length| base[..host_at + length].to_owned())
    }

    /// Writes, reads and removes a small file, to see that all of it is allowed. `nonce` tells the
    /// files of processes apart that do it at the same time.
    pub(crate) async fn check(&self, nonce: &str) -> Result<(), MediaError> {
        const TEXT: &[u8] = b"Fanfare looks whether it may write here.";
        let name = format!("checks/{nonce}");
        let key = self.key(&name);
        self.store.put(&key, PutPayload::from_static(TEXT)).await.map_err(|error| self.failed(&error))?;
        if self.read(&name, 0, 1_000).await? != TEXT {
            return Err(self.refused("a file that was just written reads differently"));
        }
        self.remove(&name).await
    }

    /// Stores a local file; durable when this returns.
    pub(crate) async fn put(&self, name: &str, path: &Path) -> Result<(), MediaError> {
        let mut file = tokio::fs::File::open(path).await?;
        let size = file.metadata().await?.len();
        let key = self.key(name);
        let mut left = size;
        let first = part(&mut file, &mut left).await?;
        if u64::try_from(first.len()).is_ok_and(|length| length == size) {
            self.store.put(&key, first.into()).await.map_err(|error| self.failed(&error))?;
            return Ok(());
        }
        let mut upload = self.store.put_multipart(&key).await.map_err(|error| self.failed(&error))?;
        let sent = async {
            let mut next = first;
            while !next.is_empty() {
                let sending = upload.put_part(next.into());
                // The next part is read while this one travels.
                let (sent, read) = tokio::join!(sending, part(&mut file, &mut left));
                sent.map_err(|error| self.failed(&error))?;
                next = read?;
            }
            upload.complete().await.map_err(|error| self.failed(&error))
        };
        let sent = sent.await.map(|_| ());
        if sent.is_err()
            && let Err(error) = upload.abort().await
        {
            tracing::warn!(%error, "the parts of a broken upload stay in the bucket");
        }
        sent
    }

    /// `length` bytes from `offset`; fewer at the end.
    pub(crate) async fn read(&self, name: &str, offset: u64, length: u64) -> Result<Bytes, MediaError> {
        if length == 0 {
            return Ok(Bytes::new());
        }
        let range = offset..offset.saturating_add(length);
        match self.store.get_range(&self.key(name), range).await {
            Ok(bytes) => Ok(bytes),
            Err(object_store::Error::NotFound { .. }) => Err(MediaError::Missing),
            // There is nothing from there on.
            Err(error) if with_causes(&error).contains("InvalidRange") => Ok(Bytes::new()),
            Err(error) => Err(self.failed(&error)),
        }
    }

    /// The size of a file; `None` when there is none.
    pub(crate) async fn size_bytes(&self, name: &str) -> Result<Option<u64>, MediaError> {
        match self.store.head(&self.key(name)).await {
            Ok(facts) => Ok(Some(facts.size)),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(self.failed(&error)),
        }
    }

    /// Brings a file here, piece by piece.
    pub(crate) async fn fetch(&self, name: &str, path: &Path) -> Result<(), MediaError> {
        let size = self.size_bytes(name).await?.ok_or(MediaError::Missing)?;
        let mut file = tokio::fs::File::create(path).await?;
        let mut at = 0;
        while at < size {
            let piece = self.read(name, at, FETCH_BYTES.min(size - at)).await?;
            if piece.is_empty() {
                return Err(self.refused("a file became shorter while it was read"));
            }
            at += u64::try_from(piece.len()).unwrap_or(u64::MAX);
            file.write_all(&piece).await?;
        }
        Ok(file.flush().await?)
    }

    /// Removes a file. One that is not there is removed already.
    pub(crate) async fn remove(&self, name: &str) -> Result<(), MediaError> {
        match self.store.delete(&self.key(name)).await {
            Err(object_store::Error::NotFound { .. }) | Ok(()) => Ok(()),
            Err(error) => Err(self.failed(&error)),
        }
    }

    /// The files whose names begin with `folder`, which has no slash at its end.
    pub(crate) async fn list(&self, folder: &str) -> Result<Vec<Listed>, MediaError> {
        let folder = self.key(folder);
        let mut listed = Vec::new();
        let mut pages = self.store.list(Some(&folder));
        while let Some(facts) = futures_util::StreamExt::next(&mut pages).await {
            let facts = facts.map_err(|error| self.failed(&error))?;
            if let Some(name) = facts.location.filename() {
                listed.push(Listed { name: name.to_owned(), written_at: facts.last_modified.timestamp() });
            }
        }
        Ok(listed)
    }

    /// An address that takes one file of exactly this size from whoever has it.
    pub(crate) async fn upload_address(
        &self,
        name: &str,
        size_bytes: u64,
        now: Timestamp,
        good_for: Span,
    ) -> Result<Url, MediaError> {
        let key = self.store.credentials().get_credential().await.map_err(|error| self.failed(&error))?;
        let address = format!("{}/{}", self.config.base(true), self.config.key(name));
        let address =
            Url::parse(&address).map_err(|error| MediaError::BadAddress { reason: error.to_string() })?;
        let signer = Signer {
            key_id: &key.key_id,
            secret: &key.secret_key,
            session: key.token.as_deref(),
            region: self.config.region(),
        };
        Ok(signer.put(&address, size_bytes, now, good_for))
    }

    fn key(&self, name: &str) -> Key {
        Key::from(self.config.key(name))
    }

    fn refused(&self, reason: &str) -> MediaError {
        MediaError::Bucket { bucket: self.config.bucket.clone(), reason: reason.to_owned() }
    }

    /// The error in words for whoever runs this server.
    fn failed(&self, error: &object_store::Error) -> MediaError {
        let text = with_causes(error);
        let code = text.split_once("<Code>").and_then(|(_, rest)| rest.split_once("</Code>"));
        let base = self.config.base(false);
        let reason = match code.map(|(code, _)| code).unwrap_or_default() {
            "NoSuchBucket" => format!("there is no such bucket at {base}; make it, or correct media_url"),
            "InvalidAccessKeyId" => "the server does not know the access key in AWS_ACCESS_KEY_ID".to_owned(),
            "SignatureDoesNotMatch" => {
                "the secret key in AWS_SECRET_ACCESS_KEY does not belong to the access key".to_owned()
            }
            "AccessDenied" => {
                "the credentials may not do this; they need to read, write, list and delete".to_owned()
            }
            "RequestTimeTooSkewed" => {
                "the clocks of this machine and of the server differ too much".to_owned()
            }
            "AuthorizationHeaderMalformed" | "PermanentRedirect" => {
                format!("it is not in the region {}; name its region in media_url", self.config.region())
            }
            "" if self.config.key.is_none() && text.contains("169.254.169.254") => {
                "there are no credentials; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY".to_owned()
            }
            "" => format!("{base} cannot be used: {text}"),
            code => format!("the server refuses: {code}"),
        };
        self.refused(&reason)
    }
}

/// The next part of a file of which so much is `left`; empty at its end.
async fn part(file: &mut tokio::fs::File, left: &mut u64) -> Result<Bytes, MediaError> {
    let length = PART_BYTES.min(*left);
    let mut bytes = Vec::with_capacity(usize::try_from(length).unwrap_or_default());
    file.take(length).read_to_end(&mut bytes).await?;
    *left -= length;
    Ok(bytes.into())
}
