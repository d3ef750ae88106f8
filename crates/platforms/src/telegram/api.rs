//! One call of the Bot API. Knows addresses and how answers are read, no method's meaning. Keeps the
//! token, which is part of every address, out of everything that could be logged.

use bytes::Bytes;
use connector::{Failure, Hosts};
use domain::{Class, Timestamp};
use net::{Answer, Request};
use serde::Serialize;
use serde::de::DeserializeOwned;
use url::Url;

use super::wire::Good;
use super::{NAME, errors};

/// The address of a method.
pub(super) fn address(hosts: &Hosts, token: &str, method: &str) -> Result<Url, Failure> {
    hosts.url("api", &format!("/bot{token}/{method}")).map_err(|_| {
        Failure::before_sending(
            Class::PermissionMissing,
            "The address of Telegram's API cannot be used; check the configuration.",
        )
    })
}

/// Calls a method that may be repeated, and reads its result.
pub(super) async fn call<T: DeserializeOwned>(
    http: &net::Client,
    hosts: &Hosts,
    token: &str,
    method: &str,
    body: &impl Serialize,
    now: Timestamp,
) -> Result<T, Failure> {
    let request = Request::post(address(hosts, token, method)?).json(body);
    let answer = http.send(request).await.map_err(|error| Failure::unanswered(NAME, error))?;
    let answer = without_token(answer, token);
    if !answer.is_success() {
        return Err(errors::classify(&answer, now));
    }
    read(&answer)
}

/// Reads the result in a 2xx answer.
pub(super) fn read<T: DeserializeOwned>(answer: &Answer) -> Result<T, Failure> {
    serde_json::from_slice::<Good<T>>(&answer.body)
        .map(|good| good.result)
        .map_err(|error| Failure::unreadable(NAME, error, answer))
}

/// The same answer, fit for a log: a proxy's error page may repeat the address that was asked for.
pub(super) fn without_token(answer: Answer, token: &str) -> Answer {
    let secret = token.split_once(':').map_or(token, |(_, secret)| secret);
    if secret.is_empty() || !answer.body.windows(secret.len()).any(|part| part == secret.as_bytes()) {
        return answer;
    }
    let text = String::from_utf8_lossy(&answer.body).replace(secret, "***");
    Answer { body: Bytes::from(text), ..answer }
}
