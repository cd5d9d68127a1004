//! How the errors of the driver read.

use mysql_async::Error;

/// The text of an error; that of the server has its state before its code, as other clients write it.
pub(super) fn words(error: &Error) -> String {
    match error {
        Error::Server(why) => {
            format!("Server error: `ERROR {} ({}): {}'", why.state, why.code, why.message)
        }
        other => other.to_string(),
    }
}
