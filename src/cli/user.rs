//! `miauflix user`: accounts from the command line, for whoever can read the data directory.

use crate::{
    auth::{AuthError, HashingCost, NewPassword, Passwords, StartError, Username, offline},
    domain::user::Role,
    ports::Clock,
    store::Store,
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use clap::Subcommand;
use secrecy::{ExposeSecret, SecretString};
use std::io::{self, BufRead, Read, Write};

/// Longer than any password may be.
const MAX_INPUT_BYTES: u64 = 4096;

/// What to do about accounts.
#[derive(Clone, Debug, Subcommand)]
pub enum UserCommand {
    /// Add an account. Its password is read from standard input, or made up and printed when that is a terminal.
    Add {
        username: String,
        /// What it may do: guest, user or admin.
        #[arg(long, default_value = "user", value_parser = parse_role)]
        role: Role,
    },
    /// Give an account a new password, read or made up as for `add`, and sign all its devices out.
    Passwd { username: String },
    /// List the accounts.
    List,
}

/// Why a command about accounts failed.
#[derive(Debug, thiserror::Error)]
pub enum UserCommandError {
    #[error(transparent)]
    Auth(#[from] AuthError),
    #[error(transparent)]
    Hashing(#[from] StartError),
    #[error("failed to read the password from standard input, or to write to standard output")]
    Io(#[from] io::Error),
}

/// Runs a command. `input` is standard input, unless that is a terminal.
pub async fn run(
    command: UserCommand,
    store: &Store,
    clock: &dyn Clock,
    cost: HashingCost,
    input: Option<&mut (dyn BufRead + Send)>,
    output: &mut (dyn Write + Send),
) -> Result<(), UserCommandError> {
    let now = clock.now_ms();
    match command {
        UserCommand::Add { username, role } => {
            let (username, passwords, chosen) = (Username::parse(&username)?, Passwords::new(cost)?, choose(input)?);
            let password = NewPassword::parse(chosen.password.clone())?;
            let user = offline::add_user(store, &passwords, username, password, role, now).await?;
            writeln!(output, "Added {} ({}).", user.username, user.role)?;
            chosen.tell(output)?;
        }
        UserCommand::Passwd { username } => {
            let (username, passwords, chosen) = (Username::parse(&username)?, Passwords::new(cost)?, choose(input)?);
            let password = NewPassword::parse(chosen.password.clone())?;
            let user = offline::set_password(store, &passwords, username, password, now).await?;
            writeln!(output, "{} has a new password and is signed out everywhere.", user.username)?;
            chosen.tell(output)?;
        }
        UserCommand::List => {
            for user in offline::users(store).await? {
                let inactive = if user.is_active { "" } else { "\tinactive" };
                writeln!(output, "{}\t{}\t{}{inactive}", user.id, user.username, user.role)?;
            }
        }
    }
    Ok(())
}

struct Chosen {
    password: SecretString,
    is_made_up: bool,
}

impl Chosen {
    fn tell(&self, output: &mut dyn Write) -> io::Result<()> {
        if self.is_made_up { writeln!(output, "Password: {}", self.password.expose_secret()) } else { Ok(()) }
    }
}

/// The first line of the input, or else a made-up password: a terminal would show what is typed.
fn choose(input: Option<&mut (dyn BufRead + Send)>) -> io::Result<Chosen> {
    let Some(input) = input else {
        let password = URL_SAFE_NO_PAD.encode(rand::random::<[u8; 15]>()).into();
        return Ok(Chosen { password, is_made_up: true });
    };
    let mut line = String::new();
    input.take(MAX_INPUT_BYTES).read_line(&mut line)?;
    let password = line.strip_suffix('\n').unwrap_or(&line);
    let password = password.strip_suffix('\r').unwrap_or(password).into();
    Ok(Chosen { password, is_made_up: false })
}

fn parse_role(word: &str) -> Result<Role, String> {
    Role::parse(word).ok_or_else(|| "a role is guest, user or admin".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::SystemClock;
    use clap::Parser;

    #[derive(Parser)]
    struct Line {
        #[command(subcommand)]
        command: UserCommand,
    }

    struct Daemon {
        _data: tempfile::TempDir,
        store: Store,
    }

    impl Daemon {
        fn new() -> Self {
            let data = tempfile::tempdir().unwrap();
            let store = Store::open(&data.path().join("miauflix.db")).unwrap();
            Self { _data: data, store }
        }

        async fn run(&self, line: &str, input: Option<&str>) -> Result<String, UserCommandError> {
            let command = Line::try_parse_from(["user"].into_iter().chain(line.split(' '))).unwrap().command;
            let (mut output, mut input) = (Vec::new(), input.map(str::as_bytes));
            let input = input.as_mut().map(|input| input as &mut (dyn BufRead + Send));
            let cheap = HashingCost { memory_kib: 8, passes: 1 };
            run(command, &self.store, &SystemClock, cheap, input, &mut output).await?;
            Ok(String::from_utf8(output).unwrap())
        }
    }

    #[tokio::test]
    async fn an_account_is_added_with_the_password_that_was_piped_in() {
        let daemon = Daemon::new();
        let added = daemon.run("add Ada --role admin", Some("correct horse\r\n")).await.unwrap();
        assert_eq!(added, "Added ada (admin).\n");
        assert_eq!(daemon.run("list", None).await.unwrap(), "1\tada\tadmin\n");
    }

    #[tokio::test]
    async fn at_a_terminal_a_password_is_made_up_and_shown_once() {
        let daemon = Daemon::new();
        let added = daemon.run("add ada", None).await.unwrap();
        let password = added.lines().nth(1).unwrap().strip_prefix("Password: ").unwrap();
        assert_eq!(password.len(), 20);
    }

    #[tokio::test]
    async fn a_name_that_is_taken_a_weak_password_and_an_unknown_user_are_refused() {
        let daemon = Daemon::new();
        daemon.run("add ada", None).await.unwrap();
        let refused = async |line: &str, input| match daemon.run(line, input).await {
            Err(UserCommandError::Auth(error)) => error,
            other => panic!("{other:?}"),
        };
        assert!(matches!(refused("add ADA", None).await, AuthError::UsernameTaken));
        assert!(matches!(refused("add bob", Some("short\n")).await, AuthError::WeakPassword));
        assert!(matches!(refused("passwd carol", None).await, AuthError::NotFound));
    }
}
