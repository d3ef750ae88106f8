//! A person says what became of a destination whose outcome nobody could find out.

use domain::{AccountId, EventId, PostId};
use store::{Seen, Settlement};

use super::DestinationView;
use super::list::find;
use super::view::destination_view;
use crate::{App, AppError, Caller};

/// The longest address of a post.
const URL_MAX: usize = 2_000;
/// The longest id that a platform gives.
const ID_MAX: usize = 500;

/// What a person saw.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Resolution {
    /// It is live, there.
    Published {
        /// The address.
        platform_post_url: String,
        /// The platform's id, where it is known.
        platform_post_id: Option<String>,
    },
    /// It is not: it is sent again.
    NotPublished,
}

/// Ends the uncertainty about one destination of a post.
///
/// # Errors
/// [`AppError::NotFound`]; [`AppError::InvalidAccounts`] for an account the post does not target;
/// [`AppError::Validation`] for what is no address; [`AppError::Conflict`] when the outcome is known.
pub async fn resolve(
    app: &App,
    caller: &Caller,
    id: PostId,
    account: AccountId,
    resolution: Resolution,
) -> Result<DestinationView, AppError> {
    let row = find(app, caller, id).await?;
    if !row.account_ids.contains(&account) {
        return Err(AppError::InvalidAccounts(vec![account]));
    }
    let seen = match resolution {
        Resolution::NotPublished => Seen::NotLive,
        Resolution::Published { platform_post_url, platform_post_id } => Seen::Live {
            platform_post_url: checked_url(platform_post_url)?,
            platform_post_id: platform_post_id.map(checked_id).transpose()?,
        },
    };
    let now = app.clock.now();
    let organization = caller.organization_id;
    let goes_out = seen == Seen::NotLive;
    let event_id = EventId(app.entropy.uuid(now));
    let settlement = Settlement { post_id: id, account_id: account, seen, by: caller.user_id, event_id, now };
    if !app.store.settle_destination(organization, settlement).await? {
        let message = "The outcome on this account is not unknown: there is nothing to resolve. Read \
                       GET /v1/posts/{id}/results for where it stands.";
        return Err(AppError::Conflict(message.to_owned()));
    }
    if goes_out {
        (app.wake)(now);
    }
    let rows = app.store.list_destinations(organization, &[id]).await?;
    rows.into_iter()
        .find(|row| row.account_id == account)
        .map(destination_view)
        .ok_or(AppError::NotFound("Destination"))
}

fn checked_url(text: String) -> Result<String, AppError> {
    let is_one = url::Url::parse(&text).is_ok_and(|url| {
        matches!(url.scheme(), "http" | "https") && url.has_host() && url.password().is_none()
    });
    let is_plain = !text.chars().any(|letter| letter.is_control() || letter.is_whitespace());
    if is_one && is_plain && text.len() <= URL_MAX {
        return Ok(text);
    }
    let message = format!(
        "platform_post_url must be the public address of the post, with https:// and {URL_MAX} bytes at most."
    );
    Err(AppError::validation("platform_post_url", message))
}

fn checked_id(text: String) -> Result<String, AppError> {
    let is_one = !text.trim().is_empty() && text.len() <= ID_MAX && !text.chars().any(char::is_control);
    if is_one {
        return Ok(text);
    }
    let message = format!("platform_post_id must be the platform's id of the post, {ID_MAX} bytes at most.");
    Err(AppError::validation("platform_post_id", message))
}
