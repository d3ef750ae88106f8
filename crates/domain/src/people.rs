//! People who sign in: what each role may do, how long they stay signed in, what a password needs, and
//! how long a guesser waits. Must not know how passwords are hashed, or what a cookie is.

use crate::api_key::Scope;
use crate::time::{Span, Timestamp};

/// A session that nobody uses ends after this.
pub const SESSION_IDLE: Span = Span::from_days(14);
/// A session ends after this, however much it is used.
pub const SESSION_LIFE: Span = Span::from_days(90);
/// Uses that follow sooner are not written down.
pub const SESSION_SEEN_EVERY: Span = Span::from_minutes(5);
/// How long somebody may take to accept an invitation.
pub const INVITATION_LIFE: Span = Span::from_days(7);
/// How long a link that signs somebody in, or sets the installation up, works.
pub const LINK_LIFE: Span = Span::from_days(7);
/// How long a browser may take to sign with a passkey.
pub const PASSKEY_CHALLENGE_LIFE: Span = Span::from_minutes(5);
/// How long somebody may take to sign in at another system.
pub const PROVIDER_VISIT_LIFE: Span = Span::from_minutes(10);
/// A session that began longer ago adds no way in: whoever finds a browser open must not stay for good.
pub const SESSION_FRESH: Span = Span::from_minutes(15);
/// The most passkeys of a person.
pub const MOST_PASSKEYS: i64 = 20;
/// How long the audit log goes back.
pub const AUDIT_KEPT_FOR: Span = Span::from_days(400);
/// A try to sign in counts against its address for so long.
pub const ATTEMPTS_KEPT_FOR: Span = Span::from_days(1);

/// The fewest and the most characters of a password.
pub const PASSWORD_LENGTHS: (usize, usize) = (10, 200);
/// The longest e-mail address that mail knows.
pub const EMAIL_LENGTH: usize = 254;
/// The longest name of a person or an organization, in characters.
pub const NAME_LENGTH: usize = 100;

/// What a member of an organization may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    /// Everything.
    Owner,
    /// Everything but what concerns owners.
    Admin,
    /// Posts, media, accounts, webhooks: everything of the API.
    Editor,
    /// Looks at everything, and decides on posts where that is asked for.
    Approver,
    /// Looks at everything.
    Viewer,
}

impl Role {
    /// Every role, the mightiest first.
    pub const ALL: [Self; 5] = [Self::Owner, Self::Admin, Self::Editor, Self::Approver, Self::Viewer];

    /// The role's name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Admin => "admin",
            Self::Editor => "editor",
            Self::Approver => "approver",
            Self::Viewer => "viewer",
        }
    }

    /// Reads a role's name.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == text)
    }

    /// What the role may do in the API, as a key would.
    pub const fn scopes(self) -> &'static [Scope] {
        match self {
            Self::Owner | Self::Admin => &[Scope::Read, Scope::Write, Scope::Ai, Scope::Approve],
            Self::Editor => &[Scope::Read, Scope::Write, Scope::Ai],
            Self::Approver => &[Scope::Read, Scope::Approve],
            Self::Viewer => &[Scope::Read],
        }
    }

    /// Whether the role manages members, invitations and keys, and reads the audit log.
    pub const fn manages(self) -> bool {
        matches!(self, Self::Owner | Self::Admin)
    }

    /// Whether the role may give `other` to somebody, or take it from them.
    pub fn governs(self, other: Self) -> bool {
        match self {
            Self::Owner => true,
            Self::Admin => other != Self::Owner,
            Self::Editor | Self::Approver | Self::Viewer => false,
        }
    }
}

/// Whether a session that was made then and last used then is still one.
pub fn is_session_live(created_at: Timestamp, last_seen_at: Timestamp, now: Timestamp) -> bool {
    now < session_end(created_at, last_seen_at)
}

/// When a session ends that is not used any more.
pub fn session_end(created_at: Timestamp, last_seen_at: Timestamp) -> Timestamp {
    (created_at + SESSION_LIFE).min(last_seen_at + SESSION_IDLE)
}

/// An e-mail address as it is looked up. Only ASCII letters lose their case, on every database alike.
pub fn fold_email(email: &str) -> String {
    email.trim().to_ascii_lowercase()
}

/// Whether a text could be an e-mail address. Whether it is one, only mail can tell.
pub fn is_email(text: &str) -> bool {
    let Some((name, host)) = text.rsplit_once('@') else { return false };
    let is_odd = |letter: char| letter.is_whitespace() || letter.is_control();
    !name.is_empty() && !host.is_empty() && text.len() <= EMAIL_LENGTH && !text.contains(is_odd)
}

/// Why a password is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WeakPassword {
    /// It has too few characters, or none that differ.
    TooShort,
    /// It has too many.
    TooLong,
    /// It is the address or the name of its owner.
    Known,
}

/// Whether a password may be set for a person with this address and name.
pub fn check_password(password: &str, email: &str, name: &str) -> Result<(), WeakPassword> {
    let (least, most) = PASSWORD_LENGTHS;
    let mut letters: Vec<char> = password.chars().collect();
    if letters.len() > most {
        return Err(WeakPassword::TooLong);
    }
    let count = letters.len();
    letters.sort_unstable();
    letters.dedup();
    if count < least || letters.len() < 4 {
        return Err(WeakPassword::TooShort);
    }
    let folded = fold_email(password);
    if folded == fold_email(email) || folded == fold_email(name) {
        return Err(WeakPassword::Known);
    }
    Ok(())
}

/// What tries to sign in have in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Subject {
    /// They are for one person.
    Email,
    /// They come from one network.
    Address,
}

impl Subject {
    /// Failures that cost nothing: people mistype, and offices share an address.
    const fn free(self) -> u32 {
        match self {
            Self::Email => 5,
            Self::Address => 30,
        }
    }

    /// How long the next try has to wait after so many failures.
    pub fn pause_after(self, failures: u32) -> Span {
        /// Doubling ends here. Long enough for a guesser, short enough for whom somebody wants to lock out.
        const LONGEST: i64 = 300;
        let beyond = failures.saturating_sub(self.free());
        if beyond == 0 {
            return Span::ZERO;
        }
        Span::from_seconds(1_i64.checked_shl(beyond.min(32)).unwrap_or(LONGEST).min(LONGEST))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_admin_has_no_say_about_owners_and_the_others_about_nobody() {
        for role in Role::ALL {
            assert_eq!(Role::parse(role.as_str()), Some(role));
            assert!(Role::Owner.governs(role));
            assert_eq!(Role::Admin.governs(role), role != Role::Owner);
            assert!(!Role::Editor.governs(role) && !Role::Viewer.governs(role));
            assert!(role.scopes().contains(&Scope::Read));
        }
        assert_eq!(Role::parse("Owner"), None);
    }

    #[test]
    fn a_session_ends_when_it_is_idle_or_old() {
        let start = Timestamp::from_seconds(1_800_000_000);
        let last = start + Span::from_days(13);
        assert!(is_session_live(start, start, last));
        assert!(!is_session_live(start, start, start + SESSION_IDLE));
        let almost = start + Span::from_days(89);
        assert!(is_session_live(start, almost, almost));
        assert!(!is_session_live(start, start + SESSION_LIFE, start + SESSION_LIFE));
    }

    #[test]
    fn pauses_grow_and_have_an_end() {
        let pauses: Vec<i64> =
            (4..=9).map(|failures| Subject::Email.pause_after(failures).as_micros() / 1_000_000).collect();
        assert_eq!(pauses, [0, 0, 2, 4, 8, 16]);
        assert_eq!(Subject::Email.pause_after(u32::MAX), Span::from_minutes(5));
        assert_eq!(Subject::Address.pause_after(30), Span::ZERO);
    }

    #[test]
    fn a_password_is_long_and_not_what_everybody_knows() {
        let check = |password| check_password(password, "ana@example.org", "Ana Northlight");
        assert_eq!(check("correct horse"), Ok(()));
        assert_eq!(check("пароль-пароль"), Ok(()));
        assert_eq!(check("short"), Err(WeakPassword::TooShort));
        assert_eq!(check("aaaaaaaaaaaaaaaa"), Err(WeakPassword::TooShort));
        assert_eq!(check("Ana@Example.org"), Err(WeakPassword::Known));
        assert_eq!(check("ana northlight"), Err(WeakPassword::Known));
        assert_eq!(check(&"long".repeat(60)), Err(WeakPassword::TooLong));
    }

    #[test]
    fn an_address_has_two_sides_and_no_space() {
        for good in ["a@b", "Ana.M+x@example.org", "ü@example.org"] {
            assert!(is_email(good), "{good}");
        }
        for bad in ["", "a", "@b", "a@", "a b@c", "a@b\n", &format!("{}@b", "a".repeat(254))] {
            assert!(!is_email(bad), "{bad}");
        }
        assert_eq!(fold_email(" Ana@Example.ORG "), "ana@example.org");
    }
}
