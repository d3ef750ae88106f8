//! What programs call: introducing themselves, getting tokens, giving them back.

use app::oauth::{Exchange, Issued, NewProgram, Refusal, Renewal};
use axum::Json;
use axum::body::Bytes;
use axum::extract::rejection::FormRejection;
use axum::extract::{Form, State};
use axum::http::{StatusCode, header};
use axum::response::Response;
use domain::api_key::Scope;
use serde_json::{Value, json};

use crate::ApiState;
use crate::address::{Address, Errand};
use crate::envelope::bare;
use crate::error::ApiError;

type Pairs = Vec<(String, String)>;
type SentForm = Result<Form<Pairs>, FormRejection>;

/// The fields of a form. One that comes twice is no field: it could mean either.
struct Sent(Pairs);

impl Sent {
    fn read(form: SentForm) -> Result<Self, Response> {
        let Ok(Form(pairs)) = form else {
            return Err(told(StatusCode::BAD_REQUEST, "invalid_request", "The body must be a form."));
        };
        for (at, (name, _)) in pairs.iter().enumerate() {
            if pairs[..at].iter().any(|(earlier, _)| earlier == name) {
                let message = "A parameter was sent twice.";
                return Err(told(StatusCode::BAD_REQUEST, "invalid_request", message));
            }
        }
        Ok(Self(pairs))
    }

    fn find(&self, name: &str) -> Option<String> {
        self.0.iter().find(|(found, _)| found == name).map(|(_, value)| value.clone())
    }

    fn get(&self, name: &str) -> String {
        self.find(name).unwrap_or_default()
    }
}

/// `POST /oauth/register`
pub(super) async fn register(State(state): State<ApiState>, address: Address, body: Bytes) -> Response {
    if let Err(error) = address.take(&state, Errand::Register) {
        return held_back(&error);
    }
    let new = match program(&body) {
        Ok(new) => new,
        Err(message) => return told(StatusCode::BAD_REQUEST, "invalid_client_metadata", message),
    };
    match app::oauth::register(&state.app, new).await {
        Ok(client) => {
            let document = json!({
                "client_id": client.id,
                "client_id_issued_at": client.created_at.as_seconds(),
                "client_name": client.name,
                "redirect_uris": client.redirect_uris,
                "grant_types": ["authorization_code", "refresh_token"],
                "response_types": ["code"],
                "token_endpoint_auth_method": "none",
                "scope": names(&Scope::USUAL),
            });
            private(StatusCode::CREATED, document)
        }
        Err(refusal) => refuse(refusal),
    }
}

fn program(body: &[u8]) -> Result<NewProgram, &'static str> {
    let Ok(Value::Object(sent)) = serde_json::from_slice(body) else {
        return Err("The body must be a JSON object.");
    };
    let name = match sent.get("client_name") {
        None | Some(Value::Null) => None,
        Some(Value::String(name)) => Some(name.clone()),
        Some(_) => return Err("client_name must be a text."),
    };
    let uris = sent.get("redirect_uris").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let redirect_uris: Option<Vec<String>> =
        uris.iter().map(|uri| uri.as_str().map(ToOwned::to_owned)).collect();
    Ok(NewProgram { name, redirect_uris: redirect_uris.ok_or("redirect_uris must be a list of texts.")? })
}

/// `POST /oauth/token`
pub(super) async fn token(State(state): State<ApiState>, address: Address, form: SentForm) -> Response {
    if let Err(error) = address.take(&state, Errand::Token) {
        return held_back(&error);
    }
    let sent = match Sent::read(form) {
        Ok(sent) => sent,
        Err(response) => return response,
    };
    let (app, base_url) = (&state.app, &state.settings.base_url);
    let issued = match sent.get("grant_type").as_str() {
        "authorization_code" => {
            let asked = Exchange {
                client_id: sent.get("client_id"),
                code: sent.get("code"),
                redirect_uri: sent.get("redirect_uri"),
                code_verifier: sent.get("code_verifier"),
                resource: sent.find("resource"),
            };
            app::oauth::exchange(app, &asked, base_url).await
        }
        "refresh_token" => {
            let asked = Renewal {
                client_id: sent.get("client_id"),
                refresh_token: sent.get("refresh_token"),
                scope: sent.get("scope"),
                resource: sent.find("resource"),
            };
            app::oauth::renew(app, &asked, base_url).await
        }
        _ => {
            let message = "grant_type must be authorization_code or refresh_token.";
            return told(StatusCode::BAD_REQUEST, "unsupported_grant_type", message);
        }
    };
    issued.map_or_else(refuse, |issued| private(StatusCode::OK, shown(&issued)))
}

fn shown(issued: &Issued) -> Value {
    json!({
        "access_token": issued.access_token,
        "token_type": "Bearer",
        "expires_in": issued.expires_in.as_seconds_ceil(),
        "refresh_token": issued.refresh_token,
        "scope": names(&issued.scopes),
    })
}

/// `POST /oauth/revoke`
pub(super) async fn revoke(State(state): State<ApiState>, address: Address, form: SentForm) -> Response {
    if let Err(error) = address.take(&state, Errand::Token) {
        return held_back(&error);
    }
    let sent = match Sent::read(form) {
        Ok(sent) => sent,
        Err(response) => return response,
    };
    let (client_id, token) = (sent.get("client_id"), sent.get("token"));
    if client_id.is_empty() {
        return told(StatusCode::UNAUTHORIZED, "invalid_client", "client_id is missing.");
    }
    if token.is_empty() {
        return told(StatusCode::BAD_REQUEST, "invalid_request", "token is missing.");
    }
    match app::oauth::revoke(&state.app, &client_id, &token).await {
        Ok(()) => private(StatusCode::OK, json!({})),
        Err(refusal) => refuse(refusal),
    }
}

fn names(scopes: &[Scope]) -> String {
    scopes.iter().map(|scope| scope.as_str()).collect::<Vec<_>>().join(" ")
}

fn refuse(refusal: Refusal) -> Response {
    match refusal {
        Refusal::Refused { code, description } => told(StatusCode::BAD_REQUEST, code, &description),
        Refusal::Fault(error) => {
            let error = ApiError::from(error);
            error.log("-");
            told(error.status, "server_error", &error.message)
        }
    }
}

fn held_back(error: &ApiError) -> Response {
    let mut response = told(error.status, "temporarily_unavailable", &error.message);
    if let Some(seconds) = error.retry_after {
        response.headers_mut().insert(header::RETRY_AFTER, seconds.into());
    }
    response
}

fn told(status: StatusCode, code: &str, description: &str) -> Response {
    private(status, json!({ "error": code, "error_description": description }))
}

fn private(status: StatusCode, document: Value) -> Response {
    bare((status, [(header::CACHE_CONTROL, "no-store")], Json(document)))
}
