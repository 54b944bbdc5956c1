//! Logs to standard error and metrics in memory. Installed once by the program, never by the library.

use crate::config::{LogConfig, LogFormat};
use metrics::{Unit, describe_counter, describe_gauge, describe_histogram};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use std::{io::IsTerminal, time::Duration};
use tracing_subscriber::{EnvFilter, fmt, util::SubscriberInitExt};

/// librqbit reports each peer's ordinary comings and goings as errors and warnings; an owner can do nothing about them.
/// ractor wraps every line in the spans of the actors it came through, by number.
const QUIET: &str = "librqbit=error,librqbit_dht=error,librqbit_tracker_comms=error,ractor=warn";

const UPKEEP_INTERVAL: Duration = Duration::from_secs(30);

/// Why logging could not be set up.
#[derive(Debug, thiserror::Error)]
pub enum TelemetryError {
    #[error("`log.level`: {0}")]
    Filter(#[from] tracing_subscriber::filter::ParseError),
    #[error("failed to install the log: {0}")]
    Log(#[from] tracing_subscriber::util::TryInitError),
    #[error("failed to install the metrics recorder")]
    Metrics,
}

/// Starts logging as configured.
pub fn start_logging(config: &LogConfig) -> Result<(), TelemetryError> {
    let filter = EnvFilter::try_new(format!("{QUIET},{}", config.level))?;
    let log = fmt().with_env_filter(filter).with_writer(std::io::stderr);
    match config.format {
        LogFormat::Text => log.with_ansi(std::io::stderr().is_terminal()).with_target(false).finish().try_init()?,
        LogFormat::Json => log.json().finish().try_init()?,
    }
    Ok(())
}

/// Starts keeping metrics; the handle renders them for Prometheus.
pub fn start_metrics() -> Result<PrometheusHandle, TelemetryError> {
    let recorder = PrometheusBuilder::new().install_recorder().map_err(|_| TelemetryError::Metrics)?;
    describe_histogram!("miauflix_http_request_seconds", Unit::Seconds, "From a request to the head of its answer");
    describe_gauge!("miauflix_streams_open", "Films being sent to players now");
    describe_counter!("miauflix_stream_bytes_total", Unit::Bytes, "Bytes of films sent to players");
    describe_counter!("miauflix_actor_failures_total", "Actors that fell and were started again");
    describe_gauge!("miauflix_lane_peers", "Peers that the express lane is connected to now");
    describe_counter!("miauflix_lane_bytes_total", Unit::Bytes, "Bytes that the express lane fetched and verified");
    describe_counter!("miauflix_lane_wasted_bytes_total", Unit::Bytes, "Bytes that came twice, unasked, or were wrong");
    describe_counter!("miauflix_lane_failed_pieces_total", "Pieces that did not hash right");
    describe_counter!("miauflix_lane_bans_total", "Peers and webseeds banned for wrong bytes");
    Ok(recorder)
}

/// Folds samples together now and then, so that they do not pile up while nobody reads them.
pub async fn keep_metrics_small(recorder: PrometheusHandle) {
    loop {
        tokio::time::sleep(UPKEEP_INTERVAL).await;
        recorder.run_upkeep();
    }
}
