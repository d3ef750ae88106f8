use domain::{
    AccountId, ApprovalState, CampaignId, MediaId, PlatformName, PostId, PostStatus, Settings, Timestamp,
};
use proptest::prelude::*;
use serde_json::{Value, json};
use uuid::Uuid;

use super::*;
use crate::export::{csv_head, csv_line};
use crate::posts::{ApprovalView, DestinationView, PlatformContentItem, PostView};

fn is_platform(name: &PlatformName) -> bool {
    matches!(name.as_str(), "x" | "bluesky" | "instagram")
}

fn read_all(bytes: &[u8], format: Option<Format>, zone: Option<&str>) -> Vec<Entry> {
    read(bytes, format, zone, &is_platform).unwrap().entries
}

fn row(entry: &Entry) -> &Row {
    match entry {
        Entry::Post(row) => row,
        other => panic!("{other:?}"),
    }
}

/// A post as the store can hold it: of any text but NUL.
fn a_post() -> impl Strategy<Value = PostView> {
    let text = || any::<String>().prop_map(|text| text.replace('\0', ""));
    let zone = prop::sample::select(vec!["UTC", "Europe/Berlin", "America/New_York", "Asia/Kathmandu"]);
    let status = prop::sample::select(vec![PostStatus::Draft, PostStatus::Scheduled]);
    // From 2000 to 2099, to the microsecond, the second or the minute.
    let at = 946_684_800_000_000_i64..4_070_908_800_000_000;
    let at = (at, prop::sample::select(vec![1, 1_000_000, 60_000_000])).prop_map(|(at, of)| at - at % of);
    let content = prop::collection::btree_map("x|bluesky|instagram", (text(), text()), 0..3);
    let cells = (text(), prop::collection::vec(text(), 0..3), content, zone);
    let accounts = prop::collection::vec((1_i64..9_999, text()), 0..3);
    (
        cells,
        status,
        at,
        any::<bool>(),
        accounts,
        prop::collection::vec(any::<u128>(), 0..3),
        any::<Option<u32>>(),
    )
        .prop_map(
            |((content, thread, platforms, zone), status, at, timed, accounts, media, campaign)| {
                let timed = timed || status == PostStatus::Scheduled;
                let item = |(text, value): (String, String)| PlatformContentItem {
                    content: Some(text),
                    content_type: None,
                    settings: Settings(json!({ "title": value }).as_object().cloned().unwrap_or_default()),
                };
                let mut accounts = accounts;
                accounts.sort_by_key(|(id, _)| *id);
                accounts.dedup_by_key(|(id, _)| *id);
                PostView {
                    id: PostId(Uuid::from_u128(7)),
                    status,
                    content,
                    account_ids: accounts.iter().map(|(id, _)| AccountId(*id)).collect(),
                    scheduled_for: timed.then(|| Timestamp::from_micros(at)),
                    timezone: zone.to_owned(),
                    media_ids: media.iter().map(|id| MediaId(Uuid::from_u128(*id))).collect(),
                    media: Vec::new(),
                    platform_content: platforms
                        .into_iter()
                        .map(|(name, texts)| (name, item(texts)))
                        .collect(),
                    thread_posts: thread,
                    approval: ApprovalView { state: ApprovalState::NotRequired, step: None },
                    campaign_id: campaign.map(|id| CampaignId(id.into())),
                    destinations: accounts.into_iter().map(|(id, name)| destination(id, name)).collect(),
                    created_at: Timestamp::from_seconds(0),
                    updated_at: Timestamp::from_seconds(0),
                }
            },
        )
}

fn destination(id: i64, name: String) -> DestinationView {
    DestinationView {
        id: None,
        account_id: AccountId(id),
        account_name: Some(name),
        platform: PlatformName::from_static("x"),
        status: domain::DestinationStatus::Queued,
        scheduled_for: None,
        platform_post_id: None,
        platform_post_url: None,
        published_at: None,
        error_code: None,
        error: None,
        warnings: Vec::new(),
        attempts: 0,
        next_retry_at: None,
    }
}

proptest! {
    #[test]
    fn a_table_is_read_as_the_posts_that_it_was_written_of(posts in prop::collection::vec(a_post(), 1..4)) {
        let mut file = csv_head().unwrap();
        for post in &posts {
            file.extend(csv_line(post).unwrap());
        }
        let entries = read_all(&file, None, None);
        prop_assert_eq!(entries.len(), posts.len());
        for (entry, post) in entries.iter().zip(&posts) {
            let row = row(entry);
            let when = match (post.scheduled_for, post.status) {
                (None, _) => When::Draft,
                (Some(at), PostStatus::Draft) => When::DraftFor(at),
                (Some(at), _) => When::At(at),
            };
            prop_assert_eq!(row.when, when);
            prop_assert_eq!(row.timezone.as_deref(), Some(post.timezone.as_str()));
            prop_assert_eq!(&row.content, &post.content);
            prop_assert_eq!(&row.thread, &post.thread_posts);
            prop_assert_eq!(&row.platform_content, &post.platform_content);
            prop_assert_eq!(row.campaign_id, post.campaign_id);
            prop_assert_eq!(row.post_id, Some(post.id));
            let accounts: Vec<AccountId> = row.targets.iter().filter_map(|target| target.id).collect();
            prop_assert_eq!(&accounts, &post.account_ids);
            let media: Vec<MediaId> = row.media.iter().filter_map(|file| file.id).collect();
            prop_assert_eq!(&media, &post.media_ids);
            prop_assert!(row.notes.is_empty(), "{:?}", row.notes);
        }
    }

    #[test]
    fn no_bytes_make_a_reader_fall_over(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        for format in [None, Some(Format::Csv), Some(Format::Json), Some(Format::Postiz), Some(Format::Mixpost)] {
            let _ = read(&bytes, format, Some("Europe/Berlin"), &is_platform);
        }
    }

    #[test]
    fn no_table_makes_the_reader_fall_over(text in "(date|time|content|platforms|media|[,;\"\n\r\t'=a0-9:|+-]){0,60}") {
        let _ = read(format!("content,{text}").as_bytes(), None, None, &is_platform);
    }
}

#[test]
fn names_beside_ids_tell_which_accounts_they_meant() {
    let table = "content,platforms,account_names\na,3121+3122,x:@north | bluesky:Sky\nb,3121,x:a | x:b\n";
    let entries = read_all(table.as_bytes(), None, None);
    let targets = &row(&entries[0]).targets;
    assert_eq!((targets[0].names[0].as_str(), targets[1].names[0].as_str()), ("@north", "Sky"));
    assert_eq!(targets[1].platform.as_ref().map(PlatformName::as_str), Some("bluesky"));
    assert!(row(&entries[1]).targets[0].names.is_empty(), "names that do not fit are not used");
}

#[test]
fn a_file_is_known_by_its_members() {
    for (document, format) in [
        (json!({ "posts": [{ "content": "a" }] }), Format::Json),
        (json!({ "data": { "posts": [{ "content": "a" }] } }), Format::Json),
        (
            json!([{ "content": "a", "publishDate": "2027-01-31T09:30:00Z", "integration": { "id": "a" } }]),
            Format::Postiz,
        ),
        (json!({ "data": [{ "status": "DRAFT", "versions": [{ "is_original": true }] }] }), Format::Mixpost),
    ] {
        let found = read(document.to_string().as_bytes(), None, None, &is_platform).unwrap();
        assert_eq!(found.format, format, "{document}");
    }
}

#[test]
fn bodies_of_the_create_call_of_postiz_are_read() {
    let document = json!([{ "type": "schedule", "date": "2027-01-31T09:30:00Z", "posts": [
        { "integration": { "id": "one" }, "value": [{ "content": "a", "image": [{ "id": "i", "path": "https://example.org/a.jpg" }] }, { "content": "b" }], "settings": { "__type": "x", "title": "T" } },
        { "integration": { "id": "two" }, "value": [{ "content": "a", "image": [{ "id": "i", "path": "https://example.org/a.jpg" }] }, { "content": "b" }] },
    ] }, { "type": "now", "date": "2027-01-31T09:30:00Z", "posts": [] }]);
    let entries = read_all(document.to_string().as_bytes(), Some(Format::Postiz), None);
    assert_eq!(entries.len(), 2);
    let first = row(&entries[0]);
    assert_eq!(first.targets.len(), 2, "the same for two accounts is one post");
    assert_eq!((first.content.as_str(), first.thread.as_slice()), ("a", ["b".to_owned()].as_slice()));
    assert_eq!(first.media[0].url.as_deref(), Some("https://example.org/a.jpg"));
    assert_eq!(first.title.as_deref(), Some("T"));
    assert!(matches!(&entries[1], Entry::Refused { field, .. } if field == "type"));
}

#[test]
fn a_mapping_is_an_object_of_ids() {
    let mapping = |value: Value| Mapping::read(&value, "map");
    assert!(mapping(json!({ "a": 1, "b": [2, "3"] })).is_ok());
    for bad in
        [json!(1), json!({ "a": null }), json!({ "a": [] }), json!({ "a": ["x"] }), json!({ "a": 1.5 })]
    {
        assert!(mapping(bad.clone()).is_err(), "{bad}");
    }
}

#[test]
fn rows_are_numbered_as_a_spreadsheet_numbers_them() {
    let table = "content,media\r\n\r\n\"a\nb\",\r\n\r\n,\r\n\"c \"\"d\"\"\",\n\ne,";
    let numbers: Vec<usize> = read_all(table.as_bytes(), None, None).iter().map(Entry::row).collect();
    assert_eq!(numbers, [3, 6, 8]);
}

#[test]
fn lists_of_the_hosted_service_are_read() {
    let document = json!({ "data": { "posts": [{
        "id": "f47ac10b-58cc-4372-a567-0e02b2c3d479", "content": "Soup", "status": "scheduled", "timezone": "UTC",
        "media": [{ "id": "a1", "type": "image", "url": "https://example.org/abc/public" }],
        "scheduled_for": "2027-01-31T09:30:00.000Z",
        "destinations": [{ "id": "d1", "platform": "instagram", "status": "queued", "account_name": "@mybrand", "account_id": 2280 }],
        "created_at": "2026-04-10T12:00:00.000Z" }], "pagination": { "limit": 10, "offset": 0 } }, "error": null });
    let entries = read_all(document.to_string().as_bytes(), None, None);
    let row = row(&entries[0]);
    assert_eq!(row.media[0].url.as_deref(), Some("https://example.org/abc/public"));
    assert_eq!((row.targets[0].id, row.targets[0].names[0].as_str()), (Some(AccountId(2280)), "@mybrand"));
    assert!(row.notes.is_empty(), "{:?}", row.notes);
}
