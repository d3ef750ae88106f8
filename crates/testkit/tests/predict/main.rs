//! What `POST /v1/posts/validate` says of a post is what the platform does with it: thousands of posts,
//! made up by chance around every limit, are validated, created, and sent to the emulated platform past
//! our own rules.
//!
//! A run is named by its seed. `PREDICT_SEED`, `PREDICT_POSTS` and `PREDICT_ONLY` (a case's number)
//! choose another one: `PREDICT_SEED=7 PREDICT_ONLY=1284 cargo test --test predict`.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod cases;
mod dice;
mod exceptions;
mod films;
mod library;
mod settings;
mod stage;
mod words;

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::PlatformName;
use fanfare_testkit::{CreateAccount, Server};
use serde_json::{Value, json};

use cases::{Case, PLATFORMS};
use library::File;
use stage::{Copies, Fate, Stage};

const SEED: u64 = 1;
const POSTS: usize = 2_000;
/// For the posts that are made only to see whether they are.
const FAR_AWAY: &str = "2027-11-01T09:00:00Z";
/// So many kinds of wrong predictions are said.
const SHOWN: usize = 200;

/// A number of the environment.
fn wanted(name: &str) -> Option<u64> {
    std::env::var_os(name)?.to_str()?.parse().ok()
}

/// What is shared by all platforms.
struct World {
    server: Server,
    accounts: Vec<i64>,
    premium: i64,
    library: Vec<File>,
    copies: Copies,
    seed: u64,
}

/// What our rules say of a post: the codes of their refusals.
type Verdict = Vec<String>;

impl World {
    async fn new(seed: u64) -> Self {
        let mut server = Server::start().await;
        server.app.media_limits.document_bytes = 60_000_000;
        let mut accounts = Vec::new();
        for platform in PLATFORMS {
            accounts.push(server.connect(platform).await.0);
        }
        let wanted = CreateAccount { premium: true, token: true, ..CreateAccount::default() };
        let premium = server.connect_like("x", &wanted).await.0;
        let library = library::fill(&server).await;
        Self { server, accounts, premium, library, copies: Copies::default(), seed }
    }

    /// What validating says; creating has to say the same.
    async fn ask(&self, case: &Case) -> Verdict {
        let at = PLATFORMS.iter().position(|platform| *platform == case.platform).unwrap();
        let account = if case.premium { self.premium } else { self.accounts[at] };
        let mut body = case.body(account, &self.library);
        let answer = self.server.call("POST", "/api/v1/posts/validate", Some(&body)).await;
        let verdict = if answer.status == 200 {
            let destination = &answer.body["data"]["destinations"][0];
            codes(destination["errors"].as_array().unwrap())
        } else {
            vec![answer.body["error"]["code"].as_str().unwrap().to_owned()]
        };
        body["scheduled_for"] = json!(FAR_AWAY);
        let made = self.server.call("POST", "/api/v1/posts", Some(&body)).await;
        let of_made = match made.status {
            201 => Vec::new(),
            _ => match made.body["error"]["details"]["validation_errors"].as_array() {
                Some(errors) => codes(errors),
                None => vec![made.body["error"]["code"].as_str().unwrap().to_owned()],
            },
        };
        assert_eq!(verdict, of_made, "validating and creating differ: {case:?}: {}", made.body);
        verdict
    }
}

fn codes(errors: &[Value]) -> Vec<String> {
    errors.iter().map(|error| error["code"].as_str().unwrap().to_owned()).collect()
}

/// What is wrong with a verdict, if anything.
fn mismatch(case: &Case, verdict: &Verdict, fate: &Fate) -> Option<String> {
    match fate {
        Fate::Taken(_) if verdict.is_empty() => None,
        Fate::Refused(_) if !verdict.is_empty() => None,
        Fate::Broken(why) => Some(format!("broke: {why}")),
        Fate::Refused(why) => Some(format!("accepted here, refused there: {why}")),
        Fate::Unsent(why) if verdict.is_empty() => Some(format!("accepted here, never sent: {why}")),
        Fate::Taken(_) | Fate::Unsent(_) => {
            let is_explained = verdict.iter().any(|code| exceptions::explains(case, code, fate));
            (!is_explained).then(|| format!("refused here as {verdict:?}, there: {fate:?}"))
        }
    }
}

/// A post that was predicted wrongly.
struct Wrong {
    number: usize,
    what: String,
    case: String,
}

/// The same thing said once, with how often it was and an example.
fn report(wrong: &[Wrong]) -> String {
    let mut kinds: BTreeMap<&str, Vec<&Wrong>> = BTreeMap::new();
    for one in wrong {
        kinds.entry(&one.what).or_default().push(one);
    }
    let line = |(what, of): (&&str, &Vec<&Wrong>)| {
        format!("{} × {what}\n    case {}: {}\n", of.len(), of[0].number, of[0].case)
    };
    kinds.iter().take(SHOWN).map(line).collect()
}

/// Every case of one platform, one after another.
async fn run(world: Arc<World>, platform: &'static str, numbers: Vec<usize>) -> (usize, Vec<Wrong>) {
    let registry = platforms::registry();
    let name = PlatformName::from_static(platform);
    let (spec, connector) = (registry.spec(&name).unwrap(), registry.connector(&name).unwrap());
    let mut stage = Stage::set(connector).await;
    let (mut accepted, mut wrong) = (0, Vec::new());
    for number in numbers {
        let case = Case::new(world.seed, number, &spec.rules, &world.library);
        let verdict = world.ask(&case).await;
        accepted += usize::from(verdict.is_empty());
        let fate =
            stage.publish(&case, &verdict, &world.library, &world.server.app.media, &world.copies).await;
        if let Some(what) = mismatch(&case, &verdict, &fate) {
            wrong.push(Wrong {
                number,
                what: format!("{platform}: {what}"),
                case: case.shown(&world.library),
            });
        }
    }
    (accepted, wrong)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_validating_says_is_what_the_platform_does() {
    let seed = wanted("PREDICT_SEED").unwrap_or(SEED);
    let posts = wanted("PREDICT_POSTS").and_then(|posts| usize::try_from(posts).ok()).unwrap_or(POSTS);
    let only = wanted("PREDICT_ONLY").and_then(|only| usize::try_from(only).ok());
    println!("{posts} posts with seed {seed}");
    let world = Arc::new(World::new(seed).await);
    let runs = PLATFORMS.into_iter().enumerate().map(|(at, platform)| {
        let is_wanted =
            |number: &usize| number % PLATFORMS.len() == at && only.is_none_or(|only| only == *number);
        let numbers = (0..posts.max(only.map_or(0, |only| only + 1))).filter(is_wanted).collect();
        tokio::spawn(run(Arc::clone(&world), platform, numbers))
    });
    let (mut accepted, mut wrong) = (0, Vec::new());
    for run in futures_util::future::join_all(runs).await {
        let (accepted_there, wrong_there) = run.unwrap();
        accepted += accepted_there;
        wrong.extend(wrong_there);
    }
    println!("{accepted} of them were accepted");
    let count = wrong.len();
    // A run in which nothing is refused, or everything is, says nothing.
    let refused = posts.saturating_sub(accepted);
    assert!(only.is_some() || accepted.min(refused) > posts / 5, "{accepted} of {posts} were accepted");
    assert!(count == 0, "seed {seed}: {count} of {posts} posts were predicted wrongly:\n{}", report(&wrong));
}
