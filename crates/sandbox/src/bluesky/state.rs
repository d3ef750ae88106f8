//! What is stored of the emulated network: accounts, sessions, records, blobs.

use std::sync::{Arc, Mutex};

use domain::{Span, Timestamp};
use http::{HeaderMap, header};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::errors::{XrpcError, bad_token, expired, no_token, revoked};
use super::token::{self, ACCESS_LASTS, Claims, REFRESH_LASTS, ServiceClaims};
use super::video::{Job, Upload};
use super::{ENTRYWAY, PAGE_HOST, PDS, PLATFORM, cid};
use crate::core::accounts::{CreateAccount, CreatedAccount, CreatedCredentials};
use crate::core::error::SandboxError;
use crate::core::journal::Table;
use crate::core::lock;
use crate::core::origin::Origin;
use crate::core::world::World;

pub(super) const ACCESS: &str = "at+jwt";
pub(super) const REFRESH: &str = "refresh+jwt";
const SERVICE: &str = "JWT";
/// The key that tokens are signed with. Everything here is make-believe, the key too.
const SIGNING_KEY: &[u8] = b"the sandbox signs with this";

/// An account.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct User {
    pub(super) did: String,
    pub(super) handle: String,
    pub(super) name: String,
    pub(super) app_password: String,
    /// Films are taken only of those who have confirmed theirs.
    #[serde(default = "yes")]
    pub(super) email_confirmed: bool,
}

const fn yes() -> bool {
    true
}

/// A session. Renewing it makes another; using its refresh token once more gives the same
/// successor for two hours.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Session {
    pub(super) did: String,
    pub(super) revoked: bool,
    pub(super) successor: Option<String>,
    pub(super) renewed_at: Option<i64>,
}

/// A record of a repository.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Record {
    pub(super) cid: String,
    pub(super) value: Value,
}

/// An uploaded file.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Blob {
    pub(super) did: String,
    pub(super) mime: String,
    pub(super) size_bytes: u64,
    pub(super) sha256: String,
}

/// The emulated network.
pub(super) struct Bluesky {
    pub(super) world: Arc<World>,
    pub(super) users: Table<User>,
    pub(super) sessions: Table<Session>,
    /// By `did/collection/rkey`.
    pub(super) records: Table<Record>,
    /// By `did/cid`.
    pub(super) blobs: Table<Blob>,
    /// Films that arrive in parts.
    pub(super) uploads: Table<Upload>,
    /// Films that are processed.
    pub(super) jobs: Table<Job>,
    /// Held while something is looked up and then changed.
    pub(super) gate: Mutex<()>,
}

impl Bluesky {
    pub(super) fn open(world: &Arc<World>) -> Result<Self, SandboxError> {
        let journal = &world.journal;
        Ok(Self {
            users: journal.table("bluesky/users")?,
            sessions: journal.table("bluesky/sessions")?,
            records: journal.table("bluesky/records")?,
            blobs: journal.table("bluesky/blobs")?,
            uploads: journal.table("bluesky/uploads")?,
            jobs: journal.table("bluesky/jobs")?,
            gate: Mutex::new(()),
            world: Arc::clone(world),
        })
    }

    /// The account with this DID or handle.
    pub(super) fn find_user(&self, actor: &str) -> Option<User> {
        let actor = actor.trim_start_matches('@');
        self.users
            .get(actor)
            .or_else(|| self.users.find(|user| user.handle.eq_ignore_ascii_case(actor)).map(|(_, user)| user))
    }

    /// Whose access token the call carries.
    pub(super) fn caller(&self, headers: &HeaderMap) -> Result<User, XrpcError> {
        let claims = self.read_token(headers, ACCESS)?;
        let session = self.sessions.get(&claims.jti).ok_or_else(bad_token)?;
        if session.revoked {
            return Err(revoked());
        }
        self.users.get(&claims.sub).ok_or_else(bad_token)
    }

    /// A token with which this account lets another service act.
    pub(super) fn service_token(&self, user: &User, aud: &str, lxm: Option<&str>, exp: i64) -> String {
        let claims = ServiceClaims {
            iss: user.did.clone(),
            aud: aud.to_owned(),
            iat: self.world.now().as_seconds(),
            exp,
            lxm: lxm.map(str::to_owned),
            jti: self.world.entropy.token(16),
        };
        token::sign(SIGNING_KEY, SERVICE, &claims)
    }

    /// What a token for another service says.
    pub(super) fn service_claims(&self, headers: &HeaderMap) -> Result<ServiceClaims, XrpcError> {
        let text = bearer(headers).ok_or_else(no_token)?;
        let claims: ServiceClaims = token::verify(SIGNING_KEY, SERVICE, text).ok_or_else(bad_token)?;
        if claims.exp <= self.world.now().as_seconds() { Err(expired()) } else { Ok(claims) }
    }

    /// What the call's token says; refused when it is missing, foreign or over.
    pub(super) fn read_token(&self, headers: &HeaderMap, kind: &str) -> Result<Claims, XrpcError> {
        let text = bearer(headers).ok_or_else(no_token)?;
        let claims: Claims = token::verify(SIGNING_KEY, kind, text).ok_or_else(bad_token)?;
        if claims.is_over(self.world.now()) { Err(expired()) } else { Ok(claims) }
    }

    /// Stores a new session and gives its id.
    pub(super) fn begin_session(&self, did: &str) -> Result<String, SandboxError> {
        let id = self.world.entropy.token(24);
        let session = Session { did: did.to_owned(), revoked: false, successor: None, renewed_at: None };
        self.sessions.put(&id, &session)?;
        Ok(id)
    }

    /// The access and refresh token of a session that began then.
    pub(super) fn tokens(did: &str, session: &str, began: Timestamp) -> (String, String) {
        let claims = |scope: &str, lasts: Span| Claims {
            scope: scope.to_owned(),
            sub: did.to_owned(),
            iat: began.as_seconds(),
            exp: (began + lasts).as_seconds(),
            jti: session.to_owned(),
        };
        (
            token::sign(SIGNING_KEY, ACCESS, &claims("com.atproto.appPass", ACCESS_LASTS)),
            token::sign(SIGNING_KEY, REFRESH, &claims("com.atproto.refresh", REFRESH_LASTS)),
        )
    }

    /// Ends the session that the call belongs to, and every other one of its account.
    pub(super) fn revoke(&self, headers: &HeaderMap) -> Result<(), SandboxError> {
        let claims: Option<Claims> = bearer(headers).and_then(|text| {
            token::verify(SIGNING_KEY, ACCESS, text).or_else(|| token::verify(SIGNING_KEY, REFRESH, text))
        });
        let Some(claims) = claims else { return Ok(()) };
        for (id, session) in self.sessions.list() {
            if session.did == claims.sub {
                self.sessions.update(&id, |session| session.revoked = true)?;
            }
        }
        // Whoever withdraws an app deletes its password too.
        let password = self.new_app_password();
        self.users.update(&claims.sub, |user| user.app_password = password)?;
        Ok(())
    }

    pub(super) fn create_account(
        &self,
        wanted: &CreateAccount,
        origin: &Origin,
    ) -> Result<CreatedAccount, SandboxError> {
        let _one_at_a_time = lock(&self.gate);
        let user = self.find_or_make_user(wanted)?;
        let credentials = if wanted.token { Some(self.log_in(&user, wanted, origin)?) } else { None };
        Ok(CreatedAccount {
            platform: PLATFORM.to_owned(),
            avatar_url: avatar_url(&user, origin),
            platform_user_id: user.did,
            username: user.handle,
            display_name: user.name,
            client_id: String::new(),
            client_secret: String::new(),
            credentials,
            extra: Map::new(),
        })
    }

    fn find_or_make_user(&self, wanted: &CreateAccount) -> Result<User, SandboxError> {
        let name = wanted.username.as_deref().map_or_else(|| self.world.entropy.token(8), ToOwned::to_owned);
        let name = name.trim_start_matches('@').to_ascii_lowercase();
        let handle = if name.contains('.') { name } else { format!("{name}.{ENTRYWAY}") };
        let is_domain = handle.split('.').all(|label| {
            !label.is_empty() && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        });
        if !is_domain {
            return Err(SandboxError::invalid("a handle on Bluesky is a domain name"));
        }
        if let Some(user) = self.find_user(&handle) {
            return Ok(user);
        }
        let mut random = [0; 15];
        self.world.entropy.fill(&mut random);
        let user = User {
            did: format!("did:plc:{}", cid::base32(&random)),
            name: wanted.display_name.clone().unwrap_or_else(|| handle.clone()),
            app_password: self.new_app_password(),
            email_confirmed: wanted.extra.get("email_confirmed").and_then(Value::as_bool) != Some(false),
            handle,
        };
        self.users.put(&user.did, &user)?;
        Ok(user)
    }

    fn new_app_password(&self) -> String {
        let mut random = [0; 10];
        self.world.entropy.fill(&mut random);
        let letters = cid::base32(&random);
        [&letters[..4], &letters[4..8], &letters[8..12], &letters[12..16]].join("-")
    }

    fn log_in(
        &self,
        user: &User,
        wanted: &CreateAccount,
        origin: &Origin,
    ) -> Result<CreatedCredentials, SandboxError> {
        let began = self.world.now() - if wanted.expired { Span::from_days(100) } else { Span::ZERO };
        let session = self.begin_session(&user.did)?;
        let (access_token, refresh_token) = Self::tokens(&user.did, &session, began);
        Ok(CreatedCredentials {
            access_token,
            refresh_token: Some(refresh_token),
            expires_at: Some((began + ACCESS_LASTS).to_iso_millis()),
            refresh_expires_at: Some((began + REFRESH_LASTS).to_iso_millis()),
            scopes: vec!["com.atproto.appPass".to_owned()],
            app_password: (!wanted.expired).then(|| user.app_password.clone()),
            service_url: Some(origin.url(PDS, "")),
        })
    }
}

pub(super) fn avatar_url(user: &User, origin: &Origin) -> String {
    origin.url("cdn.bsky.app", &format!("/img/avatar/{}", user.did))
}

/// The public document behind a DID.
pub(super) fn did_document(user: &User, origin: &Origin) -> Value {
    json!({
        "@context": ["https://www.w3.org/ns/did/v1"],
        "id": user.did,
        "alsoKnownAs": [format!("at://{}", user.handle)],
        "verificationMethod": [],
        "service": [{
            "id": "#atproto_pds",
            "type": "AtprotoPersonalDataServer",
            "serviceEndpoint": origin.url(PDS, ""),
        }],
    })
}

/// The page of a post.
pub(super) fn page_of(handle: &str, rkey: &str) -> String {
    format!("{PAGE_HOST}/profile/{handle}/post/{rkey}")
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    headers.get(header::AUTHORIZATION)?.to_str().ok()?.strip_prefix("Bearer ")
}
