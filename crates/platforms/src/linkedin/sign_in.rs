//! Connecting: one sign-in opens the member and, with the pages login, the organizations that the
//! member may post for (LinkedIn: 3-legged OAuth, organization access control).

use std::collections::BTreeSet;

use connector::{
    Connectable, Credentials, Failure, Grant, Identity, Internal, Login, OAuth, OAuthLogin, SignInCx,
    SigningIn,
};
use domain::{Class, Span, Timestamp};
use futures_util::{StreamExt as _, TryStreamExt as _};
use net::Request;
use serde::de::DeserializeOwned;
use url::Url;

use super::auth::split_scopes;
use super::errors::{classify, classify_code};
use super::wire::{Acls, BasicProfile, OrganizationProfile, Tokens, UserInfo};
use super::{LinkedIn, NAME};

const HOST: &str = "oauth";
const PATH: &str = "/oauth/v2/authorization";
const PAGE: usize = 100;
/// Nobody administers more; an answer that always has a next page ends here.
const MOST: usize = 2_000;
/// How many organizations are looked up at a time.
const AT_ONCE: usize = 8;
/// The roles that may publish (LinkedIn: organization access control).
const MAY_POST: [&str; 3] = ["ADMINISTRATOR", "CONTENT_ADMINISTRATOR", "CONTENT_ADMIN"];
const SIGN_IN: &str = "openid";
const BASIC: &str = "r_basicprofile";
const AS_MEMBER: &str = "w_member_social";
const AS_ORGANIZATION: &str = "w_organization_social";

/// The second needs the Community Management product, which LinkedIn has to grant and which comes
/// without sign-in by OpenID. Asking for other scopes than before ends a member's earlier tokens.
pub(super) const LOGINS: &[OAuthLogin] = &[
    OAuthLogin {
        name: "member",
        host: HOST,
        path: PATH,
        scopes: &[SIGN_IN, "profile", AS_MEMBER],
        optional_scopes: &[],
        scope_separator: " ",
        pkce: false,
        client_id_key: "client_id",
        extra: &[],
    },
    OAuthLogin {
        name: "pages",
        host: HOST,
        path: PATH,
        scopes: &[BASIC, "rw_organization_admin", AS_ORGANIZATION],
        optional_scopes: &[AS_MEMBER, "r_organization_social"],
        scope_separator: " ",
        pkce: false,
        client_id_key: "client_id",
        extra: &[],
    },
];

impl OAuth for LinkedIn {
    fn sign_in<'a>(&'a self, cx: &'a SignInCx<'a>, grant: Grant<'a>) -> SigningIn<'a> {
        Box::pin(sign_in(cx, grant))
    }
}

async fn sign_in(cx: &SignInCx<'_>, grant: Grant<'_>) -> Result<Login, Failure> {
    let credentials = exchange(cx, grant).await?;
    let has = |scope: &str| credentials.scopes.iter().any(|granted| granted == scope);
    let requested = grant.login.scopes.iter().chain(grant.login.optional_scopes);
    let declined_scopes: Vec<String> =
        requested.filter(|scope| !has(scope)).map(|scope| (*scope).to_owned()).collect();
    if grant.login.scopes.iter().any(|scope| !has(scope)) {
        // Without these the member cannot be named or nothing can be published.
        return Ok(Login { declined_scopes, ..Login::default() });
    }
    let token = credentials.access_token.clone();
    let member = if has(SIGN_IN) { by_sign_in(cx, &token).await? } else { by_profile(cx, &token).await? };
    let owner_id = Some(member.platform_user_id.clone());
    let mut found = Vec::new();
    if has(AS_MEMBER) {
        let (identity, credentials) = (member, credentials.clone());
        found.push(Connectable { identity, credentials, kind: "member", obstacle: None });
    }
    if has(AS_ORGANIZATION) {
        // Somebody who looks after hundreds of pages waits for them before the screen.
        let named = futures_util::stream::iter(organizations(cx, &token).await?)
            .map(|(urn, may_post)| {
                let token = token.as_str();
                async move { Ok((organization(cx, token, &urn).await?, may_post)) }
            })
            .buffered(AT_ONCE)
            .try_collect::<Vec<(Identity, bool)>>()
            .await?;
        for (identity, may_post) in named {
            let obstacle = (!may_post).then(|| {
                "Your role on this page may not publish; ask its administrator for the content role."
                    .to_owned()
            });
            let credentials = credentials.clone();
            found.push(Connectable { identity, credentials, kind: "organization", obstacle });
        }
    }
    Ok(Login { found, declined_scopes, owner_id })
}

async fn exchange(cx: &SignInCx<'_>, grant: Grant<'_>) -> Result<Credentials, Failure> {
    let fields = [
        ("grant_type", "authorization_code"),
        ("code", grant.code),
        ("redirect_uri", grant.redirect_uri),
        ("client_id", cx.app.client_id.as_str()),
        ("client_secret", cx.app.client_secret.as_str()),
    ];
    let request = Request::post(address(cx, HOST, "/oauth/v2/accessToken")?).form(&fields);
    let answer = cx.send(request).await.map_err(|error| Failure::unanswered(NAME, error))?;
    if !answer.is_success() {
        return Err(classify_code(&answer));
    }
    let tokens: Tokens = read(&answer)?;
    let now = cx.clock.now();
    let end = |seconds: Option<i64>| -> Option<Timestamp> {
        seconds.map(|seconds| now + Span::from_seconds(seconds))
    };
    let requested = || grant.login.scopes.iter().map(|scope| (*scope).to_owned()).collect();
    Ok(Credentials {
        access_token: tokens.access_token,
        refresh_token: tokens.refresh_token,
        access_expires_at: end(tokens.expires_in),
        refresh_expires_at: end(tokens.refresh_token_expires_in),
        scopes: tokens.scope.map_or_else(requested, |scope| split_scopes(&scope)),
        secret: None,
        renews_itself: false,
    })
}

async fn by_sign_in(cx: &SignInCx<'_>, token: &str) -> Result<Identity, Failure> {
    let user: UserInfo = get(cx, token, "/v2/userinfo").await?;
    Ok(user.into_identity())
}

async fn by_profile(cx: &SignInCx<'_>, token: &str) -> Result<Identity, Failure> {
    let me: BasicProfile = get(cx, token, "/v2/me").await?;
    let name = format!("{} {}", me.localized_first_name, me.localized_last_name);
    Ok(Identity {
        display_name: if name.trim().is_empty() { me.id.clone() } else { name.trim().to_owned() },
        platform_user_id: me.id,
        username: None,
        avatar_url: None,
        premium: false,
        service_url: None,
    })
}

/// The organizations that the member has a role in, and whether one of the roles may publish.
async fn organizations(cx: &SignInCx<'_>, token: &str) -> Result<Vec<(String, bool)>, Failure> {
    let mut order: Vec<String> = Vec::new();
    let mut may_post = BTreeSet::new();
    let mut start = 0;
    while start < MOST {
        let path = format!("/rest/organizationAcls?q=roleAssignee&state=APPROVED&start={start}&count={PAGE}");
        let page: Acls = get(cx, token, &path).await?;
        let count = page.elements.len();
        for acl in page.elements {
            if MAY_POST.contains(&acl.role.as_str()) {
                may_post.insert(acl.organization.clone());
            }
            if !order.contains(&acl.organization) {
                order.push(acl.organization);
            }
        }
        if count < PAGE {
            break;
        }
        start += count;
    }
    Ok(order.into_iter().map(|urn| (urn.clone(), may_post.contains(&urn))).collect())
}

async fn organization(cx: &SignInCx<'_>, token: &str, urn: &str) -> Result<Identity, Failure> {
    let id: String =
        urn.rsplit(':').next().unwrap_or_default().chars().filter(char::is_ascii_alphanumeric).collect();
    let profile: OrganizationProfile = get(cx, token, &format!("/rest/organizations/{id}")).await?;
    Ok(Identity {
        platform_user_id: urn.to_owned(),
        username: None,
        display_name: profile.localized_name.unwrap_or_else(|| urn.to_owned()),
        avatar_url: None,
        premium: false,
        service_url: None,
    })
}

async fn get<T: DeserializeOwned>(cx: &SignInCx<'_>, token: &str, path: &str) -> Result<T, Failure> {
    let request = Request::get(address(cx, "api", path)?)
        .bearer(token)
        .header("linkedin-version", cx.hosts.version())
        .header("x-restli-protocol-version", "2.0.0");
    let answer = cx.send(request).await.map_err(|error| Failure::unanswered(NAME, error))?;
    if answer.is_success() { read(&answer) } else { Err(classify(&answer, cx.clock.now())) }
}

fn address(cx: &SignInCx<'_>, host: &str, path: &str) -> Result<Url, Failure> {
    cx.hosts.url(host, path).map_err(|error| Failure {
        internal: Internal::new(format!("host \"{host}\": {error}")),
        ..Failure::before_sending(
            Class::Transient,
            format!("This server's address for {NAME} is not usable."),
        )
    })
}

fn read<T: DeserializeOwned>(answer: &net::Answer) -> Result<T, Failure> {
    serde_json::from_slice(&answer.body).map_err(|error| Failure::unreadable(NAME, error, answer))
}
