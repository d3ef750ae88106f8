//! What a step may use: the network, the clock, randomness, the account's credentials, the media.

use std::future::Future;
use std::pin::Pin;

use bytes::Bytes;
use domain::{Class, MediaId, Timestamp};
use net::{Answer, Clock, Entropy, GuardedClient, Request, SendError, Sent};
use url::Url;

use crate::{AccountRef, AppCredentials, Call, Credentials, Failure, Hosts, LimitObserver};

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
