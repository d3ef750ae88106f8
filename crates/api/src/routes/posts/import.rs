//! `POST /posts/import`

use std::collections::HashMap;

use app::AppError;
use app::import::{Entry, FILE_BYTES, Fetch, Format, Known, Mapping, Ready, read};
use app::posts::{NotWritten, PlannedPost};
use axum::extract::{RawQuery, Request, State};
use axum::http::{StatusCode, header};
use domain::time::is_known_time_zone;
use domain::{PostId, Span};
use utoipa::IntoParams;

use super::bulk::{check, give_all_back};
use super::create::give_back;
use super::rows;
use crate::ApiState;
use crate::auth::{Scoped, Write};
use crate::body::collect;
use crate::envelope::Reply;
use crate::error::ApiError;
use crate::openapi::WriteErrors;
use crate::query::Query;
use crate::rate_limit::CountedPost;
use crate::wire::{
    ImportFormat, ImportRefused, ImportedPosts, ImportedPostsEnvelope, ImportedRow, RowError, shown,
};

/// How many posts are written in one transaction.
const AT_ONCE: usize = 50;
/// For how long files are fetched before the answer: what is left is fetched when the file is sent again.
const FETCH_FOR: Span = Span::from_seconds(45);
/// When to send a file again whose media are on the way, in seconds.
const AGAIN_IN: i64 = 5;

/// How to read a file, and what to do with it.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "the shape for the document; parameters are read one by one")]
pub(crate) struct ImportPostsParams {
    /// Say what would become of the posts, and make nothing.
    #[param(required = false)]
    dry_run: Option<bool>,
    /// The zone whose clocks the file's times are of where they name none; UTC by default.
    #[param(required = false, example = "Europe/Berlin")]
    timezone: Option<String>,
    /// What the file is; found out by looking without it, or with `auto`.
    #[param(required = false, inline)]
    format: Option<ImportFormat>,
    /// Names that the file uses for accounts and the accounts' ids, as JSON.
    #[param(required = false, example = json!("{\"instagram\": 3121}"))]
    account_mapping: Option<String>,
}

/// The bytes of a file.
pub(crate) struct FileBody(Vec<u8>);

impl axum::extract::FromRequest<ApiState> for FileBody {
    type Rejection = ApiError;

    async fn from_request(request: Request, _: &ApiState) -> Result<Self, ApiError> {
        let (parts, body) = request.into_parts();
        let bytes = collect(body, FILE_BYTES).await?;
        let declared = parts.headers.get(header::CONTENT_TYPE).map(|value| value.to_str().unwrap_or("?"));
        let plain = declared.unwrap_or("").split(';').next().unwrap_or("").trim().to_ascii_lowercase();
        match plain.as_str() {
            ""
            | "text/csv"
            | "text/plain"
            | "text/tab-separated-values"
            | "application/csv"
            | "application/vnd.ms-excel"
            | "application/json"
            | "application/octet-stream" => Ok(Self(bytes)),
            _ => Err(ApiError::not_file_type(declared.unwrap_or("?"))),
        }
    }
}

/// Make posts of a file: a table (CSV), an export of this server, or posts of Postiz or Mixpost.
///
/// Each post is checked as `POST /posts` checks it. A post with a time is scheduled, one without is kept as
/// a draft, and none goes out at once. The same file makes its posts once, however often it is sent: a row's
/// post has an id that is made of what the row says and where it goes. `notes` tell what is not carried
/// over. 201 when posts were made and nothing is left, 207 when something is, 200 when there was nothing to
/// make and for a dry run, 422 when nothing could be made. 10 MB and 1,000 posts at most.
#[utoipa::path(post, path = "/posts/import", operation_id = "import_posts", tag = "posts",
    params(ImportPostsParams),
    request_body(content((String = "text/csv"), (serde_json::Value = "application/json")), description = "The file."),
    responses(
        (status = 200, body = ImportedPostsEnvelope, description = "A dry run, or nothing was left to make."),
        (status = 201, body = ImportedPostsEnvelope, description = "Posts were made, and nothing is left."),
        (status = 207, body = ImportedPostsEnvelope, description = "Some were made or there already, and some were not."),
        (status = 422, body = ImportRefused, description = "None could be made, or the Idempotency-Key was used for another request."),
        WriteErrors))]
pub(crate) async fn import_posts(
    State(state): State<ApiState>,
    scoped: Scoped<Write>,
    RawQuery(query): RawQuery,
    FileBody(bytes): FileBody,
) -> Result<Reply, ApiError> {
    let asked = Asked::read(&Query::parse(query.as_deref())?)?;
    let is_platform = |name: &_| state.app.registry.spec(name).is_some();
    let file = read(&bytes, asked.format, asked.zone.as_deref(), &is_platform)?;
    drop(bytes);
    let fetch = if asked.dry_run { Fetch::Later } else { Fetch::Until(state.app.clock.now() + FETCH_FOR) };
    let known = Known::load(&state.app, &scoped.caller, &file.entries, asked.mapping, fetch).await?;
    let mut import = Import {
        state: &state,
        scoped: &scoped,
        dry_run: asked.dry_run,
        known,
        seen: HashMap::new(),
        results: Vec::with_capacity(file.entries.len()),
        batch: Vec::new(),
        retry_after: None,
    };
    for entry in &file.entries {
        if let Err(error) = import.add(entry).await {
            import.give_up();
            return Err(error);
        }
    }
    import.write().await?;
    import.answer(file.format)
}

/// The parameters of an import.
struct Asked {
    dry_run: bool,
    format: Option<Format>,
    zone: Option<String>,
    mapping: Mapping,
}

impl Asked {
    fn read(query: &Query) -> Result<Self, ApiError> {
        let format = match query.get("format") {
            None | Some("" | "auto") => None,
            Some(word) => Some(Format::parse(word).ok_or_else(|| {
                ApiError::validation("format", "format must be csv, json, postiz, mixpost or auto.")
            })?),
        };
        let zone = query.get("timezone").filter(|zone| !zone.is_empty()).map(ToOwned::to_owned);
        if let Some(zone) = zone.as_deref().filter(|zone| !is_known_time_zone(zone)) {
            return Err(AppError::InvalidTimezone(zone.chars().take(100).collect()).into());
        }
        let mapping = match query.get("account_mapping").filter(|text| !text.is_empty()) {
            None => Mapping::default(),
            Some(text) => {
                let value = serde_json::from_str(text).map_err(|error| {
                    let message = format!("account_mapping must be a JSON object of names and ids: {error}.");
                    ApiError::validation("account_mapping", message)
                })?;
                Mapping::read(&value, "account_mapping")?
            }
        };
        Ok(Self { dry_run: query.flag("dry_run")?, format, zone, mapping })
    }
}

/// An import on its way through a file.
struct Import<'a> {
    state: &'a ApiState,
    scoped: &'a Scoped<Write>,
    dry_run: bool,
    known: Known,
    /// The row that each post of this file was made of.
    seen: HashMap<PostId, usize>,
    results: Vec<ImportedRow>,
    /// Posts that wait to be written, with the places of their results.
    batch: Vec<(usize, PlannedPost, Option<CountedPost>)>,
    retry_after: Option<i64>,
}

impl Import<'_> {
    async fn add(&mut self, entry: &Entry) -> Result<(), ApiError> {
        let mut result = ImportedRow {
            row: entry.row(),
            outcome: "refused",
            post_id: None,
            status: None,
            scheduled_for: None,
            account_ids: Vec::new(),
            errors: Vec::new(),
            notes: Vec::new(),
        };
        match entry {
            Entry::Refused { field, message, .. } => result.errors.push(RowError::new(field, message)),
            Entry::Skipped { why, .. } => {
                result.outcome = "skipped";
                result.notes.push(why.clone());
            }
            Entry::Post(row) => {
                if let Some(id) = row.post_id
                    && let Some(deleted) = self.find(id).await?
                {
                    there(&mut result, id, deleted);
                } else {
                    return self.make(entry, result).await;
                }
            }
        }
        self.results.push(result);
        Ok(())
    }

    async fn make(&mut self, entry: &Entry, mut result: ImportedRow) -> Result<(), ApiError> {
        let (state, scoped) = (self.state, self.scoped);
        let ready = match rows::ready(state, scoped, &mut self.known, entry).await {
            Ok(ready) => ready,
            Err(error) => return self.refuse(result, &error),
        };
        result.notes.clone_from(&ready.notes);
        result.account_ids = ready.new.account_ids.iter().map(|id| id.0).collect();
        result.scheduled_for = shown(ready.new.scheduled_for);
        if let Some(first) = self.seen.get(&ready.id) {
            result.notes.push(format!("It is the same as row {first}."));
            there(&mut result, ready.id, false);
            self.results.push(result);
            return Ok(());
        }
        if let Some(deleted) = self.find(ready.id).await? {
            there(&mut result, ready.id, deleted);
            self.results.push(result);
            return Ok(());
        }
        // Creating takes a time that is just over for now; an import publishes nothing at once.
        if !ready.new.draft && ready.new.scheduled_for.is_none_or(|at| at <= state.app.clock.now()) {
            return self.refuse(result, &AppError::PastScheduleTime.into());
        }
        self.seen.insert(ready.id, entry.row());
        if self.dry_run { self.look(ready, result).await } else { self.plan(ready, result).await }
    }

    async fn look(&mut self, ready: Ready, mut result: ImportedRow) -> Result<(), ApiError> {
        let (errors, warnings) = rows::look(self.state, self.scoped, &ready.new, ready.unfetched).await?;
        result.outcome = if errors.is_empty() { "would_be_created" } else { "refused" };
        result.errors = errors;
        result.notes.extend(warnings);
        self.results.push(result);
        Ok(())
    }

    async fn plan(&mut self, ready: Ready, mut result: ImportedRow) -> Result<(), ApiError> {
        let mut new = ready.new;
        new.once_as = Some(ready.id);
        match check(self.state, self.scoped, new).await {
            Ok((planned, counted)) => {
                result.outcome = "created";
                result.post_id = Some(ready.id.0);
                result.status = Some(planned.view.status.as_str());
                result.scheduled_for = shown(planned.view.scheduled_for);
                self.batch.push((self.results.len(), planned, counted));
                self.results.push(result);
                if self.batch.len() == AT_ONCE { self.write().await } else { Ok(()) }
            }
            Err(error) => {
                self.seen.remove(&ready.id);
                self.refuse(result, &error)
            }
        }
    }

    /// A row that is not made, now or ever. A fault of this server ends the import.
    fn refuse(&mut self, mut result: ImportedRow, error: &ApiError) -> Result<(), ApiError> {
        let waits = error.retryable || error.code == "media_not_ready";
        if error.is_own_fault() {
            return Err(error.clone());
        }
        if waits {
            result.outcome = "waiting";
            let seconds = error.retry_after.unwrap_or(AGAIN_IN);
            self.retry_after = Some(self.retry_after.map_or(seconds, |before| before.max(seconds)));
        }
        result.errors.push(RowError::from(error).retryable(waits));
        self.results.push(result);
        Ok(())
    }

    /// Writes what waits to be written.
    async fn write(&mut self) -> Result<(), ApiError> {
        let batch = std::mem::take(&mut self.batch);
        if batch.is_empty() {
            return Ok(());
        }
        let (mut places, mut posts, mut counts) = (Vec::new(), Vec::new(), Vec::new());
        for (place, post, counted) in batch {
            places.push(place);
            posts.push(post);
            counts.push(counted);
        }
        let written = match app::posts::write(&self.state.app, &self.scoped.caller, posts, None).await {
            Ok(written) => written,
            Err(error) => {
                give_all_back(self.state, self.scoped, counts);
                return Err(error.into());
            }
        };
        for ((place, counted), written) in places.into_iter().zip(counts).zip(written) {
            let Err(why) = written else { continue };
            give_back(self.state, self.scoped, counted);
            let Some(result) = self.results.get_mut(place) else { continue };
            match why {
                NotWritten::There { deleted } => {
                    if let Some(id) = result.post_id {
                        there(result, PostId(id), deleted);
                    }
                }
                why => {
                    (result.outcome, result.post_id, result.status) = ("refused", None, None);
                    result.errors.push((&ApiError::from(AppError::from(why))).into());
                }
            }
        }
        Ok(())
    }

    /// Whether there is a post with this id, and whether it was deleted.
    async fn find(&self, id: PostId) -> Result<Option<bool>, ApiError> {
        Ok(app::import::find_there(&self.state.app, &self.scoped.caller, id).await?)
    }

    /// Takes back what was counted for posts that are not written.
    fn give_up(&mut self) {
        let counts = std::mem::take(&mut self.batch).into_iter().map(|(_, _, counted)| counted);
        give_all_back(self.state, self.scoped, counts.collect());
    }

    fn answer(self, format: Format) -> Result<Reply, ApiError> {
        let count = |outcomes: &[&str]| {
            self.results.iter().filter(|result| outcomes.contains(&result.outcome)).count()
        };
        let data = ImportedPosts {
            format: format.as_str(),
            dry_run: self.dry_run,
            total: self.results.len(),
            created: count(&["created", "would_be_created"]),
            already_there: count(&["already_there"]),
            skipped: count(&["skipped"]),
            waiting: count(&["waiting"]),
            refused: count(&["refused"]),
            retry_after: self.retry_after,
            results: Vec::new(),
        };
        let left = data.waiting + data.refused;
        let status = match (data.created, left) {
            _ if self.dry_run => StatusCode::OK,
            (0, 0) => StatusCode::OK,
            (_, 0) => StatusCode::CREATED,
            (_, left) if left == data.total => StatusCode::UNPROCESSABLE_ENTITY,
            _ => StatusCode::MULTI_STATUS,
        };
        Reply::with(status, &ImportedPosts { results: self.results, ..data })
    }
}

fn there(result: &mut ImportedRow, id: PostId, deleted: bool) {
    (result.outcome, result.post_id, result.status) = ("already_there", Some(id.0), None);
    if deleted {
        result.notes.push("The post was deleted here since; it is not made again.".to_owned());
    }
}
