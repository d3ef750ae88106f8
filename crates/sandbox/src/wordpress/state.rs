//! What is stored of the emulated sites. Posts and files of a site share their ids.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::{HeaderMap, header};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::core::error::SandboxError;
use crate::core::journal::Table;
use crate::core::lock;
use crate::core::world::World;

/// A site.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Site {
    pub(super) host: String,
    pub(super) name: String,
    /// Plain permalinks: no readable addresses.
    pub(super) plain: bool,
    /// Its web server takes the Authorization header away.
    pub(super) strips_authorization: bool,
    pub(super) takes_application_passwords: bool,
}

/// What a user may do on a site.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Role {
    Subscriber,
    Contributor,
    Author,
    Editor,
    Administrator,
}

/// A user of a site.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct User {
    pub(super) id: u64,
    pub(super) login: String,
    pub(super) name: String,
    pub(super) role: Role,
    pub(super) application_password: String,
}

impl User {
    /// Whether the user has a capability.
    pub(super) fn may(&self, what: &str) -> bool {
        self.capabilities().contains(&what)
    }

    pub(super) fn capabilities(&self) -> Vec<&'static str> {
        let steps: [(Role, &[&'static str]); 5] = [
            (Role::Subscriber, &["read"]),
            (Role::Contributor, &["edit_posts", "delete_posts"]),
            (
                Role::Author,
                &["publish_posts", "upload_files", "edit_published_posts", "delete_published_posts"],
            ),
            (
                Role::Editor,
                &[
                    "edit_others_posts",
                    "delete_others_posts",
                    "edit_private_posts",
                    "read_private_posts",
                    "manage_categories",
                    "unfiltered_html",
                ],
            ),
            (Role::Administrator, &["manage_options", "list_users"]),
        ];
        steps
            .iter()
            .filter(|(role, _)| *role <= self.role)
            .flat_map(|(_, names)| names.iter().copied())
            .collect()
    }
}

/// A post.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Post {
    pub(super) id: u64,
    pub(super) author: u64,
    pub(super) title: String,
    pub(super) content: String,
    pub(super) excerpt: String,
    pub(super) slug: String,
    pub(super) status: String,
    pub(super) format: String,
    pub(super) featured_media: u64,
    pub(super) categories: Vec<u64>,
    pub(super) tags: Vec<u64>,
    /// ISO 8601 in UTC without a zone, as the API writes it.
    pub(super) date_gmt: String,
    pub(super) modified_gmt: String,
}

/// A file of the library.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Media {
    pub(super) id: u64,
    pub(super) author: u64,
    /// Below the uploads folder: `2026/11/rye.png`.
    pub(super) file: String,
    pub(super) slug: String,
    pub(super) title: String,
    pub(super) alt_text: String,
    pub(super) caption: String,
    pub(super) mime_type: String,
    pub(super) size_bytes: u64,
    pub(super) sha256: String,
    pub(super) date_gmt: String,
}

/// A tag or a category.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Term {
    pub(super) id: u64,
    /// `tags` or `categories`.
    pub(super) kind: String,
    pub(super) name: String,
    pub(super) slug: String,
}

/// All emulated sites.
pub(super) struct WordPress {
    pub(super) world: Arc<World>,
    /// By host.
    pub(super) sites: Table<Site>,
    /// The others by host and what [`key`] makes of an id.
    pub(super) users: Table<User>,
    pub(super) posts: Table<Post>,
    pub(super) media: Table<Media>,
    pub(super) terms: Table<Term>,
    /// The last id of each kind and site.
    counters: Table<u64>,
    /// Held while something is looked up and then changed.
    pub(super) gate: Mutex<()>,
}

impl WordPress {
    pub(super) fn open(world: &Arc<World>) -> Result<Self, SandboxError> {
        let journal = &world.journal;
        Ok(Self {
            sites: journal.table("wordpress/sites")?,
            users: journal.table("wordpress/users")?,
            posts: journal.table("wordpress/posts")?,
            media: journal.table("wordpress/media")?,
            terms: journal.table("wordpress/terms")?,
            counters: journal.table("wordpress/counters")?,
            gate: Mutex::new(()),
            world: Arc::clone(world),
        })
    }

    /// The next id of a kind; ids are never given twice.
    pub(super) fn next_id(&self, host: &str, kind: &str) -> Result<u64, SandboxError> {
        let key = format!("{host}/{kind}");
        let next = self.counters.get(&key).unwrap_or(0) + 1;
        self.counters.put(&key, &next)?;
        Ok(next)
    }

    /// The next id of a post or file. All sites count together, so that an id tells a post.
    pub(super) fn next_post_id(&self) -> Result<u64, SandboxError> {
        self.next_id("", "posts")
    }

    /// Now, as the API writes it.
    pub(super) fn moment(&self) -> String {
        self.world.now().to_iso_millis().chars().take(19).collect()
    }

    /// Whose application password the call carries. Anything wrong with it makes the call nobody's.
    pub(super) fn caller(&self, site: &Site, headers: &HeaderMap) -> Option<User> {
        if site.strips_authorization || !site.takes_application_passwords {
            return None;
        }
        let (login, password) = basic(headers)?;
        let password: String = password.split_whitespace().collect();
        of_site(&self.users, &site.host)
            .into_iter()
            .find(|user| user.login.eq_ignore_ascii_case(&login) && user.application_password == password)
    }

    /// The user of the call gets another application password.
    pub(super) fn revoke(&self, host: &str, headers: &HeaderMap) -> Result<(), SandboxError> {
        let _one_at_a_time = lock(&self.gate);
        let Some(site) = self.sites.get(host) else { return Ok(()) };
        let Some(user) = self.caller(&site, headers) else { return Ok(()) };
        let password = self.world.entropy.token(24);
        self.users.update(&key(host, user.id), |user| user.application_password = password)?;
        Ok(())
    }
}

/// The rows of one site.
pub(super) fn of_site<T>(table: &Table<T>, host: &str) -> Vec<T>
where
    T: Serialize + DeserializeOwned + Clone + Send + Sync + 'static,
{
    let prefix = format!("{host}/");
    let of = |rows: &BTreeMap<String, T>| {
        rows.iter().filter(|(key, _)| key.starts_with(&prefix)).map(|(_, row)| row.clone()).collect()
    };
    table.read(of)
}

/// The key of a site's row.
pub(super) fn key(host: &str, id: u64) -> String {
    format!("{host}/{id:012}")
}

/// What follows `Basic ` for a user and a password.
pub(super) fn encoded(login: &str, password: &str) -> String {
    STANDARD.encode(format!("{login}:{password}"))
}

fn basic(headers: &HeaderMap) -> Option<(String, String)> {
    let text = headers.get(header::AUTHORIZATION)?.to_str().ok()?.strip_prefix("Basic ")?;
    let text = String::from_utf8(STANDARD.decode(text.trim()).ok()?).ok()?;
    text.split_once(':').map(|(login, password)| (login.to_owned(), password.to_owned()))
}
