//! Posts: create, look up, change, delete, schedule, retry.

mod content;
mod create;
mod delete;
mod list;
mod queued;
mod retry;
mod schedule;
mod update;
mod validate;
mod view;

pub use create::{NewPost, PlatformContent, PlatformContentItem, create};
pub use delete::{DeletedPost, delete};
pub use list::{ListPosts, Page, Range, SortBy, get, list};
pub use retry::{RetriedPost, retry};
pub use schedule::{SchedulePost, When, schedule};
pub use update::{PostPatch, update};
pub use validate::{MediaAction, ValidatedDestination, ValidatedMedia, Validation, validate};
pub use view::{DestinationView, PostMediaView, PostView};
