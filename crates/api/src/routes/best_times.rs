//! `GET /best-times`

use app::best_times::Whose;
use axum::extract::{RawQuery, State};
use domain::{AccountId, PlatformName};
use utoipa::IntoParams;

use crate::ApiState;
use crate::auth::{Read, Scoped};
use crate::envelope::Reply;
use crate::error::ApiError;
use crate::fields::MAX_ACCOUNTS;
use crate::openapi::ListErrors;
use crate::query::Query;
use crate::wire::{BestTimes, BestTimesEnvelope};

/// Whose best times are asked for: `account_ids` or `platform`.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "the shape for the document; parameters are read one by one")]
pub(crate) struct BestTimesParams {
    /// Accounts, separated by commas.
    #[param(required = false, example = "3121,3127")]
    account_ids: Option<String>,
    /// All the workspace's accounts on this platform.
    #[param(required = false, example = "linkedin")]
    platform: Option<String>,
    /// An IANA zone; that of the posting queue by default, or UTC.
    #[param(required = false, example = "Europe/Berlin")]
    timezone: Option<String>,
}

/// Get times of the week to post at, from when the workspace's own posts went live.
///
/// `basis` says what a time rests on: the account's own posts (`personal`), those of all accounts on the
/// platform (`platform`), or a habit where there are too few (`general`).
#[utoipa::path(get, path = "/best-times", operation_id = "get_best_times", tag = "queue",
    params(BestTimesParams),
    responses((status = 200, body = BestTimesEnvelope), ListErrors))]
pub(crate) async fn get_best_times(
    State(state): State<ApiState>,
    scoped: Scoped<Read>,
    RawQuery(query): RawQuery,
) -> Result<Reply, ApiError> {
    let query = Query::parse(query.as_deref())?;
    let timezone = query.get("timezone").map(ToOwned::to_owned);
    let found = app::best_times::get(&state.app, &scoped.caller, whose(&query)?, timezone).await?;
    Reply::ok(&BestTimes::from(&found))
}

fn whose(query: &Query) -> Result<Whose, ApiError> {
    match (query.get("account_ids"), query.get("platform")) {
        (Some(_), Some(_)) => {
            Err(ApiError::validation("platform", "Send account_ids or platform, not both."))
        }
        (None, None) => Err(ApiError::validation("account_ids", "Send account_ids or platform.")),
        (None, Some(platform)) => Ok(Whose::Platform(PlatformName::from_text(platform))),
        (Some(_), None) => {
            let mut ids: Vec<AccountId> = Vec::new();
            for text in query.list("account_ids") {
                let message = "account_ids must be account ids, separated by commas.";
                let id = text.parse().map(AccountId);
                let id = id.map_err(|_| ApiError::validation("account_ids", message))?;
                if !ids.contains(&id) {
                    ids.push(id);
                }
                if ids.len() > MAX_ACCOUNTS {
                    let message = format!("account_ids must have {MAX_ACCOUNTS} entries at most.");
                    return Err(ApiError::validation("account_ids", message));
                }
            }
            Ok(Whose::Accounts(ids))
        }
    }
}
