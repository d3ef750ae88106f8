//! The connector against the sandbox's Bluesky, over a real connection.

use std::sync::Arc;

use connector::suite::film;
use connector::{Connector as _, Hosts, LivePost, PostReading};
use domain::{Class, Span};
use fanfare_platforms::bluesky::{Bluesky, auth};

use net::{Clock as _, Fate, Sent};
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
        Self::with(serde_json::json!({})).await
    }

    /// The same with an account that is made with these extras.
    async fn with(extra: serde_json::Value) -> Self {
        let config = SandboxConfig { data_dir: None, clock: Arc::new(SystemSandboxClock), seed: Some(1) };
        let sandbox = Sandbox::open(config).unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        sandbox.set_base_url(&base);
        let served = sandbox.clone();
        tokio::spawn(async move { served.serve(listener, std::future::pending()).await });

        let mut wanted = CreateAccount {
            username: Some("ola.bsky.social".to_owned()),
            token: true,
            ..CreateAccount::default()
        };
        wanted.extra.extend(extra.as_object().unwrap().clone());
        let account = sandbox.create_account("bluesky", &wanted).unwrap();
        let password = account.credentials.unwrap().app_password.unwrap();
        let hosts = Hosts::sandbox(Bluesky.spec(), &base);
        let (identity, credentials) =
            auth::connect(&client(), &hosts, &account.username, &password).await.unwrap();
        assert_eq!(identity.platform_user_id, account.platform_user_id);
        let mut world = World::new(sandbox.now(), hosts, identity, credentials);
        let moved = sandbox.clone();
        world.on_wait = Box::new(move |span| moved.advance_clock(span).unwrap());
        Self { sandbox, world }
    }

    /// How often an operation was called.
    fn calls(&self, operation: &str) -> usize {
        self.sandbox.requests().iter().filter(|call| call.operation == operation).count()
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
async fn a_video_goes_through_the_video_service_in_parts_and_goes_on_where_it_stood() {
    let mut bench = Bench::new().await;
    let mut to = post("it moves");
    let bytes = film(9_000_000);
    to.media = vec![bench.world.video(&bytes)];
    // Before each call to the service are two to the host. The answer to the second part is lost with
    // the process: only that one is sent again.
    bench.world.watch(Once::at(10, Fate::DieAfter));
    bench.world.publish_whatever_happens(&to).await;
    assert_eq!((bench.calls("start_video"), bench.calls("upload_video_part")), (1, 4));
    assert!(bench.calls("video_status") > 1);
    assert_eq!(bench.calls("upload_blob"), 0);
    let media = bench.posts().remove(0).media;
    assert_eq!((media.len(), media[0].media_type.as_str()), (1, "video/mp4"));
    assert_eq!((media[0].size_bytes, media[0].alt.as_deref()), (bytes.len() as u64, Some("a film")));
}

#[tokio::test]
async fn a_video_that_cannot_be_processed_fails_the_post() {
    let mut bench = Bench::new().await;
    let mut to = post("it does not");
    to.media = vec![bench.world.video(&film(1_000))];
    bench.sandbox.add_fault(FaultSpec::new("bluesky", FaultKind::ProcessingFailed)).unwrap();
    let failed = bench.world.publish(&to).await.unwrap_err();
    assert_eq!(failed.class, Class::MediaFailed);
    to.media = vec![bench.world.video(b"no film at all")];
    let failed = bench.world.publish(&to).await.unwrap_err();
    assert_eq!(failed.class, Class::MediaFailed);
    assert!(bench.posts().is_empty());
}

#[tokio::test]
async fn an_account_that_may_not_upload_videos_is_told_why_before_it_does() {
    let mut bench = Bench::with(serde_json::json!({"email_confirmed": false})).await;
    let mut to = post("it moves");
    to.media = vec![bench.world.video(&film(1_000))];
    let refused = bench.world.publish(&to).await.unwrap_err();
    assert_eq!(refused.class, Class::PermissionMissing);
    assert!(refused.public.contains("e-mail"), "{}", refused.public);

    let mut bench = Bench::new().await;
    for number in 0..25_u32 {
        let mut to = post(&format!("number {number}"));
        to.media = vec![bench.world.video(&film(1_000 + number as usize))];
        bench.world.publish(&to).await.unwrap();
    }
    let mut one_more = post("one more");
    one_more.media = vec![bench.world.video(&film(2_000))];
    let full = bench.world.publish(&one_more).await.unwrap_err();
    assert!(matches!(full.class, Class::QuotaExhausted { until: Some(_) }), "{full:?}");
    assert_eq!(bench.calls("start_video"), 25);
}

#[tokio::test]
async fn no_lost_answer_and_no_crash_makes_a_second_video() {
    let mut bench = Bench::new().await;
    let mut to = post("it moves");
    to.media = vec![bench.world.video(&film(1_000))];
    let counter = Once::never();
    bench.world.watch(counter.clone());
    bench.world.publish(&to).await.unwrap();
    bench.sandbox.forget_posts().unwrap();
    for strike in 0..counter.seen() {
        for fate in FATES {
            bench.world.watch(Once::at(strike, fate));
            bench.world.publish_whatever_happens(&to).await;
            let posts = bench.posts();
            assert_eq!((posts.len(), posts[0].media.len()), (1, 1), "request {strike}: {fate:?}");
            bench.sandbox.forget_posts().unwrap();
        }
    }
}

#[tokio::test]
async fn where_there_is_no_video_service_the_host_takes_the_video() {
    let mut bench = Bench::new().await;
    let mut to = post("it moves");
    to.media = vec![bench.world.video(&film(1_000))];
    // Another host of the sandbox, which has no such methods.
    bench.world.hosts.set(
        "video",
        &bench.world.hosts.base("plc").to_owned().replace("plc.directory", "cdn.bsky.app/none"),
    );
    bench.world.publish(&to).await.unwrap();
    assert_eq!((bench.calls("upload_blob"), bench.calls("start_video")), (1, 0));
    assert_eq!(bench.posts()[0].media[0].media_type, "video/mp4");
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

#[tokio::test]
async fn figures_of_a_post_and_a_profile_grow() {
    let bench = Bench::new().await;
    let live = bench.world.clock.now();
    let receipt = bench.world.publish(&post("a text")).await.unwrap();
    let mut asked =
        LivePost { id: receipt.platform_post_id, url: receipt.platform_post_url, published_at: live };
    let pass = |span| {
        bench.world.clock.advance(span);
        bench.sandbox.advance_clock(span).unwrap();
    };
    let metrics = Bluesky.metrics().unwrap();
    pass(Span::from_hours(1));
    let read = metrics.read_post(&bench.world.cx(), &asked).await.unwrap();
    let few = metrics.read_followers(&bench.world.cx()).await.unwrap();
    pass(Span::from_hours(47));
    let PostReading::Read(later) = metrics.read_post(&bench.world.cx(), &asked).await.unwrap() else {
        panic!("gone")
    };
    let PostReading::Read(first) = read else { panic!("gone") };
    assert!(later.likes > first.likes && later.shares >= first.shares, "{first:?} {later:?}");
    assert!(later.comments.is_some() && later.views.is_none() && later.clicks.is_none(), "{later:?}");
    assert!(metrics.read_followers(&bench.world.cx()).await.unwrap() > few);
    bench.sandbox.add_fault(FaultSpec::new("bluesky", FaultKind::RateLimit)).unwrap();
    let limited = metrics.read_post(&bench.world.cx(), &asked).await.unwrap_err();
    assert!(matches!(limited.class, Class::RateLimited { .. }), "{limited:?}");
    asked.id.push('x');
    assert_eq!(metrics.read_post(&bench.world.cx(), &asked).await.unwrap(), PostReading::Gone);
}
