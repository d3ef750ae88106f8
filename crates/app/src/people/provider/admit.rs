//! Whom here somebody is whom the other system vouches for, and who may come without being asked.

use domain::audit::AuditAction;
use domain::people::{NAME_LENGTH, Role};
use domain::{IdentityId, OrganizationId, UserId};
use serde_json::Value;
use store::{Guest, GuestEnd, Identity, NewMember};

use super::id_token::Claims;
use super::{ProviderConfig, Stopped};
use crate::people::Visit;
use crate::people::audit::Actor;
use crate::people::invitations::check_seats;
use crate::{App, AppError};

/// The person, with their address here.
pub(super) async fn admit(
    app: &App,
    config: &ProviderConfig,
    claims: &Claims,
    visit: &Visit,
) -> Result<(UserId, String), Stopped> {
    let identity = Identity { issuer: config.issuer.clone(), subject: claims.subject.clone() };
    let newcomer = newcomer(app, config, claims, &identity).await?;
    if let Some(email) = &claims.email {
        for organization in app.store.invited_to(email, app.clock.now()).await? {
            seat(app, organization, false).await?;
        }
    }
    let called = claims.email.as_deref().unwrap_or(&claims.subject);
    let actor = Actor::newcomer(called, visit);
    // The store fills the organization in.
    let nowhere = OrganizationId(uuid::Uuid::nil());
    let guest = Guest {
        identity,
        link_id: IdentityId(app.entropy.uuid(app.clock.now())),
        email: claims.email.clone(),
        name: name_of(claims),
        newcomer,
        linked: actor.did(app, nowhere, AuditAction::IdentityLink, config.name.clone()),
        joined: actor.did(app, nowhere, AuditAction::InvitationAccept, called),
    };
    match app.store.admit_guest(guest).await? {
        GuestEnd::Person(user, email) => Ok((user, email)),
        GuestEnd::Unknown => Err(Stopped::Unknown),
        GuestEnd::Unverified => Err(Stopped::Unverified),
        GuestEnd::Taken => Err(Stopped::Taken),
        GuestEnd::NotLinked => Err(Stopped::NotLinked),
    }
}

/// What becomes of somebody whom nobody knows: a member, where their address has an allowed domain.
async fn newcomer(
    app: &App,
    config: &ProviderConfig,
    claims: &Claims,
    identity: &Identity,
) -> Result<Option<NewMember>, Stopped> {
    let Some(email) = &claims.email else { return Ok(None) };
    let domain = email.rsplit('@').next().unwrap_or_default();
    if !config.allowed_domains.iter().any(|allowed| allowed.eq_ignore_ascii_case(domain)) {
        return Ok(None);
    }
    if app.store.knows_guest(identity, Some(email), app.clock.now()).await? {
        return Ok(None);
    }
    let organizations = app.store.list_organizations().await?;
    let wanted = config.organization.as_str();
    let mut fitting = organizations
        .iter()
        .filter(|row| wanted.is_empty() || row.name == wanted || row.id.to_string() == wanted);
    let (Some(found), None) = (fitting.next(), fitting.next()) else {
        let why = "oidc.organization names no organization, or there are several";
        return Err(Stopped::Failed(AppError::Internal(why.into())));
    };
    seat(app, found.id, true).await?;
    Ok(Some(NewMember { organization_id: found.id, role: role_of(config, claims) }))
}

/// Refuses where the plan has no seat left. Who is invited has one already.
async fn seat(app: &App, organization: OrganizationId, is_new: bool) -> Result<(), Stopped> {
    let promised =
        if is_new { app.store.list_invitations(organization, app.clock.now()).await?.len() } else { 0 };
    match check_seats(app, organization, promised).await {
        Ok(()) => Ok(()),
        Err(AppError::QuotaExceeded(_)) => Err(Stopped::Full),
        Err(error) => Err(Stopped::Failed(error)),
    }
}

/// The mightiest role that the claim's values stand for.
fn role_of(config: &ProviderConfig, claims: &Claims) -> Role {
    let values: Vec<&str> = match claims.all.get(&config.role_claim) {
        Some(Value::String(value)) => vec![value.as_str()],
        Some(Value::Array(values)) => values.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    let is_meant =
        |role: &Role| config.roles.iter().any(|(value, of)| of == role && values.contains(&value.as_str()));
    Role::ALL.into_iter().find(is_meant).unwrap_or(config.default_role)
}

/// A name that can be shown; of the address where there is none.
pub(super) fn name_of(claims: &Claims) -> String {
    let named = claims.name.as_deref().unwrap_or_default();
    let shown: String = named.chars().filter(|letter| !letter.is_control()).take(NAME_LENGTH).collect();
    if !shown.trim().is_empty() {
        return shown.trim().to_owned();
    }
    let email = claims.email.as_deref().unwrap_or_default();
    email.split('@').next().unwrap_or_default().chars().take(NAME_LENGTH).collect()
}
