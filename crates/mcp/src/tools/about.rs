//! Who is calling, what platforms allow, and how posts did.

use ::http::Method;

use super::argument::Literal;
use super::{Argument, Effect, Shows, Tool};

pub(super) const TOOLS: &[Tool] = &[
    Tool {
        name: "get_me",
        title: "Get key and organization",
        about: "Say who is calling: the key and its scopes, user, organization, workspace, and what is used \
                of each quota.",
        method: Method::GET,
        path: "/me",
        takes: &[],
        shows: Shows::Data,
        effect: Effect::Reads,
        reaches_out: false,
    },
    Tool {
        name: "get_platform_rules",
        title: "Get platform rules",
        about: "Say what each platform allows: length of text, pictures, videos, and features.",
        method: Method::GET,
        path: "/platform-rules",
        takes: &[],
        shows: Shows::Data,
        effect: Effect::Reads,
        reaches_out: false,
    },
    Tool {
        name: "get_analytics_summary",
        title: "Get analytics summary",
        about: "Sum up a period: posts by status and platform, and how often they were seen, liked, \
                commented and shared.",
        method: Method::GET,
        path: "/analytics/summary",
        takes: &[
            Argument::one_of("period", &["today", "week", "month", "all", "custom"], "The period.")
                .or_else(Literal::Text("month")),
            Argument::moment("from", "With custom: from this time on (ISO 8601)."),
            Argument::moment("to", "With custom: until this time."),
        ],
        shows: Shows::Data,
        effect: Effect::Reads,
        reaches_out: false,
    },
];
