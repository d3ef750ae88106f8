//! The media: whether there must be some, how many, of what kind, how long and how large.

use super::{Draft, DraftMedia, Field, Report};
use crate::rules::{
    ContentTypeMedia, ContentTypeRule, Gifs, MediaMix, MediaNeed, PixelCeiling, PlatformRules,
};

/// The files of a draft, by kind.
struct Files<'a> {
    images: Vec<&'a DraftMedia<'a>>,
    videos: Vec<&'a DraftMedia<'a>>,
    documents: Vec<&'a DraftMedia<'a>>,
}

pub(super) fn check(rules: &PlatformRules, draft: &Draft<'_>, report: &mut Report<'_>) {
    let files = sort(draft.media);
    let content_type = draft.content_type.and_then(|name| rules.content_type(name));
    if let Some(name) = draft.content_type
        && content_type.is_none()
        && !rules.content_types.is_empty()
    {
        let known: Vec<&str> = rules.content_types.iter().map(|rule| rule.name).collect();
        let name: String = name.chars().take(50).collect();
        let what = format!("\"{name}\" is no content type; use one of {}.", known.join(", "));
        report.add(Field::ContentType, "invalid_content_type", what);
    }
    if !is_needed_there(rules, content_type, &files, report) {
        return;
    }
    kinds(rules, &files, report);
    mix(rules, &files, report);
    lengths(rules, content_type, draft.premium, &files, report);
    pixels(rules, &files, report);
    sizes(rules, &files, report);
}

fn sort<'a>(media: &'a [DraftMedia<'a>]) -> Files<'a> {
    let mut files = Files { images: Vec::new(), videos: Vec::new(), documents: Vec::new() };
    for file in media {
        let kind = file.content_type;
        if kind.starts_with("image/") {
            files.images.push(file);
        } else if kind.starts_with("video/") {
            files.videos.push(file);
        } else {
            files.documents.push(file);
        }
    }
    files
}

/// Whether what the platform or the content type cannot do without is there.
fn is_needed_there(
    rules: &PlatformRules,
    content_type: Option<&ContentTypeRule>,
    files: &Files<'_>,
    report: &mut Report<'_>,
) -> bool {
    let (images, videos, documents) = (files.images.len(), files.videos.len(), files.documents.len());
    let own = content_type.filter(|rule| rule.media != ContentTypeMedia::AsAny);
    let (fits, code, what) = match own.map(|rule| (rule.media, rule.name)) {
        Some((ContentTypeMedia::OneVideo, name)) => (
            (images, videos, documents) == (0, 1, 0),
            if videos == 0 { "media_required" } else { "too_many_media" },
            format!("{name} needs exactly one video and nothing else."),
        ),
        Some((ContentTypeMedia::OneImageOrVideo, name)) => (
            images + videos == 1 && documents == 0,
            if images + videos == 0 { "media_required" } else { "too_many_media" },
            format!("{name} needs exactly one image or video."),
        ),
        Some((ContentTypeMedia::AsAny, _)) | None => match rules.media {
            MediaNeed::Optional => return true,
            MediaNeed::ImageOrVideo => {
                (images + videos > 0, "media_required", "a post needs an image or a video.".to_owned())
            }
            MediaNeed::OneVideo => (
                (images, videos, documents) == (0, 1, 0),
                if videos == 0 { "media_required" } else { "too_many_media" },
                "a post needs exactly one video and nothing else.".to_owned(),
            ),
        },
    };
    if !fits {
        report.add(Field::Media, code, what);
    }
    fits
}

/// Whether the platform takes these kinds, and so many of each.
fn kinds(rules: &PlatformRules, files: &Files<'_>, report: &mut Report<'_>) {
    let mut check = |count: usize, max: Option<u32>, code: &'static str, one: &str, many: &str| match max {
        None if count > 0 => {
            report.add(Field::Media, "media_not_supported", format!("{many} cannot be posted here."));
        }
        Some(max) if usize::try_from(max).is_ok_and(|max| count > max) => {
            let name = if max == 1 { one } else { many };
            let what = format!("the post has {count} {many}, it can have at most {max} {name}.");
            report.add(Field::Media, code, what);
        }
        _ => {}
    };
    check(files.images.len(), rules.image.map(|rule| rule.max_count), "too_many_images", "image", "images");
    check(files.videos.len(), rules.video.map(|rule| rule.max_count), "too_many_videos", "video", "videos");
    let documents = rules.document.map(|rule| rule.max_count);
    check(files.documents.len(), documents, "too_many_documents", "document", "documents");
    if let Some(rule) = rules.document {
        let refused = |file: &&&DraftMedia<'_>| {
            !rule.formats.iter().any(|format| *format == "*/*" || *format == file.content_type)
        };
        if let Some(file) = files.documents.iter().find(refused) {
            let what = format!("files of type {} cannot be posted here.", file.content_type);
            report.add(Field::Media, "media_not_supported", what);
        }
    }
}

/// Whether the kinds go together, and how many files in all.
fn mix(rules: &PlatformRules, files: &Files<'_>, report: &mut Report<'_>) {
    let (images, videos, documents) = (files.images.len(), files.videos.len(), files.documents.len());
    let (has_images, has_videos, has_documents) = (images > 0, videos > 0, documents > 0);
    let pictures_and_documents = (has_images || has_videos) && has_documents;
    let (clashes, max) = match rules.mix {
        MediaMix::OneKind => ((has_images && has_videos) || pictures_and_documents, None),
        MediaMix::ImagesAndVideos(max) => (pictures_and_documents, Some(max)),
        MediaMix::Anything(max) => (false, Some(max)),
    };
    if clashes {
        let what = if pictures_and_documents {
            "a document cannot be posted together with images or videos."
        } else {
            "images and videos cannot be posted together."
        };
        report.add(Field::Media, "mixed_media", what);
    }
    let gifs = rules.image.map_or(Gifs::BesideOthers, |rule| rule.gifs);
    let stands_alone = |file: &&&DraftMedia<'_>| match gifs {
        Gifs::BesideOthers => false,
        Gifs::AloneIfAnimated => file.animated != Some(false),
        Gifs::Alone => true,
    };
    let mut pictures = files.images.iter().filter(|file| file.content_type == "image/gif");
    if images + videos > 1 && pictures.any(|file| stands_alone(&file)) {
        let what = match gifs {
            Gifs::AloneIfAnimated => "an animated GIF is posted alone.",
            Gifs::BesideOthers | Gifs::Alone => "a GIF is posted alone.",
        };
        report.add(Field::Media, "mixed_media", what);
    }
    let total = images + videos + documents;
    let is_one_kind = [has_images, has_videos, has_documents].into_iter().filter(|has| *has).count() < 2;
    // Too many of one kind has been said already.
    if let Some(max) = max.filter(|max| !is_one_kind && usize::try_from(*max).is_ok_and(|max| total > max)) {
        let what = format!("the post has {total} files, it can have at most {max}.");
        report.add(Field::Media, "too_many_media", what);
    }
}

fn lengths(
    rules: &PlatformRules,
    content_type: Option<&ContentTypeRule>,
    premium: bool,
    files: &Files<'_>,
    report: &mut Report<'_>,
) {
    let Some(video) = rules.video else { return };
    let name = content_type.map_or("the", |rule| rule.name);
    let own = |limit: fn(&ContentTypeRule) -> Option<f64>| content_type.and_then(limit);
    let min = own(|rule| rule.min_seconds).or(video.min_seconds);
    let is_alone = files.images.len() + files.videos.len() + files.documents.len() == 1;
    let max = own(|rule| rule.max_seconds)
        .or(video.max_seconds_among.filter(|_| !is_alone))
        .or(video.premium_max_seconds.filter(|_| premium))
        .or(video.max_seconds);
    for seconds in files.videos.iter().filter_map(|file| file.seconds) {
        if let Some(min) = min.filter(|min| seconds < *min) {
            let what = format!(
                "{name} video is {} s long, it must be at least {min} s.",
                tenths(seconds, f64::floor)
            );
            report.add(Field::Media, "video_too_short", what);
        }
        if let Some(max) = max.filter(|max| seconds > *max) {
            let what =
                format!("{name} video is {} s long, it can be at most {max} s.", tenths(seconds, f64::ceil));
            report.add(Field::Media, "video_too_long", what);
        }
    }
}

/// Seconds with one decimal, rounded away from the limit that they break.
fn tenths(seconds: f64, round: fn(f64) -> f64) -> f64 {
    round(seconds * 10.0) / 10.0
}

fn pixels(rules: &PlatformRules, files: &Files<'_>, report: &mut Report<'_>) {
    let mut check = |list: &[&DraftMedia<'_>], ceiling: Option<PixelCeiling>, name: &str| {
        let Some(ceiling) = ceiling else { return };
        let sides = list.iter().filter_map(|file| file.width.zip(file.height));
        for (width, height) in sides {
            if width.min(height) > ceiling.short || width.max(height) > ceiling.long {
                let (short, long) = (ceiling.short, ceiling.long);
                let what = format!("the {name} has {width} × {height} pixels, {short} × {long} are allowed.");
                report.add(Field::Media, "media_dimensions", what);
            }
        }
    };
    check(&files.images, rules.image.and_then(|rule| rule.ceiling), "image");
    check(&files.videos, rules.video.and_then(|rule| rule.ceiling), "video");
}

/// Documents go out as they are, so unlike images and videos they cannot be made smaller. Nothing is
/// made larger.
fn sizes(rules: &PlatformRules, files: &Files<'_>, report: &mut Report<'_>) {
    if let Some(min) = rules.video.and_then(|rule| rule.min_bytes) {
        for file in files.videos.iter().filter(|file| file.size_bytes < min) {
            let what = format!("the video has {} bytes, it must have at least {min}.", file.size_bytes);
            report.add(Field::Media, "video_too_small", what);
        }
    }
    let Some(rule) = rules.document else { return };
    for file in files.documents.iter().filter(|file| file.size_bytes > rule.max_bytes) {
        let what = format!("the document has {} bytes, {} are allowed.", file.size_bytes, rule.max_bytes);
        report.add(Field::Media, "document_too_large", what);
    }
}
