//! What goes wrong: kills, freezes, cuts, full disks, withdrawn access. One deed after another, with
//! short breaths in between; freezes of workers last on beside the next deeds.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use tokio::task::JoinSet;

use crate::args::{Scale, StoreKind};
use crate::dice::Dice;
use crate::faults::Faults;
use crate::node::Node;
use crate::progress::Progress;
use crate::stage::{LEASE_MS, Stage};
use crate::tenants::PLATFORMS;
use crate::time::pause_ms;

/// Of a million pieces of a conversation, how many cut it: as a rule, and in a storm.
const USUAL_CUTS: u32 = 4_000;
const STORM_CUTS: u32 = 80_000;
const COMES_BACK_IN_MS: u64 = 30_000;
/// Posts that go out right before a kill: most of those that belong to it.
const BURST_POSTS: i64 = 9;

/// A thing that is done to the stage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Deed {
    KillApi,
    KillWorker,
    KillSandbox,
    KillPostgres,
    Freeze,
    FillDisk,
    Storm,
    Revoke,
}

/// What was done.
#[derive(Debug, Default)]
pub(crate) struct Done {
    /// By victim.
    pub(crate) kills: BTreeMap<String, usize>,
    pub(crate) freezes: u32,
    pub(crate) full_disks: usize,
    pub(crate) storms: usize,
    pub(crate) revocations: usize,
    /// What did not come back, or another surprise.
    pub(crate) troubles: Vec<String>,
}

/// Does things to a stage until enough was killed.
pub(crate) struct Havoc {
    stage: Arc<Stage>,
    faults: Arc<Faults>,
    progress: Arc<Progress>,
    dice: Dice,
    done: Done,
    revocations_left: usize,
    freezes: JoinSet<()>,
    frozen: Arc<AtomicU32>,
}

impl Havoc {
    pub(crate) fn new(
        stage: Arc<Stage>,
        faults: Arc<Faults>,
        progress: Arc<Progress>,
        scale: Scale,
        seed: u64,
    ) -> Self {
        Self {
            stage,
            faults,
            progress,
            dice: Dice::new(seed, "havoc"),
            done: Done::default(),
            revocations_left: scale.revocations * PLATFORMS.len(),
            freezes: JoinSet::new(),
            frozen: Arc::default(),
        }
    }

    /// Each deed once, in any order, then by chance until enough was killed and all is sent.
    pub(crate) async fn run(mut self) -> Done {
        for proxy in self.stage.proxies() {
            proxy.set_cuts(USUAL_CUTS);
        }
        let mut first = self.deeds();
        first.dedup();
        self.dice.shuffle(&mut first);
        while !self.progress.is_killed() {
            if self.progress.kills_too_fast() {
                pause_ms(40).await;
                continue;
            }
            let breath_ms = self.dice.number(100..=1_200);
            pause_ms(breath_ms).await;
            let deed = first.pop().unwrap_or_else(|| {
                let deeds = self.deeds();
                deeds[self.dice.index(deeds.len())]
            });
            self.perform(deed).await;
        }
        while !self.progress.is_sent() {
            pause_ms(50).await;
        }
        while self.freezes.join_next().await.is_some() {}
        for proxy in self.stage.proxies() {
            proxy.set_cuts(0);
        }
        self.done.freezes = self.frozen.load(Ordering::Relaxed);
        self.done
    }

    /// What can be done here, as often as it is likely.
    fn deeds(&self) -> Vec<Deed> {
        let is_sqlite = self.stage.kind == StoreKind::Sqlite;
        let disk = is_sqlite && self.stage.disk.can_be_filled();
        let counts = [
            (Deed::KillApi, if is_sqlite { 10 } else { 3 }),
            (Deed::KillWorker, if is_sqlite { 0 } else { 8 }),
            (Deed::KillSandbox, 3),
            (Deed::KillPostgres, if is_sqlite { 0 } else { 3 }),
            (Deed::Freeze, 2),
            (Deed::FillDisk, u32::from(disk)),
            (Deed::Storm, 1),
            (Deed::Revoke, 1),
        ];
        counts.into_iter().flat_map(|(deed, count)| (0..count).map(move |_| deed)).collect()
    }

    async fn perform(&mut self, deed: Deed) {
        match deed {
            Deed::KillApi => {
                let api = self.stage.api.clone();
                self.kill(&api, if self.stage.kind == StoreKind::Sqlite { "server" } else { "api" }).await;
            }
            Deed::KillWorker => {
                if let Some(worker) = self.a_publisher() {
                    self.kill(&worker, "worker").await;
                }
            }
            Deed::KillSandbox => self.kill_sandbox().await,
            Deed::KillPostgres => self.kill_postgres().await,
            Deed::Freeze => self.freeze().await,
            Deed::FillDisk => self.fill_disk().await,
            Deed::Storm => self.storm().await,
            Deed::Revoke => self.revoke().await,
        }
    }

    async fn kill(&mut self, node: &Node, victim: &str) {
        let down_for_ms = self.dice.number(0..=600);
        self.catch_callers_at_work().await;
        if !node.kill(down_for_ms) {
            return;
        }
        self.note_kill(victim);
        // Some die again while they start.
        if self.dice.chance(0.8) {
            self.wait_for(node).await;
        }
    }

    /// Most kills fall while callers wait for answers.
    async fn catch_callers_at_work(&mut self) {
        if self.dice.chance(0.7) {
            self.progress.start_burst(BURST_POSTS);
            pause_ms(self.dice.number(8..=45)).await;
        }
    }

    fn note_kill(&mut self, victim: &str) {
        *self.done.kills.entry(victim.to_owned()).or_default() += 1;
        self.progress.kill();
    }

    async fn wait_for(&mut self, node: &Node) {
        if let Err(error) = node.wait_until_ready(&self.stage.calls, COMES_BACK_IN_MS).await {
            self.done.troubles.push(error.to_string());
        }
    }

    async fn kill_sandbox(&mut self) {
        let sandbox = self.stage.sandbox.clone();
        self.faults.count().await;
        let down_for_ms = self.dice.number(0..=500);
        if !sandbox.kill(down_for_ms) {
            return;
        }
        self.faults.note_death();
        self.note_kill("sandbox");
        self.wait_for(&sandbox).await;
        if let Err(error) = self.faults.arm().await {
            self.done.troubles.push(error.to_string());
        }
    }

    async fn kill_postgres(&mut self) {
        let Some(postgres) = self.stage.postgres.clone() else { return };
        let down_for_ms = self.dice.number(0..=1_500);
        let server = Arc::clone(&postgres);
        self.catch_callers_at_work().await;
        let _ = tokio::task::spawn_blocking(move || server.kill()).await;
        self.note_kill("postgres");
        pause_ms(down_for_ms).await;
        match tokio::task::spawn_blocking(move || postgres.restart()).await {
            Ok(Ok(())) => {}
            other => self.done.troubles.push(format!("PostgreSQL did not come back: {other:?}")),
        }
    }

    /// A worker that does not know that it was away. On a shared database it is away for longer
    /// than its leases last.
    async fn freeze(&mut self) {
        let Some(node) = self.a_publisher() else { return };
        let frozen = Arc::clone(&self.frozen);
        if self.stage.kind == StoreKind::Sqlite {
            if node.freeze(self.dice.number(300..=2_500)).await {
                frozen.fetch_add(1, Ordering::Relaxed);
            }
            return;
        }
        let ms = LEASE_MS + self.dice.number(500..=3_000);
        self.freezes.spawn(async move {
            if node.freeze(ms).await {
                frozen.fetch_add(1, Ordering::Relaxed);
            }
        });
    }

    async fn fill_disk(&mut self) {
        if let Err(error) = self.stage.disk.fill() {
            self.done.troubles.push(error.to_string());
            return;
        }
        self.done.full_disks += 1;
        let full_for_ms = self.dice.number(800..=3_000);
        pause_ms(full_for_ms / 2).await;
        // Some servers have to start on a full disk.
        let api = self.stage.api.clone();
        if self.dice.chance(0.5) && api.kill(0) {
            self.note_kill("server");
        }
        pause_ms(full_for_ms / 2).await;
        self.stage.disk.relieve();
        self.wait_for(&api).await;
    }

    async fn storm(&mut self) {
        self.done.storms += 1;
        for proxy in self.stage.proxies() {
            proxy.set_cuts(STORM_CUTS);
        }
        pause_ms(self.dice.number(500..=2_000)).await;
        for proxy in self.stage.proxies() {
            proxy.set_cuts(USUAL_CUTS);
        }
    }

    async fn revoke(&mut self) {
        if self.revocations_left == 0 {
            return;
        }
        self.revocations_left -= 1;
        let platform = PLATFORMS[self.revocations_left % PLATFORMS.len()];
        match self.faults.revoke_one(platform).await {
            Ok(()) => self.done.revocations += 1,
            Err(error) => self.done.troubles.push(error.to_string()),
        }
    }

    /// One that is not frozen: a freeze has to last to be one. `None` when all are.
    fn a_publisher(&mut self) -> Option<Node> {
        let awake: Vec<&Node> = self.stage.publishers().iter().filter(|node| !node.is_frozen()).collect();
        if awake.is_empty() { None } else { Some(awake[self.dice.index(awake.len())].clone()) }
    }
}
