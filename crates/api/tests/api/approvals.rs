//! Posts that wait for an approval.

use axum::http::{Method, StatusCode};
use domain::Span;
use domain::api_key::Scope;
use domain::plan::OrganizationSettings;
use serde_json::{Value, json};
use testkit::Receiver;

use crate::support::{Answer, DAY, HEALTHY, HOUR, Server, in_future};

/// A server whose own key may not approve, and a key that may.
struct Desk {
    server: Server,
    chief: String,
}

impl std::ops::Deref for Desk {
    type Target = Server;

    fn deref(&self) -> &Server {
        &self.server
    }
}

impl Desk {
    async fn open() -> Self {
        Self::of(Server::start().await).await
    }

    async fn of(server: Server) -> Self {
        let scopes = vec![Scope::Read, Scope::Write, Scope::Approve];
        let chief = server.new_key(scopes, None).await;
        Self { server, chief }
    }

    /// One whose organization wants an approval of everything.
    async fn strict() -> Self {
        let desk = Self::open().await;
        let settings = OrganizationSettings { approvals_required: true, ..OrganizationSettings::default() };
        assert!(desk.app.store.set_organization_settings(desk.organization.id, settings).await.unwrap());
        desk
    }

    /// Calls with the key that may approve.
    async fn decide(&self, id: &str, step: &str, body: Value) -> Answer {
        let path = format!("/posts/{id}/{step}");
        self.call_as(Some(&self.chief), Method::POST, &path, Some(body)).await
    }

    async fn approve(&self, id: &str) -> Value {
        self.decide(id, "approve", json!({})).await.data().clone()
    }

    async fn post_of(&self, id: &str) -> Value {
        self.get(&format!("/posts/{id}")).await.data().clone()
    }

    /// Where the post, its approval and its first destination stand.
    async fn stands(&self, id: &str) -> (String, String, String) {
        let post = self.post_of(id).await;
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        (text(&post["status"]), text(&post["approval"]["state"]), text(&post["destinations"][0]["status"]))
    }

    async fn events(&self) -> Vec<String> {
        let events = self.app.store.list_events(self.organization.id, 100).await.unwrap();
        events.into_iter().map(|event| event.kind).filter(|kind| !kind.starts_with("account.")).collect()
    }
}

fn stands(status: &str, approval: &str, destination: &str) -> (String, String, String) {
    (status.to_owned(), approval.to_owned(), destination.to_owned())
}

fn asking() -> Value {
    json!({ "content": "May this go out?", "account_ids": [HEALTHY], "request_approval": true })
}

fn with(mut body: Value, more: &Value) -> Value {
    for (name, value) in more.as_object().unwrap() {
        body[name] = value.clone();
    }
    body
}

#[tokio::test]
async fn a_post_that_asks_waits_beyond_its_time_and_goes_out_once_it_is_approved() {
    let desk = Desk::open().await;
    let made = desk.post("/posts", with(asking(), &json!({ "scheduled_for": in_future(HOUR) }))).await;
    assert_eq!(made.status, StatusCode::CREATED);
    insta::assert_json_snapshot!("post_asks", made.shape());
    let id = made.data()["post_id"].as_str().unwrap();
    desk.advance(DAY).await;
    assert_eq!(desk.stands(id).await, stands("scheduled", "requested", "queued"));

    let approved = desk.decide(id, "approve", json!({ "note": " Fine. " })).await;
    insta::assert_json_snapshot!("post_approved", approved.shape());
    desk.tick().await;
    assert_eq!(desk.stands(id).await, stands("published", "approved", "published"));
    let post = desk.post_of(id).await;
    assert_eq!(post["destinations"][0]["published_at"], in_future(DAY), "at once, when it was approved");
    let mut events = desk.events().await;
    events.sort();
    let all =
        ["post.approval_requested", "post.approved", "post.published", "post.publishing", "post.scheduled"];
    assert_eq!(events, all);
    let again = desk.decide(id, "approve", json!({})).await;
    assert_eq!(again.refusal(), (409, "conflict", ""));
}

#[tokio::test]
async fn a_post_that_is_approved_in_time_goes_out_at_its_time() {
    let desk = Desk::open().await;
    let id = desk.make_post(with(asking(), &json!({ "scheduled_for": in_future(HOUR) }))).await;
    let approved = desk.approve(&id).await;
    assert_eq!(
        (&approved["status"], &approved["scheduled_for"]),
        (&json!("scheduled"), &json!(in_future(HOUR)))
    );
    desk.tick().await;
    assert_eq!(desk.stands(&id).await, stands("scheduled", "approved", "queued"));
    desk.advance(HOUR).await;
    let post = desk.post_of(&id).await;
    assert_eq!(post["destinations"][0]["published_at"], in_future(HOUR));
}

#[tokio::test]
async fn publishing_at_once_waits_too() {
    let desk = Desk::open().await;
    let made = desk.post("/posts", with(asking(), &json!({ "publish_now": true }))).await;
    assert_eq!(
        (&made.data()["status"], &made.data()["approval"]["state"]),
        (&json!("scheduled"), &json!("requested"))
    );
    assert!(made.data()["message"].as_str().unwrap().contains("waits"), "{}", made.body);
    let id = made.data()["post_id"].as_str().unwrap();
    desk.advance(DAY).await;
    assert_eq!(desk.stands(id).await, stands("scheduled", "requested", "queued"));
    assert_eq!(desk.events().await, ["post.approval_requested"], "it is not scheduled");
    assert_eq!(desk.approve(id).await["status"], "publishing");
    desk.tick().await;
    assert_eq!(desk.stands(id).await, stands("published", "approved", "published"));
}

#[tokio::test]
async fn where_approvals_are_required_a_key_that_may_not_approve_publishes_nothing() {
    let desk = Desk::strict().await;
    assert_eq!(desk.get("/me").await.data()["organization"]["approvals_required"], true);
    // The platform takes no text twice.
    let plain = |text: &str| json!({ "content": text, "account_ids": [HEALTHY] });
    let mut waiting = vec![desk.make_post(plain("one")).await];
    waiting.push(desk.make_post(with(plain("two"), &json!({ "request_approval": false }))).await);
    let later = with(plain("three"), &json!({ "scheduled_for": in_future(HOUR) }));
    let bulk = desk.post("/posts/bulk", json!({ "posts": [plain("four"), later] })).await;
    for result in bulk.data()["results"].as_array().unwrap() {
        assert_eq!(result["post"]["approval"]["state"], "requested", "{result}");
        waiting.push(result["post"]["post_id"].as_str().unwrap().to_owned());
    }
    let slots = json!({ "name": "Q", "timezone": "UTC", "slots": [{ "day": 5, "time": "09:30" }] });
    desk.patch("/queue", slots).await.data();
    let queued = desk.post("/posts", with(plain("five"), &json!({ "use_queue": true }))).await;
    assert_eq!(queued.data()["scheduled_for"], "2027-01-15T09:30:00.000Z");
    waiting.push(queued.data()["post_id"].as_str().unwrap().to_owned());
    for (text, body) in
        [("six", json!({ "publish_now": true })), ("seven", json!({ "scheduled_for": in_future(HOUR) }))]
    {
        let draft = desk.make_post(with(plain(text), &json!({ "draft": true }))).await;
        assert_eq!(desk.stands(&draft).await, stands("draft", "not_required", "queued"));
        let scheduled = desk.post(&format!("/posts/{draft}/schedule"), body).await;
        assert_eq!(scheduled.data()["message"], "Draft waits for an approval");
        waiting.push(draft);
    }
    desk.advance(Span::from_days(3)).await;
    for id in &waiting {
        assert_eq!(desk.stands(id).await, stands("scheduled", "requested", "queued"), "{id}");
    }
    for id in &waiting {
        desk.approve(id).await;
    }
    desk.tick().await;
    for id in &waiting {
        assert_eq!(desk.stands(id).await, stands("published", "approved", "published"), "{id}");
    }
}

#[tokio::test]
async fn a_key_that_may_approve_publishes_without_asking_and_may_still_ask() {
    let desk = Desk::strict().await;
    let create = async |body: Value| {
        let answer = desk.call_as(Some(&desk.chief), Method::POST, "/posts", Some(body)).await;
        answer.data()["post_id"].as_str().unwrap().to_owned()
    };
    let plain = json!({ "content": "Hello", "account_ids": [HEALTHY] });
    let (free, asked) = (create(plain.clone()).await, create(asking()).await);
    desk.tick().await;
    assert_eq!(desk.stands(&free).await, stands("published", "not_required", "published"));
    assert_eq!(desk.stands(&asked).await, stands("scheduled", "requested", "queued"));
    // Somebody else's edit of what was free to go has to be looked at.
    let planned = create(with(plain, &json!({ "scheduled_for": in_future(HOUR) }))).await;
    let path = format!("/posts/{planned}");
    desk.patch(&path, json!({ "scheduled_for": in_future(Span::from_hours(2)) })).await.data();
    assert_eq!(desk.stands(&planned).await, stands("scheduled", "not_required", "queued"));
    let edited = desk.patch(&path, json!({ "content": "Smuggled in" })).await;
    assert_eq!(edited.data()["approval"]["state"], "requested");
    desk.advance(DAY).await;
    assert_eq!(desk.stands(&planned).await, stands("scheduled", "requested", "queued"));
}

#[tokio::test]
async fn a_post_that_was_approved_is_asked_for_again_when_something_else_would_go_out() {
    let desk = Desk::open().await;
    let (image, other) = (desk.image().await, desk.accounts[1]);
    let body = with(asking(), &json!({ "scheduled_for": in_future(HOUR) }));
    for change in [
        json!({ "content": "Something else" }),
        json!({ "account_ids": [HEALTHY, other] }),
        json!({ "media_ids": [image] }),
        json!({ "thread_posts": ["and more"] }),
        json!({ "platform_content": { "x": { "content": "Something else on X" } } }),
        json!({ "request_approval": true }),
    ] {
        let id = desk.make_post(body.clone()).await;
        desk.approve(&id).await;
        let path = format!("/posts/{id}");
        let same = desk.post_of(&id).await;
        for kept in [
            json!({ "timezone": "Europe/Berlin" }),
            json!({ "scheduled_for": in_future(Span::from_hours(2)) }),
            same,
        ] {
            let answer = desk.patch(&path, kept).await;
            assert_eq!(answer.data()["approval"]["state"], "approved", "{}", answer.body);
        }
        // Whoever edits it, somebody has to look again.
        let edited = desk.call_as(Some(&desk.chief), Method::PATCH, &path, Some(change.clone())).await;
        assert_eq!(edited.data()["approval"]["state"], "requested", "{change}");
        desk.advance(DAY).await;
        assert_eq!(desk.stands(&id).await, stands("scheduled", "requested", "queued"), "{change}");
        desk.delete(&path).await.data();
        desk.clock.set(crate::support::START);
    }
}

#[tokio::test]
async fn a_post_that_is_sent_back_waits_for_its_author_and_then_for_a_yes() {
    let desk = Desk::open().await;
    let id = desk.make_post(with(asking(), &json!({ "scheduled_for": in_future(HOUR) }))).await;
    desk.approve(&id).await;
    let sent_back = desk.decide(&id, "request-changes", json!({ "note": "Without the joke." })).await;
    assert_eq!(sent_back.data()["approval"]["state"], "changes_requested");
    assert_eq!(sent_back.data()["approval"]["note"], "Without the joke.");
    assert_eq!(sent_back.data()["approval"]["by"]["name"], "Ana");
    desk.advance(DAY).await;
    let path = format!("/posts/{id}");
    let edited = desk.patch(&path, json!({ "content": "Dry" })).await;
    assert_eq!(edited.data()["approval"]["state"], "changes_requested", "until its author says so");
    let asked = desk.post(&format!("{path}/request-approval"), json!({ "note": "Better?" })).await;
    assert_eq!(asked.data()["approval"]["note"], "Better?");
    desk.advance(DAY).await;
    assert_eq!(desk.stands(&id).await, stands("scheduled", "requested", "queued"));
    desk.approve(&id).await;
    desk.tick().await;
    assert_eq!(desk.stands(&id).await, stands("published", "approved", "published"));
    let wanted = ["post.approval_requested", "post.approved", "post.changes_requested", "post.updated"];
    let events = desk.events().await;
    assert!(wanted.iter().all(|kind| events.iter().any(|event| event == kind)), "{events:?}");
}

#[tokio::test]
async fn a_scheduled_post_can_be_held_and_its_edit_can_ask() {
    let desk = Desk::open().await;
    let (held, edited) = (desk.make_scheduled().await, desk.make_scheduled().await);
    let answer = desk.call(Method::POST, &format!("/posts/{held}/request-approval"), None).await;
    assert_eq!(answer.data()["approval"]["state"], "requested");
    let answer = desk.patch(&format!("/posts/{edited}"), json!({ "request_approval": true })).await;
    assert_eq!(answer.data()["approval"]["state"], "requested");
    desk.advance(Span::from_days(2)).await;
    for id in [&held, &edited] {
        assert_eq!(desk.stands(id).await, stands("scheduled", "requested", "queued"));
    }
    // It can be moved while it waits, also after its time.
    let moved = desk
        .patch(&format!("/posts/{held}"), json!({ "scheduled_for": in_future(Span::from_days(3)) }))
        .await;
    assert_eq!(moved.data()["destinations"][0]["scheduled_for"], in_future(Span::from_days(3)));
    desk.patch(&format!("/posts/{edited}"), json!({ "timezone": "Europe/Berlin" })).await.data();
    desk.advance(Span::from_days(2)).await;
    for id in [&held, &edited] {
        assert_eq!(desk.stands(id).await, stands("scheduled", "requested", "queued"));
    }
}

#[tokio::test]
async fn a_draft_that_was_approved_is_scheduled_without_asking_unless_it_goes_elsewhere() {
    let desk = Desk::strict().await;
    let body = with(asking(), &json!({ "draft": true }));
    let (same, elsewhere, waits) =
        (desk.make_post(body.clone()).await, desk.make_post(body.clone()).await, desk.make_post(body).await);
    assert_eq!(desk.stands(&same).await, stands("draft", "requested", "queued"));
    for id in [&same, &elsewhere] {
        assert_eq!(desk.approve(id).await["status"], "draft");
    }
    let publish = json!({ "publish_now": true });
    desk.post(&format!("/posts/{same}/schedule"), publish.clone()).await.data();
    let other = with(publish.clone(), &json!({ "account_ids": [HEALTHY, desk.accounts[1]] }));
    desk.post(&format!("/posts/{elsewhere}/schedule"), other).await.data();
    desk.post(&format!("/posts/{waits}/schedule"), publish).await.data();
    desk.tick().await;
    assert_eq!(desk.stands(&same).await, stands("published", "approved", "published"));
    for id in [&elsewhere, &waits] {
        assert_eq!(desk.stands(id).await, stands("scheduled", "requested", "queued"));
    }
}

#[tokio::test]
async fn what_was_changed_after_it_was_looked_at_is_not_approved() {
    let desk = Desk::open().await;
    let id = desk.make_post(with(asking(), &json!({ "scheduled_for": in_future(HOUR) }))).await;
    let seen = json!({ "updated_at": desk.post_of(&id).await["updated_at"] });
    desk.clock.advance(Span::from_seconds(1));
    desk.patch(&format!("/posts/{id}"), json!({ "content": "Slipped in" })).await.data();
    assert_eq!(desk.decide(&id, "approve", seen.clone()).await.refusal(), (409, "conflict", ""));
    assert_eq!(desk.stands(&id).await, stands("scheduled", "requested", "queued"));
    let seen = json!({ "updated_at": desk.post_of(&id).await["updated_at"] });
    assert_eq!(desk.decide(&id, "approve", seen).await.data()["approval"]["state"], "approved");
}

#[tokio::test]
async fn who_may_not_approve_decides_nothing() {
    let desk = Desk::open().await;
    let id = desk.make_post(asking()).await;
    for (step, body) in [("approve", json!({})), ("request-changes", json!({ "note": "No" }))] {
        let path = format!("/posts/{id}/{step}");
        let answer = desk.post(&path, body.clone()).await;
        assert_eq!(answer.refusal(), (403, "insufficient_scope", ""), "{step}");
        assert_eq!(answer.body["error"]["details"]["required_scope"], "approve");
    }
    // Approving alone publishes nothing of one's own.
    let approver = desk.new_key(vec![Scope::Approve], None).await;
    let answer = desk.call_as(Some(&approver), Method::POST, "/posts", Some(asking())).await;
    assert_eq!(answer.refusal(), (403, "insufficient_scope", ""));
    let path = format!("/posts/{id}/approve");
    let answer = desk.call_as(Some(&approver), Method::POST, &path, None).await;
    assert_eq!(answer.data()["approval"]["state"], "approved");
}

#[tokio::test]
async fn steps_that_do_not_fit_are_refused() {
    let desk = Desk::open().await;
    let note = || json!({ "note": "No" });
    let plain = desk.make_scheduled().await;
    for (step, body) in [("approve", json!({})), ("request-changes", note())] {
        let answer = desk.decide(&plain, step, body).await;
        assert_eq!(answer.refusal(), (409, "conflict", ""), "nobody asked: {step}");
    }
    desk.decide(&plain, "request-approval", json!({})).await.data();
    desk.approve(&plain).await;
    assert_eq!(desk.decide(&plain, "approve", json!({})).await.refusal(), (409, "conflict", ""));
    desk.advance(DAY).await;
    let live = plain;
    let gone =
        desk.make_post(with(asking(), &json!({ "scheduled_for": in_future(Span::from_days(2)) }))).await;
    desk.delete(&format!("/posts/{gone}")).await.data();
    let unknown = "0192f5a0-0000-7000-8000-000000000000";
    let (stranger, _) = desk.stranger().await;
    let theirs = desk.make_post(asking()).await;
    for (step, body) in [("request-approval", json!({})), ("approve", json!({})), ("request-changes", note())]
    {
        assert_eq!(desk.decide(&live, step, body.clone()).await.refusal(), (409, "conflict", ""), "{step}");
        for id in [gone.as_str(), unknown, "x"] {
            let answer = desk.decide(id, step, body.clone()).await;
            assert_eq!(answer.refusal(), (404, "not_found", ""), "{step} {id}");
        }
        let path = format!("/posts/{theirs}/{step}");
        let answer = desk.call_as(Some(&stranger), Method::POST, &path, Some(body)).await;
        assert!(
            matches!(answer.refusal(), (404, "not_found", "") | (403, "insufficient_scope", "")),
            "{step}"
        );
    }
    desk.advance(Span::from_days(3)).await;
    assert_eq!(desk.stands(&theirs).await, stands("scheduled", "requested", "queued"));
}

#[tokio::test]
async fn bad_bodies_are_refused_with_their_field() {
    let desk = Desk::open().await;
    let id = desk.make_post(asking()).await;
    let long = "x".repeat(2_001);
    for (step, body, field) in [
        ("request-approval", json!({ "note": 5 }), "note"),
        ("request-approval", json!({ "note": long }), "note"),
        ("request-approval", json!([]), "body"),
        ("approve", json!({ "note": "a\u{0}b" }), "note"),
        ("approve", json!({ "note": [] }), "note"),
        ("approve", json!({ "allow_duplicate": "yes" }), "allow_duplicate"),
        ("approve", json!({ "updated_at": "yesterday" }), "updated_at"),
        ("request-changes", json!({}), "note"),
        ("request-changes", json!({ "note": " " }), "note"),
        ("request-changes", json!({ "note": long }), "note"),
    ] {
        let answer = desk.decide(&id, step, body.clone()).await;
        assert_eq!(answer.refusal(), (400, "validation_error", field), "{step} {body}");
    }
    let wrong = with(asking(), &json!({ "request_approval": "yes" }));
    assert_eq!(desk.post("/posts", wrong).await.refusal(), (400, "validation_error", "request_approval"));
    let list = desk.get("/posts?approval=maybe").await;
    assert_eq!(list.refusal(), (400, "validation_error", "approval"));
    assert_eq!(
        desk.decide(&id, "approve", json!({ "note": "x".repeat(2_000) })).await.status,
        StatusCode::OK
    );
}

#[tokio::test]
async fn posts_are_listed_by_where_their_approval_stands() {
    let desk = Desk::open().await;
    let plain = desk.make_scheduled().await;
    let asked = desk.make_post(asking()).await;
    let back = desk.make_post(asking()).await;
    desk.decide(&back, "request-changes", json!({ "note": "No" })).await.data();
    let list = async |query: &str| {
        let answer = desk.get(&format!("/posts?sort=created_at&order=asc&{query}")).await;
        let posts = answer.data()["posts"].as_array().unwrap();
        assert_eq!(answer.data()["total"], posts.len());
        let mut ids: Vec<String> = posts.iter().map(|post| post["id"].as_str().unwrap().to_owned()).collect();
        ids.sort();
        ids
    };
    let sorted = |mut ids: Vec<String>| {
        ids.sort();
        ids
    };
    assert_eq!(list("approval=requested").await, [asked.as_str()]);
    assert_eq!(list("approval=requested,changes_requested").await, sorted(vec![asked, back.clone()]));
    assert_eq!(list("approval=not_required").await, [plain.as_str()]);
    assert_eq!(list("approval=changes_requested&status=scheduled").await, [back.as_str()]);
    assert!(list("approval=approved").await.is_empty());
    assert_eq!(list("").await.len(), 3);
}

#[tokio::test]
async fn what_an_account_got_while_a_post_waited_is_not_posted_again() {
    let server = Server::start().await.with_app(|app| app::App { refuse_duplicates: true, ..app });
    let desk = Desk::of(server).await;
    let id = desk.make_post(asking()).await;
    let same = with(asking(), &json!({ "request_approval": false }));
    let meanwhile = desk.post("/posts", same.clone()).await;
    assert_eq!(meanwhile.refusal(), (409, "duplicate_post", ""), "what waits counts");
    desk.advance(Span::from_hours(25)).await;
    let first = desk.make_post(same).await;
    desk.advance(HOUR).await;
    let refused = desk.decide(&id, "approve", json!({})).await;
    assert_eq!(refused.refusal(), (409, "duplicate_post", ""));
    assert_eq!(refused.body["error"]["details"]["post_id"], first.as_str());
    assert_eq!(desk.stands(&id).await, stands("scheduled", "requested", "queued"));
    desk.decide(&id, "approve", json!({ "allow_duplicate": true })).await.data();
    assert_eq!(desk.stands(&id).await, stands("publishing", "approved", "queued"));
}

#[tokio::test]
async fn what_failed_after_its_approval_is_retried_without_another_one() {
    let desk = Desk::strict().await;
    let expired = desk.accounts[1];
    let body = json!({ "content": "Hello", "account_ids": [expired] });
    let (waits, failed) = (desk.make_post(body.clone()).await, desk.make_post(body).await);
    desk.approve(&failed).await;
    desk.tick().await;
    assert_eq!(desk.stands(&failed).await, stands("failed", "approved", "failed"));
    let all = desk.post("/posts/retry-failed", json!({ "account_id": expired })).await;
    assert_eq!(
        (&all.data()["retried_count"], &all.data()["destinations"][0]["post_id"]),
        (&json!(1), &json!(failed))
    );
    let one = desk.call(Method::POST, &format!("/posts/{waits}/retry"), None).await;
    assert_eq!(one.data()["retried_count"], 0);
    desk.tick().await;
    assert_eq!(desk.stands(&waits).await, stands("scheduled", "requested", "queued"));
}

#[tokio::test]
async fn what_a_waiting_post_needs_stays_and_an_answer_can_be_sent_back() {
    let desk = Desk::open().await;
    let image = desk.image().await;
    let id = desk.make_post(with(asking(), &json!({ "media_ids": [image] }))).await;
    let refused = desk.delete(&format!("/media/{image}")).await;
    assert_eq!(refused.refusal(), (409, "media_in_use", ""));
    desk.advance(HOUR).await;
    let copy = desk.post("/posts", desk.post_of(&id).await).await;
    assert_eq!(copy.refusal(), (400, "past_schedule_time", "scheduled_for"));
    let copy = with(desk.post_of(&id).await, &json!({ "scheduled_for": in_future(DAY) }));
    let made = desk.post("/posts", copy).await;
    assert_eq!(made.data()["approval"]["state"], "not_required", "nobody was asked for the copy");
}

#[tokio::test]
async fn the_three_steps_reach_webhooks_with_who_said_what() {
    let desk = Desk::of(Server::with_private_networks().await).await;
    let receiver = Receiver::start().await;
    let events = ["post.approval_requested", "post.approved", "post.changes_requested"];
    let webhook = json!({ "url": receiver.url, "events": events });
    assert_eq!(desk.post("/webhooks", webhook).await.status, StatusCode::CREATED);
    let id = desk.make_post(with(asking(), &json!({ "scheduled_for": in_future(HOUR) }))).await;
    desk.clock.advance(Span::from_millis(1));
    desk.decide(&id, "request-changes", json!({ "note": "Shorter" })).await.data();
    desk.clock.advance(Span::from_millis(1));
    desk.approve(&id).await;
    desk.deliver().await;
    assert_eq!(receiver.events(), ["post.approval_requested", "post.changes_requested", "post.approved"]);
    let told: Vec<Value> = receiver.received().iter().map(testkit::Received::json).collect();
    let data = &told[1]["data"];
    assert_eq!(data["post_id"], id.as_str());
    assert_eq!(data["approval"], json!({ "state": "changes_requested", "user_id": 501, "note": "Shorter" }));
    assert_eq!(told[2]["data"]["status"], "scheduled");
}

#[tokio::test]
async fn an_approval_that_is_sent_twice_is_done_once() {
    let desk = Desk::open().await;
    let id = desk.make_post(with(asking(), &json!({ "scheduled_for": in_future(HOUR) }))).await;
    let send = async || {
        let mut request = desk.request(Method::POST, &format!("/api/v1/posts/{id}/approve"), "{}");
        let headers = request.headers_mut();
        headers.insert("idempotency-key", "k-1".parse().unwrap());
        headers.insert("content-type", "application/json".parse().unwrap());
        headers.insert("authorization", format!("Bearer {}", desk.chief).parse().unwrap());
        desk.send(request).await
    };
    let (first, second) = (send().await, send().await);
    assert_eq!(first.data(), second.data());
    assert_eq!(second.header("idempotency-replayed"), "true");
    assert_eq!(desk.events().await.iter().filter(|kind| *kind == "post.approved").count(), 1);
}
