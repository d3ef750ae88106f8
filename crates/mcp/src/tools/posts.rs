//! Posts: making them, watching them, changing them.

use ::http::Method;

use super::argument::Literal;
use super::{Argument, Effect, Kind, Shows, Tool};

const POST: Argument = Argument::uuid("post_id", "The post.").needed();
const CONTENT: Argument = Argument::text("content", "The text.");
const ACCOUNTS: Argument = Argument::new(
    "account_ids",
    Kind::Integers,
    "The accounts to publish on, from list_accounts. A draft may do without until it is scheduled.",
);
const TIME: Argument = Argument::moment(
    "scheduled_for",
    "When it goes out, as ISO 8601 (2027-03-15T14:00:00Z). Leave it out to publish at once.",
);
const ZONE: Argument = Argument::text("timezone", "IANA time zone for display; it never moves the time.");
const MEDIA: Argument =
    Argument::new("media_ids", Kind::Texts, "Media from the library that are ready, in order.");
const BY_PLATFORM: Argument = Argument::new(
    "platform_content",
    Kind::Object,
    "By platform name: content (a text of its own), contentType (instagram: Post, Reels, Story; facebook: \
     Post, Reels, Story; youtube: Video, Short) and settings.",
);
const THREAD: Argument =
    Argument::new("thread_posts", Kind::Texts, "Further parts of a thread; content is the first one.");
const CAMPAIGN: Argument = Argument::number("campaign_id", "The campaign.");
const DRAFT: Argument =
    Argument::flag("draft", "Save it for a person to look at; nothing goes out until schedule_post.");
const QUEUE: Argument = Argument::flag("use_queue", "Take the next free slot of the posting queue.");
const ASK: Argument = Argument::flag(
    "request_approval",
    "Let it wait until somebody with a key that may approve has approved it.",
);
const AGAIN: Argument = Argument::flag(
    "allow_duplicate",
    "Take it even where an account gets the same within 24 hours, or keeps failing with it. Only when a \
     person wants that.",
);
const LIMIT: Argument = Argument::between("limit", 1, 100, "How many to list.").or_else(Literal::Integer(20));
const OFFSET: Argument = Argument::between("offset", 0, 1_000_000_000, "How many to pass over.");

pub(super) const TOOLS: &[Tool] = &[
    Tool {
        name: "list_posts",
        title: "List posts",
        about: "List posts, the newest first, with their destinations. For more filters use \
                list_posts_advanced.",
        method: Method::GET,
        path: "/posts",
        takes: &[
            Argument::one_of("status", &["scheduled", "published", "draft"], "Only posts that stand so."),
            Argument::text("platform", "Only posts for this platform."),
            LIMIT,
        ],
        shows: Shows::Member("posts"),
        effect: Effect::Reads,
        reaches_out: false,
    },
    Tool {
        name: "list_posts_advanced",
        title: "Search posts",
        about: "List posts by any filter: several statuses and platforms (comma-separated), account, \
                campaign, times, text. Gives posts and pagination.",
        method: Method::GET,
        path: "/posts",
        takes: &[
            Argument::text(
                "status",
                "Comma-separated: scheduled, publishing, published, partially_failed, failed, draft.",
            ),
            Argument::text("platform", "Comma-separated platform names."),
            Argument::text(
                "approval",
                "Comma-separated: requested, changes_requested, approved, not_required.",
            ),
            Argument::number("account_id", "Only this account."),
            Argument::number("campaign_id", "Only this campaign."),
            Argument::moment("created_after", "Created at this time or later (ISO 8601)."),
            Argument::moment("created_before", "Created before this time."),
            Argument::moment("scheduled_after", "Scheduled for this time or later."),
            Argument::moment("scheduled_before", "Scheduled for before this time."),
            Argument::moment("published_after", "Published at this time or later."),
            Argument::moment("published_before", "Published before this time."),
            Argument::moment("updated_after", "Changed at this time or later."),
            Argument::text("search", "Words of the text."),
            Argument::one_of(
                "sort",
                &["created_at", "scheduled_for", "published_at", "updated_at"],
                "What to sort by.",
            )
            .or_else(Literal::Text("created_at")),
            Argument::one_of("order", &["asc", "desc"], "The order.").or_else(Literal::Text("desc")),
            LIMIT,
            OFFSET,
            Argument::text("cursor", "In place of offset: the next_cursor of the page before."),
        ],
        shows: Shows::Data,
        effect: Effect::Reads,
        reaches_out: false,
    },
    Tool {
        name: "get_post",
        title: "Get post",
        about: "Get one post with its text, media, time, status and destinations.",
        method: Method::GET,
        path: "/posts/{post_id}",
        takes: &[POST],
        shows: Shows::Data,
        effect: Effect::Reads,
        reaches_out: false,
    },
    Tool {
        name: "get_post_results",
        title: "Get post results",
        about: "Say for each destination of a post whether it is published and where, or why it failed and \
                when it is tried again. Ask again until no destination is queued or publishing.",
        method: Method::GET,
        path: "/posts/{post_id}/results",
        takes: &[POST],
        shows: Shows::Data,
        effect: Effect::Reads,
        reaches_out: false,
    },
    Tool {
        name: "get_post_attempts",
        title: "Get post attempts",
        about: "Tell line by line what was tried for a post on each account: when something was sent, what the \
                platform said and how that was understood. Use it when get_post_results does not explain \
                enough.",
        method: Method::GET,
        path: "/posts/{post_id}/attempts",
        takes: &[POST],
        shows: Shows::Data,
        effect: Effect::Reads,
        reaches_out: false,
    },
    Tool {
        name: "validate_post",
        title: "Validate post",
        about: "Say what would become of a post without making it: for each account why its platform would \
                refuse it, what would go out otherwise than asked, and how long the text is as the platform \
                counts. Takes the arguments of create_post.",
        method: Method::POST,
        path: "/posts/validate",
        takes: &[
            CONTENT,
            ACCOUNTS,
            TIME,
            ZONE,
            MEDIA,
            BY_PLATFORM,
            THREAD,
            CAMPAIGN,
            DRAFT,
            QUEUE,
            AGAIN,
            ASK,
        ],
        shows: Shows::Data,
        effect: Effect::Reads,
        reaches_out: false,
    },
    Tool {
        name: "create_post",
        title: "Create post",
        about: "Create a post. With content and account_ids it is published at once; with scheduled_for, at \
                that time; with draft: true it waits for schedule_post. Media have to be ready first. \
                Publishing runs in the background: watch get_post_results.",
        method: Method::POST,
        path: "/posts",
        takes: &[
            CONTENT.needed(),
            ACCOUNTS,
            TIME,
            ZONE.or_else(Literal::Text("UTC")),
            MEDIA,
            DRAFT,
            BY_PLATFORM,
            THREAD,
            CAMPAIGN,
            QUEUE,
            AGAIN,
            ASK,
        ],
        shows: Shows::Data,
        effect: Effect::Adds,
        reaches_out: true,
    },
    Tool {
        name: "schedule_post",
        title: "Schedule draft",
        about: "Publish a draft: at scheduled_for, or at once with publish_now: true.",
        method: Method::POST,
        path: "/posts/{post_id}/schedule",
        takes: &[
            Argument::uuid("post_id", "The draft.").needed(),
            Argument::moment("scheduled_for", "When, as ISO 8601. This or publish_now."),
            Argument::flag("publish_now", "At once."),
            Argument::new("account_ids", Kind::Integers, "Accounts in place of the draft's own."),
            ZONE,
            AGAIN,
            ASK,
        ],
        shows: Shows::Data,
        effect: Effect::Adds,
        reaches_out: true,
    },
    Tool {
        name: "request_post_approval",
        title: "Request approval",
        about: "Ask for the approval of a draft or scheduled post. It does not go out before somebody \
                approves it.",
        method: Method::POST,
        path: "/posts/{post_id}/request-approval",
        takes: &[POST, Argument::text("note", "What whoever approves should know.")],
        shows: Shows::Data,
        effect: Effect::Sets,
        reaches_out: false,
    },
    Tool {
        name: "approve_post",
        title: "Approve post",
        about: "Approve a post that waits for it: it goes out at its time, or at once if that has passed. \
                Needs a key that may approve. Do so only when a person who may decide said yes to this post.",
        method: Method::POST,
        path: "/posts/{post_id}/approve",
        takes: &[
            POST,
            Argument::text("note", "What its author should know."),
            Argument::moment(
                "updated_at",
                "The post's updated_at as the person saw it; refused if it changed.",
            ),
            AGAIN,
        ],
        shows: Shows::Data,
        effect: Effect::Sets,
        reaches_out: true,
    },
    Tool {
        name: "request_post_changes",
        title: "Request changes",
        about: "Send a post that waits for an approval, or has it and has not gone out, back to its author. \
                Needs a key that may approve.",
        method: Method::POST,
        path: "/posts/{post_id}/request-changes",
        takes: &[POST, Argument::text("note", "What is to be changed.").needed()],
        shows: Shows::Data,
        effect: Effect::Sets,
        reaches_out: false,
    },
    Tool {
        name: "update_post",
        title: "Update post",
        about: "Change a draft or a scheduled post: text, time, accounts, media. What is given replaces what \
                was there; platform_content is merged. A post that was approved has to be approved again \
                when its content changes.",
        method: Method::PATCH,
        path: "/posts/{post_id}",
        takes: &[POST, CONTENT, TIME, ZONE, ACCOUNTS, MEDIA, BY_PLATFORM, THREAD, CAMPAIGN, AGAIN, ASK],
        shows: Shows::Data,
        effect: Effect::Overwrites,
        reaches_out: true,
    },
    Tool {
        name: "delete_post",
        title: "Delete post",
        about: "Delete a post. What has not gone out is cancelled; copies that are live stay live. It \
                cannot be undone: ask first.",
        method: Method::DELETE,
        path: "/posts/{post_id}",
        takes: &[
            POST,
            Argument::flag("delete_on_x", "Delete the copy on X too, where the server can.")
                .sent_as("delete_on_platforms", "x"),
        ],
        shows: Shows::Gone("Post", "post_id"),
        effect: Effect::Deletes,
        reaches_out: false,
    },
    Tool {
        name: "retry_failed_post",
        title: "Retry failed post",
        about: "Try the failed destinations of a post again. Look at get_post_results first: what failed for \
                good fails again.",
        method: Method::POST,
        path: "/posts/{post_id}/retry",
        takes: &[POST, Argument::new("account_ids", Kind::Integers, "Only on these accounts.")],
        shows: Shows::Data,
        effect: Effect::Sets,
        reaches_out: true,
    },
    Tool {
        name: "retry_failed_posts",
        title: "Retry failed posts",
        about: "Try all failed destinations again that match: by posts, account, platform or time. At least \
                one filter.",
        method: Method::POST,
        path: "/posts/retry-failed",
        takes: &[
            Argument::new("post_ids", Kind::Uuids(200), "These posts."),
            Argument::number("account_id", "Failures on this account."),
            Argument::text("platform", "Failures on this platform."),
            Argument::moment("failed_after", "Failed after this time (ISO 8601)."),
            Argument::moment("failed_before", "Failed before this time."),
            Argument::between("max_attempts", 1, 10, "Pass over what was tried as often as this."),
        ],
        shows: Shows::Data,
        effect: Effect::Sets,
        reaches_out: true,
    },
    Tool {
        name: "bulk_create_posts",
        title: "Create posts in bulk",
        about: "Create up to 50 posts in one call. Each is checked by itself, and the answer says for each \
                whether it was made.",
        method: Method::POST,
        path: "/posts/bulk",
        takes: &[Argument::new("posts", Kind::Objects(50), "Posts, each as the arguments of create_post.")
            .needed()],
        shows: Shows::Data,
        effect: Effect::Adds,
        reaches_out: true,
    },
];
