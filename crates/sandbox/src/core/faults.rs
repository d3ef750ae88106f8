//! Faults: what shall go wrong, how often, and which call it hits.
//! Must not know HTTP; the dispatcher carries a fault out.

use std::sync::Mutex;

use domain::PlatformName;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use serde::{Deserialize, Serialize};

use super::entropy::Entropy;
use super::error::SandboxError;
use super::lock;

/// The operation that makes something public, on every platform.
const CREATE_POST: &str = "create_post";

/// What goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FaultKind {
    /// An error answer before anything is done.
    Error,
    /// The platform's "too many requests".
    RateLimit,
    /// The call is handled late.
    Delay,
    /// The connection is closed; nothing is done and nothing answered.
    ResetBefore,
    /// The call is carried out, then the connection is closed without an answer.
    DropAfterAccept,
    /// The call is carried out, then an error is answered.
    RefusedButLive,
    /// The token of the call is revoked first.
    TokenRevoked,
    /// The next media that needs processing fails.
    ProcessingFailed,
}

/// A fault as it is asked for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FaultSpec {
    /// The platform it hits; `*` is all of them.
    pub platform: String,
    /// The operation it hits; `*` is all of them. Missing: `create_post` for the two kinds that
    /// carry the call out first, otherwise all but token and identity calls.
    #[serde(default)]
    pub operation: Option<String>,
    /// What goes wrong.
    pub kind: FaultKind,
    /// The status answered by `error` (503 when missing) and `refused_but_live` (500).
    #[serde(default)]
    pub status: Option<u16>,
    /// Seconds until the next try, for `rate_limit` (1 when missing).
    #[serde(default)]
    pub retry_after: Option<u64>,
    /// How late, for `delay`, in milliseconds.
    #[serde(default)]
    pub delay_ms: Option<u64>,
    /// How many calls it hits: 0 is all. Missing: one, or all when there is a probability.
    #[serde(default)]
    pub times: Option<u32>,
    /// The share of matching calls it hits, 0.0 to 1.0; all when missing.
    #[serde(default)]
    pub probability: Option<f64>,
    /// Makes the dice of `probability` repeat.
    #[serde(default)]
    pub seed: Option<u64>,
}

impl FaultSpec {
    /// A fault of this kind that hits one call of `platform`.
    pub fn new(platform: &str, kind: FaultKind) -> Self {
        Self {
            platform: platform.to_owned(),
            operation: None,
            kind,
            status: None,
            retry_after: None,
            delay_ms: None,
            times: None,
            probability: None,
            seed: None,
        }
    }

    fn remaining(&self) -> Option<u32> {
        match (self.times, self.probability) {
            (Some(0), _) | (None, Some(_)) => None,
            (Some(times), _) => Some(times),
            (None, None) => Some(1),
        }
    }

    fn check(&self) -> Result<(), SandboxError> {
        if self.probability.is_some_and(|share| !(0.0..=1.0).contains(&share)) {
            return Err(SandboxError::invalid("probability must be between 0 and 1"));
        }
        if self.status.is_some_and(|status| !(400..=599).contains(&status)) {
            return Err(SandboxError::invalid("status must be between 400 and 599"));
        }
        if self.kind == FaultKind::Delay && self.delay_ms.is_none() {
            return Err(SandboxError::invalid("delay needs delay_ms"));
        }
        Ok(())
    }

    fn hits(&self, platform: &str, operation: &str, exempt: &[&str]) -> bool {
        let of_platform = self.platform == "*" || self.platform == platform;
        let of_operation = match self.operation.as_deref() {
            Some("*") => true,
            Some(wanted) => wanted == operation,
            None => match self.kind {
                FaultKind::DropAfterAccept | FaultKind::RefusedButLive => operation == CREATE_POST,
                _ => !exempt.contains(&operation),
            },
        };
        of_platform && of_operation
    }
}

/// A fault as it stands.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FaultState {
    /// Its number.
    pub id: u64,
    /// What was asked for.
    #[serde(flatten)]
    pub spec: FaultSpec,
    /// How many calls it will still hit; `null` is no end.
    pub remaining: Option<u32>,
    /// How many calls it has hit.
    pub fired: u32,
}

struct Armed {
    state: FaultState,
    dice: StdRng,
}

/// What is to be done to one call.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Plan {
    /// Wait this long first.
    pub(crate) delay_ms: u64,
    /// Then this happens, by the fault of this number.
    pub(crate) act: Option<(u64, Act)>,
}

/// A fault other than a delay.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Act {
    Error(u16),
    RateLimit { retry_after_s: u64 },
    ResetBefore,
    DropAfterAccept,
    RefusedButLive(u16),
    TokenRevoked,
}

/// The faults that are armed, oldest first.
#[derive(Default)]
pub(crate) struct Faults {
    armed: Mutex<(u64, Vec<Armed>)>,
}

impl Faults {
    /// Arms a fault; `platforms` are the known ones.
    pub(crate) fn add(
        &self,
        mut spec: FaultSpec,
        platforms: &[&str],
        entropy: &Entropy,
    ) -> Result<FaultState, SandboxError> {
        spec.check()?;
        let platform = PlatformName::from_text(&spec.platform);
        platform.as_str().clone_into(&mut spec.platform);
        if spec.platform != "*" && !platforms.contains(&spec.platform.as_str()) {
            return Err(SandboxError::UnknownPlatform(spec.platform));
        }
        let dice = StdRng::seed_from_u64(spec.seed.unwrap_or_else(|| entropy.number()));
        let mut armed = lock(&self.armed);
        armed.0 += 1;
        let state = FaultState { id: armed.0, remaining: spec.remaining(), fired: 0, spec };
        armed.1.push(Armed { state: state.clone(), dice });
        Ok(state)
    }

    /// The faults with what is left of them.
    pub(crate) fn list(&self) -> Vec<FaultState> {
        lock(&self.armed).1.iter().map(|fault| fault.state.clone()).collect()
    }

    /// Disarms all.
    pub(crate) fn clear(&self) {
        lock(&self.armed).1.clear();
    }

    /// Takes what hits this call: all delays, and the first of the others.
    pub(crate) fn plan(&self, platform: &str, operation: &str, exempt: &[&str]) -> Plan {
        let mut plan = Plan::default();
        for fault in &mut lock(&self.armed).1 {
            let spec = &fault.state.spec;
            let act = match spec.kind {
                FaultKind::ProcessingFailed => continue,
                FaultKind::Delay => None,
                FaultKind::Error => Some(Act::Error(spec.status.unwrap_or(503))),
                FaultKind::RateLimit => Some(Act::RateLimit { retry_after_s: spec.retry_after.unwrap_or(1) }),
                FaultKind::ResetBefore => Some(Act::ResetBefore),
                FaultKind::DropAfterAccept => Some(Act::DropAfterAccept),
                FaultKind::RefusedButLive => Some(Act::RefusedButLive(spec.status.unwrap_or(500))),
                FaultKind::TokenRevoked => Some(Act::TokenRevoked),
            };
            let is_second_act = act.is_some() && plan.act.is_some();
            if is_second_act || !spec.hits(platform, operation, exempt) || !fault.fires() {
                continue;
            }
            match act {
                None => plan.delay_ms += fault.state.spec.delay_ms.unwrap_or(0),
                Some(act) => plan.act = Some((fault.state.id, act)),
            }
        }
        plan
    }

    /// Gives back a hit on a call that the platform refused by itself.
    pub(crate) fn give_back(&self, id: u64) {
        if let Some(fault) = lock(&self.armed).1.iter_mut().find(|fault| fault.state.id == id) {
            fault.state.fired -= 1;
            fault.state.remaining = fault.state.remaining.map(|left| left + 1);
        }
    }

    /// Whether the media that `platform` begins to process now shall fail.
    pub(crate) fn take_processing_failure(&self, platform: &str) -> bool {
        lock(&self.armed).1.iter_mut().any(|fault| {
            let spec = &fault.state.spec;
            spec.kind == FaultKind::ProcessingFailed
                && (spec.platform == "*" || spec.platform == platform)
                && fault.fires()
        })
    }
}

impl Armed {
    /// Rolls the dice and counts the hit.
    fn fires(&mut self) -> bool {
        if self.state.remaining == Some(0) {
            return false;
        }
        let share = self.state.spec.probability.unwrap_or(1.0);
        if share < 1.0 && !self.dice.random_bool(share) {
            return false;
        }
        self.state.remaining = self.state.remaining.map(|left| left - 1);
        self.state.fired += 1;
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn armed(spec: FaultSpec) -> Faults {
        let faults = Faults::default();
        faults.add(spec, &["x", "linkedin"], &Entropy::seeded(1)).unwrap();
        faults
    }

    #[test]
    fn a_fault_without_operation_leaves_tokens_alone_and_hits_once() {
        let faults = armed(FaultSpec::new("x", FaultKind::Error));
        assert_eq!(faults.plan("x", "refresh_token", &["refresh_token"]), Plan::default());
        assert_eq!(faults.plan("linkedin", "create_post", &[]), Plan::default());
        assert_eq!(faults.plan("x", "user_posts", &[]).act, Some((1, Act::Error(503))));
        assert_eq!(faults.plan("x", "user_posts", &[]), Plan::default());
        assert_eq!(faults.list()[0].remaining, Some(0));
    }

    #[test]
    fn a_lost_answer_hits_only_what_makes_a_post_public() {
        let faults = armed(FaultSpec::new("twitter", FaultKind::DropAfterAccept));
        assert_eq!(faults.plan("x", "upload_media", &[]), Plan::default());
        assert_eq!(faults.plan("x", "create_post", &[]).act, Some((1, Act::DropAfterAccept)));
        faults.give_back(1);
        assert_eq!(faults.plan("x", "create_post", &[]).act, Some((1, Act::DropAfterAccept)));
    }

    #[test]
    fn a_probability_with_a_seed_repeats_itself() {
        let run = || {
            let faults = armed(FaultSpec {
                probability: Some(0.5),
                seed: Some(7),
                ..FaultSpec::new("*", FaultKind::ResetBefore)
            });
            (0..64).map(|_| faults.plan("x", "create_post", &[]).act.is_some()).collect::<Vec<_>>()
        };
        assert_eq!(run(), run());
        let hits = run().into_iter().filter(|hit| *hit).count();
        assert!((10..54).contains(&hits), "{hits} of 64");
    }
}
