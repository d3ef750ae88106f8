//! Finding a site's API from what a person entered. Nothing secret is sent before it is found.

use connector::{Failure, SignInCx};
use domain::Class;
use net::{Answer, GuardedClient, Request, Sent};
use url::Url;

use super::wire::Index;
use super::{NAME, errors, rest};

const REDIRECTS_MAX: usize = 4;
/// How a site names the root of its API.
const RELATION: &str = "https://api.w.org/";

/// A site.
#[derive(Debug)]
pub(super) struct Site {
    /// The root of its API.
    pub(super) root: String,
    /// Its title.
    pub(super) name: String,
    /// Its address without scheme, by which it is told from others.
    pub(super) home: String,
    /// Whether programs may sign in with a password of their own.
    pub(super) takes_application_passwords: bool,
}

/// The site at the address that a person entered.
pub(super) async fn discover(cx: &SignInCx<'_>, entered: &str) -> Result<Site, Failure> {
    let entered = parse(entered)?;
    let (home, page) = open(cx.guarded, entered).await?;
    let named = linked(&page, &home);
    let usual = [format!("{home}wp-json"), format!("{home}?rest_route=/")];
    for root in named.into_iter().chain(usual) {
        if let Some(site) = ask(cx, &root, &home).await? {
            return Ok(site);
        }
    }
    let public = "The address answers, but not as a WordPress site whose REST API is on; check the address and the site.";
    Err(Failure::before_sending(Class::PermissionMissing, public))
}

/// The address without what people paste along with it.
fn parse(entered: &str) -> Result<Url, Failure> {
    let entered = entered.trim();
    let text = if entered.contains("://") { entered.to_owned() } else { format!("https://{entered}") };
    let wrong = || Failure::before_sending(Class::ContentRejected, "That is no address of a website.");
    let mut url = Url::parse(&text).map_err(|_| wrong())?;
    if !matches!(url.scheme(), "http" | "https") || !url.has_host() {
        return Err(wrong());
    }
    url.set_query(None);
    url.set_fragment(None);
    url.set_username("").map_err(|()| wrong())?;
    url.set_password(None).map_err(|()| wrong())?;
    let path = url.path();
    let end = ["/wp-admin", "/wp-login.php", "/wp-json", "/index.php"]
        .iter()
        .filter_map(|inside| path.find(inside))
        .min()
        .unwrap_or(path.len());
    let path = format!("{}/", path[..end].trim_end_matches('/'));
    url.set_path(&path);
    Ok(url)
}

/// The page at the end of the site's redirects, and where it is.
async fn open(guarded: &GuardedClient, mut url: Url) -> Result<(Url, Answer), Failure> {
    for _ in 0..=REDIRECTS_MAX {
        rest::check_scheme(guarded, &url)?;
        let answer = guarded.send(Request::get(url.clone())).await.map_err(|error| unreached(&url, error))?;
        let next = answer.header("location").filter(|_| (300..400).contains(&answer.status));
        let Some(next) = next.and_then(|location| url.join(location).ok()) else {
            url.set_query(None);
            return Ok((url, answer));
        };
        url = next;
    }
    Err(Failure::before_sending(
        Class::PermissionMissing,
        "The site redirects in circles; check its address.",
    ))
}

fn unreached(url: &Url, error: net::SendError) -> Failure {
    let host = url.host_str().unwrap_or_default().to_owned();
    let is_inside = error.sent == Sent::No && error.reason.contains("not public");
    let failure = Failure::unanswered(NAME, error);
    let (class, public) = if is_inside {
        let public = format!(
            "{host} is in a private network, which this server does not call; its operator can allow that \
             (allow_private_networks)."
        );
        (Class::PermissionMissing, public)
    } else {
        (Class::Transient, format!("{host} could not be reached; check the site's address."))
    };
    Failure { class, public, ..failure }
}

/// The root that the page names, in its header or in its head.
fn linked(page: &Answer, home: &Url) -> Option<String> {
    let in_headers = page.headers.get_all("link").iter().filter_map(|value| value.to_str().ok());
    let of_header = in_headers.flat_map(|value| value.split(", <")).find_map(|link| {
        let (target, rest) = link.trim_start_matches('<').split_once('>')?;
        rest.contains(RELATION).then(|| target.to_owned())
    });
    let of_head = || {
        let html = String::from_utf8_lossy(&page.body);
        let tag = html.split("<link ").skip(1).find_map(|rest| {
            let tag = rest.split('>').next().unwrap_or_default();
            tag.contains(RELATION).then(|| tag.to_owned())
        })?;
        let (_, rest) = tag.split_once("href=")?;
        let quote = rest.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
        Some(rest[1..].split(quote).next()?.replace("&#038;", "&").replace("&amp;", "&"))
    };
    of_header.or_else(of_head).and_then(|target| Some(home.join(&target).ok()?.to_string()))
}

/// What the API at `root` says of its site; `None` when there is none.
async fn ask(cx: &SignInCx<'_>, root: &str, home: &Url) -> Result<Option<Site>, Failure> {
    let url = rest::address(root, "/", &[("_fields", "name,home,namespaces,authentication")])?;
    rest::check_scheme(cx.guarded, &url)?;
    let answer = cx.guarded.send(Request::get(url)).await.map_err(|error| unreached(home, error))?;
    if answer.status == 429 || matches!(answer.status, 500 | 502..) {
        return Err(errors::classify(&answer, cx.clock.now()));
    }
    let Some(index) =
        answer.is_success().then(|| serde_json::from_slice::<Index>(&answer.body).ok()).flatten()
    else {
        return Ok(None);
    };
    if !index.has_posts() {
        return Ok(None);
    }
    let shown = if index.home.is_empty() { home.as_str() } else { &index.home };
    let shown = shown.split_once("://").map_or(shown, |(_, rest)| rest).trim_end_matches('/').to_owned();
    Ok(Some(Site {
        root: root.trim_end_matches('/').to_owned(),
        name: if index.name.trim().is_empty() { shown.clone() } else { index.name.clone() },
        home: shown,
        takes_application_passwords: index.takes_application_passwords(),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(headers: &[(&'static str, &str)], body: &str) -> Answer {
        let mut answer =
            Answer { status: 200, headers: http::HeaderMap::new(), body: body.to_owned().into() };
        for (name, value) in headers {
            answer.headers.append(*name, value.parse().unwrap());
        }
        answer
    }

    #[test]
    fn an_address_is_taken_as_people_paste_it() {
        for (entered, expect) in [
            ("example.org", "https://example.org/"),
            (" https://example.org/blog ", "https://example.org/blog/"),
            ("http://example.org/blog/wp-admin/profile.php?x=1#y", "http://example.org/blog/"),
            ("https://ana:secret@example.org/wp-login.php", "https://example.org/"),
        ] {
            assert_eq!(parse(entered).unwrap().as_str(), expect, "{entered}");
        }
        for entered in ["", "ftp://example.org", "https://", "not an address"] {
            assert!(parse(entered).is_err(), "{entered}");
        }
    }

    #[test]
    fn the_root_is_named_in_a_header_or_in_the_head() {
        let home = Url::parse("https://example.org/blog/").unwrap();
        let header = ("link", r#"<https://example.org/blog/wp-json/>; rel="https://api.w.org/""#);
        assert_eq!(linked(&page(&[header], ""), &home).unwrap(), "https://example.org/blog/wp-json/");
        let several = (
            "link",
            r#"</style.css>; rel=preload, <https://example.org/index.php?rest_route=/>; rel="https://api.w.org/""#,
        );
        assert_eq!(
            linked(&page(&[several], ""), &home).unwrap(),
            "https://example.org/index.php?rest_route=/"
        );
        let head = r#"<link rel="icon" href="/a"><link rel="https://api.w.org/" href="https://example.org/?a=1&#038;rest_route=/" />"#;
        assert_eq!(linked(&page(&[], head), &home).unwrap(), "https://example.org/?a=1&rest_route=/");
        assert_eq!(linked(&page(&[("link", "</a>; rel=icon")], "<html>"), &home), None);
    }
}
