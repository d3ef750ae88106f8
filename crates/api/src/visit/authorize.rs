//! `/oauth/authorize`: a person with a key of the organization allows a program something, or not.
//!
//! As with devices, the key proves the person: no foreign page can send this form without it.

use app::AppError;
use app::oauth::{Consent, ConsentParams, Refusal, allow, check_consent, denied};
use axum::extract::rejection::FormRejection;
use axum::extract::{Form, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use domain::api_key::Scope;

use super::connect::base_path;
use super::html::Html;
use super::page::{on_to, page, page_that_leads_to};
use super::{Pairs, first};
use crate::ApiState;
use crate::address::{Address, Errand};
use crate::error::ApiError;

/// The parameters of a request, which the form carries on.
const CARRIED: [&str; 8] = [
    "response_type",
    "client_id",
    "redirect_uri",
    "scope",
    "state",
    "code_challenge",
    "code_challenge_method",
    "resource",
];

/// `GET /oauth/authorize`
pub(super) async fn show(
    State(state): State<ApiState>,
    address: Address,
    Query(query): Query<Pairs>,
) -> Response {
    match check(&state, &address, &query).await {
        Ok(consent) => form(&state, StatusCode::OK, &query, &consent, None),
        Err(response) => response,
    }
}

/// `POST /oauth/authorize`
pub(super) async fn decide(
    State(state): State<ApiState>,
    address: Address,
    body: Result<Form<Pairs>, FormRejection>,
) -> Response {
    let Ok(Form(body)) = body else {
        return problem(StatusCode::BAD_REQUEST, "The form could not be read.");
    };
    let consent = match check(&state, &address, &body).await {
        Ok(consent) => consent,
        Err(response) => return response,
    };
    let issuer = &state.settings.base_url;
    if first(&body, "do") != Some("approve") {
        return on_to(&denied(&consent, issuer));
    }
    let allowed: Vec<Scope> = body
        .iter()
        .filter(|(name, _)| name == "allow")
        .filter_map(|(_, value)| Scope::parse(value))
        .collect();
    if allowed.is_empty() {
        return form(&state, StatusCode::BAD_REQUEST, &body, &consent, Some("Allow something, or deny it."));
    }
    let key = first(&body, "key").unwrap_or_default().trim();
    let settled = match app::auth::authenticate_key(&state.app, key).await {
        Ok(caller) => allow(&state.app, &caller, &consent, &allowed, issuer).await,
        Err(error) => Err(error),
    };
    match settled {
        Ok(next) => on_to(&next),
        Err(error) => {
            let message = match &error {
                AppError::InsufficientScope(_) => Some("This key has none of the rights that you allowed."),
                _ => None,
            };
            let error = ApiError::from(error);
            error.log("-");
            let message = message.unwrap_or(&error.message);
            form(&state, error.status, &body, &consent, Some(message))
        }
    }
}

/// The request, or the page that says what is wrong with it. Nobody is sent on because of a wrong one.
async fn check(state: &ApiState, address: &Address, sent: &Pairs) -> Result<Consent, Response> {
    if let Err(error) = address.take(state, Errand::Consent) {
        return Err(problem(error.status, &error.message));
    }
    let twice = CARRIED.iter().any(|name| sent.iter().filter(|(found, _)| found == name).count() > 1);
    if twice {
        return Err(problem(StatusCode::BAD_REQUEST, "A parameter was sent twice."));
    }
    let field = |name: &str| first(sent, name).unwrap_or_default().to_owned();
    let given = |name: &str| first(sent, name).filter(|value| !value.is_empty()).map(ToOwned::to_owned);
    let asked = ConsentParams {
        response_type: field("response_type"),
        client_id: field("client_id"),
        redirect_uri: field("redirect_uri"),
        scope: field("scope"),
        state: given("state"),
        code_challenge: field("code_challenge"),
        code_challenge_method: field("code_challenge_method"),
        resource: given("resource"),
    };
    check_consent(&state.app, &asked, &state.settings.base_url).await.map_err(|refusal| match refusal {
        Refusal::Refused { description, .. } => problem(StatusCode::BAD_REQUEST, &description),
        Refusal::Fault(error) => {
            let error = ApiError::from(error);
            error.log("-");
            problem(error.status, &error.message)
        }
    })
}

fn problem(status: StatusCode, message: &str) -> Response {
    let body = Html::default().raw("<p class=\"bad\" role=\"alert\">").text(message).raw("</p>");
    page(status, "This does not work", body)
}

fn form(
    state: &ApiState,
    status: StatusCode,
    sent: &Pairs,
    consent: &Consent,
    problem: Option<&str>,
) -> Response {
    let mut body = Html::default();
    if let Some(problem) = problem {
        body = body.raw("<p class=\"bad\" role=\"alert\">").text(problem).raw("</p>");
    }
    body = body
        .raw("<p><strong>")
        .text(&consent.client.name)
        .raw("</strong> asks for access to your accounts. You are sent back to <strong>")
        .text(&destination(consent))
        .raw("</strong>. Approve it only if you began this yourself.</p><form method=\"post\" action=\"")
        .text(&format!("{}/oauth/authorize", base_path(&state.settings.base_url)))
        .raw("\" autocomplete=\"off\">");
    for name in CARRIED {
        if let Some(value) = first(sent, name) {
            body = body
                .raw("<input type=\"hidden\" name=\"")
                .text(name)
                .raw("\" value=\"")
                .text(value)
                .raw("\">");
        }
    }
    body = body.raw("<ul>");
    for scope in &consent.scopes {
        let (title, what) = words(*scope);
        body = body
            .raw("<li><label><input type=\"checkbox\" name=\"allow\" checked value=\"")
            .text(scope.as_str())
            .raw("\"><span>")
            .text(title)
            .raw("<small>")
            .text(what)
            .raw("</small></span></label></li>");
    }
    body = body.raw("</ul><label class=\"field\">API key<small>One of your organization. The program never sees it, gets no right that the key lacks, and is out when the key is revoked.</small><input name=\"key\" type=\"password\" maxlength=\"100\" autocomplete=\"off\" spellcheck=\"false\"></label><div class=\"row\"><button name=\"do\" value=\"approve\">Approve</button><button class=\"other\" name=\"do\" value=\"deny\">Deny</button></div></form>");
    page_that_leads_to(status, "Let a program in", body, &source(consent))
}

fn words(scope: Scope) -> (&'static str, &'static str) {
    match scope {
        Scope::Read => ("Look", "See accounts, posts, results, media and webhooks."),
        Scope::Write => {
            ("Publish and change", "Publish, change and delete posts, media, webhooks and accounts.")
        }
        Scope::Ai => ("Use AI", "Have captions written and pictures made, with your credits."),
        Scope::Approve => ("Approve", "Approve posts that wait for it, and publish without being asked."),
    }
}

/// Where a person is sent back to, as they can judge it.
fn destination(consent: &Consent) -> String {
    match consent.redirect_uri.host_str() {
        Some(host) if matches!(consent.redirect_uri.scheme(), "http" | "https") => host.to_owned(),
        _ => format!("the program behind {}:", consent.redirect_uri.scheme()),
    }
}

/// The same as a source of a content security policy: browsers check where a form ends up.
fn source(consent: &Consent) -> String {
    match consent.redirect_uri.scheme() {
        "http" | "https" => consent.redirect_uri.origin().ascii_serialization(),
        scheme => format!("{scheme}:"),
    }
}
