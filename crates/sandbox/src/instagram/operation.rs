//! The name of a call, for faults and the log.

use super::{GRAPH_HOST, TOKEN_HOST, UPLOAD_HOST};
use crate::meta::request::GraphRequest;

/// The operations which faults without a named operation leave alone.
pub(super) const EXEMPT: [&str; 8] =
    ["exchange_code", "long_token", "refresh_token", "me", "account", "authorize", "page", "other"];

/// What the call does. What makes a container public is `create_post`.
pub(super) fn operation_of(host: &str, request: &GraphRequest, is_account: bool) -> &'static str {
    let segments = request.segments();
    if host == UPLOAD_HOST {
        return "upload_bytes";
    }
    if segments == ["oauth", "authorize"] {
        return "authorize";
    }
    if host == TOKEN_HOST {
        return if segments == ["oauth", "access_token"] { "exchange_code" } else { "other" };
    }
    if host != GRAPH_HOST && !host.starts_with("graph.") {
        return "page";
    }
    match (request.method.as_str(), segments.as_slice()) {
        (_, ["access_token"]) => "long_token",
        (_, ["refresh_access_token"]) => "refresh_token",
        ("GET", ["me"]) => "me",
        ("POST", [_, "media"]) => "create_container",
        ("POST", [_, "media_publish"]) => "create_post",
        ("GET", [_, "media"]) => "media_list",
        ("GET", [_, "stories"]) => "stories",
        ("GET", [_, "content_publishing_limit"]) => "publishing_limit",
        ("POST", [_, "comments"]) => "create_comment",
        ("GET", [_, "comments"]) => "comments",
        ("GET", [_, "insights"]) => "insights",
        ("GET", [_]) if is_account => "account",
        ("GET", [_]) if request.get("fields").is_some_and(|fields| fields.contains("status_code")) => {
            "container_status"
        }
        ("GET", [_]) => "get_media",
        ("DELETE", [_]) => "delete_media",
        ("POST", [_]) => "edit_media",
        _ => "other",
    }
}
