//! What `wrk` measures of servers.

use crate::rounds::rounds;
use crate::server::Server;
use std::process::Command;

/// Requests per second, and the seconds that all but one in a hundred took at most.
pub(crate) struct Load {
    pub(crate) per_second: f64,
    pub(crate) p99: f64,
}

/// The best of several rounds of each server, in turns.
pub(crate) fn best_loads<const N: usize>(
    servers: [(&Server, &str); N],
    connections: u32,
) -> Option<[Load; N]> {
    let mut best = servers.map(|_| Load { per_second: 0.0, p99: f64::MAX });
    for _ in 0..rounds(3, 1) {
        for ((server, path), best) in servers.iter().zip(&mut best) {
            let load = server.load(path, connections)?;
            best.per_second = best.per_second.max(load.per_second);
            best.p99 = best.p99.min(load.p99);
        }
    }
    Some(best)
}

impl Server {
    /// What `wrk` says of a path; `None` without it.
    fn load(&self, path: &str, connections: u32) -> Option<Load> {
        let url = format!("http://{}{path}", self.address);
        let duration = format!("-d{}s", rounds(4, 1));
        let connections = format!("-c{connections}");
        let arguments = ["-t1", "--latency", &connections, &duration, &url];
        let output = Command::new("wrk").args(arguments).output().ok()?;
        let text = String::from_utf8(output.stdout).ok()?;
        let line = |head: &str| text.lines().find_map(|line| line.trim_start().strip_prefix(head));
        let figure = |head: &str| line(head)?.split_whitespace().next();
        let p99 = figure("99%")?;
        let (number, unit) = p99.split_at(p99.find(char::is_alphabetic)?);
        let seconds: f64 = match unit {
            "us" => 1e-6,
            "ms" => 1e-3,
            _ => 1.0,
        };
        Some(Load {
            per_second: figure("Requests/sec:")?.parse().ok()?,
            p99: number.parse::<f64>().ok()? * seconds,
        })
    }
}
