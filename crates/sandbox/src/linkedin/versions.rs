//! Which monthly versions the emulated LinkedIn serves at a moment.

use domain::{Span, Timestamp};

/// Announced last days. Without one, a version is served for a year from the middle of its month.
const SUNSETS: &[(&str, &str)] =
    &[("202510", "2026-10-15"), ("202511", "2026-11-16"), ("202601", "2027-01-15"), ("202603", "2027-03-16")];
/// What was before is gone.
const OLDEST: u32 = 202_510;

/// Whether `version` (`YYYYMM`) is released and not sunset yet at `now`.
pub(super) fn is_active(version: &str, now: Timestamp) -> bool {
    let Some((year, month)) = split(version) else { return false };
    let released = Timestamp::parse(&format!("{year:04}-{month:02}-01T00:00:00Z")).ok();
    let usual = format!("{:04}-{month:02}-15", year + 1);
    let last_day = SUNSETS.iter().find(|(known, _)| *known == version).map_or(usual.as_str(), |(_, day)| day);
    let ends = Timestamp::parse(&format!("{last_day}T00:00:00Z")).ok().map(|day| day + Span::from_days(1));
    released.is_some_and(|from| from <= now) && ends.is_some_and(|end| now < end)
}

fn split(version: &str) -> Option<(u32, u32)> {
    if version.len() != 6 || !version.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let number: u32 = version.parse().ok()?;
    let month = number % 100;
    (number >= OLDEST && (1..=12).contains(&month)).then_some((number / 100, month))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(day: &str) -> Timestamp {
        Timestamp::parse(&format!("{day}T12:00:00Z")).unwrap()
    }

    #[test]
    fn a_version_is_served_from_its_month_to_its_last_day() {
        assert!(is_active("202609", at("2026-11-23")));
        assert!(is_active("202609", at("2027-09-15")));
        assert!(!is_active("202609", at("2027-09-16")));
        assert!(is_active("202511", at("2026-11-16")) && !is_active("202511", at("2026-11-17")));
        assert!(is_active("202612", at("2026-12-01")) && !is_active("202612", at("2026-11-30")));
        for nonsense in ["202613", "2026", "20260901", "abcdef", "202500", "202509", "+20269"] {
            assert!(!is_active(nonsense, at("2026-11-23")), "{nonsense}");
        }
    }
}
