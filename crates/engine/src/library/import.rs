//! A video that is fetched from an address: piece by piece, on from where it broke off, also by
//! another process.

use domain::event::EventKind;
use domain::{EventId, MediaId, Span, Timestamp};
use media::{Kind, MediaError, Partial, Probe, first_look, probe_file, size_text};
use net::{Download, DownloadError, Resume};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::{
    FinishMedia, FinishedMedia, HeldFile, MediaLease, MediaWork, MediaWorkKind, NewEvent, StoreError,
};
use url::Url;

use super::plan::pause_after;
use super::{KEPT_EVERY, LEASE, Library};

const FAILED_FOR: Span = Span::from_days(30);
/// An import that takes longer, broken off again and again, is given up.
const LONGEST: Span = Span::from_hours(24);
/// A try that brings this much is not in vain.
const WORTHWHILE_BYTES: u64 = 1024 * 1024;
/// As many bytes tell an MP4 from other files.
const HEAD_BYTES: usize = 64;

/// What the next worker needs to go on.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
struct Kept {
    /// So much is on the disk for certain.
    bytes: u64,
    /// What the file was known by.
    validator: Option<String>,
}

/// Why an import stops here.
enum Stop {
    /// For good, and this is what its owner is told.
    Failed(String),
    /// For now, after a try that brought nothing.
    Later(String),
    /// For now, after some of it came.
    Broken(String),
    /// Somebody else has it, or it is deleted.
    Lost,
    Store(StoreError),
    Disk(MediaError),
}

impl From<StoreError> for Stop {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<MediaError> for Stop {
    fn from(error: MediaError) -> Self {
        Self::Disk(error)
    }
}

impl Library {
    pub(super) async fn import(&self, work: MediaWork) -> Result<(), StoreError> {
        let (lease, id, tries) = (work.lease, work.row.id, work.tries);
        let Err(stop) = self.fetch_and_finish(work).await else { return Ok(()) };
        match stop {
            Stop::Failed(message) => self.fail(lease, id, &message).await,
            Stop::Later(reason) => self.put_off(lease, id, tries, &reason).await,
            Stop::Broken(reason) => self.put_off(lease, id, 0, &reason).await,
            Stop::Disk(error) => {
                tracing::error!(media.id = %id, error = %error, "an import cannot be written; it is tried again");
                self.put_off(lease, id, tries, "this server could not write the file").await
            }
            Stop::Lost => {
                // A deleted item leaves nothing behind; one that another worker has is in its hands.
                if self.parts.store.find_media(lease.organization_id, &[id]).await?.is_empty() {
                    self.forget_partial(id).await;
                }
                Ok(())
            }
            Stop::Store(error) => Err(error),
        }
    }

    async fn fetch_and_finish(&self, work: MediaWork) -> Result<(), Stop> {
        let address = work.row.source_url.as_deref().unwrap_or_default();
        if self.parts.clock.now() > work.row.created_at + LONGEST {
            return Err(Stop::Failed(unreachable("it did not come within a day")));
        }
        let url = Url::parse(address).map_err(|error| Stop::Failed(unreachable(&error.to_string())))?;
        let name = work.row.id.to_string();
        let partial = self.parts.media.resume(&name).await?;
        // The lease was taken from a worker of this process that has not noticed yet.
        let mut partial = partial.ok_or_else(|| Stop::Later("another worker still has it".to_owned()))?;
        let kept = work.state.as_deref().and_then(|text| serde_json::from_str(text).ok());
        self.fetch(&url, work.lease, &mut partial, kept.unwrap_or_default()).await?;
        self.finish(&work, partial).await
    }

    /// Brings the file to its end.
    async fn fetch(
        &self,
        url: &Url,
        lease: MediaLease,
        partial: &mut Partial,
        kept: Kept,
    ) -> Result<(), Stop> {
        partial.cut(kept.bytes).await?;
        let resume = Resume { from: partial.size_bytes(), validator: kept.validator };
        let wanted = (resume.from > 0 && resume.validator.is_some()).then_some(&resume);
        let opened = self.parts.guarded.open(url, wanted).await;
        let mut download = match opened {
            Err(error) if error.changed => {
                // It is another file now, so it is fetched from its beginning, once.
                partial.cut(0).await?;
                self.parts.guarded.open(url, None).await.map_err(stop)?
            }
            opened => opened.map_err(stop)?,
        };
        partial.cut(download.from).await?;
        self.check_size(download.size_bytes.unwrap_or(0))?;
        let copied = self.copy(lease, partial, &mut download).await;
        if copied.is_err() {
            // Whoever goes on is spared what came so far.
            self.keep(lease, partial, download.validator.clone(), self.parts.clock.now() + LEASE).await?;
        }
        match copied {
            Err(Stop::Later(reason)) if partial.size_bytes() >= download.from + WORTHWHILE_BYTES => {
                Err(Stop::Broken(reason))
            }
            copied => copied,
        }
    }

    async fn copy(
        &self,
        lease: MediaLease,
        partial: &mut Partial,
        download: &mut Download,
    ) -> Result<(), Stop> {
        let mut head = Vec::new();
        let mut keep_at = self.parts.clock.now() + KEPT_EVERY;
        while let Some(bytes) = download.next().await.map_err(stop)? {
            if download.from == 0 && head.len() < HEAD_BYTES {
                head.extend_from_slice(&bytes[..bytes.len().min(HEAD_BYTES)]);
                if head.len() >= HEAD_BYTES && first_look(&head) != Some(Kind::Video) {
                    return Err(Stop::Failed(
                        "The file at this address is not really an MP4 video.".to_owned(),
                    ));
                }
            }
            partial.write(&bytes).await?;
            self.check_size(partial.size_bytes())?;
            let now = self.parts.clock.now();
            if now >= keep_at {
                self.keep(lease, partial, download.validator.clone(), now + LEASE).await?;
                keep_at = now + KEPT_EVERY;
            }
        }
        Ok(())
    }

    /// Puts what has come on the disk and keeps the lease.
    async fn keep(
        &self,
        lease: MediaLease,
        partial: &mut Partial,
        validator: Option<String>,
        until: Timestamp,
    ) -> Result<(), Stop> {
        partial.sync().await?;
        let kept = Kept { bytes: partial.size_bytes(), validator };
        let state = serde_json::to_string(&kept).ok();
        if self.parts.store.keep_media_work(lease, until, state).await? { Ok(()) } else { Err(Stop::Lost) }
    }

    fn check_size(&self, size: u64) -> Result<(), Stop> {
        let most = self.parts.limits.video_by_url_bytes;
        if size <= most {
            return Ok(());
        }
        Err(Stop::Failed(format!(
            "The video is too large: {} are the most that is fetched.",
            size_text(most)
        )))
    }

    async fn finish(&self, work: &MediaWork, partial: Partial) -> Result<(), Stop> {
        let (lease, row) = (work.lease, &work.row);
        let (organization, id) = (lease.organization_id, row.id);
        // Looking takes a moment, and the file must still be ours then.
        if !self.parts.store.keep_media_work(lease, self.parts.clock.now() + LEASE, None).await? {
            return Err(Stop::Lost);
        }
        let received = partial.finish().await?;
        let probe = match probe_file(received.path(), &self.parts.tools).await {
            Ok(probe) => probe,
            Err(error) if error.may_pass() => return Err(Stop::Disk(error)),
            Err(error) => return Err(Stop::Failed(format!("This file cannot be used: {error}."))),
        };
        if probe.kind != Kind::Video {
            return Err(Stop::Failed(format!("The file is {} and not an MP4 video.", probe.content_type)));
        }
        let (sha256, size) = (received.sha256.clone(), received.size_bytes);
        match self.parts.store.hold_file(organization, id, &sha256, self.parts.clock.now()).await? {
            HeldFile::Held => {}
            HeldFile::NotUploading => return Err(Stop::Lost),
            HeldFile::BeingRemoved => return Err(Stop::Later("the same file is being removed".to_owned())),
        }
        self.parts.media.place(received).await?;
        let settings = self.parts.store.get_organization_settings(organization).await?;
        let quota = self.parts.plan.with(&settings.limits).storage_bytes;
        let finish = self.finished(&probe, sha256, size, quota);
        let event = self.event(id, probe.kind, &row.filename);
        match self.parts.store.finish_media(organization, id, finish, event, Some(lease)).await? {
            FinishedMedia::Ready => Ok(()),
            FinishedMedia::Stale => Err(Stop::Lost),
            FinishedMedia::OverQuota(used) => {
                let used = size_text(u64::try_from(used).unwrap_or(0));
                Err(Stop::Failed(format!(
                    "The media library is full: it holds {used}, and this file does not fit."
                )))
            }
        }
    }

    fn finished(&self, probe: &Probe, sha256: String, size: u64, quota: Option<i64>) -> FinishMedia {
        FinishMedia {
            sha256,
            kind: probe.kind.as_str().to_owned(),
            content_type: probe.content_type.to_owned(),
            size_bytes: i64::try_from(size).unwrap_or(i64::MAX),
            width: probe.width.map(i64::from),
            height: probe.height.map(i64::from),
            seconds: probe.seconds,
            facts: serde_json::to_string(probe).ok(),
            work: Some(MediaWorkKind::Poster),
            quota,
            now: self.parts.clock.now(),
        }
    }

    fn event(&self, id: MediaId, kind: Kind, filename: &str) -> NewEvent {
        NewEvent {
            id: EventId(self.parts.entropy.uuid(self.parts.clock.now())),
            kind: EventKind::MediaUploaded,
            payload: json!({ "media_id": id, "type": kind.as_str(), "filename": filename }),
        }
    }

    async fn put_off(
        &self,
        lease: MediaLease,
        id: MediaId,
        tries: i64,
        reason: &str,
    ) -> Result<(), StoreError> {
        let Some(pause) = pause_after(tries) else {
            return self.fail(lease, id, &unreachable(reason)).await;
        };
        tracing::info!(media.id = %id, reason, "an import broke off; it goes on later");
        self.parts
            .store
            .put_off_media_work(lease, self.parts.clock.now() + pause, tries + 1)
            .await
            .map(|_| ())
    }

    async fn fail(&self, lease: MediaLease, id: MediaId, message: &str) -> Result<(), StoreError> {
        let now = self.parts.clock.now();
        let ends = (now, now + FAILED_FOR);
        if self.parts.store.fail_media(lease.organization_id, id, message, ends, Some(lease)).await? {
            self.forget_partial(id).await;
        }
        Ok(())
    }

    async fn forget_partial(&self, id: MediaId) {
        if let Err(error) = self.parts.media.abandon(&id.to_string()).await {
            tracing::warn!(media.id = %id, error = %error, "a part of a file is removed later");
        }
    }
}

fn stop(error: DownloadError) -> Stop {
    if error.may_pass { Stop::Later(error.reason) } else { Stop::Failed(unreachable(&error.reason)) }
}

fn unreachable(reason: &str) -> String {
    format!("The file at this address cannot be fetched: {reason}.")
}
