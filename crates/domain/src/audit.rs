//! What is written down of people's doings, so that others can see who did what.

/// What somebody did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AuditAction {
    /// Set the installation up.
    Setup,
    /// Signed in.
    SignIn,
    /// Tried to sign in with a wrong password.
    SignInFailed,
    /// Signed out.
    SignOut,
    /// Ended another session, or all.
    SessionEnd,
    /// Began to look at this organization.
    OrganizationOpen,
    /// Changed their own name.
    UserChange,
    /// Changed their own e-mail address, or had it changed by the operator.
    EmailChange,
    /// Changed their own password, or had it set by the operator.
    PasswordChange,
    /// Added a passkey of their own.
    PasskeyCreate,
    /// Gave one another name.
    PasskeyChange,
    /// Removed one.
    PasskeyDelete,
    /// Linked a login of another system, by signing in with it or in the settings.
    IdentityLink,
    /// Took that back.
    IdentityUnlink,
    /// Invited somebody.
    InvitationCreate,
    /// Took an invitation back.
    InvitationDelete,
    /// Joined by an invitation.
    InvitationAccept,
    /// Added a member, at the command line or by single sign-on.
    MemberAdd,
    /// Gave a member another role.
    MemberChange,
    /// Removed a member.
    MemberRemove,
    /// Made an API key.
    KeyCreate,
    /// Revoked an API key.
    KeyRevoke,
    /// Gave the organization credits, at the command line.
    CreditsAdd,
    /// Was made an operator of the installation, at the command line.
    OperatorAdd,
    /// Is an operator no longer.
    OperatorRemove,
    /// Set the installation's app at a platform.
    PlatformAppSet,
    /// Removed it.
    PlatformAppRemove,
    /// Set the installation's provider of captions and pictures.
    AiProviderSet,
    /// Removed it.
    AiProviderRemove,
    /// Changed something through the API, in the dashboard.
    Request,
}

impl AuditAction {
    /// Every action.
    pub const ALL: [Self; 30] = [
        Self::Setup,
        Self::SignIn,
        Self::SignInFailed,
        Self::SignOut,
        Self::SessionEnd,
        Self::OrganizationOpen,
        Self::UserChange,
        Self::EmailChange,
        Self::PasswordChange,
        Self::PasskeyCreate,
        Self::PasskeyChange,
        Self::PasskeyDelete,
        Self::IdentityLink,
        Self::IdentityUnlink,
        Self::InvitationCreate,
        Self::InvitationDelete,
        Self::InvitationAccept,
        Self::MemberAdd,
        Self::MemberChange,
        Self::MemberRemove,
        Self::KeyCreate,
        Self::KeyRevoke,
        Self::CreditsAdd,
        Self::OperatorAdd,
        Self::OperatorRemove,
        Self::PlatformAppSet,
        Self::PlatformAppRemove,
        Self::AiProviderSet,
        Self::AiProviderRemove,
        Self::Request,
    ];

    /// The action's name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Setup => "setup",
            Self::SignIn => "sign_in",
            Self::SignInFailed => "sign_in_failed",
            Self::SignOut => "sign_out",
            Self::SessionEnd => "session_end",
            Self::OrganizationOpen => "organization_open",
            Self::UserChange => "user_change",
            Self::EmailChange => "email_change",
            Self::PasswordChange => "password_change",
            Self::PasskeyCreate => "passkey_create",
            Self::PasskeyChange => "passkey_change",
            Self::PasskeyDelete => "passkey_delete",
            Self::IdentityLink => "identity_link",
            Self::IdentityUnlink => "identity_unlink",
            Self::InvitationCreate => "invitation_create",
            Self::InvitationDelete => "invitation_delete",
            Self::InvitationAccept => "invitation_accept",
            Self::MemberAdd => "member_add",
            Self::MemberChange => "member_change",
            Self::MemberRemove => "member_remove",
            Self::KeyCreate => "key_create",
            Self::KeyRevoke => "key_revoke",
            Self::CreditsAdd => "credits_add",
            Self::OperatorAdd => "operator_add",
            Self::OperatorRemove => "operator_remove",
            Self::PlatformAppSet => "platform_app_set",
            Self::PlatformAppRemove => "platform_app_remove",
            Self::AiProviderSet => "ai_provider_set",
            Self::AiProviderRemove => "ai_provider_remove",
            Self::Request => "request",
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn names_differ() {
        let names: BTreeSet<&str> = AuditAction::ALL.iter().map(|action| action.as_str()).collect();
        assert_eq!(names.len(), AuditAction::ALL.len());
    }
}
