//! The approval of a post on the wire.

use app::posts::{ApprovalView, StepView};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// Where the approval of a post stands, and who took the last step.
#[derive(Serialize, ToSchema)]
pub(crate) struct PostApproval {
    #[schema(value_type = ApprovalState)]
    state: &'static str,
    /// Who took the last step; null where nobody was asked.
    #[schema(required)]
    by: Option<ApprovalActor>,
    /// When.
    #[schema(required, format = DateTime)]
    at: Option<String>,
    /// What they said.
    #[schema(required)]
    note: Option<String>,
}

/// Who took a step.
#[derive(Serialize, ToSchema)]
pub(crate) struct ApprovalActor {
    user_id: i64,
    /// Null where they are gone.
    #[schema(required)]
    name: Option<String>,
    api_key_id: Uuid,
}

/// Where an approval stands.
#[derive(ToSchema)]
#[expect(dead_code, reason = "names the values for the document")]
#[schema(rename_all = "snake_case")]
pub(crate) enum ApprovalState {
    /// Nobody was asked.
    NotRequired,
    /// Waits for somebody who may approve; nothing goes out.
    Requested,
    /// May go out.
    Approved,
    /// Waits for its author; nothing goes out.
    ChangesRequested,
}

impl From<&ApprovalView> for PostApproval {
    fn from(view: &ApprovalView) -> Self {
        let step = view.step.as_ref();
        let by = |step: &StepView| ApprovalActor {
            user_id: step.user_id.0,
            name: step.user_name.clone(),
            api_key_id: step.api_key_id.0,
        };
        Self {
            state: view.state.as_str(),
            by: step.map(by),
            at: step.map(|step| step.at.to_iso_millis()),
            note: step.and_then(|step| step.note.clone()),
        }
    }
}
