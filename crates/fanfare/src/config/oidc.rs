//! The section `oidc` of the configuration: another system that people sign in by.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result, bail};
use app::people::provider::{Provider, ProviderConfig};
use domain::people::Role;
use serde::Deserialize;
use url::Url;

use super::Secret;

/// Another system that people sign in by; none while `issuer` is empty.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Oidc {
    /// Its address, as it calls itself.
    pub(crate) issuer: String,
    /// What it calls this installation.
    pub(crate) client_id: String,
    /// What this installation proves itself by; empty for a public client.
    pub(crate) client_secret: Secret,
    /// What the button on the sign-in page says.
    pub(crate) name: String,
    /// What is asked for.
    pub(crate) scopes: Vec<String>,
    /// Who has an address in one of these domains may join without an invitation.
    pub(crate) allowed_domains: Vec<String>,
    /// The organization that they join, by name or id; the only one when empty.
    pub(crate) organization: String,
    /// What they become there.
    pub(crate) default_role: String,
    /// The claim that may make something else of them.
    pub(crate) role_claim: String,
    /// Its values, with the role of each.
    pub(crate) roles: BTreeMap<String, String>,
}

impl Default for Oidc {
    fn default() -> Self {
        Self {
            issuer: String::new(),
            client_id: String::new(),
            client_secret: Secret::default(),
            name: "Single sign-on".to_owned(),
            scopes: ["openid", "email", "profile"].map(str::to_owned).to_vec(),
            allowed_domains: Vec::new(),
            organization: String::new(),
            default_role: Role::Viewer.as_str().to_owned(),
            role_claim: String::new(),
            roles: BTreeMap::new(),
        }
    }
}

fn role(key: &str, name: &str) -> Result<Role> {
    let known: Vec<&str> = Role::ALL.iter().map(|role| role.as_str()).collect();
    Role::parse(name).with_context(|| format!("{key} must be one of: {}", known.join(", ")))
}

impl Oidc {
    /// The login that the sandbox emulates, for the demo.
    pub(crate) fn of_sandbox(sandbox_url: &str) -> Self {
        Self {
            issuer: format!("{sandbox_url}/login.example.com"),
            client_id: "sandbox-openid-client".to_owned(),
            client_secret: Secret("sandbox-openid-secret".to_owned()),
            name: "Example login".to_owned(),
            allowed_domains: vec!["example.org".to_owned()],
            default_role: Role::Editor.as_str().to_owned(),
            ..Self::default()
        }
    }

    pub(crate) fn check(&self, allow_private_networks: bool) -> Result<()> {
        if self.issuer.is_empty() {
            if !self.client_id.is_empty() || !self.client_secret.0.is_empty() {
                bail!("oidc.issuer is missing; set the address of the system that people sign in by");
            }
            return Ok(());
        }
        let url = Url::parse(&self.issuer).context("oidc.issuer is not an address")?;
        let is_safe = url.scheme() == "https" || (url.scheme() == "http" && allow_private_networks);
        if !is_safe || !url.has_host() || url.query().is_some() || url.fragment().is_some() {
            bail!(
                "oidc.issuer must begin with https:// and have no query; http:// is for one's own network, \
                 with allow_private_networks"
            );
        }
        if self.client_id.is_empty() {
            bail!("oidc.client_id is missing; {} gives one to each client", self.issuer);
        }
        if self.name.trim().is_empty() || self.name.chars().count() > 50 {
            bail!("oidc.name has between 1 and 50 characters");
        }
        if !self.scopes.iter().any(|scope| scope == "openid") {
            bail!("oidc.scopes must have \"openid\" among them");
        }
        if self.allowed_domains.iter().any(|domain| domain.is_empty() || domain.contains(['@', '*', ' '])) {
            bail!("oidc.allowed_domains are names such as example.org, without @ and *");
        }
        self.config().map(|_| ())
    }

    fn config(&self) -> Result<ProviderConfig> {
        if self.role_claim.is_empty() && !self.roles.is_empty() {
            bail!("oidc.role_claim is missing; oidc.roles says what its values mean");
        }
        let roles: Result<Vec<(String, Role)>> = self
            .roles
            .iter()
            .map(|(value, name)| Ok((value.clone(), role(&format!("oidc.roles.{value}"), name)?)))
            .collect();
        Ok(ProviderConfig {
            issuer: self.issuer.clone(),
            client_id: self.client_id.clone(),
            client_secret: self.client_secret.0.clone(),
            name: self.name.trim().to_owned(),
            scopes: self.scopes.clone(),
            allowed_domains: self.allowed_domains.clone(),
            organization: self.organization.clone(),
            default_role: role("oidc.default_role", &self.default_role)?,
            role_claim: self.role_claim.clone(),
            roles: roles?,
        })
    }

    /// The system, if there is one.
    pub(crate) fn provider(&self) -> Result<Option<Provider>> {
        if self.issuer.is_empty() {
            return Ok(None);
        }
        Ok(Some(Provider::new(self.config()?)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn complaint(change: impl FnOnce(&mut Oidc)) -> String {
        let mut oidc = Oidc {
            issuer: "https://login.example.org/realms/main".to_owned(),
            client_id: "fanfare".to_owned(),
            ..Oidc::default()
        };
        change(&mut oidc);
        oidc.check(false).map_or_else(|error| error.to_string(), |()| String::new())
    }

    #[test]
    fn what_is_wrong_is_named() {
        assert!(Oidc::default().check(false).is_ok());
        assert!(Oidc::default().provider().unwrap().is_none());
        assert_eq!(complaint(|_| ()), "");
        assert!(complaint(|oidc| oidc.issuer.clear()).starts_with("oidc.issuer is missing"));
        assert!(complaint(|oidc| oidc.issuer = "login".to_owned()).starts_with("oidc.issuer"));
        assert!(complaint(|oidc| oidc.issuer = "http://login.example.org".to_owned()).contains("https://"));
        assert!(complaint(|oidc| oidc.client_id.clear()).starts_with("oidc.client_id"));
        assert!(complaint(|oidc| oidc.scopes.clear()).starts_with("oidc.scopes"));
        assert!(complaint(|oidc| oidc.default_role = "boss".to_owned()).contains("owner, admin"));
        assert!(
            complaint(|oidc| oidc.allowed_domains = vec!["@a.example".to_owned()])
                .contains("allowed_domains")
        );
        let roles = BTreeMap::from([("staff".to_owned(), "editor".to_owned())]);
        assert!(complaint(|oidc| oidc.roles = roles).starts_with("oidc.role_claim"));
        let local = Oidc::of_sandbox("http://127.0.0.1:9090");
        assert!(local.check(true).is_ok() && local.check(false).is_err());
        assert!(!format!("{local:?}").contains("sandbox-openid-secret"));
    }
}
