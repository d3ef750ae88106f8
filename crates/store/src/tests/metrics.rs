//! Readings: planned once, taken by one, kept once, summed alike by both databases, and carried along.

use domain::metrics::{FOLLOWERS_FIRST, Figures, ReadingEnd};
use domain::{AccountId, EventId, PostId, Span, Timestamp};

use super::{NOW, World, id, on_both};
use crate::transfer::{Before, Snapshot};
use crate::{
    DueMetricLane, Finish, LivePlace, MetricLane, NewFollowers, NewPostReading, OrganizationRow, Outcome,
    Store, Work,
};

const HOUR: Span = Span::from_hours(1);

impl World {
    /// A post that went live then.
    async fn live(&self, organization: &OrganizationRow, account: AccountId, at: Timestamp) -> PostId {
        let post = self.post(organization, account, "live").await;
        let ids = vec![EventId(id())];
        let claims = self.store.claim_due("w".into(), at, at + HOUR, 10, ids).await.unwrap();
        for claim in claims {
            let finish = Finish::Published {
                platform_post_id: claim.lease.destination_id.to_string(),
                platform_post_url: "https://x.example/1".into(),
                warnings: vec![],
            };
            let ids = [EventId(id()), EventId(id())];
            let outcome = Outcome::Finish(finish);
            assert!(self.store.record(claim.lease, Work::default(), outcome, None, ids, at).await.unwrap());
        }
        post
    }
}

async fn plan(store: &Store, now: Timestamp) -> usize {
    let live = store.list_live(LivePlace::from(NOW - HOUR), now, 500).await.unwrap();
    let count = live.len();
    store.plan_readings(live, now).await.unwrap();
    count
}

async fn take(store: &Store, now: Timestamp) -> Option<MetricLane> {
    let lane = store.list_due_metric_lanes(now, 10).await.unwrap().into_iter().next()?;
    store.take_metric_lane(lane, "w".into(), now, now + HOUR).await.unwrap()
}

fn reading(post: &crate::DuePost, step: usize, figures: Figures, next: Option<Timestamp>) -> NewPostReading {
    NewPostReading {
        destination_id: post.destination_id,
        read: Some((step, figures)),
        step: step + 1,
        failures: 0,
        read_at: next,
        ended: next.is_none().then_some(ReadingEnd::Complete),
        detail: None,
    }
}

/// Reads all that is due at `now`: these figures, and so many followers.
async fn read(store: &Store, now: Timestamp, figures: Figures, followers: i64) {
    let held = take(store, now).await.unwrap();
    let posts = store.list_due_posts_to_read(held.lease.lane, now, 10).await.unwrap();
    for post in &posts {
        let new = reading(post, post.step, figures, Some(now + HOUR.times(5)));
        assert!(store.record_post_reading(held.lease, new, now + HOUR, now).await.unwrap());
    }
    let counted =
        NewFollowers { followers: Some(followers), failures: 0, at: Some(now + HOUR.times(24)), ended: None };
    assert!(store.record_followers(held.lease, counted, now + HOUR, now).await.unwrap());
    assert!(store.release_metric_lane(held.lease, None, None, now).await.unwrap());
}

fn figures(likes: i64, clicks: Option<i64>) -> Figures {
    Figures { likes: Some(likes), clicks, ..Figures::default() }
}

on_both! {
    async fn what_went_live_is_planned_once_and_moves_its_lane(world: World) {
        let organization = world.organization().await;
        let account = world.account(&organization).await;
        let first_count = NOW + FOLLOWERS_FIRST;
        let store = &world.store;
        assert_eq!(store.next_metric_lane_due(NOW - HOUR).await.unwrap(), Some(first_count));
        read(store, first_count, Figures::default(), 10).await;
        world.live(&organization, account, NOW).await;
        assert_eq!(store.find_metric_progress().await.unwrap(), None);
        assert_eq!((plan(store, NOW + HOUR).await, plan(store, NOW + HOUR).await), (1, 1));
        assert_eq!(store.find_metric_progress().await.unwrap(), Some(NOW + HOUR));
        assert_eq!(store.next_metric_lane_due(NOW).await.unwrap(), Some(NOW + HOUR));
        let lane = DueMetricLane { organization_id: organization.id, account_id: account };
        assert_eq!(store.list_due_posts_to_read(lane, NOW + HOUR, 10).await.unwrap().len(), 1);
        let stranger = DueMetricLane { organization_id: world.organization().await.id, ..lane };
        assert!(store.list_due_posts_to_read(stranger, NOW + HOUR, 10).await.unwrap().is_empty());
    }

    async fn a_lane_has_one_reader_and_a_reading_is_kept_once(world: World) {
        let organization = world.organization().await;
        let account = world.account(&organization).await;
        let store = &world.store;
        let post = world.live(&organization, account, NOW).await;
        plan(store, NOW).await;
        let now = NOW + HOUR;
        let lane = store.list_due_metric_lanes(now, 10).await.unwrap().remove(0);
        let taking = |owner: &str| store.take_metric_lane(lane, owner.to_owned(), now, now + HOUR);
        let (one, other) = tokio::join!(taking("a"), taking("b"));
        let held = one.unwrap().into_iter().chain(other.unwrap()).collect::<Vec<_>>();
        assert_eq!(held.len(), 1);
        // What is planned meanwhile waits until the lane is let go.
        world.live(&organization, account, now).await;
        plan(store, now).await;
        assert!(store.list_due_metric_lanes(now, 10).await.unwrap().is_empty());
        let due = store.list_due_posts_to_read(lane, now, 10).await.unwrap().remove(0);
        for likes in [1, 2] {
            let new = reading(&due, 0, figures(likes, None), Some(now + HOUR));
            assert!(store.record_post_reading(held[0].lease, new, now + HOUR, now).await.unwrap());
        }
        let kept = store.list_post_metrics(organization.id, post).await.unwrap();
        let kept = &kept[&due.destination_id].readings;
        assert_eq!(kept.iter().map(|one| one.figures.likes).collect::<Vec<_>>(), [Some(1)]);
        // The lease ends, another takes it, and the first one's words count no more.
        let later = take(store, now + HOUR).await.unwrap();
        assert_eq!(later.lease.token, held[0].lease.token + 1);
        let too_late = reading(&due, 1, figures(9, None), None);
        assert!(!store.record_post_reading(held[0].lease, too_late, now + HOUR, now).await.unwrap());
        assert!(!store.release_metric_lane(held[0].lease, None, None, now).await.unwrap());
        let until = now + HOUR.times(9);
        assert!(store.release_metric_lane(later.lease, Some(until), Some("why".into()), now).await.unwrap());
        assert_eq!(store.next_metric_lane_due(now).await.unwrap(), Some(until));
        let state = store.find_reading_state(organization.id, account).await.unwrap();
        assert_eq!(state.problem.as_deref(), Some("why"));
    }

    async fn the_latest_reading_of_each_post_counts_and_followers_are_compared(world: World) {
        let organization = world.organization().await;
        let account = world.account(&organization).await;
        let store = &world.store;
        let (org, workspace) = (organization.id, organization.workspace_id);
        world.live(&organization, account, NOW).await;
        plan(store, NOW).await;
        read(store, NOW + HOUR, figures(3, Some(2)), 10).await;
        let audience = async |from| store.list_audience(org, workspace, from, NOW + HOUR.times(99)).await.unwrap();
        assert_eq!(audience(None).await[0].change, None, "there is one count");
        read(store, NOW + HOUR.times(25), figures(8, None), 17).await;
        let all = audience(None).await;
        assert_eq!((all[0].account_id, all[0].followers, all[0].change), (account, 17, Some(7)));
        assert_eq!(audience(Some(NOW + HOUR.times(2))).await[0].change, Some(7), "against the last before");
        let sum = async |from, to| store.sum_figures(org, workspace, from, to).await.unwrap();
        let whole = sum(None, NOW + HOUR).await;
        assert_eq!((whole.likes, whole.clicks, whole.views), (Some(8), Some(2), None));
        assert_eq!(sum(Some(NOW + HOUR), NOW + HOUR.times(99)).await, Figures::default(), "it went live before");
        let theirs = world.organization().await;
        assert_eq!(store.sum_figures(theirs.id, workspace, None, NOW + HOUR).await.unwrap(), Figures::default());
        assert!(store.list_audience(theirs.id, workspace, None, NOW + HOUR).await.unwrap().is_empty());
        let week = store.sum_engagement(org, &[account], NOW - HOUR, HOUR).await.unwrap();
        assert!(week.is_empty(), "no reading is a day old");
    }
}

#[tokio::test]
async fn readings_go_along_to_the_other_database_and_back() {
    let (small, large) = (World::sqlite().await, World::postgres().await);
    let organization = small.organization().await;
    let account = small.account(&organization).await;
    let post = small.live(&organization, account, NOW).await;
    plan(&small.store, NOW).await;
    read(&small.store, NOW + HOUR, figures(3, Some(2)), 10).await;
    let known = small.store.list_post_metrics(organization.id, post).await.unwrap();
    large.store.close().await;
    let mut snapshot = Snapshot::of_sqlite(&small.path()).await.unwrap();
    let written = snapshot.write_postgres(large.address(), Before::Empty).await.unwrap();
    let count = |name: &str| written.iter().find(|sum| sum.name == name).unwrap().rows;
    let tables = ["metric_lanes", "metric_plans", "post_readings", "account_readings", "metric_progress"];
    assert_eq!(tables.map(count), [1; 5]);
    let back = small.path().with_extension("back");
    let mut snapshot = Snapshot::of_postgres(large.address()).await.unwrap();
    assert_eq!(snapshot.write_sqlite(&back).await.unwrap(), written);
    let store = large.another().await;
    assert_eq!(store.list_post_metrics(organization.id, post).await.unwrap(), known);
    let later = NOW + HOUR.times(25);
    assert!(take(&store, later).await.is_some(), "reading goes on there");
}
