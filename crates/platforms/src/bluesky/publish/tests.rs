use connector::{MediaItem, MediaKind};
use domain::{Class, DestinationId, MediaId, Settings, Timestamp};
use net::SeededEntropy;
use serde_json::{Value, json};
use uuid::Uuid;

use super::*;

const NOW: Timestamp = Timestamp::from_millis(1_795_425_600_123);

fn publication(text: &str, thread: &[&str], media: Vec<MediaItem>) -> Publication {
    Publication {
        destination_id: DestinationId(Uuid::nil()),
        text: text.to_owned(),
        thread: thread.iter().map(|&part| part.to_owned()).collect(),
        media,
        content_type: None,
        settings: Settings::default(),
        scheduled_for: NOW,
    }
}

fn image(name: &str, size_bytes: u64) -> MediaItem {
    MediaItem {
        id: MediaId(Uuid::nil()),
        kind: MediaKind::Image,
        content_type: "image/jpeg".to_owned(),
        filename: name.to_owned(),
        size_bytes,
        width: Some(1200),
        height: Some(800),
        seconds: None,
        alt_text: None,
    }
}

fn started(to: &Publication) -> Progress {
    let entropy = SeededEntropy::new(7);
    let State::V1(progress) = start(StartCx { now: NOW, entropy: &entropy }, to);
    progress
}

fn blob(cid: &str) -> Blob {
    let value =
        json!({"$type": "blob", "ref": {"$link": cid}, "mimeType": "image/jpeg", "size": 3, "later": true});
    serde_json::from_value(value).unwrap()
}

fn record(progress: &Progress, index: usize) -> Value {
    serde_json::to_value(progress.parts[index].record.as_ref().unwrap()).unwrap()
}

#[test]
fn keys_and_moments_are_chosen_before_anything_is_sent() {
    let progress = started(&publication("one", &["two", "three"], Vec::new()));
    let keys: Vec<_> = progress.parts.iter().map(|part| part.rkey.as_str()).collect();
    assert!(keys[0] < keys[1] && keys[1] < keys[2], "{keys:?}");
    let moments: Vec<_> = progress.parts.iter().map(|part| part.created_at.as_str()).collect();
    assert_eq!(moments, ["2026-11-23T09:20:00.123Z", "2026-11-23T09:20:00.124Z", "2026-11-23T09:20:00.125Z"]);
}

#[test]
fn a_handle_is_looked_up_once_and_images_leave_no_room_for_a_card() {
    let to = publication("@a.test a.org", &["@A.test @b.test b.org", "none"], vec![image("a.jpg", 3)]);
    let progress = started(&to);
    assert_eq!(progress.unresolved, ["a.test", "b.test"]);
    let cards: Vec<_> = progress.parts.iter().map(|part| part.card.clone()).collect();
    assert_eq!(cards, [Card::Without, Card::Due("https://b.org".to_owned()), Card::Without]);
}

#[test]
fn a_frozen_record_holds_all_that_is_published() {
    let mut to = publication("Zażółć @a.test #jaźń @nobody.test", &[], vec![image("a.jpg", 3)]);
    to.media[0].alt_text = Some("łódź".to_owned());
    to.settings.0.insert("langs".to_owned(), json!(["pl", "not a tag", "en-GB", "de", "fr"]));
    let mut progress = started(&to);
    progress.mentions.insert("a.test".to_owned(), Some("did:plc:a".to_owned()));
    progress.mentions.insert("nobody.test".to_owned(), None);
    progress.files.push(blob("bafkrei1"));
    progress.freeze(&to);
    let expect = json!({
        "$type": "app.bsky.feed.post",
        "text": "Zażółć @a.test #jaźń @nobody.test",
        "createdAt": "2026-11-23T09:20:00.123Z",
        "facets": [
            {
                "index": {"byteStart": 11, "byteEnd": 18},
                "features": [{"$type": "app.bsky.richtext.facet#mention", "did": "did:plc:a"}],
            },
            {
                "index": {"byteStart": 19, "byteEnd": 26},
                "features": [{"$type": "app.bsky.richtext.facet#tag", "tag": "jaźń"}],
            },
        ],
        "embed": {
            "$type": "app.bsky.embed.images",
            "images": [{
                "image": {
                    "$type": "blob",
                    "ref": {"$link": "bafkrei1"},
                    "mimeType": "image/jpeg",
                    "size": 3,
                    "later": true,
                },
                "alt": "łódź",
                "aspectRatio": {"width": 1200, "height": 800},
            }],
        },
        "langs": ["pl", "en-GB", "de"],
    });
    assert_eq!(record(&progress, 0), expect);
}

#[test]
fn a_plain_record_has_no_empty_members_and_an_image_always_an_alt_text() {
    let to = publication("Hello", &[], Vec::new());
    let mut progress = started(&to);
    progress.freeze(&to);
    let expect =
        json!({"$type": "app.bsky.feed.post", "text": "Hello", "createdAt": "2026-11-23T09:20:00.123Z"});
    assert_eq!(record(&progress, 0), expect);

    let mut to = publication("", &[], vec![image("a.jpg", 3)]);
    to.media[0].width = None;
    let mut progress = started(&to);
    progress.files.push(blob("bafkrei1"));
    progress.freeze(&to);
    let image = &record(&progress, 0)["embed"]["images"][0];
    assert_eq!(image["alt"], "");
    assert_eq!(image.get("aspectRatio"), None);
}

#[test]
fn a_frozen_record_stays_as_it_is() {
    let to = publication("a.org", &[], Vec::new());
    let mut progress = started(&to);
    let card = External {
        uri: "https://a.org".to_owned(),
        title: "A".to_owned(),
        description: String::new(),
        thumb: None,
    };
    progress.parts[0].card = Card::Made(card);
    progress.freeze(&to);
    let frozen = progress.clone();
    assert_eq!(record(&progress, 0)["embed"]["external"]["title"], "A");
    progress.parts[0].card = Card::Without;
    progress.freeze(&publication("other", &[], Vec::new()));
    assert_eq!(progress.parts[0].record, frozen.parts[0].record);
}

#[test]
fn lost_files_are_uploaded_again_for_the_parts_that_are_not_live() {
    let to = publication("pictures", &["b.org"], vec![image("a.jpg", 3)]);
    let mut progress = started(&to);
    progress.files.push(blob("bafkrei1"));
    let card = External {
        uri: "https://b.org".to_owned(),
        title: String::new(),
        description: String::new(),
        thumb: Some(blob("bafkrei2")),
    };
    progress.parts[1].card = Card::Made(card);
    progress.freeze(&to);
    let first = progress.parts[0].record.clone();
    progress.parts[0].posted = Some(StrongRef { uri: "at://1".to_owned(), cid: "c1".to_owned() });
    progress.upload_again(&to);
    assert_eq!(progress.files.len(), 1);
    assert_eq!(progress.parts[0].record, first);
    assert_eq!(progress.parts[1].card, Card::Due("https://b.org".to_owned()));
    assert_eq!(progress.parts[1].record, None);

    progress.parts[0].posted = None;
    progress.upload_again(&to);
    assert_eq!((progress.files.len(), &progress.parts[0].record), (0, &None));
}

#[test]
fn files_that_bluesky_cannot_take_are_refused_before_anything_is_sent() {
    let refused = |media: Vec<MediaItem>| media::check(&media).unwrap_err();
    let large = refused(vec![image("large.jpg", 1_000_001)]);
    assert_eq!((large.class, large.sent), (Class::MediaFailed, net::Sent::No));
    assert!(large.public.contains("large.jpg has 1000001 bytes"), "{}", large.public);
    let video = |content_type: &str| MediaItem {
        kind: MediaKind::Video,
        content_type: content_type.to_owned(),
        ..image("a.mp4", 50_000_000)
    };
    for media in [
        (0..5).map(|_| image("a.jpg", 3)).collect(),
        vec![video("video/quicktime")],
        vec![video("video/mp4"), image("a.jpg", 3)],
        vec![MediaItem { kind: MediaKind::Document, ..image("a.pdf", 3) }],
    ] {
        assert_eq!(refused(media).class, Class::ContentRejected);
    }
    media::check(&(0..4).map(|_| image("a.jpg", 1_000_000)).collect::<Vec<_>>()).unwrap();
    media::check(&[video("video/mp4")]).unwrap();
}

#[test]
fn a_video_is_a_video_and_not_an_image() {
    let mut item = image("a.mp4", 3);
    item.kind = MediaKind::Video;
    let to = publication("moving", &[], vec![item]);
    let mut progress = started(&to);
    progress.files.push(blob("bafkrei1"));
    progress.freeze(&to);
    let embed = &record(&progress, 0)["embed"];
    assert_eq!(embed["$type"], "app.bsky.embed.video");
    assert_eq!(embed["video"]["ref"]["$link"], "bafkrei1");
    assert_eq!(embed["aspectRatio"], json!({"width": 1200, "height": 800}));
    assert_eq!(embed.get("alt"), None);
}

/// States are stored for as long as a post waits: this one must stay readable.
#[test]
fn a_stored_state_stays_readable() {
    let stored = r#"{"version":"1","mentions":{"a.test":"did:plc:a","nobody.test":null},"unresolved":["c.test"],"files":[{"$type":"blob","ref":{"$link":"bafkrei1"},"mimeType":"image/jpeg","size":3}],"uploaded_again":false,"parts":[{"rkey":"3lbm2k6t4wc2a","created_at":"2026-11-23T09:20:00.123Z","card":"Without","record":{"$type":"app.bsky.feed.post","text":"one","createdAt":"2026-11-23T09:20:00.123Z","langs":["en"]},"posted":{"uri":"at://did:plc:a/app.bsky.feed.post/3lbm2k6t4wc2a","cid":"bafyrei1"}},{"rkey":"3lbm2k6t4wc2b","created_at":"2026-11-23T09:20:00.124Z","card":{"Made":{"uri":"https://a.org","title":"A","description":""}},"record":{"$type":"app.bsky.feed.post","text":"a.org","createdAt":"2026-11-23T09:20:00.124Z","facets":[{"index":{"byteStart":0,"byteEnd":5},"features":[{"$type":"app.bsky.richtext.facet#link","uri":"https://a.org"}]}],"embed":{"$type":"app.bsky.embed.external","external":{"uri":"https://a.org","title":"A","description":""}},"reply":{"root":{"uri":"at://did:plc:a/app.bsky.feed.post/3lbm2k6t4wc2a","cid":"bafyrei1"},"parent":{"uri":"at://did:plc:a/app.bsky.feed.post/3lbm2k6t4wc2a","cid":"bafyrei1"}}},"posted":null},{"rkey":"3lbm2k6t4wc2c","created_at":"2026-11-23T09:20:00.125Z","card":{"Due":"https://b.org"},"record":null,"posted":null}]}"#;
    let state: State = serde_json::from_str(stored).unwrap();
    assert_eq!(serde_json::to_string(&state).unwrap(), stored);
    let State::V1(progress) = state;
    let (part, record) = progress.due().unwrap();
    for video in [
        r#"{"at":"limits"}"#,
        r#"{"at":"parts","job":"j","part_bytes":4,"sent":2}"#,
        r#"{"at":"job","job":"j","since":1795425600000000}"#,
        r#"{"at":"direct"}"#,
    ] {
        let stored = stored.replacen(
            r#""uploaded_again""#,
            &format!(r#""video":{video},"begun_again":1,"uploaded_again""#),
            1,
        );
        let state: State = serde_json::from_str(&stored).unwrap();
        assert_eq!(serde_json::to_string(&state).unwrap(), stored);
    }
    assert_eq!((part.rkey.as_str(), record.text.as_str()), ("3lbm2k6t4wc2b", "a.org"));
}
