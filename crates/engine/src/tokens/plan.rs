//! When an account's access is renewed and probed. Pure: the facts and a share of chance in, a moment
//! out.

use connector::{Credentials, PlatformSpec};
use domain::{AccountId, Span, Timestamp};
use store::{AccessPlan, StoreError};

use super::PLANNED_AT_ONCE;
use crate::Engine;
use crate::credentials::Held;

/// Tokens that renew themselves have to be so old, and a day more than that helps nobody.
const OLD_ENOUGH: Span = Span::from_hours(24);
const WEEK: Span = Span::from_days(7);
/// Plans follow a renewal at once, unless nobody looked.
const JUST_NOW: Span = Span::from_minutes(5);
const FIRST_PAUSE: Span = Span::from_minutes(1);
const LONGEST_PAUSE: Span = Span::from_hours(1);

impl Engine {
    /// Plans for every account whose credentials are new.
    pub(super) async fn plan_new_access(&self) -> Result<(), StoreError> {
        let store = &self.parts.store;
        loop {
            let rows = store.list_unplanned_access(PLANNED_AT_ONCE).await?;
            let count = rows.len();
            let mut planned = 0;
            for row in rows {
                let now = self.parts.clock.now();
                let plan = match self.read_credentials(row.organization_id, row.id).await {
                    Ok(Some(Held { version, .. })) if version != row.version => continue,
                    Ok(held) => {
                        let spec = self.parts.registry.connector(&row.platform).map(|found| found.spec());
                        held.filter(|_| row.is_usable).map_or_else(AccessPlan::default, |held| {
                            let share = self.parts.entropy.share();
                            let is_fresh = row.last_refresh_at.is_some_and(|at| at + JUST_NOW > now);
                            AccessPlan {
                                renew_at: renew_at(&held.credentials, spec, is_fresh, now, share),
                                probe_at: spec.and_then(|_| self.next_probe(row.id, now)),
                                renews_itself: held.credentials.renews_itself,
                            }
                        })
                    }
                    Err(StoreError::Sealed | StoreError::Corrupt { .. }) => {
                        tracing::error!(account.id = row.id.0, "an account's credentials cannot be read");
                        AccessPlan::default()
                    }
                    Err(error) => return Err(error),
                };
                planned += usize::from(store.plan_access(&row, plan).await?);
            }
            if count < PLANNED_AT_ONCE as usize || planned == 0 {
                return Ok(());
            }
        }
    }

    /// The next probe of an account: each has its own place in the round.
    pub(super) fn next_probe(&self, account: AccountId, from: Timestamp) -> Option<Timestamp> {
        self.config.tokens.probe_every.map(|every| from + share_of(every, 0.75 + 0.5 * place(account)))
    }
}

/// When to renew; the end of access where nothing renews it; `None` where it has no end. `is_fresh`:
/// the token was renewed just now.
pub(super) fn renew_at(
    credentials: &Credentials,
    spec: Option<&PlatformSpec>,
    is_fresh: bool,
    now: Timestamp,
    share: f64,
) -> Option<Timestamp> {
    let Some(spec) = spec.filter(|_| can_renew(credentials, now)) else {
        return credentials.access_ends_at();
    };
    let end = credentials.access_expires_at?;
    if end <= now {
        // What renews itself is dead by then.
        return Some(if credentials.renews_itself { end } else { now });
    }
    let left = end.since(now);
    // The publish loop renews within the margin as well: this comes before, and not for all at once.
    let before_end = end + share_of(spec.refresh_margin, -1.0 - 0.5 * share);
    // A whole life shorter than the margin must not make a hot loop.
    let half_way = now + share_of(left, 0.5);
    if !credentials.renews_itself {
        return Some(before_end.max(if is_fresh { half_way } else { now }));
    }
    let weekly = now + share_of(WEEK, 0.85 + 0.3 * share);
    let at = weekly.min(before_end).max(now + share_of(OLD_ENOUGH, 1.0 + 0.1 * share));
    Some(if at < end { at } else { half_way })
}

/// Whether a new token can be had without the owner at `now`.
pub(crate) fn can_renew(credentials: &Credentials, now: Timestamp) -> bool {
    let lasting = credentials.refresh_expires_at.is_none_or(|end| end > now);
    credentials.secret.is_some()
        || (credentials.refresh_token.is_some() && lasting)
        || (credentials.renews_itself && credentials.access_expires_at.is_none_or(|end| end > now))
}

/// How long to wait after the `failures`th failure in a row; never so long that the rest of the
/// token's life passes without a try.
pub(super) fn pause_after(failures: i64, left: Option<Span>, share: f64) -> Span {
    let doublings = u32::try_from((failures - 1).clamp(0, 10)).unwrap_or(0);
    let pause = Span::from_micros(FIRST_PAUSE.as_micros() << doublings).min(LONGEST_PAUSE);
    let third = left.filter(|left| *left > Span::ZERO).map_or(LONGEST_PAUSE, |left| share_of(left, 0.33));
    share_of(pause.min(third.max(FIRST_PAUSE)), 0.8 + 0.4 * share)
}

/// How long a renewal is put off that brought the same token again.
pub(super) fn pause_after_the_same(left: Option<Span>) -> Span {
    left.map_or(Span::from_hours(24), |left| share_of(left, 0.25))
        .max(Span::from_hours(1))
        .min(Span::from_hours(24))
}

/// A part of a span, or several of them.
#[expect(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "a pause, not a sum")]
pub(super) fn share_of(span: Span, share: f64) -> Span {
    Span::from_micros((span.as_micros() as f64 * share) as i64)
}

/// A number in 0.0..1.0 that differs between accounts with neighbouring ids.
fn place(account: AccountId) -> f64 {
    let mixed = account.0.cast_unsigned().wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32;
    f64::from(u32::try_from(mixed).unwrap_or(0)) / f64::from(u32::MAX)
}

#[cfg(test)]
mod tests {
    use connector::{PlatformLimits, SignIn};
    use domain::PlatformName;
    use domain::rules::PlatformRules;

    use super::*;

    const NOW: Timestamp = Timestamp::from_seconds(1_800_000_000);
    const DAY: Span = Span::from_days(1);
    static SPEC: PlatformSpec = PlatformSpec {
        name: PlatformName::from_static("fake"),
        display_name: "Fake",
        sign_in: SignIn::OAuth,
        logins: &[],
        versions: &[],
        hosts: &[],
        rules: PlatformRules::OPEN,
        limits: PlatformLimits::UNKNOWN,
        settle: Span::ZERO,
        refresh_margin: Span::from_days(5),
    };

    fn token(days: i64) -> Credentials {
        Credentials {
            access_token: "t".into(),
            refresh_token: None,
            access_expires_at: Some(NOW + Span::from_days(days)),
            refresh_expires_at: None,
            scopes: vec![],
            secret: None,
            renews_itself: false,
        }
    }

    fn at(credentials: &Credentials, share: f64) -> Option<i64> {
        renew_at(credentials, Some(&SPEC), true, NOW, share).map(|at| at.since(NOW).as_seconds_ceil() / 3_600)
    }

    #[test]
    fn a_refresh_token_is_used_before_the_margin_and_not_by_all_at_once() {
        let held = Credentials { refresh_token: Some("r".into()), ..token(60) };
        assert_eq!(at(&held, 0.0), Some(55 * 24));
        assert_eq!(at(&held, 1.0), Some(55 * 24 - 60));
        let short = Credentials { access_expires_at: Some(NOW + DAY), ..held.clone() };
        assert_eq!(at(&short, 0.5), Some(12), "a life within the margin is no hot loop");
        let late = renew_at(&short, Some(&SPEC), false, NOW, 0.5);
        assert_eq!(late, Some(NOW), "what nobody looked after is renewed now");
        let stale = Credentials { access_expires_at: Some(NOW - DAY), ..held };
        assert_eq!(at(&stale, 0.5), Some(0));
    }

    #[test]
    fn a_token_that_renews_itself_is_renewed_weekly_when_it_is_a_day_old() {
        let held = |days| Credentials { renews_itself: true, ..token(days) };
        let hours = at(&held(60), 0.5).unwrap();
        assert!((5 * 24..9 * 24).contains(&hours), "{hours}");
        assert_eq!(at(&held(3), 0.0), Some(24), "within the margin, but old enough");
        assert_eq!(at(&Credentials { access_expires_at: Some(NOW + DAY), ..held(1) }, 0.0), Some(12));
        assert_eq!(at(&held(-1), 0.0), Some(-24), "it is dead since then");
    }

    #[test]
    fn what_cannot_be_renewed_is_looked_at_when_it_ends() {
        assert_eq!(at(&token(60), 0.3), Some(60 * 24));
        let endless = Credentials { access_expires_at: None, ..token(0) };
        assert_eq!(at(&endless, 0.3), None);
        let worn_out =
            Credentials { refresh_token: Some("r".into()), refresh_expires_at: Some(NOW - DAY), ..token(10) };
        assert_eq!(at(&worn_out, 0.3), Some(240), "the token outlives what renewed it");
    }

    #[test]
    fn pauses_grow_and_leave_time_before_the_end() {
        let minutes = |failures, left: Option<i64>| {
            pause_after(failures, left.map(Span::from_minutes), 0.5).as_seconds_ceil() / 60
        };
        assert_eq!([1, 2, 3, 7, 99].map(|failures| minutes(failures, None)), [1, 2, 4, 60, 60]);
        assert_eq!(minutes(9, Some(30)), 9, "thrice before the end");
        assert_eq!(minutes(9, Some(1)), 1);
        assert!(pause_after_the_same(Some(Span::from_minutes(5))) >= Span::from_hours(1));
    }

    #[test]
    fn neighbours_are_probed_at_different_times() {
        let mut places: Vec<f64> = (3121..3221).map(|id| (place(AccountId(id)) * 10.0).floor()).collect();
        places.sort_by(f64::total_cmp);
        places.dedup();
        assert_eq!(places.len(), 10, "a hundred accounts leave no tenth of the round empty");
    }
}
