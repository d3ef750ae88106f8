//! The first person of an installation: they get a password and an organization, and run the
//! installation, in one transaction.

use domain::{OrganizationId, UserId};

use crate::audit_log::{self, NewAuditEntry};
use crate::conn::{Conn, on};
use crate::organizations::{self, NewOrganization};
use crate::{Store, StoreError, operators, sign_in_links, users};

/// What the first person sends.
#[derive(Clone)]
pub struct SetUp {
    /// The link's token.
    pub token: String,
    /// The hash of their password.
    pub password_hash: String,
    /// Who they are, and the organization to be made; one of this name that is there is taken. Without a
    /// name, the only one that there is.
    pub organization: NewOrganization,
    /// What the log says of it, once its organization is known.
    pub log: NewAuditEntry,
}

/// What came of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SetUpEnd {
    /// It is done.
    Done {
        /// The person.
        user: UserId,
        /// The organization.
        organization: OrganizationId,
    },
    /// Somebody can sign in already.
    Before,
    /// The token is not known, or its time is over.
    WrongToken,
    /// There is no organization, or more than one, and no name for a new one.
    NameMissing,
}

const ORGANIZATIONS: &str = "SELECT id, name FROM organizations ORDER BY created_at, id LIMIT 1000";

impl Store {
    /// Sets the installation up, unless somebody can sign in already.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn set_up(&self, wanted: SetUp) -> Result<SetUpEnd, StoreError> {
        self.writer
            .run(move |mut conn| {
                let wanted = wanted.clone();
                Box::pin(async move { set_up(&mut conn, &wanted).await })
            })
            .await
    }
}

async fn set_up(conn: &mut Conn<'_>, wanted: &SetUp) -> Result<SetUpEnd, StoreError> {
    if users::has_password(conn).await? {
        return Ok(SetUpEnd::Before);
    }
    let new = &wanted.organization;
    let there: Vec<(uuid::Uuid, String)> =
        on!(&mut *conn, |c| { sqlx::query_as(ORGANIZATIONS).fetch_all(&mut **c).await? });
    let known = match there.as_slice() {
        [only] if new.name.is_empty() => Some(only.0),
        _ if new.name.is_empty() => return Ok(SetUpEnd::NameMissing),
        all => all.iter().find(|(_, name)| *name == new.name).map(|(id, _)| *id),
    };
    if !sign_in_links::use_for_setup(conn, &wanted.token, new.created_at).await? {
        return Ok(SetUpEnd::WrongToken);
    }
    let (user, _) =
        users::find_or_create(conn, &new.user_email, &new.user_name, None, new.created_at).await?;
    users::rename(conn, user, &new.user_name).await?;
    users::set_password(conn, user, &wanted.password_hash, None).await?;
    operators::set(conn, user, true).await?;
    let organization = if let Some(id) = known {
        users::make_owner(conn, OrganizationId(id), user, new.created_at).await?;
        OrganizationId(id)
    } else {
        organizations::insert(conn, new, user).await?;
        new.id
    };
    let log = NewAuditEntry { organization_id: organization, user_id: Some(user), ..wanted.log.clone() };
    audit_log::insert(conn, &[log]).await?;
    Ok(SetUpEnd::Done { user, organization })
}
