//! Finding out what became of a request whose answer was lost: the container tells by its own
//! status whether it was published.

use connector::{Cx, Failure, Intent, Next, Publication, Verdict};

use super::NAME;
use super::containers::{Seen, found_live, look};
use super::lookup::{self, Look, is_blind};
use super::publish::{after, receipt, without_comment};
use super::state::{Posted, Stage, State};

pub(super) async fn reconcile(
    cx: &Cx<'_>,
    to: &Publication,
    at: State,
    intent: &Intent,
) -> Result<Verdict<State>, Failure> {
    if at.stage == Stage::Comment {
        return comment(cx, to, at).await;
    }
    let seen = match &at.container {
        Some(container) => look(cx, container).await?,
        None => Seen::Gone,
    };
    if let Seen::Status(status, _) = &seen {
        match status.status_code.as_str() {
            "PUBLISHED" => return Ok(Verdict::Found(Next::Go(found_live(at, intent.at)))),
            // Another container may have been published since the backup.
            _ if intent.restored => {}
            "EXPIRED" | "ERROR" => return Ok(Verdict::Absent(at.begun_again())),
            _ => {
                let stage = Stage::Processing { since: cx.now() };
                return Ok(Verdict::Absent(State { stage, ..at }));
            }
        }
    }
    let look = match lookup::post(cx, to, intent.at).await {
        Err(failure) if is_blind(&failure) => Look::InVain,
        looked => looked?,
    };
    Ok(match look {
        Look::Found(posted) => Verdict::Found(after(to, at, posted)),
        Look::Missing => Verdict::Absent(State { rebuilt: 0, ..at }.begun_again()),
        Look::InVain => Verdict::Unknowable,
    })
}

async fn comment(cx: &Cx<'_>, to: &Publication, at: State) -> Result<Verdict<State>, Failure> {
    let posted = at.posted.unwrap_or(Posted { id: String::new(), url: String::new() });
    let next = match lookup::comment(cx, to, &posted).await {
        Ok(true) => Next::Published(receipt(to, posted, None)),
        Ok(false) => without_comment(to, posted, &format!("{NAME} does not show it.")),
        Err(failure) if failure.died => return Err(failure),
        Err(failure) => without_comment(to, posted, &failure.public),
    };
    Ok(Verdict::Found(next))
}
