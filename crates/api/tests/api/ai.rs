//! Captions and pictures, and what they cost.

use std::sync::Arc;

use app::App;
use app::ai::AiSettings;
use app::people::operator;
use axum::http::Method;
use domain::Span;
use domain::api_key::Scope;
use domain::plan::Plan;
use serde_json::{Value, json};
use testkit::{FaultKind, FaultSpec};

use crate::support::{Answer, LIMITS, Server};

impl Server {
    async fn caption(&self, body: Value) -> Answer {
        self.post("/ai/generate-caption", body).await
    }

    async fn picture(&self, body: Value) -> Answer {
        self.post("/ai/generate-image", body).await
    }

    async fn credits(&self) -> Value {
        self.get("/me").await.data()["quota"]["ai_credits"].clone()
    }

    /// The same server with other settings.
    fn with_ai(self, change: impl FnOnce(AiSettings) -> AiSettings) -> Self {
        self.with_app(|app| App { ai: change((*app.ai.now()).clone()).into(), ..app })
    }

    fn provider_fails(&self, kind: FaultKind, status: Option<u16>) {
        self.fault(FaultSpec { status, ..FaultSpec::new("openai", kind) });
    }
}

#[tokio::test]
async fn the_numbers_of_a_period_have_the_credits_that_were_used() {
    let server = Server::start().await;
    let used = async || server.get("/analytics/summary").await.data()["ai_credits"].clone();
    assert_eq!(used().await, json!({ "used_this_period": 0, "bonus": 0 }));
    assert!(server.caption(json!({ "topic": "soup", "count": 2 })).await.status.is_success());
    let credits = server.credits().await["used"].clone();
    assert!(credits.as_i64() > Some(0));
    assert_eq!(used().await, json!({ "used_this_period": credits, "bonus": 0 }));
}

#[tokio::test]
async fn captions_are_written_and_cost_a_credit_each() {
    let server = Server::start().await;
    let order = json!({ "topic": "Autumn menu", "platform": "twitter", "tone": "witty", "count": 3 });
    let answer = server.caption(order).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let data = answer.data();
    let captions: Vec<&str> =
        data["captions"].as_array().unwrap().iter().map(|one| one.as_str().unwrap()).collect();
    assert_eq!(captions.len(), 3);
    assert_eq!(captions[1], "✨ Autumn menu (variant 1)\n\n#one #two #three");
    assert_eq!(data["platform"], "x");
    assert_eq!((&data["tone"], &data["length"]), (&json!("witty"), &json!("medium")));
    assert_eq!((&data["count_requested"], &data["count_returned"]), (&json!(3), &json!(3)));
    assert_eq!((&data["credits_used"], &data["credits_remaining"]), (&json!(3), &json!(47)));
    assert_eq!(server.credits().await, json!({ "used": 3, "limit": 50, "bonus": 0 }));

    let plain = json!({ "topic": "Soup", "include_hashtags": false, "include_emojis": false });
    let answer = server.caption(plain).await;
    assert_eq!(answer.data()["captions"], json!(["Soup (variant 0)"]));
    assert_eq!(answer.data()["platform"], Value::Null);
}

#[tokio::test]
async fn a_picture_lands_in_the_library_in_its_shape() {
    let server = Server::start().await;
    for (ratio, width, height) in [("16:9", 1536, 864), ("1:1", 1024, 1024), ("4:5", 819, 1024)] {
        let order = json!({ "prompt": "Lighthouse at dusk", "aspect_ratio": ratio, "model": "flux-schnell" });
        let answer = server.picture(order).await;
        assert_eq!(answer.status, 201, "{}", answer.body);
        let data = answer.data();
        assert_eq!((&data["width"], &data["height"]), (&json!(width), &json!(height)), "{ratio}");
        assert_eq!(data["ai"], json!({ "model": "flux-schnell", "prompt": "Lighthouse at dusk" }));
        assert_eq!((&data["type"], &data["model"]), (&json!("image"), &json!("flux-schnell")));
        assert_eq!((&data["aspect_ratio"], &data["credits_used"]), (&json!(ratio), &json!(1)));
        let id = data["media_id"].as_str().unwrap();
        assert_eq!(data["media_ids"], json!([id]));
        assert!(data["next_step"].as_str().unwrap().contains(id));
        let media = server.get(&format!("/media/{id}")).await;
        assert_eq!(media.data()["status"], "ready");
        assert_eq!(media.data()["width"], width);
        let draft = json!({ "content": "Look", "media_ids": [id], "draft": true });
        server.make_post(draft).await;
    }
    let usual = server.picture(json!({ "prompt": "Soup" })).await;
    assert_eq!(usual.data()["model"], "nano-banana-pro");
    assert_eq!(usual.data()["credits_remaining"], 50 - 3 - 15);
}

#[tokio::test]
async fn credits_end_and_come_back_with_the_month() {
    let server = Server::start().await;
    for _ in 0..3 {
        assert_eq!(server.picture(json!({ "prompt": "Soup" })).await.status, 201);
    }
    let short = server.picture(json!({ "prompt": "Soup" })).await;
    assert_eq!(short.refusal(), (402, "insufficient_credits", ""));
    assert_eq!(short.body["error"]["details"], json!({ "credits_required": 15, "credits_remaining": 5 }));
    assert_eq!(server.caption(json!({ "topic": "Soup", "count": 5 })).await.status, 200);
    assert_eq!(server.caption(json!({ "topic": "Soup" })).await.status, 402);
    server.clock.advance(Span::from_days(31));
    assert_eq!(server.credits().await["used"], 0);
    assert_eq!(server.caption(json!({ "topic": "Soup" })).await.data()["credits_remaining"], 49);
}

#[tokio::test]
async fn credits_beyond_the_months_are_shown_and_spent_when_those_of_the_month_are_used() {
    let server = Server::start().await.with_app(|app| {
        let plan = Plan { ai_credits: Some(3), ..Plan::default() };
        App { plan: Arc::new(plan), ..app }
    });
    for wrong in [0, -5, 1_000_000_001] {
        let refused = operator::add_credits(&server.app, &server.organization, wrong).await.unwrap_err();
        assert!(matches!(refused, app::AppError::Validation { .. }), "{refused}");
    }
    assert_eq!(operator::add_credits(&server.app, &server.organization, 4).await.unwrap(), 4);
    assert_eq!(server.credits().await, json!({ "used": 0, "limit": 3, "bonus": 4 }));
    let five = server.caption(json!({ "topic": "Soup", "count": 5 })).await;
    assert_eq!(five.data()["credits_remaining"], 2, "{}", five.body);
    assert_eq!(server.credits().await, json!({ "used": 3, "limit": 3, "bonus": 2 }));
    let summary = server.get("/analytics/summary").await.data()["ai_credits"].clone();
    assert_eq!(summary, json!({ "used_this_period": 3, "bonus": 2 }));
    let refused = server.caption(json!({ "topic": "Soup", "count": 3 })).await;
    assert_eq!(refused.refusal(), (402, "insufficient_credits", ""));
    assert_eq!(refused.body["error"]["details"], json!({ "credits_required": 3, "credits_remaining": 2 }));
    // What fails costs nothing, wherever it was held from.
    server.provider_fails(FaultKind::Error, Some(500));
    assert_eq!(server.caption(json!({ "topic": "Soup" })).await.status, 503);
    assert_eq!(server.credits().await["bonus"], 2);
    server.clock.advance(Span::from_days(31));
    assert_eq!(server.credits().await, json!({ "used": 0, "limit": 3, "bonus": 2 }));
    let log = server.app.store.list_audit_log(server.organization.id, None, 10).await.unwrap();
    let lines: Vec<_> =
        log.iter().map(|line| (line.actor.as_str(), line.action.as_str(), line.subject.as_str())).collect();
    assert_eq!(lines, [("Operator", "credits_add", "4 credits")]);
}

#[tokio::test]
async fn callers_at_the_same_moment_share_the_last_credits() {
    let server = Server::start().await.with_app(|app| {
        let plan = Plan { ai_credits: Some(5), ..Plan::default() };
        App { plan: Arc::new(plan), ..app }
    });
    let calls = (0..12).map(|_| server.caption(json!({ "topic": "Soup" })));
    let answers = futures_util::future::join_all(calls).await;
    assert_eq!(answers.iter().filter(|answer| answer.status == 200).count(), 5);
    assert!(answers.iter().all(|answer| answer.status == 200 || answer.status == 402));
    assert_eq!(server.credits().await["used"], 5);
}

#[tokio::test]
async fn what_the_provider_refuses_costs_nothing_and_is_told_in_words() {
    let server = Server::start().await;
    let refused = [
        (FaultKind::Error, Some(500), 503, true),
        (FaultKind::RateLimit, None, 503, true),
        (FaultKind::Error, Some(401), 503, false),
        (FaultKind::Error, Some(402), 503, false),
        (FaultKind::Error, Some(400), 503, false),
        (FaultKind::ResetBefore, None, 503, true),
    ];
    for (kind, status, expected, retryable) in refused {
        for path in ["/ai/generate-caption", "/ai/generate-image"] {
            server.provider_fails(kind, status);
            let answer = server.post(path, json!({ "topic": "Soup", "prompt": "Soup" })).await;
            assert_eq!(answer.status, expected, "{kind:?} {status:?} {}", answer.body);
            assert_eq!(answer.body["error"]["retryable"], retryable, "{kind:?} {status:?} {}", answer.body);
            let shown = answer.body.to_string();
            assert!(!shown.contains(testkit::AI_KEY) && !shown.contains("127.0.0.1"), "{shown}");
        }
    }
    let unsafe_topic = server.caption(json!({ "topic": "[unsafe] soup" })).await;
    assert_eq!(unsafe_topic.refusal(), (400, "validation_error", "topic"));
    let unsafe_prompt = server.picture(json!({ "prompt": "[unsafe] soup" })).await;
    assert_eq!(unsafe_prompt.refusal(), (400, "validation_error", "prompt"));
    assert_eq!(server.credits().await["used"], 0);
    assert_eq!(server.caption(json!({ "topic": "Soup" })).await.status, 200);
}

#[tokio::test]
async fn a_server_without_a_provider_says_what_has_to_be_set() {
    let server = Server::start().await.with_ai(|_| AiSettings::default());
    let answer = server.caption(json!({ "topic": "Soup" })).await;
    assert_eq!(answer.refusal(), (503, "service_unavailable", ""));
    assert_eq!(answer.body["error"]["retryable"], false);
    assert!(answer.body["error"]["message"].as_str().unwrap().contains("ai.base_url"), "{}", answer.body);
    let server = server.with_ai(|ai| AiSettings { base_url: "http://127.0.0.1:1/v1".parse().ok(), ..ai });
    let answer = server.picture(json!({ "prompt": "Soup" })).await;
    assert!(answer.body["error"]["message"].as_str().unwrap().contains("ai.image_model"), "{}", answer.body);
}

#[tokio::test]
async fn bad_orders_are_refused_with_their_field() {
    let server = Server::start().await;
    let captions = [
        (json!({}), "topic"),
        (json!({ "topic": 5 }), "topic"),
        (json!({ "topic": " " }), "topic"),
        (json!({ "topic": "a\u{0}b" }), "topic"),
        (json!({ "topic": "x".repeat(1001) }), "topic"),
        (json!({ "topic": "Soup", "platform": "myspace" }), "platform"),
        (json!({ "topic": "Soup", "tone": "playful" }), "tone"),
        (json!({ "topic": "Soup", "length": "huge" }), "length"),
        (json!({ "topic": "Soup", "count": 0 }), "count"),
        (json!({ "topic": "Soup", "count": 6 }), "count"),
        (json!({ "topic": "Soup", "count": "two" }), "count"),
        (json!({ "topic": "Soup", "include_emojis": "yes" }), "include_emojis"),
    ];
    for (order, field) in captions {
        let answer = server.caption(order.clone()).await;
        assert_eq!(answer.refusal(), (400, "validation_error", field), "{order}");
    }
    let pictures = [
        (json!({}), "prompt"),
        (json!({ "prompt": "x".repeat(2001) }), "prompt"),
        (json!({ "prompt": "Soup", "model": "dall-e-3" }), "model"),
        (json!({ "prompt": "Soup", "aspect_ratio": "2:1" }), "aspect_ratio"),
    ];
    for (order, field) in pictures {
        let answer = server.picture(order.clone()).await;
        assert_eq!(answer.refusal(), (400, "validation_error", field), "{order}");
    }
    let ratios = server.picture(json!({ "prompt": "Soup", "aspect_ratio": "2:1" })).await;
    assert!(ratios.body["error"]["message"].as_str().unwrap().contains("16:9, 9:16"), "{}", ratios.body);
    assert_eq!(server.credits().await["used"], 0);
}

#[tokio::test]
async fn only_a_key_with_the_scope_gets_captions_and_so_many_an_hour() {
    let server = Server::with_limits(fanfare_api::Limits { ai_per_hour: 2, ..LIMITS }).await;
    let other = server.new_key(vec![Scope::Read, Scope::Write], None).await;
    let order = || Some(json!({ "topic": "Soup", "prompt": "Soup" }));
    for path in ["/ai/generate-caption", "/ai/generate-image"] {
        let refused = server.call_as(Some(&other), Method::POST, path, order()).await;
        assert_eq!(refused.refusal(), (403, "insufficient_scope", ""));
    }
    for status in [200, 200, 429] {
        assert_eq!(server.caption(json!({ "topic": "Soup" })).await.status, status);
    }
}
