//! Opens connections, with and without TLS (stdlib 6).

use crate::stdlib::network::on_network;
use crate::stdlib::tls;
use deadpool_postgres::Connect;
use deadpool_postgres::Manager;
use deadpool_postgres::ManagerConfig;
use deadpool_postgres::Pool;
use deadpool_postgres::RecyclingMethod;
use deadpool_postgres::Runtime;
use rustls::ClientConfig;
use std::net::IpAddr;
use std::pin::Pin;
use std::str::FromStr;
use std::time::Duration;
use tokio::task::JoinHandle;
use tokio_postgres::Client;
use tokio_postgres::Config;
use tokio_postgres::Error;
use tokio_postgres::NoTls;
use tokio_postgres::config::Host;
use tokio_postgres_rustls::MakeRustlsConnect;

/// How long a server may take to answer at all.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(30);

/// How connections are protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    /// TLS, with a certificate of a known authority.
    Tls,
    /// TLS with anybody.
    Unverified,
    /// None.
    Plain,
}

impl Mode {
    /// What a program calls it.
    pub(super) fn of(text: &str) -> Mode {
        match text.to_ascii_lowercase().as_str() {
            "disable" | "none" | "no-tls" | "plain" => Mode::Plain,
            "tls-no-verify" | "ssl-no-verify" | "no-verify" => Mode::Unverified,
            _ => Mode::Tls,
        }
    }

    /// How errors name the call that connects.
    pub(super) fn call(self) -> &'static str {
        match self {
            Mode::Tls => "pg.connect (TLS)",
            Mode::Unverified => "pg.connect (TLS-no-verify)",
            Mode::Plain => "pg.connect",
        }
    }

    fn connection(self) -> &'static str {
        match self {
            Mode::Tls => "pg TLS connection",
            Mode::Unverified => "pg TLS-no-verify connection",
            Mode::Plain => "pg connection",
        }
    }
}

/// A pool for the server that `text` names; it opens connections when they are needed.
pub(super) fn pool(text: &str, mode: Mode, size: usize, patience: Duration) -> Result<Pool, Error> {
    let mut config = Config::from_str(text)?;
    if mode != Mode::Plain && !is_local(&config) {
        config = Config::from_str(&with_required_tls(text))?;
    }
    if config.get_connect_timeout().is_none() {
        config.connect_timeout(CONNECT_TIMEOUT);
    }
    let manager = Manager::from_connect(
        config,
        Connector(mode),
        ManagerConfig { recycling_method: RecyclingMethod::Fast },
    );
    let pool = Pool::builder(manager)
        .max_size(size)
        .wait_timeout(Some(patience))
        .runtime(Runtime::Tokio1)
        .build();
    Ok(pool.expect("a runtime for its time-out is given"))
}

/// Whether all servers are on this machine.
fn is_local(config: &Config) -> bool {
    let is_own = |host: &Host| match host {
        Host::Tcp(name) => {
            name == "localhost" || name.parse().is_ok_and(|address: IpAddr| address.is_loopback())
        }
        #[cfg(unix)]
        Host::Unix(_) => true,
    };
    match config.get_hostaddrs() {
        [] => config.get_hosts().iter().all(is_own),
        // These are connected to, whatever the names are.
        addresses => addresses.iter().all(IpAddr::is_loopback),
    }
}

/// The same text with `sslmode=require` before all parameters: one that it gives itself comes later and counts.
fn with_required_tls(text: &str) -> String {
    const REQUIRED: &str = "sslmode=require";
    if !["postgres://", "postgresql://"].iter().any(|scheme| text.starts_with(scheme)) {
        return format!("{REQUIRED} {text}");
    }
    // A user or a password has no such sign in it.
    let host = text.find('@').map_or(0, |at| at + 1);
    match text[host..].find('?').map(|at| host + at + 1) {
        Some(at) => format!("{}{REQUIRED}&{}", &text[..at], &text[at..]),
        None => format!("{text}?{REQUIRED}"),
    }
}

struct Connector(Mode);

impl Connect for Connector {
    fn connect(
        &self,
        config: &Config,
    ) -> Pin<Box<dyn Future<Output = Result<(Client, JoinHandle<()>), Error>> + Send + '_>> {
        let (config, mode) = (config.clone(), self.0);
        Box::pin(on_network(async move {
            match mode {
                Mode::Plain => {
                    let (client, connection) = config.connect(NoTls).await?;
                    Ok((client, drive(mode, connection)))
                }
                mode => {
                    let (client, connection) = config.connect(connector(mode)).await?;
                    Ok((client, drive(mode, connection)))
                }
            }
        }))
    }
}

/// Ends the query that runs on a connection.
pub(super) async fn cancel(token: tokio_postgres::CancelToken, mode: Mode) {
    // It ends by itself when it cannot be told.
    let _ = match mode {
        Mode::Plain => token.cancel_query(NoTls).await,
        mode => token.cancel_query(connector(mode)).await,
    };
}

/// Keeps a connection going where it was opened.
fn drive(
    mode: Mode,
    connection: impl Future<Output = Result<(), Error>> + Send + 'static,
) -> JoinHandle<()> {
    tokio::spawn(async move {
        if let Err(error) = connection.await {
            eprintln!("{} error: {}", mode.connection(), super::explained(&error));
        }
    })
}

fn connector(mode: Mode) -> MakeRustlsConnect {
    MakeRustlsConnect::new(match mode {
        Mode::Unverified => tls::unverified(),
        _ => ClientConfig::clone(tls::config()),
    })
}
