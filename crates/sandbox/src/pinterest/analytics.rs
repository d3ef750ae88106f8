//! Figures of pins and accounts: some of them come under `summary_metrics` only, others under
//! `lifetime_metrics` only.

use domain::{Span, Timestamp};
use serde_json::{Map, Value, json};

use super::errors::{PinterestError, invalid};
use super::request::Ask;
use super::state::Pinterest;

const OLDEST: Span = Span::from_days(90);
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
pub(super) fn of_pin() -> Value {
    let figures =
        json!({"impression": 0, "pin_click": 0, "clickthrough": 0, "save": 0, "reaction": 0, "comment": 0});
    json!({"90d": figures, "lifetime_metrics": figures})
}

impl Pinterest {
    /// `GET /v5/pins/{id}/analytics`
    pub(super) fn pin_analytics(&self, ask: &Ask, id: &str) -> Result<Value, PinterestError> {
        let user = self.caller(ask, &["boards:read", "pins:read"])?;
        self.own_pin(id, &user)?;
        let names = names(ask)?;
        Ok(json!({"all": self.figures(ask, &names)?}))
    }

    /// `GET /v5/user_account/analytics`
    pub(super) fn account_analytics(&self, ask: &Ask) -> Result<Value, PinterestError> {
        self.caller(ask, &["user_accounts:read"])?;
        let daily: Vec<&str> = DAILY.to_vec();
        Ok(json!({"all": self.figures(ask, &daily)?}))
    }

    fn figures(&self, ask: &Ask, names: &[&str]) -> Result<Value, PinterestError> {
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
        let values = |known: &[&str]| -> Map<String, Value> {
            names
                .iter()
                .filter(|name| known.contains(name))
                .map(|name| ((*name).to_owned(), json!(0)))
                .collect()
        };
        let mut days = Vec::new();
        let mut at = start;
        while at <= end {
            let date: String = at.to_iso_millis().chars().take(10).collect();
            days.push(json!({"date": date, "data_status": "READY", "metrics": values(&DAILY)}));
            at = at + Span::from_days(1);
        }
        let mut figures = json!({"daily_metrics": days, "summary_metrics": values(&DAILY)});
        let lifetime = values(&LIFETIME);
        if !lifetime.is_empty() {
            figures["lifetime_metrics"] = Value::Object(lifetime);
        }
        Ok(figures)
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
