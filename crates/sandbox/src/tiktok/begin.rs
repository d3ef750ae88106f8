//! The calls that begin a publish: what a post has to be like, and where its media comes from.

use domain::Span;
use serde_json::{Value, json};
use url::{Host, Url};

use super::errors::{Refused, forbidden, parameter};
use super::request::{Ask, Object};
use super::state::{Draft, Publish, TikTok, Upload};
use super::tokens::Caller;
use super::{UPLOAD_HOST, draft};
use crate::core::lock;
use crate::core::origin::Origin;

const CALLS_A_MINUTE: usize = 6;
const PHOTOS_MAX: usize = 35;
const VIDEO_MAX_BYTES: u64 = 4_000_000_000;
/// A MB is not said to be decimal or binary: what is right by either is taken.
const CHUNK_MIN_BYTES: u64 = 5_000_000;
const CHUNK_MAX_BYTES: u64 = 64 << 20;
const CHUNKS_MAX: u64 = 1_000;
const UPLOAD_LIFE: Span = Span::from_hours(1);

/// Where the media is.
enum Source {
    Upload { size: u64, chunk: u64, count: u64 },
    Fetch(Vec<String>),
}

impl TikTok {
    /// `video/init`, and `inbox/video/init`, which takes no post info.
    pub(super) async fn begin_video(
        &self,
        ask: &Ask,
        direct: bool,
        origin: &Origin,
    ) -> Result<Value, Refused> {
        let caller = self.begins(ask, direct)?;
        let body = ask.json()?;
        let draft = if direct {
            draft::video(&caller, &Object(&body).object("post_info")?)?
        } else {
            draft::empty(&caller, false)
        };
        let source = self.video_source(&caller, &Object(&body).object("source_info")?)?;
        self.begin(&caller, draft, source, origin).await
    }

    /// `content/init`
    pub(super) async fn begin_photos(&self, ask: &Ask, origin: &Origin) -> Result<Value, Refused> {
        let body = ask.json()?;
        let whole = Object(&body);
        let direct = match whole.text("post_mode")? {
            Some("DIRECT_POST") => true,
            Some("MEDIA_UPLOAD") => false,
            _ => return Err(parameter("post_mode must be DIRECT_POST or MEDIA_UPLOAD.")),
        };
        if whole.text("media_type")? != Some("PHOTO") {
            return Err(parameter("media_type must be PHOTO."));
        }
        let caller = self.begins(ask, direct)?;
        let source = whole.object("source_info")?;
        let addresses = self.photo_addresses(&caller, &source)?;
        let draft = draft::photos(&caller, &whole.object("post_info")?, &source, direct)?;
        self.begin(&caller, draft, Source::Fetch(addresses), origin).await
    }

    /// The caller, if they may begin a publish now.
    fn begins(&self, ask: &Ask, direct: bool) -> Result<Caller, Refused> {
        let caller = self.caller(ask)?;
        caller.needs(if direct { "video.publish" } else { "video.upload" })?;
        self.count(&caller, "init", CALLS_A_MINUTE)?;
        if direct {
            self.may_post(&caller)?;
        } else {
            self.may_send_draft(&caller)?;
        }
        Ok(caller)
    }

    fn video_source(&self, caller: &Caller, source: &Object<'_>) -> Result<Source, Refused> {
        match source.text("source")? {
            Some("FILE_UPLOAD") => {
                let number = |name: &str| {
                    source.number(name)?.ok_or_else(|| parameter(&format!("{name} is required.")))
                };
                let (size, chunk) = (number("video_size")?, number("chunk_size")?);
                let count = number("total_chunk_count")?;
                check_chunks(size, chunk, count)?;
                Ok(Source::Upload { size, chunk, count })
            }
            Some("PULL_FROM_URL") => {
                let url = source.text("video_url")?.ok_or_else(|| parameter("video_url is required."))?;
                self.check_address(caller, url)?;
                Ok(Source::Fetch(vec![url.to_owned()]))
            }
            _ => Err(parameter("source must be FILE_UPLOAD or PULL_FROM_URL.")),
        }
    }

    fn photo_addresses(&self, caller: &Caller, source: &Object<'_>) -> Result<Vec<String>, Refused> {
        if source.text("source")? != Some("PULL_FROM_URL") {
            return Err(parameter("Photos are taken with the source PULL_FROM_URL only."));
        }
        let listed = source.0.get("photo_images").and_then(Value::as_array);
        let listed = listed.ok_or_else(|| parameter("photo_images is required."))?;
        if !(1..=PHOTOS_MAX).contains(&listed.len()) {
            return Err(parameter("photo_images must have 1 to 35 elements."));
        }
        let cover = source.number("photo_cover_index")?.unwrap_or(0);
        if cover >= listed.len() as u64 {
            return Err(parameter("photo_cover_index is out of range."));
        }
        let mut addresses = Vec::new();
        for address in listed {
            let address = address.as_str().ok_or_else(|| parameter("photo_images must be strings."))?;
            self.check_address(caller, address)?;
            addresses.push(address.to_owned());
        }
        Ok(addresses)
    }

    /// Media is fetched only from addresses that were verified for the app. An app that names none
    /// has this machine: nothing else can be verified offline.
    fn check_address(&self, caller: &Caller, address: &str) -> Result<(), Refused> {
        let url = Url::parse(address).map_err(|_| parameter("The URL is not valid."))?;
        let is_local = match url.host() {
            Some(Host::Ipv4(address)) => address.is_loopback(),
            Some(Host::Ipv6(address)) => address.is_loopback(),
            Some(Host::Domain(name)) => name == "localhost",
            None => false,
        };
        let is_owned = match self.app(&caller.app).verified {
            None => is_local,
            Some(verified) => verified.iter().any(|known| belongs(&url, address, known)),
        };
        if !is_owned {
            let message = "Please review our URL ownership verification rules.";
            return Err(forbidden("url_ownership_unverified", message));
        }
        if url.scheme() == "https" || is_local { Ok(()) } else { Err(parameter("The URL must be https.")) }
    }

    async fn begin(
        &self,
        caller: &Caller,
        draft: Draft,
        source: Source,
        origin: &Origin,
    ) -> Result<Value, Refused> {
        let taken = match &source {
            Source::Upload { .. } => None,
            Source::Fetch(addresses) if draft.photos => Some(self.fetch_photos(addresses).await?),
            Source::Fetch(addresses) => {
                let address = addresses.first().map(String::as_str).unwrap_or_default();
                Some(self.fetch_video(address, &caller.user).await?)
            }
        };
        let _one_at_a_time = lock(&self.gate);
        let kind = match (&source, draft.photos, draft.direct) {
            (_, true, _) => "p_pub_url",
            (Source::Upload { .. }, _, true) => "v_pub_file",
            (Source::Upload { .. }, _, false) => "v_inbox_file",
            (Source::Fetch(_), _, true) => "v_pub_url",
            (Source::Fetch(_), _, false) => "v_inbox_url",
        };
        let id = format!("{kind}~v2-1.{}", self.new_id());
        let mut answer = json!({"publish_id": id});
        let upload = match source {
            Source::Fetch(_) => None,
            Source::Upload { size, chunk, count } => {
                let upload = self.new_upload(size, chunk, count);
                let path = format!("/video/?upload_id={}&upload_token={}", upload.id, upload.token);
                answer["upload_url"] = json!(origin.url(UPLOAD_HOST, &path));
                Some(upload)
            }
        };
        let publish = Publish {
            draft,
            upload,
            files: Vec::new(),
            begun_at: self.world.now(),
            ready_at: None,
            failure: None,
            seconds: None,
            post: self.new_id(),
            number: self.new_number(),
        };
        match taken {
            None => self.publishes.put(&id, &publish)?,
            Some(taken) => self.accept(&id, publish, taken, origin)?,
        }
        Ok(answer)
    }

    fn new_upload(&self, size: u64, chunk: u64, count: u64) -> Upload {
        Upload {
            id: self.new_id().to_string(),
            token: self.world.entropy.token(32),
            size,
            chunk,
            count,
            received: 0,
            parts: Vec::new(),
            expires_at: self.world.now() + UPLOAD_LIFE,
        }
    }
}

/// The chunk rules: floor, not ceiling; what is left over goes into the last chunk.
fn check_chunks(size: u64, chunk: u64, count: u64) -> Result<(), Refused> {
    if size == 0 || size > VIDEO_MAX_BYTES {
        return Err(parameter("The video size is invalid."));
    }
    let is_whole = chunk == size && chunk <= CHUNK_MAX_BYTES;
    let is_cut = (CHUNK_MIN_BYTES..=CHUNK_MAX_BYTES).contains(&chunk) && chunk <= size;
    if !is_whole && !is_cut {
        return Err(parameter("The chunk size is invalid."));
    }
    if count != size / chunk || count > CHUNKS_MAX {
        return Err(parameter("The total chunk count is invalid."));
    }
    Ok(())
}

/// Whether an address is below a verified prefix, or on a verified domain or one below it.
fn belongs(url: &Url, address: &str, verified: &str) -> bool {
    if verified.contains("://") {
        return address.starts_with(verified);
    }
    let host = url.host_str().unwrap_or_default();
    host == verified || host.strip_suffix(verified).is_some_and(|rest| rest.ends_with('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chunks_are_counted_as_the_documentation_does() {
        for (size, chunk, count) in [
            (3_000_000, 3_000_000, 1),
            (50_000_123, 10_000_000, 5),
            (64_000_001, 64_000_000, 1),
            (99_999_999, 10_000_000, 9),
            (5_000_000, 5_000_000, 1),
        ] {
            assert!(check_chunks(size, chunk, count).is_ok(), "{size} {chunk} {count}");
            assert!(check_chunks(size, chunk, count + 1).is_err(), "{size} {chunk} {count}");
        }
        for (size, chunk, count) in
            [(0, 0, 1), (3_000_000, 1_000_000, 3), (70_000_000, 70_000_000, 1), (6_000_000, 7_000_000, 1)]
        {
            assert!(check_chunks(size, chunk, count).is_err(), "{size} {chunk} {count}");
        }
    }

    #[test]
    fn a_domain_covers_what_is_below_it_and_a_prefix_what_begins_with_it() {
        let address = "https://media.example.org/files/a.jpg";
        let url = Url::parse(address).unwrap();
        for good in ["example.org", "media.example.org", "https://media.example.org/files/"] {
            assert!(belongs(&url, address, good), "{good}");
        }
        for bad in ["ample.org", "example.com", "https://media.example.org/other/", "x.media.example.org"] {
            assert!(!belongs(&url, address, bad), "{bad}");
        }
    }
}
