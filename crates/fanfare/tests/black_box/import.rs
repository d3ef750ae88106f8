//! `fanfare import`: a file becomes posts on a running server, once.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::process::Output;

use crate::support::{Demo, fanfare};

fn import(demo: &Demo, arguments: &[&str]) -> (bool, String) {
    let Output { status, stdout, stderr } = fanfare()
        .arg("import")
        .args(arguments)
        .current_dir(demo.folder())
        .env("FANFARE_URL", &demo.base_url)
        .env("FANFARE_API_KEY", &demo.key)
        .output()
        .unwrap();
    (status.success(), String::from_utf8([stdout, stderr].concat()).unwrap())
}

#[tokio::test]
async fn a_file_becomes_posts_on_a_running_server_once() {
    let demo = Demo::start();
    let x = demo.account("x");
    let table = "date,time,content,platforms\n2099-01-31,09:30,From a table,The Shop\n,,An idea,\n";
    std::fs::write(demo.folder().join("posts.csv"), table).unwrap();
    let map = format!("--map=The Shop={x}");
    let file = ["posts.csv", "--timezone", "Europe/Berlin", &map];

    let (well, said) = import(&demo, &[&file[..], &["--dry-run"]].concat());
    assert!(well && said.contains("2 would be created"), "{said}");
    assert_eq!(demo.get("/posts?search=From+a+table").await["total"], 0);

    let (well, said) = import(&demo, &file);
    assert!(well && said.contains("row 2: created") && said.contains("2 created, 0 already there"), "{said}");
    let posts = demo.get("/posts?search=From+a+table").await;
    assert_eq!(posts["posts"][0]["scheduled_for"], "2099-01-31T08:30:00.000Z");

    let (well, said) = import(&demo, &file);
    assert!(well && said.contains("0 created, 2 already there"), "{said}");

    let (well, said) = import(&demo, &["posts.csv"]);
    assert!(!well && said.contains("\"The Shop\" is no account here"), "{said}");
    assert!(said.contains("1 of 2 posts were not imported"), "{said}");
    let (well, said) = import(&demo, &["nothing.csv"]);
    assert!(!well && said.contains("cannot read nothing.csv"), "{said}");
    let (well, said) = import(&demo, &["posts.csv", "--timezone", "Mars/Olympus"]);
    assert!(!well && said.contains("is not a time zone"), "{said}");
}
