//! Four processes on one PostgreSQL: one answers callers, three publish, and one of those dies in
//! the middle of a burst.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::PathBuf;
use std::process::{Command, Stdio};

use domain::Span;
use net::{Entropy as _, SystemEntropy};
use pgtest::{Durability, Postgres};
use serde_json::{Value, json};

use crate::support::{fanfare, now, pause};
use crate::two_processes::{Process, client, start_sandbox};

/// Short, so that the test is; requests take a second at most.
const LEASE: Span = Span::from_seconds(3);
const ACCOUNTS: usize = 12;
const POSTS_PER_ACCOUNT: usize = 5;

struct Cluster {
    folder: PathBuf,
    database: String,
    sandbox: String,
}

impl Drop for Cluster {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

impl Cluster {
    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = fanfare();
        command
            .args(arguments)
            .arg("--data-dir")
            .arg(&self.folder)
            .env("FANFARE_DATABASE_URL", &self.database);
        command.env("FANFARE_LOG", "fanfare=info").env("FANFARE_LOG_FORMAT", "json");
        for (name, value) in [
            ("LIMITS__REQUESTS_PER_MINUTE", "40"),
            ("LIMITS__POSTS_PER_MINUTE", "1000"),
            ("ENGINE__LEASE_MS", "3000"),
            ("ENGINE__REQUEST_TIMEOUT_MS", "1500"),
            ("ENGINE__SETTLE_MS", "500"),
        ] {
            command.env(format!("FANFARE_{name}"), value);
        }
        command
    }

    fn run(&self, arguments: &[&str], input: &str) -> String {
        let mut command = self.command(arguments);
        let mut child =
            command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success(), "{arguments:?}");
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    }

    /// Starts a node and gives its address.
    fn serve(&self, roles: &str) -> (Process, String) {
        let mut command = self.command(&[
            "serve",
            "--listen",
            "127.0.0.1:0",
            "--roles",
            roles,
            "--sandbox-url",
            &self.sandbox,
        ]);
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let process = Process(child);
        let url = lines
            .by_ref()
            .filter_map(|line| serde_json::from_str::<Value>(&line.unwrap()).ok())
            .find(|line| line["fields"]["message"] == "serving")
            .map(|line| line["fields"]["url"].as_str().unwrap().to_owned())
            .unwrap();
        // Nobody reads the rest, and a full pipe would stop the node.
        std::thread::spawn(move || lines.for_each(drop));
        (process, url)
    }

    async fn connect(&self, number: usize) -> i64 {
        let wanted = json!({ "platform": "bluesky", "username": format!("north{number}"), "token": true });
        let account =
            client().post(format!("{}/_sandbox/accounts", self.sandbox)).json(&wanted).send().await.unwrap();
        let said = self.run(&["account", "add", "-"], &account.text().await.unwrap());
        said.split(' ').next().unwrap().parse().unwrap()
    }

    async fn live(&self) -> Vec<Value> {
        let url = format!("{}/_sandbox/posts?platform=bluesky", self.sandbox);
        let answer: Value = client().get(url).send().await.unwrap().json().await.unwrap();
        answer["posts"].as_array().unwrap().clone()
    }
}

fn new_folder() -> PathBuf {
    let mut name = [0; 8];
    SystemEntropy.fill(&mut name);
    let folder = std::env::temp_dir().join(format!("fanfare-test-{:016x}", u64::from_le_bytes(name)));
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

/// How many a key may still ask for, as a node says.
async fn ask(node: &str, key: &str) -> u16 {
    let answer = client().get(format!("{node}/api/v1/me")).bearer_auth(key).send().await.unwrap();
    answer.status().as_u16()
}

async fn make_posts(node: &str, key: &str, accounts: &[i64]) {
    for number in 0..POSTS_PER_ACCOUNT {
        let body = json!({ "content": format!("burst {number}"), "account_ids": accounts });
        let answer = client().post(format!("{node}/api/v1/posts")).bearer_auth(key).json(&body).send().await;
        assert_eq!(answer.unwrap().status().as_u16(), 201);
    }
}

#[tokio::test]
async fn a_worker_that_dies_in_a_burst_is_replaced_by_the_others_and_nothing_goes_out_twice() {
    let server = Postgres::start(Durability::Fast).unwrap();
    let (_sandbox, sandbox) = start_sandbox();
    let cluster = Cluster { folder: new_folder(), database: server.create_database().unwrap(), sandbox };
    cluster.run(&["org", "create", "Northlight", "--email", "ana@example.org"], "");
    let key = cluster.run(&["key", "create", "test"], "");
    let mut accounts = Vec::new();
    for number in 0..ACCOUNTS {
        accounts.push(cluster.connect(number).await);
    }
    // Answers take their time, so that the one that dies has requests under way.
    let slow = json!({ "platform": "bluesky", "kind": "delay", "delay_ms": 150 });
    client().post(format!("{}/_sandbox/faults", cluster.sandbox)).json(&slow).send().await.unwrap();
    let (_api, node) = cluster.serve("api");
    let (mut first, _) = cluster.serve("worker");
    let _others = (cluster.serve("worker"), cluster.serve("worker"));
    make_posts(&node, &key, &accounts).await;
    let expected = ACCOUNTS * POSTS_PER_ACCOUNT;
    while cluster.live().await.len() < expected / 4 {
        pause(Span::from_millis(20)).await;
    }
    first.0.kill().unwrap();
    let died_at = now();
    while cluster.live().await.len() < expected {
        let waited = now().since(died_at);
        assert!(waited < LEASE.times(10), "only {} after {waited:?}", cluster.live().await.len());
        pause(Span::from_millis(50)).await;
    }
    // Whatever would go out a second time has had its chance once all leases have ended.
    pause(LEASE).await;
    let mut texts: Vec<(String, String)> = cluster.live().await.iter().map(text_of).collect();
    texts.sort();
    texts.dedup();
    assert_eq!((cluster.live().await.len(), texts.len()), (expected, expected));
}

fn text_of(post: &Value) -> (String, String) {
    let text = |name: &str| post[name].as_str().unwrap().to_owned();
    (text("account"), text("text"))
}

#[tokio::test]
async fn a_keys_limit_holds_over_all_nodes_together() {
    let server = Postgres::start(Durability::Fast).unwrap();
    let (_sandbox, sandbox) = start_sandbox();
    let cluster = Cluster { folder: new_folder(), database: server.create_database().unwrap(), sandbox };
    cluster.run(&["org", "create", "Northlight", "--email", "ana@example.org"], "");
    let key = cluster.run(&["key", "create", "test"], "");
    let nodes = [cluster.serve("api"), cluster.serve("api"), cluster.serve("api,worker")];
    let mut answers = Vec::new();
    for turn in 0..90 {
        answers.push(ask(&nodes[turn % nodes.len()].1, &key).await);
    }
    let taken = answers.iter().filter(|status| **status == 200).count();
    let refused = answers.iter().filter(|status| **status == 429).count();
    assert_eq!(taken + refused, 90, "{answers:?}");
    assert!(taken <= 40, "{taken} requests were taken of 40");
    assert!(taken >= 30, "only {taken} were taken: nodes keep what others could use");
}

#[tokio::test]
async fn a_node_that_starts_before_its_database_waits_for_it_but_not_for_one_that_does_not_exist() {
    let server = Postgres::start(Durability::Fast).unwrap();
    let database = server.create_database().unwrap();
    let folder = new_folder();
    let cluster = Cluster { folder, database: database.clone(), sandbox: "http://127.0.0.1:9".to_owned() };
    server.kill();
    let starting = std::thread::spawn(move || {
        let (_node, url) = cluster.serve("api");
        url
    });
    server.restart().unwrap();
    assert!(starting.join().unwrap().starts_with("http://127.0.0.1:"));

    let nowhere = database.replace(database.rsplit('/').next().unwrap(), "no_such_database");
    let cluster = Cluster { folder: new_folder(), database: nowhere, sandbox: String::new() };
    let refused = cluster.command(&["key", "create", "test"]).output().unwrap();
    assert!(!refused.status.success());
    let said = String::from_utf8(refused.stderr).unwrap();
    assert!(said.contains("no_such_database") && !said.contains("trying again"), "{said}");
}
