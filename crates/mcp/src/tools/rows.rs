//! Posts out of tables.

use ::http::Method;

use super::{Argument, Effect, Kind, Shows, Tool};

pub(super) const TOOLS: &[Tool] = &[
    Tool {
        name: "bulk_schedule_posts",
        title: "Schedule rows of a table",
        about: "Schedule up to 100 posts that are rows of a table. Send dry_run: true first: it says of each \
                row when and where it would go out, and why not, and makes nothing.",
        method: Method::POST,
        path: "/posts/bulk-schedule",
        takes: &[
            Argument::new(
                "posts",
                Kind::Objects(100),
                "Rows: date (2027-01-31), time (09:30), content, platforms (instagram+facebook, ids or \
                 names), media (names or ids, joined by |).",
            )
            .needed(),
            Argument::text("timezone", "The IANA time zone of the dates and times.").needed(),
            Argument::flag("dry_run", "Only say what would become of the rows.").called("dryRun"),
            Argument::new("account_mapping", Kind::Object, "Names that the rows use, and account ids.")
                .called("accountMapping"),
        ],
        shows: Shows::Data,
        effect: Effect::Adds,
        reaches_out: true,
    },
    Tool {
        name: "import_posts",
        title: "Import posts from a file",
        about: "Make posts of the text of a file: a table (CSV), an export of this server, or posts of Postiz \
                or Mixpost. Send dry_run: true first: it says what would become of each, and makes nothing. \
                The same file a second time makes nothing twice.",
        method: Method::POST,
        path: "/posts/import",
        takes: &[
            Argument::new("file", Kind::File, "The text of the file.").needed(),
            Argument::flag("dry_run", "Only say what would become of the posts."),
            Argument::text("timezone", "The IANA time zone of times that name none; UTC by default."),
            Argument::one_of(
                "format",
                &["auto", "csv", "json", "postiz", "mixpost"],
                "What the file is; found out by looking without it.",
            ),
            Argument::new("account_mapping", Kind::Object, "Names that the file uses, and account ids."),
        ],
        shows: Shows::Data,
        effect: Effect::Adds,
        reaches_out: true,
    },
];
