//! The connector against the sandbox's Bluesky, over a real connection.

use std::sync::Arc;

use connector::{Connector as _, Hosts};
use domain::{Class, Span};
use fanfare_platforms::bluesky::{Bluesky, auth};
use net::Sent;
use sandbox::{CreateAccount, FaultKind, FaultSpec, PublicPost, Sandbox, SandboxConfig, SystemSandboxClock};
use tokio::net::TcpListener;

use crate::support::{FATES, Once, PIXEL, World, client, pages, post};

struct Bench {
    sandbox: Sandbox,
    world: World,
}

impl Bench {
    /// A sandbox on a port of its own, with one account that is connected.
    async fn new() -> Self {
        let config = SandboxConfig { data_dir: None, clock: Arc::new(SystemSandboxClock), seed: Some(1) };
        let sandbox = Sandbox::open(config).unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        sandbox.set_base_url(&base);
        let served = sandbox.clone();
        tokio::spawn(async move { served.serve(listener, std::future::pending()).await });

        let wanted = CreateAccount {
            username: Some("ola.bsky.social".to_owned()),
            token: true,
            ..CreateAccount::default()
        };
        let account = sandbox.create_account("bluesky", &wanted).unwrap();
        let password = account.credentials.unwrap().app_password.unwrap();
        let hosts = Hosts::sandbox(Bluesky.spec(), &base);
        let (identity, credentials) =
            auth::connect(&client(), &hosts, &account.username, &password).await.unwrap();
        assert_eq!(identity.platform_user_id, account.platform_user_id);
        let world = World::new(sandbox.now(), hosts, identity, credentials);
        Self { sandbox, world }
    }

    fn posts(&self) -> Vec<PublicPost> {
        self.sandbox.posts_of("bluesky", Some(&self.world.account.platform_user_id))
    }

    fn fault(&self, kind: FaultKind, operation: Option<&str>) {
        let fault = FaultSpec { operation: operation.map(str::to_owned), ..FaultSpec::new("bluesky", kind) };
        self.sandbox.add_fault(fault).unwrap();
    }
}

#[tokio::test]
async fn a_text_with_facets_is_live_where_the_receipt_says() {
    let bench = Bench::new().await;
    let to = post("Zażółć 👩🏽‍🚀 @ola.bsky.social #jaźń");
    let receipt = bench.world.publish(&to).await.unwrap();
    let posts = bench.posts();
    assert_eq!(posts.len(), 1);
    assert_eq!(posts[0].text, to.text);
    assert_eq!(posts[0].id, receipt.platform_post_id);
    assert_eq!(posts[0].url, receipt.platform_post_url);
    assert!(receipt.warnings.is_empty(), "{:?}", receipt.warnings);
}

#[tokio::test]
async fn a_thread_is_a_chain_of_replies() {
    let bench = Bench::new().await;
    let mut to = post("one");
    to.thread = vec!["two".to_owned(), "three".to_owned()];
    let receipt = bench.world.publish(&to).await.unwrap();
    let posts = bench.posts();
    let texts: Vec<_> = posts.iter().map(|post| post.text.as_str()).collect();
    assert_eq!(texts, ["one", "two", "three"]);
    assert_eq!(posts[0].id, receipt.platform_post_id);
    let answers: Vec<_> = posts.iter().map(|post| post.reply_to.as_deref()).collect();
    assert_eq!(answers, [None, Some(posts[0].id.as_str()), Some(posts[1].id.as_str())]);
}

#[tokio::test]
async fn images_carry_their_alternative_texts() {
    let mut bench = Bench::new().await;
    let mut to = post("two pictures");
    to.media = vec![bench.world.image(PIXEL, Some("łódź")), bench.world.image(PIXEL, None)];
    bench.world.publish(&to).await.unwrap();
    let media = bench.posts().remove(0).media;
    assert_eq!(media.len(), 2);
    assert_eq!(media[0].alt.as_deref(), Some("łódź"));
    assert_eq!(media[1].alt.as_deref().unwrap_or_default(), "");
    assert_eq!(media[0].size_bytes, PIXEL.len() as u64);
}

#[tokio::test]
async fn a_link_brings_the_card_of_its_page() {
    let page = r#"<html><head><title>Plain</title>
        <meta property="og:title" content="A page &amp; more">
        <meta property="og:description" content="What it is about">
        <meta property="og:image" content="/picture.png"></head><body></body></html>"#;
    let site = pages(&[("/page", "text/html", page.as_bytes()), ("/picture.png", "image/png", PIXEL)]).await;
    let bench = Bench::new().await;
    bench.world.publish(&post(&format!("look: {site}/page"))).await.unwrap();
    let extra = bench.posts().remove(0).extra.to_string();
    assert!(extra.contains("A page & more") && extra.contains("What it is about"), "{extra}");
    assert!(extra.contains(&format!("{site}/page")), "{extra}");
}

#[tokio::test]
async fn a_page_that_cannot_be_read_costs_the_card_and_not_the_post() {
    let site = pages(&[]).await;
    let bench = Bench::new().await;
    bench.world.publish(&post(&format!("gone: {site}/page"))).await.unwrap();
    let posts = bench.posts();
    assert_eq!(posts.len(), 1);
    assert_eq!(posts[0].media.len(), 0);
}

#[tokio::test]
async fn an_ended_session_is_told_and_renewed() {
    let mut bench = Bench::new().await;
    bench.sandbox.advance_clock(Span::from_hours(3)).unwrap();
    let ended = bench.world.publish(&post("late")).await.unwrap_err();
    assert_eq!((ended.class, ended.sent), (Class::TokenExpired, Sent::Answered));
    bench.world.credentials = Bluesky.auth().refresh(&bench.world.cx()).await.unwrap();
    bench.world.publish(&post("late")).await.unwrap();

    // After a hundred days the refresh token has ended as well; the app password has not.
    bench.sandbox.advance_clock(Span::from_days(100)).unwrap();
    bench.world.credentials = Bluesky.auth().refresh(&bench.world.cx()).await.unwrap();
    bench.world.publish(&post("much later")).await.unwrap();
    bench.sandbox.advance_clock(Span::from_days(100)).unwrap();
    bench.world.credentials.secret = None;
    let ended = Bluesky.auth().refresh(&bench.world.cx()).await.unwrap_err();
    assert_eq!(ended.class, Class::TokenExpired);
    assert_eq!(bench.posts().len(), 2);
}

#[tokio::test]
async fn a_rate_limit_names_the_time_of_the_next_try() {
    let bench = Bench::new().await;
    bench.fault(FaultKind::RateLimit, Some("create_post"));
    let limited = bench.world.publish(&post("too many")).await.unwrap_err();
    assert!(matches!(limited.class, Class::RateLimited { until: Some(_) }), "{limited:?}");
    assert!(!limited.leaves_commit_open());
    assert_eq!(bench.posts().len(), 0);
}

#[tokio::test]
async fn whatever_a_write_answers_there_is_one_post() {
    for kind in
        [FaultKind::Error, FaultKind::ResetBefore, FaultKind::DropAfterAccept, FaultKind::RefusedButLive]
    {
        let bench = Bench::new().await;
        bench.fault(kind, Some("create_post"));
        bench.world.publish_whatever_happens(&post("once")).await;
        assert_eq!(bench.posts().len(), 1, "{kind:?}");
    }
}

#[tokio::test]
async fn no_lost_answer_and_no_crash_makes_a_second_post() {
    let mut bench = Bench::new().await;
    let mut to = post("sweep @ola.bsky.social");
    to.media = vec![bench.world.image(PIXEL, None), bench.world.image(PIXEL, Some("b"))];
    to.thread = vec!["part two".to_owned(), "part three".to_owned()];

    let counter = Once::never();
    bench.world.watch(counter.clone());
    bench.world.publish(&to).await.unwrap();
    let requests = counter.seen();
    assert_eq!(requests, 6, "a mention, two images and three parts");

    let mut published = 1;
    for strike in 0..requests {
        for fate in FATES {
            bench.world.watch(Once::at(strike, fate));
            bench.world.publish_whatever_happens(&to).await;
            published += 1;
            assert_eq!(bench.posts().len(), published * 3, "request {strike}: {fate:?}");
        }
    }
}

#[tokio::test]
async fn no_secret_is_in_a_failure() {
    let mut bench = Bench::new().await;
    let secret = "abcd-efgh-ijkl-mnop";
    bench.world.credentials.secret = Some(secret.to_owned());
    bench.world.credentials.refresh_token = Some("garbage-token".to_owned());
    let failure = Bluesky.auth().refresh(&bench.world.cx()).await.unwrap_err();
    let shown = format!("{failure:?} {:?}", bench.world.credentials);
    assert!(!shown.contains(secret) && !shown.contains("garbage-token"), "{shown}");
}

#[tokio::test]
async fn after_a_restore_what_is_live_is_found_and_the_rest_of_a_thread_follows() {
    let mut to = post("one");
    to.thread = vec!["two".to_owned(), "three".to_owned()];
    for live in 0..=3 {
        let bench = Bench::new().await;
        let mut part = to.clone();
        part.thread.truncate(usize::max(live, 1) - 1);
        let sent = if live > 0 { Some(bench.world.publish(&part).await.unwrap()) } else { None };
        let receipt = bench.world.publish_after_restore(&to).await;
        if let Some(sent) = sent {
            assert_eq!(sent, receipt, "{live} parts were live");
        }
        let posts = bench.posts();
        let texts: Vec<_> = posts.iter().map(|post| post.text.as_str()).collect();
        assert_eq!(texts, ["one", "two", "three"], "{live} parts were live");
        assert_eq!(posts[2].reply_to.as_ref(), Some(&posts[1].id));
    }
}

#[tokio::test]
async fn after_a_restore_a_post_that_went_out_with_another_text_is_not_sent_again() {
    let bench = Bench::new().await;
    let old = post("as the backup knows it");
    let changed =
        connector::Publication { text: "as it was changed after the backup".to_owned(), ..old.clone() };
    let sent = bench.world.publish(&changed).await.unwrap();
    assert_eq!(bench.world.publish_after_restore(&old).await, sent);
    assert_eq!(bench.posts().len(), 1);
}
