//! One run on one store, from the first account to the comparison.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context as _, Result};

use crate::args::{Scale, StoreKind};
use crate::faults::Faults;
use crate::havoc::{Done, Havoc};
use crate::load::Load;
use crate::progress::Progress;
use crate::report::Outcome;
use crate::say;
use crate::sent::Book;
use crate::stage::Stage;
use crate::time::{now, pause_ms, span_ms};
use crate::{audit, collect};

const SHOW_EVERY_MS: u64 = 10_000;
const COMES_BACK_IN_MS: u64 = 60_000;
/// A run that makes no headway is given up.
const GIVE_UP_AFTER_MS: u64 = 45 * 60_000;

/// Runs everything on a store. Its folder is `folder`.
pub(crate) async fn run(
    kind: StoreKind,
    scale: Scale,
    binary: &Path,
    folder: &Path,
    seed: u64,
    keep: bool,
) -> Result<Outcome> {
    let started = now();
    say(&format!("{}: setting the stage in {}", kind.name(), folder.display()));
    let stage = Stage::set(kind, scale, binary, folder.to_owned(), seed).await?;
    let stage = Arc::new(stage);
    let outcome = perform(&stage, scale, seed).await;
    let is_good = outcome.as_ref().is_ok_and(|outcome| outcome.verdicts.are_good());
    stage.clear();
    if keep || !is_good {
        stage.disk.keep(&folder.join("data-kept"));
    }
    outcome.map(|outcome| Outcome { seconds: now().since(started).as_millis() / 1_000, ..outcome })
}

async fn perform(stage: &Arc<Stage>, scale: Scale, seed: u64) -> Result<Outcome> {
    if stage.kind == StoreKind::Sqlite && !stage.disk.can_be_filled() {
        say("no disk can be mounted here (that needs root): no disk will be full in this run");
    }
    let faults = Arc::new(Faults::new(stage.calls.clone(), &stage.sandbox_url, seed));
    faults.arm().await?;
    let progress = Arc::new(Progress::new(scale.destinations, scale.kills));
    let book = Arc::new(Book::default());
    let load = Load {
        calls: stage.calls.clone(),
        api_url: stage.callers_url.clone(),
        tenants: stage.tenants.clone(),
        book: Arc::clone(&book),
        progress: Arc::clone(&progress),
        ahead_s: scale.ahead_s,
    };
    say(&format!("{}: posting and breaking things", stage.kind.name()));
    let showing = tokio::spawn(show(Arc::clone(&progress)));
    let posting = tokio::spawn(load.run(seed));
    let havoc = Havoc::new(Arc::clone(stage), Arc::clone(&faults), Arc::clone(&progress), scale, seed);
    let mut done = havoc.run().await;
    posting.await.context("the callers ended badly")?;
    showing.abort();
    say(&format!("{}: {}; now all is calm", stage.kind.name(), progress.summary()));
    let faults = calm_down(stage, &faults, &mut done).await?;
    let before = book.posts();
    let found = collect::collect(stage, &book).await?;
    let verdicts = audit::audit(&found, &before, &stage.tenants);
    Ok(Outcome {
        store: stage.kind.name(),
        verdicts,
        done,
        faults,
        answers: book.answers(),
        cuts: stage.proxies().map(crate::proxy::Proxy::cuts).sum(),
        ended_alone: stage
            .nodes()
            .filter(|node| node.ended_alone() > 0)
            .map(|node| (node.name().to_owned(), node.ended_alone()))
            .collect(),
        seconds: 0,
    })
}

/// Takes every fault away and waits until all programs answer.
async fn calm_down(
    stage: &Stage,
    faults: &Faults,
    done: &mut Done,
) -> Result<BTreeMap<String, crate::faults::Tally>> {
    stage.disk.relieve();
    for proxy in stage.proxies() {
        proxy.set_cuts(0);
    }
    stage.sandbox.wait_until_ready(&stage.calls, COMES_BACK_IN_MS).await?;
    let tallies = faults.clear().await;
    for node in stage.nodes() {
        node.wait_until_ready(&stage.calls, COMES_BACK_IN_MS).await?;
    }
    for trouble in done.troubles.drain(..) {
        say(&format!("{}: {trouble}", stage.kind.name()));
    }
    Ok(tallies)
}

async fn show(progress: Arc<Progress>) {
    let deadline = now() + span_ms(GIVE_UP_AFTER_MS);
    loop {
        pause_ms(SHOW_EVERY_MS).await;
        say(&format!("  {}", progress.summary()));
        if now() > deadline {
            say("  giving up waiting for more");
            progress.give_up();
        }
    }
}
