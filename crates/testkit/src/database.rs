//! The database that a test works on: SQLite, or PostgreSQL when `TEST_STORE=postgres` says so, so
//! that every suite runs on both.

use std::path::Path;

use store::{Keyring, Store, StoreConfig};

/// A fresh database; an SQLite file lies in `folder`.
pub async fn open_store(folder: &Path, keyring: Keyring) -> Store {
    let config = StoreConfig::default();
    #[expect(clippy::disallowed_methods, reason = "which database a test run is for is no configuration")]
    let wanted = std::env::var("TEST_STORE").unwrap_or_default();
    match wanted.as_str() {
        "" | "sqlite" => Store::open_sqlite(&folder.join("test.db"), keyring, &config).await.unwrap(),
        "postgres" => {
            let url = pgtest::Postgres::shared().create_database().unwrap();
            Store::open_postgres(&url, keyring, &config).await.unwrap()
        }
        other => panic!("TEST_STORE is sqlite or postgres, not {other}"),
    }
}
