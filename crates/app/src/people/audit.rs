//! What is written down of people's doings, and who may read it.

use domain::audit::AuditAction;
use domain::{AuditId, OrganizationId, UserId};
use store::{AuditRow, NewAuditEntry};

use super::{SignedIn, Visit};
use crate::{App, AppError};

/// What the operator is called, who works at the command line.
const OPERATOR: &str = "Operator";

/// Who did something.
#[derive(Clone, Copy)]
pub(super) struct Actor<'a> {
    pub(super) user_id: Option<UserId>,
    pub(super) called: &'a str,
    pub(super) visit: Option<&'a Visit>,
}

impl<'a> Actor<'a> {
    /// A person.
    pub(super) fn user(user_id: UserId, called: &'a str, visit: &'a Visit) -> Self {
        Self { user_id: Some(user_id), called, visit: Some(visit) }
    }

    /// Somebody who is not known yet.
    pub(super) fn newcomer(called: &'a str, visit: &'a Visit) -> Self {
        Self { user_id: None, called, visit: Some(visit) }
    }

    /// Whoever works at the command line.
    pub(super) const OPERATOR: Actor<'static> = Actor { user_id: None, called: OPERATOR, visit: None };

    /// A line of the log.
    pub(super) fn did(
        self,
        app: &App,
        organization: OrganizationId,
        action: AuditAction,
        subject: impl Into<String>,
    ) -> NewAuditEntry {
        let now = app.clock.now();
        NewAuditEntry {
            organization_id: organization,
            id: AuditId(app.entropy.uuid(now)),
            user_id: self.user_id,
            actor: self.called.to_owned(),
            action,
            subject: subject.into(),
            address: self.visit.map(|visit| visit.address.clone()).unwrap_or_default(),
            created_at: now,
        }
    }

    /// A line in the log of every organization that a person belongs to.
    pub(super) async fn did_everywhere(
        self,
        app: &App,
        user: UserId,
        action: AuditAction,
        subject: &str,
    ) -> Result<Vec<NewAuditEntry>, AppError> {
        let memberships = app.store.list_memberships(user).await?;
        Ok(memberships.iter().map(|member| self.did(app, member.organization_id, action, subject)).collect())
    }
}

impl SignedIn {
    /// This person, for the log.
    pub(super) fn actor<'a>(&'a self, visit: &'a Visit) -> Actor<'a> {
        Actor::user(self.user_id, &self.email, visit)
    }

    /// A line of the log of the organization that they look at, if there is one.
    pub(crate) fn did_here(
        &self,
        app: &App,
        visit: &Visit,
        action: AuditAction,
        subject: &str,
    ) -> Vec<NewAuditEntry> {
        let here = self.membership.as_ref();
        let line =
            |here: &super::Membership| self.actor(visit).did(app, here.organization_id, action, subject);
        here.map(line).into_iter().collect()
    }
}

/// A page of the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditPage {
    /// The lines, the latest first.
    pub entries: Vec<AuditRow>,
    /// After which line the next page begins.
    pub next: Option<AuditId>,
}

/// A page of the log of the organization that somebody looks at, beginning after `after`.
///
/// # Errors
/// [`AppError::Forbidden`] for who does not manage it.
pub async fn list(
    app: &App,
    signed_in: &SignedIn,
    limit: u32,
    after: Option<AuditId>,
) -> Result<AuditPage, AppError> {
    let organization = signed_in.managing()?.organization_id;
    let mut entries = app.store.list_audit_log(organization, after, limit.saturating_add(1)).await?;
    let size = usize::try_from(limit).unwrap_or(usize::MAX);
    let has_more = entries.len() > size;
    entries.truncate(size);
    let next = entries.last().filter(|_| has_more).map(|entry| entry.id);
    Ok(AuditPage { entries, next })
}

/// Writes down that somebody changed something through the API, such as `POST /posts`.
///
/// # Errors
/// Only internal ones.
pub async fn note_request(
    app: &App,
    signed_in: &SignedIn,
    visit: &Visit,
    request: &str,
) -> Result<(), AppError> {
    let entries = signed_in.did_here(app, visit, AuditAction::Request, request);
    Ok(app.store.record_audit(entries).await?)
}

/// Removes what is older than the log goes back, sessions that are long over included.
///
/// # Errors
/// Only internal ones.
pub async fn forget(app: &App) -> Result<(), AppError> {
    let now = app.clock.now();
    app.store.forget_audit_log(now - domain::people::AUDIT_KEPT_FOR).await?;
    Ok(app.store.forget_sessions(now - domain::people::SESSION_IDLE).await?)
}
