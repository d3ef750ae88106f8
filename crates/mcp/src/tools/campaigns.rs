//! Campaigns.

use ::http::Method;

use super::argument::Literal;
use super::{Argument, Effect, Kind, Shows, Tool};

const CAMPAIGN: Argument = Argument::number("id", "The campaign.").needed();
const NAME: Argument = Argument::new("name", Kind::Text(100), "The name.");
const DESCRIPTION: Argument = Argument::new("description", Kind::Text(500), "What it is about.");
const COLOUR: Argument = Argument::text("color", "A colour such as #3b82f6.");
const STATUS: Argument = Argument::one_of("status", &["active", "archived"], "Where it stands.");

pub(super) const TOOLS: &[Tool] = &[
    Tool {
        name: "list_campaigns",
        title: "List campaigns",
        about: "List the campaigns. A campaign groups posts: its id goes into campaign_id.",
        method: Method::GET,
        path: "/campaigns",
        takes: &[
            STATUS,
            Argument::between("limit", 1, 100, "How many to list.").or_else(Literal::Integer(50)),
            Argument::between("offset", 0, 1_000_000_000, "How many to pass over.")
                .or_else(Literal::Integer(0)),
        ],
        shows: Shows::Data,
        effect: Effect::Reads,
        reaches_out: false,
    },
    Tool {
        name: "create_campaign",
        title: "Create campaign",
        about: "Create a campaign and get its id.",
        method: Method::POST,
        path: "/campaigns",
        takes: &[NAME.needed(), DESCRIPTION, COLOUR, STATUS.or_else(Literal::Text("active"))],
        shows: Shows::Data,
        effect: Effect::Adds,
        reaches_out: false,
    },
    Tool {
        name: "get_campaign",
        title: "Get campaign",
        about: "Get one campaign with the number of its posts.",
        method: Method::GET,
        path: "/campaigns/{id}",
        takes: &[CAMPAIGN],
        shows: Shows::Data,
        effect: Effect::Reads,
        reaches_out: false,
    },
    Tool {
        name: "update_campaign",
        title: "Update campaign",
        about: "Change a campaign's name, description, colour or status.",
        method: Method::PATCH,
        path: "/campaigns/{id}",
        takes: &[CAMPAIGN, NAME, DESCRIPTION, COLOUR, STATUS],
        shows: Shows::Data,
        effect: Effect::Overwrites,
        reaches_out: false,
    },
    Tool {
        name: "delete_campaign",
        title: "Delete campaign",
        about: "Delete a campaign. Its posts stay, without a campaign.",
        method: Method::DELETE,
        path: "/campaigns/{id}",
        takes: &[CAMPAIGN],
        shows: Shows::Data,
        effect: Effect::Deletes,
        reaches_out: false,
    },
];
