//! Members and company pages of the emulated LinkedIn: made by the control API, shown by
//! `userinfo` and the organization endpoints.

use std::sync::Arc;

use axum::extract::{Path, Query, State};
use axum::{Extension, Json};
use domain::Span;
use http::{HeaderMap, StatusCode};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::auth::{Kind, bearer};
use super::errors::{LiError, denied, plain};
use super::state::{
    CLIENT_ID, CLIENT_SECRET, LinkedIn, MEMBER_SCOPES, Member, ORGANIZATION_SCOPES, Organization, Role,
};
use crate::core::accounts::{CreateAccount, CreatedAccount, CreatedCredentials};
use crate::core::emulator::Call;
use crate::core::error::SandboxError;
use crate::core::lock;
use crate::core::origin::Origin;

impl LinkedIn {
    /// Makes a member or a page (with a member who administers it), or finds the one with this
    /// handle, and a login when asked. `extra` may name `admin`, the id of an existing member.
    pub(super) fn create_account(
        &self,
        wanted: &CreateAccount,
        origin: &Origin,
    ) -> Result<CreatedAccount, SandboxError> {
        let _one_at_a_time = lock(&self.gate);
        let (id, vanity, name, member, urn) = if wanted.organization {
            let (page, admin) = self.find_or_make_page(wanted)?;
            let urn = format!("urn:li:organization:{}", page.id);
            (page.id, page.vanity, page.name, admin, urn)
        } else {
            let member = self.find_or_make_member(wanted.username.as_deref(), wanted)?;
            let urn = format!("urn:li:person:{}", member.id);
            (member.id.clone(), member.vanity, member.name, member.id, urn)
        };
        let credentials = if wanted.token { Some(self.log_in(&member, wanted)?) } else { None };
        let mut extra = Map::new();
        extra.insert("urn".to_owned(), json!(urn));
        if wanted.organization {
            extra.insert("member_id".to_owned(), json!(member));
        }
        Ok(CreatedAccount {
            platform: super::PLATFORM.to_owned(),
            avatar_url: picture_url(&id, origin),
            platform_user_id: id,
            username: vanity,
            display_name: name,
            client_id: CLIENT_ID.to_owned(),
            client_secret: CLIENT_SECRET.to_owned(),
            credentials,
            extra,
        })
    }

    fn find_or_make_member(
        &self,
        vanity: Option<&str>,
        wanted: &CreateAccount,
    ) -> Result<Member, SandboxError> {
        let id = self.world.entropy.token(10);
        let vanity = vanity.map_or_else(|| format!("member-{}", id.to_lowercase()), str::to_owned);
        if let Some((_, member)) = self.members.find(|member| member.vanity == vanity) {
            return Ok(member);
        }
        let name = wanted.display_name.clone().unwrap_or_else(|| vanity.clone());
        let limited = wanted.extra.get("enforce_limits").and_then(Value::as_bool).unwrap_or(false);
        let member = Member { id, vanity, name, limited };
        self.members.put(&member.id, &member)?;
        Ok(member)
    }

    fn find_or_make_page(&self, wanted: &CreateAccount) -> Result<(Organization, String), SandboxError> {
        let number = 1_000_000 + self.world.entropy.below(90_000_000);
        let id = number.to_string();
        let vanity = wanted.username.clone().unwrap_or_else(|| format!("page-{id}"));
        let admin = match wanted.extra.get("admin").and_then(Value::as_str) {
            Some(admin) if self.members.get(admin).is_some() => admin.to_owned(),
            Some(_) => return Err(SandboxError::invalid("admin names no LinkedIn member of this sandbox")),
            None => {
                let member = CreateAccount {
                    display_name: Some(format!("Admin of {vanity}")),
                    extra: wanted.extra.clone(),
                    ..CreateAccount::default()
                };
                self.find_or_make_member(Some(&format!("{vanity}-admin")), &member)?.id
            }
        };
        let page = match self.organizations.find(|page| page.vanity == vanity) {
            Some((_, page)) => page,
            None => Organization {
                id,
                name: wanted.display_name.clone().unwrap_or_else(|| vanity.clone()),
                vanity,
            },
        };
        let role = Role {
            organization: page.id.clone(),
            member: admin.clone(),
            name: wanted.extra.get("role").and_then(Value::as_str).unwrap_or("ADMINISTRATOR").to_owned(),
        };
        let mut batch = self.world.journal.batch();
        batch.put(&self.organizations, &page.id, &page)?;
        batch.put(&self.roles, &format!("{}/{admin}", page.id), &role)?;
        batch.commit()?;
        Ok((page, admin))
    }

    fn log_in(&self, member: &str, wanted: &CreateAccount) -> Result<CreatedCredentials, SandboxError> {
        let usual = if wanted.organization { ORGANIZATION_SCOPES } else { MEMBER_SCOPES };
        let scope = wanted.extra.get("scopes").and_then(Value::as_str).unwrap_or(usual);
        // Self-serve apps are given no refresh token.
        let has_refresh = wanted.extra.get("refresh").and_then(Value::as_bool).unwrap_or(wanted.organization);
        let back = if wanted.expired { Span::from_days(400) } else { Span::ZERO };
        let issued_at = self.world.now() - back;
        let mut batch = self.world.journal.batch();
        let grant = self.add_grant(&mut batch, member, scope, issued_at)?;
        let (access_token, expires_at) = self.new_token(Kind::Access, &mut batch, &grant, issued_at)?;
        let mut refresh = None;
        if has_refresh {
            refresh = Some(self.new_token(Kind::Refresh, &mut batch, &grant, issued_at)?);
        }
        batch.commit()?;
        Ok(CreatedCredentials {
            access_token,
            expires_at: Some(expires_at.to_iso_millis()),
            refresh_expires_at: refresh.as_ref().map(|(_, end)| end.to_iso_millis()),
            refresh_token: refresh.map(|(token, _)| token),
            scopes: scope.split_whitespace().map(str::to_owned).collect(),
            app_password: None,
            service_url: None,
        })
    }

    /// Withdraws the app from the owner of the token in `call`.
    pub(super) fn revoke_grant_of(&self, call: &Call<'_>) -> Result<(), SandboxError> {
        let by_bearer = bearer(call.headers).and_then(|token| self.access.get(token));
        let token = by_bearer.or_else(|| {
            let mut fields = url::form_urlencoded::parse(call.body);
            self.refresh.get(&fields.find(|(name, _)| name == "refresh_token")?.1)
        });
        if let Some(token) = token {
            self.grants.update(&token.grant, |grant| grant.revoked = true)?;
        }
        Ok(())
    }
}

fn picture_url(id: &str, origin: &Origin) -> String {
    origin.url("media.licdn.com", &format!("/dms/image/{id}/profile-displayphoto"))
}

/// `GET /v2/userinfo`
pub(super) async fn userinfo(
    State(linkedin): State<Arc<LinkedIn>>,
    Extension(origin): Extension<Origin>,
    headers: HeaderMap,
) -> Result<Json<Value>, LiError> {
    let caller = linkedin.caller(&headers)?;
    if !caller.has("openid") {
        return Err(denied("userinfo.GET.NO_VERSION"));
    }
    let member = &caller.member;
    let (given, family) = member.name.split_once(' ').unwrap_or((&member.name, ""));
    let mut info = json!({
        "sub": member.id,
        "name": member.name,
        "given_name": given,
        "family_name": family,
        "picture": picture_url(&member.id, &origin),
        "locale": {"country": "US", "language": "en"},
    });
    if caller.has("email") {
        info["email"] = json!(format!("{}@example.com", member.vanity));
        info["email_verified"] = json!(true);
    }
    Ok(Json(info))
}

/// `GET /v2/me`
pub(super) async fn me(
    State(linkedin): State<Arc<LinkedIn>>,
    headers: HeaderMap,
) -> Result<Json<Value>, LiError> {
    let caller = linkedin.caller(&headers)?;
    if !caller.has("r_basicprofile") {
        return Err(denied("me.GET.NO_VERSION"));
    }
    let member = &caller.member;
    let (given, family) = member.name.split_once(' ').unwrap_or((&member.name, ""));
    Ok(Json(json!({
        "id": member.id,
        "localizedFirstName": given,
        "localizedLastName": family,
        "vanityName": member.vanity,
    })))
}

#[derive(Deserialize)]
pub(super) struct AclQuery {
    q: Option<String>,
    role: Option<String>,
    #[serde(default)]
    start: usize,
    count: Option<usize>,
}

/// `GET /rest/organizationAcls`
pub(super) async fn acls(
    State(linkedin): State<Arc<LinkedIn>>,
    headers: HeaderMap,
    Query(query): Query<AclQuery>,
) -> Result<Json<Value>, LiError> {
    linkedin.rest_caller(&headers)?;
    list_acls(&linkedin, &headers, &query, "organization")
}

/// `GET /v2/organizationalEntityAcls`, the older form
pub(super) async fn old_acls(
    State(linkedin): State<Arc<LinkedIn>>,
    headers: HeaderMap,
    Query(query): Query<AclQuery>,
) -> Result<Json<Value>, LiError> {
    list_acls(&linkedin, &headers, &query, "organizationalTarget")
}

fn list_acls(
    linkedin: &LinkedIn,
    headers: &HeaderMap,
    query: &AclQuery,
    target: &str,
) -> Result<Json<Value>, LiError> {
    let caller = linkedin.caller(headers)?;
    if !caller.has("rw_organization_admin") && !caller.has("r_organization_admin") {
        return Err(denied("organizationAcls.FINDER-roleAssignee"));
    }
    if query.q.as_deref() != Some("roleAssignee") {
        return Err(plain(StatusCode::BAD_REQUEST, "ILLEGAL_ARGUMENT", "q must be roleAssignee"));
    }
    let member = &caller.member.id;
    let mut all: Vec<Value> = Vec::new();
    for (_, role) in linkedin.roles.list() {
        let is_wanted = query.role.as_ref().is_none_or(|wanted| *wanted == role.name);
        if role.member == *member && is_wanted {
            let mut element = json!({
                "role": role.name,
                "state": "APPROVED",
                "roleAssignee": format!("urn:li:person:{member}"),
            });
            element[target] = json!(format!("urn:li:organization:{}", role.organization));
            all.push(element);
        }
    }
    let count = query.count.unwrap_or(10);
    let total = all.len();
    let page: Vec<Value> = all.into_iter().skip(query.start).take(count).collect();
    Ok(Json(json!({
        "paging": {"start": query.start, "count": count, "total": total, "links": []},
        "elements": page,
    })))
}

/// `GET /rest/organizations/{id}` and `GET /v2/organizations/{id}`
pub(super) async fn organization(
    State(linkedin): State<Arc<LinkedIn>>,
    headers: HeaderMap,
    Path(id): Path<String>,
) -> Result<Json<Value>, LiError> {
    linkedin.caller(&headers)?;
    let id = id.strip_prefix("urn:li:organization:").unwrap_or(&id);
    let missing = || plain(StatusCode::NOT_FOUND, "NOT_FOUND", "Could not find entity");
    let page = linkedin.organizations.get(id).ok_or_else(missing)?;
    Ok(Json(json!({
        "id": page.id.parse::<u64>().unwrap_or(0),
        "localizedName": page.name,
        "vanityName": page.vanity,
        "logoV2": {"original": format!("urn:li:digitalmediaAsset:{}", page.id)},
    })))
}
