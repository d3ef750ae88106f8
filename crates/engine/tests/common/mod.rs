//! A platform that does what a script says, and the database with an account on it.

#![expect(clippy::unwrap_used, reason = "a test's set-up may panic")]

mod world;

use std::collections::VecDeque;
use std::pin::Pin;
use std::sync::{Arc, Mutex};

use connector::{
    Auth, Call, CommitPermit, Credentials, Cx, Failure, Identity, Intent, LivePost, Metrics, Next, Platform,
    PlatformLimits, PlatformSpec, PostReading, Publication, Reading, Receipt, SignIn, StartCx, Verdict,
};
use domain::metrics::Figures;
use domain::rules::{PlatformRules, TextRules};
use domain::text::CountingRule;
use domain::{Class, PlatformName, Span, Timestamp};
use net::Sent;
use serde::{Deserialize, Serialize};

pub(crate) use world::{SECRET, World, endless};

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
    /// No answer ever comes; only of a step.
    Hang,
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
    /// Whether the platform tells no numbers.
    pub(crate) tells_nothing: bool,
    pub(crate) readings: VecDeque<Act>,
    /// The addresses of the posts that were read, and when.
    pub(crate) read: Vec<(String, Timestamp)>,
    pub(crate) counts: VecDeque<Act>,
    /// When followers were counted.
    pub(crate) counted: Vec<Timestamp>,
    pub(crate) gone: bool,
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

pub(crate) static SPEC: PlatformSpec = platform("fake", PlatformLimits::UNKNOWN);
/// Another platform, which does what it should.
pub(crate) static OTHER: PlatformSpec = platform("other", PlatformLimits::UNKNOWN);

/// A platform with the rules of all of these tests.
pub(crate) const fn platform(name: &'static str, limits: PlatformLimits) -> PlatformSpec {
    PlatformSpec {
        name: PlatformName::from_static(name),
        display_name: "Fake",
        sign_in: SignIn::OAuth,
        logins: &[],
        versions: &[],
        hosts: &[],
        rules: RULES,
        limits,
        settle: SETTLE,
        refresh_margin: Span::from_minutes(5),
    }
}

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
        Act::Hang => panic!("only a step hangs"),
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
                if matches!(act, Act::Hang) {
                    return std::future::pending().await;
                }
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

    fn metrics(&self) -> Option<&dyn Metrics> {
        Some(self).filter(|fake| !fake.script.lock().unwrap().tells_nothing).map(|fake| fake as &dyn Metrics)
    }
}

impl Metrics for Fake {
    fn read_post<'a>(&'a self, cx: &'a Cx<'a>, post: &'a LivePost) -> Reading<'a, PostReading> {
        Box::pin(async move {
            tokio::task::yield_now().await;
            let mut script = self.script.lock().unwrap();
            let act = Self::act(&mut script.readings);
            outcome(act).1?;
            script.read.push((post.url.clone(), cx.now()));
            if script.gone {
                return Ok(PostReading::Gone);
            }
            let likes = i64::try_from(script.read.len()).ok();
            Ok(PostReading::Read(Figures { likes, ..Figures::default() }))
        })
    }

    fn read_followers<'a>(&'a self, cx: &'a Cx<'a>) -> Reading<'a, Option<i64>> {
        Box::pin(async move {
            tokio::task::yield_now().await;
            let mut script = self.script.lock().unwrap();
            let act = Self::act(&mut script.counts);
            outcome(act).1?;
            script.counted.push(cx.now());
            Ok(i64::try_from(100 + script.counted.len()).ok())
        })
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
