//! Campaigns keep to their workspace, and nothing points to one that is gone.

use domain::campaign::CampaignStatus;
use domain::{CampaignId, PostId, Timestamp};

use super::{NOW, World, id, on_both};
use crate::{CampaignContent, CampaignPatch, NewPostRow, OrganizationRow, PostFilter, PostOrder, PostPage};

fn content(name: &str) -> CampaignContent {
    CampaignContent {
        name: name.into(),
        description: None,
        color: "#3b82f6".into(),
        status: CampaignStatus::Active,
    }
}

async fn campaign(world: &World, organization: &OrganizationRow) -> CampaignId {
    let made =
        world.store.create_campaign(organization.id, organization.workspace_id, content("c"), NOW, None);
    made.await.unwrap().done().unwrap().id
}

async fn post_in(world: &World, organization: &OrganizationRow, campaign: CampaignId) -> PostId {
    let row = NewPostRow {
        id: PostId(id()),
        workspace_id: organization.workspace_id,
        api_key_id: domain::ApiKeyId(id()),
        content: "text".into(),
        status: domain::PostStatus::Scheduled,
        scheduled_for: Some(NOW),
        timezone: "UTC".into(),
        account_ids: vec![],
        media_ids: vec![],
        platform_content: "{}".into(),
        thread_posts: vec![],
        campaign_id: Some(campaign),
        approval: domain::Approval::default(),
        destinations: vec![],
        now: NOW,
    };
    let post = row.id;
    world.store.create_post(organization.id, row, None).await.unwrap();
    post
}

async fn of_post(
    world: &World,
    organization: &OrganizationRow,
    post: PostId,
) -> (Option<CampaignId>, Timestamp) {
    let row = world.store.find_post(organization.id, organization.workspace_id, post).await.unwrap().unwrap();
    (row.campaign_id, row.updated_at)
}

on_both! {
    async fn a_campaign_that_is_deleted_lets_its_posts_go(world: World) {
        let organization = world.organization().await;
        let (org, workspace) = (organization.id, organization.workspace_id);
        let (gone, kept) = (campaign(&world, &organization).await, campaign(&world, &organization).await);
        let (in_gone, in_kept) =
            (post_in(&world, &organization, gone).await, post_in(&world, &organization, kept).await);
        let filter = PostFilter { campaign_id: Some(gone), ..PostFilter::default() };
        let page =
            PostPage { order: PostOrder::CreatedAt, ascending: false, limit: 10, offset: 0, after: None };
        let list = || world.store.list_posts(org, workspace, &filter, page);
        assert_eq!(list().await.unwrap().len(), 1);
        assert_eq!(world.store.find_campaign(org, workspace, gone).await.unwrap().unwrap().post_count, 1);
        let later = NOW + domain::Span::from_hours(1);
        assert!(world.store.delete_campaign(org, workspace, gone, later).await.unwrap());
        assert!(!world.store.delete_campaign(org, workspace, gone, later).await.unwrap());
        assert_eq!(of_post(&world, &organization, in_gone).await, (None, later));
        assert_eq!(of_post(&world, &organization, in_kept).await, (Some(kept), NOW));
        assert!(list().await.unwrap().is_empty());
        let late = post_in(&world, &organization, gone).await;
        assert_eq!(of_post(&world, &organization, late).await.0, None, "one that is gone takes no post");
    }

    async fn posts_that_come_while_a_campaign_is_deleted_do_not_point_to_it(world: World) {
        let organization = world.organization().await;
        for _ in 0..5 {
            let gone = campaign(&world, &organization).await;
            let posting = futures_util::future::join_all((0..8).map(|_| post_in(&world, &organization, gone)));
            let deleting = world.store.delete_campaign(organization.id, organization.workspace_id, gone, NOW);
            let (posts, deleted) = tokio::join!(posting, deleting);
            assert!(deleted.unwrap());
            for post in posts {
                assert_eq!(of_post(&world, &organization, post).await.0, None);
            }
        }
    }

    async fn campaigns_belong_to_one_workspace_of_one_organization(world: World) {
        let (mine, theirs) = (world.organization().await, world.organization().await);
        let own = campaign(&world, &theirs).await;
        let store = &world.store;
        let patch = CampaignPatch { name: Some("x".into()), ..CampaignPatch::default() };
        for (org, workspace) in [(mine.id, theirs.workspace_id), (theirs.id, mine.workspace_id)] {
            assert!(store.find_campaign(org, workspace, own).await.unwrap().is_none());
            assert!(store.update_campaign(org, workspace, own, patch.clone(), NOW).await.unwrap().is_none());
            assert!(!store.delete_campaign(org, workspace, own, NOW).await.unwrap());
            assert!(store.list_campaigns(org, workspace, None, 10, 0).await.unwrap().is_empty());
            assert_eq!(store.count_campaigns(org, workspace, None).await.unwrap(), 0);
        }
        let foreign = post_in(&world, &mine, own).await;
        assert_eq!(of_post(&world, &mine, foreign).await.0, None);
        let row = store.update_campaign(theirs.id, theirs.workspace_id, own, patch, NOW).await.unwrap().unwrap();
        assert_eq!((row.content.name.as_str(), row.content.color.as_str()), ("x", "#3b82f6"));
    }
}
