//! The untyped face of a platform, which the engine sees: states are JSON texts.

use std::future::Future;
use std::pin::Pin;

use domain::Class;

use crate::{
    Auth, CommitPermit, Cx, Deletion, Failure, Intent, Metrics, Next, Platform, PlatformSpec, Publication,
    StartCx, Verdict,
};

/// [`Next`] with the state as JSON text.
pub type DynNext = Next<String>;
/// [`Verdict`] with the state as JSON text.
pub type DynVerdict = Verdict<String>;

type Answered<'a, T> = Pin<Box<dyn Future<Output = Result<T, Failure>> + Send + 'a>>;

/// A platform with its state's type hidden. Implemented for every [`Platform`].
pub trait Connector: Send + Sync {
    /// The platform's facts.
    fn spec(&self) -> &'static PlatformSpec;
    /// See [`Platform::start`].
    fn start(&self, cx: StartCx<'_>, to: &Publication) -> String;
    /// See [`Platform::step`].
    fn step<'a>(&'a self, cx: &'a Cx<'a>, to: &'a Publication, at: &'a str) -> Answered<'a, DynNext>;
    /// See [`Platform::commit`].
    fn commit<'a>(
        &'a self,
        cx: &'a Cx<'a>,
        to: &'a Publication,
        at: &'a str,
        permit: CommitPermit,
    ) -> Answered<'a, DynNext>;
    /// See [`Platform::reconcile`].
    fn reconcile<'a>(
        &'a self,
        cx: &'a Cx<'a>,
        to: &'a Publication,
        at: &'a str,
        intent: &'a Intent,
    ) -> Answered<'a, DynVerdict>;
    /// See [`Platform::looks_up_after_restore`].
    fn looks_up_after_restore(&self) -> bool;
    /// See [`Platform::auth`].
    fn auth(&self) -> &dyn Auth;
    /// See [`Platform::deletion`].
    fn deletion(&self) -> Option<&dyn Deletion>;

    /// See [`Platform::metrics`].
    fn metrics(&self) -> Option<&dyn Metrics>;
}

impl<P: Platform> Connector for P {
    fn spec(&self) -> &'static PlatformSpec {
        Platform::spec(self)
    }

    fn start(&self, cx: StartCx<'_>, to: &Publication) -> String {
        write_state::<P>(&Platform::start(self, cx, to))
    }

    fn step<'a>(&'a self, cx: &'a Cx<'a>, to: &'a Publication, at: &'a str) -> Answered<'a, DynNext> {
        Box::pin(async move {
            let next = Platform::step(self, cx, to, read_state::<P>(at)?).await?;
            Ok(write_next::<P>(next))
        })
    }

    fn commit<'a>(
        &'a self,
        cx: &'a Cx<'a>,
        to: &'a Publication,
        at: &'a str,
        permit: CommitPermit,
    ) -> Answered<'a, DynNext> {
        Box::pin(async move {
            let next = Platform::commit(self, cx, to, read_state::<P>(at)?, permit).await?;
            Ok(write_next::<P>(next))
        })
    }

    fn reconcile<'a>(
        &'a self,
        cx: &'a Cx<'a>,
        to: &'a Publication,
        at: &'a str,
        intent: &'a Intent,
    ) -> Answered<'a, DynVerdict> {
        Box::pin(async move {
            let verdict = Platform::reconcile(self, cx, to, read_state::<P>(at)?, intent).await?;
            Ok(match verdict {
                Verdict::Found(next) => Verdict::Found(write_next::<P>(next)),
                Verdict::Absent(state) => Verdict::Absent(write_state::<P>(&state)),
                Verdict::Repeat(state) => Verdict::Repeat(write_state::<P>(&state)),
                Verdict::Unknowable => Verdict::Unknowable,
            })
        })
    }

    fn looks_up_after_restore(&self) -> bool {
        Platform::looks_up_after_restore(self)
    }

    fn auth(&self) -> &dyn Auth {
        Platform::auth(self)
    }

    fn deletion(&self) -> Option<&dyn Deletion> {
        Platform::deletion(self)
    }

    fn metrics(&self) -> Option<&dyn Metrics> {
        Platform::metrics(self)
    }
}

fn write_next<P: Platform>(next: Next<P::State>) -> DynNext {
    match next {
        Next::Go(state) => Next::Go(write_state::<P>(&state)),
        Next::Wait(state, until) => Next::Wait(write_state::<P>(&state), until),
        Next::Commit(state) => Next::Commit(write_state::<P>(&state)),
        Next::Published(receipt) => Next::Published(receipt),
    }
}

fn write_state<P: Platform>(state: &P::State) -> String {
    // States are plain structs and enums with text keys; they always have a JSON form.
    serde_json::to_string(state).unwrap_or_default()
}

fn read_state<P: Platform>(text: &str) -> Result<P::State, Failure> {
    serde_json::from_str(text).map_err(|error| Failure {
        internal: crate::Internal::new(format!("stored state: {error}")),
        ..Failure::before_sending(Class::Transient, "The stored progress of this post could not be read.")
    })
}
