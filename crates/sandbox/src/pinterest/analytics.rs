//! Figures of pins and accounts: some of them come under `summary_metrics` only, others under
//! `lifetime_metrics` only.

use domain::{Span, Timestamp};
use serde_json::{Map, Value, json};

use super::errors::{PinterestError, invalid};
use super::request::Ask;
use super::state::{Pin, Pinterest};
use crate::core::figures::Figures;

const OLDEST: Span = Span::from_days(90);
const DAY: Span = Span::from_days(1);
/// Figures of days.
const DAILY: [&str; 9] = [
    "IMPRESSION",
    "OUTBOUND_CLICK",
    "PIN_CLICK",
    "SAVE",
    "SAVE_RATE",
    "ENGAGEMENT",
    "VIDEO_MRC_VIEW",
    "VIDEO_10S_VIEW",
    "VIDEO_START",
];
/// Figures since the pin was made.
const LIFETIME: [&str; 2] = ["TOTAL_COMMENTS", "TOTAL_REACTIONS"];

/// The figures that a pin carries itself.
pub(super) fn of_pin(pin: &Pin, now: Timestamp) -> Value {
    let figures = Figures::of(&pin.id, now.since(pin.created_at));
    let figures = json!({
        "impression": figures.seen,
        "pin_click": figures.clicks * 2,
        "clickthrough": figures.clicks,
        "save": figures.shares,
        "reaction": figures.likes,
        "comment": figures.comments,
    });
    json!({"90d": figures, "lifetime_metrics": figures})
}

impl Pinterest {
    /// `GET /v5/pins/{id}/analytics`
    pub(super) fn pin_analytics(&self, ask: &Ask, id: &str) -> Result<Value, PinterestError> {
        let user = self.caller(ask, &["boards:read", "pins:read"])?;
        let pin = self.own_pin(id, &user)?;
        let names = names(ask)?;
        Ok(json!({"all": self.figures(ask, &names, &[pin])?}))
    }

    /// `GET /v5/user_account/analytics`
    pub(super) fn account_analytics(&self, ask: &Ask) -> Result<Value, PinterestError> {
        let user = self.caller(ask, &["user_accounts:read"])?;
        let daily: Vec<&str> = DAILY.to_vec();
        let pins = self.find_pins(|pin| pin.user == user.id);
        Ok(json!({"all": self.figures(ask, &daily, &pins)?}))
    }

    fn figures(&self, ask: &Ask, names: &[&str], pins: &[Pin]) -> Result<Value, PinterestError> {
        let day = |name: &str| {
            let text = ask.get(name).ok_or_else(|| invalid(&format!("'{name}' is a required property")))?;
            let at = Timestamp::parse(&format!("{text}T00:00:00Z"));
            at.map_err(|_| invalid(&format!("{name}: '{text}' is not a 'date'")))
        };
        let (start, end) = (day("start_date")?, day("end_date")?);
        if start + OLDEST < self.world.now() {
            return Err(invalid("start_date must be at most 90 days ago"));
        }
        if end < start || start + OLDEST < end {
            return Err(invalid("end_date must be after start_date and at most 90 days later"));
        }
        let now = self.world.now();
        let values = |known: &[&str], from: Timestamp, to: Timestamp| -> Map<String, Value> {
            let sum = |name: &str| -> i64 {
                let until =
                    |pin: &Pin, at: Timestamp| figure(name, &pin.id, at.min(now).since(pin.created_at));
                pins.iter().map(|pin| until(pin, to) - until(pin, from)).sum()
            };
            let known = names.iter().filter(|name| known.contains(name));
            known.map(|name| ((*name).to_owned(), json!(sum(name)))).collect()
        };
        let mut days = Vec::new();
        let mut at = start;
        while at <= end {
            let date: String = at.to_iso_millis().chars().take(10).collect();
            days.push(json!({"date": date, "data_status": "READY", "metrics": values(&DAILY, at, at + DAY)}));
            at = at + DAY;
        }
        let mut figures = json!({"daily_metrics": days, "summary_metrics": values(&DAILY, start, end + DAY)});
        let lifetime = values(&LIFETIME, Timestamp::from_micros(0), now);
        if !lifetime.is_empty() {
            figures["lifetime_metrics"] = Value::Object(lifetime);
        }
        Ok(figures)
    }
}

/// One of a pin's figures by so long after it was made.
fn figure(name: &str, id: &str, age: Span) -> i64 {
    let figures = Figures::of(id, age);
    match name {
        "IMPRESSION" => figures.seen,
        "OUTBOUND_CLICK" => figures.clicks,
        "PIN_CLICK" => figures.clicks * 2,
        "SAVE" => figures.shares,
        "ENGAGEMENT" => figures.clicks * 2 + figures.shares,
        "TOTAL_COMMENTS" => figures.comments,
        "TOTAL_REACTIONS" => figures.likes,
        _ => 0,
    }
}

/// The figures that are asked for.
fn names(ask: &Ask) -> Result<Vec<&'static str>, PinterestError> {
    let asked = ask.get("metric_types").ok_or_else(|| invalid("'metric_types' is a required property"))?;
    let known = |name: &str| DAILY.iter().chain(&LIFETIME).find(|known| **known == name).copied();
    asked
        .split(',')
        .map(|name| known(name).ok_or_else(|| invalid(&format!("metric_types: '{name}' is not one of ours"))))
        .collect()
}
