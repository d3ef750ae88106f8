//! Limits per address, for what needs no key: counted in this process, in windows of a minute.

use std::collections::HashMap;
use std::convert::Infallible;
use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::sync::{Mutex, PoisonError};

use app::people::Visit;
use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use domain::Timestamp;

use crate::ApiState;
use crate::error::ApiError;

/// More addresses than this at a time are taken for one flood, and the oldest counts are dropped.
const MOST: usize = 20_000;

/// What an address comes for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Errand {
    /// Begins a device login.
    Begin,
    /// Asks for a device login.
    Poll,
    /// Sends the bytes of an upload.
    Upload,
    /// Introduces a program.
    Register,
    /// Asks for tokens, or gives them back.
    Token,
    /// Looks at or decides what a program asks for.
    Consent,
    /// Looks at or decides a device login: codes could be guessed here.
    Decide,
    /// Asks for something to sign in by.
    Challenge,
    /// Signs in, sets the installation up, or accepts an invitation.
    SignIn,
}

impl Errand {
    const fn name(self) -> &'static str {
        match self {
            Self::Begin => "device logins",
            Self::Upload => "uploads",
            Self::Poll => "questions for a device login",
            Self::Register => "programs",
            Self::Token => "requests for tokens",
            Self::Consent => "requests for consent",
            Self::Decide => "device codes",
            Self::Challenge => "challenges to sign in",
            Self::SignIn => "sign-ins",
        }
    }

    /// How often in a minute, where a key may ask `requests` times: a third for what could be
    /// guessed, and twice as much for what several may do behind one address.
    const fn per_minute(self, requests: u32) -> u32 {
        match self {
            Self::Begin | Self::Decide | Self::Register | Self::Consent | Self::SignIn => {
                requests.div_ceil(3)
            }
            Self::Poll | Self::Upload | Self::Token | Self::Challenge => requests.saturating_mul(2),
        }
    }
}

/// The counts.
#[derive(Debug, Default)]
pub(crate) struct Addresses(Mutex<HashMap<(IpAddr, Errand), (i64, u32)>>);

impl Addresses {
    /// Counts one, or tells how many seconds to wait.
    fn take(&self, address: IpAddr, errand: Errand, most: u32, now: Timestamp) -> Result<(), i64> {
        let minute = now.as_seconds().div_euclid(60);
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if counts.len() >= MOST {
            counts.retain(|_, (counted, _)| *counted == minute);
            if counts.len() >= MOST {
                counts.clear();
            }
        }
        let count = counts.entry((network_of(address), errand)).or_insert((minute, 0));
        if count.0 != minute {
            *count = (minute, 0);
        }
        if count.1 >= most {
            return Err(60 - now.as_seconds().rem_euclid(60));
        }
        count.1 += 1;
        Ok(())
    }
}

/// Whoever has one IPv6 address has the whole network of it.
fn network_of(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V6(v6) => match v6.to_ipv4_mapped() {
            Some(v4) => IpAddr::V4(v4),
            None => IpAddr::V6(Ipv6Addr::from_bits(v6.to_bits() & (u128::MAX << 64))),
        },
        IpAddr::V4(_) => address,
    }
}

/// Where a request came from.
pub(crate) struct Address(IpAddr);

impl Address {
    /// Where a request came from.
    pub(crate) fn of(parts: &Parts) -> Self {
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(peer)| peer.ip());
        let peer = peer.unwrap_or(IpAddr::V6(Ipv6Addr::UNSPECIFIED));
        // A proxy on this machine says for whom it speaks; nobody else is believed.
        let forwarded = parts.headers.get("x-forwarded-for").filter(|_| peer.is_loopback());
        let last = forwarded.and_then(|value| value.to_str().ok()?.rsplit(',').next()?.trim().parse().ok());
        Self(last.unwrap_or(peer))
    }

    /// The same, as it is written down.
    pub(crate) fn visit(&self, headers: &HeaderMap) -> Visit {
        let agent = headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok());
        Visit {
            address: self.0.to_canonical().to_string(),
            network: network_of(self.0).to_string(),
            agent: agent.unwrap_or_default().to_owned(),
        }
    }

    /// Counts an errand of this address, or refuses it.
    pub(crate) fn take(&self, state: &ApiState, errand: Errand) -> Result<(), ApiError> {
        let now = state.app.clock.now();
        let most = errand.per_minute(state.settings.limits.requests_per_minute);
        let taken = state.addresses.take(self.0, errand, most, now);
        taken.map_err(|seconds| ApiError::address_limited(errand.name(), seconds))
    }
}

impl FromRequestParts<ApiState> for Address {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &ApiState) -> Result<Self, Infallible> {
        Ok(Self::of(parts))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_held_back_for_the_rest_of_the_minute_and_no_other_one() {
        let addresses = Addresses::default();
        let [one, neighbour, other] =
            ["2001:db8::1", "2001:db8::2", "192.0.2.1"].map(|ip| ip.parse().unwrap());
        let now = Timestamp::from_seconds(1_800_000_015);
        let most = Errand::Begin.per_minute(60);
        for _ in 0..20 {
            addresses.take(one, Errand::Begin, most, now).unwrap();
        }
        assert_eq!(addresses.take(neighbour, Errand::Begin, most, now), Err(45));
        assert_eq!(addresses.take(other, Errand::Begin, most, now), Ok(()));
        assert_eq!(addresses.take(one, Errand::Decide, most, now), Ok(()));
        assert_eq!(addresses.take(one, Errand::Begin, most, Timestamp::from_seconds(1_800_000_060)), Ok(()));
    }
}
