//! `DELETE /posts/{post_id}`

use axum::extract::{RawQuery, State};
use domain::PlatformName;
use utoipa::IntoParams;

use crate::ApiState;
use crate::auth::{Scoped, Write};
use crate::envelope::Reply;
use crate::error::ApiError;
use crate::openapi::DeleteErrors;
use crate::query::Query;
use crate::routes::path::PostPath;
use crate::wire::{DeletedPost, DeletedPostEnvelope, XDeletion};

/// Which live copies are removed as well.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "the shape for the document; parameters are read one by one")]
pub(crate) struct DeletePostParams {
    /// Platforms whose live copies are removed, separated by commas. Only X takes part.
    #[param(required = false, example = "x", pattern = "^(x|twitter)?(,(x|twitter))*$")]
    delete_on_platforms: Option<String>,
}

/// Delete a post. What has not gone out is cancelled; copies that are live stay live.
///
/// With `delete_on_platforms=x` the copies on X are removed as well: every part of a thread, and the first
/// comment. `x_deletion` tells of each account what became of that. The post is deleted here also where X
/// refuses; what is live then can only be removed on X.
#[utoipa::path(delete, path = "/posts/{post_id}", operation_id = "delete_post", tag = "posts",
    params(("post_id" = uuid::Uuid, Path, description = "The post."), DeletePostParams),
    responses((status = 200, body = DeletedPostEnvelope), DeleteErrors))]
pub(crate) async fn delete_post(
    State(state): State<ApiState>,
    scoped: Scoped<Write>,
    PostPath(id): PostPath,
    RawQuery(query): RawQuery,
) -> Result<Reply, ApiError> {
    let query = Query::parse(query.as_deref())?;
    let named = query.list("delete_on_platforms").filter(|name| !name.is_empty());
    let platforms: Vec<PlatformName> = named.map(PlatformName::from_text).collect();
    let deleted = app::posts::delete(&state.app, &scoped.caller, id, &platforms).await?;
    let message = match deleted.still_live {
        0 => "Post deleted.".to_owned(),
        1 => "Post deleted; 1 copy stays live.".to_owned(),
        live => format!("Post deleted; {live} copies stay live."),
    };
    let x_deletion =
        (!platforms.is_empty()).then(|| deleted.taken_down.iter().map(XDeletion::from).collect());
    Reply::ok(&DeletedPost { post_id: deleted.id.0, id: deleted.id.0, deleted: true, message, x_deletion })
}
