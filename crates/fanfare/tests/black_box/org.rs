//! What an operator sets for one organization holds on a running server at once.

use serde_json::json;

use crate::support::{Demo, run};

#[tokio::test]
async fn limits_and_approvals_of_an_organization_are_set_while_the_server_runs() {
    let demo = Demo::start();
    let folder = demo.folder().display().to_string();
    let fanfare = |arguments: &[&str]| {
        let all: Vec<&str> = ["--data-dir", &folder].into_iter().chain(arguments.iter().copied()).collect();
        run(demo.folder(), &all)
    };
    let me = demo.call("GET", "/me", None).await.body["data"].clone();
    let org = me["organization"]["id"].as_str().unwrap();
    let accounts = me["quota"]["accounts"]["used"].as_i64().unwrap();

    let (done, said) = fanfare(&[
        "org",
        "limits",
        org,
        "--plan",
        "GROWTH",
        "--accounts",
        &accounts.to_string(),
        "--ai-credits",
        "500",
        "--storage",
        "26843545600",
        "--seats",
        "3",
        "--posts-per-day",
        "1",
    ]);
    assert!(done && said.contains("GROWTH") && said.contains("26843545600"), "{said}");
    let me = demo.call("GET", "/me", None).await.body["data"].clone();
    assert_eq!(me["organization"]["subscription_plan"], "GROWTH");
    assert_eq!(me["quota"]["team_seats"]["limit"], 3);
    assert_eq!(me["quota"]["posts_per_day"], json!({ "used": 0, "limit": 1 }));
    let link = demo.call("POST", "/accounts/connect-link", Some(json!({ "platform": "x" }))).await;
    assert_eq!((link.status, &link.body["error"]["code"]), (403, &json!("quota_exceeded")));

    let (done, said) = fanfare(&["org", "credits", "add", "--organization", org, "500"]);
    assert!(done && said.trim() == "500", "{said}");
    let (done, said) = fanfare(&["org", "credits", "show"]);
    assert!(done && said.trim() == "500", "{said}");
    let (done, said) = fanfare(&["org", "credits", "add", "0"]);
    assert!(!done && said.contains("between 1 and"), "{said}");
    let me = demo.call("GET", "/me", None).await.body["data"].clone();
    assert_eq!(me["quota"]["ai_credits"], json!({ "used": 0, "limit": 500, "bonus": 500 }));

    let (done, said) = fanfare(&["org", "approvals", org, "on"]);
    assert!(done && said.trim() == "on", "{said}");
    let account = demo.account("linkedin");
    let body = json!({ "content": "May this go out?", "account_ids": [account] });
    let post = demo.create_post(body.clone()).await;
    let refused = demo.call("POST", "/posts", Some(body)).await;
    assert_eq!((refused.status, &refused.body["error"]["code"]), (403, &json!("quota_exceeded")));
    let own = demo.call("POST", &format!("/posts/{post}/approve"), None).await;
    assert_eq!((own.status, &own.body["error"]["code"]), (403, &json!("insufficient_scope")));
    let waiting = demo.call("GET", &format!("/posts/{post}"), None).await.body["data"].clone();
    assert_eq!(
        (&waiting["status"], &waiting["approval"]["state"]),
        (&json!("scheduled"), &json!("requested"))
    );

    let (done, key) = fanfare(&["key", "create", "chief", "--scopes", "read,approve"]);
    assert!(done, "{key}");
    let answer = demo.call_as(key.trim(), "POST", &format!("/posts/{post}/approve"), None).await;
    assert_eq!(answer.status, 200, "{:?}", answer.body);
    assert_eq!(demo.ended(&post).await[0]["status"], "published");

    let (done, said) = fanfare(&["org", "limits", org, "--accounts", "unlimited", "--plan", "default"]);
    assert!(done && said.contains("unlimited") && said.contains("SELF_HOSTED"), "{said}");
    let link = demo.call("POST", "/accounts/connect-link", Some(json!({ "platform": "x" }))).await;
    assert_eq!(link.status, 201, "{:?}", link.body);
    for wrong in [["--accounts", "many"], ["--seats", "-1"], ["--plan", ""]] {
        let (done, said) = fanfare(&[&["org", "limits", org], &wrong[..]].concat());
        assert!(!done, "{wrong:?}: {said}");
    }
    assert!(!fanfare(&["org", "limits", "Nobody"]).0);
    assert!(!fanfare(&["org", "approvals", org, "maybe"]).0);
    assert!(!fanfare(&["key", "create", "odd", "--scopes", "read,decide"]).0);
}
