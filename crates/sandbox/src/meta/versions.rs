//! The versions of the Graph API, and until when each is served.

use domain::Timestamp;

use super::error::GraphError;

/// Names and last days; `None` where no end is published.
const VERSIONS: [(&str, Option<&str>); 6] = [
    ("v26.0", None),
    ("v25.0", Some("2028-07-29")),
    ("v24.0", Some("2028-02-18")),
    ("v23.0", Some("2027-10-08")),
    ("v22.0", Some("2027-05-20")),
    ("v21.0", Some("2027-01-21")),
];

/// Whether a segment of a path names a version.
pub(crate) fn is_version(segment: &str) -> bool {
    let number = segment.strip_prefix('v').unwrap_or_default();
    number.split_once('.').is_some_and(|(major, minor)| {
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        digits(major) && digits(minor)
    })
}

/// Refuses a version that never was, or is no longer served at `now`.
pub(crate) fn check(version: &str, now: Timestamp) -> Result<(), GraphError> {
    let newest = VERSIONS[0].0;
    let ends = match VERSIONS.iter().find(|(name, _)| *name == version) {
        Some((_, ends)) => *ends,
        None if major(version) < major("v21.0") => Some("2026-09-09"),
        None => {
            let message = format!("Unknown path components: /{version}");
            return Err(GraphError::new(2500, message));
        }
    };
    let is_over = ends.and_then(|day| Timestamp::parse(day).ok()).is_some_and(|day| now >= day);
    if is_over {
        let message = format!(
            "(#2635) You are calling a deprecated version of the API. Please update to the latest version: {newest}."
        );
        return Err(GraphError::new(2635, message));
    }
    Ok(())
}

fn major(version: &str) -> u32 {
    version.trim_start_matches('v').split('.').next().and_then(|text| text.parse().ok()).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_served_until_its_last_day() {
        let day = |text: &str| Timestamp::parse(text).unwrap();
        for (version, now, code) in [
            ("v26.0", "2030-01-01", None),
            ("v21.0", "2026-11-23", None),
            ("v21.0", "2027-01-21", Some(2635)),
            ("v25.0", "2028-07-28T23:59:59Z", None),
            ("v3.2", "2026-11-23", Some(2635)),
            ("v99.0", "2026-11-23", Some(2500)),
        ] {
            assert_eq!(check(version, day(now)).err().map(|error| error.code), code, "{version} {now}");
        }
        assert!(
            is_version("v26.0") && !is_version("v26") && !is_version("vacation.0") && !is_version("26.0")
        );
    }
}
