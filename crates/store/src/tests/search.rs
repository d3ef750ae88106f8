//! Searching posts, and going through lists by place, on both databases.

use super::*;
use crate::{PostPlace, PostRow, PostUpdate, UpdateOutcome};

const PAGE: PostPage =
    PostPage { order: PostOrder::CreatedAt, ascending: false, limit: 100, offset: 0, after: None };

async fn find(world: &World, organization: &OrganizationRow, search: &str) -> Vec<PostRow> {
    let filter = PostFilter { search: Some(search.to_owned()), ..PostFilter::default() };
    let (id, workspace) = (organization.id, organization.workspace_id);
    let rows = world.store.list_posts(id, workspace, &filter, PAGE).await.unwrap();
    let count = world.store.count_posts(id, workspace, &filter, NOW).await.unwrap();
    assert_eq!(count, u64::try_from(rows.len()).unwrap(), "{search}");
    rows
}

const TEXTS: &[&str] = &[
    "Crème brûlée, à la carte",
    "Unsere Herbstmenüs: Kürbissuppe in der Straße",
    "今天的东京都新菜单上线了",
    "本日のメニューはラーメンです",
    "قائمة الطعام الجديدة مُتاحة الآن",
    "Party 🎉🎊 tonight ❤️",
    "He said \"100% soup\" AND -menu* OR (NEAR) it's a\\b rye_bread",
    "plain soup",
];

/// Which of the texts each search finds.
const SEARCHES: &[(&str, &[usize])] = &[
    ("creme", &[0]),
    ("CRÈME BRULEE", &[0]),
    ("brûlée crème", &[0]),
    ("cre\u{300}me", &[0]),
    ("carte soup", &[]),
    ("menü", &[1, 6]),
    ("menu", &[1, 6]),
    ("KÜRBIS STRASSE", &[1]),
    ("ürbissup", &[1]),
    ("东京", &[2]),
    ("京", &[2]),
    ("东京都新菜单", &[2]),
    ("菜单 东京", &[2]),
    ("ラーメン", &[3]),
    ("ﾗｰﾒﾝ", &[3]),
    ("ー", &[3]),
    ("らーめん", &[]),
    ("الطعام", &[4]),
    ("متاحة", &[4]),
    ("🎉", &[5]),
    ("🎊🎉", &[]),
    ("❤", &[5]),
    ("\"100% soup\"", &[6]),
    ("\"100%", &[6]),
    ("%", &[6]),
    ("_", &[6]),
    ("AND", &[6]),
    ("-menu*", &[6]),
    ("soup OR", &[6]),
    ("soup NOT plain", &[]),
    ("(NEAR)", &[6]),
    ("it's", &[6]),
    ("a\\b", &[6]),
    ("'", &[6]),
    ("soup", &[6, 7]),
    ("s", &[1, 6, 7]),
    ("so up", &[6, 7]),
    ("so*", &[]),
    ("soup:*", &[]),
    ("text | soup", &[]),
    ("& !soup", &[]),
    ("' OR 1=1 --", &[]),
];

on_both! {
    async fn words_are_found_in_any_language_and_nothing_is_an_operator(world: World) {
        let organization = world.organization().await;
        let account = world.account(&organization).await;
        for text in TEXTS {
            world.post(&organization, account, text).await;
        }
        for (search, found) in SEARCHES {
            let mut texts: Vec<usize> = find(&world, &organization, search)
                .await
                .into_iter()
                .map(|row| TEXTS.iter().position(|text| *text == row.content).unwrap())
                .collect();
            texts.sort_unstable();
            assert_eq!(&texts, found, "{search}");
        }
    }
}

on_both! {
    async fn the_index_follows_a_post_and_keeps_workspaces_apart(world: World) {
        let (mine, theirs) = (world.organization().await, world.organization().await);
        let (account, other) = (world.account(&mine).await, world.account(&theirs).await);
        world.post(&theirs, other, "autumn").await;
        assert!(find(&world, &mine, "autumn").await.is_empty());
        let post = world.post(&mine, account, "autumn").await;
        let kept = world.post(&mine, account, "autumn too").await;
        let row = find(&world, &mine, "autumn").await.pop().unwrap();
        let edit = NewPostRow {
            id: post,
            thread_posts: vec!["with a second part".into()],
            now: NOW + Span::from_seconds(1),
            ..world.row(&mine, &[account], "winter")
        };
        let event_of_update = event(domain::event::EventKind::PostUpdated);
        let update = PostUpdate { expected_updated_at: row.updated_at, post: edit, events: vec![event_of_update], allow_duplicate: true, most_per_day: None };
        assert_eq!(world.store.update_post(mine.id, update).await.unwrap(), UpdateOutcome::Updated);
        let ids = async |search| {
            find(&world, &mine, search).await.into_iter().map(|row| row.id).collect::<Vec<_>>()
        };
        assert_eq!((ids("autumn").await, ids("winter").await), (vec![kept], vec![post]));
        assert_eq!(ids("second").await, [post], "a thread's parts are searched as well");
        let delete = async |workspace, post| {
            let event = event(domain::event::EventKind::PostDeleted);
            world.store.delete_post(mine.id, workspace, post, event, NOW).await.unwrap()
        };
        let other_workspace = WorkspaceId(id());
        assert_eq!(delete(other_workspace, kept).await, crate::DeleteOutcome::NotFound);
        assert_eq!(ids("autumn").await, [kept]);
        delete(mine.workspace_id, kept).await;
        delete(mine.workspace_id, post).await;
        assert!(ids("autumn").await.is_empty() && ids("winter").await.is_empty());
        assert_eq!(indexed(&world).await, 1, "only the other organization's is left");
        // Numbers may come again; posts that are gone have none.
        world.post(&mine, account, "autumn").await;
        assert_eq!(ids("autumn").await.len(), 1);
    }
}

fn event(kind: domain::event::EventKind) -> crate::NewEvent {
    crate::NewEvent { id: EventId(id()), kind, payload: serde_json::json!({}) }
}

async fn indexed(world: &World) -> i64 {
    let mut read = world.store.read().await.unwrap();
    on!(read.conn(), |c| {
        sqlx::query_scalar("SELECT COUNT(*) FROM post_search").fetch_one(&mut *c).await.unwrap()
    })
}

on_both! {
    async fn posts_that_are_in_no_index_are_put_there_when_the_database_is_opened(world: World) {
        let organization = world.organization().await;
        let account = world.account(&organization).await;
        for number in 0..450 {
            world.post(&organization, account, &format!("Crème number {number}")).await;
        }
        world
            .store
            .writer
            .run(|conn| {
                Box::pin(async move {
                    on!(conn, |c| {
                        sqlx::query("DELETE FROM post_search").execute(&mut *c).await?;
                        // As before there was an index, when texts were folded less.
                        sqlx::query("UPDATE posts SET search_id = NULL, content_folded = 'other'")
                            .execute(&mut *c)
                            .await?
                            .rows_affected()
                    });
                    Ok(())
                })
            })
            .await
            .unwrap();
        assert!(find(&world, &organization, "creme 44").await.is_empty());
        world.store.close().await;
        let again = world.with(world.another().await);
        assert_eq!(find(&again, &organization, "creme 44").await.len(), 14, "also 440 to 449 and 144 to 344");
        assert_eq!(indexed(&again).await, 450);
        again.post(&organization, account, "creme 44 and one more").await;
        assert_eq!(find(&again, &organization, "creme 44").await.len(), 15);
    }
}

on_both! {
    async fn a_text_that_many_have_is_met_on_the_walk_and_a_huge_one_is_found(world: World) {
        let organization = world.organization().await;
        let account = world.account(&organization).await;
        // Chinese as long as no index wants to name its terms.
        let huge: String = (0..45_000_u32)
            .filter_map(|n| char::from_u32(0x4e00 + n.wrapping_mul(2_654_435_761) % 20_000))
            .collect();
        let huge_id = world.post(&organization, account, &format!("{huge} needle")).await;
        let many = (0..1_100).map(|number| {
            let row = world.row(&organization, &[account], &format!("common text {number}"));
            crate::PostCreation { post: row, events: vec![], allow_duplicate: true, takes_slot: false, most_per_day: None, once: false }
        });
        world.store.create_posts(organization.id, many.collect(), None).await.unwrap();
        assert_eq!(find(&world, &organization, "needle").await[0].id, huge_id);
        assert_eq!(find(&world, &organization, "common 1099").await.len(), 1);
        let filter = PostFilter { search: Some("common".to_owned()), ..PostFilter::default() };
        let (id, workspace) = (organization.id, organization.workspace_id);
        assert_eq!(world.store.list_posts(id, workspace, &filter, PAGE).await.unwrap().len(), 100);
        assert_eq!(world.store.count_posts(id, workspace, &filter, NOW).await.unwrap(), 1_100);
    }
}

on_both! {
    async fn every_order_is_gone_through_by_place_without_gaps_or_repeats(world: World) {
        let organization = world.organization().await;
        let account = world.account(&organization).await;
        let posts = (0..25_i64).map(|number| {
            let at = NOW + Span::from_seconds(number / 3);
            let mut post = world.row(&organization, &[account], "text");
            // Some have no time, and some times come more than once.
            post.scheduled_for = (number % 4 != 0).then_some(at);
            post.now = at;
            crate::PostCreation { post, events: vec![], allow_duplicate: true, takes_slot: false, most_per_day: None, once: false }
        });
        world.store.create_posts(organization.id, posts.collect(), None).await.unwrap();
        let (id, workspace) = (organization.id, organization.workspace_id);
        let filter = PostFilter::default();
        for order in [
            PostOrder::CreatedAt,
            PostOrder::ScheduledFor,
            PostOrder::PublishedAt,
            PostOrder::UpdatedAt,
        ] {
            for ascending in [false, true] {
                let page = PostPage { order, ascending, ..PAGE };
                let all = world.store.list_posts(id, workspace, &filter, page).await.unwrap();
                let (mut walked, mut after): (Vec<PostId>, Option<PostPlace>) = (Vec::new(), None);
                loop {
                    let page = PostPage { limit: 4, after, ..page };
                    let rows = world.store.list_posts(id, workspace, &filter, page).await.unwrap();
                    let Some(last) = rows.last() else { break };
                    after = Some(last.place(order));
                    walked.extend(rows.iter().map(|row| row.id));
                }
                let all: Vec<PostId> = all.iter().map(|row| row.id).collect();
                assert_eq!(walked, all, "{order:?} {ascending}");
                assert_eq!(walked.len(), 25);
            }
        }
    }
}

#[tokio::test]
async fn both_databases_answer_a_search_from_the_index() {
    let world = World::sqlite().await;
    let mut read = world.store.read().await.unwrap();
    let Conn::Sqlite(c) = read.conn() else { unreachable!() };
    let text = format!("EXPLAIN QUERY PLAN {}", crate::search::FIND_SQLITE);
    let plan: Vec<(i64, i64, i64, String)> =
        sqlx::query_as(sqlx::AssertSqlSafe(text)).bind("\"abc\"").bind(1).fetch_all(&mut *c).await.unwrap();
    assert!(plan[0].3.contains("VIRTUAL TABLE INDEX 0:M1"), "{plan:?}");

    let world = World::postgres().await;
    let organization = world.organization().await;
    let account = world.account(&organization).await;
    let posts = (0..2_000).map(|number| {
        let post = world.row(&organization, &[account], &format!("number {number}"));
        crate::PostCreation {
            post,
            events: vec![],
            allow_duplicate: true,
            takes_slot: false,
            most_per_day: None,
            once: false,
        }
    });
    world.store.create_posts(organization.id, posts.collect(), None).await.unwrap();
    let mut read = world.store.read().await.unwrap();
    let Conn::Postgres(c) = read.conn() else { unreachable!() };
    sqlx::query("SET enable_seqscan = off").execute(&mut *c).await.unwrap();
    let text = format!("EXPLAIN {}", crate::search::FIND_POSTGRES);
    let plan: Vec<String> = sqlx::query_scalar(sqlx::AssertSqlSafe(text))
        .bind("'199' & 'num'")
        .bind(10_i64)
        .fetch_all(&mut *c)
        .await
        .unwrap();
    assert!(plan.join("\n").contains("post_search_terms"), "{plan:?}");
}
