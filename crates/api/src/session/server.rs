//! What the server is set up for, and what who runs it changes of that.

use app::platform_apps::{self, NewApp};
use app::server_info::{self, AiStatus, AppStatus, BackupStatus, ServerInfo};
use axum::extract::State;
use serde::Serialize;

use super::enter::typed;
use super::guard::Session;
use crate::ApiState;
use crate::body::JsonBody;
use crate::envelope::Reply;
use crate::error::ApiError;
use crate::fields::Fields;
use crate::routes::path::PlatformPath;
use crate::wire::shown;

#[derive(Serialize)]
struct Server {
    version: &'static str,
    /// The address that platforms and browsers reach.
    public_url: String,
    /// Whether who asks may change it.
    is_operator: bool,
    platforms: Vec<Platform>,
    ai: Ai,
    /// For operators only.
    backup: Option<Backup>,
}

#[derive(Serialize)]
struct Platform {
    platform: String,
    name: &'static str,
    needs_app: bool,
    set_up: bool,
    /// What the platform has to be told, where it needs an app.
    redirect_url: Option<String>,
    /// For operators only.
    app: Option<PlatformApp>,
}

/// An app without its secret.
#[derive(Serialize)]
struct PlatformApp {
    source: Option<&'static str>,
    client_id: Option<String>,
    updated_at: Option<String>,
}

impl From<AppStatus> for PlatformApp {
    fn from(status: AppStatus) -> Self {
        Self {
            source: status.source.as_str(),
            client_id: Some(status.client_id).filter(|id| !id.is_empty()),
            updated_at: shown(status.updated_at),
        }
    }
}

#[derive(Serialize)]
struct Backup {
    last: Option<LastBackup>,
    /// Whether there is none, or an old one only.
    due: bool,
    /// Whether the database may have backups that are not known here.
    postgres: bool,
}

#[derive(Serialize)]
struct LastBackup {
    made_at: String,
    name: String,
    size_bytes: i64,
    seconds: i64,
}

impl From<BackupStatus> for Backup {
    fn from(status: BackupStatus) -> Self {
        let last = status.last.map(|last| LastBackup {
            made_at: last.made_at.to_iso_millis(),
            name: last.name,
            size_bytes: last.size_bytes,
            seconds: last.duration.as_micros() / 1_000_000,
        });
        Self { last, due: status.is_due, postgres: status.is_postgres }
    }
}

#[derive(Serialize)]
struct Ai {
    set_up: bool,
    host: Option<String>,
    caption_model: Option<String>,
    image_models: Vec<String>,
    /// For operators only.
    provider: Option<Provider>,
}

/// The provider without its key.
#[derive(Serialize)]
struct Provider {
    source: Option<&'static str>,
    base_url: Option<String>,
    has_key: bool,
    image_model: Option<String>,
}

impl From<AiStatus> for Provider {
    fn from(status: AiStatus) -> Self {
        Self {
            source: status.source.as_str(),
            base_url: status.base_url,
            has_key: status.has_key,
            image_model: Some(status.image_model).filter(|model| !model.is_empty()),
        }
    }
}

/// `GET /session/server`
pub(super) async fn show(State(state): State<ApiState>, session: Session) -> Result<Reply, ApiError> {
    reply(&state, &session).await
}

/// `PUT /session/platform-apps/{platform}`
pub(super) async fn set_app(
    State(state): State<ApiState>,
    session: Session,
    PlatformPath(platform): PlatformPath,
    JsonBody(body): JsonBody,
) -> Result<Reply, ApiError> {
    // Who may not do it is told so before the body is looked at.
    session.signed_in.operating()?;
    let fields = Fields::of(&body)?;
    let new =
        NewApp { client_id: typed(&fields, "client_id")?, client_secret: typed(&fields, "client_secret")? };
    platform_apps::set(&state.app, &session.signed_in, &session.visit, &platform, new).await?;
    reply(&state, &session).await
}

/// `DELETE /session/platform-apps/{platform}`
pub(super) async fn remove_app(
    State(state): State<ApiState>,
    session: Session,
    PlatformPath(platform): PlatformPath,
) -> Result<Reply, ApiError> {
    platform_apps::remove(&state.app, &session.signed_in, &session.visit, &platform).await?;
    reply(&state, &session).await
}

/// What the server is set up for.
pub(super) async fn reply(state: &ApiState, session: &Session) -> Result<Reply, ApiError> {
    let info = server_info::get(&state.app, &session.signed_in).await?;
    let ServerInfo { platforms, ai_host, caption_model, image_models, ai, backup } = info;
    let base = &state.settings.base_url;
    let platforms = platforms.into_iter().map(|one| Platform {
        redirect_url: one.needs_app.then(|| format!("{base}/connect/callback/{}", one.platform)),
        platform: one.platform,
        name: one.display_name,
        needs_app: one.needs_app,
        set_up: one.is_set_up,
        app: one.app.map(PlatformApp::from),
    });
    Reply::ok(&Server {
        version: env!("CARGO_PKG_VERSION"),
        public_url: base.clone(),
        is_operator: session.signed_in.is_operator,
        platforms: platforms.collect(),
        ai: Ai {
            set_up: ai_host.is_some(),
            host: ai_host,
            caption_model,
            image_models,
            provider: ai.map(Provider::from),
        },
        backup: backup.map(Backup::from),
    })
}
