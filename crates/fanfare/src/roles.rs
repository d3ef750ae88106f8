//! What a node does: answers callers, publishes, or both.

use std::str::FromStr;

use serde::{Deserialize, Deserializer, de};

/// The roles of a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Roles {
    /// Answers callers.
    pub(crate) api: bool,
    /// Publishes what is due.
    pub(crate) worker: bool,
}

impl Default for Roles {
    fn default() -> Self {
        Self { api: true, worker: true }
    }
}

impl std::fmt::Display for Roles {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match (self.api, self.worker) {
            (true, true) => "api,worker",
            (true, false) => "api",
            (false, true) => "worker",
            (false, false) => "",
        })
    }
}

impl FromStr for Roles {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        read(text.split(','))
    }
}

fn read<'a>(names: impl Iterator<Item = &'a str>) -> Result<Roles, String> {
    let mut roles = Roles { api: false, worker: false };
    for name in names {
        match name.trim() {
            "api" => roles.api = true,
            "worker" => roles.worker = true,
            other => return Err(format!("\"{other}\" is no role; the roles are api and worker")),
        }
    }
    Ok(roles)
}

impl<'de> Deserialize<'de> for Roles {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Form {
            One(String),
            List(Vec<String>),
        }
        let roles = match Form::deserialize(deserializer)? {
            Form::One(text) => text.parse(),
            Form::List(names) => read(names.iter().map(String::as_str)),
        };
        roles.map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roles_are_read_from_a_list_and_anything_else_is_refused() {
        assert_eq!("api,worker".parse(), Ok(Roles::default()));
        assert_eq!(" worker".parse(), Ok(Roles { api: false, worker: true }));
        assert!("api,cook".parse::<Roles>().is_err());
        assert!("".parse::<Roles>().is_err());
    }
}
