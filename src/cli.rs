//! The command line: `miauflix` alone serves; the other commands help its owner.
//!
//! Exit codes: 0 it worked, 1 it did not, 2 the command or the configuration is wrong.

mod backup;
mod healthcheck;
mod serve;
mod torrent_check;
mod user;

use crate::{
    app,
    auth::HashingCost,
    clock::SystemClock,
    config::{self, Config},
    store::Store,
    torrents::admission::AdmissionLimits,
};
use clap::{Args, Parser, Subcommand};
use std::{
    io::{self, IsTerminal},
    path::PathBuf,
    process::ExitCode,
};

/// Streams films from torrent swarms while they download.
#[derive(Parser)]
#[command(name = "miauflix", version, about, propagate_version = true)]
struct Cli {
    /// The configuration file; without it the usual places are searched.
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// Runs the daemon (the default)
    Serve,
    /// Checks the configuration
    Config(ConfigArgs),
    /// Manages accounts; a running daemon notices within a minute
    #[command(subcommand)]
    User(user::UserCommand),
    /// Makes, checks and restores backups
    #[command(subcommand)]
    Backup(backup::BackupCommand),
    /// Looks into torrents
    Torrent(TorrentArgs),
    /// Asks the running daemon whether it is well; for containers and monitors
    Healthcheck,
}

#[derive(Args)]
struct ConfigArgs {
    #[command(subcommand)]
    command: ConfigCommand,
}

#[derive(Subcommand)]
enum ConfigCommand {
    /// Loads the configuration as the daemon would, and prints what is in force
    Check,
}

#[derive(Args)]
struct TorrentArgs {
    #[command(subcommand)]
    command: TorrentCommand,
}

#[derive(Subcommand)]
enum TorrentCommand {
    /// Judges .torrent files as the daemon would before it opens them, one JSON object a line
    Check(torrent_check::TorrentCheck),
}

/// What went wrong, and with which exit code it ends.
struct Failure {
    code: u8,
    text: String,
}

impl Failure {
    /// The command or the configuration is wrong.
    fn usage(error: impl ToString) -> Self {
        Self { code: 2, text: error.to_string() }
    }

    /// It was tried and did not work.
    fn failed(error: impl Into<anyhow::Error>) -> Self {
        Self { code: 1, text: format!("{:#}", error.into()) }
    }
}

/// Runs the command line of this process.
pub fn run() -> ExitCode {
    let cli = Cli::parse();
    match execute(cli) {
        Ok(code) => code,
        Err(failure) => {
            eprintln!("miauflix: {}", failure.text);
            ExitCode::from(failure.code)
        }
    }
}

fn execute(cli: Cli) -> Result<ExitCode, Failure> {
    let config = || config::load(cli.config.as_deref()).map_err(Failure::usage);
    match cli.command.unwrap_or(Command::Serve) {
        Command::Serve => serve::run(config()?),
        Command::Config(ConfigArgs { command: ConfigCommand::Check }) => check_config(&config()?),
        Command::User(command) => manage_users(&config()?, command),
        Command::Backup(command) => backup::run(&config()?, command),
        Command::Healthcheck => healthcheck::run(&config()?),
        // Judging a torrent needs no configuration, so a broken one does not get in its way.
        Command::Torrent(TorrentArgs { command: TorrentCommand::Check(check) }) => {
            Ok(check.run(&AdmissionLimits::default()))
        }
    }
}

fn check_config(config: &Config) -> Result<ExitCode, Failure> {
    println!("{}", toml::to_string(config).map_err(Failure::failed)?);
    Ok(ExitCode::SUCCESS)
}

fn manage_users(config: &Config, command: user::UserCommand) -> Result<ExitCode, Failure> {
    let database = app::make_database_file(config).map_err(Failure::failed)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(Failure::failed)?;
    let mut input = (!io::stdin().is_terminal()).then(|| io::BufReader::new(io::stdin()));
    let input = input.as_mut().map(|input| input as &mut (dyn io::BufRead + Send));
    runtime.block_on(async {
        let store = Store::open(&database).map_err(Failure::failed)?;
        let mut output = io::stdout();
        user::run(command, &store, &SystemClock, HashingCost::default(), input, &mut output)
            .await
            .map_err(Failure::failed)
    })?;
    Ok(ExitCode::SUCCESS)
}
