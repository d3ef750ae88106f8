//! A database with one account, and an engine over it.

use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use connector::{Credentials, Entry, PlatformSpec, Registry};
use domain::event::EventKind;
use domain::retry::RetryPolicy;
use domain::{
    AccountId, ApiKeyId, Approval, ApprovalState, ApprovalStep, DestinationId, EventId, MediaId,
    OrganizationId, PlatformName, PostId, PostStatus, Span, Timestamp, UserId, WebhookId, WorkspaceId,
};
use fanfare_engine::{Engine, EngineConfig, Parts, Wake};
use media::MediaFiles;
use net::{ClientConfig, Entropy, FrozenClock, GuardedClient, GuardedConfig, SeededEntropy};
use store::{
    ApprovalChange, ApprovalOutcome, DeliveryFilter, DeliveryRow, DestinationRow, FinishMedia, FinishedMedia,
    Keyring, MediaRow, NewAccount, NewDestination, NewEvent, NewOrganization, NewPostRow, NewWebhook, Store,
    WebhookRow,
};

use super::{Fake, OTHER, SPEC, START, Script, Sight};

/// The secret of every webhook.
pub(crate) const SECRET: &str = "whsec_of_a_test";

/// One organization, one account, and an engine over them.
pub(crate) struct World {
    pub(crate) store: Store,
    pub(crate) clock: Arc<FrozenClock>,
    pub(crate) script: Arc<Mutex<Script>>,
    pub(crate) organization: OrganizationId,
    pub(crate) account: AccountId,
    workspace: WorkspaceId,
    entropy: Arc<SeededEntropy>,
    parts: Parts,
    config: EngineConfig,
    folder: PathBuf,
}

impl Drop for World {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

impl World {
    pub(crate) async fn new(sight: Sight) -> Self {
        Self::with_credentials(sight, Some(Span::from_hours(2))).await
    }

    /// A world whose account's access token ends so much later.
    pub(crate) async fn with_credentials(sight: Sight, token_lasts: Option<Span>) -> Self {
        Self::with(sight, token_lasts, &SPEC).await
    }

    /// A world whose platform has these limits.
    pub(crate) async fn limited(spec: &'static PlatformSpec) -> Self {
        Self::with(Sight::Clear, Some(Span::from_days(9)), spec).await
    }

    async fn with(sight: Sight, token_lasts: Option<Span>, spec: &'static PlatformSpec) -> Self {
        let folder =
            std::env::temp_dir().join(format!("fanfare-engine-{}", uuid::Uuid::from_u128(rand_name())));
        std::fs::create_dir_all(&folder).unwrap();
        let clock = Arc::new(FrozenClock::new(START));
        let entropy = Arc::new(SeededEntropy::new(7));
        let store = testkit::open_store(&folder, Keyring::new([1; 32])).await;
        let script = Arc::new(Mutex::new(Script::default()));
        let entry = |spec, script: &Arc<_>| Entry {
            spec,
            connector: Some(Arc::new(Fake { script: Arc::clone(script), sight, spec })),
        };
        let registry = Registry::new(vec![entry(spec, &script), entry(&OTHER, &Arc::default())]);
        let parts = Parts {
            store: store.clone(),
            registry: Arc::new(registry),
            media: Arc::new(MediaFiles::open(&folder.join("media")).unwrap()),
            http: net::Client::new(ClientConfig::default()).unwrap(),
            guarded: GuardedClient::new(GuardedConfig::default()).unwrap(),
            clock: Arc::clone(&clock) as Arc<dyn net::Clock>,
            entropy: Arc::clone(&entropy) as Arc<dyn Entropy>,
        };
        let config = EngineConfig { retry: RetryPolicy::default(), ..EngineConfig::default() };
        let (organization, workspace, account) = seed(&store, entropy.as_ref(), token_lasts).await;
        Self { store, clock, script, organization, account, workspace, entropy, parts, config, folder }
    }

    /// The database is as it was at `backup_at`, and this is the moment of the restore.
    pub(crate) async fn restored(&self, backup_at: Timestamp) {
        let now = net::Clock::now(self.clock.as_ref());
        store::mark_restored(&self.folder.join("test.db"), backup_at, now).await.unwrap();
    }

    /// A new process on the same database: it knows nothing but what is stored.
    pub(crate) fn engine(&self) -> Engine {
        Engine::new(self.parts.clone(), self.config.clone(), Wake::default())
    }

    /// A node with other settings on the same database.
    pub(crate) fn node(&self, set: impl FnOnce(&mut EngineConfig)) -> Engine {
        let mut config = self.config.clone();
        set(&mut config);
        Engine::new(self.parts.clone(), config, Wake::default())
    }

    /// A node that reaches receivers on this machine, or only public ones.
    pub(crate) fn delivering(&self, inside: bool, set: impl FnOnce(&mut EngineConfig)) -> Engine {
        let guard = GuardedConfig { allow_private_networks: inside, ..GuardedConfig::default() };
        let parts = Parts { guarded: GuardedClient::new(guard).unwrap(), ..self.parts.clone() };
        let mut config = self.config.clone();
        set(&mut config);
        Engine::new(parts, config, Wake::default())
    }

    /// A webhook that asks for everything.
    pub(crate) async fn webhook(&self, url: &str) -> WebhookId {
        let id = WebhookId(self.entropy.uuid(START));
        let new = NewWebhook {
            id,
            url: url.to_owned(),
            events: EventKind::SUBSCRIBABLE.to_vec(),
            name: None,
            description: None,
            secret: SECRET.to_owned(),
            nonce: [8; 24],
            now: START,
        };
        assert_eq!(
            self.store.create_webhook(self.organization, new, 25, None).await.unwrap(),
            store::Once::Done(true)
        );
        id
    }

    /// Something that happens to the library.
    pub(crate) async fn happen(&self, kind: EventKind) -> EventId {
        let now = net::Clock::now(self.clock.as_ref());
        let event = NewEvent {
            id: EventId(self.entropy.uuid(now)),
            kind,
            payload: serde_json::json!({ "account_id": self.account }),
        };
        let media = MediaId(self.entropy.uuid(now));
        let row = MediaRow {
            id: media,
            workspace_id: self.workspace,
            kind: "image".to_owned(),
            filename: "a.png".to_owned(),
            content_type: "image/png".to_owned(),
            size_bytes: 1,
            width: None,
            height: None,
            seconds: None,
            facts: None,
            sha256: String::new(),
            thumbnail_sha256: None,
            status: "uploading".to_owned(),
            error_message: None,
            arrives_by: "put".to_owned(),
            source_url: None,
            created_at: now,
            expires_at: None,
        };
        let sha256 = media.to_string();
        let finish = FinishMedia {
            sha256: sha256.clone(),
            kind: row.kind.clone(),
            content_type: row.content_type.clone(),
            size_bytes: 1,
            width: None,
            height: None,
            seconds: None,
            facts: None,
            work: None,
            quota: None,
            now,
        };
        let id = event.id;
        self.store.begin_media(self.organization, row, None, None).await.unwrap();
        self.store.hold_file(self.organization, media, &sha256, now).await.unwrap();
        let finished = self.store.finish_media(self.organization, media, finish, event, None).await;
        assert_eq!(finished.unwrap(), FinishedMedia::Ready);
        id
    }

    /// The log of a webhook, oldest first.
    pub(crate) async fn deliveries(&self, webhook: WebhookId) -> Vec<DeliveryRow> {
        let all = DeliveryFilter::default();
        let mut rows =
            self.store.list_deliveries(self.organization, webhook, &all, (100, 0, None)).await.unwrap();
        rows.reverse();
        rows
    }

    pub(crate) async fn webhook_row(&self, webhook: WebhookId) -> WebhookRow {
        self.store.find_webhook(self.organization, webhook).await.unwrap().unwrap()
    }

    /// Connects the account again with these credentials, as of now.
    pub(crate) async fn hold(&self, credentials: &Credentials) {
        let now = net::Clock::now(self.clock.as_ref());
        let mut new = new_account(self.workspace, "1".into(), credentials);
        new.now = now;
        assert_eq!(self.store.connect_account(self.organization, new).await.unwrap(), (self.account, false));
    }

    /// What the account holds now.
    pub(crate) async fn held(&self) -> Credentials {
        let found = self.store.find_credentials(self.organization, self.account).await.unwrap().unwrap();
        serde_json::from_slice(&found.bytes).unwrap()
    }

    pub(crate) async fn account_row(&self) -> store::AccountRow {
        self.store.find_account(self.organization, self.account, START).await.unwrap().unwrap()
    }

    pub(crate) fn script(&self, fill: impl FnOnce(&mut Script)) {
        fill(&mut self.script.lock().unwrap());
    }

    pub(crate) fn workspace(&self) -> WorkspaceId {
        self.workspace
    }

    pub(crate) fn live(&self) -> Vec<String> {
        self.script.lock().unwrap().live.clone()
    }

    pub(crate) async fn post(&self, text: &str, thread: &[&str], due: Timestamp) -> PostId {
        self.post_to(self.account, text, thread, due).await
    }

    /// Another account of the same platform.
    pub(crate) async fn another_account(&self) -> AccountId {
        let user = self.entropy.uuid(START).to_string();
        connect(&self.store, self.organization, self.workspace, user, Some(Span::from_days(9))).await
    }

    /// An account of the other platform.
    pub(crate) async fn other_account(&self) -> AccountId {
        let new = NewAccount {
            platform: OTHER.name.clone(),
            ..new_account(self.workspace, self.entropy.uuid(START).to_string(), &endless())
        };
        self.store.connect_account(self.organization, new).await.unwrap().0
    }

    pub(crate) async fn post_to(
        &self,
        account: AccountId,
        text: &str,
        thread: &[&str],
        due: Timestamp,
    ) -> PostId {
        self.write_post(&[account], text, thread, due, Approval::default()).await
    }

    /// A post to all of these accounts, due at once.
    pub(crate) async fn post_to_all(&self, accounts: &[AccountId], text: &str) -> PostId {
        self.write_post(accounts, text, &[], START, Approval::default()).await
    }

    /// A post that waits for an approval.
    pub(crate) async fn waiting_post(&self, accounts: &[AccountId], text: &str, due: Timestamp) -> PostId {
        self.write_post(accounts, text, &[], due, self.approval(ApprovalState::Requested)).await
    }

    fn approval(&self, state: ApprovalState) -> Approval {
        let api_key_id = ApiKeyId(self.entropy.uuid(START));
        let step = ApprovalStep { api_key_id, user_id: UserId(501), at: START, note: None };
        Approval { state, step: Some(step) }
    }

    /// Takes a step of the post's approval; one that lets it out late does so at this moment.
    pub(crate) async fn approval_step(&self, post: PostId, state: ApprovalState) -> ApprovalOutcome {
        let row = self.store.find_post(self.organization, self.workspace, post).await.unwrap().unwrap();
        let now = net::Clock::now(self.clock.as_ref());
        let is_late = !state.waits() && row.scheduled_for.is_some_and(|due| due <= now);
        let change = ApprovalChange {
            post,
            workspace: self.workspace,
            expected_updated_at: row.updated_at,
            approval: self.approval(state),
            status: if is_late { PostStatus::Publishing } else { PostStatus::Scheduled },
            moves_to: is_late.then_some(now),
            allow_duplicate: true,
            event: NewEvent {
                id: EventId(self.entropy.uuid(now)),
                kind: EventKind::PostApproved,
                payload: serde_json::json!({ "post_id": post }),
            },
            now: now.max(row.updated_at + Span::from_micros(1)),
        };
        self.store.change_approval(self.organization, change).await.unwrap()
    }

    async fn write_post(
        &self,
        accounts: &[AccountId],
        text: &str,
        thread: &[&str],
        due: Timestamp,
        approval: Approval,
    ) -> PostId {
        let id = PostId(self.entropy.uuid(START));
        let mut platforms = Vec::new();
        for account in accounts {
            let row = self.store.find_account(self.organization, *account, START).await.unwrap().unwrap();
            platforms.push(row.platform);
        }
        let destination = |(account, platform): (&AccountId, PlatformName)| NewDestination {
            id: DestinationId(self.entropy.uuid(START)),
            account_id: *account,
            platform,
            scheduled_for: due,
            fingerprint: None,
        };
        let row = NewPostRow {
            id,
            workspace_id: self.workspace,
            api_key_id: ApiKeyId(self.entropy.uuid(START)),
            content: text.to_owned(),
            status: PostStatus::Scheduled,
            scheduled_for: Some(due),
            timezone: "UTC".to_owned(),
            account_ids: accounts.to_vec(),
            media_ids: vec![],
            platform_content: "{}".to_owned(),
            thread_posts: thread.iter().map(|part| (*part).to_owned()).collect(),
            campaign_id: None,
            approval,
            destinations: accounts.iter().zip(platforms).map(destination).collect(),
            now: START,
        };
        self.store.create_post(self.organization, row, None).await.unwrap();
        id
    }

    pub(crate) async fn destination(&self, post: PostId) -> DestinationRow {
        self.store.list_destinations(self.organization, &[post]).await.unwrap().remove(0)
    }

    pub(crate) async fn post_status(&self, post: PostId) -> PostStatus {
        self.store.find_post(self.organization, self.workspace, post).await.unwrap().unwrap().status
    }

    /// Runs the engine, moving the clock to whatever comes next, until nothing is left to do.
    pub(crate) async fn settle(&self) {
        let engine = self.engine();
        for _ in 0..200 {
            if engine.run_once().await.unwrap() > 0 {
                continue;
            }
            let now = net::Clock::now(self.clock.as_ref());
            match self.store.next_due(now).await.unwrap() {
                Some(next) => self.clock.set(next),
                None => return,
            }
        }
        panic!("the engine never came to rest");
    }
}

fn rand_name() -> u128 {
    let mut bytes = [0; 16];
    net::SystemEntropy.fill(&mut bytes);
    u128::from_le_bytes(bytes)
}

async fn seed(
    store: &Store,
    entropy: &SeededEntropy,
    token_lasts: Option<Span>,
) -> (OrganizationId, WorkspaceId, AccountId) {
    let organization = OrganizationId(entropy.uuid(START));
    let workspace_id = WorkspaceId(entropy.uuid(START));
    let new = NewOrganization {
        id: organization,
        name: "Test".into(),
        workspace_id,
        workspace_name: "Main".into(),
        user_email: "a@example.org".into(),
        user_name: "A".into(),
        created_at: START,
    };
    store.create_organization(new).await.unwrap();
    let account = connect(store, organization, workspace_id, "1".into(), token_lasts).await;
    (organization, workspace_id, account)
}

async fn connect(
    store: &Store,
    organization: OrganizationId,
    workspace_id: WorkspaceId,
    platform_user_id: String,
    token_lasts: Option<Span>,
) -> AccountId {
    let credentials = Credentials {
        refresh_token: Some("refresh".into()),
        access_expires_at: token_lasts.map(|lasts| START + lasts),
        ..endless()
    };
    let new = new_account(workspace_id, platform_user_id, &credentials);
    store.connect_account(organization, new).await.unwrap().0
}

/// A token without an end that nothing renews.
pub(crate) fn endless() -> Credentials {
    Credentials::lasting("secret".into())
}

fn new_account(workspace_id: WorkspaceId, platform_user_id: String, credentials: &Credentials) -> NewAccount {
    NewAccount {
        workspace_id,
        platform: SPEC.name.clone(),
        platform_user_id,
        username: None,
        display_name: "Fake account".into(),
        avatar_url: None,
        premium: false,
        service_url: None,
        access_ends_at: credentials.access_ends_at(),
        credentials: serde_json::to_vec(&credentials).unwrap(),
        nonce: [3; 24],
        now: START,
    }
}
