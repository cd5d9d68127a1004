//! The memory of servers.

use crate::server::Server;

impl Server {
    /// A line of the process's status in kilobytes: `VmRSS`, `VmHWM`; `None` where there is no such thing.
    pub(crate) fn memory(&self, key: &str) -> Option<f64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.process.id())).ok()?;
        let line = status.lines().find(|line| line.starts_with(key))?;
        line.split_whitespace().nth(1)?.parse().ok()
    }
}
