//! `GET /posts/export`

use std::io;

use app::posts::{ListPosts, PostPlace, PostView, list_uncounted};
use app::{Caller, export};
use axum::body::{Body, Bytes};
use axum::extract::{RawQuery, State};
use axum::http::header;
use axum::response::Response;
use serde_json::json;
use utoipa::IntoParams;

use super::list::{ListPostsParams, known_platforms};
use crate::ApiState;
use crate::auth::{Read, Scoped};
use crate::envelope::bare;
use crate::error::ApiError;
use crate::openapi::ListErrors;
use crate::query::Query;
use crate::wire::Post;

/// How many posts are read at a time.
const AT_ONCE: u32 = 100;
/// The version of the JSON that is given out.
const VERSION: u32 = 1;

/// As what the posts are given out.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "the shape for the document; parameters are read one by one")]
pub(crate) struct ExportPostsParams {
    /// json by default.
    #[param(required = false, inline)]
    format: Option<ExportFormat>,
}

/// As what posts are given out.
#[derive(Clone, Copy, PartialEq, Eq, utoipa::ToSchema)]
#[schema(rename_all = "snake_case")]
pub(crate) enum ExportFormat {
    /// A table, in UTF-8 with its mark; cells that a spreadsheet would take for formulas begin with `'`.
    Csv,
    /// `{"format": "fanfare.posts", "version": 1, "posts": [ … ]}` with posts as `GET /posts` shows them.
    Json,
}

/// Get all posts that match as one file, which `POST /posts/import` reads again.
///
/// Filters and order are those of `GET /posts`; there are no pages. The file comes as it is read: one that
/// breaks off is not complete.
#[utoipa::path(get, path = "/posts/export", operation_id = "export_posts", tag = "posts",
    params(ExportPostsParams, ListPostsParams),
    responses((status = 200, description = "The file, without the envelope of other answers.",
        content((String = "text/csv"), (serde_json::Value = "application/json"))), ListErrors))]
pub(crate) async fn export_posts(
    State(state): State<ApiState>,
    scoped: Scoped<Read>,
    RawQuery(query): RawQuery,
) -> Result<Response, ApiError> {
    let query = Query::parse(query.as_deref())?;
    let format = match query.get("format") {
        None | Some("json") => ExportFormat::Json,
        Some("csv") => ExportFormat::Csv,
        Some(_) => return Err(ApiError::validation("format", "format must be csv or json.")),
    };
    let posts = query.list_posts()?;
    known_platforms(&state, &posts)?;
    let posts = ListPosts { limit: AT_ONCE, offset: 0, after: None, ..posts };
    let mut file = File { state, caller: scoped.caller, posts, format, stage: Stage::Begins };
    // What fails at once is answered as everywhere.
    let first = file.first().await?;
    let rest = futures_util::stream::unfold(file, |mut file| async move {
        let piece = file.next().await?;
        Some((piece, file))
    });
    let body = futures_util::StreamExt::chain(futures_util::stream::iter([Ok(first)]), rest);
    let (content_type, name) = match format {
        ExportFormat::Csv => ("text/csv; charset=utf-8", "attachment; filename=\"posts.csv\""),
        ExportFormat::Json => ("application/json", "attachment; filename=\"posts.json\""),
    };
    let headers = [
        (header::CONTENT_TYPE, content_type),
        (header::CONTENT_DISPOSITION, name),
        (header::CACHE_CONTROL, "no-store"),
    ];
    Ok(bare((headers, Body::from_stream(body))))
}

/// A file that is being written.
struct File {
    state: ApiState,
    caller: Caller,
    posts: ListPosts,
    format: ExportFormat,
    stage: Stage,
}

#[derive(Clone, Copy, PartialEq)]
enum Stage {
    Begins,
    GoesOn(PostPlace),
    Ends,
    Over,
}

impl File {
    /// The beginning, with the first posts.
    async fn first(&mut self) -> Result<Bytes, ApiError> {
        let mut bytes = match self.format {
            ExportFormat::Csv => export::csv_head()?,
            ExportFormat::Json => {
                let now = self.state.app.clock.now().to_iso_millis();
                let head = json!({ "format": "fanfare.posts", "version": VERSION, "exported_at": now });
                let mut head = head.to_string();
                head.pop();
                head.push_str(",\"posts\":[");
                head.into_bytes()
            }
        };
        bytes.extend(self.page(true).await?);
        Ok(bytes.into())
    }

    /// The next posts, and at last the end.
    async fn next(&mut self) -> Option<Result<Bytes, io::Error>> {
        match self.stage {
            Stage::Over => None,
            Stage::Begins | Stage::Ends => {
                self.stage = Stage::Over;
                let end: &'static [u8] = if self.format == ExportFormat::Json { b"\n]}\n" } else { b"" };
                Some(Ok(Bytes::from_static(end)))
            }
            Stage::GoesOn(place) => {
                self.posts.after = Some(place);
                match self.page(false).await {
                    Ok(bytes) => Some(Ok(bytes.into())),
                    Err(error) => {
                        error.log("export");
                        self.stage = Stage::Over;
                        // Cuts the answer off: a file without its end is seen to be none.
                        Some(Err(io::Error::other("the posts cannot be read")))
                    }
                }
            }
        }
    }

    async fn page(&mut self, first: bool) -> Result<Vec<u8>, ApiError> {
        let (posts, next) = list_uncounted(&self.state.app, &self.caller, &self.posts).await?;
        self.stage = next.map_or(Stage::Ends, Stage::GoesOn);
        let mut bytes = Vec::new();
        for (at, post) in posts.iter().enumerate() {
            match self.format {
                ExportFormat::Csv => bytes.extend(export::csv_line(post)?),
                ExportFormat::Json => {
                    bytes.extend_from_slice(if first && at == 0 { b"\n" } else { b",\n" });
                    bytes.extend(self.json(post)?);
                }
            }
        }
        Ok(bytes)
    }

    fn json(&self, post: &PostView) -> Result<Vec<u8>, ApiError> {
        let post = Post::new(post, &self.state.settings.base_url);
        serde_json::to_vec(&post).map_err(|error| ApiError::internal(&error))
    }
}
