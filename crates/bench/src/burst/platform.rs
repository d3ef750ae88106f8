//! A platform for measurements: its commit is one request to the sink, or nothing at all.

use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};

use connector::{
    Auth, CommitPermit, Credentials, Cx, Failure, Identity, Intent, Next, Platform, PlatformLimits,
    PlatformSpec, Publication, Receipt, SignIn, StartCx, Verdict,
};
use domain::rules::PlatformRules;
use domain::{Class, PlatformName, Span, Timestamp};
use net::{Clock as _, Request, SystemClock};
use url::Url;

pub(crate) static SPEC: PlatformSpec = PlatformSpec {
    name: PlatformName::from_static("bench"),
    display_name: "Bench",
    sign_in: SignIn::Credential,
    logins: &[],
    versions: &[],
    hosts: &[],
    rules: PlatformRules::OPEN,
    limits: PlatformLimits::UNKNOWN,
    settle: Span::from_seconds(60),
    refresh_margin: Span::ZERO,
};

/// The connector to it.
#[derive(Clone)]
pub(crate) struct Bench {
    sink: Option<Url>,
    /// When each commit was answered.
    ends: Arc<Mutex<Vec<Timestamp>>>,
}

impl Bench {
    pub(crate) fn new(sink: Option<Url>) -> Self {
        Self { sink, ends: Arc::default() }
    }

    pub(crate) fn ends(&self) -> Vec<Timestamp> {
        self.ends.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(crate) fn count(&self) -> usize {
        self.ends.lock().unwrap_or_else(PoisonError::into_inner).len()
    }
}

/// The request that makes a post of `text` public.
pub(crate) fn request(url: &Url, token: &str, text: &str) -> Request {
    Request::post(url.clone()).bearer(token).json(&serde_json::json!({ "text": text }))
}

impl Platform for Bench {
    type State = ();

    fn spec(&self) -> &'static PlatformSpec {
        &SPEC
    }

    fn start(&self, _: StartCx<'_>, _: &Publication) {}

    async fn step(&self, _: &Cx<'_>, _: &Publication, (): ()) -> Result<Next<()>, Failure> {
        Ok(Next::Commit(()))
    }

    async fn commit(
        &self,
        cx: &Cx<'_>,
        to: &Publication,
        (): (),
        permit: CommitPermit,
    ) -> Result<Next<()>, Failure> {
        if let Some(sink) = &self.sink {
            let sent = cx.send_commit(request(sink, &cx.credentials.access_token, &to.text), permit).await;
            if !sent.is_ok_and(|answer| answer.is_success()) {
                return Err(Failure::before_sending(Class::ContentRejected, "The sink refused."));
            }
        }
        self.ends.lock().unwrap_or_else(PoisonError::into_inner).push(SystemClock.now());
        Ok(Next::Published(Receipt {
            platform_post_id: to.destination_id.to_string(),
            platform_post_url: format!("https://bench.example/{}", to.destination_id),
            warnings: Vec::new(),
        }))
    }

    async fn reconcile(
        &self,
        _: &Cx<'_>,
        _: &Publication,
        (): (),
        _: &Intent,
    ) -> Result<Verdict<()>, Failure> {
        Ok(Verdict::Absent(()))
    }

    fn auth(&self) -> &dyn Auth {
        self
    }
}

impl Auth for Bench {
    fn refresh<'a>(
        &'a self,
        cx: &'a Cx<'a>,
    ) -> Pin<Box<dyn Future<Output = Result<Credentials, Failure>> + Send + 'a>> {
        Box::pin(async move { Ok(cx.credentials.clone()) })
    }

    fn identify<'a>(
        &'a self,
        _: &'a Cx<'a>,
    ) -> Pin<Box<dyn Future<Output = Result<Identity, Failure>> + Send + 'a>> {
        Box::pin(async {
            Err(Failure::before_sending(Class::PermissionMissing, "Nobody is asked who he is here."))
        })
    }
}
