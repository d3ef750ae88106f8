//! An emulated OpenID Connect provider, for signing in to Fanfare itself: discovery, keys, the page on which
//! somebody says who they are, tokens. Written from OpenID Connect Core 1.0, Discovery 1.0 and RFC 7636;
//! must not know who calls it.

mod token;

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex};

use axum::body::Body;
use axum::extract::State;
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Extension, Json, Router};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use domain::{Span, Timestamp};
use http::{HeaderMap, Request, StatusCode, Uri, header};
use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};
use url::Url;
use url::form_urlencoded;

use crate::core::accounts::{CreateAccount, CreatedAccount};
use crate::core::consent::{Person, lead_back, page};
use crate::core::emulator::{Call, Emulator, Refusal};
use crate::core::error::SandboxError;
use crate::core::form::Form;
use crate::core::lock;
use crate::core::origin::Origin;
use crate::core::page::{document, escape};
use crate::core::world::World;

use token::{Flaw, Signer};

const PLATFORM: &str = "openid";
const HOST: &str = "login.example.com";
const CLIENT_ID: &str = "sandbox-openid-client";
const CLIENT_SECRET: &str = "sandbox-openid-secret";
const CODE_LIFE: Span = Span::from_minutes(1);

/// The provider behind the sandbox's port.
pub(crate) struct OpenIdEmulator(Arc<OpenId>);

struct OpenId {
    world: Arc<World>,
    signer: Mutex<Signer>,
    /// Names by address.
    people: Mutex<BTreeMap<String, String>>,
    codes: Mutex<HashMap<String, Code>>,
}

/// What a code was given for.
struct Code {
    email: String,
    redirect_uri: String,
    challenge: String,
    nonce: Option<String>,
    flaw: Option<Flaw>,
    expires_at: Timestamp,
}

impl OpenIdEmulator {
    pub(crate) fn open(world: &Arc<World>) -> Result<Self, SandboxError> {
        let people = ["ana@example.org Ana", "bo@example.org Bo", "kim@elsewhere.example Kim"];
        let people = people.iter().filter_map(|person| person.split_once(' '));
        let people = people.map(|(email, name)| (email.to_owned(), name.to_owned())).collect();
        Ok(Self(Arc::new(OpenId {
            world: Arc::clone(world),
            signer: Mutex::new(Signer::new()?),
            people: Mutex::new(people),
            codes: Mutex::default(),
        })))
    }
}

/// A status with an error of OAuth and its description.
type Refused = (StatusCode, &'static str, &'static str);

fn refusal(status: StatusCode, error: &str, why: &str) -> Response {
    (status, Json(json!({ "error": error, "error_description": why }))).into_response()
}

fn issuer(origin: &Origin) -> String {
    origin.url(HOST, "")
}

async fn discover(Extension(origin): Extension<Origin>) -> Response {
    let at = |path: &str| origin.url(HOST, path);
    Json(json!({
        "issuer": issuer(&origin),
        "authorization_endpoint": at("/authorize"),
        "token_endpoint": at("/token"),
        "jwks_uri": at("/keys"),
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["ES256"],
        "scopes_supported": ["openid", "email", "profile"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
        "code_challenge_methods_supported": ["S256"],
        "authorization_response_iss_parameter_supported": true,
    }))
    .into_response()
}

async fn keys(State(openid): State<Arc<OpenId>>) -> Response {
    Json(lock(&openid.signer).published()).into_response()
}

/// The page. Not of OpenID Connect: `sandbox_user` (an address, or empty for the first person) says at once
/// who somebody is, `sandbox_deny` says no, and `sandbox_flaw` makes the token a bad one.
async fn authorize(
    State(openid): State<Arc<OpenId>>,
    Extension(origin): Extension<Origin>,
    uri: Uri,
) -> Response {
    let query = uri.query().unwrap_or_default();
    let asked: HashMap<String, String> = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    openid.decide(&asked, query, &origin).unwrap_or_else(|why| {
        let body = format!("<main class=\"one\"><p class=\"none\">{}</p></main>", escape(why));
        (StatusCode::BAD_REQUEST, Html(document("Sign in", &body))).into_response()
    })
}

async fn give(
    State(openid): State<Arc<OpenId>>,
    Extension(origin): Extension<Origin>,
    request: Request<Body>,
) -> Response {
    let headers = request.headers().clone();
    let given = match &Form::read(request).await {
        Ok(form) => openid.exchange(&headers, form, &origin),
        Err(_) => Err((StatusCode::BAD_REQUEST, "invalid_request", "The body cannot be read.")),
    };
    match given {
        Ok(tokens) => ([(header::CACHE_CONTROL, "no-store")], Json(tokens)).into_response(),
        Err((status, error, why)) => refusal(status, error, why),
    }
}

impl OpenId {
    fn decide(
        &self,
        asked: &HashMap<String, String>,
        query: &str,
        origin: &Origin,
    ) -> Result<Response, &'static str> {
        let get = |name: &str| asked.get(name).map(String::as_str).filter(|value| !value.is_empty());
        if get("client_id") != Some(CLIENT_ID) {
            return Err("There is no such client.");
        }
        let redirect_uri = get("redirect_uri").unwrap_or_default();
        let target = Url::parse(redirect_uri).ok().filter(|url| url.fragment().is_none());
        let target = target.ok_or("redirect_uri is not an address of the client.")?;
        // From here on the client is told.
        let state = get("state").unwrap_or_default();
        let from = issuer(origin);
        let back =
            |error: &str| lead_back(target.clone(), &[("error", error), ("state", state), ("iss", &from)]);
        if get("response_type") != Some("code") {
            return Ok(back("unsupported_response_type"));
        }
        if !get("scope").unwrap_or_default().split(' ').any(|scope| scope == "openid") {
            return Ok(back("invalid_scope"));
        }
        let challenge = get("code_challenge").filter(|challenge| challenge.len() == 43);
        let (Some(challenge), Some("S256")) = (challenge, get("code_challenge_method")) else {
            return Ok(back("invalid_request"));
        };
        if asked.contains_key("sandbox_deny") {
            return Ok(back("access_denied"));
        }
        let people = lock(&self.people);
        if !asked.contains_key("sandbox_user") {
            let shown =
                |(email, name): (&String, &String)| Person { handle: email.clone(), name: name.clone() };
            let people: Vec<Person> = people.iter().map(shown).collect();
            return Ok(
                Html(page("Example login", &["openid", "email", "profile"], &people, query)).into_response()
            );
        }
        let email = get("sandbox_user").or_else(|| people.keys().next().map(String::as_str));
        let email = email.filter(|email| people.contains_key(*email));
        let email = email.ok_or("There is no such person.")?.to_owned();
        let flaw = match get("sandbox_flaw") {
            Some(name) => Some(Flaw::parse(name).ok_or("There is no such flaw.")?),
            None => None,
        };
        let code = self.world.entropy.token(43);
        let given = Code {
            email,
            redirect_uri: redirect_uri.to_owned(),
            challenge: challenge.to_owned(),
            nonce: get("nonce").map(ToOwned::to_owned),
            flaw,
            expires_at: self.world.now() + CODE_LIFE,
        };
        lock(&self.codes).insert(code.clone(), given);
        Ok(lead_back(target, &[("code", &code), ("state", state), ("iss", &from)]))
    }

    fn exchange(&self, headers: &HeaderMap, form: &Form, origin: &Origin) -> Result<Value, Refused> {
        let get = |name: &str| form.fields.get(name).and_then(Value::as_str).unwrap_or_default();
        let bad = |error: &'static str, why: &'static str| (StatusCode::BAD_REQUEST, error, why);
        if !is_client(headers, get("client_id"), get("client_secret")) {
            return Err((StatusCode::UNAUTHORIZED, "invalid_client", "Wrong client or secret."));
        }
        if get("grant_type") != "authorization_code" {
            return Err(bad("unsupported_grant_type", "Only authorization_code is supported."));
        }
        // A code is good for one try, whatever comes of it.
        let code = lock(&self.codes).remove(get("code"));
        let code = code.ok_or_else(|| bad("invalid_grant", "The code was used, or never given."))?;
        if code.expires_at <= self.world.now() {
            return Err(bad("invalid_grant", "The code is over."));
        }
        if code.redirect_uri != get("redirect_uri") {
            return Err(bad("invalid_grant", "redirect_uri is another one."));
        }
        let verifier = URL_SAFE_NO_PAD.encode(Sha256::digest(get("code_verifier").as_bytes()));
        if verifier != code.challenge {
            return Err(bad("invalid_grant", "code_verifier does not fit."));
        }
        let name = lock(&self.people).get(&code.email).cloned().unwrap_or_default();
        let subject = URL_SAFE_NO_PAD.encode(Sha256::digest(code.email.as_bytes()));
        let now = self.world.now().as_seconds();
        let mut claims = json!({
            "iss": issuer(origin), "sub": subject, "aud": CLIENT_ID, "iat": now, "exp": now + 300,
            "email": code.email, "email_verified": true, "name": name, "groups": ["staff"],
        });
        if let Some(nonce) = &code.nonce {
            claims["nonce"] = json!(nonce);
        }
        let signed = lock(&self.signer).sign(claims, code.flaw).map_err(|_| {
            (StatusCode::INTERNAL_SERVER_ERROR, "server_error", "The sandbox cannot make or use a key.")
        })?;
        Ok(json!({
            "access_token": self.world.entropy.token(43), "token_type": "Bearer", "expires_in": 300,
            "id_token": signed,
        }))
    }
}

fn is_client(headers: &HeaderMap, id: &str, secret: &str) -> bool {
    let basic = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let basic =
        basic.and_then(|value| value.strip_prefix("Basic ")).and_then(|value| STANDARD.decode(value).ok());
    match basic {
        Some(pair) => pair == format!("{CLIENT_ID}:{CLIENT_SECRET}").into_bytes(),
        None => id == CLIENT_ID && secret == CLIENT_SECRET,
    }
}

impl Emulator for OpenIdEmulator {
    fn platform(&self) -> &'static str {
        PLATFORM
    }

    fn hosts(&self) -> &'static [&'static str] {
        &[HOST]
    }

    fn router(&self) -> Router {
        Router::new()
            .route("/.well-known/openid-configuration", get(discover))
            .route("/keys", get(keys))
            .route("/authorize", get(authorize))
            .route("/token", post(give))
            .with_state(Arc::clone(&self.0))
    }

    fn operation(&self, call: &Call<'_>) -> &'static str {
        match call.path {
            "/.well-known/openid-configuration" => "discover",
            "/keys" => "list_keys",
            "/authorize" => "authorize",
            "/token" => "token",
            _ => "other",
        }
    }

    /// Nothing of it is a platform's: faults hit what they name.
    fn exempt_operations(&self) -> &'static [&'static str] {
        &["discover", "list_keys", "authorize", "token", "other"]
    }

    fn refuse(&self, _: &Call<'_>, wanted: Refusal) -> Response {
        match wanted {
            Refusal::Error(status) => refusal(status, "server_error", "The sandbox was told to fail."),
            Refusal::RateLimited { retry_after_s, .. } => {
                let mut response = refusal(StatusCode::TOO_MANY_REQUESTS, "slow_down", "Too many requests.");
                response.headers_mut().insert(header::RETRY_AFTER, retry_after_s.into());
                response
            }
        }
    }

    /// Its tokens are read once, when somebody signs in.
    fn revoke_token(&self, _: &Call<'_>) -> Result<(), SandboxError> {
        Ok(())
    }

    /// An account is somebody with an address: the name, at `example.org` where it has no other host.
    fn create_account(&self, wanted: &CreateAccount, _: &Origin) -> Result<CreatedAccount, SandboxError> {
        let name = wanted.username.clone().unwrap_or_else(|| "sandbox".to_owned());
        let email = if name.contains('@') { name } else { format!("{name}@example.org") };
        let shown = wanted.display_name.clone().unwrap_or_else(|| email.clone());
        lock(&self.0.people).insert(email.clone(), shown.clone());
        Ok(CreatedAccount {
            platform: PLATFORM.to_owned(),
            platform_user_id: URL_SAFE_NO_PAD.encode(Sha256::digest(email.as_bytes())),
            display_name: shown,
            username: email,
            avatar_url: String::new(),
            client_id: CLIENT_ID.to_owned(),
            client_secret: CLIENT_SECRET.to_owned(),
            credentials: None,
            extra: Map::new(),
        })
    }

    /// Nothing is published here.
    fn forget_posts(&self) -> Result<(), SandboxError> {
        Ok(())
    }
}
