//! `lockstep serve`: the pages, until told to stop.

use std::path::Path;
use std::sync::Arc;

use desk::{Desk, Role};
use web::{App, Settings, Tls};

use crate::cli;
use crate::failure::Failure;
use crate::home::{self, Home};
use crate::output::{self, Ended, Style};
use crate::serving::Serving;

/// Runs the command.
pub fn run(args: &cli::Serve, home: &Path, _style: Style) -> Result<Ended, Failure> {
    let opened = Home::open(home)?;
    if !opened.desk.users()?.iter().any(|a| a.role == Role::Admin && a.closed_at.is_none()) {
        return Err(Failure::new("no_admin", format!("`{}`: nobody may sign in as an admin", home.display()))
            .hint("make the first user: lockstep user add NAME --role admin"));
    }
    let tls = match (&args.cert, &args.key) {
        (Some(certificate), Some(key)) => Some(Tls::of(certificate, key).map_err(|why| {
            Failure::new("tls", why).hint("give the certificate with its chain and its key, both as PEM files")
        })?),
        _ => None,
    };
    let settings = Settings {
        secure: args.secure || tls.is_some(),
        behind_proxy: args.behind_proxy,
        company: args.company.clone(),
        shown_sign_ins: Vec::new(),
    };
    serve(opened, settings, (&args.listen, tls), "", 0)
}

/// Serves a home at an address until it is told to stop.
/// `ahead`: by how many milliseconds the company's time is ahead of the machine's, which it is for an invented company alone.
pub fn serve(
    home: Home,
    settings: Settings,
    (listen, tls): (&str, Option<Tls>),
    said: &str,
    ahead: i64,
) -> Result<Ended, Failure> {
    // lines for machines, on standard error; standard output is for whoever started it
    let _ = tracing_subscriber::fmt().json().with_target(false).with_writer(std::io::stderr).try_init();
    // sessions have a connection of their own: a page that writes does not wait for one that reads
    let desk = Desk::open(home.root.join("desk.sqlite"))?;
    let serving = Arc::new(Serving::of(home, ahead)?);
    serving.start();
    let app = App::new(serving.clone(), desk, settings, home::now);
    let io = |cause: std::io::Error| {
        Failure::new("io", format!("`{listen}`: could not listen: {cause}"))
            .hint("name another address and port with --listen, such as 127.0.0.1:8601")
    };
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(io)?;
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::bind(listen).await.map_err(io)?;
        let at = listener.local_addr().map_err(io)?;
        let scheme = if tls.is_some() { "https" } else { "http" };
        output::print(&format!("{said}Pages at {scheme}://{at} until Ctrl-C\n"))?;
        web::serve(listener, tls, app, told_to_stop()).await.map_err(io)
    })?;
    Ok(Ended::Done)
}

/// Ends when the process is told to: Ctrl-C, or what service managers send.
async fn told_to_stop() {
    let interrupt = async {
        // where it cannot be heard, the process is ended the hard way
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    let terminate = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut heard) => {
                heard.recv().await;
            }
            Err(_) => std::future::pending().await,
        }
    };
    #[cfg(not(unix))]
    let terminate = std::future::pending::<()>();
    futures::future::select(std::pin::pin!(interrupt), std::pin::pin!(terminate)).await;
}
