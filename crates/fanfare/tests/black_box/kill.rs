//! kill -9 at many moments of a publish, each followed by a restart.

use domain::Span;
use serde_json::json;

use crate::support::{Demo, pause};

/// The sandbox holds each request to a platform for this long, so that a kill falls between any
/// two of them.
const HELD_MS: i64 = 60;

#[tokio::test]
async fn a_killed_server_leaves_each_post_exactly_once() {
    let mut demo = Demo::start();
    let platforms = ["x", "linkedin", "bluesky"];
    for round in 0..10 {
        let ids: Vec<i64> = platforms.iter().map(|platform| demo.account(platform)).collect();
        for platform in platforms {
            demo.fault(json!({
                "platform": platform, "operation": "*", "kind": "delay", "delay_ms": HELD_MS, "times": 20,
            }))
            .await;
        }
        let text = format!("killed in round {round}");
        let post = demo
            .create_post(
                json!({ "content": text, "thread_posts": [format!("{text}, part two")], "account_ids": ids }),
            )
            .await;
        pause(Span::from_millis(round * 25)).await;
        demo = demo.kill_and_restart();
        for result in demo.ended(&post).await {
            let platform = result["platform"].as_str().unwrap();
            assert_eq!(result["status"], "published", "round {round}, {platform}: {result}");
            assert_eq!(demo.live(platform, &text).await.len(), 1, "round {round}, {platform}");
            let second = demo.live(platform, &format!("{text}, part two")).await.len();
            assert_eq!(second, usize::from(platform != "linkedin"), "round {round}, {platform}");
        }
    }
}
