//! Images, videos and documents: how many, together with what, and of which measures.

use domain::rules::DraftMedia;

use crate::draft::{file, image, post, video};
use crate::{ALL, images};

#[test]
fn images_are_counted() {
    let limits = [
        ("instagram", 10),
        ("facebook", 10),
        ("x", 4),
        ("linkedin", 20),
        ("tiktok", 35),
        ("threads", 20),
        ("pinterest", 5),
        ("bluesky", 4),
        ("telegram", 10),
        ("discord", 10),
        ("wordpress", 20),
        ("mastodon", 4),
    ];
    for (platform, limit) in limits {
        post(platform).media(images(limit)).passes();
        post(platform).media(images(limit + 1)).fails("too_many_images");
    }
}

#[test]
fn there_is_one_video_at_most() {
    for platform in ALL {
        post(platform).media([video(30.0)]).passes();
        let code = if platform == "youtube" { "too_many_media" } else { "too_many_videos" };
        post(platform).media([video(30.0), video(30.0)]).fails(code);
    }
    post("youtube").media([image()]).fails("media_required");
    post("youtube").media([image(), video(30.0)]).fails("too_many_media");
}

#[test]
fn images_and_video_go_together_only_where_they_may() {
    for platform in ["facebook", "x", "linkedin", "tiktok", "pinterest", "bluesky", "mastodon"] {
        post(platform).media([image(), video(30.0)]).fails("mixed_media");
    }
    for (platform, limit) in
        [("instagram", 10), ("threads", 20), ("telegram", 10), ("discord", 10), ("wordpress", 21)]
    {
        let mut media = images(limit - 1);
        media.push(video(30.0));
        post(platform).media(media.clone()).passes();
        if platform != "wordpress" {
            media.push(image());
            post(platform).media(media).fails("too_many_media");
        }
    }
}

#[test]
fn documents_go_alone_and_where_they_are_taken() {
    let pdf = file("application/pdf");
    for platform in ["linkedin", "telegram"] {
        post(platform).media([pdf]).passes();
        post(platform).media([pdf, pdf]).fails("too_many_documents");
        post(platform).media([pdf, image()]).fails("mixed_media");
    }
    post("discord").media([pdf, image()]).passes();
    for platform in ["facebook", "x", "threads", "bluesky", "wordpress"] {
        post(platform).media([pdf]).fails("media_not_supported");
    }
    post("linkedin").media([file("application/zip")]).fails("media_not_supported");
    post("telegram").media([file("application/zip")]).passes();
    let sized = |size_bytes| DraftMedia { size_bytes, ..pdf };
    post("linkedin").media([sized(104_857_600)]).passes();
    post("linkedin").media([sized(104_857_601)]).fails("document_too_large");
}

#[test]
fn videos_have_a_shortest_and_a_longest_length() {
    let limits = [
        ("instagram", 3.0, 900.0),
        ("facebook", 1.0, 14_400.0),
        ("x", 0.5, 140.0),
        ("linkedin", 3.0, 600.0),
        ("youtube", 1.0, 43_200.0),
        ("tiktok", 1.0, 600.0),
        ("threads", 1.0, 300.0),
        ("pinterest", 4.0, 900.0),
    ];
    for (platform, min, max) in limits {
        post(platform).media([video(min)]).passes();
        post(platform).media([video(min - 0.1)]).fails("video_too_short");
        post(platform).media([video(max)]).passes();
        post(platform).media([video(max + 0.1)]).fails("video_too_long");
        post(platform).media([file("video/mp4")]).passes();
    }
    post("bluesky").media([video(180.0)]).passes();
    post("bluesky").media([video(180.5)]).fails("video_too_long");
    post("telegram").media([video(100_000.0)]).passes();
    // Beside other files Instagram takes shorter ones.
    post("instagram").media([image(), video(60.0)]).passes();
    post("instagram").media([image(), video(60.1)]).fails("video_too_long");
    let tiny = DraftMedia { size_bytes: 74_999, ..video(30.0) };
    post("linkedin").media([tiny]).fails("video_too_small");
    post("x").media([tiny]).passes();
}

#[test]
fn tiktok_has_a_pixel_ceiling_either_way_up() {
    let sized = |width, height| DraftMedia { width: Some(width), height: Some(height), ..image() };
    post("tiktok").media([sized(1_080, 1_920)]).passes();
    post("tiktok").media([sized(1_920, 1_080)]).passes();
    post("tiktok").media([sized(1_081, 1_081)]).fails("media_dimensions");
    post("tiktok").media([sized(1_080, 1_921)]).fails("media_dimensions");
    let large = DraftMedia { width: Some(2_160), height: Some(3_840), ..video(30.0) };
    post("tiktok").media([large]).fails("media_dimensions");
    post("instagram").media([sized(4_000, 4_000)]).passes();
}

#[test]
fn the_bytes_of_images_and_videos_are_no_reason() {
    for platform in ALL {
        let huge = |file| DraftMedia { size_bytes: u64::MAX, ..file };
        if platform != "youtube" {
            post(platform).media([huge(image())]).passes();
        }
        post(platform).media([huge(video(30.0))]).passes();
    }
}

#[test]
fn a_gif_is_alone_where_it_becomes_a_film() {
    let gif = DraftMedia { content_type: "image/gif", ..image() };
    for platform in ["mastodon", "telegram"] {
        post(platform).media([gif]).passes();
        post(platform).media([gif, image()]).fails("mixed_media");
    }
    post("bluesky").media([gif, image()]).passes();
}

#[test]
fn a_gif_that_moves_is_alone_on_x() {
    let gif = |animated| DraftMedia { content_type: "image/gif", animated, ..image() };
    post("x").media([gif(Some(false)), image()]).passes();
    post("x").media([gif(Some(true))]).passes();
    for animated in [Some(true), None] {
        post("x").media([gif(animated), image()]).fails("mixed_media");
        post("x").media([image(), gif(animated), gif(Some(false))]).fails("mixed_media");
    }
}
