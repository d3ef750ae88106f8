//! `GET /session/server`

use app::server_info::{self, ServerInfo};
use axum::extract::State;
use serde::Serialize;

use super::guard::Session;
use crate::ApiState;
use crate::envelope::Reply;
use crate::error::ApiError;

#[derive(Serialize)]
struct Server {
    version: &'static str,
    /// The address that platforms and browsers reach.
    public_url: String,
    platforms: Vec<Platform>,
    ai: Ai,
}

#[derive(Serialize)]
struct Platform {
    platform: String,
    name: &'static str,
    needs_app: bool,
    set_up: bool,
    /// What the platform has to be told, where it needs an app.
    redirect_url: Option<String>,
}

#[derive(Serialize)]
struct Ai {
    set_up: bool,
    host: Option<String>,
    caption_model: Option<String>,
    image_models: Vec<String>,
}

/// What the server is set up for.
pub(super) async fn show(State(state): State<ApiState>, session: Session) -> Result<Reply, ApiError> {
    let ServerInfo { platforms, ai_host, caption_model, image_models } =
        server_info::get(&state.app, &session.signed_in)?;
    let base = &state.settings.base_url;
    let platforms = platforms.into_iter().map(|one| Platform {
        redirect_url: one.needs_app.then(|| format!("{base}/connect/callback/{}", one.platform)),
        platform: one.platform,
        name: one.display_name,
        needs_app: one.needs_app,
        set_up: one.is_set_up,
    });
    Reply::ok(&Server {
        version: env!("CARGO_PKG_VERSION"),
        public_url: base.clone(),
        platforms: platforms.collect(),
        ai: Ai { set_up: ai_host.is_some(), host: ai_host, caption_model, image_models },
    })
}
