//! The routes, one file per operation.

pub(crate) mod accounts;
pub(crate) mod ai;
pub(crate) mod analytics;
pub(crate) mod best_times;
pub(crate) mod campaigns;
pub(crate) mod device;
pub(crate) mod event_list;
pub(crate) mod events;
pub(crate) mod me;
pub(crate) mod media;
mod media_file;
pub(crate) mod path;
pub(crate) mod platform_rules;
pub(crate) mod posts;
pub(crate) mod probes;
pub(crate) mod queue;
pub(crate) mod social_connect;
pub(crate) mod webhooks;

use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::routing::get;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::error::ApiError;
use crate::{ApiState, dashboard, envelope, idempotency, oauth, openapi, pages, session, visit};

/// Where the API is. Clients disagree on whether the version is part of the base address, and some
/// add it twice.
const PREFIXES: [&str; 3] = ["/api/v1", "/v1", "/api/v1/api/v1"];

/// The documented operations: route and document come from the same line.
pub(crate) fn documented() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new()
        .routes(routes!(accounts::list::list_accounts))
        .routes(routes!(accounts::connect_link::create_connect_link))
        .routes(routes!(accounts::connect_credential::connect_credential_account))
        .routes(routes!(accounts::get::get_account, accounts::disconnect::disconnect_account))
        .routes(routes!(accounts::health::get_account_health))
        .routes(routes!(accounts::limits::get_account_limits))
        .routes(routes!(accounts::reconnect::create_reconnect_link))
        .routes(routes!(posts::list::list_posts, posts::create::create_post))
        .routes(routes!(posts::validate::validate_post))
        .routes(routes!(posts::bulk::bulk_create_posts))
        .routes(routes!(posts::bulk_schedule::bulk_schedule_posts))
        .routes(routes!(posts::import::import_posts))
        .routes(routes!(posts::export::export_posts))
        .routes(routes!(posts::retry_failed::retry_failed_posts))
        .routes(routes!(posts::get::get_post, posts::update::update_post, posts::delete::delete_post))
        .routes(routes!(posts::results::get_post_results))
        .routes(routes!(posts::attempts::get_post_attempts))
        .routes(routes!(posts::resolve::resolve_post))
        .routes(routes!(posts::retry::retry_post))
        .routes(routes!(posts::schedule::schedule_post))
        .routes(routes!(posts::request_approval::request_post_approval))
        .routes(routes!(posts::approve::approve_post))
        .routes(routes!(posts::request_changes::request_post_changes))
        .routes(routes!(social_connect::start::start_social_connect))
        .routes(routes!(social_connect::poll::poll_social_connect))
        .routes(routes!(social_connect::credentials::connect_bluesky))
        .routes(routes!(social_connect::credentials::connect_telegram))
        .routes(routes!(social_connect::credentials::connect_discord))
        .routes(routes!(device::begin::begin_device_login))
        .routes(routes!(device::token::poll_device_login))
        .routes(routes!(campaigns::list::list_campaigns, campaigns::create::create_campaign))
        .routes(routes!(
            campaigns::get::get_campaign,
            campaigns::update::update_campaign,
            campaigns::delete::delete_campaign
        ))
        .routes(routes!(webhooks::list::list_webhooks, webhooks::create::create_webhook))
        .routes(routes!(
            webhooks::get::get_webhook,
            webhooks::update::update_webhook,
            webhooks::delete::delete_webhook
        ))
        .routes(routes!(webhooks::test::test_webhook))
        .routes(routes!(webhooks::deliveries::list_webhook_deliveries))
        .routes(routes!(webhooks::requeue::requeue_webhook_deliveries))
        .routes(routes!(webhooks::delivery::get_webhook_delivery))
        .routes(routes!(webhooks::replay::replay_webhook_delivery))
        .routes(routes!(media::upload::begin_upload))
        .routes(routes!(media::import::import_media))
        .routes(routes!(media::complete::complete_upload))
        .routes(routes!(media::list::list_media))
        .routes(routes!(media::get::get_media, media::delete::delete_media))
        .routes(routes!(events::stream_events))
        .routes(routes!(event_list::list_events))
        .routes(routes!(analytics::summary::get_analytics_summary))
        .routes(routes!(analytics::breakdown::get_analytics_breakdown))
        .routes(routes!(posts::metrics::get_post_metrics))
        .routes(routes!(accounts::metrics::get_account_metrics))
        .routes(routes!(queue::get::get_queue, queue::set::set_queue, queue::delete::delete_queue))
        .routes(routes!(best_times::get_best_times))
        .routes(routes!(ai::generate_caption::generate_caption))
        .routes(routes!(ai::generate_image::generate_image))
        .routes(routes!(me::get_me))
        .routes(routes!(platform_rules::get_platform_rules))
}

/// Every route. What is no route, and what panics, is answered like everything else.
pub(crate) fn router(state: ApiState) -> Router {
    let (operations, _) = documented().split_for_parts();
    let operations = operations
        .route_layer(from_fn_with_state(state.clone(), idempotency::guard))
        .route_layer(from_fn_with_state(state.clone(), session::note_changes));
    let mut api = operations.route("/openapi.json", get(openapi::serve));
    api = api.merge(media::tus::routes());
    let mut router = Router::new();
    for prefix in PREFIXES {
        router = router.nest(prefix, api.clone());
    }
    router
        .route("/", get(dashboard::start))
        .route("/docs", get(pages::docs))
        .route("/media/{token}/{filename}", get(media_file::serve))
        .merge(media::send::routes())
        .merge(probes::routes())
        .merge(visit::routes())
        .merge(oauth::routes())
        .merge(session::routes())
        .fallback(dashboard::fallback)
        .layer(from_fn_with_state(state.clone(), envelope::wrap))
        .with_state(state)
}

pub(crate) async fn no_route() -> ApiError {
    ApiError::not_found("Route")
}
