//! Accounts: which there are, how they are, and connecting them.

use ::http::Method;

use super::{Argument, Effect, Shows, Tool};

const ACCOUNT: Argument = Argument::number("account_id", "The account's id, from list_accounts.").needed();

pub(super) const TOOLS: &[Tool] = &[
    Tool {
        name: "list_accounts",
        title: "List accounts",
        about: "List the connected social media accounts with their ids, platforms, names and whether each \
                can post now. Use it before creating a post: account ids go into account_ids.",
        method: Method::GET,
        path: "/accounts",
        takes: &[],
        shows: Shows::Member("accounts"),
        effect: Effect::Reads,
        reaches_out: false,
    },
    Tool {
        name: "get_account",
        title: "Get account",
        about: "Get one connected account: its platform, name, and whether it can post.",
        method: Method::GET,
        path: "/accounts/{account_id}",
        takes: &[ACCOUNT],
        shows: Shows::Data,
        effect: Effect::Reads,
        reaches_out: false,
    },
    Tool {
        name: "get_account_health",
        title: "Get account health",
        about: "Say in full how an account is: healthy, warning or broken, why, when its access ends, and \
                whether its owner has to connect it again. Use it when a post failed or can_post is false.",
        method: Method::GET,
        path: "/accounts/{id}/health",
        takes: &[Argument::number("id", "The account's id, from list_accounts.").needed()],
        shows: Shows::Data,
        effect: Effect::Reads,
        reaches_out: false,
    },
    Tool {
        name: "get_account_limits",
        title: "Get account limits",
        about: "Say how much of a platform's limits an account has used, and when there is room again.",
        method: Method::GET,
        path: "/accounts/{id}/limits",
        takes: &[Argument::number("id", "The account's id, from list_accounts.").needed()],
        shows: Shows::Data,
        effect: Effect::Reads,
        reaches_out: false,
    },
    Tool {
        name: "create_connect_link",
        title: "Create connect link",
        about: "Make a link that connects a new account, valid for ten minutes. Give it to the account's \
                owner, who opens it in a browser and signs in to the platform; then call get_connect_status. For \
                platforms without a sign-in use connect_credential_account.",
        method: Method::POST,
        path: "/accounts/connect-link",
        takes: &[Argument::one_of(
            "platform",
            &["x", "instagram", "facebook", "youtube", "pinterest", "threads", "linkedin", "tiktok"],
            "The platform.",
        )
        .needed()],
        shows: Shows::Data,
        effect: Effect::Adds,
        reaches_out: false,
    },
    Tool {
        name: "create_reconnect_link",
        title: "Create reconnect link",
        about: "Make a link that repairs an account whose access has ended, valid for ten minutes. The owner \
                opens it and signs in to the same profile; id and history stay.",
        method: Method::POST,
        path: "/accounts/{account_id}/reconnect",
        takes: &[ACCOUNT],
        shows: Shows::Data,
        effect: Effect::Adds,
        reaches_out: false,
    },
    Tool {
        name: "connect_credential_account",
        title: "Connect account with credentials",
        about: "Connect an account without a browser. telegram: bot_token and channel. discord: webhook_url. \
                bluesky: handle and app_password. wordpress: site_url, username and app_password. mastodon: \
                server_url and access_token. Never ask for a login password.",
        method: Method::POST,
        path: "/accounts/connect-credential",
        takes: &[
            Argument::one_of(
                "platform",
                &["telegram", "discord", "bluesky", "wordpress", "mastodon"],
                "The platform.",
            )
            .needed(),
            Argument::text("bot_token", "Telegram: the token from @BotFather."),
            Argument::text("channel", "Telegram: @name of the channel, or its numeric id."),
            Argument::text("webhook_url", "Discord: the address of an incoming webhook."),
            Argument::text("handle", "Bluesky: the handle, such as ana.bsky.social."),
            Argument::text("app_password", "Bluesky and WordPress: a password for programs."),
            Argument::text("site_url", "WordPress: the site's address."),
            Argument::text("username", "WordPress: the author's login name."),
            Argument::text("server_url", "Mastodon: the account's server, such as mastodon.social."),
            Argument::text("access_token", "Mastodon: the token of an app made on that server."),
        ],
        shows: Shows::Data,
        effect: Effect::Sets,
        reaches_out: true,
    },
    Tool {
        name: "get_connect_status",
        title: "Get connect status",
        about: "Say whether the owner is done with a link of create_connect_link or create_reconnect_link: \
                pending, completed with the accounts, cancelled with the reason, or expired.",
        method: Method::GET,
        path: "/auth/social-connect/poll/{session_id}",
        takes: &[Argument::uuid("session_id", "The session_id of the link.").needed()],
        shows: Shows::Data,
        effect: Effect::Reads,
        reaches_out: false,
    },
    Tool {
        name: "disconnect_account",
        title: "Disconnect account",
        about: "Disconnect an account: it is switched off and its access is forgotten. Posts that wait for \
                it fail unless its owner connects it again. Ask first.",
        method: Method::DELETE,
        path: "/accounts/{account_id}",
        takes: &[ACCOUNT],
        shows: Shows::Data,
        effect: Effect::Deletes,
        reaches_out: true,
    },
];
