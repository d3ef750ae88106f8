//! What became of a post whose answer was lost: it is under its slug, or it is not there.

use connector::{Cx, Failure, Intent, Next, Publication, Verdict};
use domain::{Span, Timestamp};

use super::publish::{find, receipt};
use super::state::State;
use super::wire::Post;
use super::{article, auth, slug};

/// How far a site's clock may be behind ours.
const CLOCKS_DIFFER: Span = Span::from_hours(2);

pub(super) async fn reconcile(
    cx: &Cx<'_>,
    to: &Publication,
    at: State,
    intent: &Intent,
) -> Result<Verdict<State>, Failure> {
    let marked = slug::marked(to);
    let mut slugs = slug::variants(&at.slug).to_vec();
    if intent.restored {
        // Lost progress may have found the slug taken.
        slugs.push(marked.clone());
    }
    let found = find(cx, &slugs).await?;
    let is_ours = |post: &&Post| post.slug == marked || is_own(cx, post) && is_new(post, intent);
    let Some(post) = found.iter().position(|post| is_ours(&post)) else { return Ok(Verdict::Absent(at)) };
    let (_, warnings) = article::body(to, &at.files);
    let post = found.into_iter().nth(post);
    Ok(post.map_or(Verdict::Unknowable, |post| Verdict::Found(Next::Published(receipt(at, post, warnings)))))
}

fn is_own(cx: &Cx<'_>, post: &Post) -> bool {
    auth::user_id(&cx.account.platform_user_id) == Some(post.author)
}

/// The slug was free before the commit, so that whatever is under it is ours. Progress that was lost
/// with a backup did not tell: then a post is ours that is no older than the backup.
fn is_new(post: &Post, intent: &Intent) -> bool {
    if !intent.restored {
        return true;
    }
    // A moment that cannot be read may be any.
    let changed = Timestamp::parse(&format!("{}Z", post.modified_gmt));
    changed.map_or(true, |changed| changed >= intent.at - CLOCKS_DIFFER)
}
