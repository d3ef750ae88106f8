//! Letting a device in: it shows a code, and a person who holds a key of the organization says yes
//! or no. Must not know how the person is asked.

use domain::api_key::{self, Scope};
use domain::{ApiKeyId, OrganizationId, Span};
use store::{DeviceApproval, DeviceAsk, DevicePoll, NewDeviceLogin, OrganizationRow};

use crate::outside::random_hex;
use crate::setup::{KEYS_PER_ORGANIZATION, check_room, too_many_keys};
use crate::{App, AppError, Caller};

/// How long a code lives.
pub const LIFE: Span = Span::from_minutes(15);
/// How long a device waits between two questions.
pub const INTERVAL: Span = Span::from_seconds(5);
/// A device that comes a little early is not told off: its clock and the way here are not exact.
const TOLERANCE: Span = Span::from_seconds(1);
/// Letters that are not taken for one another, and make no words.
const LETTERS: &[u8; 24] = b"BCDFGHJKMPQRTVWXYZ234679";
const LONGEST_NAME: usize = 80;

/// A device that begins to wait.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Begun {
    /// Only the device knows it.
    pub device_code: String,
    /// What the person enters, such as `KQ7M-2VXD`.
    pub user_code: String,
}

/// What a waiting device is told.
#[derive(Clone, PartialEq, Eq)]
pub enum DeviceAnswer {
    /// Nobody has decided.
    Pending,
    /// It asks too often.
    SlowDown,
    /// A person said no.
    Denied,
    /// It is over, was used, or never was.
    Expired,
    /// It is let in, this once.
    Authorized {
        /// The key's secret.
        api_key: String,
        /// The tenant.
        organization_id: OrganizationId,
        /// The key's owner.
        user_email: String,
    },
}

/// Begins a login for a device that calls itself `name`.
///
/// # Errors
/// Only internal ones.
pub async fn begin(app: &App, name: &str) -> Result<Begun, AppError> {
    let now = app.clock.now();
    let device_code = format!("d_{}", random_hex::<32>(app.entropy.as_ref()));
    let user_code = new_user_code(app);
    let name: String = name.chars().filter(|letter| !letter.is_control()).take(LONGEST_NAME).collect();
    let name = name.trim();
    let new = NewDeviceLogin {
        user_code: user_code.clone(),
        client_name: if name.is_empty() { "A device".to_owned() } else { name.to_owned() },
        created_at: now,
        expires_at: now + LIFE,
    };
    app.store.create_device_login(&device_code, new).await?;
    Ok(Begun { device_code, user_code })
}

/// What the device with this code is told now.
///
/// # Errors
/// [`AppError::Conflict`] when the organization has its ten keys already.
pub async fn poll(app: &App, device_code: &str) -> Result<DeviceAnswer, AppError> {
    let now = app.clock.now();
    let mut random = [0; 16];
    app.entropy.fill(&mut random);
    let api_key = api_key::format(random);
    let ask = DeviceAsk {
        interval: Span::from_micros(INTERVAL.as_micros() - TOLERANCE.as_micros()),
        most_keys: i64::try_from(KEYS_PER_ORGANIZATION).unwrap_or(i64::MAX),
        key_id: ApiKeyId(app.entropy.uuid(now)),
        key_secret: api_key.clone(),
        now,
    };
    Ok(match app.store.poll_device_login(device_code, ask).await? {
        DevicePoll::Pending => DeviceAnswer::Pending,
        DevicePoll::SlowDown => DeviceAnswer::SlowDown,
        DevicePoll::Denied => DeviceAnswer::Denied,
        DevicePoll::Expired => DeviceAnswer::Expired,
        DevicePoll::TooManyKeys => return Err(too_many_keys()),
        DevicePoll::Authorized { organization_id, user_email } => {
            tracing::info!(organization.id = %organization_id, "a device was let in");
            DeviceAnswer::Authorized { api_key, organization_id, user_email }
        }
    })
}

/// The name of the device that waits under this code, however the code is written.
///
/// # Errors
/// [`AppError::NotFound`].
pub async fn waiting(app: &App, user_code: &str) -> Result<String, AppError> {
    let code = tidy(user_code);
    let found = app.store.find_waiting_device(&code, app.clock.now()).await?;
    found.map(|device| device.client_name).ok_or(AppError::NotFound("Device code"))
}

/// A caller lets a device into their workspace, or turns it away. The device gets no more than the
/// caller's own key has: no further scopes, and no later end. It may approve nothing: nobody is asked
/// about that on the way.
///
/// # Errors
/// [`AppError::InsufficientScope`], [`AppError::NotFound`], [`AppError::Conflict`] when there are ten
/// keys already.
pub async fn decide(app: &App, caller: &Caller, user_code: &str, let_in: bool) -> Result<(), AppError> {
    caller.require(Scope::Write)?;
    let keys = app.store.list_keys(caller.organization_id).await?;
    let own = keys.iter().find(|key| key.id == caller.api_key_id);
    let approval = DeviceApproval {
        organization_id: caller.organization_id,
        workspace_id: caller.workspace_id,
        user_id: caller.user_id,
        scopes: Scope::USUAL.into_iter().filter(|scope| caller.scopes.contains(scope)).collect(),
        key_expires_at: own.and_then(|key| key.expires_at),
    };
    settle(app, user_code, let_in.then_some(approval)).await
}

/// The operator lets a device into an organization, with the usual scopes, or turns it away.
///
/// # Errors
/// [`AppError::NotFound`], [`AppError::Conflict`] when there are ten keys already.
pub async fn decide_for(
    app: &App,
    organization: &OrganizationRow,
    user_code: &str,
    let_in: bool,
) -> Result<(), AppError> {
    let approval = DeviceApproval {
        organization_id: organization.id,
        workspace_id: organization.workspace_id,
        user_id: organization.user_id,
        scopes: Scope::USUAL.to_vec(),
        key_expires_at: None,
    };
    settle(app, user_code, let_in.then_some(approval)).await
}

async fn settle(app: &App, user_code: &str, approval: Option<DeviceApproval>) -> Result<(), AppError> {
    let now = app.clock.now();
    if let Some(approval) = &approval {
        check_room(app, approval.organization_id).await?;
    }
    if app.store.decide_device_login(&tidy(user_code), approval, now).await? {
        return Ok(());
    }
    Err(AppError::NotFound("Device code"))
}

fn new_user_code(app: &App) -> String {
    let mut code = String::with_capacity(9);
    while code.len() < 9 {
        if code.len() == 4 {
            code.push('-');
        }
        let mut byte = [0];
        app.entropy.fill(&mut byte);
        // The bytes beyond the last whole round would favour the first letters.
        if usize::from(byte[0]) < LETTERS.len() * 10 {
            code.push(char::from(LETTERS[usize::from(byte[0]) % LETTERS.len()]));
        }
    }
    code
}

/// A code as it is stored, whatever case and separators a person used.
fn tidy(code: &str) -> String {
    let letters: String = code
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|letter| letter.to_ascii_uppercase())
        .take(9)
        .collect();
    match letters.split_at_checked(4) {
        Some((first, rest)) if letters.len() == 8 => format!("{first}-{rest}"),
        _ => letters,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_however_it_is_written() {
        for written in ["KQ7M-2VXD", "kq7m2vxd", " kq7m 2vxd "] {
            assert_eq!(tidy(written), "KQ7M-2VXD");
        }
        assert_eq!(tidy("KQ7"), "KQ7");
        assert_eq!(tidy("é"), "");
    }
}
