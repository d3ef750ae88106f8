//! Webhooks, and what was sent to them.

use ::http::Method;

use super::argument::Literal;
use super::{Argument, Effect, Kind, Shows, Tool};

const WEBHOOK: Argument = Argument::uuid("id", "The webhook.").needed();
const DELIVERY: Argument = Argument::uuid("delivery_id", "The delivery.").needed();
const URL: Argument = Argument::new("url", Kind::Address, "The public https address that events go to.");
const EVENTS: Argument =
    Argument::new("events", Kind::Texts, "The events, such as post.published and post.failed.");
const NAME: Argument = Argument::new("name", Kind::Text(100), "A name for people.");
const DESCRIPTION: Argument = Argument::new("description", Kind::Text(500), "What it is for.");

pub(super) const TOOLS: &[Tool] = &[
    Tool {
        name: "list_webhooks",
        title: "List webhooks",
        about: "List the webhooks with their events and how their last deliveries went. Secrets are never \
                shown.",
        method: Method::GET,
        path: "/webhooks",
        takes: &[],
        shows: Shows::Data,
        effect: Effect::Reads,
        reaches_out: false,
    },
    Tool {
        name: "create_webhook",
        title: "Create webhook",
        about: "Have events sent to an address. The answer holds the secret that signs them, this once.",
        method: Method::POST,
        path: "/webhooks",
        takes: &[URL.needed(), EVENTS.needed(), NAME, DESCRIPTION],
        shows: Shows::Data,
        effect: Effect::Adds,
        reaches_out: true,
    },
    Tool {
        name: "get_webhook",
        title: "Get webhook",
        about: "Get one webhook.",
        method: Method::GET,
        path: "/webhooks/{id}",
        takes: &[WEBHOOK],
        shows: Shows::Data,
        effect: Effect::Reads,
        reaches_out: false,
    },
    Tool {
        name: "update_webhook",
        title: "Update webhook",
        about: "Change a webhook. is_active: true also switches one on again that was switched off for its \
                failures.",
        method: Method::PATCH,
        path: "/webhooks/{id}",
        takes: &[
            WEBHOOK,
            URL,
            EVENTS,
            NAME,
            DESCRIPTION,
            Argument::flag("is_active", "Whether events are sent to it."),
        ],
        shows: Shows::Data,
        effect: Effect::Overwrites,
        reaches_out: true,
    },
    Tool {
        name: "delete_webhook",
        title: "Delete webhook",
        about: "Delete a webhook and the log of its deliveries.",
        method: Method::DELETE,
        path: "/webhooks/{id}",
        takes: &[WEBHOOK],
        shows: Shows::Data,
        effect: Effect::Deletes,
        reaches_out: false,
    },
    Tool {
        name: "test_webhook",
        title: "Test webhook",
        about: "Send a test event to a webhook and say what its server answered.",
        method: Method::POST,
        path: "/webhooks/{id}/test",
        takes: &[WEBHOOK],
        shows: Shows::Data,
        effect: Effect::Adds,
        reaches_out: true,
    },
    Tool {
        name: "list_webhook_deliveries",
        title: "List webhook deliveries",
        about: "List what was sent to a webhook in the last 30 days, the latest first, with every try and \
                why it failed.",
        method: Method::GET,
        path: "/webhooks/{id}/deliveries",
        takes: &[
            WEBHOOK,
            Argument::one_of("status", &["pending", "delivered", "dead"], "Only those that stand so."),
            Argument::text("event", "Only this event."),
            Argument::between("limit", 1, 100, "How many to list.").or_else(Literal::Integer(20)),
            Argument::between("offset", 0, 1_000_000_000, "How many to pass over."),
            Argument::text("cursor", "In place of offset: the next_cursor of the page before."),
        ],
        shows: Shows::Data,
        effect: Effect::Reads,
        reaches_out: false,
    },
    Tool {
        name: "get_webhook_delivery",
        title: "Get webhook delivery",
        about: "Get one delivery with what was sent and every try: the receiver's status, how long it took, \
                why it failed.",
        method: Method::GET,
        path: "/webhooks/{id}/deliveries/{delivery_id}",
        takes: &[WEBHOOK, DELIVERY],
        shows: Shows::Data,
        effect: Effect::Reads,
        reaches_out: false,
    },
    Tool {
        name: "replay_webhook_delivery",
        title: "Replay webhook delivery",
        about: "Send the event of a delivery once more, with the same event id.",
        method: Method::POST,
        path: "/webhooks/{id}/deliveries/{delivery_id}/replay",
        takes: &[WEBHOOK, DELIVERY],
        shows: Shows::Data,
        effect: Effect::Adds,
        reaches_out: true,
    },
    Tool {
        name: "requeue_webhook_deliveries",
        title: "Try dead deliveries again",
        about: "Give deliveries that were given up all their tries anew: those that are named, or all.",
        method: Method::POST,
        path: "/webhooks/{id}/deliveries/requeue",
        takes: &[WEBHOOK, Argument::new("delivery_ids", Kind::Uuids(100), "Only these.")],
        shows: Shows::Data,
        effect: Effect::Sets,
        reaches_out: true,
    },
];
