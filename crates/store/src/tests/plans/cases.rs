//! What is asked of the database, and which indexes have to answer it.

use crate::{
    access, accounts, ai_credits, analytics, api_requests, audit_log, best_times, breaker, campaigns, claims,
    connect_sessions, device_logins, disconnect, duplicates, ends, events, events_forget, fan_out, figures,
    idempotency, identities, identity_links, invitations, journal, keys, lanes, limits, live_copies, media,
    media_copies, media_preparations, members, metrics, oauth, overdue, passkeys, posts_retry, posts_there,
    queues, rate_windows, record, sessions, sign_in_attempts, sign_in_challenges, targets, users, webhooks,
};

/// What is asked, and which indexes have to answer.
pub(super) struct Case {
    /// The columns of the rows that a statement takes, if it takes rows.
    pub(super) names: &'static str,
    pub(super) text: &'static str,
    pub(super) indexes: &'static [&'static str],
}

const fn plain(text: &'static str, indexes: &'static [&'static str]) -> Case {
    Case { names: "", text, indexes }
}

const fn by(text: &'static str, indexes: &'static [&'static str]) -> Case {
    Case { names: metrics::breakdown::COLUMNS, text, indexes }
}

const BROKEN_DOWN_LIVE: &[&str] =
    &["accounts_", "destinations_published", "posts_pkey", "post_readings_pkey"];
const BROKEN_DOWN_FAILED: &[&str] = &["accounts_", "destinations_failed", "posts_pkey"];

pub(super) const CASES: &[Case] = &[
    plain(claims::DUE_ACCOUNTS, &["destinations_due"]),
    plain(claims::NEXT_DUE, &["destinations_due"]),
    plain(claims::NEXT_WORK, &["destinations_due"]),
    plain(claims::POST_GOES_OUT, &["posts_pkey", "destinations_pkey"]),
    plain(overdue::WAITING, &["destinations_due"]),
    plain(overdue::COUNT_WAITING, &["destinations_due"]),
    plain(overdue::IN_HAND, &["destinations_leased"]),
    plain(overdue::COUNT_IN_HAND, &["destinations_leased"]),
    plain(figures::OPEN, &["destinations_due"]),
    plain(figures::NEGLECTED, &["destinations_due", "destinations_leased"]),
    plain(figures::TO_RECONNECT, &["accounts_to_reconnect"]),
    plain(access::UNPLANNED, &["accounts_unplanned"]),
    plain(access::TO_RENEW, &["accounts_to_renew"]),
    plain(access::TO_PROBE, &["accounts_to_probe"]),
    plain(limits::FIND_REST, &["account_rests_pkey"]),
    plain(limits::END_RESTS, &["account_rests_ending"]),
    plain(limits::NEXT_REST_END, &["account_rests_ending"]),
    plain(limits::LIST_RESTS, &["account_rests_ending"]),
    plain(limits::LINE_UP, &["destinations_lane"]),
    plain(limits::COUNT_PUBLISHED, &["destinations_published"]),
    plain(limits::LIST_PUBLISHED, &["destinations_published"]),
    plain(rate_windows::FORGET, &["rate_windows_by_age"]),
    plain(connect_sessions::FIND, &["connect_sessions_id"]),
    plain(connect_sessions::FIND_STATE, &["connect_sessions_state"]),
    plain(connect_sessions::FORGET, &["connect_sessions_ending"]),
    plain(device_logins::WAITING, &["device_logins_code"]),
    plain(oauth::ACCESS, &["oauth_grants_access", "api_keys_pkey"]),
    plain(oauth::BY_CODE, &["oauth_grants_code", "api_keys_pkey"]),
    plain(oauth::BY_REFRESH, &["oauth_grants_refresh", "api_keys_pkey"]),
    plain(oauth::BY_REPLACED, &["oauth_grants_replaced", "api_keys_pkey"]),
    plain(oauth::FORGET_GRANTS, &["oauth_grants_ending"]),
    plain(oauth::FORGET_CLIENTS, &["oauth_clients_by_age", "oauth_grants_of_client"]),
    plain(ai_credits::USED, &["ai_credits_pkey", "ai_holds_pkey"]),
    plain(ai_credits::BONUS, &["ai_bonus_pkey"]),
    plain(ai_credits::BONUS_LEFT, &["ai_bonus_pkey", "ai_holds_pkey"]),
    plain(disconnect::OWNED, &["accounts_by_owner", "accounts_by_platform_user"]),
    plain(campaigns::LIST, &["campaigns_by_age", "posts_of_campaign"]),
    plain(campaigns::FIND, &["campaigns_pkey", "posts_of_campaign"]),
    plain(campaigns::LEAVE, &["posts_of_campaign"]),
    plain(
        "SELECT * FROM posts p WHERE p.organization_id = $1 AND p.workspace_id = $2 AND p.deleted_at IS NULL
         AND p.campaign_id IS NOT NULL AND p.campaign_id = $3 ORDER BY p.created_at DESC, p.id DESC LIMIT 20",
        &["posts_of_campaign"],
    ),
    plain(lanes::DUE, &["webhooks_due"]),
    plain(lanes::NEXT_DUE, &["webhooks_due"]),
    plain(lanes::HEAD, &["webhook_deliveries_lane", "events_pkey"]),
    plain(webhooks::LIST, &["webhooks_pkey"]),
    plain(fan_out::WAITING, &["events_pending"]),
    plain(events_forget::FORGET, &["webhook_deliveries_of_event"]),
    plain(events_forget::FORGET_EVENTS, &["events_pkey"]),
    plain(
        "SELECT * FROM webhook_deliveries d JOIN events e ON e.organization_id = d.organization_id
         AND e.id = d.event_id WHERE d.organization_id = $1 AND d.webhook_id = $2 AND d.status = $3
         ORDER BY d.seq DESC LIMIT 20",
        &["webhook_deliveries_order", "events_pkey"],
    ),
    Case {
        names: "organization_id, id, kind, payload, created_at",
        text: events::INSERT_ALL,
        indexes: &["webhooks_pkey", "events_pending_last"],
    },
    Case { names: "organization_id, kind", text: events::AWAITED, indexes: &["webhooks_pkey"] },
    plain(events::IDS_AFTER, &["events_pkey"]),
    Case { names: "organization_id, id", text: events::BY_ID, indexes: &["events_pkey"] },
    Case { names: "organization_id", text: fan_out::WEBHOOKS, indexes: &["webhooks_pkey"] },
    Case { names: "organization_id, account_id", text: fan_out::NAMES, indexes: &["accounts_pkey"] },
    Case { names: "organization_id, post_id", text: fan_out::POSTS, indexes: &["posts_pkey"] },
    Case { names: "organization_id, id, payload", text: fan_out::TAKE, indexes: &["events_pkey"] },
    Case { names: "organization_id, id", text: fan_out::LANES, indexes: &["webhooks_pkey"] },
    Case { names: "organization_id, id, next_seq, at", text: fan_out::GO, indexes: &["webhooks_pkey"] },
    plain(breaker::FIND, &["posts_failing", "destinations_of_post"]),
    plain(duplicates::FIND, &["destinations_by_content", "posts_pkey"]),
    plain(idempotency::FIND, &["idempotency_keys_key"]),
    plain(idempotency::CLEAR, &["idempotency_keys_key"]),
    plain(idempotency::FORGET, &["idempotency_keys_ending"]),
    plain(
        "SELECT d.id FROM destinations d
         JOIN posts p ON p.organization_id = d.organization_id AND p.id = d.post_id
         WHERE d.organization_id = $1 AND d.status = 'failed' AND d.failed_at IS NOT NULL
           AND p.deleted_at IS NULL AND p.workspace_id = $2 AND d.failed_at >= $3
         ORDER BY d.failed_at, d.id LIMIT 1000",
        &["destinations_failed", "posts_pkey"],
    ),
    plain(
        "SELECT * FROM posts p WHERE p.organization_id = $1 AND p.workspace_id = $2 AND p.deleted_at IS NULL
         AND (p.created_at, p.id) < ($3, $4) ORDER BY p.created_at DESC, p.id DESC LIMIT 20",
        &["posts_by_age"],
    ),
    plain(
        "SELECT * FROM posts p WHERE p.organization_id = $1 AND p.workspace_id = $2 AND p.deleted_at IS NULL
         AND (p.scheduled_for, p.id) < ($3, $4) ORDER BY p.scheduled_for DESC, p.id DESC LIMIT 20",
        &["posts_by_schedule"],
    ),
    plain(
        "SELECT * FROM posts p WHERE p.organization_id = $1 AND p.workspace_id = $2 AND p.deleted_at IS NULL
         AND (p.updated_at, p.id) > ($3, $4) ORDER BY p.updated_at ASC, p.id ASC LIMIT 20",
        &["posts_by_change"],
    ),
    plain(
        "SELECT * FROM webhook_deliveries d JOIN events e ON e.organization_id = d.organization_id
         AND e.id = d.event_id WHERE d.organization_id = $1 AND d.webhook_id = $2
         AND d.seq < (SELECT a.seq FROM webhook_deliveries a WHERE a.organization_id = $1
                      AND a.webhook_id = $2 AND a.id = $3)
         ORDER BY d.seq DESC LIMIT 20",
        &["webhook_deliveries_order", "events_pkey"],
    ),
    Case {
        names: "search_id",
        text: "SELECT p.id FROM v CROSS JOIN posts p WHERE p.search_id = v.search_id AND p.deleted_at IS NULL
         AND p.content_folded LIKE '%a%' ORDER BY p.created_at DESC, p.id DESC LIMIT 20",
        indexes: &["posts_by_search"],
    },
    Case { names: "organization_id, id, at", text: posts_retry::REQUEUE, indexes: &["destinations_pkey"] },
    Case {
        names: "organization_id, post_id, status, at",
        text: posts_retry::POSTS_GO_OUT,
        indexes: &["posts_pkey"],
    },
    plain(posts_there::LOOK, &["posts_pkey"]),
    plain(live_copies::FIND, &["posts_pkey"]),
    plain(live_copies::LIST, &["destinations_of_post"]),
    plain(queues::FIND, &["queues_pkey"]),
    plain(access::OF_ACCOUNT, &["accounts_pkey"]),
    plain(metrics::plans::LIVE, &["destinations_live"]),
    Case { names: metrics::plans::GO_COLUMNS, text: metrics::plans::GO, indexes: &["metric_lanes_pkey"] },
    plain(metrics::plans::RESUME, &["metric_plans_refused"]),
    plain(metrics::lanes::DUE, &["metric_lanes_due"]),
    plain(metrics::lanes::NEXT_DUE, &["metric_lanes_due"]),
    plain(metrics::lanes::POSTS, &["metric_plans_lane", "destinations_pkey"]),
    plain(metrics::lanes::NEXT, &["metric_plans_lane"]),
    plain(metrics::history::PLANS, &["destinations_of_post", "metric_plans_pkey"]),
    plain(metrics::history::READINGS, &["destinations_of_post", "post_readings_pkey"]),
    plain(metrics::history::LANE, &["metric_lanes_pkey"]),
    plain(metrics::history::FOLLOWERS, &["account_readings_pkey"]),
    plain(metrics::totals::SUM, &["accounts_", "destinations_published", "post_readings_pkey"]),
    by(metrics::breakdown::BY_STEP[0], BROKEN_DOWN_LIVE),
    by(metrics::breakdown::BY_STEP[1], BROKEN_DOWN_FAILED),
    by(metrics::breakdown::BY_PLATFORM[0], BROKEN_DOWN_LIVE),
    by(metrics::breakdown::BY_PLATFORM[1], BROKEN_DOWN_FAILED),
    by(metrics::breakdown::BY_ACCOUNT[0], BROKEN_DOWN_LIVE),
    by(metrics::breakdown::BY_ACCOUNT[1], BROKEN_DOWN_FAILED),
    by(metrics::breakdown::BY_CAMPAIGN[0], BROKEN_DOWN_LIVE),
    by(metrics::breakdown::BY_CAMPAIGN[1], BROKEN_DOWN_FAILED),
    plain(metrics::breakdown::FIRST, &["accounts_", "destinations_published", "destinations_failed"]),
    plain(metrics::totals::AUDIENCE, &["accounts_", "account_readings_pkey"]),
    Case {
        names: metrics::totals::WEEK_COLUMNS,
        text: metrics::totals::WEEK,
        indexes: &["destinations_published", "post_readings_pkey"],
    },
    Case { names: queues::TAKEN_COLUMNS, text: queues::TAKEN, indexes: &["posts_by_schedule"] },
    Case { names: best_times::COLUMNS, text: best_times::COUNT, indexes: &["destinations_published"] },
    plain(analytics::COUNT, &["posts_by_schedule", "posts_by_status", "destinations_of_post"]),
    plain(keys::FIND, &["api_keys_hash"]),
    plain(users::FIND_BY_EMAIL, &["users_email"]),
    plain(users::MEMBERSHIPS, &["memberships_of_user", "organizations_pkey"]),
    plain(members::LIST, &["memberships_pkey", "sessions_of_user"]),
    plain(sessions::FIND, &["sessions_token", "memberships_", "organizations_pkey"]),
    plain(sessions::LIST, &["sessions_of_user"]),
    plain(sessions::FORGET, &["sessions_by_age"]),
    plain(passkeys::LIST, &["passkeys_of_user"]),
    plain(passkeys::FIND, &["passkeys_credential", "users_pkey"]),
    plain(sign_in_challenges::FORGET, &["sign_in_challenges_ending"]),
    plain(identities::FIND, &["identities_pkey", "users_pkey"]),
    plain(identity_links::LIST, &["identities_of_user"]),
    plain(identities::INVITED, &["invitations_for"]),
    plain(sign_in_attempts::FORGET, &["sign_in_attempts_by_age"]),
    plain(invitations::FIND, &["invitations_token"]),
    plain(invitations::LIST, &["invitations_pkey"]),
    plain(api_requests::LIST, &["api_requests_pkey"]),
    plain(api_requests::LIST_AFTER, &["api_requests_pkey"]),
    plain(api_requests::TRIM, &["api_requests_pkey"]),
    plain(api_requests::FORGET, &["api_requests_by_age"]),
    plain(journal::LIST_OF_POST, &["destinations_of_post", "journal_pkey"]),
    plain(journal::OWN_LINES_OF_POST, &["destinations_of_post"]),
    plain(audit_log::LIST, &["audit_log_pkey"]),
    plain(audit_log::LIST_AFTER, &["audit_log_pkey"]),
    plain(audit_log::FORGET, &["audit_log_by_age"]),
    plain(media::LIST, &["media_by_age"]),
    plain(media::LIST_KIND, &["media_by_kind"]),
    plain(media::LIST_AFTER, &["media_by_age"]),
    plain(media::LIST_KIND_AFTER, &["media_by_kind"]),
    plain(
        "SELECT * FROM media m WHERE m.organization_id = $1 AND m.workspace_id = $2
         AND (m.filename IN ($3, $4) OR m.source_url IN ($3, $4))",
        &["media_"],
    ),
    plain(media::COUNT, &["media_"]),
    plain(media::COUNT_KIND, &["media_"]),
    plain(media::USED, &["media_sizes"]),
    plain(media::IN_USE, &["posts_by_status"]),
    plain(media::NAMED, &["media_files", "media_thumbnails", "media_copies_files"]),
    plain(media::UNUSED, &["unused_files_pkey"]),
    plain(media::DUE, &["media_work"]),
    plain(media::NEXT_DUE, &["media_work"]),
    plain(media::EXPIRED, &["media_expiring"]),
    plain(media_copies::OF_DESTINATION, &["media_copies_of_destination"]),
    plain(media_copies::MADE, &["media_copies_made"]),
    plain(media_copies::FORGET, &["media_copies_by_age"]),
    plain(media_preparations::DUE, &["media_preparations_work"]),
    plain(media_preparations::OF_POST, &["media_copies_prepared"]),
    plain(accounts::LIST, &["destinations_failed"]),
    plain(accounts::NUMBERS, &["destinations_lane", "destinations_failed", "destinations_published"]),
    plain(
        "SELECT * FROM posts p WHERE p.organization_id = $1 AND p.workspace_id = $2 AND p.deleted_at IS NULL
         ORDER BY p.created_at DESC, p.id DESC LIMIT 20",
        &["posts_by_age"],
    ),
    plain(
        "SELECT * FROM posts p WHERE p.organization_id = $1 AND p.workspace_id = $2 AND p.deleted_at IS NULL
         AND p.status IN ('failed') ORDER BY p.created_at DESC, p.id DESC LIMIT 20",
        &["posts_by_status"],
    ),
    plain(
        "SELECT * FROM posts p WHERE p.organization_id = $1 AND p.workspace_id = $2 AND p.deleted_at IS NULL
         AND p.approval IS NOT NULL AND p.approval IN ('requested') ORDER BY p.created_at DESC, p.id DESC LIMIT 20",
        &["posts_by_approval"],
    ),
    plain(
        "SELECT * FROM posts p WHERE p.organization_id = $1 AND p.workspace_id = $2 AND p.deleted_at IS NULL
         ORDER BY p.scheduled_for DESC NULLS LAST, p.id DESC LIMIT 20",
        &["posts_by_schedule"],
    ),
    plain(
        "SELECT * FROM posts p WHERE p.organization_id = $1 AND p.workspace_id = $2 AND p.deleted_at IS NULL
         AND p.scheduled_for >= $3 ORDER BY p.scheduled_for ASC NULLS FIRST, p.id ASC LIMIT 20",
        &["posts_by_schedule"],
    ),
    plain(
        "SELECT * FROM destinations d WHERE d.organization_id = $1 AND d.post_id IN ($2, $3)",
        &["destinations_of_post"],
    ),
    Case {
        names: "organization_id, account_id, at",
        text: claims::HEADS,
        indexes: &["destinations_lane", "destinations_leased"],
    },
    Case {
        names: "organization_id, account_id, at",
        text: limits::FIND_RESTS,
        indexes: &["account_rests_pkey"],
    },
    Case {
        names: "organization_id, id, token, owner, lease_until, attempts, tries, at",
        text: claims::TAKE,
        indexes: &["destinations_pkey"],
    },
    Case {
        names: "organization_id, id, token, owner, lease_until, attempts, tries, at",
        text: claims::TAKEN,
        indexes: &["destinations_pkey"],
    },
    Case { names: "organization_id, post_id", text: ends::STATUSES, indexes: &["destinations_of_post"] },
    Case { names: "organization_id, post_id", text: ends::SHARED_STATUSES, indexes: &["destinations_of_post"] },
    Case {
        names: "organization_id, post_id, status, updated_at, published_at",
        text: ends::POST_STATUS,
        indexes: &["posts_pkey"],
    },
    Case {
        names: journal::JOURNAL_COLUMNS,
        text: journal::JOURNAL,
        indexes: &["destinations_pkey", "journal_pkey"],
    },
    Case {
        names: "organization_id, account_id",
        text: targets::ACCOUNTS,
        indexes: &["accounts_pkey", "destinations_published"],
    },
    Case { names: "organization_id, post_id", text: targets::POSTS, indexes: &["posts_pkey"] },
    Case { names: record::PROGRESS_COLUMNS, text: record::PROGRESS, indexes: &["destinations_pkey"] },
    Case { names: record::COLUMNS, text: record::WRITE, indexes: &["destinations_pkey"] },
];
