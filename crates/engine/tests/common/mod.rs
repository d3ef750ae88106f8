//! A database with one account, and a platform that does what a script says.

#![expect(clippy::unwrap_used, reason = "a test's set-up may panic")]

use std::collections::VecDeque;
use std::path::PathBuf;
use std::pin::Pin;
use std::sync::{Arc, Mutex};

use connector::{
    Auth, Call, CommitPermit, Credentials, Cx, Entry, Failure, Identity, Intent, Next, Platform,
    PlatformLimits, PlatformSpec, Publication, Receipt, Registry, SignIn, StartCx, Verdict,
};
use domain::retry::RetryPolicy;
use domain::rules::{PlatformRules, TextRules};
use domain::text::CountingRule;
use domain::{
    AccountId, ApiKeyId, Class, DestinationId, OrganizationId, PlatformName, PostId, PostStatus, Span,
    Timestamp, WorkspaceId,
};
use fanfare_engine::{Engine, EngineConfig, Parts, Wake};
use media::MediaFiles;
use net::{ClientConfig, Entropy, FrozenClock, GuardedClient, GuardedConfig, SeededEntropy, Sent};
use serde::{Deserialize, Serialize};
use store::{DestinationRow, Keyring, NewAccount, NewDestination, NewOrganization, NewPostRow, Store};

pub(crate) const START: Timestamp = Timestamp::from_seconds(1_800_000_000);
pub(crate) const SETTLE: Span = Span::from_seconds(60);

/// What the platform does with the next call.
#[derive(Clone, Debug)]
pub(crate) enum Act {
    /// What it should.
    Work,
    /// It happens, and the answer is lost.
    LoseAnswer,
    /// It does not happen, and nobody can tell.
    Vanish,
    /// It is refused.
    Refuse(Class),
    /// The process dies before the call leaves.
    DieBefore,
    /// The process dies after it took effect.
    DieAfter,
    /// The connector panics.
    Panic,
}

/// How far back the platform can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sight {
    Clear,
    Blind,
    RefusesTwice,
}

/// Something that happens in the middle of a call.
pub(crate) type Meanwhile = Box<dyn FnOnce() -> Pin<Box<dyn Future<Output = ()> + Send>> + Send>;

#[derive(Default)]
pub(crate) struct Script {
    pub(crate) steps: VecDeque<Act>,
    pub(crate) commits: VecDeque<Act>,
    pub(crate) refreshes: VecDeque<Act>,
    /// What a renewal gives in place of two more hours.
    pub(crate) renewed: Option<fn(&Credentials, Timestamp) -> Credentials>,
    pub(crate) probes: VecDeque<Act>,
    /// Under which name and picture the platform shows the account.
    pub(crate) shown: Option<(&'static str, &'static str)>,
    pub(crate) probes_sent: usize,
    pub(crate) refreshes_sent: usize,
    pub(crate) during_last_step: Option<Meanwhile>,
    pub(crate) during_refresh: Option<Meanwhile>,
    pub(crate) live: Vec<String>,
    pub(crate) commits_sent: usize,
    pub(crate) refreshes_done: usize,
    /// The headers of the answers to commits.
    pub(crate) headers: VecDeque<Vec<(&'static str, String)>>,
    /// The most commits that were on their way at a time, and how many are.
    pub(crate) most_at_once: usize,
    pub(crate) at_once: usize,
}

#[derive(Clone)]
pub(crate) struct Fake {
    pub(crate) script: Arc<Mutex<Script>>,
    sight: Sight,
    spec: &'static PlatformSpec,
}

#[derive(Clone, Serialize, Deserialize, PartialEq, Debug)]
pub(crate) enum State {
    Upload,
    Ready { part: usize },
}

pub(crate) const RULES: PlatformRules = PlatformRules {
    text: TextRules::up_to(1000, CountingRule::CodePoints),
    threads: true,
    ..PlatformRules::OPEN
};

pub(crate) static SPEC: PlatformSpec = PlatformSpec {
    name: PlatformName::from_static("fake"),
    display_name: "Fake",
    sign_in: SignIn::OAuth,
    logins: &[],
    versions: &[],
    hosts: &[],
    rules: RULES,
    limits: PlatformLimits::UNKNOWN,
    settle: SETTLE,
    refresh_margin: Span::from_minutes(5),
};

impl Fake {
    fn act(queue: &mut VecDeque<Act>) -> Act {
        queue.pop_front().unwrap_or(Act::Work)
    }

    fn tell_headers(&self, cx: &Cx<'_>) {
        let told = self.script.lock().unwrap().headers.pop_front().unwrap_or_default();
        let mut headers = http::HeaderMap::new();
        for (name, value) in told {
            headers.insert(name, value.parse().unwrap());
        }
        let call = Call { method: http::Method::POST, path: "/posts".to_owned() };
        cx.limits.answered(&call, 200, &headers);
    }

    fn parts(to: &Publication) -> Vec<String> {
        std::iter::once(to.text.clone()).chain(to.thread.iter().cloned()).collect()
    }

    fn after(to: &Publication, part: usize) -> Next<State> {
        if part + 1 < Self::parts(to).len() {
            Next::Go(State::Ready { part: part + 1 })
        } else {
            let platform_post_url = format!("https://fake.example/{}", to.destination_id);
            Next::Published(Receipt { platform_post_id: "1".into(), platform_post_url, warnings: vec![] })
        }
    }
}

pub(crate) fn failure(class: Class, sent: Sent, died: bool) -> Failure {
    Failure { sent, died, ..Failure::before_sending(class, "Fake said no.") }
}

/// Whether the call takes effect, and how it ends.
fn outcome(act: Act) -> (bool, Result<(), Failure>) {
    match act {
        Act::Work => (true, Ok(())),
        Act::LoseAnswer => (true, Err(failure(Class::Transient, Sent::Maybe, false))),
        Act::Vanish => (false, Err(failure(Class::Transient, Sent::Maybe, false))),
        Act::Refuse(class) => (false, Err(failure(class, Sent::Answered, false))),
        Act::DieBefore => (false, Err(failure(Class::Transient, Sent::No, true))),
        Act::DieAfter => (true, Err(failure(Class::Transient, Sent::Maybe, true))),
        Act::Panic => panic!("scripted"),
    }
}

impl Platform for Fake {
    type State = State;

    fn spec(&self) -> &'static PlatformSpec {
        self.spec
    }

    fn start(&self, _: StartCx<'_>, _: &Publication) -> State {
        State::Upload
    }

    async fn step(&self, _: &Cx<'_>, _: &Publication, at: State) -> Result<Next<State>, Failure> {
        match at {
            State::Upload => {
                let act = Self::act(&mut self.script.lock().unwrap().steps);
                outcome(act).1?;
                Ok(Next::Go(State::Ready { part: 0 }))
            }
            State::Ready { part } => {
                let meanwhile = self.script.lock().unwrap().during_last_step.take();
                if let Some(meanwhile) = meanwhile {
                    meanwhile().await;
                }
                Ok(Next::Commit(State::Ready { part }))
            }
        }
    }

    async fn commit(
        &self,
        cx: &Cx<'_>,
        to: &Publication,
        at: State,
        permit: CommitPermit,
    ) -> Result<Next<State>, Failure> {
        let State::Ready { part } = at else { panic!("committed before it was ready") };
        let text = Self::parts(to)[part].clone();
        let act = {
            let mut script = self.script.lock().unwrap();
            script.commits_sent += 1;
            script.at_once += 1;
            script.most_at_once = script.most_at_once.max(script.at_once);
            Self::act(&mut script.commits)
        };
        tokio::task::yield_now().await;
        self.script.lock().unwrap().at_once -= 1;
        self.tell_headers(cx);
        let (happens, end) = outcome(act);
        let mut script = self.script.lock().unwrap();
        if happens && self.sight == Sight::RefusesTwice && script.live.contains(&text) {
            if permit.repeats_unknown() {
                return Ok(Self::after(to, part));
            }
            return Err(failure(Class::Duplicate { existing: None }, Sent::Answered, false));
        }
        if happens {
            script.live.push(text);
        }
        end.map(|()| Self::after(to, part))
    }

    async fn reconcile(
        &self,
        _: &Cx<'_>,
        to: &Publication,
        at: State,
        _: &Intent,
    ) -> Result<Verdict<State>, Failure> {
        let State::Ready { part } = at else { panic!("looked up before it was ready") };
        let live = self.script.lock().unwrap().live.contains(&Self::parts(to)[part]);
        Ok(match self.sight {
            Sight::Blind => Verdict::Unknowable,
            Sight::RefusesTwice => Verdict::Repeat(at),
            Sight::Clear if live => Verdict::Found(Self::after(to, part)),
            Sight::Clear => Verdict::Absent(at),
        })
    }

    fn auth(&self) -> &dyn Auth {
        self
    }
}

impl Auth for Fake {
    fn refresh<'a>(
        &'a self,
        cx: &'a Cx<'a>,
    ) -> Pin<Box<dyn Future<Output = Result<Credentials, Failure>> + Send + 'a>> {
        Box::pin(async move {
            let meanwhile = self.script.lock().unwrap().during_refresh.take();
            if let Some(meanwhile) = meanwhile {
                meanwhile().await;
            }
            let mut script = self.script.lock().unwrap();
            let act = Self::act(&mut script.refreshes);
            script.refreshes_sent += 1;
            outcome(act).1?;
            script.refreshes_done += 1;
            if let Some(renewed) = script.renewed {
                return Ok(renewed(cx.credentials, cx.now()));
            }
            Ok(Credentials {
                access_expires_at: Some(cx.now() + Span::from_hours(2)),
                ..cx.credentials.clone()
            })
        })
    }

    fn identify<'a>(
        &'a self,
        cx: &'a Cx<'a>,
    ) -> Pin<Box<dyn Future<Output = Result<Identity, Failure>> + Send + 'a>> {
        Box::pin(async {
            let mut script = self.script.lock().unwrap();
            script.probes_sent += 1;
            outcome(Self::act(&mut script.probes)).1?;
            let (name, picture) = script.shown.unwrap_or(("Fake account", "https://fake.example/a.jpg"));
            Ok(Identity {
                platform_user_id: cx.account.platform_user_id.clone(),
                username: None,
                display_name: name.to_owned(),
                avatar_url: Some(picture.to_owned()),
                premium: false,
                service_url: None,
            })
        })
    }
}

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
        let fake = Fake { script: Arc::clone(&script), sight, spec };
        let registry = Registry::new(vec![Entry { spec, connector: Some(Arc::new(fake)) }]);
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

    pub(crate) async fn post_to(
        &self,
        account: AccountId,
        text: &str,
        thread: &[&str],
        due: Timestamp,
    ) -> PostId {
        let id = PostId(self.entropy.uuid(START));
        let row = NewPostRow {
            id,
            workspace_id: self.workspace,
            api_key_id: ApiKeyId(self.entropy.uuid(START)),
            content: text.to_owned(),
            status: PostStatus::Scheduled,
            scheduled_for: Some(due),
            timezone: "UTC".to_owned(),
            account_ids: vec![account],
            media_ids: vec![],
            platform_content: "{}".to_owned(),
            thread_posts: thread.iter().map(|part| (*part).to_owned()).collect(),
            campaign_id: None,
            destinations: vec![NewDestination {
                id: DestinationId(self.entropy.uuid(START)),
                account_id: account,
                platform: SPEC.name.clone(),
                scheduled_for: due,
            }],
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
    Credentials {
        access_token: "secret".into(),
        refresh_token: None,
        access_expires_at: None,
        refresh_expires_at: None,
        scopes: vec![],
        secret: None,
        renews_itself: false,
    }
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
