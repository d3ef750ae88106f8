//! Single sign-on: the way to the other system, and the way back from it.

use std::collections::HashMap;

use app::AppError;
use app::people::provider::{self, Arrival, Stopped};
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::header;
use axum::http::request::Parts;
use axum::response::{IntoResponse as _, Redirect, Response};
use serde::Serialize;

use super::cookie;
use super::guard::Asker;
use crate::ApiState;
use crate::address::{Address, Errand};
use crate::body::JsonBody;
use crate::envelope::Reply;
use crate::error::ApiError;
use crate::fields::Fields;

/// Where somebody goes who says nothing else.
const USUAL: &str = "/posts";

/// Where the browser goes.
#[derive(Serialize)]
struct Departure {
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
    let mut response = Reply::ok(&Departure { url: departure.url })?.into_response();
    response.headers_mut().insert(header::SET_COOKIE, cookie::set_visit(&state, &departure.token));
    Ok(response)
}

/// `GET /session/provider/callback`. A person looks at this, so the dashboard says what went wrong.
pub(super) async fn arrive(
    State(state): State<ApiState>,
    query: Result<Query<HashMap<String, String>>, QueryRejection>,
    parts: Parts,
) -> Response {
    let mut response = match signed_in(&state, query, &parts).await {
        Ok((session, then)) => {
            let mut response = Redirect::to(&then).into_response();
            response.headers_mut().append(header::SET_COOKIE, cookie::set(&state, &session));
            response
        }
        Err(stopped) => {
            if let Stopped::Failed(error) = &stopped {
                tracing::error!(error = error as &dyn std::error::Error, "single sign-on failed");
            }
            Redirect::to(&format!("/sign-in?problem={}", stopped.as_str())).into_response()
        }
    };
    response.headers_mut().append(header::SET_COOKIE, cookie::clear_visit(&state));
    response
}

async fn signed_in(
    state: &ApiState,
    query: Result<Query<HashMap<String, String>>, QueryRejection>,
    parts: &Parts,
) -> Result<(String, String), Stopped> {
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
    let (visit, replaced) = (address.visit(&parts.headers), cookie::read(&parts.headers));
    let base_url = &state.settings.base_url;
    let arrived = provider::arrive(&state.app, provider, base_url, &arrival, &visit, replaced).await?;
    let then = if arrived.then.is_empty() { USUAL.to_owned() } else { arrived.then };
    Ok((arrived.session, then))
}
