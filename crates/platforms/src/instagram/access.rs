//! Which of the two logins an account came by. It decides host and calls, and shows in the scopes.

use connector::Credentials;

/// The login behind an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Access {
    /// Instagram Login.
    Instagram,
    /// Facebook Login, through the Page that the account is linked to.
    Facebook,
}

impl Access {
    /// Scopes name the login; without any, the token's form does.
    pub(super) fn of(credentials: &Credentials) -> Self {
        let any = |start: &str| credentials.scopes.iter().any(|scope| scope.starts_with(start));
        if any("instagram_business_") {
            return Self::Instagram;
        }
        if any("instagram_") || credentials.access_token.starts_with("EA") {
            Self::Facebook
        } else {
            Self::Instagram
        }
    }

    /// The key of the host that its calls go to.
    pub(super) const fn host(self) -> &'static str {
        match self {
            Self::Instagram => "login",
            Self::Facebook => "graph",
        }
    }

    /// Whether films can be sent as bytes. Documented for Facebook Login alone.
    pub(super) const fn takes_bytes(self) -> bool {
        matches!(self, Self::Facebook)
    }
}
