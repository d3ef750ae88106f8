//! Versions of platforms' APIs: which one is in use, and when it ends.

use domain::{PlatformName, Span, Timestamp};

use crate::{ApiVersion, Hosts, PlatformSpec};

impl ApiVersion {
    /// The moment from which it is served no more, by UTC; `None` where no end is known.
    pub fn ends_at(&self) -> Option<Timestamp> {
        let last_day = Timestamp::parse(&format!("{}T00:00:00Z", self.ends?)).ok()?;
        Some(last_day + Span::from_days(1))
    }
}

/// The version of a platform's API that this server uses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VersionInUse {
    /// The platform.
    pub platform: PlatformName,
    /// As it stands in addresses or headers.
    pub version: String,
    /// From when on it is served no more; `None` where no end is known.
    pub ends_at: Option<Timestamp>,
}

impl VersionInUse {
    /// How long before its end a version is worth a warning.
    pub const SOON: Span = Span::from_days(180);

    /// The version that `hosts` names; `None` for a platform whose API has no versions.
    pub fn of(spec: &PlatformSpec, hosts: &Hosts) -> Option<Self> {
        let version = hosts.version();
        if version.is_empty() {
            return None;
        }
        let known = spec.versions.iter().find(|known| known.name == version);
        let ends_at = known.and_then(ApiVersion::ends_at);
        Some(Self { platform: spec.name.clone(), version: version.to_owned(), ends_at })
    }

    /// How long it is served yet; negative when it is not any more.
    pub fn left(&self, now: Timestamp) -> Option<Span> {
        self.ends_at.map(|end| end.since(now))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_served_through_its_last_day() {
        let version = ApiVersion { name: "v1", ends: Some("2027-09-15") };
        assert_eq!(version.ends_at().unwrap().to_iso_millis(), "2027-09-16T00:00:00.000Z");
        assert_eq!(ApiVersion { name: "2", ends: None }.ends_at(), None);
    }
}
