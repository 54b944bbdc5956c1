//! `miauflix healthcheck`: asks the daemon that runs with this configuration.

use super::Failure;
use crate::config::Config;
use std::{
    io::{Read, Write},
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream},
    process::ExitCode,
    time::Duration,
};

const TIMEOUT: Duration = Duration::from_secs(3);

pub fn run(config: &Config) -> Result<ExitCode, Failure> {
    let address = reachable(config.server.listen);
    let status = ask(address)
        .map_err(|error| Failure { code: 1, text: format!("the daemon does not answer at {address}: {error}") })?;
    if status.starts_with("HTTP/1.1 200") {
        return Ok(ExitCode::SUCCESS);
    }
    Err(Failure { code: 1, text: format!("the daemon at {address} answers: {status}") })
}

/// A daemon that listens everywhere is asked on the loopback.
fn reachable(listen: SocketAddr) -> SocketAddr {
    let ip = match listen.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => IpAddr::V4(Ipv4Addr::LOCALHOST),
        IpAddr::V6(ip) if ip.is_unspecified() => IpAddr::V6(Ipv6Addr::LOCALHOST),
        ip => ip,
    };
    SocketAddr::new(ip, listen.port())
}

fn ask(address: SocketAddr) -> std::io::Result<String> {
    let mut connection = TcpStream::connect_timeout(&address, TIMEOUT)?;
    connection.set_read_timeout(Some(TIMEOUT))?;
    connection.write_all(b"GET /api/v1/health/ready HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")?;
    let mut answer = Vec::new();
    connection.take(1024).read_to_end(&mut answer)?;
    Ok(String::from_utf8_lossy(&answer).lines().next().unwrap_or_default().to_owned())
}
