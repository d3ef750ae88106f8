//! One lane in a worker's hands: send, write down what came of it, go on with the next.

use domain::causes::with_causes;
use domain::{Span, webhook};
use net::WebhookCall;
use store::{AttemptEnd, DeliveryAttempt, DeliveryJob, DueLane, NewAttempt, Recorded, StoreError};
use tokio::sync::watch;

use super::decide::decide;
use crate::Engine;

/// How soon a write that failed is tried again: what is not written is sent once more.
const WRITE_AGAIN: Span = Span::from_millis(500);

impl Engine {
    pub(super) async fn deliver_lane(&self, lane: DueLane, stopping: watch::Receiver<bool>) {
        if let Err(error) = self.try_lane(lane, &stopping).await {
            tracing::warn!(
                webhook.id = %lane.webhook_id,
                error = %with_causes(&error),
                "a webhook's deliveries could not be read or written; they are tried again"
            );
        }
    }

    async fn try_lane(&self, lane: DueLane, stopping: &watch::Receiver<bool>) -> Result<(), StoreError> {
        let now = self.parts.clock.now();
        let until = now + self.config.deliver.lease();
        let taken = self.parts.store.take_lane(lane, self.owner.to_string(), now, until).await?;
        let Some(mut job) = taken else { return Ok(()) };
        let mut sent = 0;
        loop {
            sent += 1;
            let goes_on = sent < self.config.deliver.at_once && !*stopping.borrow();
            match self.deliver_one(job, goes_on).await? {
                Recorded::Next(next) => job = *next,
                Recorded::Released { disabled } => {
                    if disabled {
                        tracing::warn!(webhook.id = %lane.webhook_id, "a webhook was switched off: it fails");
                    }
                    return Ok(());
                }
                Recorded::Lost => {
                    tracing::debug!(webhook.id = %lane.webhook_id, "a webhook's lease was another's");
                    return Ok(());
                }
            }
        }
    }

    async fn deliver_one(&self, job: DeliveryJob, goes_on: bool) -> Result<Recorded, StoreError> {
        let config = &self.config.deliver;
        let at = self.parts.clock.now();
        let organization = job.lease.lane.organization_id;
        let next = &job.next;
        let call = WebhookCall {
            url: job.url.clone(),
            secret: job.secret.clone(),
            event: next.event.clone(),
            delivery: next.id.to_string(),
            body: webhook::body(organization, &next.event, next.event_id, next.created_at, &next.payload),
            at,
            timeout: config.timeout,
        };
        let answer = self.parts.guarded.call_webhook(&call).await;
        let now = self.parts.clock.now();
        let end = decide(&config.policy, &answer, next.tries, now);
        telemetry::webhook_try(match end {
            AttemptEnd::Delivered => "delivered",
            AttemptEnd::Gone => "gone",
            AttemptEnd::RetryAt(_) | AttemptEnd::Dead => "failed",
        });
        let attempt = DeliveryAttempt {
            at,
            status: answer.status,
            duration_ms: answer.duration.as_millis(),
            error: answer.problem,
        };
        let new = NewAttempt {
            attempt,
            end,
            disable_after: config.policy.disable_after,
            keep_until: goes_on.then(|| now + config.lease()),
            now,
        };
        self.record_delivery(job, new).await
    }

    /// Writes until it is written or the lease has ended.
    async fn record_delivery(&self, job: DeliveryJob, new: NewAttempt) -> Result<Recorded, StoreError> {
        let clock = &self.parts.clock;
        let give_up = clock.now() + self.config.deliver.lease();
        loop {
            match self.parts.store.record_delivery(job.clone(), new.clone()).await {
                Err(error) if error.may_pass() && clock.now() + WRITE_AGAIN < give_up => {
                    tracing::warn!(error = %with_causes(&error), "a write failed; trying again");
                    clock.pause_until(clock.now() + WRITE_AGAIN).await;
                }
                written => return written,
            }
        }
    }
}
