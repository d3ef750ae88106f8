//! The signs of life that the publish loop gives, for probes and metrics.

use std::sync::Arc;

use telemetry::Pulse;

use crate::Engine;

impl Engine {
    /// The loop's signs of life: for whoever answers whether this process is ready.
    pub fn pulse(&self) -> Arc<Pulse> {
        Arc::clone(&self.pulse)
    }

    /// The loop came around and has so many destinations in work.
    pub(crate) fn beat(&self, in_flight: usize) {
        telemetry::in_flight(in_flight);
        let taken = u32::try_from(in_flight).unwrap_or(u32::MAX);
        self.pulse.beat(self.parts.clock.now(), self.config.capacity.saturating_sub(taken));
    }

    /// A look for due destinations worked or failed.
    pub(crate) fn note_look(&self, worked: bool) {
        self.pulse.looked(worked, self.parts.clock.now());
        if !worked {
            telemetry::claim_failed();
        }
    }
}
