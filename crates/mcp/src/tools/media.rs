//! The media library.

use ::http::Method;

use super::argument::Literal;
use super::{Argument, Effect, Kind, Shows, Tool};

const ITEM: Argument = Argument::uuid("media_id", "The media file.").needed();

pub(super) const TOOLS: &[Tool] = &[
    Tool {
        name: "list_media",
        title: "List media",
        about: "List the media library, the newest first. Files whose status is ready can be attached to \
                posts with media_ids.",
        method: Method::GET,
        path: "/media",
        takes: &[
            Argument::one_of("type", &["image", "video", "document"], "Only this kind."),
            Argument::between("limit", 1, 100, "How many to list.").or_else(Literal::Integer(20)),
        ],
        shows: Shows::Member("media"),
        effect: Effect::Reads,
        reaches_out: false,
    },
    Tool {
        name: "get_media",
        title: "Get media",
        about: "Get one media file: kind, size, dimensions and whether it is ready. Ask it again while an \
                import is under way.",
        method: Method::GET,
        path: "/media/{media_id}",
        takes: &[ITEM],
        shows: Shows::Data,
        effect: Effect::Reads,
        reaches_out: false,
    },
    Tool {
        name: "delete_media",
        title: "Delete media",
        about: "Delete a media file from the library. It cannot be undone, and is refused while a scheduled \
                post carries the file.",
        method: Method::DELETE,
        path: "/media/{media_id}",
        takes: &[ITEM],
        shows: Shows::Gone("Media", "media_id"),
        effect: Effect::Deletes,
        reaches_out: false,
    },
    Tool {
        name: "upload_media_from_url",
        title: "Import media from an address",
        about: "Fetch a picture or an MP4 video from a public address into the library. Pictures are ready \
                at once; a video is ready when get_media says so.",
        method: Method::POST,
        path: "/media/upload-from-url",
        takes: &[
            Argument::new("url", Kind::Address, "The public address of the file.").needed(),
            Argument::text("filename", "The name in the library; from the address by default."),
        ],
        shows: Shows::Data,
        effect: Effect::Adds,
        reaches_out: true,
    },
];
