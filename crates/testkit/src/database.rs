//! The database that a test works on: SQLite, or PostgreSQL when `TEST_STORE=postgres` says so, so
//! that every suite runs on both. Each test has its own, a copy of one that was made and migrated once.

use std::path::Path;

use store::{Keyring, Store, StoreConfig};
use tokio::sync::OnceCell;

/// A fresh database; an SQLite file lies in `folder`.
pub async fn open_store(folder: &Path, keyring: Keyring) -> Store {
    // What is measured stays on the test's own thread.
    let config = StoreConfig { writer_thread: false, ..StoreConfig::default() };
    #[expect(clippy::disallowed_methods, reason = "which database a test run is for is no configuration")]
    let wanted = std::env::var("TEST_STORE").unwrap_or_default();
    match wanted.as_str() {
        "" | "sqlite" => {
            let path = folder.join("test.db");
            if !path.exists() {
                std::fs::write(&path, sqlite_template().await).unwrap();
            }
            Store::open_sqlite(&path, keyring, &config).await.unwrap()
        }
        "postgres" => {
            let url = pgtest::Postgres::shared().clone_database(postgres_template().await).unwrap();
            Store::open_postgres(&url, keyring, &config).await.unwrap()
        }
        other => panic!("TEST_STORE is sqlite or postgres, not {other}"),
    }
}

/// The bytes of an empty database.
async fn sqlite_template() -> &'static [u8] {
    static TEMPLATE: OnceCell<Vec<u8>> = OnceCell::const_new();
    let make = || async {
        let folder = crate::new_folder();
        let path = folder.join("template.db");
        let store = Store::open_sqlite(&path, Keyring::new([0; 32]), &StoreConfig::default()).await.unwrap();
        // Empties its log into the file.
        store.close().await;
        let bytes = std::fs::read(&path).unwrap();
        std::fs::remove_dir_all(&folder).unwrap();
        bytes
    };
    TEMPLATE.get_or_init(make).await
}

/// The name of an empty database that nobody is connected to.
async fn postgres_template() -> &'static str {
    static TEMPLATE: OnceCell<String> = OnceCell::const_new();
    let make = || async {
        let url = pgtest::Postgres::shared().create_database().unwrap();
        let store = Store::open_postgres(&url, Keyring::new([0; 32]), &StoreConfig::default()).await.unwrap();
        store.close().await;
        url.rsplit('/').next().unwrap().to_owned()
    };
    TEMPLATE.get_or_init(make).await
}
