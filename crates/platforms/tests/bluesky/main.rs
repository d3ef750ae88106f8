//! The Bluesky connector against servers: the sandbox's emulator, and the real one.

#[cfg(test)]
mod emulator;
#[cfg(test)]
mod pds;
#[cfg(test)]
mod support;
