//! Facebook Login: people, their Pages, what they allowed the app, and codes and tokens of it.
//! Instagram accounts that are reached through Facebook hang on Pages and open with the same tokens.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use domain::Timestamp;
use serde::{Deserialize, Serialize};

use crate::core::error::SandboxError;
use crate::core::journal::{Batch, Table};
use crate::core::world::World;

/// The id of the developer app.
pub(crate) const APP_ID: &str = "100000000000001";
/// The secret of the developer app.
pub(crate) const APP_SECRET: &str = "sandbox-facebook-secret";
/// Every developer app with its secret: that one, and those of a server that was told of none.
const APPS: [(&str, &str); 3] = [
    (APP_ID, APP_SECRET),
    ("sandbox-facebook-client", APP_SECRET),
    ("sandbox-instagram-client", "sandbox-instagram-secret"),
];
/// Every permission that a login may ask for.
pub(crate) const SCOPES: [&str; 17] = [
    "public_profile",
    "email",
    "pages_show_list",
    "pages_manage_posts",
    "pages_read_engagement",
    "pages_manage_engagement",
    "pages_read_user_content",
    "pages_manage_metadata",
    "read_insights",
    "business_management",
    "publish_video",
    "instagram_basic",
    "instagram_content_publish",
    "instagram_manage_comments",
    "instagram_manage_insights",
    "threads_basic",
    "threads_content_publish",
];
/// What an account that was made by the control API has granted.
pub(crate) const USUAL_SCOPES: [&str; 9] = [
    "public_profile",
    "pages_show_list",
    "pages_manage_posts",
    "pages_read_engagement",
    "pages_manage_engagement",
    "pages_read_user_content",
    "read_insights",
    "instagram_basic",
    "instagram_content_publish",
];
/// What somebody with full control of a Page may do.
pub(crate) const ALL_TASKS: [&str; 6] =
    ["MODERATE", "MESSAGING", "ANALYZE", "ADVERTISE", "CREATE_CONTENT", "MANAGE"];

/// A person.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct User {
    pub(crate) id: String,
    pub(crate) name: String,
}

/// A Page.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Page {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) username: String,
    /// The professional Instagram account that is linked to it.
    #[serde(default)]
    pub(crate) instagram: Option<LinkedInstagram>,
}

/// An Instagram account behind a Page.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct LinkedInstagram {
    pub(crate) id: String,
    pub(crate) username: String,
}

/// What a person may do on a Page. The key of the row is `user/page`.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Role {
    pub(crate) page: String,
    pub(crate) tasks: Vec<String>,
}

/// What a person allowed the app. The key of the row is the person.
#[derive(Clone, Default, Serialize, Deserialize)]
pub(crate) struct Grant {
    pub(crate) granted: Vec<String>,
    pub(crate) declined: Vec<String>,
    /// The Pages that were ticked; `None` is all.
    pub(crate) pages: Option<Vec<String>>,
    /// Those that were ticked for publishing, where that differs.
    pub(crate) post_pages: Option<Vec<String>>,
    /// Tokens of earlier generations are dead.
    pub(crate) generation: u32,
    /// Why they are.
    pub(crate) ended: i64,
}

impl Grant {
    pub(crate) fn has(&self, scope: &str) -> bool {
        self.granted.iter().any(|granted| granted == scope)
    }

    /// The Pages that a permission was given for; `None` is all.
    pub(crate) fn targets(&self, scope: &str) -> Option<&[String]> {
        let publishing = self.post_pages.as_deref().filter(|_| scope == "pages_manage_posts");
        publishing.or(self.pages.as_deref())
    }

    /// Whether a permission was given for this Page.
    pub(crate) fn covers(&self, scope: &str, page: &str) -> bool {
        self.has(scope) && self.targets(scope).is_none_or(|ticked| ticked.iter().any(|other| other == page))
    }
}

/// An access token. The key of the row is its text.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Token {
    /// Empty for the app's own.
    pub(crate) user: String,
    pub(crate) page: Option<String>,
    pub(crate) generation: u32,
    pub(crate) issued_at: Timestamp,
    pub(crate) expires_at: Option<Timestamp>,
}

/// An authorization code. The key of the row is its text.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Code {
    pub(crate) user: String,
    pub(crate) redirect_uri: String,
    pub(crate) expires_at: Timestamp,
}

/// The secret of a developer app.
pub(crate) fn secret_of(app: &str) -> Option<&'static str> {
    APPS.iter().find(|(id, _)| *id == app).map(|(_, secret)| *secret)
}

/// The secrets of all developer apps.
pub(crate) fn secrets() -> impl Iterator<Item = &'static str> {
    APPS.iter().map(|(_, secret)| *secret)
}

/// The tables.
pub(crate) struct Logins {
    pub(crate) world: Arc<World>,
    pub(crate) users: Table<User>,
    pub(crate) pages: Table<Page>,
    pub(crate) roles: Table<Role>,
    pub(crate) grants: Table<Grant>,
    pub(crate) tokens: Table<Token>,
    pub(crate) codes: Table<Code>,
    /// Held while something is checked and then stored.
    pub(crate) gate: Mutex<()>,
    last_id: AtomicU64,
}

impl Logins {
    pub(crate) fn open(world: &Arc<World>) -> Result<Arc<Self>, SandboxError> {
        let journal = &world.journal;
        let logins = Self {
            world: Arc::clone(world),
            users: journal.table("facebook.users")?,
            pages: journal.table("facebook.pages")?,
            roles: journal.table("facebook.roles")?,
            grants: journal.table("facebook.grants")?,
            tokens: journal.table("facebook.tokens")?,
            codes: journal.table("facebook.codes")?,
            gate: Mutex::new(()),
            last_id: AtomicU64::new(0),
        };
        logins.never_below(logins.users.read(newest_key).max(logins.pages.read(newest_key)));
        Ok(Arc::new(logins))
    }

    /// Ids from now on are above this one.
    pub(crate) fn never_below(&self, id: u64) {
        self.last_id.fetch_max(id, Ordering::Relaxed);
    }

    /// A new id of eighteen digits for anything in the graph, never twice the same.
    pub(crate) fn new_id(&self) -> String {
        let micros = u64::try_from(self.world.now().as_micros()).unwrap_or(0);
        let wanted = 120_000_000_000_000_000 + micros;
        let next = |last: u64| Some(wanted.max(last + 1));
        let last = self.last_id.fetch_update(Ordering::Relaxed, Ordering::Relaxed, next).unwrap_or(0);
        wanted.max(last + 1).to_string()
    }

    /// The Page with this id or name.
    pub(crate) fn page_named(&self, name: &str) -> Option<Page> {
        let by_name =
            || self.pages.find(|page| page.username.eq_ignore_ascii_case(name)).map(|(_, page)| page);
        self.pages.get(name).or_else(by_name)
    }

    /// A person with a role on the Page.
    pub(crate) fn owner_of(&self, page: &str) -> Option<User> {
        let user = self.roles.read(|rows| {
            let key = rows.keys().find(|key| key.split_once('/').is_some_and(|(_, other)| other == page))?;
            Some(key.split_once('/')?.0.to_owned())
        })?;
        self.users.get(&user)
    }

    /// The Pages of a person, in the order in which they were made.
    pub(crate) fn pages_of(&self, user: &str) -> Vec<(Page, Vec<String>)> {
        let prefix = format!("{user}/");
        let roles: Vec<Role> = self.roles.read(|rows| {
            rows.range(prefix.clone()..)
                .take_while(|(key, _)| key.starts_with(&prefix))
                .map(|(_, role)| role.clone())
                .collect()
        });
        roles.into_iter().filter_map(|role| Some((self.pages.get(&role.page)?, role.tasks))).collect()
    }

    /// What the person may do on the Page.
    pub(crate) fn tasks(&self, user: &str, page: &str) -> Vec<String> {
        self.roles.get(&format!("{user}/{page}")).map(|role| role.tasks).unwrap_or_default()
    }

    /// Adds a Page with its owner to `batch`.
    pub(crate) fn add_page(
        &self,
        batch: &mut Batch<'_>,
        user: &User,
        page: &Page,
        tasks: &[String],
    ) -> Result<(), SandboxError> {
        batch.put(&self.pages, &page.id, page)?;
        let role = Role { page: page.id.clone(), tasks: tasks.to_vec() };
        batch.put(&self.roles, &format!("{}/{}", user.id, page.id), &role)
    }

    /// Links an Instagram account to a Page, as its owner does in the settings.
    pub(crate) fn link_instagram(&self, page: &str, linked: LinkedInstagram) -> Result<(), SandboxError> {
        self.pages.update(page, |page| page.instagram = Some(linked)).map(|_| ())
    }

    /// Ends everything that the person allowed the app; their tokens answer with `subcode` from now
    /// on.
    pub(crate) fn end(&self, user: &str, subcode: i64) -> Result<(), SandboxError> {
        let ended = self.grants.update(user, |grant| {
            *grant = Grant { generation: grant.generation + 1, ended: subcode, ..Grant::default() };
        })?;
        if ended.is_none() {
            self.grants.put(user, &Grant { generation: 1, ended: subcode, ..Grant::default() })?;
        }
        Ok(())
    }
}

/// The largest number among keys, of composite ones among their last parts.
pub(crate) fn newest_key<T>(rows: &BTreeMap<String, T>) -> u64 {
    rows.keys().filter_map(|key| key.rsplit('_').next()?.parse().ok()).max().unwrap_or(0)
}
