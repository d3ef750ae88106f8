//! What a running server tells its operator: the metrics by name, the publish loop's pulse, and the
//! trace that a destination belongs to.
//!
//! Owns every metric's name and labels; any crate may record. Must not know the database, HTTP or
//! who reads the figures. No label holds a name, an id or content of a tenant.

mod exporter;
mod metric;
mod process;
mod pulse;
mod record;
mod trace;

pub use exporter::{Exporter, InstallError, LocalScope};
pub use metric::{Kind, Metric};
pub use pulse::{Alive, Pulse, PulseState};
pub use record::{
    Queue, accounts_needing_reconnection, api_version_end, attempt, claim_failed, claimed, finished,
    http_request, in_flight, last_backup, lease_lost, loop_age, metric_reading, oldest_due, overdue,
    overdue_alarm, published, queue, rate_limited, reconciled, token_probe, token_renewal, webhook_try,
    write_batch,
};
pub use trace::follow;
