//! What an operator does about apps and devices, and how a connect link looks from outside.

use std::io::Write as _;
use std::process::Stdio;

use serde_json::{Value, json};

use crate::support::{Demo, Folder, fanfare, run, run_well};

#[test]
fn an_app_is_stored_by_its_secret_on_stdin_and_shown_without_it() {
    let folder = Folder::new();
    let set = |platform: &str, secret: &str| {
        let mut child = fanfare()
            .args(["app", "set", platform, "--client-id", "abc"])
            .current_dir(&folder.0)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(secret.as_bytes()).unwrap();
        let output = child.wait_with_output().unwrap();
        (output.status.success(), String::from_utf8([output.stdout, output.stderr].concat()).unwrap())
    };
    let (stored, text) = set("twitter", "hush-hush\n");
    assert!(stored && text.contains("running servers"), "{text}");
    assert!(!set("myspace", "hush").0 && !set("x", "  \n").0);
    let list = run_well(&folder.0, &["app", "list"]);
    assert!(list.contains("abc") && list.starts_with('x') && !list.contains("hush"), "{list}");
    for file in ["fanfare.db", "fanfare.db-wal"] {
        let bytes = std::fs::read(folder.0.join("fanfare-data").join(file)).unwrap_or_default();
        assert!(!bytes.windows(9).any(|window| window == b"hush-hush"), "{file}");
    }
    run_well(&folder.0, &["app", "remove", "x"]);
    assert!(!run(&folder.0, &["app", "remove", "x"]).0, "there is none any more");
}

#[tokio::test]
async fn the_operator_lets_a_device_in_while_the_server_runs() {
    let demo = Demo::start();
    let data_dir = demo.folder().to_str().unwrap().to_owned();
    let decide = |decision: &str, begun: &Value| {
        let code = begun["user_code"].as_str().unwrap();
        run_well(demo.folder(), &["device", decision, code, "--data-dir", &data_dir])
    };
    let knock = || demo.call("POST", "/auth/device", Some(json!({ "client_name": "CLI on shelf" })));
    let ask = async |begun: &Value| {
        let body = json!({ "device_code": begun["device_code"] });
        demo.call("POST", "/auth/device/token", Some(body)).await.body["data"].clone()
    };
    let begun = knock().await.body["data"].clone();
    assert!(decide("approve", &begun).contains("CLI on shelf: let in"));
    let told = ask(&begun).await;
    assert_eq!(told["status"], "authorized", "{told}");
    assert!(told["api_key"].as_str().unwrap().starts_with("pe_live_"));
    let begun = knock().await.body["data"].clone();
    decide("deny", &begun);
    assert_eq!(ask(&begun).await["status"], "denied");
    let code = begun["user_code"].as_str().unwrap();
    assert!(!run(demo.folder(), &["device", "approve", code, "--data-dir", &data_dir]).0, "it is decided");
}

#[tokio::test]
async fn the_configuration_chooses_the_login_and_the_api_version() {
    let variables = [
        ("FANFARE_PLATFORMS__LINKEDIN__LOGIN", "pages"),
        ("FANFARE_PLATFORMS__LINKEDIN__API_VERSION", "202508"),
    ];
    let demo = Demo::start_with(&variables);
    let link = demo.call("POST", "/accounts/connect-link", Some(json!({ "platform": "linkedin" }))).await;
    let url = link.body["data"]["url"].as_str().unwrap();
    assert!(url.starts_with(&format!("{}/connect/", demo.base_url)), "{url}");
    // The way leads to the platform's page, which says what is asked for.
    let (status, page) = demo.page(url).await;
    assert_eq!(status, 200);
    assert!(page.contains("Allow this app?") && page.contains("rw_organization_admin"), "{page}");
    let id = demo.account("linkedin");
    let post = demo.create_post(json!({ "content": "By an old version", "account_ids": [id] })).await;
    let ended = demo.ended(&post).await;
    assert_eq!(ended[0]["status"], "failed", "{ended:?}");
    assert!(demo.live("linkedin", "By an old version").await.is_empty());
}

#[test]
fn a_login_that_there_is_none_of_is_refused_at_the_start() {
    let folder = Folder::new();
    std::fs::write(folder.0.join("fanfare.toml"), "[platforms.linkedin]\nlogin = \"other\"\n").unwrap();
    let (started, text) = run(&folder.0, &["--config", "fanfare.toml", "key", "list"]);
    assert!(!started && text.contains("must be one of: member, pages"), "{text}");
}
