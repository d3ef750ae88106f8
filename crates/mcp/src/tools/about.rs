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
    Tool {
        name: "get_analytics_breakdown",
        title: "Get analytics breakdown",
        about: "Tell apart what went live and failed in a period, with views, likes, comments, shares, \
                impressions and clicks: by day, platform, account or campaign. Use it to compare them or to \
                see a trend.",
        method: Method::GET,
        path: "/analytics/breakdown",
        takes: &[
            Argument::one_of("by", &["day", "platform", "account", "campaign"], "What to tell apart.")
                .or_else(Literal::Text("day")),
            Argument::one_of("period", &["today", "week", "month", "all", "custom"], "The period.")
                .or_else(Literal::Text("month")),
            Argument::moment("from", "With custom: from this time on (ISO 8601)."),
            Argument::moment("to", "With custom: until this time."),
            Argument::number("account_id", "Only of this account, from list_accounts."),
            Argument::number("campaign_id", "Only of this campaign, from list_campaigns."),
            Argument::text("platform", "Only on this platform."),
            Argument::text("timezone", "The time zone of the days, such as Europe/Berlin."),
        ],
        shows: Shows::Data,
        effect: Effect::Reads,
        reaches_out: false,
    },
    Tool {
        name: "get_post_metrics",
        title: "Get post metrics",
        about: "Say how a post did on each account over time: views, likes, comments, shares, impressions and \
                clicks, read from 1 hour to 30 days after it went live. Null is what a platform does not tell.",
        method: Method::GET,
        path: "/posts/{post_id}/metrics",
        takes: &[Argument::uuid("post_id", "The post.").needed()],
        shows: Shows::Data,
        effect: Effect::Reads,
        reaches_out: false,
    },
    Tool {
        name: "get_account_metrics",
        title: "Get account metrics",
        about: "Say how many followed an account, day by day, and how that changed.",
        method: Method::GET,
        path: "/accounts/{account_id}/metrics",
        takes: &[
            Argument::number("account_id", "The account, from list_accounts.").needed(),
            Argument::moment("from", "From this time on (ISO 8601)."),
            Argument::moment("to", "Until this time."),
        ],
        shows: Shows::Data,
        effect: Effect::Reads,
        reaches_out: false,
    },
];
