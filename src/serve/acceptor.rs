//! The thread that accepts connections gives way to those that answer on them.
//!
//! A flood of clients that connect and leave keeps it busy, and it takes the cores from the workers that others wait for.
//! With a lower priority it lets such clients wait in the queue of the system, whose length stops them. On cores that
//! have room it is as fast as before.

use std::sync::Once;

/// What the system shows of the name that actix gives it.
#[cfg(target_os = "linux")]
const NAME: &str = "actix-server ac";

/// A tenth of the share of a worker: below the threads where long requests go on.
#[cfg(target_os = "linux")]
const NICE: i32 = 10;

/// The acceptor of one server.
pub(super) struct Acceptor(Once);

impl Acceptor {
    pub(super) fn new() -> Acceptor {
        Acceptor(Once::new())
    }

    /// It has accepted a connection, so it is there to be found.
    pub(super) fn is_at_work(&self) {
        #[cfg(target_os = "linux")]
        self.0.call_once(|| {
            // Without it all is as it was.
            let _ = give_way();
        });
    }
}

#[cfg(target_os = "linux")]
fn give_way() -> std::io::Result<()> {
    use rustix::process::Pid;
    use rustix::process::getpriority_process;
    use rustix::process::setpriority_process;
    for thread in std::fs::read_dir("/proc/self/task")? {
        let thread = thread?;
        let number = thread.file_name().to_str().and_then(|number| number.parse().ok());
        let name = std::fs::read_to_string(thread.path().join("comm")).unwrap_or_default();
        if let (Some(id), NAME) = (number.and_then(Pid::from_raw), name.trim_end())
            && getpriority_process(Some(id))? < NICE
        {
            setpriority_process(Some(id), NICE)?;
        }
    }
    Ok(())
}
