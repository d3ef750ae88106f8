//! The sandbox as part of the same process.

use fanfare_sandbox::{CreateAccount, FaultKind, FaultSpec, SandboxError};
use serde_json::json;

use crate::rig::{Rig, read, tweet};

#[tokio::test]
async fn accounts_posts_and_faults_are_at_hand_without_http() {
    let rig = Rig::start().await;
    let wanted = CreateAccount { username: Some("ana".to_owned()), token: true, ..CreateAccount::default() };
    let account = rig.sandbox.create_account("twitter", &wanted).unwrap();
    assert!(account.avatar_url.starts_with(&rig.url("pbs.twimg.com/")), "{}", account.avatar_url);
    let token = account.credentials.unwrap().access_token;
    rig.sandbox.add_fault(FaultSpec::new("x", FaultKind::Error)).unwrap();
    assert_eq!(tweet(&rig, &token, json!({"text": "one"})).await.status(), 503);
    rig.sandbox.clear_faults();
    assert_eq!(tweet(&rig, &token, json!({"text": "one"})).await.status(), 201);
    assert_eq!(rig.sandbox.posts_of("x", Some("ana")).len(), 1);
    assert_eq!(rig.sandbox.requests().len(), 2);
    let unknown = rig.sandbox.create_account("myspace", &wanted);
    assert!(matches!(unknown, Err(SandboxError::UnknownPlatform(_))));
}

#[tokio::test]
async fn what_the_control_api_does_not_understand_is_refused_with_a_reason() {
    let rig = Rig::start().await;
    for (path, body) in [
        ("_sandbox/accounts", json!({"platform": "myspace"})),
        ("_sandbox/accounts", json!({"username": "ana"})),
        ("_sandbox/accounts", json!({"platform": "x", "username": "far too long for a handle"})),
        ("_sandbox/clock", json!({"forward": 1})),
    ] {
        let (status, answer) = read(rig.post(path).json(&body).send().await.unwrap()).await;
        assert_eq!(status, 400, "{path} {body}");
        assert!(answer["error"].is_string());
    }
    assert_eq!(rig.get("_sandbox/nothing").send().await.unwrap().status(), 404);
    assert_eq!(rig.get("_sandbox/blobs/..%2Fstate.jsonl").send().await.unwrap().status(), 404);
}
