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
            Argument::between("offset", 0, 1_000_000_000, "How many to pass over."),
            Argument::text("cursor", "In place of offset: the next_cursor of the page before."),
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
    Tool {
        name: "begin_media_upload",
        title: "Begin media upload",
        about: "Begin to upload a file that is at hand and at no address. Send its bytes to upload_url as \
                upload_method says, then call complete_media_upload. For a client that can send files.",
        method: Method::POST,
        path: "/media/upload",
        takes: &[
            Argument::text("filename", "Its name with the ending.").needed(),
            Argument::text("content_type", "Its MIME type, such as image/png or video/mp4.").needed(),
            Argument::number("size", "Its size in bytes.").needed(),
            Argument::new("platforms", Kind::Texts, "The platforms that it is meant for."),
        ],
        shows: Shows::Data,
        effect: Effect::Adds,
        reaches_out: false,
    },
    Tool {
        name: "complete_media_upload",
        title: "Complete media upload",
        about: "Complete an upload once all bytes are sent. Says whether the file is ready, or why it is \
                not taken.",
        method: Method::POST,
        path: "/media/{media_id}/complete",
        takes: &[ITEM],
        shows: Shows::Data,
        effect: Effect::Sets,
        reaches_out: false,
    },
];
