//! What a step may use: the network, the clock, randomness, the account's credentials, the media.

use std::fmt::Write as _;
use std::future::Future;
use std::pin::Pin;

use bytes::Bytes;
use domain::{Class, MediaId, Timestamp};
use net::{Answer, Clock, Entropy, Feed, GuardedClient, Request, SendError, Sent, feed};
use url::Url;

use crate::{AccountRef, AppCredentials, Call, Credentials, Failure, Hosts, LimitObserver, MediaItem};

/// How much of a file is read at a time.
const PIECE_BYTES: u64 = 1024 * 1024;

/// Everything a connector gets for one call. It lives as long as the call.
#[derive(Clone, Copy)]
pub struct Cx<'a> {
    /// For calls to the platform.
    pub http: &'a net::Client,
    /// For addresses that the post's author wrote, such as a page to make a link card of.
    pub guarded: &'a GuardedClient,
    /// The time.
    pub clock: &'a dyn Clock,
    /// Randomness.
    pub entropy: &'a dyn Entropy,
    /// Where the platform's hosts are.
    pub hosts: &'a Hosts,
    /// The account.
    pub account: &'a AccountRef,
    /// The account's credentials.
    pub credentials: &'a Credentials,
    /// The app that the account was connected through.
    pub app: &'a AppCredentials,
    /// The post's media files.
    pub media: &'a dyn MediaSource,
    /// Learns of every answer, for the platform's limits.
    pub limits: &'a dyn LimitObserver,
}

impl Cx<'_> {
    /// The present moment.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Sends a request that may be repeated.
    ///
    /// # Errors
    /// When no complete answer came.
    pub async fn send(&self, request: Request) -> Result<Answer, SendError> {
        self.answer(request).await
    }

    /// Sends the one request that makes something public. The permit is used up.
    ///
    /// # Errors
    /// When no complete answer came, or the permit has ended: then nothing was sent.
    pub async fn send_commit(&self, request: Request, permit: CommitPermit) -> Result<Answer, SendError> {
        permit.use_up(self.now())?;
        self.answer(request).await
    }

    /// The same as [`Cx::send`] for an address that a person entered, such as an account's own site.
    ///
    /// # Errors
    /// When no complete answer came, or the address is not public.
    pub async fn send_guarded(&self, request: Request) -> Result<Answer, SendError> {
        let call = Call::of(&request);
        let answer = self.guarded.send(request).await?;
        self.limits.answered(&call, answer.status, &answer.headers);
        Ok(answer)
    }

    /// Sends a whole file as the body of a request to an address that a person entered, reading it
    /// piece by piece. The inner result is as that of [`Cx::send_guarded`].
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn send_file_guarded(
        &self,
        request: Request,
        item: &MediaItem,
    ) -> Result<Result<Answer, SendError>, Failure> {
        let (feed, body) = feed(item.size_bytes);
        let sending = self.send_guarded(request.fed(body, &item.content_type));
        self.fed(item, feed, [Bytes::new(), Bytes::new()], sending).await
    }

    /// Sends a whole file as the body of a request that may be repeated, reading it piece by piece.
    /// The inner result is as that of [`Cx::send`].
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn send_file(
        &self,
        request: Request,
        item: &MediaItem,
    ) -> Result<Result<Answer, SendError>, Failure> {
        let (feed, body) = feed(item.size_bytes);
        let sending = self.send(request.fed(body, &item.content_type));
        self.fed(item, feed, [Bytes::new(), Bytes::new()], sending).await
    }

    /// The same in a form: behind the plain `fields`, as the last field, of the name `field` and with
    /// a file name.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn send_file_in_form(
        &self,
        request: Request,
        fields: &[(String, String)],
        (field, file_name): (&str, &str),
        item: &MediaItem,
    ) -> Result<Result<Answer, SendError>, Failure> {
        // Nothing in a file is likely to be 16 random bytes.
        let mut random = [0; 16];
        self.entropy.fill(&mut random);
        let boundary = format!("fanfare{:032x}", u128::from_le_bytes(random));
        let mut head = String::new();
        for (name, value) in fields {
            head.push_str(&field_head(&boundary, name));
            let _ = write!(head, "\r\n{value}\r\n");
        }
        head.push_str(field_head(&boundary, field).trim_end());
        let (file_name, content_type) = (quoted(file_name), quoted(&item.content_type));
        let _ = write!(head, "; filename=\"{file_name}\"\r\nContent-Type: {content_type}\r\n\r\n");
        let tail = format!("\r\n--{boundary}--\r\n");
        let (feed, body) = feed(item.size_bytes + (head.len() + tail.len()) as u64);
        let content_type = format!("multipart/form-data; boundary={boundary}");
        let sending = self.send(request.fed(body, &content_type));
        self.fed(item, feed, [head.into(), tail.into()], sending).await
    }

    /// Feeds a request with a file between two texts while it is sent.
    async fn fed(
        &self,
        item: &MediaItem,
        feed: Feed,
        [head, tail]: [Bytes; 2],
        sending: impl Future<Output = Result<Answer, SendError>>,
    ) -> Result<Result<Answer, SendError>, Failure> {
        let feeding = async {
            let mut reads = head.is_empty() || feed.push(head).await;
            let mut at = 0;
            while reads && at < item.size_bytes {
                let piece = self.media.read(item.id, at, PIECE_BYTES.min(item.size_bytes - at)).await?;
                if piece.is_empty() {
                    let public = "A media file of this post is shorter than it was; attach it again.";
                    return Err(Failure::before_sending(Class::MediaFailed, public));
                }
                at += piece.len() as u64;
                reads = feed.push(piece).await;
            }
            if reads && !tail.is_empty() {
                feed.push(tail).await;
            }
            // The request ends here, or breaks off where the file could not be read.
            drop(feed);
            Ok(())
        };
        let (read, answer) = futures_util::future::join(feeding, sending).await;
        read.map(|()| answer)
    }

    /// The same as [`Cx::send_commit`] for an address that a person entered.
    ///
    /// # Errors
    /// As both of them.
    pub async fn send_commit_guarded(
        &self,
        request: Request,
        permit: CommitPermit,
    ) -> Result<Answer, SendError> {
        permit.use_up(self.now())?;
        self.send_guarded(request).await
    }

    async fn answer(&self, request: Request) -> Result<Answer, SendError> {
        let call = Call::of(&request);
        let answer = self.http.send(request).await?;
        self.limits.answered(&call, answer.status, &answer.headers);
        Ok(answer)
    }
}

/// The head of a plain field of a form.
fn field_head(boundary: &str, name: &str) -> String {
    format!("--{boundary}\r\nContent-Disposition: form-data; name=\"{}\"\r\n", quoted(name))
}

/// A text between quotes in a form's head, where a quote or a new line would end it.
fn quoted(text: &str) -> String {
    text.replace('"', "%22").replace('\r', "%0D").replace('\n', "%0A")
}

/// Leave to send one publishing request. Minted by the engine once the intent is durable; it can
/// neither be copied nor used twice.
#[derive(Debug)]
pub struct CommitPermit {
    repeats_unknown: bool,
    send_until: Option<Timestamp>,
}

impl CommitPermit {
    /// Makes a permit. For the engine and for tests of connectors only.
    pub const fn mint(repeats_unknown: bool) -> Self {
        Self { repeats_unknown, send_until: None }
    }

    /// The same, for a request that leaves by then: a worker that stood still since may have lost
    /// its lease to another one.
    #[must_use]
    pub const fn until(self, send_until: Timestamp) -> Self {
        Self { send_until: Some(send_until), ..self }
    }

    /// Whether the request may leave at `now`.
    pub fn is_good_at(&self, now: Timestamp) -> bool {
        self.send_until.is_none_or(|until| now <= until)
    }

    /// The request leaves, unless it is too late for that.
    fn use_up(self, now: Timestamp) -> Result<(), SendError> {
        if self.is_good_at(now) {
            return Ok(());
        }
        let reason = "the lease ends before an answer could come".to_owned();
        Err(SendError { sent: Sent::No, reason, died: false })
    }

    /// Whether an earlier request of this very commit has an unknown outcome, so that the
    /// platform's "you have this already" is news of that one.
    pub const fn repeats_unknown(&self) -> bool {
        self.repeats_unknown
    }
}

/// Reads a post's media files.
pub trait MediaSource: Send + Sync {
    /// `length` bytes from `offset`; fewer at the file's end.
    ///
    /// # Errors
    /// [`domain::Class::MediaFailed`] when the file is gone.
    fn read(
        &self,
        media: MediaId,
        offset: u64,
        length: u64,
    ) -> Pin<Box<dyn Future<Output = Result<Bytes, Failure>> + Send + '_>>;

    /// An address under which the platform itself fetches the file. Works without a key and ends.
    ///
    /// # Errors
    /// [`domain::Class::MediaFailed`] when this server has no address that a platform could reach.
    fn public_url(&self, _media: MediaId) -> Result<Url, Failure> {
        let public =
            "This platform fetches media from this server, which has no public address; set public_url.";
        Err(Failure::before_sending(Class::MediaFailed, public))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[expect(clippy::disallowed_methods, reason = "a permit of its own to look at")]
    fn a_permit_ends() {
        let end = Timestamp::from_seconds(1_800_000_000);
        let permit = CommitPermit::mint(true).until(end);
        assert!(permit.is_good_at(end));
        assert!(!permit.is_good_at(end + domain::Span::from_micros(1)));
        assert!(permit.repeats_unknown());
    }
}
