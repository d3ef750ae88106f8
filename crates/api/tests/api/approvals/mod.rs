//! Posts that wait for an approval.

mod beside;
mod changes;
mod refusals;

use axum::http::{Method, StatusCode};
use domain::Span;
use domain::api_key::Scope;
use domain::plan::OrganizationSettings;
use serde_json::{Value, json};

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
