//! For the simulation only: switches that leave out one of the three things that exactly-once rests
//! on. Off unless a test sets one, and only for the thread that set it.

use std::cell::Cell;

use uuid::Uuid;

use crate::StoreError;
use crate::conn::{Conn, on};
use crate::record::Record;

/// What is left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PlantedBug {
    /// A commit is sent without a durable intent.
    NoIntent,
    /// A worker's writes do not look whose lease it is.
    NoFencing,
    /// A commit with an unknown outcome is sent again without a look.
    NoReconcile,
}

thread_local! {
    static PLANTED: Cell<Option<PlantedBug>> = const { Cell::new(None) };
}

/// Plants a bug in what this thread runs from now on, or removes it.
pub fn plant(bug: Option<PlantedBug>) {
    PLANTED.set(bug);
}

/// Whether this very bug is planted.
pub fn is_planted(bug: PlantedBug) -> bool {
    PLANTED.get() == Some(bug)
}

/// The notes as they would be without fencing: each under the token that the row has now.
pub(crate) async fn unfenced(conn: &mut Conn<'_>, records: &[&Record]) -> Result<Vec<Record>, StoreError> {
    let mut unfenced: Vec<Record> = records.iter().map(|record| (*record).clone()).collect();
    if !is_planted(PlantedBug::NoFencing) {
        return Ok(unfenced);
    }
    for record in &mut unfenced {
        let id: Uuid = record.lease.destination_id.0;
        let token: Option<i64> = on!(&mut *conn, |c| {
            sqlx::query_scalar("SELECT lease_token FROM destinations WHERE id = $1")
                .bind(id)
                .fetch_optional(&mut **c)
                .await?
        });
        record.lease.token = token.unwrap_or(record.lease.token);
    }
    Ok(unfenced)
}
