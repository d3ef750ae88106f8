//! Single sign-on: the way to the other system, and the way back from it.

use std::collections::HashMap;

use app::AppError;
use app::people::provider::{self, Arrival, Arrived, Departure, Stopped};
use app::people::sessions;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::header;
use axum::http::request::Parts;
use axum::response::{IntoResponse as _, Redirect, Response};
use serde::Serialize;

use super::cookie;
use super::guard::{Asker, Session};
use crate::ApiState;
use crate::address::{Address, Errand};
use crate::body::JsonBody;
use crate::envelope::Reply;
use crate::error::ApiError;
use crate::fields::Fields;

/// Where somebody goes who says nothing else.
const USUAL: &str = "/posts";

/// Where somebody goes who came to link a login.
const SETTINGS: &str = "/settings?tab=you&link=";

/// Where the browser goes.
#[derive(Serialize)]
struct Goes {
    url: String,
}

/// `POST /session/provider`
pub(super) async fn depart(
    State(state): State<ApiState>,
    _: Asker,
    JsonBody(body): JsonBody,
) -> Result<Response, ApiError> {
    let then = Fields::of(&body)?.text("then")?;
    let provider = state.provider.as_ref().ok_or(AppError::NotFound("Single sign-on"))?;
    let departure = provider::depart(&state.app, provider, &state.settings.base_url, then).await?;
    leave(&state, departure)
}

/// `POST /session/provider/link`
pub(super) async fn depart_to_link(
    State(state): State<ApiState>,
    session: Session,
) -> Result<Response, ApiError> {
    let provider = state.provider.as_ref().ok_or(AppError::NotFound("Single sign-on"))?;
    let (base_url, person) = (&state.settings.base_url, &session.signed_in);
    leave(&state, provider::depart_to_link(&state.app, provider, base_url, person).await?)
}

fn leave(state: &ApiState, departure: Departure) -> Result<Response, ApiError> {
    let mut response = Reply::ok(&Goes { url: departure.url })?.into_response();
    response.headers_mut().insert(header::SET_COOKIE, cookie::set_visit(state, &departure.token));
    Ok(response)
}

/// `GET /session/provider/callback`. A person looks at this, so the dashboard says what went wrong.
pub(super) async fn arrive(
    State(state): State<ApiState>,
    query: Result<Query<HashMap<String, String>>, QueryRejection>,
    parts: Parts,
) -> Response {
    let mut response = match arrived(&state, query, &parts).await {
        Ok(Arrived::SignedIn { session, then }) => {
            let then = if then.is_empty() { USUAL } else { &then };
            let mut response = Redirect::to(then).into_response();
            response.headers_mut().append(header::SET_COOKIE, cookie::set(&state, &session));
            response
        }
        Ok(Arrived::Linked(Ok(()))) => Redirect::to(&format!("{SETTINGS}done")).into_response(),
        Ok(Arrived::Linked(Err(stopped))) => stopped_at(SETTINGS, &stopped),
        Err(stopped) => stopped_at("/sign-in?problem=", &stopped),
    };
    response.headers_mut().append(header::SET_COOKIE, cookie::clear_visit(&state));
    response
}

fn stopped_at(page: &str, stopped: &Stopped) -> Response {
    if let Stopped::Failed(error) = stopped {
        tracing::error!(error = error as &dyn std::error::Error, "single sign-on failed");
    }
    Redirect::to(&format!("{page}{}", stopped.as_str())).into_response()
}

async fn arrived(
    state: &ApiState,
    query: Result<Query<HashMap<String, String>>, QueryRejection>,
    parts: &Parts,
) -> Result<Arrived, Stopped> {
    let provider = state.provider.as_ref().ok_or(Stopped::Unavailable)?;
    let address = Address::of(parts);
    address.take(state, Errand::SignIn).map_err(|_| Stopped::Unavailable)?;
    let mut query = query.map(|Query(query)| query).unwrap_or_default();
    let arrival = Arrival {
        token: cookie::read_visit(&parts.headers).map(ToOwned::to_owned),
        state: query.remove("state"),
        code: query.remove("code"),
        error: query.remove("error"),
        issuer: query.remove("iss"),
    };
    let (visit, token) = (address.visit(&parts.headers), cookie::read(&parts.headers));
    let signed_in = match token {
        Some(token) => sessions::find(&state.app, token).await?,
        None => None,
    };
    let base_url = &state.settings.base_url;
    provider::arrive(&state.app, provider, base_url, &arrival, signed_in.as_ref(), &visit, token).await
}
