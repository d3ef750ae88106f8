//! The name of a call, for faults and the log.

use http::Method;

use crate::core::emulator::Call;
use crate::meta::request::GraphRequest;

/// The operations which faults without a named operation leave alone.
pub(super) const EXEMPT: [&str; 13] = [
    "exchange_code",
    "refresh_token",
    "app_token",
    "debug_token",
    "me",
    "page_list",
    "page_object",
    "permissions",
    "revoke",
    "authorize",
    "page",
    "businesses",
    "other",
];

/// What the call does. Everything that makes a post or story public is `create_post`.
pub(super) fn operation_of(call: &Call<'_>, request: &GraphRequest) -> &'static str {
    if call.host.starts_with("rupload.") {
        return "upload_bytes";
    }
    if !call.host.starts_with("graph") {
        return if request.path.last().is_some_and(|last| last == "oauth") { "authorize" } else { "page" };
    }
    let is_post = request.method == Method::POST;
    match (request.method.as_str(), request.segments().as_slice()) {
        (_, ["oauth", "access_token"]) => match request.get("grant_type") {
            Some("fb_exchange_token") => "refresh_token",
            Some("client_credentials") => "app_token",
            _ => "exchange_code",
        },
        ("GET", ["debug_token"]) => "debug_token",
        ("GET", ["me"]) => "me",
        ("GET", ["me", "accounts"]) => "page_list",
        ("GET", ["me", "businesses"]) => "businesses",
        ("GET", [_, "permissions"]) => "permissions",
        ("DELETE", [_, "permissions", ..]) => "revoke",
        ("POST", [_, "feed" | "photos"]) if request.flag("published") == Some(false) => "upload_photo",
        ("POST", [_, "feed" | "photos" | "photo_stories"]) => "create_post",
        ("POST", [_, "videos" | "video_reels" | "video_stories"]) => {
            match request.get("upload_phase").map(str::to_lowercase).as_deref() {
                Some("start") => "upload_start",
                Some("transfer") => "upload_transfer",
                Some("cancel") => "upload_cancel",
                Some("finish") | None if is_draft(request) => "finish_draft",
                _ => "create_post",
            }
        }
        ("POST", [_, "comments"]) => "create_comment",
        ("GET", [_, "comments"]) => "comments",
        ("GET", [_, "feed" | "posts" | "published_posts"]) => "page_posts",
        ("GET", [_, "video_reels" | "videos"]) => "page_videos",
        ("GET", [_, "stories"]) => "stories",
        ("GET", [_, "insights"]) => "insights",
        ("GET", [_]) if request.get("fields").is_some_and(|fields| fields.contains("status")) => {
            "media_status"
        }
        ("GET", [_]) => "get_object",
        ("DELETE", [_]) => "delete_post",
        ("POST", [_]) if is_post => "edit_post",
        _ => "other",
    }
}

fn is_draft(request: &GraphRequest) -> bool {
    request.flag("published") == Some(false)
        || request.get("video_state").is_some_and(|state| !state.eq_ignore_ascii_case("PUBLISHED"))
}
