//! Files that a platform fetches by itself from an address it was given. Reaches this machine too:
//! the server under test has no other address.

use std::sync::LazyLock;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use futures_util::StreamExt as _;
use reqwest::Client;
use reqwest::redirect::Policy;

const LIMIT: Duration = Duration::from_secs(30);

static CLIENT: LazyLock<Option<Client>> = LazyLock::new(|| client(Policy::default()));
static DIRECT: LazyLock<Option<Client>> = LazyLock::new(|| client(Policy::none()));

fn client(redirects: Policy) -> Option<Client> {
    #[expect(clippy::disallowed_methods, reason = "this is the outside world, not the server")]
    Client::builder().timeout(LIMIT).no_proxy().redirect(redirects).build().ok()
}

/// Fetches `url`, at most `max_bytes` of it, introducing itself as `user_agent`.
///
/// # Errors
/// In words for the platform's own refusal: what kept it from having the file.
pub(crate) async fn fetch(url: &str, user_agent: &str, max_bytes: u64) -> Result<Bytes, String> {
    get(CLIENT.as_ref(), url, user_agent, max_bytes).await
}

/// As [`fetch`], for platforms that follow no redirect.
///
/// # Errors
/// As [`fetch`].
pub(crate) async fn fetch_direct(url: &str, user_agent: &str, max_bytes: u64) -> Result<Bytes, String> {
    get(DIRECT.as_ref(), url, user_agent, max_bytes).await
}

async fn get(client: Option<&Client>, url: &str, user_agent: &str, max_bytes: u64) -> Result<Bytes, String> {
    let client = client.ok_or("no client could be made")?;
    let asked = client.get(url).header("user-agent", user_agent).send().await;
    let answer = asked.map_err(|_| "the address cannot be reached".to_owned())?;
    if !answer.status().is_success() {
        return Err(format!("the address answers with status {}", answer.status().as_u16()));
    }
    let mut file = BytesMut::new();
    let mut parts = answer.bytes_stream();
    while let Some(part) = parts.next().await {
        let part = part.map_err(|_| "the file is not whole".to_owned())?;
        if file.len() as u64 + part.len() as u64 > max_bytes {
            return Err(format!("the file has more than {max_bytes} bytes"));
        }
        file.extend_from_slice(&part);
    }
    Ok(file.freeze())
}
