//! What an organization may use.

use app::App;
use axum::http::StatusCode;
use domain::Span;
use domain::plan::{Limit, OrganizationSettings, Plan, PlanChanges};
use serde_json::{Value, json};
use testkit::CreateAccount;

use crate::support::{Answer, HEALTHY, HOUR, Server, in_future};

async fn with_plan(plan: Plan) -> Server {
    Server::start().await.with_app(|app| App { plan: plan.into(), ..app })
}

impl Server {
    async fn change_plan(&self, limits: PlanChanges) {
        let settings = OrganizationSettings { limits, ..OrganizationSettings::default() };
        assert!(self.app.store.set_organization_settings(self.organization.id, settings).await.unwrap());
    }

    async fn quota(&self) -> Value {
        self.get("/me").await.data()["quota"].clone()
    }

    /// Connects one more account.
    async fn connect_one_more(&self) -> Answer {
        let wanted = CreateAccount { token: true, ..CreateAccount::default() };
        let token =
            self.sandbox.create_account("mastodon", &wanted).unwrap().credentials.unwrap().access_token;
        let body = json!({ "platform": "mastodon", "server_url": "mastodon.social", "access_token": token });
        self.post("/accounts/connect-credential", body).await
    }
}

fn post(text: &str) -> Value {
    json!({ "content": text, "account_ids": [HEALTHY], "scheduled_for": in_future(HOUR) })
}

#[tokio::test]
async fn the_plan_is_shown_with_what_is_used() {
    let server = with_plan(Plan {
        name: "GROWTH".to_owned(),
        accounts: Some(25),
        ai_credits: Some(500),
        storage_bytes: Some(26_843_545_600),
        seats: Some(3),
        posts_per_day: Some(150),
    })
    .await;
    server.post("/posts", post("one")).await.data();
    let me = server.get("/me").await;
    insta::assert_json_snapshot!("me_with_plan", me.shape()["data"]["quota"]);
    assert_eq!(me.data()["organization"]["subscription_plan"], "GROWTH");
    server
        .change_plan(PlanChanges {
            name: Some("PRO".to_owned()),
            accounts: Some(Limit::AtMost(50)),
            posts_per_day: Some(Limit::Unlimited),
            ..PlanChanges::default()
        })
        .await;
    let me = server.get("/me").await;
    assert_eq!(me.data()["organization"]["subscription_plan"], "PRO");
    let quota = &me.data()["quota"];
    assert_eq!((&quota["accounts"]["limit"], &quota["team_seats"]["limit"]), (&json!(50), &json!(3)));
    assert_eq!(quota["posts_per_day"], Value::Null);
}

#[tokio::test]
async fn one_account_more_than_the_plan_has_is_not_connected() {
    let server = with_plan(Plan { accounts: Some(3), ..Plan::default() }).await;
    assert_eq!(server.connect_one_more().await.status, StatusCode::CREATED);
    let refused = server.connect_one_more().await;
    assert_eq!(refused.refusal(), (403, "quota_exceeded", ""));
    assert_eq!(refused.body["error"]["retryable"], false);
    let link = server.post("/accounts/connect-link", json!({ "platform": "x" })).await;
    assert_eq!(link.refusal(), (403, "quota_exceeded", ""), "nobody signs in in vain");
    let again = server.call(axum::http::Method::POST, &format!("/accounts/{HEALTHY}/reconnect"), None).await;
    assert!(again.status.is_success(), "what is there is renewed: {}", again.body);
    assert_eq!(server.quota().await["accounts"], json!({ "used": 3, "limit": 3 }));

    server.delete(&format!("/accounts/{HEALTHY}")).await.data();
    assert_eq!(server.quota().await["accounts"]["used"], 2, "a disconnected one is not counted");
    assert_eq!(server.connect_one_more().await.status, StatusCode::CREATED);
    server.change_plan(PlanChanges { accounts: Some(Limit::Unlimited), ..PlanChanges::default() }).await;
    assert_eq!(server.connect_one_more().await.status, StatusCode::CREATED);
}

#[tokio::test]
async fn a_day_has_as_many_posts_as_the_plan_says() {
    let server = with_plan(Plan { posts_per_day: Some(3), ..Plan::default() }).await;
    let draft = json!({ "content": "draft", "account_ids": [HEALTHY], "draft": true });
    let draft = server.make_post(draft).await;
    let posts = [post("a"), json!({ "content": 5 }), post("b")];
    let bulk = server.post("/posts/bulk", json!({ "posts": posts })).await;
    assert_eq!(bulk.data()["summary"]["succeeded"], 2);
    assert_eq!(server.quota().await["posts_per_day"], json!({ "used": 2, "limit": 3 }));
    let bulk = server.post("/posts/bulk", json!({ "posts": [post("c"), post("d")] })).await;
    assert_eq!(bulk.status, StatusCode::MULTI_STATUS);
    assert_eq!(bulk.data()["results"][1]["error"]["code"], "quota_exceeded");
    assert_eq!(server.post("/posts", post("e")).await.refusal(), (403, "quota_exceeded", ""));
    let schedule = format!("/posts/{draft}/schedule");
    let body = json!({ "scheduled_for": in_future(HOUR) });
    assert_eq!(server.post(&schedule, body.clone()).await.refusal(), (403, "quota_exceeded", ""));
    assert_eq!(server.get(&format!("/posts/{draft}")).await.data()["status"], "draft");
    assert_eq!(server.get("/posts").await.data()["total"], 4, "nothing of what was refused is left");

    server.change_plan(PlanChanges { posts_per_day: Some(Limit::AtMost(4)), ..PlanChanges::default() }).await;
    server.post(&schedule, body).await.data();
    assert_eq!(server.post("/posts", post("f")).await.refusal(), (403, "quota_exceeded", ""));
    // An edit is no further post, and a new day begins at midnight in UTC.
    server.patch(&format!("/posts/{draft}"), json!({ "content": "edited" })).await.data();
    server.clock.advance(Span::from_hours(16));
    let tomorrow = (server.app.clock.now() + HOUR).to_iso_millis();
    let body = json!({ "content": "g", "account_ids": [HEALTHY], "scheduled_for": tomorrow });
    server.post("/posts", body).await.data();
    assert_eq!(server.quota().await["posts_per_day"], json!({ "used": 1, "limit": 4 }));
}

#[tokio::test]
async fn one_organization_may_have_more_storage_and_credits_than_the_plan() {
    let server = with_plan(Plan { storage_bytes: Some(10), ai_credits: Some(1), ..Plan::default() }).await;
    let upload = json!({ "filename": "a.png", "content_type": "image/png", "size": 50 });
    let picture = json!({ "prompt": "Soup" });
    assert_eq!(server.post("/media/upload", upload.clone()).await.refusal(), (403, "quota_exceeded", ""));
    assert_eq!(
        server.post("/ai/generate-image", picture.clone()).await.refusal(),
        (402, "insufficient_credits", "")
    );
    server
        .change_plan(PlanChanges {
            storage_bytes: Some(Limit::Unlimited),
            ai_credits: Some(Limit::AtMost(40)),
            ..PlanChanges::default()
        })
        .await;
    server.post("/media/upload", upload).await.data();
    server.post("/ai/generate-image", picture).await.data();
    assert_eq!(server.quota().await["ai_credits"]["limit"], 40);
}

#[tokio::test]
async fn nothing_is_limited_unless_somebody_says_so() {
    let server = with_plan(Plan::default()).await;
    let me = server.get("/me").await;
    assert_eq!(me.data()["organization"]["subscription_plan"], "SELF_HOSTED");
    let quota = &me.data()["quota"];
    for name in ["accounts", "ai_credits", "storage_bytes", "team_seats"] {
        assert_eq!(quota[name]["limit"], 9_007_199_254_740_991_i64, "{name}");
    }
    assert_eq!(quota["posts_per_day"], Value::Null);
}
