//! What needs no server: answers and their meaning, articles, addresses, stored states.

use connector::{MediaItem, MediaKind, Publication};
use domain::{Class, DestinationId, MediaId, Settings, Span, Timestamp};
use net::{Answer, Sent};
use serde_json::json;
use uuid::Uuid;

use super::errors::{classify, classify_commit, classify_upload, existing_term};
use super::state::{File, State};
use super::{article, rest, slug};

const NOW: Timestamp = Timestamp::from_seconds(1_800_000_000);

fn answer(status: u16, body: &str) -> Answer {
    Answer { status, headers: http::HeaderMap::new(), body: body.to_owned().into() }
}

fn error(status: u16, code: &str) -> Answer {
    answer(status, &format!(r#"{{"code":"{code}","message":"Sorry.","data":{{"status":{status}}}}}"#))
}

#[test]
fn recognised_refusals_are_proof() {
    for (status, code, class) in [
        (401, "rest_cannot_create", Class::TokenExpired),
        (401, "rest_not_logged_in", Class::TokenExpired),
        (403, "rest_cannot_create", Class::PermissionMissing),
        (403, "rest_cannot_publish", Class::PermissionMissing),
        (404, "rest_no_route", Class::PermissionMissing),
        (400, "rest_invalid_param", Class::ContentRejected),
        (400, "empty_content", Class::ContentRejected),
    ] {
        let failure = classify_commit(&error(status, code), NOW);
        assert_eq!((failure.class, failure.sent), (class, Sent::Answered), "{code}");
        assert!(failure.public.ends_with('.'), "{}", failure.public);
    }
    let mut limited = answer(429, "<html>");
    let expect = Class::RateLimited { until: Some(NOW + Span::from_minutes(5)) };
    assert_eq!(classify_commit(&limited, NOW).class, expect);
    limited.headers.insert("retry-after", "30".parse().unwrap());
    let expect = Class::RateLimited { until: Some(NOW + Span::from_seconds(30)) };
    assert_eq!(classify_commit(&limited, NOW).class, expect);
}

#[test]
fn everything_else_a_publishing_request_answers_is_looked_up() {
    for page in [
        error(500, "db_insert_error"),
        error(400, "something_new"),
        answer(200, "<html>").clone(),
        answer(401, "<html>"),
        answer(403, "<html>Blocked</html>"),
        answer(502, "<html>"),
        answer(301, ""),
    ] {
        assert!(classify_commit(&page, NOW).leaves_commit_open(), "{page:?}");
    }
}

#[test]
fn what_is_wrong_with_a_file_is_told_from_a_site_that_fails() {
    for (page, class) in [
        (error(500, "rest_upload_sideload_error"), Class::MediaFailed),
        (error(400, "rest_upload_no_data"), Class::MediaFailed),
        (answer(413, "<html>"), Class::MediaFailed),
        (answer(500, "<html>"), Class::Transient),
        (answer(403, "<html>"), Class::PermissionMissing),
        (answer(302, ""), Class::PermissionMissing),
        (error(401, "rest_cannot_create"), Class::TokenExpired),
    ] {
        assert_eq!(classify_upload(&page, NOW).class, class, "{page:?}");
    }
    assert_eq!(classify(&error(400, "what"), NOW).class, Class::ContentRejected);
    let there = answer(400, r#"{"code":"term_exists","message":"x","data":{"status":400,"term_id":7}}"#);
    assert_eq!(existing_term(&there), Some(7));
    assert_eq!(existing_term(&error(400, "rest_invalid_param")), None);
}

#[test]
fn a_refusal_says_which_parameter_is_wrong() {
    let body = r#"{"code":"rest_invalid_param","message":"Invalid parameter(s): status","data":{"status":400,"params":{"status":"status is not one of publish."}}}"#;
    let said = classify_commit(&answer(400, body), NOW).public;
    assert_eq!(said, "The site refused the post (status is not one of publish).");
}

#[test]
fn a_route_is_in_the_path_or_in_the_query() {
    let query = [("slug", "a b")];
    for (root, expect) in [
        ("https://example.org/blog/wp-json", "https://example.org/blog/wp-json/wp/v2/posts?slug=a+b"),
        ("https://example.org/wp-json/", "https://example.org/wp-json/wp/v2/posts?slug=a+b"),
        (
            "https://example.org/index.php?rest_route=/",
            "https://example.org/index.php?rest_route=%2Fwp%2Fv2%2Fposts&slug=a+b",
        ),
        (
            "https://example.org/?lang=pl&rest_route=/",
            "https://example.org/?lang=pl&rest_route=%2Fwp%2Fv2%2Fposts&slug=a+b",
        ),
    ] {
        assert_eq!(rest::address(root, "/wp/v2/posts", &query).unwrap().as_str(), expect);
    }
    assert!(rest::address("", "/", &[]).is_err());
}

fn publication(
    text: &str,
    settings: &serde_json::Value,
    images: u64,
    videos: u64,
) -> (Publication, Vec<File>) {
    let item = |number: u64, kind: MediaKind| MediaItem {
        id: MediaId(Uuid::from_u64_pair(0, number)),
        kind,
        content_type: if kind == MediaKind::Video { "video/mp4" } else { "image/png" }.to_owned(),
        filename: format!("Loaf {number}.png"),
        size_bytes: 1,
        width: None,
        height: None,
        seconds: None,
        alt_text: (number == 2).then(|| "a \"loaf\"".to_owned()),
    };
    let media: Vec<MediaItem> = (1..=images)
        .map(|number| item(number, MediaKind::Image))
        .chain((1..=videos).map(|number| item(number, MediaKind::Video)))
        .collect();
    let files = (1..=images + videos).map(|id| File { id, url: format!("https://x.test/{id}") }).collect();
    let to = Publication {
        destination_id: DestinationId(Uuid::from_u128(0xabc_def0_1234)),
        text: text.to_owned(),
        thread: Vec::new(),
        media,
        content_type: None,
        settings: Settings(settings.as_object().unwrap().clone()),
        scheduled_for: NOW,
    };
    (to, files)
}

#[test]
fn the_heading_of_a_text_becomes_its_title() {
    for (text, settings, title, body) in [
        ("# Rye\n\nText", json!({}), "Rye", "Text"),
        ("Rye\n\nText", json!({}), "Rye", "Rye\n\nText"),
        ("# Rye\n\nText", json!({"title": "Spelt"}), "Spelt", "# Rye\n\nText"),
        ("<p>a</p>", json!({"title": " Rye "}), "Rye", "<p>a</p>"),
        ("# Rye", json!({}), "Rye", ""),
    ] {
        let (to, files) = publication(text, &settings, 0, 0);
        assert_eq!(
            (article::title(&to).as_str(), article::body(&to, &files).0.as_str()),
            (title, body),
            "{text}"
        );
    }
}

#[test]
fn images_stand_where_the_text_wants_them_and_the_rest_below() {
    let text = "One\n\n![A <loaf>](image:2)\n\nTwo ![](image:9) ![a](b) [x](image:1)";
    let (to, files) = publication(text, &json!({"title": "t"}), 3, 1);
    let (body, warnings) = article::body(&to, &files);
    let blocks: Vec<&str> = body.split("\n\n").collect();
    assert_eq!(
        blocks,
        [
            r#"<figure class="wp-block-video"><video controls src="https://x.test/4"></video></figure>"#,
            "One",
            r#"<figure class="wp-block-image"><img src="https://x.test/2" alt="a &quot;loaf&quot;" class="wp-image-2" /><figcaption>A &lt;loaf&gt;</figcaption></figure>"#,
            "Two ",
            " ![a](b) [x](image:1)",
            r#"<figure class="wp-block-image"><img src="https://x.test/3" alt="" class="wp-image-3" /></figure>"#,
        ]
    );
    assert_eq!(warnings, ["There is no image 9; its place is left out."]);
    assert_eq!(article::featured(&to, &files), Some(1));
    let (to, files) = publication("a", &json!({"title": "t", "featuredImage": "none"}), 1, 0);
    assert_eq!(article::featured(&to, &files), None);
    assert!(article::body(&to, &files).0.contains("wp-image-1"));
}

#[test]
fn names_follow_from_the_destination_alone() {
    let (to, _) = publication("# Rye & spelt", &json!({}), 1, 0);
    assert_eq!(slug::of(&to), "rye-spelt-abcdef01234");
    assert_eq!(slug::of_file(&to, &to.media[0], 0), "loaf-1-abcdef01234-1");
    let (own, _) = publication("x", &json!({"slug": "My Page!"}), 0, 0);
    assert_eq!(
        (slug::of(&own), slug::marked(&own)),
        ("my-page".to_owned(), "my-page-abcdef01234".to_owned())
    );
    let (foreign, _) = publication("面包", &json!({}), 0, 0);
    assert_eq!(slug::of(&foreign), "post-abcdef01234");
}

#[test]
fn stored_states_stay_readable() {
    for text in [
        r#"{"stage":{"at":"slug"},"slug":"rye"}"#,
        r#"{"stage":{"at":"upload"},"slug":"rye","warnings":["w"]}"#,
        r#"{"stage":{"at":"upload"},"slug":"rye","files":[{"id":1,"url":"https://x.test/1"}]}"#,
        r#"{"stage":{"at":"describe"},"slug":"rye"}"#,
        r#"{"stage":{"at":"tag","next":1},"slug":"rye","tags":[1]}"#,
        r#"{"stage":{"at":"category","next":0},"slug":"rye","categories":[1]}"#,
        r#"{"stage":{"at":"ready"},"slug":"rye"}"#,
    ] {
        let state: State = serde_json::from_str(text).unwrap();
        assert_eq!(serde_json::from_str::<State>(&serde_json::to_string(&state).unwrap()).unwrap(), state);
    }
}
