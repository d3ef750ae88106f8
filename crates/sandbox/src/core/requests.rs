//! The log of calls the emulated platforms received. In memory, bounded, without secrets.

use std::collections::VecDeque;
use std::sync::Mutex;

use domain::Timestamp;
use serde::Serialize;

use super::lock;

const CAPACITY: usize = 20_000;
const SECRET_NAMES: [&str; 11] = [
    "token",
    "secret",
    "password",
    "code",
    "signature",
    "assertion",
    "key",
    "verifier",
    "auth",
    "state",
    "upload_id",
];

/// One call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LoggedRequest {
    /// The platform that was called.
    pub platform: String,
    /// What the call does, in the emulator's words.
    pub operation: String,
    /// The HTTP method.
    pub method: String,
    /// The real host.
    pub host: String,
    /// Path and query on that host, secrets starred.
    pub path: String,
    /// The answer's status; 0 when the connection was closed without an answer.
    pub status: u16,
    /// When it arrived: ISO 8601, emulated time.
    pub time: String,
    #[serde(skip)]
    pub(crate) arrived: Option<Timestamp>,
}

/// The calls, oldest first.
#[derive(Default)]
pub(crate) struct RequestLog(Mutex<VecDeque<LoggedRequest>>);

impl RequestLog {
    pub(crate) fn add(&self, request: LoggedRequest) {
        let mut log = lock(&self.0);
        if log.len() == CAPACITY {
            log.pop_front();
        }
        log.push_back(request);
    }

    /// The calls of one platform, or of all, that arrived at or after `since`.
    pub(crate) fn list(&self, platform: Option<&str>, since: Option<Timestamp>) -> Vec<LoggedRequest> {
        lock(&self.0)
            .iter()
            .filter(|call| platform.is_none_or(|platform| call.platform == platform))
            .filter(|call| since.is_none_or(|since| call.arrived.is_none_or(|at| at >= since)))
            .cloned()
            .collect()
    }

    pub(crate) fn clear(&self) {
        lock(&self.0).clear();
    }
}

/// Path and query with the values of secret parameters starred.
pub(crate) fn without_secrets(path: &str, query: Option<&str>) -> String {
    let Some(query) = query else { return path.to_owned() };
    let pairs: Vec<String> = query
        .split('&')
        .map(|pair| match pair.split_once('=') {
            Some((name, _)) if is_secret(name) => format!("{name}=***"),
            _ => pair.to_owned(),
        })
        .collect();
    format!("{path}?{}", pairs.join("&"))
}

fn is_secret(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    SECRET_NAMES.iter().any(|secret| name.contains(secret)) && !name.ends_with("_keys")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_in_a_query_are_not_logged() {
        assert_eq!(
            without_secrets("/me", Some("fields=id&access_token=abc&client_secret=x")),
            "/me?fields=id&access_token=***&client_secret=***"
        );
        assert_eq!(without_secrets("/me", None), "/me");
    }
}
