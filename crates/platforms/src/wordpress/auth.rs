//! Application passwords: entered once, good until the user takes them back.

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use connector::{
    Auth, Connectable, CredentialSignIn, Credentials, Cx, Failure, Identity, Login, SignInCx, SigningIn,
};
use domain::Class;
use net::Request;

use super::site::{self, Site};
use super::wire::{Index, User};
use super::{NAME, WordPress, errors, rest};

/// What a user must be able to do.
const NEEDED: [&str; 2] = ["publish_posts", "upload_files"];

impl Auth for WordPress {
    fn refresh<'a>(
        &'a self,
        _: &'a Cx<'a>,
    ) -> Pin<Box<dyn Future<Output = Result<Credentials, Failure>> + Send + 'a>> {
        let public = "An application password cannot be renewed; connect the site again.";
        Box::pin(std::future::ready(Err(Failure::before_sending(Class::TokenExpired, public))))
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

impl CredentialSignIn for WordPress {
    fn fields(&self) -> &'static [&'static str] {
        &["site_url", "username", "app_password"]
    }

    fn sign_in<'a>(&'a self, cx: &'a SignInCx<'a>, fields: &'a BTreeMap<String, String>) -> SigningIn<'a> {
        Box::pin(async move {
            let field = |name: &str| fields.get(name).map_or("", |value| value.trim());
            let site = site::discover(cx, field("site_url")).await?;
            connect(cx, site, field("username"), field("app_password")).await
        })
    }
}

/// Signs in to a site that was found.
async fn connect(cx: &SignInCx<'_>, site: Site, username: &str, password: &str) -> Result<Login, Failure> {
    if username.contains(':') {
        let public = format!("A user name on {NAME} has no colon; enter the name without the password.");
        return Err(Failure::before_sending(Class::ContentRejected, public));
    }
    let access_token = STANDARD.encode(format!("{username}:{password}"));
    let url = rest::address(&site.root, "/wp/v2/users/me", &[("context", "edit")])?;
    rest::check_scheme(cx.guarded, &url)?;
    let answer = cx
        .guarded
        .send(rest::basic(Request::get(url), &access_token))
        .await
        .map_err(|error| Failure::unanswered(NAME, error))?;
    if answer.status == 401 && !site.takes_application_passwords {
        let public = "The site takes no application passwords: it needs https and WordPress 5.6 or newer, and a \
                      plugin may have switched them off.";
        return Err(Failure::answered(Class::PermissionMissing, public, &answer));
    }
    if answer.status == 401 {
        let public = "The site did not accept the user name and application password. Check both; the login \
                      password is not taken. If they are right, the site's web server takes the Authorization \
                      header away.";
        return Err(Failure::answered(Class::TokenExpired, public, &answer));
    }
    if !answer.is_success() {
        return Err(errors::classify(&answer, cx.clock.now()));
    }
    let user: User = rest::read(&answer)?;
    let credentials = Credentials::lasting(access_token);
    let obstacle = NEEDED.iter().any(|right| !user.may(right)).then(|| {
        format!("The user {} may not publish posts and files on the site; it needs the role Author or a higher one.", user.username)
    });
    let identity = identity(&user, &site.home, site.name, site.root);
    let found = vec![Connectable { identity, credentials, kind: "site", obstacle }];
    Ok(Login { found, ..Login::default() })
}

async fn identify(cx: &Cx<'_>) -> Result<Identity, Failure> {
    let user: User = rest::get(cx, "/wp/v2/users/me", &[("context", "edit")]).await?;
    let index: Index = rest::get(cx, "/", &[("_fields", "name,home,namespaces")]).await?;
    // What the account is known by stays, even if the site has moved.
    let known = cx.account.platform_user_id.rsplit_once('#').map_or("", |(home, _)| home);
    let name = if index.name.trim().is_empty() { known.to_owned() } else { index.name };
    Ok(identity(&user, known, name, cx.account.service_url.clone().unwrap_or_default()))
}

fn identity(user: &User, home: &str, name: String, root: String) -> Identity {
    Identity {
        platform_user_id: format!("{home}#{}", user.id),
        username: Some(user.username.clone()),
        display_name: name,
        avatar_url: user.avatar(),
        premium: false,
        service_url: Some(root),
    }
}

/// The user's id on its site.
pub(super) fn user_id(platform_user_id: &str) -> Option<u64> {
    platform_user_id.rsplit_once('#')?.1.parse().ok()
}
