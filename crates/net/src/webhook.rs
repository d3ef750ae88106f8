//! Sending an event to an address that a user gave: signed, sent once, and answered in words that a
//! user understands. Must not know what is sent or what follows from a failure.

use std::time::Duration;

use bytes::Bytes;
use domain::{Span, Timestamp};
use futures_util::StreamExt as _;
use hmac::{Hmac, KeyInit as _, Mac as _};
use http::{HeaderMap, HeaderValue, header};
use sha2::Sha256;
use url::Url;

use crate::client::{SendError, Sent};
use crate::guard::GuardedClient;
use crate::{Clock as _, SystemClock};

/// What a receiver says is of no interest; so much of it is read before the rest is left alone.
const ANSWER_BYTES: usize = 16 * 1024;
const SIGNATURE: &str = "x-posteverywhere-signature";
const TIMESTAMP: &str = "x-posteverywhere-timestamp";
const EVENT: &str = "x-posteverywhere-event";
const DELIVERY: &str = "x-posteverywhere-delivery";
const USER_AGENT: &str = concat!("fanfare/", env!("CARGO_PKG_VERSION"), " (webhook)");

/// An event on its way to one receiver.
#[derive(Clone)]
pub struct WebhookCall {
    /// The receiver's address.
    pub url: String,
    /// The whole secret, which is the key of the signature.
    pub secret: String,
    /// The event's name.
    pub event: String,
    /// The delivery's id.
    pub delivery: String,
    /// The body, as it is signed and sent.
    pub body: String,
    /// When it is sent.
    pub at: Timestamp,
    /// How long all of it may take.
    pub timeout: Duration,
}

/// How a receiver answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WebhookAnswer {
    /// The status; `None` when there was no HTTP answer.
    pub status: Option<u16>,
    /// When the receiver wants to be asked again.
    pub retry_at: Option<Timestamp>,
    /// How long it took.
    pub duration: Span,
    /// Why it is no success, in words for the receiver's owner; `None` when it is one.
    pub problem: Option<String>,
}

/// What came of the exchange while time allowed.
#[derive(Default)]
struct Heard {
    status: Option<u16>,
    headers: HeaderMap,
}

impl GuardedClient {
    /// Sends an event once. Follows no redirect.
    pub async fn call_webhook(&self, call: &WebhookCall) -> WebhookAnswer {
        let began = SystemClock.now();
        let mut heard = Heard::default();
        let exchanged = tokio::time::timeout(call.timeout, self.exchange(call, &mut heard)).await;
        let problem = match exchanged {
            Ok(Ok(())) => heard.status.and_then(refusal),
            Ok(Err(error)) if heard.status.is_some() => {
                Some(format!("the answer broke off: {}", error.reason))
            }
            Ok(Err(error)) => Some(error.reason),
            Err(_) => {
                let where_it_hung = if heard.status.is_some() { " while the answer was read" } else { "" };
                Some(format!("no complete answer within {} ms{where_it_hung}", call.timeout.as_millis()))
            }
        };
        WebhookAnswer {
            status: heard.status,
            retry_at: retry_at(&heard.headers, call.at),
            duration: SystemClock.now().since(began),
            problem,
        }
    }

    async fn exchange(&self, call: &WebhookCall, heard: &mut Heard) -> Result<(), SendError> {
        let url = Url::parse(&call.url).map_err(|_| refused("the address cannot be read"))?;
        self.check_address(&url)?;
        let answer = self
            .http()
            .post(url)
            .headers(headers(call)?)
            .body(Bytes::from(call.body.clone()))
            .send()
            .await
            .map_err(explained)?;
        heard.status = Some(answer.status().as_u16());
        heard.headers = answer.headers().clone();
        let mut read = 0;
        let mut chunks = answer.bytes_stream();
        while let Some(chunk) = chunks.next().await {
            read += chunk.map_err(explained)?.len();
            if read >= ANSWER_BYTES {
                break;
            }
        }
        Ok(())
    }
}

fn headers(call: &WebhookCall) -> Result<HeaderMap, SendError> {
    let value = |text: &str| HeaderValue::from_str(text).map_err(|_| refused("a header cannot be written"));
    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(header::USER_AGENT, HeaderValue::from_static(USER_AGENT));
    headers.insert(SIGNATURE, value(&signature(&call.secret, call.body.as_bytes()))?);
    headers.insert(TIMESTAMP, HeaderValue::from(call.at.as_seconds()));
    headers.insert(EVENT, value(&call.event)?);
    headers.insert(DELIVERY, value(&call.delivery)?);
    Ok(headers)
}

/// `sha256=` and the HMAC of the raw body, keyed by the whole secret.
fn signature(secret: &str, body: &[u8]) -> String {
    use std::fmt::Write as _;
    let mut text = "sha256=".to_owned();
    // A key of any length is taken, so this is never an error.
    if let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.as_bytes()) {
        mac.update(body);
        for byte in mac.finalize().into_bytes() {
            let _ = write!(text, "{byte:02x}");
        }
    }
    text
}

fn refusal(status: u16) -> Option<String> {
    match status {
        200..=299 => None,
        300..=399 => Some(format!("answered with status {status}, a redirect; redirects are not followed")),
        410 => Some("answered with status 410, so the webhook was switched off".to_owned()),
        _ => Some(format!("answered with status {status}")),
    }
}

/// `Retry-After` as seconds or as a date.
fn retry_at(headers: &HeaderMap, now: Timestamp) -> Option<Timestamp> {
    let text = headers.get(header::RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = text.parse::<u32>() {
        return Some(now + Span::from_seconds(i64::from(seconds)));
    }
    let date = jiff::fmt::rfc2822::DateTimeParser::new().parse_timestamp(text).ok()?;
    Some(Timestamp::from_seconds(date.as_second()))
}

fn refused(reason: &str) -> SendError {
    SendError { sent: Sent::No, reason: reason.to_owned(), died: false }
}

/// The last cause says what happened; those before it only repeat that something did.
fn explained(error: reqwest::Error) -> SendError {
    let (is_connect, is_timeout) = (error.is_connect(), error.is_timeout());
    let error = error.without_url();
    let mut cause: &dyn std::error::Error = &error;
    while let Some(deeper) = cause.source() {
        cause = deeper;
    }
    let reason = match (is_connect, is_timeout) {
        (true, true) => "no connection was made in time".to_owned(),
        (true, false) => format!("no connection was made: {cause}"),
        (false, _) => cause.to_string(),
    };
    SendError { sent: if is_connect { Sent::No } else { Sent::Maybe }, reason, died: false }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_signature_is_the_hmac_of_the_body_under_the_whole_secret() {
        // Computed with another implementation.
        assert_eq!(
            signature("whsec_test", br#"{"event":"webhook.test"}"#),
            "sha256=e1202d2376daf8d5d43fdf1ebc2de3477727322835b6b57e43748d89454cb183"
        );
    }

    #[test]
    fn a_receiver_says_when_to_come_back_in_seconds_or_by_a_date() {
        let now = Timestamp::parse("2026-10-01T12:00:00Z").unwrap();
        let after = |text: &str| {
            let headers = HeaderMap::from_iter([(header::RETRY_AFTER, HeaderValue::from_str(text).unwrap())]);
            retry_at(&headers, now).map(|at| at.since(now))
        };
        assert_eq!(after("120"), Some(Span::from_seconds(120)));
        assert_eq!(after("Thu, 01 Oct 2026 12:05:00 GMT"), Some(Span::from_minutes(5)));
        assert_eq!(after("-5"), None);
        assert_eq!(after("soon"), None);
    }
}
