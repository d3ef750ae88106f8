//! A connection that is lost while a transaction is committed: whether it is durable is found out.

use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex};

use futures_util::future::join_all;
use pgtest::Postgres;
use sqlx::{Connection as _, PgConnection};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use super::{World, new_organization, open_postgres};
use crate::{Keyring, Store, StoreConfig, StoreError};

/// What becomes of the next commit that passes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fate {
    /// It is done.
    Done,
    /// It never reaches the server.
    Lost,
    /// The server does it, and its answer is lost.
    Unanswered,
    /// As the last one, and nothing reaches the server from then on.
    Severed,
}

/// A road to the shared server, on which commits get lost.
struct Road {
    port: u16,
    fate: Arc<Mutex<Fate>>,
}

impl Road {
    async fn open() -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let road =
            Self { port: listener.local_addr().unwrap().port(), fate: Arc::new(Mutex::new(Fate::Done)) };
        let fate = Arc::clone(&road.fate);
        tokio::spawn(async move {
            let mut listener = Some(listener);
            while let Some(open) = &listener {
                let (near, _) = open.accept().await.unwrap();
                if *fate.lock().unwrap() == Fate::Severed {
                    listener = None;
                } else {
                    tokio::spawn(lead(near, Arc::clone(&fate)));
                }
            }
        });
        road
    }

    /// The store at its far end, and a world that goes there directly.
    async fn store(&self) -> (Store, World) {
        let world = World::postgres().await;
        let direct = format!(":{}/", Postgres::shared().port());
        let store = open_postgres(&world.address().replace(&direct, &format!(":{}/", self.port))).await;
        (store, world)
    }

    fn set(&self, fate: Fate) {
        *self.fate.lock().unwrap() = fate;
    }

    fn is_over(&self) -> bool {
        *self.fate.lock().unwrap() == Fate::Done
    }
}

async fn lead(mut near: TcpStream, fate: Arc<Mutex<Fate>>) {
    let mut far = TcpStream::connect((Ipv4Addr::LOCALHOST, Postgres::shared().port())).await.unwrap();
    let (mut asked, mut answered) = ([0; 16 * 1024], [0; 16 * 1024]);
    loop {
        tokio::select! {
            read = near.read(&mut asked) => {
                let piece = match read { Ok(length) if length > 0 => &asked[..length], _ => return };
                let is_commit = piece.windows(7).any(|text| text == b"COMMIT\0");
                let met = if is_commit { *fate.lock().unwrap() } else { Fate::Done };
                if met == Fate::Lost {
                    *fate.lock().unwrap() = Fate::Done;
                    return;
                }
                far.write_all(piece).await.unwrap();
                if met != Fate::Done {
                    assert!(far.read(&mut answered).await.unwrap() > 0);
                    if met == Fate::Unanswered {
                        *fate.lock().unwrap() = Fate::Done;
                    }
                    return;
                }
            }
            read = far.read(&mut answered) => match read {
                Ok(length) if length > 0 => near.write_all(&answered[..length]).await.unwrap(),
                _ => return,
            },
        }
    }
}

/// Makes as many organizations at once as share some commits, one of which meets `fate`.
async fn many_meet(fate: Fate) {
    let road = Road::open().await;
    let (store, world) = road.store().await;
    road.set(fate);
    let names: Vec<String> = (0..20).map(|number| number.to_string()).collect();
    let made = join_all(names.iter().map(|name| store.create_organization(new_organization(name)))).await;
    assert!(road.is_over(), "no commit was lost");
    for one in made {
        one.unwrap();
    }
    assert_eq!(world.store.list_organizations().await.unwrap().len(), names.len());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_commit_whose_answer_is_lost_is_seen_to_be_done() {
    many_meet(Fate::Unanswered).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_commit_that_is_lost_on_its_way_is_made_again() {
    many_meet(Fate::Lost).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_commit_of_which_nothing_can_be_learnt_is_neither_called_done_nor_made_again() {
    let road = Road::open().await;
    let (store, world) = road.store().await;
    road.set(Fate::Severed);
    let made = store.create_organization(new_organization("perhaps")).await;
    assert!(matches!(made, Err(StoreError::Unsure(_))), "{made:?}");
    assert_eq!(world.store.list_organizations().await.unwrap().len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn marks_of_commits_are_removed() {
    let world = World::postgres().await;
    let url = world.address();
    let config = StoreConfig { writers: 1, ..StoreConfig::default() };
    let store = Store::open_postgres(url, Keyring::new([9; 32]), &config).await.unwrap();
    let mut connection = PgConnection::connect(url).await.unwrap();
    let mut count = async || {
        let counting = sqlx::query_scalar::<_, i64>("SELECT COUNT(*) FROM commit_marks");
        counting.fetch_one(&mut connection).await.unwrap()
    };
    for number in 0..300 {
        store.create_organization(new_organization(&number.to_string())).await.unwrap();
    }
    assert_eq!(count().await, 45);
    store.close().await;
    assert_eq!(count().await, 0);
}
