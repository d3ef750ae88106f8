//! How much a platform takes, as data, and how its answers tell what is left.

use domain::caps::Cap;
use domain::{Span, Timestamp};
use http::{HeaderMap, Method};
use net::Request;

/// A platform's limits on publishing.
#[derive(Debug)]
pub struct PlatformLimits {
    /// How much one account may publish. Counted here, because a platform that refuses has already
    /// lost the upload.
    pub caps: &'static [Cap],
    /// How many destinations may be worked on at a time through one app; `None` for no bound.
    pub at_once_per_app: Option<u32>,
    /// Headers in which the platform says what is left.
    pub budgets: &'static [BudgetHeaders],
}

/// A bucket of calls that the platform's answers tell about.
#[derive(Debug)]
pub struct BudgetHeaders {
    /// The bucket's name here; unique within the platform.
    pub name: &'static str,
    /// Whose it is.
    pub holder: Holder,
    /// Which calls draw on it. A bucket of calls that publishing does not need is not listed.
    pub calls: Calls,
    /// How much of it one publishing request takes.
    pub each: u32,
    /// The header with the size of the bucket. Where it is a list, the first number is the one.
    pub limit: &'static str,
    /// The header with what is left.
    pub remaining: &'static str,
    /// The header with the moment at which it is full again.
    pub reset: &'static str,
    /// How that moment is written.
    pub reset_is: ResetForm,
}

/// Whose bucket it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Holder {
    /// The app's: all of its accounts draw on it.
    App,
    /// The account's.
    Account,
}

/// Which calls draw on a bucket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Calls {
    /// All of the platform's.
    All,
    /// `POST` to addresses whose path ends like this.
    PostTo(&'static str),
}

/// How a reset moment is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ResetForm {
    /// Seconds since 1970, perhaps with a fraction.
    EpochSeconds,
    /// Seconds from now, perhaps with a fraction.
    SecondsFromNow,
    /// An ISO 8601 date and time.
    Iso8601,
}

/// What an answer says about one bucket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Budget {
    /// Its name.
    pub name: &'static str,
    /// Whose it is.
    pub holder: Holder,
    /// How much of it one publishing request takes.
    pub each: u32,
    /// Its size; 0 when the answer does not say.
    pub limit: u32,
    /// What is left.
    pub remaining: u32,
    /// When it is full again.
    pub reset_at: Timestamp,
}

/// Learns of every answer that a connector gets.
pub trait LimitObserver: Send + Sync {
    /// `call` was answered with this status and these headers.
    fn answered(&self, call: &Call, status: u16, headers: &HeaderMap);
}

/// An observer that learns nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Unobserved;

impl LimitObserver for Unobserved {
    fn answered(&self, _: &Call, _: u16, _: &HeaderMap) {}
}

/// Which call an answer is to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// The method.
    pub method: Method,
    /// The path, without the query.
    pub path: String,
}

impl Call {
    /// The call that a request makes.
    pub fn of(request: &Request) -> Self {
        Self { method: request.method.clone(), path: request.url.path().to_owned() }
    }
}

impl PlatformLimits {
    /// A platform of which no limits are known in advance; its refusals are still obeyed.
    pub const UNKNOWN: Self = Self { caps: &[], at_once_per_app: None, budgets: &[] };

    /// The buckets that an answer tells about.
    pub fn read(&self, call: &Call, headers: &HeaderMap, now: Timestamp) -> Vec<Budget> {
        self.budgets.iter().filter_map(|bucket| bucket.read(call, headers, now)).collect()
    }
}

impl BudgetHeaders {
    fn read(&self, call: &Call, headers: &HeaderMap, now: Timestamp) -> Option<Budget> {
        if let Calls::PostTo(end) = self.calls
            && !(call.method == Method::POST && call.path.ends_with(end))
        {
            return None;
        }
        let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).map(str::trim);
        let remaining = first_number(text(self.remaining)?)?;
        let reset_at = self.reset_is.read(text(self.reset)?, now)?;
        let limit = text(self.limit).and_then(first_number).unwrap_or(0);
        Some(Budget { name: self.name, holder: self.holder, each: self.each, limit, remaining, reset_at })
    }
}

impl ResetForm {
    fn read(self, text: &str, now: Timestamp) -> Option<Timestamp> {
        match self {
            Self::Iso8601 => Timestamp::parse(text).ok(),
            Self::EpochSeconds => seconds(text).map(|span| Timestamp::from_micros(span.as_micros())),
            Self::SecondsFromNow => seconds(text).map(|span| now + span),
        }
    }
}

/// The number that a text begins with; what is smaller than none is none.
fn first_number(text: &str) -> Option<u32> {
    let digits = text.split(|c: char| !c.is_ascii_digit() && c != '-').next()?;
    let number: i64 = digits.parse().ok()?;
    Some(u32::try_from(number.max(0)).unwrap_or(u32::MAX))
}

/// Seconds with up to six decimals. Further ones round up, so that nobody is early.
fn seconds(text: &str) -> Option<Span> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let whole: i64 = whole.parse().ok().filter(|whole| *whole >= 0)?;
    if !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let (kept, rest) = fraction.split_at(fraction.len().min(6));
    let micros: i64 = format!("{kept:0<6}").parse().ok()?;
    let rounds_up = rest.bytes().any(|byte| byte != b'0');
    Some(Span::from_micros(whole.checked_mul(1_000_000)?.checked_add(micros + i64::from(rounds_up))?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    const NOW: Timestamp = Timestamp::from_seconds(1_800_000_000);

    const fn bucket(calls: Calls, reset_is: ResetForm) -> BudgetHeaders {
        BudgetHeaders {
            name: "posts",
            holder: Holder::Account,
            calls,
            each: 1,
            limit: "x-limit",
            remaining: "x-left",
            reset: "x-reset",
            reset_is,
        }
    }

    fn read(bucket: &BudgetHeaders, path: &str, values: [&'static str; 3]) -> Option<Budget> {
        let mut headers = HeaderMap::new();
        for (name, value) in ["x-limit", "x-left", "x-reset"].into_iter().zip(values) {
            if !value.is_empty() {
                headers.insert(name, HeaderValue::from_static(value));
            }
        }
        bucket.read(&Call { method: Method::POST, path: path.to_owned() }, &headers, NOW)
    }

    #[test]
    fn a_bucket_is_read_in_each_form_of_its_reset() {
        for (form, text, reset_at) in [
            (ResetForm::EpochSeconds, "1800000060", NOW + Span::from_seconds(60)),
            (ResetForm::EpochSeconds, "1800000060.5000001", NOW + Span::from_micros(60_500_001)),
            (ResetForm::SecondsFromNow, "37", NOW + Span::from_seconds(37)),
            (ResetForm::SecondsFromNow, "0.57", NOW + Span::from_millis(570)),
            (ResetForm::Iso8601, "2027-01-15T08:01:00Z", NOW + Span::from_seconds(60)),
        ] {
            let read = read(&bucket(Calls::All, form), "/x", ["100, 100;w=1;name=\"a\"", "7", text]);
            let expect = Budget {
                name: "posts",
                holder: Holder::Account,
                each: 1,
                limit: 100,
                remaining: 7,
                reset_at,
            };
            assert_eq!(read, Some(expect), "{text}");
        }
    }

    #[test]
    fn other_calls_and_unreadable_headers_tell_nothing() {
        let posts = bucket(Calls::PostTo("/2/tweets"), ResetForm::SecondsFromNow);
        assert!(read(&posts, "/api.x.com/2/tweets", ["1", "1", "1"]).is_some());
        assert_eq!(read(&posts, "/2/tweets/7/replies", ["1", "1", "1"]), None);
        for values in [["1", "", "1"], ["1", "1", ""], ["1", "x", "1"], ["1", "1", "-5"], ["1", "1", "1.x"]] {
            assert_eq!(read(&posts, "/2/tweets", values), None, "{values:?}");
        }
        assert_eq!(
            read(&posts, "/2/tweets", ["", "-1", "1"]).map(|one| (one.limit, one.remaining)),
            Some((0, 0))
        );
    }
}
