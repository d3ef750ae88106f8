//! Who calls, and what they may: a token of Instagram Login on one host, of Facebook Login on the
//! other. The two do not know each other's.

use domain::{Span, Timestamp};
use http::StatusCode;

use super::GRAPH_HOST;
use super::state::{Grant, Instagram, Token, User};
use crate::core::error::SandboxError;
use crate::core::journal::Batch;
use crate::meta::error::GraphError;
use crate::meta::request::GraphRequest;

/// How long a token from the code's exchange lives.
pub(super) const SHORT_LIFE: Span = Span::from_hours(1);
/// How long one lives that it was exchanged for, or a renewed one.
pub(super) const LONG_LIFE: Span = Span::from_days(60);

/// What a call wants to do.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Right {
    Read,
    Publish,
    Comment,
    Insights,
}

impl Right {
    fn scope(self, is_facebook: bool) -> &'static str {
        match (self, is_facebook) {
            (Self::Read, false) => "instagram_business_basic",
            (Self::Publish, false) => "instagram_business_content_publish",
            (Self::Comment, false) => "instagram_business_manage_comments",
            (Self::Insights, false) => "instagram_business_manage_insights",
            (Self::Read, true) => "instagram_basic",
            (Self::Publish, true) => "instagram_content_publish",
            (Self::Comment, true) => "instagram_manage_comments",
            (Self::Insights, true) => "instagram_manage_insights",
        }
    }
}

impl Instagram {
    /// The account whose token of Instagram Login the call carries.
    pub(super) fn owner(&self, request: &GraphRequest) -> Result<(User, Grant), GraphError> {
        let Some(text) = request.token.as_deref().filter(|text| !text.is_empty()) else {
            return Err(unauthorized(GraphError::new(
                104,
                "An access token is required to request this resource.",
            )));
        };
        let token = self.tokens.get(text).ok_or_else(unreadable)?;
        let grant = self.check(&token)?;
        let user = self.users.get(&grant.user).ok_or_else(unreadable)?;
        Ok((user, grant))
    }

    /// Refuses a token that has ended, in the words for how it did.
    pub(super) fn check(&self, token: &Token) -> Result<Grant, GraphError> {
        let now = self.world.now();
        let grant = self.grants.get(&token.grant).ok_or_else(unreadable)?;
        if grant.revoked {
            return Err(GraphError::token(
                458,
                "The user has not authorized application sandbox-instagram-client.",
            ));
        }
        if token.expires_at <= now {
            let why = format!(
                "Session has expired on {}. The current time is {}.",
                token.expires_at.to_iso_millis(),
                now.to_iso_millis()
            );
            return Err(GraphError::token(463, &why));
        }
        Ok(grant)
    }

    /// The account `id`, if the caller may do this for it.
    pub(super) fn allowed(
        &self,
        request: &GraphRequest,
        host: &str,
        id: &str,
        right: Right,
    ) -> Result<User, GraphError> {
        let missing = || GraphError::unsupported(request.method.as_str(), id);
        let is_facebook = host != GRAPH_HOST;
        let scope = right.scope(is_facebook);
        if is_facebook {
            let caller = self.logins.caller(request)?;
            let user = self.users.get(id).ok_or_else(missing)?;
            let linked = |page: &crate::meta::logins::Page| {
                page.instagram.as_ref().is_some_and(|linked| linked.id == user.id)
            };
            let is_theirs = match &caller.page {
                Some(page) => linked(page),
                None => self.logins.pages_of(&caller.user.id).iter().any(|(page, _)| linked(page)),
            };
            if !is_theirs {
                return Err(missing());
            }
            for scope in ["instagram_basic", scope] {
                if !caller.grant.has(scope) {
                    return Err(not_permitted());
                }
            }
            return professional(user);
        }
        let (user, grant) = self.owner(request)?;
        if id != "me" && id != user.id && id != user.scoped_id {
            return Err(missing());
        }
        if !grant.scopes.iter().any(|granted| granted == scope) {
            return Err(not_permitted());
        }
        professional(user)
    }

    /// Adds a new token of `grant` to `batch`.
    pub(super) fn new_token(
        &self,
        batch: &mut Batch<'_>,
        grant: &str,
        is_long: bool,
        issued_at: Timestamp,
    ) -> Result<(String, Timestamp), SandboxError> {
        let text = format!("IGAA{}", self.world.entropy.token(160));
        let expires_at = issued_at + if is_long { LONG_LIFE } else { SHORT_LIFE };
        let row = Token { grant: grant.to_owned(), is_long, issued_at, expires_at };
        batch.put(&self.tokens, &text, &row)?;
        Ok((text, expires_at))
    }

    /// Adds a new grant to `batch`.
    pub(super) fn new_grant(
        &self,
        batch: &mut Batch<'_>,
        user: &str,
        scopes: Vec<String>,
    ) -> Result<String, SandboxError> {
        let grant = self.world.entropy.token(24);
        batch.put(&self.grants, &grant, &Grant { user: user.to_owned(), scopes, revoked: false })?;
        Ok(grant)
    }

    /// Ends what the owner of the token in the call allowed, as when they remove the app.
    pub(super) fn revoke_of(&self, request: &GraphRequest) -> Result<(), SandboxError> {
        match request.token.as_deref().and_then(|text| self.tokens.get(text)) {
            Some(token) => self.grants.update(&token.grant, |grant| grant.revoked = true).map(|_| ()),
            None => self.logins.revoke_of(request),
        }
    }
}

fn professional(user: User) -> Result<User, GraphError> {
    if user.is_professional() {
        return Ok(user);
    }
    Err(GraphError::new(10, "(#10) The user is not an Instagram Business"))
}

fn not_permitted() -> GraphError {
    let message = "(#10) Application does not have permission for this action";
    GraphError { status: StatusCode::FORBIDDEN, ..GraphError::new(10, message) }
}

pub(super) fn unreadable() -> GraphError {
    unauthorized(GraphError::new(190, "Invalid OAuth access token - Cannot parse access token"))
}

fn unauthorized(error: GraphError) -> GraphError {
    GraphError { status: StatusCode::UNAUTHORIZED, ..error }
}
