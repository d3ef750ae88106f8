//! People and Pages as objects, and who may act for a Page.

use domain::Timestamp;
use serde_json::{Value, json};

use super::state::Facebook;
use super::{IMAGE_HOST, PAGE_HOST};
use crate::core::figures::followers;
use crate::core::origin::Origin;
use crate::meta::asked::Asked;
use crate::meta::error::GraphError;
use crate::meta::fields::{parse, project};
use crate::meta::logins::Page;
use crate::meta::page_cursor::page as page_of_list;
use crate::meta::request::GraphRequest;
use crate::meta::tokens::Caller;

/// The address of a picture.
pub(super) fn picture(id: &str, origin: &Origin) -> String {
    origin.url(IMAGE_HOST, &format!("/v/{id}/avatar.png"))
}

impl Facebook {
    /// The caller, if it is the Page `id` and was given `scope` for it.
    pub(super) fn reading(
        &self,
        request: &GraphRequest,
        id: &str,
        scope: &str,
    ) -> Result<(Caller, Page), GraphError> {
        let caller = self.logins.caller(request)?;
        let missing = || GraphError::unsupported(request.method.as_str(), id);
        let wanted = self.logins.page_named(id).ok_or_else(missing)?;
        let Some(page) = caller.page.clone() else {
            let message = "(#210) A page access token is required to request this resource.";
            return Err(GraphError::new(210, message));
        };
        if page.id != wanted.id {
            return Err(missing());
        }
        caller.need(scope)?;
        Ok((caller, page))
    }

    /// The same, if the person behind the token may make content there.
    pub(super) fn publishing(
        &self,
        request: &GraphRequest,
        id: &str,
        scope: &str,
    ) -> Result<Page, GraphError> {
        let (caller, page) = self.reading(request, id, scope)?;
        let tasks = self.logins.tasks(&caller.user.id, &page.id);
        if !tasks.iter().any(|task| task == "CREATE_CONTENT" || task == "MANAGE") {
            let message = "(#200) The user does not have the CREATE_CONTENT task on this Page";
            return Err(GraphError { status: http::StatusCode::FORBIDDEN, ..GraphError::new(200, message) });
        }
        Ok(page)
    }
}

/// Every field of a Page that is known here.
pub(super) fn object(
    page: &Page,
    origin: &Origin,
    access_token: Option<&str>,
    tasks: &[String],
    now: Timestamp,
) -> Value {
    let followers = followers(&page.id, now);
    let linked = page.instagram.as_ref().map(|linked| {
        json!({
            "id": linked.id,
            "username": linked.username,
            "name": linked.username,
            "profile_picture_url": picture(&linked.id, origin),
        })
    });
    json!({
        "id": page.id,
        "name": page.name,
        "username": page.username,
        "link": origin.url(PAGE_HOST, &format!("/{}", page.id)),
        "picture": {"data": {
            "height": 50, "width": 50, "is_silhouette": false, "url": picture(&page.id, origin),
        }},
        "category": "Local business",
        "category_list": [{"id": "2500", "name": "Local business"}],
        "about": null,
        "fan_count": followers,
        "followers_count": followers,
        "video_upload_limits": {"length": 14_400, "size": 10_737_418_240_u64},
        "instagram_business_account": linked,
        "connected_instagram_account": linked,
        "access_token": access_token,
        "tasks": tasks,
    })
}

/// `GET /me`: the Page when the token is a Page's.
pub(super) fn me(facebook: &Facebook, asked: &Asked) -> Result<Value, GraphError> {
    let caller = facebook.logins.caller(&asked.request)?;
    if let Some(page) = &caller.page {
        return show(asked, &object(page, &asked.origin, None, &[], facebook.world.now()), "id,name", "Page");
    }
    let user = json!({
        "id": caller.user.id,
        "name": caller.user.name,
        "picture": {"data": {"url": picture(&caller.user.id, &asked.origin)}},
        "email": null,
    });
    show(asked, &user, "id,name", "User")
}

/// `GET /{page}`
pub(super) fn get(facebook: &Facebook, asked: &Asked, page: &Page) -> Result<Value, GraphError> {
    let caller = facebook.logins.caller(&asked.request)?;
    let tasks = facebook.logins.tasks(&caller.user.id, &page.id);
    if tasks.is_empty() {
        return Err(GraphError::unsupported("get", &page.id));
    }
    let wants_token = asked.request.get("fields").is_some_and(|fields| fields.contains("access_token"));
    let token = if wants_token && caller.grant.covers("pages_show_list", &page.id) {
        Some(page_token(facebook, &caller, page)?)
    } else {
        None
    };
    show(
        asked,
        &object(page, &asked.origin, token.as_deref(), &tasks, facebook.world.now()),
        "id,name",
        "Page",
    )
}

/// The asked-for fields of an object.
pub(super) fn show(asked: &Asked, object: &Value, usual: &str, node: &str) -> Result<Value, GraphError> {
    project(object, &parse(asked.request.text("fields").unwrap_or(usual)), node)
}

/// A Page's token has no end when the person's is a long-lived one.
fn page_token(facebook: &Facebook, caller: &Caller, page: &Page) -> Result<String, GraphError> {
    let lives = caller.token.expires_at.map(|end| end.since(caller.token.issued_at));
    let is_long = lives.is_none_or(|span| span > crate::meta::tokens::SHORT_LIFE);
    let expires_at = if is_long { None } else { caller.token.expires_at };
    Ok(facebook.logins.issue(&caller.user.id, Some(&page.id), expires_at)?)
}

/// `GET /me/accounts`
pub(super) fn accounts(facebook: &Facebook, asked: &Asked) -> Result<Value, GraphError> {
    let request = &asked.request;
    let caller = facebook.logins.caller(request)?;
    if caller.page.is_some() {
        return Err(GraphError::invalid("Tried accessing nonexisting field (accounts) on node type (Page)"));
    }
    let usual = "access_token,category,category_list,name,id,tasks";
    let fields = parse(request.text("fields").unwrap_or(usual));
    let wants_token = fields.iter().any(|field| field.name == "access_token");
    let mut all = Vec::new();
    for (page, tasks) in facebook.logins.pages_of(&caller.user.id) {
        if !caller.grant.covers("pages_show_list", &page.id) {
            continue;
        }
        let token = if wants_token { Some(page_token(facebook, &caller, &page)?) } else { None };
        let shown = project(
            &object(&page, &asked.origin, token.as_deref(), &tasks, facebook.world.now()),
            &fields,
            "Page",
        )?;
        all.push((page.id, shown));
    }
    Ok(page_of_list(request, &asked.origin, all, 25))
}
