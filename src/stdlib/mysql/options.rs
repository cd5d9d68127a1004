//! How a server is connected to: what `mysql.connect` is told.

use crate::diag::Fault;
use crate::native::Args;
use crate::native::fail;
use crate::stdlib::tls;
use crate::value::Value;
use mysql_async::Opts;
use mysql_async::OptsBuilder;
use mysql_async::PoolConstraints;
use mysql_async::SslOpts;
use mysql_async::UrlError;

const DEFAULT_PORT: u16 = 3306;

/// What the only argument says.
///
/// # Errors
/// When it is no connection string.
pub(super) fn by_url(args: &Args<'_>) -> Result<Opts, Fault> {
    let Value::Str(url) = args.get(0) else {
        return fail("mysql.connect() requires a connection string or (host, user, pass, db)");
    };
    of_url(url, None)
        .map_err(|error| Fault::message(format!("mysql.connect() invalid URL: {error}")))
}

/// What a connection string says, and how many connections there may be if it is said elsewhere. Not a socket file beside the port, which the driver would take on its own: behind a
/// port of this machine there may be a tunnel, and at the file another server.
///
/// # Errors
/// When it is none.
pub(super) fn of_url(url: &str, size: Option<usize>) -> Result<Opts, UrlError> {
    let opts = Opts::from_url(url)?;
    let tls = opts.ssl_opts().cloned().map(with_authorities);
    let mut pool = opts.pool_opts().clone();
    if let Some(size) = size {
        let least = pool.constraints().min().min(size);
        pool = pool.with_constraints(PoolConstraints::new(least, size).unwrap_or_default());
    }
    let builder = OptsBuilder::from_opts(opts).ssl_opts(tls).pool_opts(pool);
    Ok(match url.contains("prefer_socket=") {
        true => builder,
        false => builder.prefer_socket(false),
    }
    .into())
}

/// TLS with the authorities of all clients.
fn with_authorities(tls: SslOpts) -> SslOpts {
    let own = tls::own_authorities().iter().map(|authority| authority.to_vec().into());
    let tls = tls.with_root_certs(own.collect());
    match tls.skip_domain_validation() {
        // The driver knows the complaint about a name by this word, which the complaint has only where it is the name.
        true => tls.with_danger_tls_hostname_override(Some("NotValidForName")),
        false => tls,
    }
}

/// What host, user, password, database and perhaps port say.
///
/// # Errors
/// When one of them is of another kind.
pub(super) fn by_parts(args: &Args<'_>) -> Result<Opts, Fault> {
    let part = |i: usize, what: &str| match args.get(i) {
        Value::Str(text) => Ok(text.as_str().to_owned()),
        _ => fail(format!("mysql.connect() {what} must be a string")),
    };
    let (host, user) = (part(0, "host")?, part(1, "user")?);
    let (password, database) = (part(2, "password")?, part(3, "database")?);
    let port = match args.get(4) {
        Value::Int(port) => u16::try_from(*port).ok(),
        Value::Null if args.len() == 4 => Some(DEFAULT_PORT),
        _ => None,
    };
    let Some(port) = port else { return fail("mysql.connect() port must be an integer") };
    let opts = OptsBuilder::default()
        .ip_or_hostname(host)
        .tcp_port(port)
        .prefer_socket(false)
        .user(Some(user))
        .pass(Some(password))
        .db_name(Some(database).filter(|name| !name.is_empty()));
    Ok(opts.into())
}
