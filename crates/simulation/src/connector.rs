//! The connector of the simulated platforms.

use std::pin::Pin;

use connector::{
    Auth, CommitPermit, Credentials, Cx, Failure, Identity, Intent, Next, Platform, PlatformLimits,
    PlatformSpec, Publication, Receipt, SignIn, StartCx, Verdict,
};
use domain::rules::{PlatformRules, TextRules};
use domain::text::CountingRule;
use domain::{Class, PlatformName, Span};
use net::Sent;
use serde::{Deserialize, Serialize};

use crate::ledger::Kind;
use crate::network::{Answer, Call, Request, Unanswered};
use crate::stage::Stage;

/// How often a post is worked on before its commit, at most.
const MOST_STEPS: u8 = 3;
/// How long the platform takes over a post before its commit.
const PROCESSING: Span = Span::from_seconds(7);

const RULES: PlatformRules = PlatformRules {
    text: TextRules::up_to(1000, CountingRule::CodePoints),
    threads: true,
    ..PlatformRules::OPEN
};

const fn spec(name: &'static str, settle: Span) -> PlatformSpec {
    PlatformSpec {
        name: PlatformName::from_static(name),
        display_name: name,
        sign_in: SignIn::OAuth,
        logins: &[],
        versions: &[],
        hosts: &[],
        rules: RULES,
        limits: PlatformLimits::UNKNOWN,
        settle,
        refresh_margin: Span::from_minutes(5),
    }
}

static READABLE: PlatformSpec = spec("readable", Span::from_seconds(60));
static REFUSING: PlatformSpec = spec("refusing", Span::from_seconds(45));
static BLIND: PlatformSpec = spec("blind", Span::from_seconds(60));

impl Kind {
    pub(crate) fn spec(self) -> &'static PlatformSpec {
        match self {
            Self::Readable => &READABLE,
            Self::Refusing => &REFUSING,
            Self::Blind => &BLIND,
        }
    }
}

/// A simulated platform.
pub(crate) struct Simulated {
    pub(crate) stage: Stage,
    pub(crate) kind: Kind,
}

/// Where a publish stands.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq)]
pub(crate) enum Progress {
    /// So many steps are left.
    Prepare { left: u8 },
    /// The platform is at work.
    Processing,
    /// This part is next; `first` is the id of the first one, once it is public.
    Ready { part: usize, first: String },
}

impl Simulated {
    async fn ask(&self, cx: &Cx<'_>, call: Call) -> Result<Answer, Failure> {
        let account = cx.account.platform_user_id.parse().unwrap_or(0);
        let token = cx.credentials.access_token.clone();
        let answer = self.stage.exchange(Request { account, token, call }).await;
        self.stage.point().await;
        self.classify(answer)
    }

    /// What an answer means; the one place that says which answers prove that nothing was done.
    fn classify(&self, answer: Result<Answer, Unanswered>) -> Result<Answer, Failure> {
        let fail = |class: Class, sent: Sent| {
            let name = self.kind.spec().display_name;
            Err(Failure { sent, ..Failure::before_sending(class, format!("{name} did not take it.")) })
        };
        match answer {
            Err(Unanswered::NeverLeft) => fail(Class::Transient, Sent::No),
            Err(Unanswered::Lost) | Ok(Answer::ServerError) => fail(Class::Transient, Sent::Maybe),
            Ok(Answer::Unproven) => fail(Class::Ambiguous, Sent::Maybe),
            Ok(Answer::Limited(until)) => fail(Class::RateLimited { until }, Sent::Answered),
            Ok(Answer::Expired) => fail(Class::TokenExpired, Sent::Answered),
            Ok(Answer::Rejected) => fail(Class::ContentRejected, Sent::Answered),
            Ok(answer) => Ok(answer),
        }
    }

    fn after(to: &Publication, part: usize, id: &str, first: &str) -> Next<Progress> {
        let first = if part == 0 { id } else { first }.to_owned();
        if part < to.thread.len() {
            return Next::Go(Progress::Ready { part: part + 1, first });
        }
        let platform_post_url = format!("https://simulated.example/{first}");
        Next::Published(Receipt { platform_post_id: first, platform_post_url, warnings: vec![] })
    }

    fn text(to: &Publication, part: usize) -> String {
        part.checked_sub(1).and_then(|at| to.thread.get(at)).unwrap_or(&to.text).clone()
    }
}

fn lost_progress() -> Failure {
    Failure::before_sending(Class::Transient, "The stored progress is of another step.")
}

impl Platform for Simulated {
    type State = Progress;

    fn spec(&self) -> &'static PlatformSpec {
        self.kind.spec()
    }

    fn start(&self, cx: StartCx<'_>, _: &Publication) -> Progress {
        let mut byte = [0];
        cx.entropy.fill(&mut byte);
        Progress::Prepare { left: byte[0] % (MOST_STEPS + 1) }
    }

    async fn step(&self, cx: &Cx<'_>, _: &Publication, at: Progress) -> Result<Next<Progress>, Failure> {
        Ok(match at {
            Progress::Prepare { left: 0 } | Progress::Processing => {
                Next::Go(Progress::Ready { part: 0, first: String::new() })
            }
            Progress::Prepare { left } => {
                self.stage.point().await;
                self.ask(cx, Call::Prepare).await?;
                if left == 1 {
                    Next::Wait(Progress::Processing, cx.now() + PROCESSING)
                } else {
                    Next::Go(Progress::Prepare { left: left - 1 })
                }
            }
            ready @ Progress::Ready { .. } => Next::Commit(ready),
        })
    }

    async fn commit(
        &self,
        cx: &Cx<'_>,
        to: &Publication,
        at: Progress,
        permit: CommitPermit,
    ) -> Result<Next<Progress>, Failure> {
        let Progress::Ready { part, first } = at else { return Err(lost_progress()) };
        self.stage.point_at_stake().await;
        if !permit.is_good_at(cx.now()) {
            // As `Cx::send_commit` does for the connectors that have something to send.
            return Err(Failure::before_sending(Class::Transient, "It stood still for too long."));
        }
        let text = Self::text(to, part);
        let call = Call::Publish { destination: to.destination_id, part, text };
        match self.ask(cx, call).await? {
            Answer::Done(id) => Ok(Self::after(to, part, &id, &first)),
            Answer::Duplicate(id) if permit.repeats_unknown() => Ok(Self::after(to, part, &id, &first)),
            Answer::Duplicate(id) => {
                let class = Class::Duplicate { existing: Some(id) };
                let failure = Failure::before_sending(class, "The platform has it already.");
                Err(Failure { sent: Sent::Answered, ..failure })
            }
            _ => Err(lost_progress()),
        }
    }

    async fn reconcile(
        &self,
        cx: &Cx<'_>,
        to: &Publication,
        at: Progress,
        _: &Intent,
    ) -> Result<Verdict<Progress>, Failure> {
        let Progress::Ready { part, first } = &at else { return Err(lost_progress()) };
        match self.kind {
            Kind::Blind => Ok(Verdict::Unknowable),
            Kind::Refusing => Ok(Verdict::Repeat(at)),
            Kind::Readable => {
                self.stage.point().await;
                match self.ask(cx, Call::Look { text: Self::text(to, *part) }).await? {
                    Answer::Found(Some(id)) => Ok(Verdict::Found(Self::after(to, *part, &id, first))),
                    _ => Ok(Verdict::Absent(at)),
                }
            }
        }
    }

    fn auth(&self) -> &dyn Auth {
        self
    }
}

impl Auth for Simulated {
    fn refresh<'a>(
        &'a self,
        cx: &'a Cx<'a>,
    ) -> Pin<Box<dyn Future<Output = Result<Credentials, Failure>> + Send + 'a>> {
        Box::pin(async move {
            self.stage.point().await;
            match self.ask(cx, Call::Renew).await? {
                Answer::Token(access_token, end) => {
                    Ok(Credentials { access_token, access_expires_at: Some(end), ..cx.credentials.clone() })
                }
                _ => Err(lost_progress()),
            }
        })
    }

    fn identify<'a>(
        &'a self,
        _: &'a Cx<'a>,
    ) -> Pin<Box<dyn Future<Output = Result<Identity, Failure>> + Send + 'a>> {
        Box::pin(async { Err(lost_progress()) })
    }
}
