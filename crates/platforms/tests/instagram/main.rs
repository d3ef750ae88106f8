//! The connector of Instagram against the sandbox's emulator, over real connections.

#[cfg(test)]
mod lost_answers;
#[cfg(test)]
mod metrics;
#[cfg(test)]
mod publish;
#[cfg(test)]
mod sign_in;
#[cfg(test)]
mod support;
#[cfg(test)]
mod tokens;
