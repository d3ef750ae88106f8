//! The connector of WordPress against the sandbox's emulator and against a real WordPress, over real
//! connections. What is asserted of both is written once.

#[cfg(test)]
mod both;
#[cfg(test)]
mod faults;
#[cfg(test)]
mod real;
#[cfg(test)]
mod sign_in;
#[cfg(test)]
mod support;
