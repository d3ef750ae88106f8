//! `fanfare user`: people who sign in to the dashboard.

use std::io::{BufRead as _, IsTerminal as _, Write as _};
use std::process::{Command as Program, Stdio};

use ::app::App;
use ::app::people::operator;
use anyhow::{Context as _, Result, bail};
use domain::people::Role;

use crate::commands::choose_organization;
use crate::config::Config;
use crate::{output, wiring};

/// What to do with people. Passwords are asked for, or read from standard input where that is a pipe.
#[derive(clap::Subcommand)]
pub(crate) enum Command {
    /// Make a person who can sign in.
    Create {
        /// Their e-mail address.
        email: String,
        /// Their name; the address if not given.
        #[arg(long)]
        name: Option<String>,
        /// What they are: owner, admin, editor, approver or viewer.
        #[arg(long, default_value = "editor")]
        role: String,
        /// The organization, by name or id.
        #[arg(long)]
        org: Option<String>,
    },
    /// Set somebody's password and end their sessions.
    SetPassword {
        /// Their e-mail address.
        email: String,
    },
    /// Give somebody another e-mail address and end their sessions.
    Email {
        /// Their e-mail address so far.
        old: String,
        /// The new one.
        new: String,
    },
    /// Let somebody change what belongs to the whole installation, such as its apps at platforms.
    Operator {
        /// Their e-mail address.
        email: String,
        /// Take it from them again.
        #[arg(long)]
        remove: bool,
    },
    /// List the people, with their organizations.
    List,
}

pub(crate) async fn run(command: Command, config: &Config) -> Result<()> {
    let app = wiring::open(config).await?.app;
    match command {
        Command::Create { email, name, role, org } => {
            let organization = choose_organization(&app, org.as_deref()).await?;
            let role = Role::parse(&role).with_context(|| {
                format!("\"{role}\" is no role; use owner, admin, editor, approver or viewer")
            })?;
            let name = name.unwrap_or_else(|| email.clone());
            let password = read_password(&email)?;
            operator::create_user(&app, &organization, &email, &name, role, &password).await?;
            output::line(&format!("{email} is {} of {}", role.as_str(), organization.name))?;
        }
        Command::SetPassword { email } => {
            check_known(&app, &email).await?;
            let password = read_password(&email)?;
            let user = operator::set_password(&app, &email, &password).await?;
            output::line(&format!("the password of {} is set, and their sessions have ended", user.email))?;
        }
        Command::Email { old, new } => {
            check_known(&app, &old).await?;
            operator::change_email(&app, &old, &new).await?;
            output::line(&format!("{old} is now {new}, and their sessions have ended"))?;
        }
        Command::Operator { email, remove } => {
            check_known(&app, &email).await?;
            let user = operator::set_operator(&app, &email, !remove).await?;
            let state = if remove { "is no operator of this installation" } else { "runs this installation" };
            output::line(&format!("{} {state}", user.email))?;
        }
        Command::List => {
            let operators = app.store.list_operators().await?;
            let mut cells = Vec::new();
            for user in app.store.list_users().await? {
                let memberships = app.store.list_memberships(user.id).await?;
                let roles: Vec<String> = memberships
                    .iter()
                    .map(|row| format!("{} of {}", row.role.as_str(), row.organization_name))
                    .collect();
                let is_operator = operators.contains(&user.email);
                let state = if user.has_password { "can sign in" } else { "no password" };
                cells.push(vec![
                    user.email,
                    user.name,
                    state.to_owned(),
                    roles.join(", "),
                    if is_operator { "operator" } else { "" }.to_owned(),
                ]);
            }
            output::table(&cells)?;
        }
    }
    app.store.close().await;
    Ok(())
}

async fn check_known(app: &App, email: &str) -> Result<()> {
    if app.store.find_user_by_email(email).await?.is_none() {
        bail!("nobody here has the address {email}; see `fanfare user list`");
    }
    Ok(())
}

/// Reads a password: from a person, who does not see it, or from a pipe.
fn read_password(email: &str) -> Result<String> {
    let input = std::io::stdin();
    let hidden = input.is_terminal().then(|| {
        let _ = write!(std::io::stderr(), "New password of {email}: ");
        Hidden::begin()
    });
    let mut line = String::new();
    input.lock().read_line(&mut line).context("cannot read the password")?;
    if hidden.is_some() {
        drop(hidden);
        let _ = writeln!(std::io::stderr());
    }
    let password = line.trim_end_matches(['\r', '\n']);
    if password.is_empty() {
        bail!("send the password on standard input, or run this in a terminal");
    }
    Ok(password.to_owned())
}

/// While this lives, the terminal does not show what is typed.
struct Hidden;

impl Hidden {
    fn begin() -> Self {
        Self::stty("-echo");
        Self
    }

    /// Where there is no such program, what is typed is seen, and everything else works.
    fn stty(word: &str) {
        let _ = Program::new("stty").arg(word).stdin(Stdio::inherit()).status();
    }
}

impl Drop for Hidden {
    fn drop(&mut self) {
        Self::stty("echo");
    }
}
