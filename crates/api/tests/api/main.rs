//! The API as callers meet it: the real router and use cases over a fresh database and a clock
//! that stands still.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod account_limits;
mod accounts;
mod ai;
mod analytics;
mod approvals;
mod attempts;
mod best_times;
mod breakdown;
mod bulk;
mod bulk_schedule;
mod campaigns;
mod circuit_breaker;
mod connect;
mod copies;
mod dashboard;
mod delete_live;
mod device;
mod document;
mod duplicates;
mod events;
mod export;
mod hostile;
mod idempotency;
mod import;
mod keys;
mod limits;
mod media;
mod media_bucket;
mod media_file;
mod media_import;
mod media_tus;
mod metrics;
mod oauth;
mod pages;
mod paging;
mod plans;
mod posts;
mod probes;
mod queue;
mod readings;
mod resolve;
mod retry_failed;
mod session;
mod shapes;
mod shared_limits;
mod statuses;
mod support;
mod tokens;
mod validate;
mod webhooks;
