//! Sessions: begun with an app password, renewed with the refresh token, begun anew with the
//! stored app password when that has ended.

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use connector::{
    Auth, Connectable, CredentialSignIn, Credentials, Cx, Failure, Hosts, Identity, Login, SignInCx,
    SigningIn,
};
use domain::{Class, Timestamp};
use net::Request;
use url::{Host, Url};

use super::wire::{CreateSession, DidDoc, Profile, Session, SessionInfo, TokenClaims};
use super::xrpc;

/// Bluesky's sessions.
#[derive(Clone, Copy, Debug)]
pub struct Sessions;

impl Auth for Sessions {
    fn refresh<'a>(
        &'a self,
        cx: &'a Cx<'a>,
    ) -> Pin<Box<dyn Future<Output = Result<Credentials, Failure>> + Send + 'a>> {
        Box::pin(refresh(cx))
    }

    fn identify<'a>(
        &'a self,
        cx: &'a Cx<'a>,
    ) -> Pin<Box<dyn Future<Output = Result<Identity, Failure>> + Send + 'a>> {
        Box::pin(identify(cx))
    }

    fn credential(&self) -> Option<&dyn CredentialSignIn> {
        Some(self)
    }
}

impl CredentialSignIn for Sessions {
    fn fields(&self) -> &'static [&'static str] {
        &["handle", "app_password"]
    }

    fn sign_in<'a>(&'a self, cx: &'a SignInCx<'a>, fields: &'a BTreeMap<String, String>) -> SigningIn<'a> {
        Box::pin(async move {
            let field = |name: &str| fields.get(name).map_or("", String::as_str);
            let (identity, credentials) =
                connect(cx.http, cx.hosts, field("handle"), field("app_password")).await?;
            let found = vec![Connectable { identity, credentials, kind: "profile", obstacle: None }];
            Ok(Login { found, ..Login::default() })
        })
    }
}

/// Begins a session for `handle` (or a DID), and says whose it is. The app password is kept in the
/// credentials, so that a later session needs no person.
///
/// # Errors
/// [`Class::PermissionMissing`] when the password is no app password, [`Class::TokenExpired`] when
/// Bluesky does not accept it, [`Class::AccountRestricted`] when the account is not active.
pub async fn connect(
    http: &net::Client,
    hosts: &Hosts,
    handle: &str,
    app_password: &str,
) -> Result<(Identity, Credentials), Failure> {
    let handle = handle.trim().trim_start_matches('@');
    let password = app_password.trim();
    if !is_app_password(password) {
        return Err(Failure::before_sending(
            Class::PermissionMissing,
            "That is no app password (xxxx-xxxx-xxxx-xxxx); make one in Bluesky under Settings, Privacy and security, App passwords.",
        ));
    }
    let entryway = xrpc::entryway(hosts);
    let session = create_session(http, entryway, handle, password).await.map_err(|failure| {
        if failure.class == Class::TokenExpired {
            let public = "Bluesky did not accept the handle or the app password; check both.".to_owned();
            Failure { public, ..failure }
        } else {
            failure
        }
    })?;
    check_active(session.active, session.status.as_deref())?;
    let service_url = own_host(http, hosts, &session).await?;
    let service_url = service_url.map(|host| checked_host(&host, entryway)).transpose()?;
    let host = service_url.as_deref().unwrap_or(entryway);
    let profile = profile(http, host, &session.access_jwt, &session.did).await?;
    let identity = identity(session.did.clone(), session.handle.clone(), profile, service_url.clone());
    Ok((identity, credentials(session, Some(password.to_owned()))))
}

async fn refresh(cx: &Cx<'_>) -> Result<Credentials, Failure> {
    let secret = cx.credentials.secret.clone();
    if let Some(token) = &cx.credentials.refresh_token {
        // A body, even an empty object, is refused here.
        let url = xrpc::address(xrpc::service(cx), "com.atproto.server.refreshSession", &[])?;
        match xrpc::call::<Session>(cx.http, Request::post(url).bearer(token)).await {
            Ok(session) => return Ok(credentials(session, secret)),
            Err(failure) if failure.class == Class::TokenExpired && secret.is_some() => {}
            Err(failure) => return Err(failure),
        }
    }
    let Some(password) = secret else {
        return Err(Failure::before_sending(
            Class::TokenExpired,
            "This Bluesky account's session has ended; connect it again.",
        ));
    };
    let session = create_session(cx.http, xrpc::service(cx), &cx.account.platform_user_id, &password).await?;
    Ok(credentials(session, Some(password)))
}

async fn identify(cx: &Cx<'_>) -> Result<Identity, Failure> {
    let host = xrpc::service(cx);
    let token = &cx.credentials.access_token;
    let url = xrpc::address(host, "com.atproto.server.getSession", &[])?;
    let info: SessionInfo = xrpc::call(cx.http, Request::get(url).bearer(token)).await?;
    check_active(info.active, info.status.as_deref())?;
    let profile = profile(cx.http, host, token, &info.did).await?;
    Ok(identity(info.did, info.handle, profile, cx.account.service_url.clone()))
}

/// The host that holds the account's data: hosts may leave it out of the session, and the directory
/// of identities knows it as well. Without it the entry serves the account.
async fn own_host(http: &net::Client, hosts: &Hosts, session: &Session) -> Result<Option<String>, Failure> {
    if let Some(host) = session.did_doc.as_ref().and_then(DidDoc::data_host) {
        return Ok(Some(host.to_owned()));
    }
    // A `did:web` names a host of its owner's choice to ask; only the directory is asked.
    let directory = hosts.base("plc");
    if directory.is_empty() || !session.did.starts_with("did:plc:") {
        return Ok(None);
    }
    let Ok(url) = Url::parse(&format!("{directory}/{}", session.did)) else { return Ok(None) };
    match xrpc::call::<DidDoc>(http, Request::get(url)).await {
        Ok(document) => Ok(document.data_host().map(str::to_owned)),
        Err(failure) if failure.died => Err(failure),
        Err(_) => Ok(None),
    }
}

async fn create_session(
    http: &net::Client,
    host: &str,
    identifier: &str,
    password: &str,
) -> Result<Session, Failure> {
    let url = xrpc::address(host, "com.atproto.server.createSession", &[])?;
    xrpc::call(http, Request::post(url).json(&CreateSession { identifier, password })).await
}

/// The profile is an ornament that another service provides; a host without one still publishes.
async fn profile(http: &net::Client, host: &str, token: &str, did: &str) -> Result<Option<Profile>, Failure> {
    let url = xrpc::address(host, "app.bsky.actor.getProfile", &[("actor", did)])?;
    match xrpc::call(http, Request::get(url).bearer(token)).await {
        Ok(profile) => Ok(Some(profile)),
        Err(failure) if failure.died => Err(failure),
        Err(_) => Ok(None),
    }
}

fn identity(did: String, handle: String, profile: Option<Profile>, service_url: Option<String>) -> Identity {
    let (name, avatar_url) = profile.map_or((None, None), |profile| (profile.display_name, profile.avatar));
    Identity {
        platform_user_id: did,
        display_name: name.filter(|name| !name.trim().is_empty()).unwrap_or_else(|| handle.clone()),
        username: Some(handle),
        avatar_url,
        premium: false,
        service_url,
    }
}

fn credentials(session: Session, secret: Option<String>) -> Credentials {
    Credentials {
        access_expires_at: token_end(&session.access_jwt),
        refresh_expires_at: token_end(&session.refresh_jwt),
        access_token: session.access_jwt,
        refresh_token: Some(session.refresh_jwt),
        scopes: Vec::new(),
        secret,
        renews_itself: false,
    }
}

/// A token's own `exp`. Only the host can check the signature, and only the end matters here.
fn token_end(token: &str) -> Option<Timestamp> {
    let payload = token.split('.').nth(1)?;
    let bytes = URL_SAFE_NO_PAD.decode(payload.trim_end_matches('=')).ok()?;
    let claims: TokenClaims = serde_json::from_slice(&bytes).ok()?;
    Some(Timestamp::from_seconds(claims.exp))
}

/// Four groups of four out of a–z and 2–7. People paste their main password otherwise.
fn is_app_password(text: &str) -> bool {
    let is_group = |group: &str| {
        group.len() == 4
            && group.bytes().all(|byte| byte.is_ascii_lowercase() || (b'2'..=b'7').contains(&byte))
    };
    text.split('-').count() == 4 && text.split('-').all(is_group)
}

fn check_active(active: Option<bool>, status: Option<&str>) -> Result<(), Failure> {
    if active == Some(false) {
        let status = status.unwrap_or("not active");
        let public = format!("This Bluesky account is {status}; see its notice in the Bluesky app.");
        return Err(Failure::before_sending(Class::AccountRestricted, public));
    }
    Ok(())
}

/// The account's own host comes out of a document that its owner writes, so it must not lead into
/// our network: it has a name and TLS, unless the entry itself has none (a sandbox).
fn checked_host(host: &str, entryway: &str) -> Result<String, Failure> {
    let is_named = |url: &Url| url.scheme() == "https" && matches!(url.host(), Some(Host::Domain(_)));
    let acceptable = Url::parse(host)
        .is_ok_and(|url| is_named(&url) || (url.scheme() == "http" && entryway.starts_with("http:")));
    if !acceptable {
        return Err(Failure::before_sending(
            Class::PermissionMissing,
            "The account's Bluesky host has no https address, so it cannot be used.",
        ));
    }
    Ok(host.trim_end_matches('/').to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_app_passwords_are_taken() {
        assert!(is_app_password("abcd-efgh-2345-zz77"));
        for text in [
            "hunter22",
            "abcd-efgh-ijkl",
            "abcd-efgh-ijkl-mno1",
            "ABCD-efgh-ijkl-mnop",
            "abcd-efgh-ijkl-mnop-qrst",
        ] {
            assert!(!is_app_password(text), "{text}");
        }
    }

    #[test]
    fn a_tokens_end_is_read_without_its_key() {
        let payload = URL_SAFE_NO_PAD.encode(r#"{"sub":"did:plc:x","exp":1795425600}"#);
        let token = format!("e30.{payload}.c2ln");
        assert_eq!(token_end(&token), Some(Timestamp::from_seconds(1_795_425_600)));
        for broken in ["", "a.b.c", "opaque"] {
            assert_eq!(token_end(broken), None, "{broken}");
        }
    }

    #[test]
    fn an_accounts_host_must_not_lead_inside() {
        let real = "https://bsky.social";
        assert_eq!(checked_host("https://pds.example.org/", real).unwrap(), "https://pds.example.org");
        for host in
            ["http://pds.example.org", "https://127.0.0.1", "https://[::1]", "file:///etc/passwd", "x"]
        {
            assert!(checked_host(host, real).is_err(), "{host}");
        }
        assert!(checked_host("http://localhost:2583", "http://localhost:2583").is_ok());
    }
}
