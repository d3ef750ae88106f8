//! The crash sweep: a publish that is hit at each of its requests, in every way.

use domain::Class;
use net::Fate;

use super::{Bench, Strike};
use crate::{Publication, Receipt};

/// Every way in which one request can go wrong.
const FATES: [Fate; 4] = [Fate::NeverSent, Fate::AnswerLost, Fate::DieBefore, Fate::DieAfter];

/// Publishes `to` undisturbed to count its requests, then again for each request, each way in
/// which it can go wrong, and once more with the request after it (a look-up, most often) lost as
/// well. After each, `check` asserts that every part is live exactly once, and takes them down.
/// Answers the number of requests.
///
/// # Panics
/// When a publish does not reach its receipt.
pub async fn crash_sweep(
    bench: &mut Bench,
    to: &Publication,
    mut check: impl FnMut(&str, &Receipt),
) -> usize {
    let count = Strike::never();
    bench.meet(count.clone());
    let receipt = published(bench, to, "undisturbed").await;
    check("undisturbed", &receipt);
    let requests = count.seen();
    for first in 0..requests {
        for fate in FATES {
            for length in [1, 2] {
                let what = format!("{length} from request {first} of {requests}: {fate:?}");
                bench.meet(Strike::at(first..first + length, fate));
                let receipt = published(bench, to, &what).await;
                check(&what, &receipt);
            }
        }
    }
    bench.meet(Strike::never());
    requests
}

/// The same for a platform that cannot be read back: where the answer to a publishing request was
/// lost, a publish ends without anybody knowing what is live. `check` gets the receipt, or `None`
/// for such an end, and asserts that nothing is live twice.
///
/// # Panics
/// When a publish ends in another failure.
pub async fn crash_sweep_unread(
    bench: &mut Bench,
    to: &Publication,
    mut check: impl FnMut(&str, Option<&Receipt>),
) -> usize {
    let count = Strike::never();
    bench.meet(count.clone());
    let receipt = published(bench, to, "undisturbed").await;
    check("undisturbed", Some(&receipt));
    let requests = count.seen();
    for first in 0..requests {
        for fate in FATES {
            for length in [1, 2] {
                let what = format!("{length} from request {first} of {requests}: {fate:?}");
                bench.meet(Strike::at(first..first + length, fate));
                match bench.publish(to).await {
                    Ok(receipt) => check(&what, Some(&receipt)),
                    Err(failure) if failure.class == Class::Ambiguous => check(&what, None),
                    Err(failure) => panic!("{what}: {failure:?}"),
                }
            }
        }
    }
    bench.meet(Strike::never());
    requests
}

async fn published(bench: &mut Bench, to: &Publication, what: &str) -> Receipt {
    match bench.publish(to).await {
        Ok(receipt) => receipt,
        Err(failure) => panic!("{what}: {failure:?}"),
    }
}
