//! Posts: create, look up, change, delete, schedule, retry.

mod approval;
mod attempts;
mod content;
mod create;
mod delete;
mod duplicates;
mod list;
mod queued;
mod resolve;
mod retry;
mod retry_failed;
mod schedule;
mod take_down;
mod update;
mod validate;
mod view;

pub use approval::{ApprovalView, ApprovePost, StepView, approve, request_approval, request_changes};
pub use attempts::{DestinationJournal, LINES_MAX, attempts};
pub use create::{
    NewPost, NotWritten, PlannedPost, PlatformContent, PlatformContentItem, Written, plan, write,
};
pub use delete::{DeletedPost, delete};
pub use list::{ListPosts, Page, PostPlace, Range, SortBy, get, list, list_uncounted};
pub use resolve::{Resolution, resolve};
pub use retry::{RetriedPost, retry};
pub use retry_failed::{RetryFailed, retry_failed};
pub use schedule::{SchedulePost, When, schedule};
pub use take_down::TakenDown;
pub use update::{PostPatch, update};
pub use validate::{MediaAction, ValidatedDestination, ValidatedMedia, Validation, validate};
pub use view::{DestinationView, PostMediaView, PostView};
