//! One publish from its start to its end, with the engine's rules for what follows from what.

use domain::{Class, Span, Timestamp};
use net::Clock as _;

use super::Bench;
use crate::{CommitPermit, DynNext, Failure, Intent, Publication, Receipt, StartCx, Verdict};

/// As many attempts as the engine makes by itself.
const ATTEMPTS: u32 = 3;
const PAUSE: Span = Span::from_minutes(1);
/// A publish that is not over by then goes round in circles.
const ROUNDS: usize = 300;

/// What the database would hold.
struct Kept {
    phase: Phase,
    state: String,
    attempt: u32,
    intent: Option<Intent>,
    /// When a request of the commit that is due was first about to be sent, if one was.
    first_sent_at: Option<Timestamp>,
    /// Whether one was sent before the present one.
    repeats: bool,
    looks: u32,
    renewed: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    Step,
    Commit,
    Look,
}

impl Bench {
    /// Publishes to the end, or to a failure that the engine does not get over by itself. Waiting
    /// for a rate limit is left to the test.
    ///
    /// # Errors
    /// The failure at which the engine would stop or wait.
    pub async fn publish(&mut self, to: &Publication) -> Result<Receipt, Failure> {
        let kept = self.begin(to);
        self.run(to, kept).await
    }

    /// Publishes after a restore from a backup of `backup_at` that held no progress of it.
    ///
    /// # Errors
    /// The failure at which the engine would stop or wait; also where nobody can tell.
    pub async fn publish_after_restore(
        &mut self,
        to: &Publication,
        backup_at: Timestamp,
    ) -> Result<Receipt, Failure> {
        let mut kept = self.begin(to);
        kept.phase = Phase::Look;
        kept.first_sent_at = Some(backup_at);
        kept.intent = Some(Intent { attempt: 1, at: backup_at, fingerprint: String::new(), restored: true });
        self.run(to, kept).await
    }

    fn begin(&self, to: &Publication) -> Kept {
        let cx = StartCx { now: self.clock.now(), entropy: &self.entropy };
        let state = self.connector.start(cx, to);
        Kept {
            phase: Phase::Step,
            state,
            attempt: 1,
            intent: None,
            first_sent_at: None,
            repeats: false,
            looks: 0,
            renewed: false,
        }
    }

    async fn run(&mut self, to: &Publication, mut kept: Kept) -> Result<Receipt, Failure> {
        for _ in 0..ROUNDS {
            if let Some(receipt) = self.round(to, &mut kept).await? {
                return Ok(receipt);
            }
        }
        Err(Failure::before_sending(Class::Transient, format!("The publish does not end: {}", kept.state)))
    }

    async fn round(&mut self, to: &Publication, kept: &mut Kept) -> Result<Option<Receipt>, Failure> {
        let cx = self.cx();
        let outcome = match kept.phase {
            Phase::Step => self.connector.step(&cx, to, &kept.state).await,
            Phase::Commit => {
                #[expect(clippy::disallowed_methods, reason = "this stands in for the engine")]
                let permit = CommitPermit::mint(kept.repeats);
                self.connector.commit(&cx, to, &kept.state, permit).await
            }
            Phase::Look => return self.look(to, kept).await,
        };
        match outcome {
            Ok(next) => {
                if kept.phase == Phase::Commit {
                    kept.first_sent_at = None;
                }
                Ok(self.advance(kept, next))
            }
            Err(failure) => self.after_failure(kept, failure).await,
        }
    }

    fn advance(&self, kept: &mut Kept, next: DynNext) -> Option<Receipt> {
        kept.intent = None;
        kept.phase = Phase::Step;
        match next {
            DynNext::Go(state) => kept.state = state,
            DynNext::Wait(state, until) => {
                kept.state = state;
                self.pass(until.since(self.now()));
            }
            DynNext::Commit(state) => {
                kept.state = state;
                kept.phase = Phase::Commit;
                kept.repeats = kept.first_sent_at.is_some();
                let at = *kept.first_sent_at.get_or_insert(self.now());
                kept.intent =
                    Some(Intent { attempt: kept.attempt, at, fingerprint: String::new(), restored: false });
            }
            DynNext::Published(receipt) => return Some(receipt),
        }
        None
    }

    async fn after_failure(&mut self, kept: &mut Kept, failure: Failure) -> Result<Option<Receipt>, Failure> {
        let failure = self.hear(failure);
        if kept.phase == Phase::Commit && (failure.died || failure.leaves_commit_open()) {
            kept.phase = Phase::Look;
            kept.looks = 0;
            return Ok(None);
        }
        if failure.died {
            return Ok(None);
        }
        // The answer is proof that this request did nothing; an earlier one may still have.
        if kept.phase == Phase::Commit && !kept.repeats {
            kept.first_sent_at = None;
        }
        kept.phase = Phase::Step;
        match failure.class {
            Class::TokenExpired if !kept.renewed && self.connected.credentials.is_renewable() => {
                kept.renewed = true;
                self.renew().await.map(|()| None)
            }
            Class::Transient | Class::Ambiguous if kept.attempt < ATTEMPTS => {
                kept.attempt += 1;
                self.pass(PAUSE);
                Ok(None)
            }
            _ => Err(failure),
        }
    }

    async fn look(&mut self, to: &Publication, kept: &mut Kept) -> Result<Option<Receipt>, Failure> {
        let Some(intent) = kept.intent.clone() else {
            return Err(Failure::before_sending(Class::Transient, "There is no intent to look up."));
        };
        let settle = self.connector.spec().settle;
        match self.connector.reconcile(&self.cx(), to, &kept.state, &intent).await {
            Ok(Verdict::Found(DynNext::Go(state) | DynNext::Wait(state, _) | DynNext::Commit(state)))
                if intent.restored =>
            {
                // What comes after it may have gone out as well.
                kept.state = state;
                kept.looks = 0;
                Ok(None)
            }
            Ok(Verdict::Found(next)) => {
                kept.first_sent_at = None;
                Ok(self.advance(kept, next))
            }
            Ok(Verdict::Absent(state)) => {
                kept.looks += 1;
                self.pass(settle);
                if kept.looks > 1 { send_again(kept, state) } else { Ok(None) }
            }
            Ok(Verdict::Repeat(state)) => {
                self.pass(settle);
                send_again(kept, state)
            }
            Ok(Verdict::Unknowable) => {
                Err(Failure::before_sending(Class::Ambiguous, "Nobody can tell whether it is live."))
            }
            Err(failure) => {
                let failure = self.hear(failure);
                if failure.class == Class::TokenExpired && !kept.renewed {
                    kept.renewed = true;
                    self.renew().await?;
                }
                self.pass(PAUSE);
                Ok(None)
            }
        }
    }
}

/// The commit is done again, as a new attempt that knows of an earlier one.
fn send_again(kept: &mut Kept, state: String) -> Result<Option<Receipt>, Failure> {
    if kept.attempt >= ATTEMPTS {
        return Err(Failure::before_sending(Class::Transient, "Every attempt was made and none went out."));
    }
    kept.state = state;
    kept.phase = Phase::Step;
    kept.intent = None;
    kept.attempt += 1;
    Ok(None)
}
