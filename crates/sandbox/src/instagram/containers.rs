//! Containers: what a post is to be, with its media, before anybody sees it.

use std::collections::BTreeMap;

use domain::Span;
use serde_json::{Value, json};

use super::UPLOAD_HOST;
use super::callers::Right;
use super::errors::refusal;
use super::intake::{self, Wanted};
use super::state::{Container, Instagram, Kind, User};
use crate::core::lock;
use crate::meta::asked::Asked;
use crate::meta::error::GraphError;
use crate::meta::request::GraphRequest;

/// How long an image is processed.
pub(super) const IMAGE_PROCESSING: Span = Span::from_seconds(1);
/// How long a film is processed.
pub(super) const FILM_PROCESSING: Span = Span::from_seconds(15);
const CONTAINERS_A_DAY: usize = 400;
const CAPTION_MAX: usize = 2_200;
const HASHTAGS_MAX: usize = 30;
const MENTIONS_MAX: usize = 20;
const ALT_MAX: usize = 1_000;
const COLLABORATORS_MAX: usize = 3;

/// `POST /{account}/media`
pub(super) async fn create(instagram: &Instagram, asked: &Asked, id: &str) -> Result<Value, GraphError> {
    let request = &asked.request;
    let user = instagram.allowed(request, &asked.origin.host, id, Right::Publish)?;
    let kind = kind_of(request)?;
    let is_child = request.flag("is_carousel_item").unwrap_or(false);
    check_words(request, kind, is_child)?;
    let extra = check_extras(request, &user, kind, is_child)?;
    let is_resumable = request.get("upload_type") == Some("resumable");
    if is_resumable && (!super::by_facebook(asked) || !matches!(kind, Kind::Reel | Kind::Story | Kind::Video))
    {
        return Err(GraphError::invalid("Param upload_type is not supported for this media"));
    }
    let wanted = Wanted { kind, is_child };
    let mut container = Container {
        id: String::new(),
        user: user.id.clone(),
        kind,
        is_child,
        caption: request.get("caption").unwrap_or_default().to_owned(),
        children: Vec::new(),
        file: None,
        extra,
        created_at: instagram.world.now(),
        ready_at: None,
        failure: None,
        media: None,
    };
    let (image_url, video_url) = (request.text("image_url"), request.text("video_url"));
    match (kind, image_url, video_url) {
        (Kind::Carousel, _, _) => {
            container.children = children_of(instagram, request, &user)?;
            container.ready_at = Some(container.created_at + IMAGE_PROCESSING);
        }
        _ if is_resumable => {}
        (Kind::Image | Kind::Story, Some(url), None) => {
            // What is wrong with an image is said at once.
            let file = intake::image(instagram, url, wanted).await.map_err(refusal)?;
            container.file = Some(file);
            container.ready_at = Some(instagram.world.now() + IMAGE_PROCESSING);
        }
        (Kind::Video | Kind::Reel | Kind::Story, None, Some(url)) => {
            // What is wrong with a film shows when it was processed.
            match intake::film(instagram, url, wanted).await {
                Ok(file) => container.file = Some(file),
                Err(subcode) => container.failure = Some(subcode),
            }
            container.ready_at = Some(instagram.world.now() + FILM_PROCESSING);
        }
        (Kind::Image, None, _) => return Err(GraphError::invalid("The parameter image_url is required")),
        _ => return Err(GraphError::invalid("The parameter video_url is required")),
    }
    store(instagram, asked, container)
}

fn store(instagram: &Instagram, asked: &Asked, mut container: Container) -> Result<Value, GraphError> {
    let _one_at_a_time = lock(&instagram.gate);
    let since = instagram.world.now() - Span::from_hours(24);
    let recent = instagram.containers.read(|rows| {
        rows.values().filter(|row| row.user == container.user && row.created_at > since).count()
    });
    if recent >= CONTAINERS_A_DAY {
        return Err(refusal(2_207_042));
    }
    container.id = instagram.new_id();
    instagram.containers.put(&container.id, &container)?;
    let mut answer = json!({"id": container.id});
    if container.ready_at.is_none() {
        let version = asked.request.version.as_deref().unwrap_or("v26.0");
        let path = format!("/ig-api-upload/{version}/{}", container.id);
        answer["uri"] = json!(asked.origin.url(UPLOAD_HOST, &path));
    }
    Ok(answer)
}

fn kind_of(request: &GraphRequest) -> Result<Kind, GraphError> {
    let is_child = request.flag("is_carousel_item").unwrap_or(false);
    match request.get("media_type") {
        None | Some("" | "IMAGE") => Ok(Kind::Image),
        Some("REELS") => Ok(Kind::Reel),
        Some("STORIES") => Ok(Kind::Story),
        Some("CAROUSEL") => Ok(Kind::Carousel),
        Some("VIDEO") if is_child => Ok(Kind::Video),
        Some("VIDEO") => {
            let what = "The VIDEO value for media_type is no longer supported. Use the REELS media type to publish a video to your Instagram feed.";
            Err(GraphError::invalid(what))
        }
        Some(_) => Err(refusal(2_207_023)),
    }
}

fn check_words(request: &GraphRequest, kind: Kind, is_child: bool) -> Result<(), GraphError> {
    let caption = request.get("caption").unwrap_or_default();
    let count = |mark: char| {
        caption.split_whitespace().filter(|word| word.starts_with(mark) && word.len() > 1).count()
    };
    if is_child && !caption.is_empty() {
        return Err(GraphError::invalid("Param caption is not allowed for a carousel item"));
    }
    if caption.encode_utf16().count() > CAPTION_MAX || count('#') > HASHTAGS_MAX || count('@') > MENTIONS_MAX
    {
        return Err(refusal(2_207_010));
    }
    if let Some(alt) = request.text("alt_text") {
        if kind != Kind::Image {
            return Err(GraphError::invalid("Param alt_text is only supported for images"));
        }
        if alt.chars().count() > ALT_MAX {
            return Err(GraphError::invalid("Param alt_text must be at most 1000 characters long"));
        }
    }
    Ok(())
}

/// What else was asked for, as it will be shown.
fn check_extras(
    request: &GraphRequest,
    user: &User,
    kind: Kind,
    is_child: bool,
) -> Result<BTreeMap<String, Value>, GraphError> {
    let mut extra = BTreeMap::new();
    let refuse =
        |name: &str| Err(GraphError::invalid(&format!("Param {name} is not allowed for this media")));
    let is_post = matches!(kind, Kind::Image | Kind::Reel | Kind::Carousel) && !is_child;
    if let Some(tags) = request.text("user_tags") {
        if kind == Kind::Carousel {
            return refuse("user_tags");
        }
        let tags: Vec<Value> = serde_json::from_str(tags)
            .map_err(|_| GraphError::invalid("Param user_tags must be an array"))?;
        let place = |tag: &Value, axis: &str| tag[axis].as_f64().is_some_and(|at| (0.0..=1.0).contains(&at));
        let fits = |tag: &Value| {
            tag["username"].is_string() && (kind != Kind::Image || (place(tag, "x") && place(tag, "y")))
        };
        if !tags.iter().all(fits) {
            return Err(GraphError::invalid("Param user_tags must name users and, on images, x and y"));
        }
        extra.insert("user_tags".to_owned(), json!(tags));
    }
    if request.get("collaborators").is_some() {
        let names = request.list("collaborators");
        if !is_post || names.len() > COLLABORATORS_MAX {
            return refuse("collaborators");
        }
        extra.insert("collaborators".to_owned(), json!(names));
    }
    if let Some(place) = request.text("location_id") {
        if !is_post {
            return refuse("location_id");
        }
        if !place.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(GraphError::invalid("INVALID_LOCATION_ID"));
        }
        extra.insert("location_id".to_owned(), json!(place));
    }
    if let Some(offset) = request.text("thumb_offset") {
        if kind != Kind::Reel {
            return refuse("thumb_offset");
        }
        let offset: u64 = offset.parse().map_err(|_| refusal(2_207_057))?;
        extra.insert("thumb_offset".to_owned(), json!(offset));
    }
    for name in ["cover_url", "audio_name", "share_to_feed", "trial_params"] {
        let Some(value) = request.text(name) else { continue };
        if kind != Kind::Reel {
            return refuse(name);
        }
        let value = if name == "trial_params" { trial(value, user)? } else { json!(value) };
        extra.insert(name.to_owned(), value);
    }
    if let Some(alt) = request.text("alt_text") {
        extra.insert("alt_text".to_owned(), json!(alt));
    }
    Ok(extra)
}

fn trial(text: &str, user: &User) -> Result<Value, GraphError> {
    let params: Value = serde_json::from_str(text).unwrap_or_default();
    if !matches!(params["graduation_strategy"].as_str(), Some("MANUAL" | "SS_PERFORMANCE")) {
        return Err(GraphError::invalid("Param trial_params must name a graduation_strategy"));
    }
    if user.has_trials { Ok(params) } else { Err(refusal(2_207_081)) }
}

fn children_of(
    instagram: &Instagram,
    request: &GraphRequest,
    user: &User,
) -> Result<Vec<String>, GraphError> {
    let listed = request.list("children");
    let children: Vec<String> = if listed.is_empty() {
        let text = request.get("children").unwrap_or_default();
        text.split(',').map(str::trim).filter(|id| !id.is_empty()).map(str::to_owned).collect()
    } else {
        let text = |id: &Value| id.as_str().map_or_else(|| id.to_string(), str::to_owned);
        listed.iter().map(text).collect()
    };
    if !(2..=10).contains(&children.len()) {
        return Err(refusal(2_207_028));
    }
    let now = instagram.world.now();
    for id in &children {
        let child = instagram.containers.get(id).filter(|child| child.user == user.id);
        match child.as_ref().map(|child| (child.is_child, child.status(now))) {
            None => return Err(refusal(2_207_006)),
            Some((true, "FINISHED")) => {}
            Some((true, "IN_PROGRESS")) => return Err(refusal(2_207_027)),
            Some((true, "EXPIRED")) => return Err(refusal(2_207_008)),
            Some(_) => return Err(refusal(2_207_028)),
        }
    }
    Ok(children)
}

/// `GET /{container}`
pub(super) fn show(instagram: &Instagram, asked: &Asked, container: &Container) -> Result<Value, GraphError> {
    instagram.allowed(&asked.request, &asked.origin.host, &container.user, Right::Read)?;
    let status = container.status(instagram.world.now());
    let words = match (status, container.failure) {
        ("ERROR", Some(subcode)) => format!("Error: Media upload has failed with error code {subcode}"),
        ("IN_PROGRESS", _) => "In Progress: Media is still being processed.".to_owned(),
        ("FINISHED", _) => "Finished: Media has been uploaded and it is ready to be published.".to_owned(),
        ("PUBLISHED", _) => "Published: Media has been published.".to_owned(),
        (other, _) => other.to_owned(),
    };
    let object =
        json!({"id": container.id, "status_code": status, "status": words, "copyright_check_status": null});
    super::nodes::project(asked, &object, "id", "ShadowIGMediaBuilder")
}
