//! kill -9 while requests with an `Idempotency-Key` are being answered; each is sent again after it.

use domain::Span;
use serde_json::{Value, json};

use crate::support::{Demo, pause};

/// The requests of a round: posts, campaigns, and calls with several posts.
fn requests(round: u32) -> Vec<(String, &'static str, Value)> {
    let draft = |text: String| json!({ "content": text, "draft": true });
    (0..8)
        .map(|number| {
            let text = format!("round{round} request{number}");
            let key = format!("{round}-{number}");
            if number % 4 == 2 {
                return (key, "/campaigns", json!({ "name": text }));
            }
            if number % 2 == 0 {
                return (key, "/posts", draft(text));
            }
            let posts: Vec<Value> = (0..5).map(|part| draft(format!("{text} part{part}"))).collect();
            (key, "/posts/bulk", json!({ "posts": posts }))
        })
        .collect()
}

#[tokio::test]
async fn a_killed_server_has_done_each_request_once_when_it_is_sent_again() {
    let mut demo = Demo::start();
    let mut lost = 0;
    for round in 0..12 {
        let requests = requests(round);
        let sends = requests.iter().map(|(key, path, body)| demo.send_keyed(key, path, body));
        let running: Vec<_> = sends.map(tokio::spawn).collect();
        pause(Span::from_millis(i64::from(round) * 2)).await;
        demo = demo.kill_and_restart();
        for ((key, path, body), running) in requests.iter().zip(running) {
            let first = running.await.unwrap();
            let again = demo.send_keyed(key, path, body).await.unwrap();
            assert_eq!(again.status, 201, "{key}: {}", again.body);
            match first {
                Some(first) => assert_eq!(first.body["data"], again.body["data"], "{key}: the same answer"),
                None => lost += 1,
            }
        }
        let listed = demo.get(&format!("/posts?search=round{round}&status=draft&limit=100")).await;
        let mut texts: Vec<&str> = listed["posts"]
            .as_array()
            .unwrap()
            .iter()
            .map(|post| post["content"].as_str().unwrap())
            .collect();
        texts.retain(|text| text.split(' ').next() == Some(&format!("round{round}")));
        texts.sort_unstable();
        let count = texts.len();
        texts.dedup();
        assert_eq!((count, texts.len()), (22, 22), "round {round}");
        let listed = demo.get("/campaigns?limit=100").await;
        let mut names: Vec<&str> = listed["campaigns"]
            .as_array()
            .unwrap()
            .iter()
            .map(|campaign| campaign["name"].as_str().unwrap())
            .collect();
        let count = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!((count, names.len()), (2 * (round as usize + 1), count), "round {round}");
    }
    assert!(lost > 0, "no kill met a request");
}
