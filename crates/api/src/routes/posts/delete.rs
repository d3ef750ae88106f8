//! `DELETE /posts/{post_id}`

use axum::extract::{RawQuery, State};

use crate::ApiState;
use crate::auth::{Scoped, Write};
use crate::envelope::Reply;
use crate::error::ApiError;
use crate::openapi::DeleteErrors;
use crate::query::Query;
use crate::routes::path::PostPath;
use crate::wire::{DeletedPost, DeletedPostEnvelope};

/// Delete a post. What has not gone out is cancelled; copies that are live stay live.
#[utoipa::path(delete, path = "/posts/{post_id}", operation_id = "delete_post", tag = "posts",
    params(("post_id" = uuid::Uuid, Path, description = "The post.")),
    responses((status = 200, body = DeletedPostEnvelope), DeleteErrors))]
pub(crate) async fn delete_post(
    State(state): State<ApiState>,
    scoped: Scoped<Write>,
    PostPath(id): PostPath,
    RawQuery(query): RawQuery,
) -> Result<Reply, ApiError> {
    if Query::parse(query.as_deref())?.get("delete_on_platforms").is_some_and(|names| !names.is_empty()) {
        let message = "This server does not remove live copies; remove them on the platform, \
                       then delete the post here without delete_on_platforms.";
        return Err(ApiError::validation("delete_on_platforms", message));
    }
    let deleted = app::posts::delete(&state.app, &scoped.caller, id).await?;
    let message = match deleted.still_live {
        0 => "Post deleted.".to_owned(),
        1 => "Post deleted; 1 copy stays live.".to_owned(),
        live => format!("Post deleted; {live} copies stay live."),
    };
    Reply::ok(&DeletedPost { post_id: deleted.id.0, id: deleted.id.0, deleted: true, message })
}
