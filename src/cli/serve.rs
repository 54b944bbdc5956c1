//! `miauflix serve`: starts the daemon, waits for a signal, stops it.

use super::Failure;
use crate::{
    app::{App, Ports, Running},
    config::Config,
    telemetry,
};
use std::{process::ExitCode, time::Duration};
use tokio::signal::unix::{Signal, SignalKind, signal};

/// A daemon that has not stopped by then is left behind.
const STOP_LIMIT: Duration = Duration::from_secs(5);

pub fn run(config: Config) -> Result<ExitCode, Failure> {
    telemetry::start_logging(&config.log).map_err(Failure::usage)?;
    let metrics = match config.metrics.listen {
        Some(_) => Some(telemetry::start_metrics().map_err(Failure::failed)?),
        None => None,
    };
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(Failure::failed)?;
    let code = runtime.block_on(async {
        let mut interrupt = signal(SignalKind::interrupt()).map_err(Failure::failed)?;
        let mut terminate = signal(SignalKind::terminate()).map_err(Failure::failed)?;
        metrics.clone().map(|recorder| tokio::spawn(telemetry::keep_metrics_small(recorder)));
        let mut running = App::start(config, Ports { metrics, ..Ports::default() }).await.map_err(Failure::failed)?;
        greet(&running);
        let code = tokio::select! {
            () = either(&mut interrupt, &mut terminate) => ExitCode::SUCCESS,
            () = running.failed() => {
                eprintln!("miauflix: gave up after too many failures; the log says which part failed");
                ExitCode::FAILURE
            }
        };
        tokio::select! {
            () = running.stop() => Ok(code),
            () = tokio::time::sleep(STOP_LIMIT) => Ok(ExitCode::FAILURE),
            // Asked a second time: now.
            () = either(&mut interrupt, &mut terminate) => Ok(ExitCode::FAILURE),
        }
    });
    runtime.shutdown_background();
    code
}

fn greet(running: &Running) {
    println!("Miauflix is ready at {}", running.url());
    if let Some(token) = running.setup_token() {
        println!("First start: make the admin account at {}/setup#token={token}", running.url());
    }
}

async fn either(interrupt: &mut Signal, terminate: &mut Signal) {
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
    }
}
