//! Connecting an account: the facts of a platform's login, and what the platform does about it.
//! Must not know sessions, pages or where anything is stored.

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;

use net::{Answer, Clock, Entropy, Request, SendError};

use crate::{AppCredentials, Credentials, Failure, Hosts, Identity};

/// A future of a sign-in.
pub type SigningIn<'a> = Pin<Box<dyn Future<Output = Result<Login, Failure>> + Send + 'a>>;

/// One way to sign in by OAuth 2 in a browser. Most platforms have one; where there are several,
/// the first is taken unless configuration or the caller names another.
#[derive(Debug, PartialEq, Eq)]
pub struct OAuthLogin {
    /// Its name, such as `instagram` or `facebook`.
    pub name: &'static str,
    /// The key of the host of the page where the owner agrees.
    pub host: &'static str,
    /// That page's path; `{version}` stands for the API version in use.
    pub path: &'static str,
    /// The scopes without which nothing can be published.
    pub scopes: &'static [&'static str],
    /// Scopes that are asked for and may be declined.
    pub optional_scopes: &'static [&'static str],
    /// What stands between scopes.
    pub scope_separator: &'static str,
    /// Whether a PKCE challenge (S256) is sent.
    pub pkce: bool,
    /// What the app's id is called: `client_id` nearly everywhere.
    pub client_id_key: &'static str,
    /// Further parameters of the page's address.
    pub extra: &'static [(&'static str, &'static str)],
}

/// A version of a platform's API.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ApiVersion {
    /// As it stands in addresses or headers, such as `v26.0` or `202609`.
    pub name: &'static str,
    /// The published last day, as `2028-02-18`; `None` where none is known.
    pub ends: Option<&'static str>,
}

/// What a sign-in may use.
#[derive(Clone, Copy)]
pub struct SignInCx<'a> {
    /// For calls to the platform.
    pub http: &'a net::Client,
    /// For addresses that a person entered, such as the server of an account.
    pub guarded: &'a net::GuardedClient,
    /// The time.
    pub clock: &'a dyn Clock,
    /// Randomness.
    pub entropy: &'a dyn Entropy,
    /// Where the platform's hosts are.
    pub hosts: &'a Hosts,
    /// The app that asks for access.
    pub app: &'a AppCredentials,
}

impl SignInCx<'_> {
    /// Sends a request.
    ///
    /// # Errors
    /// When no complete answer came.
    pub async fn send(&self, request: Request) -> Result<Answer, SendError> {
        self.http.send(request).await
    }
}

/// What the platform handed out when the owner agreed.
#[derive(Clone, Copy)]
pub struct Grant<'a> {
    /// The login that was used.
    pub login: &'static OAuthLogin,
    /// The authorization code, as it came.
    pub code: &'a str,
    /// The secret behind the PKCE challenge; empty where there was none.
    pub verifier: &'a str,
    /// The address that the code was sent to.
    pub redirect_uri: &'a str,
}

/// What a sign-in opened.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Login {
    /// What can be connected, in the platform's order; one entry where there is nothing to choose.
    pub found: Vec<Connectable>,
    /// Scopes of the login that the owner did not grant.
    pub declined_scopes: Vec<String>,
    /// The person who agreed, as the platform names them when they take their leave back; `None`
    /// where that is the account itself.
    pub owner_id: Option<String>,
}

/// An account that a sign-in opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Connectable {
    /// Whose it is.
    pub identity: Identity,
    /// What opens it.
    pub credentials: Credentials,
    /// What it is, for people: `Page`, `member`, `organization`, `profile`.
    pub kind: &'static str,
    /// Why it cannot be connected as things are and what to do, in one sentence.
    pub obstacle: Option<String>,
}

/// Sign-in by OAuth.
pub trait OAuth: Send + Sync {
    /// Exchanges the code for tokens of the longest life there is and finds what they open.
    ///
    /// # Errors
    /// As every call to a platform; [`domain::Class::PermissionMissing`] names the scopes.
    fn sign_in<'a>(&'a self, cx: &'a SignInCx<'a>, grant: Grant<'a>) -> SigningIn<'a>;
}

/// Sign-in by what the owner enters.
pub trait CredentialSignIn: Send + Sync {
    /// The names of the fields, in the order in which they are asked for.
    fn fields(&self) -> &'static [&'static str];

    /// Checks the fields with the platform. All of [`CredentialSignIn::fields`] are there and none
    /// is empty.
    ///
    /// # Errors
    /// [`domain::Class::TokenExpired`] or [`domain::Class::PermissionMissing`] when the platform
    /// refuses them, [`domain::Class::ContentRejected`] when they cannot be right.
    fn sign_in<'a>(&'a self, cx: &'a SignInCx<'a>, fields: &'a BTreeMap<String, String>) -> SigningIn<'a>;
}
