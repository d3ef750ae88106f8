//! The posting queue, and times to post at.

use ::http::Method;

use super::{Argument, Effect, Kind, Shows, Tool};

pub(super) const TOOLS: &[Tool] = &[
    Tool {
        name: "get_queue",
        title: "Get posting queue",
        about: "Show the posting queue and its next free slots. A post takes the next one with use_queue: \
                true; what is shown is not held.",
        method: Method::GET,
        path: "/queue",
        takes: &[Argument::between("preview", 1, 30, "How many slots to show; 10 by default.")],
        shows: Shows::Data,
        effect: Effect::Reads,
        reaches_out: false,
    },
    Tool {
        name: "set_queue",
        title: "Set posting queue",
        about: "Make the posting queue, or change what is named. Slots replace those that are there; posts \
                that took one keep their time.",
        method: Method::PATCH,
        path: "/queue",
        takes: &[
            Argument::new("name", Kind::Text(100), "A name for people."),
            Argument::text("timezone", "The IANA time zone of the slots, such as Europe/Berlin."),
            Argument::new(
                "slots",
                Kind::Objects(168),
                "All slots of the week, each as {\"day\": 1, \"time\": \"09:30\"}; day 1 is Monday.",
            ),
        ],
        shows: Shows::Data,
        effect: Effect::Overwrites,
        reaches_out: false,
    },
    Tool {
        name: "delete_queue",
        title: "Delete posting queue",
        about: "Delete the posting queue. Posts that took a slot keep their time.",
        method: Method::DELETE,
        path: "/queue",
        takes: &[],
        shows: Shows::Data,
        effect: Effect::Deletes,
        reaches_out: false,
    },
    Tool {
        name: "get_best_times",
        title: "Get best times",
        about: "Say at which times of the week posts did best: of accounts, or of all accounts on a \
                platform. basis says whether a time rests on the account's own posts or on habit.",
        method: Method::GET,
        path: "/best-times",
        takes: &[
            Argument::new("account_ids", Kind::Integers, "These accounts. This or platform."),
            Argument::text("platform", "All accounts on this platform."),
            Argument::text("timezone", "The IANA time zone; that of the queue by default."),
        ],
        shows: Shows::Data,
        effect: Effect::Reads,
        reaches_out: false,
    },
];
