//! Letting a device in. These two calls need no key: they are how a device gets one.

pub(crate) mod begin;
pub(crate) mod token;
