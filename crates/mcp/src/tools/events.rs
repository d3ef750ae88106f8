//! What happened.

use ::http::Method;

use super::argument::Literal;
use super::{Argument, Effect, Kind, Shows, Tool};

pub(super) const TOOLS: &[Tool] = &[Tool {
    name: "list_events",
    title: "List events",
    about: "List what happened since a cursor or a time, the oldest first: posts that went out or failed, \
            approvals, accounts that need their owner. Keep the answer's cursor and send it as after to hear \
            the rest; nothing is left out or told twice. Events are listed ten seconds after they happened.",
    method: Method::GET,
    path: "/events/list",
    takes: &[
        Argument::uuid("after", "The cursor of the answer before. This or since."),
        Argument::moment("since", "What happened at this time or later (ISO 8601)."),
        Argument::new("events", Kind::Texts, "Only these, such as post.published and post.failed."),
        Argument::between("limit", 1, 100, "How many to list.").or_else(Literal::Integer(20)),
    ],
    shows: Shows::Data,
    effect: Effect::Reads,
    reaches_out: false,
}];
