//! Rolling windows: counting in one place ([`Ring`]), and handing out from several places that
//! share one count ([`Block`]) without ever letting more through than the limit.

mod block;
mod ring;

pub use block::{Ask, Block, Grant, Shape};
pub use ring::Ring;
