//! `/connect/choose/{session}`: which of the accounts that a sign-in opened shall be connected.

use std::collections::BTreeSet;

use app::connect::{Offer, Stopped};
use axum::extract::rejection::FormRejection;
use axum::extract::{Form, Path, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;
use domain::ConnectId;
use sha2::{Digest as _, Sha256};

use super::connect::{COOKIE, base_path, connected, missing};
use super::html::Html;
use super::page::page;
use super::stopped::stopped;
use super::{Pairs, first, session};
use crate::ApiState;

/// Fewer than this are seen at a glance.
const MANY: usize = 12;

/// `GET /connect/choose/{session}`; `q` narrows the list.
pub(super) async fn show(
    State(state): State<ApiState>,
    name: Path<String>,
    Query(query): Query<Pairs>,
    headers: HeaderMap,
) -> Response {
    let (Some(id), Some(secret)) = (session(&name), cookie(&headers)) else { return missing() };
    let search = first(&query, "q").unwrap_or_default();
    match app::connect::offer(&state.app, id, secret).await {
        Ok(offer) => list(&state, &View { id, secret, offer: &offer, search, ticked: &[], notice: "" }),
        Err(stop) => stopped(stop),
    }
}

/// `POST /connect/choose/{session}`: connects what is ticked, or narrows the list.
pub(super) async fn chosen(
    State(state): State<ApiState>,
    name: Path<String>,
    headers: HeaderMap,
    form: Result<Form<Pairs>, FormRejection>,
) -> Response {
    let (Some(id), Some(secret)) = (session(&name), cookie(&headers)) else { return missing() };
    let Ok(Form(form)) = form else { return missing() };
    // The cookie alone would come along from a page of somebody else on the same site.
    if first(&form, "form") != Some(form_token(secret).as_str()) {
        return missing();
    }
    let ticked: Vec<usize> =
        form.iter().filter(|(name, _)| name == "pick").filter_map(|(_, place)| place.parse().ok()).collect();
    match proceed(&state, id, secret, &form, &ticked).await {
        Ok(response) => response,
        Err(stop) => stopped(stop),
    }
}

async fn proceed(
    state: &ApiState,
    id: ConnectId,
    secret: &str,
    form: &Pairs,
    ticked: &[usize],
) -> Result<Response, Stopped> {
    let is_search = first(form, "do") != Some("connect");
    let search = first(form, "q").unwrap_or_default();
    if !is_search && let Some(done) = app::connect::choose(&state.app, id, secret, ticked).await? {
        return Ok(connected(&done));
    }
    let offer = app::connect::offer(&state.app, id, secret).await?;
    let notice = if is_search { "" } else { "Nothing is ticked; tick at least one." };
    Ok(list(state, &View { id, secret, offer: &offer, search, ticked, notice }))
}

/// What the list is drawn from.
struct View<'a> {
    id: ConnectId,
    secret: &'a str,
    offer: &'a Offer,
    search: &'a str,
    ticked: &'a [usize],
    notice: &'static str,
}

fn list(state: &ApiState, view: &View<'_>) -> Response {
    let View { offer, search, .. } = *view;
    let wanted = search.trim().to_lowercase();
    let (shown, hidden): (Vec<_>, Vec<_>) = offer
        .accounts
        .iter()
        .partition(|account| wanted.is_empty() || account.name.to_lowercase().contains(&wanted));
    let ticked: BTreeSet<usize> = view.ticked.iter().copied().collect();
    let count = offer.accounts.len();
    let mut body = Html::default()
        .raw("<p>Your sign-in to ")
        .text(offer.platform)
        .raw(" opened ")
        .text(&count.to_string())
        .raw(" accounts. Tick those that posts shall go to.</p>")
        .when(!view.notice.is_empty(), |body| {
            body.raw("<p class=\"bad\" role=\"alert\">").text(view.notice).raw("</p>")
        })
        .raw("<form method=\"post\" action=\"")
        .text(&format!("{}/connect/choose/{}", base_path(&state.settings.base_url), view.id))
        .raw("\"><input type=\"hidden\" name=\"form\" value=\"")
        .text(&form_token(view.secret))
        .raw("\">");
    // What was ticked before the list was narrowed stays ticked.
    for account in hidden.iter().filter(|account| ticked.contains(&account.place)) {
        body = body
            .raw("<input type=\"hidden\" name=\"pick\" value=\"")
            .text(&account.place.to_string())
            .raw("\">");
    }
    if count >= MANY || !wanted.is_empty() {
        body = body
            .raw("<div class=\"row\"><label class=\"field\">Search<input type=\"search\" name=\"q\" value=\"")
            .text(search)
            .raw("\"></label><button class=\"other\" name=\"do\" value=\"search\">Search</button></div>")
            .when(!wanted.is_empty(), |body| {
                body.raw("<p class=\"soft\" role=\"status\">")
                    .text(&format!("{} of {count} shown.", shown.len()))
                    .raw("</p>")
            });
    }
    if !shown.is_empty() {
        body = body.raw("<ul>");
        for account in shown {
            body = body
                .raw("<li><label><input type=\"checkbox\" name=\"pick\" value=\"")
                .text(&account.place.to_string())
                .raw("\"")
                .when(account.obstacle.is_some(), |body| body.raw(" disabled"))
                .when(ticked.contains(&account.place), |body| body.raw(" checked"))
                .raw("><span>")
                .text(&account.name)
                .raw("<small>")
                .text(&account.kind)
                .raw("</small>");
            if let Some(obstacle) = &account.obstacle {
                body = body.raw("<small class=\"bad\">").text(obstacle).raw("</small>");
            }
            body = body.raw("</span></label></li>");
        }
        body = body.raw("</ul>");
    }
    body = body.raw("<button name=\"do\" value=\"connect\">Connect</button></form>");
    page(StatusCode::OK, &format!("Choose what to connect on {}", offer.platform), body)
}

/// What a form carries to show that it is from this page.
fn form_token(secret: &str) -> String {
    use std::fmt::Write as _;
    let mut token = String::with_capacity(64);
    for byte in Sha256::digest(format!("form/{secret}")) {
        let _ = write!(token, "{byte:02x}");
    }
    token
}

fn cookie(headers: &HeaderMap) -> Option<&str> {
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    cookies
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(name, _)| *name == COOKIE)
        .map(|(_, value)| value)
}
