//! Whatever goes wrong, what is published is published once, or a stated reason says why not. A
//! seed that fails is printed with the end of its trace; `docs/simulation.md` says how to replay it.

#![expect(clippy::unwrap_used, reason = "a run that cannot be set up fails the test")]
#![expect(clippy::print_stdout, reason = "says which seed shows a planted bug")]

use std::collections::BTreeSet;

use fanfare_simulation::{Options, PlantedBug, Report, Workplace, run, search};

/// Seeds per number of workers; a seed's rest by three is that number less one.
const SEEDS: u64 = 700;
/// Within how many seeds a planted bug has to show.
const SOON: u64 = 400;

fn seeds_with(workers: u64) -> impl Iterator<Item = u64> {
    (0..SEEDS).map(move |number| number * 3 + workers - 1)
}

#[track_caller]
fn everything_holds(workers: u64) {
    let found = search(seeds_with(workers), None).unwrap();
    if let Some(report) = found.failed {
        panic!("{report}");
    }
    assert_eq!(found.runs, SEEDS);
    assert!(found.published > 1_000, "only {} parts of posts were published", found.published);
}

#[test]
fn what_is_published_is_published_once_by_one_worker_that_dies_and_restarts() {
    everything_holds(1);
}

#[test]
fn what_is_published_is_published_once_by_two_workers() {
    everything_holds(2);
}

#[test]
fn what_is_published_is_published_once_by_three_workers() {
    everything_holds(3);
}

/// Without this part of the engine or the store a run publishes twice, and says which; the same run
/// with it does not.
#[track_caller]
fn a_seed_fails_with(bug: PlantedBug) {
    let workplace = Workplace::new().unwrap();
    let violation = |seed, bug| run(&workplace, Options { seed, bug }).unwrap().violation;
    let is_double = |violation: &String| violation.contains("published twice");
    let found = (0..SOON).find_map(|seed| Some((seed, violation(seed, Some(bug)).filter(is_double)?)));
    let (seed, double) = found.unwrap_or_else(|| panic!("{SOON} seeds notice nothing of {bug:?}"));
    println!("{bug:?} shows with seed {seed}: {double}");
    assert_eq!(violation(seed, None), None, "seed {seed} fails without the planted bug as well");
}

#[test]
fn without_the_intent_a_seed_fails() {
    a_seed_fails_with(PlantedBug::NoIntent);
}

#[test]
fn without_the_fencing_token_a_seed_fails() {
    a_seed_fails_with(PlantedBug::NoFencing);
}

#[test]
fn without_the_reconcile_step_a_seed_fails() {
    a_seed_fails_with(PlantedBug::NoReconcile);
}

#[test]
fn the_same_seed_is_the_same_run() {
    let (here, there) = (Workplace::new().unwrap(), Workplace::new().unwrap());
    for seed in 0..30 {
        let options = Options { seed, bug: None };
        let (first, second) = (run(&here, options).unwrap(), run(&there, options).unwrap());
        let differs = first.trace.iter().zip(&second.trace).find(|(one, other)| one != other);
        assert_eq!(differs, None, "seed {seed}");
        assert_eq!(first, second, "seed {seed}");
    }
}

#[test]
fn whatever_can_go_wrong_does() {
    let workplace = Workplace::new().unwrap();
    let mut missing: BTreeSet<&str> = [
        " dies",
        "stands still",
        "was overtaken",
        "is told to stop",
        "the clock of worker",
        "the connection is refused",
        "no answer to request",
        "DoneBut(ServerError)",
        "DoneBut(Unproven)",
        "NotDone(Unproven)",
        "Limited(",
        "Expired",
        "Rejected",
        "Duplicate(",
        "read: Before, reported as failed",
        "record: Before, reported as failed",
        "record: After, reported as failed",
        "claim_accounts: After, reported as failed",
        "record_refresh: After, reported as failed",
        ": Updated",
        "deletes",
        "retries",
        "ended as published",
        "ended as failed (outcome_unknown)",
        "ended as failed (token_expired)",
        "ended as failed (content_rejected)",
        "ended as failed (attempts_exhausted)",
    ]
    .into();
    for seed in 0..1_000 {
        let Report { trace, .. } = run(&workplace, Options { seed, bug: None }).unwrap();
        missing.retain(|event| !trace.iter().any(|line| line.what.contains(event)));
        if missing.is_empty() {
            return;
        }
    }
    panic!("this never happens: {missing:?}");
}
