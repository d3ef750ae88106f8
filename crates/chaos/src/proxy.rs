//! A connection between two programs that is cut at random: before, within or after what one of
//! them says.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::{Context as _, Result};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use crate::dice::Dice;

const MILLION: u64 = 1_000_000;

/// A listening port whose connections lead to `to`.
#[derive(Clone)]
pub(crate) struct Proxy(Arc<Inner>);

struct Inner {
    port: u16,
    to: SocketAddr,
    /// How many of a million pieces cut their connection.
    cuts_per_million: AtomicU32,
    cuts: AtomicU32,
    dice: Mutex<Dice>,
}

/// What is done with a piece of a conversation.
enum Deed {
    Pass,
    /// Hands on this much of it, then cuts.
    CutAfter(usize),
}

impl Proxy {
    /// Opens the port. Nothing is cut until [`Self::set_cuts`] says so.
    pub(crate) async fn open(to: SocketAddr, dice: Dice) -> Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.context("cannot open a port")?;
        let inner = Arc::new(Inner {
            port: listener.local_addr()?.port(),
            to,
            cuts_per_million: AtomicU32::new(0),
            cuts: AtomicU32::new(0),
            dice: Mutex::new(dice),
        });
        tokio::spawn(accept(listener, Arc::clone(&inner)));
        Ok(Self(inner))
    }

    pub(crate) fn port(&self) -> u16 {
        self.0.port
    }

    /// From now on so many of a million pieces cut their connection.
    pub(crate) fn set_cuts(&self, per_million: u32) {
        self.0.cuts_per_million.store(per_million, Ordering::Relaxed);
    }

    /// How many connections were cut.
    pub(crate) fn cuts(&self) -> u32 {
        self.0.cuts.load(Ordering::Relaxed)
    }
}

impl Inner {
    fn deed(&self, length: usize) -> Deed {
        let per_million = u64::from(self.cuts_per_million.load(Ordering::Relaxed));
        if per_million == 0 {
            return Deed::Pass;
        }
        let mut dice = self.dice.lock().unwrap_or_else(PoisonError::into_inner);
        if dice.number(1..=MILLION) > per_million {
            return Deed::Pass;
        }
        Deed::CutAfter(match dice.number(0..=2) {
            0 => 0,
            1 => dice.index(length),
            _ => length,
        })
    }
}

async fn accept(listener: TcpListener, inner: Arc<Inner>) {
    loop {
        if let Ok((near, _)) = listener.accept().await {
            tokio::spawn(converse(near, Arc::clone(&inner)));
        }
    }
}

async fn converse(mut near: TcpStream, inner: Arc<Inner>) {
    let Ok(mut far) = TcpStream::connect(inner.to).await else { return };
    let _ = near.set_nodelay(true);
    let _ = far.set_nodelay(true);
    let was_cut = {
        let (mut near_reads, mut near_writes) = near.split();
        let (mut far_reads, mut far_writes) = far.split();
        tokio::select! {
            cut = hand_on(&mut near_reads, &mut far_writes, &inner) => cut,
            cut = hand_on(&mut far_reads, &mut near_writes, &inner) => cut,
        }
    };
    if was_cut {
        let earlier = inner.cuts.fetch_add(1, Ordering::Relaxed);
        // Half of the cuts are resets, the other half look like an orderly end.
        if earlier.is_multiple_of(2) {
            let _ = near.set_zero_linger();
            let _ = far.set_zero_linger();
        }
    }
}

/// Hands on until one side ends; true when it was cut.
async fn hand_on(
    from: &mut (impl AsyncRead + Unpin),
    to: &mut (impl AsyncWrite + Unpin),
    inner: &Inner,
) -> bool {
    let mut piece = vec![0; 16 * 1024];
    loop {
        let length = match from.read(&mut piece).await {
            Ok(0) | Err(_) => return false,
            Ok(length) => length,
        };
        let (passes, cut) = match inner.deed(length) {
            Deed::Pass => (length, false),
            Deed::CutAfter(passes) => (passes, true),
        };
        if to.write_all(&piece[..passes]).await.is_err() {
            return false;
        }
        if cut {
            return true;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn echo() -> SocketAddr {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                tokio::spawn(async move {
                    let (mut reads, mut writes) = stream.split();
                    let _ = tokio::io::copy(&mut reads, &mut writes).await;
                });
            }
        });
        address
    }

    #[tokio::test]
    async fn a_calm_proxy_hands_on_and_a_wild_one_cuts() {
        let proxy = Proxy::open(echo().await, Dice::new(1, "proxy")).await.unwrap();
        let mut stream = TcpStream::connect(("127.0.0.1", proxy.port())).await.unwrap();
        stream.write_all(b"hello").await.unwrap();
        let mut answer = [0; 5];
        stream.read_exact(&mut answer).await.unwrap();
        assert_eq!(&answer, b"hello");
        assert_eq!(proxy.cuts(), 0);

        proxy.set_cuts(1_000_000);
        stream.write_all(b"hello").await.unwrap();
        assert!(stream.read_exact(&mut answer).await.is_err(), "it is cut");
        assert_eq!(proxy.cuts(), 1);
    }
}
