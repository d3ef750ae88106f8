//! The platforms' misbehaviour: every kind of fault that the sandbox has, on every platform.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::PoisonError;

use anyhow::{Result, bail};
use serde_json::{Value, json};

use crate::calls::{Calls, Reply};
use crate::dice::Dice;
use crate::tenants::PLATFORMS;

/// How often each kind was armed, and how many calls it hit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    pub(crate) armed: u64,
    pub(crate) hit: u64,
}

/// Arms faults and counts what they hit, over the deaths of the sandbox, which forgets both.
pub(crate) struct Faults {
    calls: Calls,
    url: String,
    dice: Mutex<Dice>,
    /// What sandboxes that are gone have counted.
    past: Mutex<BTreeMap<String, Tally>>,
    /// What the one that runs had counted when it was asked last.
    present: Mutex<BTreeMap<String, Tally>>,
}

impl Faults {
    pub(crate) fn new(calls: Calls, sandbox_url: &str, seed: u64) -> Self {
        Self {
            calls,
            url: format!("{sandbox_url}/_sandbox/faults"),
            dice: Mutex::new(Dice::new(seed, "faults")),
            past: Mutex::default(),
            present: Mutex::default(),
        }
    }

    /// Arms the lasting ones on a sandbox that has none.
    pub(crate) async fn arm(&self) -> Result<()> {
        for platform in PLATFORMS {
            for mut fault in lasting(platform) {
                fault["seed"] = json!(lock(&self.dice).number(0..=u64::from(u32::MAX)));
                self.add(&fault).await?;
            }
        }
        Ok(())
    }

    /// The owner of the next account that publishes on the platform withdraws its access.
    pub(crate) async fn revoke_one(&self, platform: &str) -> Result<()> {
        let fault =
            json!({ "platform": platform, "kind": "token_revoked", "operation": "create_post", "times": 1 });
        self.add(&fault).await
    }

    async fn add(&self, fault: &Value) -> Result<()> {
        match self.calls.post(&self.url, "", fault).await {
            Reply::Answer { status: 201, .. } => Ok(()),
            other => bail!("the sandbox took no fault: {other:?}"),
        }
    }

    /// Asks what was hit so far.
    pub(crate) async fn count(&self) {
        let Ok(body) = self.calls.get_good(&self.url, "").await else { return };
        let mut tallies: BTreeMap<String, Tally> = BTreeMap::new();
        for fault in body["faults"].as_array().into_iter().flatten() {
            let tally = tallies.entry(fault["kind"].as_str().unwrap_or_default().to_owned()).or_default();
            tally.armed += 1;
            tally.hit += fault["fired"].as_u64().unwrap_or(0);
        }
        *lock(&self.present) = tallies;
    }

    /// The sandbox is gone, and with it what it counted.
    pub(crate) fn note_death(&self) {
        let present = std::mem::take(&mut *lock(&self.present));
        let mut past = lock(&self.past);
        for (kind, tally) in present {
            let sum = past.entry(kind).or_default();
            sum.armed += tally.armed;
            sum.hit += tally.hit;
        }
    }

    /// Counts a last time and disarms all.
    pub(crate) async fn clear(&self) -> BTreeMap<String, Tally> {
        self.count().await;
        let _ = self.calls.delete(&self.url).await;
        self.note_death();
        lock(&self.past).clone()
    }
}

/// What goes wrong all the time.
fn lasting(platform: &str) -> Vec<Value> {
    let fault = |kind: &str, probability: f64, more: Value| {
        let mut fault = json!({ "platform": platform, "kind": kind, "probability": probability });
        if let (Some(fault), Some(more)) = (fault.as_object_mut(), more.as_object()) {
            fault.extend(more.clone());
        }
        fault
    };
    vec![
        fault("error", 0.015, json!({})),
        fault("error", 0.015, json!({ "status": 500, "operation": "create_post" })),
        fault("rate_limit", 0.01, json!({ "retry_after": 1 })),
        fault("delay", 0.06, json!({ "delay_ms": 250 })),
        fault("reset_before", 0.02, json!({})),
        fault("drop_after_accept", 0.03, json!({})),
        fault("refused_but_live", 0.015, json!({})),
        fault("refused_but_live", 0.01, json!({ "status": 503 })),
        fault("refused_but_live", 0.01, json!({ "status": 400 })),
        fault("processing_failed", 0.15, json!({})),
    ]
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
