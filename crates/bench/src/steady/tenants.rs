//! Organizations with keys and accounts, and the posts that they send.

use std::sync::Arc;

use anyhow::{Context as _, Result};
use app::{App, setup};
use domain::api_key::Scope;
use domain::{AccountId, PlatformName};
use serde_json::json;

use super::Steady;
use crate::load;
use crate::seed;

const PLATFORM: &str = "x";

struct Tenant {
    key: String,
    accounts: Vec<AccountId>,
}

/// The posts, by number. Organizations take turns, and in each its accounts.
pub(super) struct Requests(Vec<Tenant>);

/// Makes the organizations.
pub(super) async fn make(app: &App, steady: Steady) -> Result<Requests> {
    let mut tenants = Vec::with_capacity(steady.organizations);
    for number in 0..steady.organizations {
        let address = format!("owner{number}@example.org");
        let organization =
            setup::create_organization(app, &format!("Studio {number}"), &address, "Owner").await?;
        let key = setup::create_key(app, &organization, "bench", Scope::USUAL.to_vec(), None).await?;
        let mut accounts = Vec::with_capacity(steady.accounts_each);
        for account in 0..steady.accounts_each {
            let (id, _) = setup::connect_account(
                app,
                organization.id,
                organization.workspace_id,
                &PlatformName::from_text(PLATFORM),
                seed::identity(account, PLATFORM),
                &seed::credentials(account),
            )
            .await
            .context("cannot connect an account")?;
            accounts.push(id);
        }
        tenants.push(Tenant { key: key.secret, accounts });
    }
    Ok(Requests(tenants))
}

impl Requests {
    /// The request that makes the post of this number, for now.
    pub(super) fn get(&self, number: usize) -> Arc<[u8]> {
        let tenant = &self.0[number % self.0.len()];
        let account = tenant.accounts[number / self.0.len() % tenant.accounts.len()];
        let content = format!(
            "No. {number} from the kitchen: the autumn menu is live. Pumpkin soup with roasted seeds, quince tart, \
             and the last tomatoes of the year. We are open until ten tonight, so come by and bring a friend."
        );
        let body = json!({ "content": content, "account_ids": [account.0] }).to_string();
        load::request("POST", "/v1/posts", &tenant.key, &body)
    }
}
