//! The id of a request: eight lower-case hex characters, in `meta.request_id` and `x-request-id`.

use app::net::Entropy;

/// A new id.
pub(crate) fn new(entropy: &dyn Entropy) -> String {
    let mut random = [0; 4];
    entropy.fill(&mut random);
    format!("{:08x}", u32::from_be_bytes(random))
}
