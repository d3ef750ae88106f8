//! Programs that introduce themselves (RFC 7591), and where they may be sent back to (RFC 8252).

use store::OAuthClient;
use url::{Host, Url};

use super::{Refusal, refused};
use crate::App;

const MOST_ADDRESSES: usize = 10;
const LONGEST_ADDRESS: usize = 2_000;
const LONGEST_NAME: usize = 80;
/// Schemes that lead to no program of the person's own, or that run what the address says.
const NO_PROGRAMS: [&str; 14] = [
    "javascript",
    "data",
    "file",
    "blob",
    "about",
    "vbscript",
    "ftp",
    "ws",
    "wss",
    "mailto",
    "tel",
    "view-source",
    "filesystem",
    "urn",
];

/// What a program says of itself.
#[derive(Clone, Debug, Default)]
pub struct NewProgram {
    /// Its name.
    pub name: Option<String>,
    /// Where it wants to be sent back to.
    pub redirect_uris: Vec<String>,
}

/// Keeps a program that introduces itself. It gets no secret: it could not keep one.
///
/// # Errors
/// [`Refusal::Refused`] with `invalid_redirect_uri` or `invalid_client_metadata`.
pub async fn register(app: &App, new: NewProgram) -> Result<OAuthClient, Refusal> {
    if new.redirect_uris.is_empty() || new.redirect_uris.len() > MOST_ADDRESSES {
        let message = format!("Send 1 to {MOST_ADDRESSES} redirect_uris.");
        return Err(refused("invalid_redirect_uri", message));
    }
    for address in &new.redirect_uris {
        if let Some(why) = complaint(address) {
            return Err(refused("invalid_redirect_uri", why));
        }
    }
    let name: String = new.name.unwrap_or_default();
    let name: String = name.chars().filter(|letter| !letter.is_control()).take(LONGEST_NAME).collect();
    let name = name.trim();
    let now = app.clock.now();
    let client = OAuthClient {
        id: app.entropy.uuid(now),
        name: if name.is_empty() { "A program".to_owned() } else { name.to_owned() },
        redirect_uris: new.redirect_uris,
        created_at: now,
    };
    app.store.create_oauth_client(client.clone()).await?;
    Ok(client)
}

/// Why nobody may be sent to this address.
fn complaint(address: &str) -> Option<&'static str> {
    if address.len() > LONGEST_ADDRESS {
        return Some("A redirect URI may have 2000 bytes at most.");
    }
    let Ok(url) = Url::parse(address) else { return Some("A redirect URI is no absolute address.") };
    if url.fragment().is_some() {
        return Some("A redirect URI must not have a fragment.");
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Some("A redirect URI must not have a user or password.");
    }
    match url.scheme() {
        "https" => None,
        "http" if is_loopback(&url) => None,
        "http" => Some("A redirect URI with http must lead to this machine (127.0.0.1, [::1] or localhost)."),
        scheme if NO_PROGRAMS.contains(&scheme) => Some("A redirect URI must lead to a program."),
        // A program's own scheme, such as cursor: or com.example.app:.
        _ if url.cannot_be_a_base() => Some("A redirect URI must have a path after its scheme."),
        _ => None,
    }
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    }
}

/// Whether a program that registered `known` may be sent to `asked`: only where they are the same, letter
/// by letter, but for the port of a program on the person's own machine, which takes a free one each time.
pub(super) fn is_same_address(known: &str, asked: &str) -> bool {
    if known == asked {
        return true;
    }
    let (Ok(known), Ok(mut asked_url)) = (Url::parse(known), Url::parse(asked)) else { return false };
    let is_local = known.scheme() == "http" && is_loopback(&known);
    is_local
        && complaint(asked).is_none()
        && asked_url.set_port(known.port()).is_ok()
        && asked_url.as_str() == known.as_str()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_programs_and_secure_sites_are_sent_to() {
        for good in [
            "https://claude.ai/api/mcp/auth_callback",
            "http://127.0.0.1:33418/callback",
            "http://localhost/callback",
            "http://[::1]:7/",
            "cursor://anysphere.cursor-retrieval/oauth/callback",
            "com.example.app:/callback",
        ] {
            assert_eq!(complaint(good), None, "{good}");
        }
        for bad in [
            "",
            "/callback",
            "http://example.org/callback",
            "http://127.0.0.1.example.org/",
            "http://localhost.example.org/",
            "https://example.org/#part",
            "https://ana:secret@example.org/",
            "javascript:alert(1)",
            "javascript://x/%0aalert(1)",
            "JavaScript://x/%0aalert(1)",
            "data:text/html,x",
            "file:///etc/passwd",
            "urn:ietf:wg:oauth:2.0:oob",
            "program:opaque",
        ] {
            assert!(complaint(bad).is_some(), "{bad}");
        }
        assert!(complaint(&format!("https://example.org/{}", "x".repeat(2_000))).is_some());
    }

    #[test]
    fn addresses_are_compared_letter_by_letter_but_for_the_port_of_this_machine() {
        let same = is_same_address;
        assert!(same("https://a.example/cb", "https://a.example/cb"));
        for other in [
            "https://a.example/cb/",
            "https://a.example/cb?x=1",
            "https://a.example:8443/cb",
            "https://a.example/cb/../cb",
            "https://a.example.evil.example/cb",
            "http://a.example/cb",
        ] {
            assert!(!same("https://a.example/cb", other), "{other}");
        }
        assert!(same("http://127.0.0.1/cb", "http://127.0.0.1:5000/cb"));
        assert!(same("http://127.0.0.1:1/cb", "http://127.0.0.1:5000/cb"));
        assert!(same("http://[::1]:1/cb", "http://[::1]:2/cb"));
        for other in [
            "http://localhost:5000/cb",
            "http://127.0.0.1:5000/other",
            "http://127.0.0.1:5000/cb?x=1",
            "https://127.0.0.1:5000/cb",
            "http://127.0.0.1.evil.example:5000/cb",
            "http://x@127.0.0.1:5000/cb",
            "http://127.0.0.1:5000/cb#x",
        ] {
            assert!(!same("http://127.0.0.1/cb", other), "{other}");
        }
    }
}
