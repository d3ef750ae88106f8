//! Channels of the emulated YouTube: made by the control API, shown by `channels.list`.

use std::sync::Arc;

use axum::extract::{RawQuery, State};
use axum::{Extension, Json};
use domain::{Span, Timestamp};
use http::{HeaderMap, header};
use serde_json::{Map, Value, json};

use super::errors::{ApiError, refusal};
use super::query::Params;
use super::state::{CLIENT_ID, CLIENT_SECRET, Channel, Grant, SCOPE_PREFIX, SCOPES, TESTING_LIFE, YouTube};
use super::{AVATAR_HOST, PLATFORM};
use crate::core::accounts::{CreateAccount, CreatedAccount, CreatedCredentials};
use crate::core::emulator::Call;
use crate::core::error::SandboxError;
use crate::core::figures::followers;
use crate::core::lock;
use crate::core::origin::Origin;

const PARTS: [&str; 10] = [
    "id",
    "snippet",
    "contentDetails",
    "statistics",
    "status",
    "brandingSettings",
    "topicDetails",
    "localizations",
    "auditDetails",
    "contentOwnerDetails",
];

/// The bearer token of a request.
pub(super) fn bearer(headers: &HeaderMap) -> Option<&str> {
    headers.get(header::AUTHORIZATION)?.to_str().ok()?.strip_prefix("Bearer ")
}

impl YouTube {
    /// Makes a channel, or finds the one with this handle, and a grant for it when asked.
    pub(super) fn create_account(
        &self,
        wanted: &CreateAccount,
        origin: &Origin,
    ) -> Result<CreatedAccount, SandboxError> {
        let _one_at_a_time = lock(&self.gate);
        let channel = self.find_or_make(wanted)?;
        let credentials = if wanted.token { Some(self.log_in(&channel, wanted)?) } else { None };
        Ok(CreatedAccount {
            platform: PLATFORM.to_owned(),
            avatar_url: avatar_url(&channel, origin),
            platform_user_id: channel.id,
            username: channel.handle,
            display_name: channel.title,
            client_id: CLIENT_ID.to_owned(),
            client_secret: CLIENT_SECRET.to_owned(),
            credentials,
            extra: Map::new(),
        })
    }

    fn find_or_make(&self, wanted: &CreateAccount) -> Result<Channel, SandboxError> {
        let id = format!("UC{}", self.world.entropy.token(22));
        let handle = match wanted.username.as_deref().map(|name| name.trim_start_matches('@')) {
            None => format!("channel{}", &id[16..]).to_lowercase(),
            Some(name) => {
                let is_letter = |letter: char| letter.is_alphanumeric() || "_-.".contains(letter);
                if !name.chars().all(is_letter) || !(3..=30).contains(&name.chars().count()) {
                    let message =
                        "a handle on YouTube has 3 to 30 letters, digits, dots, hyphens and underscores";
                    return Err(SandboxError::invalid(message));
                }
                name.to_owned()
            }
        };
        let flag = |name: &str| wanted.extra.get(name).and_then(Value::as_bool);
        let known = self.channel_named(&handle);
        let mut channel = known.unwrap_or_else(|| Channel {
            id,
            title: wanted.display_name.clone().unwrap_or_else(|| handle.clone()),
            handle,
            has_channel: true,
            verified: true,
            limited: false,
            partial: false,
            testing: false,
            upload_limit: None,
            made_at: self.world.now(),
        });
        channel.has_channel = flag("channel").unwrap_or(channel.has_channel);
        channel.verified = flag("verified").unwrap_or(channel.verified);
        channel.limited = flag("enforce_limits").unwrap_or(channel.limited);
        channel.partial = flag("partial_uploads").unwrap_or(channel.partial);
        channel.testing = flag("testing").unwrap_or(channel.testing);
        channel.upload_limit =
            wanted.extra.get("upload_limit").and_then(Value::as_u64).or(channel.upload_limit);
        self.channels.put(&channel.id, &channel)?;
        Ok(channel)
    }

    /// The channel with this handle, whatever its letter case.
    pub(super) fn channel_named(&self, handle: &str) -> Option<Channel> {
        let handle = handle.trim_start_matches('@').to_lowercase();
        self.channels.find(|channel| channel.handle.to_lowercase() == handle).map(|(_, channel)| channel)
    }

    fn log_in(&self, channel: &Channel, wanted: &CreateAccount) -> Result<CreatedCredentials, SandboxError> {
        let asked = wanted.extra.get("scopes").and_then(Value::as_str);
        let names: Vec<&str> =
            asked.map_or_else(|| SCOPES.to_vec(), |text| text.split_whitespace().collect());
        let full = |name: &&str| {
            if name.starts_with(SCOPE_PREFIX) { (*name).to_owned() } else { format!("{SCOPE_PREFIX}{name}") }
        };
        let scopes: Vec<String> = names.iter().map(full).collect();
        let mut batch = self.world.journal.batch();
        let grant = self.world.entropy.token(24);
        let row = Grant {
            channel: channel.id.clone(),
            scope: scopes.join(" "),
            // Outside of testing nothing but a withdrawal ends a refresh token.
            revoked: wanted.expired,
            offline: true,
            ends_at: channel.testing.then(|| self.world.now() + TESTING_LIFE),
        };
        batch.put(&self.grants, &grant, &row)?;
        let back = if wanted.expired { Span::from_days(200) } else { Span::ZERO };
        let (access, ends_at) = self.new_access(&mut batch, &grant, self.world.now() - back)?;
        let refresh = self.new_refresh(&mut batch, &grant)?;
        batch.commit()?;
        let refresh_ends_at =
            if wanted.expired { Some(self.world.now() - Span::from_days(1)) } else { row.ends_at };
        Ok(CreatedCredentials {
            access_token: access,
            refresh_token: Some(refresh),
            expires_at: Some(ends_at.to_iso_millis()),
            refresh_expires_at: refresh_ends_at.map(Timestamp::to_iso_millis),
            scopes,
            app_password: None,
            service_url: None,
        })
    }

    /// Withdraws the app from the owner of the token in `call`.
    pub(super) fn revoke_grant_of(&self, call: &Call<'_>) -> Result<(), SandboxError> {
        let by_bearer = bearer(call.headers).and_then(|token| self.access.get(token)).map(|row| row.grant);
        let grant = by_bearer.or_else(|| {
            let field = url::form_urlencoded::parse(call.body).find(|(name, _)| name == "refresh_token")?;
            self.refresh.get(&field.1)
        });
        if let Some(grant) = grant {
            self.grants.update(&grant, |grant| grant.revoked = true)?;
        }
        Ok(())
    }
}

pub(super) fn avatar_url(channel: &Channel, origin: &Origin) -> String {
    origin.url(AVATAR_HOST, &format!("/a/{}", channel.id))
}

/// `GET /youtube/v3/channels`
pub(super) async fn channels(
    State(youtube): State<Arc<YouTube>>,
    Extension(origin): Extension<Origin>,
    RawQuery(raw): RawQuery,
    headers: HeaderMap,
) -> Result<Json<Value>, ApiError> {
    let params = Params::of(raw.as_deref());
    let caller = youtube.caller(&headers, &["youtube.readonly", "youtube", "youtube.force-ssl"])?;
    let parts = params.parts(&PARTS)?;
    youtube.count_units(&caller, 1)?;
    let ids = params.list("id");
    let found: Vec<Channel> = if params.get("mine") == Some("true") {
        vec![caller].into_iter().filter(|channel| channel.has_channel).collect()
    } else if !ids.is_empty() {
        ids.iter().filter_map(|id| youtube.channels.get(id)).filter(|one| one.has_channel).collect()
    } else if let Some(handle) = params.get("forHandle") {
        youtube.channel_named(handle).into_iter().filter(|one| one.has_channel).collect()
    } else {
        let message = "No filter selected. Expected one of: mine, id, forHandle";
        return Err(refusal(
            http::StatusCode::BAD_REQUEST,
            "youtube.parameter",
            "missingRequiredParameter",
            message,
        ));
    };
    let items: Vec<Value> = found.iter().map(|one| describe(&youtube, one, &parts, &origin)).collect();
    let mut answer = json!({
        "kind": "youtube#channelListResponse",
        "etag": "channels",
        "pageInfo": {"totalResults": items.len(), "resultsPerPage": 5},
    });
    if !items.is_empty() {
        answer["items"] = Value::from(items);
    }
    Ok(Json(answer))
}

fn describe(youtube: &YouTube, channel: &Channel, parts: &[String], origin: &Origin) -> Value {
    let mut item = json!({"kind": "youtube#channel", "etag": channel.id, "id": channel.id});
    let picture = |side: u32| json!({"url": avatar_url(channel, origin), "width": side, "height": side});
    let videos = || {
        youtube
            .videos
            .read(|rows| rows.values().filter(|video| video.channel == channel.id && !video.deleted).count())
    };
    for part in parts {
        let value = match part.as_str() {
            "snippet" => json!({
                "title": channel.title,
                "description": "",
                "customUrl": format!("@{}", channel.handle.to_lowercase()),
                "publishedAt": channel.made_at.to_iso_millis(),
                "thumbnails": {"default": picture(88), "medium": picture(240), "high": picture(800)},
                "localized": {"title": channel.title, "description": ""},
            }),
            "contentDetails" => {
                json!({"relatedPlaylists": {"likes": "LL", "uploads": uploads_of(&channel.id)}})
            }
            "statistics" => json!({
                "viewCount": "0", "hiddenSubscriberCount": false,
                "subscriberCount": followers(&channel.id, youtube.world.now()).to_string(),
                "videoCount": videos().to_string(),
            }),
            "status" => json!({
                "privacyStatus": "public", "isLinked": true, "madeForKids": false,
                "longUploadsStatus": if channel.verified { "allowed" } else { "eligible" },
            }),
            _ => continue,
        };
        item[part.as_str()] = value;
    }
    item
}

/// The playlist of a channel's uploads.
pub(super) fn uploads_of(channel: &str) -> String {
    channel.strip_prefix("UC").map_or_else(|| channel.to_owned(), |rest| format!("UU{rest}"))
}
