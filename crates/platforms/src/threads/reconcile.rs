//! Finding out what became of a commit whose answer was lost: the container tells, and where it
//! cannot, the account's own recent posts do.

use connector::{Cx, Failure, Intent, Next, Publication, Verdict};

use super::NAME;
use super::container::{Standing, standing};
use super::lookup::{Look, find};
use super::publish::{after, anew, permalink, without_comment};
use super::state::{Stage, State};

/// What a look came to.
enum Seen {
    /// Published, as a post that is yet to be found.
    Published(Stage),
    /// Published, as this post.
    Post(String),
    /// Not there; this is what to go on with.
    Missing(State),
    /// Nobody can tell.
    InVain,
}

pub(super) async fn reconcile(
    cx: &Cx<'_>,
    to: &Publication,
    at: State,
    intent: &Intent,
) -> Result<Verdict<State>, Failure> {
    if at.stage == Stage::Permalink {
        return permalink(cx, at).await.map(Verdict::Found);
    }
    let is_comment = at.is_comment(to);
    let missed = |at: State| Verdict::Found(without_comment(at, &format!("{NAME} does not show it.")));
    match look(cx, to, &at, intent).await {
        Ok(Seen::Published(stage)) => Ok(Verdict::Found(Next::Go(State { misses: 0, ..at }.to(stage)))),
        Ok(Seen::Post(id)) => Ok(Verdict::Found(after(cx, to, at, id))),
        // A comment is not worth a second try that might fail the post.
        Ok(Seen::Missing(_) | Seen::InVain) if is_comment => Ok(missed(at)),
        Ok(Seen::Missing(state)) => Ok(Verdict::Absent(state)),
        Ok(Seen::InVain) => Ok(Verdict::Unknowable),
        Err(failure) if is_comment && !failure.died => {
            Ok(Verdict::Found(without_comment(at, &failure.public)))
        }
        Err(failure) => Err(failure),
    }
}

async fn look(cx: &Cx<'_>, to: &Publication, at: &State, intent: &Intent) -> Result<Seen, Failure> {
    if let Stage::Processing { container, since }
    | Stage::Ready { container, since }
    | Stage::Locate { container, since } = &at.stage
    {
        let (container, since) = (container.clone(), *since);
        match standing(cx, &container).await? {
            Standing::Published => return Ok(Seen::Published(Stage::Locate { container, since })),
            // After a restore another container may have been made since.
            Standing::Finished if !intent.restored => return Ok(Seen::Missing(at.clone())),
            Standing::Processing if !intent.restored => {
                return Ok(Seen::Missing(at.clone().to(Stage::Processing { container, since })));
            }
            Standing::Finished | Standing::Processing | Standing::Failed(_) | Standing::Gone => {}
        }
    }
    if intent.restored && at.text(to).trim().is_empty() {
        // There is nothing to know it by.
        return Ok(Seen::InVain);
    }
    match find(cx, to, at, intent.at).await? {
        Look::Found(id) => Ok(Seen::Post(id)),
        Look::Missing => Ok(Seen::Missing(anew(to, at.clone()))),
        Look::InVain => Ok(Seen::InVain),
    }
}
