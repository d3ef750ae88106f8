//! Connected accounts.

pub(crate) mod connect_credential;
pub(crate) mod connect_link;
pub(crate) mod disconnect;
pub(crate) mod get;
pub(crate) mod health;
pub(crate) mod limits;
pub(crate) mod list;
pub(crate) mod metrics;
pub(crate) mod reconnect;
