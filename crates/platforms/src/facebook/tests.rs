//! What needs no server: answers and their meaning, matching, kinds of posts, stored states.

use connector::{Failure, MediaItem, MediaKind, Publication};
use domain::{Class, DestinationId, MediaId, Settings, Span, Timestamp};
use net::{Answer, Sent};
use serde_json::json;
use uuid::Uuid;

use super::errors::{
    classify, classify_comment, classify_commit, classify_login, is_about_link, is_gone, is_good, right_range,
};
use super::graph::proof;
use super::lookup::is_it;
use super::reconcile::went_out;
use super::state::{Kind, State};
use super::wire::{Seen, Video};

const NOW: Timestamp = Timestamp::from_seconds(1_800_000_000);

fn answer(status: u16, body: &str) -> Answer {
    Answer { status, headers: http::HeaderMap::new(), body: body.to_owned().into() }
}

fn refusal(code: i64, subcode: i64, message: &str) -> Answer {
    let error = json!({"message": message, "code": code, "error_subcode": subcode, "fbtrace_id": "A"});
    answer(400, &json!({ "error": error }).to_string())
}

fn commit(answer: &Answer) -> Failure {
    classify_commit(answer, false, NOW)
}

#[test]
fn codes_decide_and_recognised_refusals_are_proof() {
    for (code, subcode, message, class) in [
        (190, 463, "Error validating access token: Session has expired", Class::TokenExpired),
        (190, 458, "", Class::TokenExpired),
        (102, 0, "", Class::TokenExpired),
        (10, 0, "", Class::PermissionMissing),
        (200, 0, "", Class::PermissionMissing),
        (210, 0, "", Class::PermissionMissing),
        (299, 0, "", Class::PermissionMissing),
        (3, 0, "", Class::PermissionMissing),
        (100, 33, "Unsupported post request.", Class::PermissionMissing),
        (100, 0, "No permission to publish the video", Class::PermissionMissing),
        (100, 1_404_078, "", Class::PermissionMissing),
        (2_635, 0, "", Class::PermissionMissing),
        (2_500, 0, "", Class::PermissionMissing),
        (368, 1_404_112, "", Class::AccountRestricted),
        (368, 1_346_003, "", Class::AccountRestricted),
        (100, 4_854_002, "", Class::AccountRestricted),
        (506, 0, "", Class::Duplicate { existing: None }),
        (100, 1_366_051, "", Class::Duplicate { existing: None }),
        (100, 0, "Name parameter too long", Class::ContentRejected),
        (100, 1_609_008, "", Class::ContentRejected),
        (324, 1_366_046, "", Class::MediaFailed),
        (389, 0, "", Class::MediaFailed),
        (6_000, 1_363_041, "", Class::MediaFailed),
    ] {
        let failure = commit(&refusal(code, subcode, message));
        assert_eq!((failure.class, failure.sent), (class, Sent::Answered), "{code}/{subcode}");
    }
}

#[test]
fn everything_else_is_looked_up() {
    for lost in [
        answer(500, r#"{"error":{"code":1,"message":"An unknown error occurred"}}"#),
        // The same on another status, and behind a success.
        answer(400, r#"{"error":{"code":1,"message":"An unknown error occurred"}}"#),
        answer(400, r#"{"error":{"code":2,"is_transient":true}}"#),
        answer(400, r#"{"error":{"code":100,"is_transient":true}}"#),
        answer(200, r#"{"error":{"code":1}}"#),
        answer(200, r#"{"success":false}"#),
        answer(400, r#"{"error":{"code":99999}}"#),
        answer(503, "<html>Service Unavailable</html>"),
        answer(400, "<html>"),
        answer(404, ""),
    ] {
        assert!(!is_good(&lost));
        assert!(commit(&lost).leaves_commit_open(), "{lost:?}");
    }
    assert!(classify_commit(&refusal(506, 0, ""), true, NOW).leaves_commit_open());
    assert_eq!(classify(&answer(502, "<html>"), NOW).class, Class::Transient);
    assert_eq!(classify(&answer(200, "<html>"), NOW).class, Class::Transient);
}

#[test]
fn a_limit_comes_as_any_status_and_ends_when_the_header_says() {
    for code in [4, 17, 32, 613, 341, 80_001] {
        let mut limited = refusal(code, 0, "");
        let until = |limited: &Answer| commit(limited).retry_at().map(|until| until.since(NOW));
        assert_eq!(until(&limited), Some(Span::from_hours(1)), "{code}");
        let usage = r#"{"7":[{"type":"pages","estimated_time_to_regain_access":0},{"estimated_time_to_regain_access":19}]}"#;
        limited.headers.insert("x-business-use-case-usage", usage.parse().unwrap());
        assert_eq!(until(&limited), Some(Span::from_minutes(19)), "{code}");
    }
    assert_eq!(commit(&refusal(368, 1_390_008, "")).retry_at(), Some(NOW + Span::from_hours(1)));
}

#[test]
fn a_refused_comment_may_be_live() {
    assert!(classify_comment(&refusal(100, 0, "Invalid parameter"), NOW).leaves_commit_open());
    assert!(
        !classify_comment(&refusal(200, 0, "Requires pages_manage_engagement"), NOW).leaves_commit_open()
    );
}

#[test]
fn a_wrong_secret_is_no_passing_fault() {
    let wrong = refusal(1, 0, "Error validating client secret.");
    assert_eq!(classify_login(&wrong, NOW).class, Class::PermissionMissing);
    assert_eq!(classify_login(&refusal(100, 36_009, ""), NOW).class, Class::TokenExpired);
    assert_eq!(classify_login(&refusal(1, 0, "An unknown error occurred"), NOW).class, Class::Transient);
}

#[test]
fn special_refusals_are_told_apart() {
    assert!(is_gone(&refusal(100, 33, "")) && is_gone(&refusal(6_000, 1_363_030, "")));
    assert!(!is_gone(&refusal(100, 0, "")) && !is_gone(&refusal(10, 33, "")));
    assert!(is_about_link(&refusal(100, 1_500, "")) && !is_about_link(&refusal(100, 0, "")));
    let at = |data: serde_json::Value| {
        right_range(&answer(400, &json!({"error": {"code": 6_001, "error_data": data}}).to_string()))
    };
    assert_eq!(at(json!({"start_offset": "5", "end_offset": "9"})), Some((5, 9)));
    assert_eq!(at(json!(r#"{"start_offset": 5, "end_offset": 9}"#)), Some((5, 9)));
    assert_eq!(at(json!({})), None);
}

#[test]
fn the_proof_is_the_hmac_of_the_token_under_the_secret() {
    let expect = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
    assert_eq!(proof("Jefe", "what do ya want for nothing?").as_deref(), Some(expect));
    assert_eq!(proof("", "token"), None);
}

fn to(text: &str, media: &[(MediaKind, Option<(u32, u32)>)]) -> Publication {
    let item = |(kind, size): &(MediaKind, Option<(u32, u32)>)| MediaItem {
        id: MediaId(Uuid::nil()),
        kind: *kind,
        content_type: String::new(),
        filename: String::new(),
        size_bytes: 1,
        width: size.map(|(width, _)| width),
        height: size.map(|(_, height)| height),
        seconds: None,
        alt_text: None,
    };
    Publication {
        destination_id: DestinationId(Uuid::nil()),
        text: text.to_owned(),
        thread: Vec::new(),
        media: media.iter().map(item).collect(),
        content_type: None,
        settings: Settings::default(),
        scheduled_for: NOW,
    }
}

#[test]
fn a_video_is_a_reel_unless_its_shape_or_the_author_says_otherwise() {
    let video = |size| to("", &[(MediaKind::Video, size)]);
    assert_eq!(Kind::of(&video(None)), Kind::Reel);
    assert_eq!(Kind::of(&video(Some((1_080, 1_920)))), Kind::Reel);
    assert_eq!(Kind::of(&video(Some((1_920, 1_080)))), Kind::Video);
    for (content_type, setting, kind) in [
        ("Post", "video", Kind::Video),
        ("Post", "reel", Kind::Reel),
        ("Reels", "video", Kind::Reel),
        ("Story", "reel", Kind::VideoStory),
    ] {
        let mut wanted = video(Some((1_080, 1_920)));
        wanted.content_type = Some(content_type.to_owned());
        wanted.settings.0.insert("videoType".to_owned(), json!(setting));
        assert_eq!(Kind::of(&wanted), kind, "{content_type} {setting}");
    }
    let mut story = to("", &[(MediaKind::Image, None)]);
    assert_eq!(Kind::of(&story), Kind::Feed);
    story.content_type = Some("Story".to_owned());
    assert_eq!(Kind::of(&story), Kind::PhotoStory);
}

#[test]
fn the_link_of_a_post_is_the_named_one_or_the_only_one() {
    let link = |text: &str| State::new(&to(text, &[])).link;
    assert_eq!(link("see https://example.org/a_(b), now").as_deref(), Some("https://example.org/a_(b"));
    assert_eq!(link("https://a.example and https://b.example"), None);
    assert_eq!(State::new(&to("https://a.example", &[(MediaKind::Image, None)])).link, None);
}

fn seen(value: &serde_json::Value) -> Seen {
    serde_json::from_value(value.clone()).unwrap()
}

fn with_photos(photos: &[&str]) -> State {
    State { photos: photos.iter().map(|id| (*id).to_owned()).collect(), ..State::default() }
}

#[test]
fn a_post_is_known_by_its_text_and_its_photos() {
    let photo = |id: &str| json!({"media_type": "photo", "target": {"id": id}});
    let album = seen(&json!({"id": "1_2", "message": "Rye  za\u{17c}\r\n", "attachments": {"data": [
        {"media_type": "album", "subattachments": {"data": [photo("7"), photo("8")]}}]}}));
    let wanted = to("Rye zaz\u{307}", &[(MediaKind::Image, None), (MediaKind::Image, None)]);
    assert!(is_it(&album, &wanted, &with_photos(&["8", "7"]), false));
    assert!(!is_it(&album, &wanted, &with_photos(&["8", "9"]), false));
    assert!(is_it(&album, &wanted, &with_photos(&["8", "9"]), true), "ids may be of an earlier upload");
    assert!(!is_it(&album, &to("Rye za\u{17c}", &[]), &State::default(), false), "it shows photos");
    let single = seen(&json!({"id": "1_2", "attachments": {"data": [photo("7")]}}));
    let silent = to("", &[(MediaKind::Image, None)]);
    assert!(is_it(&single, &silent, &with_photos(&["7"]), false));
    assert!(!is_it(&single, &silent, &with_photos(&["8"]), false));
    assert!(!is_it(&single, &silent, &with_photos(&["7"]), true));
    let link = seen(&json!({"id": "1_2", "attachments": {"data": [
        {"media_type": "link", "unshimmed_url": "https://a.example/"}]}}));
    let at = |link: &str| State { link: Some(link.to_owned()), ..State::default() };
    assert!(is_it(&link, &to("", &[]), &at("https://a.example/"), false));
    assert!(!is_it(&link, &to("", &[]), &at("https://b.example/"), false));
}

#[test]
fn a_videos_status_tells_whether_it_was_finished() {
    for (status, expect) in [
        (
            json!({"video_status": "upload_complete", "publishing_phase": {"status": "not_started"}}),
            Some(false),
        ),
        (
            json!({"video_status": "processing", "processing_phase": {"status": "in_progress"},
                "publishing_phase": {"status": "not_started", "publish_status": "published", "publish_time": 1}}),
            Some(true),
        ),
        (json!({"publishing_phase": {"status": "complete"}}), Some(true)),
        (json!({"video_status": "ready"}), Some(true)),
        (
            json!({"video_status": "processing", "processing_phase": {"status": "in_progress"},
                "publishing_phase": {"status": "not_started"}}),
            None,
        ),
    ] {
        let video: Video = serde_json::from_value(json!({ "status": status })).unwrap();
        assert_eq!(went_out(&video.status), expect, "{status}");
    }
}

#[test]
fn stored_states_stay_readable() {
    for text in [
        r#"{"stage":{"at":"upload"}}"#,
        r#"{"stage":{"at":"upload"},"photos":["1"],"link":"https://a.example","uploaded_again":true}"#,
        r#"{"stage":{"at":"transfer","session":"9","start":1,"end":2},"video":"5"}"#,
        r#"{"stage":{"at":"bytes","upload_url":"https://rupload.facebook.com/x"},"video":"5"}"#,
        r#"{"stage":{"at":"uploaded","since":1800000000000000},"video":"5"}"#,
        r#"{"stage":{"at":"ready"}}"#,
        r#"{"stage":{"at":"ready","session":"9"},"video":"5"}"#,
        r#"{"stage":{"at":"processing","since":1800000000000000},"video":"5","posted":{"id":"1_2","url":"u"}}"#,
        r#"{"stage":{"at":"address","tries":1},"photos":["1"]}"#,
        r#"{"stage":{"at":"comment"},"posted":{"id":"1_2","url":"u"}}"#,
    ] {
        let state: State = serde_json::from_str(text).unwrap();
        assert_eq!(serde_json::from_str::<State>(&serde_json::to_string(&state).unwrap()).unwrap(), state);
    }
}
