//! Peers that call us: heard on our own listener, and led to librqbit's, which only this machine reaches.

use super::{GREETING_TIMEOUT, Greeting, Mux, next_connection, relay};
use crate::torrents::lane::Origin;
use std::{io, net::SocketAddr, sync::Arc};
use tokio::{
    io::{AsyncWriteExt as _, copy_bidirectional},
    net::{TcpListener, TcpStream},
    sync::Semaphore,
    time::timeout,
};

/// Callers that have not said which torrent they mean.
const MAX_UNGREETED: usize = 64;

/// Leads callers in for as long as it is polled.
pub async fn accept(mux: Mux, listener: TcpListener, engine: SocketAddr) {
    let ungreeted = Arc::new(Semaphore::new(MAX_UNGREETED));
    loop {
        let Some((stream, address)) = next_connection(&listener).await else { continue };
        let Ok(permit) = mux.inner.connections.clone().try_acquire_owned() else { continue };
        let Ok(greeting) = ungreeted.clone().try_acquire_owned() else { continue };
        let mux = mux.clone();
        tokio::spawn(async move {
            let _permit = permit;
            let ended = tokio::select! {
                ended = lead(&mux, stream, address, engine, greeting) => ended,
                () = mux.dialer().shut() => Ok(()),
            };
            if let Err(error) = ended {
                tracing::trace!(%error, "a caller's connection ended");
            }
        });
    }
}

async fn lead(
    mux: &Mux,
    mut remote: TcpStream,
    address: SocketAddr,
    engine: SocketAddr,
    ungreeted: tokio::sync::OwnedSemaphorePermit,
) -> io::Result<()> {
    remote.set_nodelay(true)?;
    let greeting = timeout(GREETING_TIMEOUT, Greeting::read(&mut remote)).await??;
    drop(ungreeted);
    // Only torrents that are active here are spoken of.
    let Some(share) = greeting.info_hash.and_then(|info_hash| mux.get(info_hash)) else { return Ok(()) };
    let mut engine = TcpStream::connect(engine).await?;
    engine.set_nodelay(true)?;
    engine.write_all(&greeting.bytes).await?;
    if share.lane.load().is_none() {
        copy_bidirectional(&mut engine, &mut remote).await?;
        return Ok(());
    }
    let answer = timeout(GREETING_TIMEOUT, Greeting::read(&mut engine)).await??;
    remote.write_all(&answer.bytes).await?;
    relay::run(share, Origin::Caller(address), engine, Box::new(remote)).await
}
