//! The shapes that answers have. Where the generations of the contract disagree, an answer carries
//! the names of all of them.

mod account;
mod account_limits;
mod ai;
mod analytics;
mod approval;
mod attempts;
mod best_times;
mod breakdown;
mod bulk;
mod campaign;
mod connect;
mod event;
mod import;
mod media;
mod metrics;
mod post;
mod queue;
mod validation;
mod webhook;

use domain::Timestamp;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use utoipa::openapi::schema::{Object, ObjectBuilder, Type};

pub(crate) use account::{Account, AccountDetail, AccountHealthReport, AccountList};
pub(crate) use account_limits::AccountLimitsReport;
pub(crate) use ai::{GeneratedCaptions, GeneratedImage};
pub(crate) use analytics::{AnalyticsSummary, PeriodName};
pub(crate) use approval::PostApproval;
pub(crate) use attempts::{DestinationAttempts, PostAttempts, ResolvedPost};
pub(crate) use best_times::BestTimes;
pub(crate) use breakdown::{AnalyticsBreakdown, BreakdownBy};
pub(crate) use bulk::{BulkCreated, BulkRefused, BulkResult, RequeuedDestination, RetriedPosts};
pub(crate) use campaign::{Campaign, CampaignList, CampaignState, DeletedCampaign};
pub(crate) use connect::{
    ConnectLink, ConnectedAccount, DeviceCode, DeviceToken, DeviceUser, DisconnectedAccount, SocialConnect,
    SocialConnectState,
};
pub(crate) use event::EventList;
pub(crate) use import::{
    BulkScheduleDryRun, CheckedRow, ImportFormat, ImportRefused, ImportedPosts, ImportedRow, RowError,
};
pub(crate) use media::{
    BegunUpload, CompletedUpload, DeletedMedia, ImportedMedia, Media, MediaKind, MediaList, UploadMethod,
    next_step,
};
pub(crate) use metrics::{AccountReadings, DestinationReadings, PostMetrics};
pub(crate) use post::{
    CreatedPost, DeletedPost, Destination, Pagination, PlatformContentEntry, Post, PostList, Results,
    RetriedPost, ScheduledPost, XDeletion,
};
pub(crate) use queue::{DeletedQueue, QueueForecast, QueueSlot};
pub(crate) use validation::ValidatedPost;
pub(crate) use webhook::{
    CreatedWebhook, DeletedWebhook, DeliveryList, EventName, ReplayedDelivery, RequeuedDeliveries,
    TestedWebhook, Webhook, WebhookDelivery, WebhookList,
};

/// When and under which id a request was answered.
#[derive(Serialize, ToSchema)]
pub(crate) struct Meta {
    /// Quote it when you ask for help; also the header `x-request-id`.
    #[schema(example = "7c1e09ab")]
    request_id: String,
    /// ISO 8601 in UTC with milliseconds.
    #[schema(format = DateTime)]
    timestamp: String,
}

/// What went wrong.
#[derive(Serialize, ToSchema)]
pub(crate) struct ErrorInfo {
    /// For people.
    message: String,
    /// Stable, snake_case.
    #[schema(schema_with = error_code)]
    code: String,
    /// Whether the same request may work later.
    retryable: bool,
    /// Facts that depend on the code, such as `field` or `validation_errors`.
    #[schema(value_type = Option<Object>, required = false, nullable = false)]
    details: Option<Value>,
}

/// The envelope of a failure.
#[derive(Serialize, ToSchema)]
pub(crate) struct ErrorEnvelope {
    /// Always null.
    #[schema(schema_with = null, required)]
    data: Option<Value>,
    /// What went wrong.
    error: ErrorInfo,
    /// About the answer.
    meta: Meta,
}

/// Declares the envelope of a success with this data, for the OpenAPI document.
macro_rules! envelopes {
    ($($(#[$doc:meta])* $name:ident: $data:ty;)*) => {$(
        $(#[$doc])*
        #[derive(Serialize, ToSchema)]
        pub(crate) struct $name {
            /// What was asked for.
            data: $data,
            /// Always null.
            #[schema(schema_with = null, required)]
            error: Option<Value>,
            /// About the answer.
            meta: Meta,
        }
    )*};
}

envelopes! {
    /// Envelope of the account list.
    AccountListEnvelope: AccountList;
    /// Envelope of an account.
    AccountEnvelope: AccountDetail;
    /// Envelope of an account's health.
    AccountHealthEnvelope: AccountHealthReport;
    /// Envelope of what an account has used of its platform's limits.
    AccountLimitsEnvelope: AccountLimitsReport;
    /// Envelope of a link to connect an account.
    ConnectLinkEnvelope: ConnectLink;
    /// Envelope of an account that was connected.
    ConnectedAccountEnvelope: ConnectedAccount;
    /// Envelope of an account that was disconnected.
    DisconnectedAccountEnvelope: DisconnectedAccount;
    /// Envelope of a connect session.
    SocialConnectEnvelope: SocialConnect;
    /// Envelope of a connect session's state.
    SocialConnectStateEnvelope: SocialConnectState;
    /// Envelope of a device's codes.
    DeviceCodeEnvelope: DeviceCode;
    /// Envelope of what a waiting device is told.
    DeviceTokenEnvelope: DeviceToken;
    /// Envelope of an upload that was begun.
    BegunUploadEnvelope: BegunUpload;
    /// Envelope of an upload that was completed.
    CompletedUploadEnvelope: CompletedUpload;
    /// Envelope of an import.
    ImportedMediaEnvelope: ImportedMedia;
    /// Envelope of the media list.
    MediaListEnvelope: MediaList;
    /// Envelope of a library item.
    MediaEnvelope: Media;
    /// Envelope of media that was deleted.
    DeletedMediaEnvelope: DeletedMedia;
    /// Envelope of a post.
    PostEnvelope: Post;
    /// Envelope of a post that was made.
    CreatedPostEnvelope: CreatedPost;
    /// Envelope of posts that were made in one call.
    BulkCreatedEnvelope: BulkCreated;
    /// Envelope of a retry over many posts.
    RetriedPostsEnvelope: RetriedPosts;
    /// Envelope of what would become of a post.
    ValidatedPostEnvelope: ValidatedPost;
    /// Envelope of what would become of rows.
    BulkScheduleDryRunEnvelope: BulkScheduleDryRun;
    /// Envelope of what became of a file.
    ImportedPostsEnvelope: ImportedPosts;
    /// Envelope of a list of posts.
    PostListEnvelope: PostList;
    /// Envelope of a post's results.
    ResultsEnvelope: Results;
    /// Envelope of a deletion.
    DeletedPostEnvelope: DeletedPost;
    /// Envelope of a draft that was scheduled.
    ScheduledPostEnvelope: ScheduledPost;
    /// Envelope of what was tried for a post.
    PostAttemptsEnvelope: PostAttempts;
    /// Envelope of an outcome that a person told.
    ResolvedPostEnvelope: ResolvedPost;
    /// Envelope of a retry.
    RetriedPostEnvelope: RetriedPost;
    /// Envelope of a campaign.
    CampaignEnvelope: Campaign;
    /// Envelope of the list of campaigns.
    CampaignListEnvelope: CampaignList;
    /// Envelope of a campaign that was deleted.
    DeletedCampaignEnvelope: DeletedCampaign;
    /// Envelope of the list of webhooks.
    WebhookListEnvelope: WebhookList;
    /// Envelope of a webhook.
    WebhookEnvelope: Webhook;
    /// Envelope of a webhook that was made.
    CreatedWebhookEnvelope: CreatedWebhook;
    /// Envelope of a webhook that was deleted.
    DeletedWebhookEnvelope: DeletedWebhook;
    /// Envelope of a test.
    TestedWebhookEnvelope: TestedWebhook;
    /// Envelope of a webhook's log.
    DeliveryListEnvelope: DeliveryList;
    /// Envelope of a delivery.
    DeliveryEnvelope: WebhookDelivery;
    /// Envelope of a delivery that goes out again.
    ReplayedDeliveryEnvelope: ReplayedDelivery;
    /// Envelope of what is tried again.
    RequeuedDeliveriesEnvelope: RequeuedDeliveries;
    /// Envelope of what happened.
    EventListEnvelope: EventList;
    /// Envelope of a period's numbers.
    AnalyticsSummaryEnvelope: AnalyticsSummary;
    /// Envelope of a period's numbers told apart.
    AnalyticsBreakdownEnvelope: AnalyticsBreakdown;
    /// Envelope of how a post did.
    PostMetricsEnvelope: PostMetrics;
    /// Envelope of how an account did.
    AccountMetricsEnvelope: AccountReadings;
    /// Envelope of the posting queue.
    QueueForecastEnvelope: QueueForecast;
    /// Envelope of a queue that was deleted.
    DeletedQueueEnvelope: DeletedQueue;
    /// Envelope of the best times.
    BestTimesEnvelope: BestTimes;
    /// Envelope of captions.
    GeneratedCaptionsEnvelope: GeneratedCaptions;
    /// Envelope of a picture.
    GeneratedImageEnvelope: GeneratedImage;
    /// Envelope of the caller.
    MeEnvelope: crate::routes::me::Me;
    /// Envelope of the platform rules.
    PlatformRulesEnvelope: crate::routes::platform_rules::PlatformRules;
}

fn null() -> Object {
    ObjectBuilder::new().schema_type(Type::Null).description(Some("Always null.")).build()
}

fn error_code() -> Object {
    let description = "Stable, snake_case.";
    ObjectBuilder::new()
        .schema_type(Type::String)
        .description(Some(description))
        .enum_values(Some(crate::error::CODES))
        .build()
}

/// A moment as answers show it.
pub(crate) fn shown(moment: Option<Timestamp>) -> Option<String> {
    moment.map(Timestamp::to_iso_millis)
}
