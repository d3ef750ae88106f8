//! Before a destination's first step: copies of its media that the platform takes, made or found.
//! Must not know how a copy is made.

use connector::{Failure, Internal, PlatformSpec};
use domain::causes::with_causes;
use domain::rules::fit::{Change, Frame, Plan, Recipe, Size, Tense, sentence};
use domain::{Class, DestinationId, MediaId, OrganizationId};
use media::{Fitted, Known, MediaError, Original};
use store::{MediaCopy, MediaRow, StoreError};
use tokio::sync::OwnedMutexGuard;
use tracing::{Instrument as _, debug_span};

use super::Job;
use crate::Engine;
use crate::publish::load::media_item;

/// What came of it.
pub(in crate::publish) enum Fitting {
    /// The media are such as the platform takes, as far as that is known.
    Done,
    /// Something cannot be made to fit, or not now.
    Refused(Failure),
    /// Another worker has taken over, or the post was deleted.
    LeaseLost,
}

/// What the author chose.
pub(crate) struct Wish {
    pub(crate) frame: Frame,
    /// An animated image that is alone in its post may become a video.
    pub(crate) may_become_film: bool,
    pub(crate) content_type: Option<String>,
}

/// A copy, and the lock that keeps others from making the same one until it is kept.
pub(crate) type Copied = (MediaCopy, OwnedMutexGuard<()>);

/// A copy that is to be made.
struct Wanted<'a> {
    row: &'a MediaRow,
    /// How the stored picture is turned, in EXIF's numbers.
    orientation: u8,
    recipe: Recipe,
    changes: Vec<Change>,
}

impl Job<'_> {
    /// What was done to the media, in sentences for people.
    pub(in crate::publish) fn notes(&self) -> Vec<String> {
        self.target.as_ref().map(|target| target.loaded.media.notes.clone()).unwrap_or_default()
    }

    /// Makes copies of the media that the platform would refuse as they are, and writes down that
    /// this destination uses them, before anything is sent.
    pub(in crate::publish) async fn fit(
        &mut self,
        spec: &'static PlatformSpec,
    ) -> Result<Fitting, StoreError> {
        let rows = self.target()?.loaded.media.rows.clone();
        if rows.is_empty() {
            return Ok(Fitting::Done);
        }
        let to = self.publication()?;
        let wish = Wish {
            frame: Frame::of(&to.settings),
            may_become_film: self.engine.may_make_films(rows.len()),
            content_type: to.content_type.clone(),
        };
        let mut copies: Vec<MediaCopy> = Vec::new();
        for row in &rows {
            let (organization, destination) = (self.lease.organization_id, self.lease.destination_id);
            let work = self.engine.copy_of(organization, destination, row, spec, &wish);
            let work = work.instrument(debug_span!("fit"));
            let Some(made) = self.supervise(work).await? else { return Ok(Fitting::LeaseLost) };
            match made.value.unwrap_or_else(|| Ok(Err(broken())))? {
                Ok(Some((copy, _))) => copies.push(copy),
                Ok(None) => {}
                Err(failure) => return Ok(Fitting::Refused(failure)),
            }
        }
        if copies.is_empty() {
            return Ok(Fitting::Done);
        }
        let (organization, destination) = (self.lease.organization_id, self.lease.destination_id);
        let store = &self.engine.parts.store;
        store.keep_media_copies(organization, destination, copies.clone(), self.now()).await?;
        self.use_copies(rows, &copies);
        Ok(Fitting::Done)
    }

    fn use_copies(&mut self, rows: Vec<MediaRow>, copies: &[MediaCopy]) {
        let (engine, organization) = (self.engine, self.lease.organization_id);
        let Some(target) = &mut self.target else { return };
        let files = engine.with_addresses(organization, rows, copies);
        for item in &mut target.loaded.publication.media {
            if let Some(row) = files.rows.iter().find(|row| row.id == item.id) {
                *item = media_item(row, item.alt_text.take());
            }
        }
        target.loaded.media = files;
    }
}

impl Engine {
    /// The copy of one file that this destination needs; `None` where the file goes out as it is.
    pub(crate) async fn copy_of(
        &self,
        organization: OrganizationId,
        destination_id: DestinationId,
        row: &MediaRow,
        spec: &PlatformSpec,
        wish: &Wish,
    ) -> Result<Result<Option<Copied>, Failure>, StoreError> {
        let wanted = match self.plan(row, spec, wish).await {
            Ok(Some(wanted)) => wanted,
            Ok(None) => return Ok(Ok(None)),
            Err(failure) => return Ok(Err(failure)),
        };
        let store = &self.parts.store;
        let recipe = wanted.recipe.key();
        let making = self.fitting.hold(format!("{organization} {} {recipe}", row.sha256)).await;
        let now = self.parts.clock.now();
        let id = MediaId(self.parts.entropy.uuid(now));
        if let Some(found) = store.find_media_copy(organization, &row.sha256, &recipe).await? {
            // A restored backup may be without the file; then it is made again.
            if self.parts.media.read(&found.sha256, 0, 1).await.is_ok() {
                let note = Self::note(&wanted, spec, found_size(&found), &found.content_type);
                let filename = filename(&row.filename, &found.content_type);
                let mine = MediaCopy {
                    id,
                    destination_id,
                    media_id: row.id,
                    filename,
                    note,
                    created_at: now,
                    ..found
                };
                return Ok(Ok(Some((mine, making))));
            }
        }
        let original = Original {
            sha256: &row.sha256,
            content_type: &row.content_type,
            size: size_of(row),
            orientation: wanted.orientation,
        };
        let Fitted { stored, content_type, size } =
            match self.parts.media.fit(&self.config.tools, &original, &wanted.recipe).await {
                Ok(fitted) => fitted,
                Err(error) => return Ok(Err(failed(&row.filename, spec.display_name, &error))),
            };
        tracing::info!(media.id = %row.id, recipe, "a copy of a media file was made");
        let made = MediaCopy {
            id,
            destination_id,
            media_id: row.id,
            source_sha256: row.sha256.clone(),
            recipe,
            sha256: stored.sha256,
            filename: filename(&row.filename, &content_type),
            note: Self::note(&wanted, spec, size, &content_type),
            content_type,
            size_bytes: i64::try_from(stored.size_bytes).unwrap_or(i64::MAX),
            width: size.map(|size| i64::from(size.width)),
            height: size.map(|size| i64::from(size.height)),
            created_at: now,
        };
        Ok(Ok(Some((made, making))))
    }

    /// Whether an animated image in a post of so many files may become a video.
    pub(crate) fn may_make_films(&self, files: usize) -> bool {
        files == 1 && self.config.tools.ffmpeg.is_some()
    }

    /// What has to be done to a file; `None` for nothing, and where the platform has no rules for it.
    async fn plan<'a>(
        &self,
        row: &'a MediaRow,
        spec: &PlatformSpec,
        wish: &Wish,
    ) -> Result<Option<Wanted<'a>>, Failure> {
        let is_fitted = match row.kind.as_str() {
            "image" => spec.rules.image.is_some(),
            "video" => spec.rules.video.is_some(),
            _ => false,
        };
        if !is_fitted {
            return Ok(None);
        }
        let known = row.facts.as_deref().and_then(|facts| serde_json::from_str(facts).ok());
        let looked = match known {
            Some(known) => Ok(known),
            None => self.parts.media.look(&self.config.tools, &row.sha256).await,
        };
        let probe = match looked {
            Ok(probe) => Some(probe),
            Err(error) if error.may_pass() => return Err(failed(&row.filename, spec.display_name, &error)),
            Err(error) => {
                // It was accepted once; what its row says has to do.
                tracing::warn!(media.id = %row.id, %error, "a media file cannot be looked into");
                None
            }
        };
        let known = Known {
            kind: &row.kind,
            content_type: &row.content_type,
            size_bytes: u64::try_from(row.size_bytes).unwrap_or(0),
            size: size_of(row),
            probe: probe.as_ref(),
            may_become_film: wish.may_become_film,
        };
        match known.plan(&spec.rules, wish.content_type.as_deref(), wish.frame) {
            Plan::Untouched => Ok(None),
            Plan::Convert { recipe, changes } => {
                let orientation = probe.map_or(1, |probe| probe.details.orientation);
                Ok(Some(Wanted { row, orientation, recipe, changes }))
            }
            Plan::Refused(refusal) => {
                let public =
                    format!("\"{}\" cannot be posted: {} {refusal}.", row.filename, spec.display_name);
                Err(Failure::before_sending(Class::MediaFailed, public))
            }
        }
    }

    fn note(wanted: &Wanted<'_>, spec: &PlatformSpec, size: Option<Size>, content_type: &str) -> String {
        let mut changes = wanted.changes.clone();
        if let (Recipe::Image(recipe), Some(size)) = (&wanted.recipe, size) {
            let is_jpeg_instead = content_type != recipe.format.content_type();
            Change::settle(&mut changes, &recipe.layout, size, is_jpeg_instead);
        }
        sentence(&wanted.row.kind, &changes, spec.display_name, Tense::Past)
    }
}

fn size_of(row: &MediaRow) -> Option<Size> {
    let side =
        |value: Option<i64>| value.and_then(|value| u32::try_from(value).ok()).filter(|side| *side > 0);
    side(row.width).zip(side(row.height)).map(|(width, height)| Size { width, height })
}

fn found_size(copy: &MediaCopy) -> Option<Size> {
    let side = |value: Option<i64>| value.and_then(|value| u32::try_from(value).ok());
    side(copy.width).zip(side(copy.height)).map(|(width, height)| Size { width, height })
}

/// The original's name with the ending of the copy's type.
fn filename(original: &str, content_type: &str) -> String {
    let ending = match content_type {
        "image/jpeg" => "jpg",
        "image/png" => "png",
        "video/mp4" => "mp4",
        _ => return original.to_owned(),
    };
    let stem = original.rsplit_once('.').map_or(original, |(stem, _)| stem);
    format!("{}.{ending}", if stem.is_empty() { "file" } else { stem })
}

/// What a fault of the conversion means for the destination.
fn failed(filename: &str, platform: &str, error: &MediaError) -> Failure {
    let class = if error.may_pass() { Class::Transient } else { Class::MediaFailed };
    let public = match error {
        MediaError::Missing => "A media file of this post is gone; attach it again.".to_owned(),
        MediaError::Disk(_) | MediaError::Broken => {
            format!("\"{filename}\" could not be converted for {platform} just now.")
        }
        error => format!("\"{filename}\" cannot be fitted for {platform}: {error}."),
    };
    let internal = Internal::new(with_causes(error));
    Failure { internal, ..Failure::before_sending(class, public) }
}

fn broken() -> Failure {
    Failure::before_sending(Class::Transient, "Something went wrong on our side.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_program_ends_it_and_a_full_disk_does_not() {
        let missing = MediaError::NoTool { work: "converting a video", program: "ffmpeg" };
        let failure = failed("clip.mp4", "X", &missing);
        assert_eq!(failure.class, Class::MediaFailed);
        assert_eq!(
            failure.public,
            "\"clip.mp4\" cannot be fitted for X: converting a video needs the program ffmpeg, which is not \
             installed on this server."
        );
        let full = MediaError::Disk(std::io::Error::other("no room"));
        assert_eq!(failed("clip.mp4", "X", &full).class, Class::Transient);
    }

    #[test]
    fn a_copy_is_named_by_its_type() {
        assert_eq!(filename("photo.of.bread.HEIC", "image/jpeg"), "photo.of.bread.jpg");
        assert_eq!(filename("photo", "image/png"), "photo.png");
        assert_eq!(filename(".png", "image/jpeg"), "file.jpg");
        assert_eq!(filename("loop.webp", "image/webp"), "loop.webp");
    }
}
