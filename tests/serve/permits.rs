//! Permits: how many handlers there are at once, whichever worker accepted them, and until their last call has ended.

use crate::site::PATIENCE;
use crate::site::Site;
use std::fs::File;
use std::fs::OpenOptions;
use std::process::Command;
use std::time::Instant;

// T-S4
#[test]
fn all_workers_take_from_the_same_permits() {
    let site = Site::new(
        r#"
        @server(max_inflight: 2)
        @get("/hold") fn holds() { say "held"
            wait 60 seconds }
        @get("/") fn root() { return 1 }
        "#,
    );
    let mut holders = [site.connect(), site.connect()];
    for holder in &mut holders {
        holder.begin("GET", "/hold", &[], b"");
        site.hears("held");
    }
    // Connections go to the workers in turn.
    for _ in 0..8 {
        assert_eq!(site.get("/").status, 503);
    }
    drop(holders);
    site.becomes_idle();
    assert!((0..8).all(|_| site.get("/").status == 200));
}

/// T-I10, Q24: reading a pipe that nobody has opened blocks a thread, and cannot be stopped there.
#[cfg(unix)]
#[test]
fn a_blocking_call_keeps_the_permit_of_its_request() {
    let folder = tempfile::tempdir().unwrap();
    let pipes = ["a", "b"].map(|name| folder.path().join(name));
    assert!(Command::new("mkfifo").args(&pipes).status().unwrap().success());
    let site = Site::new(&format!(
        r#"
        @server(max_inflight: 2)
        let never = channel(0)
        @get("/read/:name") fn reads(name) {{ spawn {{ receive(never) }}
            return fs.read("{}/" + name) }}
        @get("/squad/:name") fn squads(name) {{ squad {{ spawn {{ reads(name) }} }} }}
        @get("/") fn root() {{ return 1 }}
        "#,
        folder.path().display()
    ));
    for path in ["read", "squad"] {
        let readers = ["a", "b"].map(|name| {
            let mut client = site.connect();
            client.begin("GET", &format!("/{path}/{name}"), &[], b"");
            client
        });
        // Opening it succeeds when the handler has opened it, too.
        let writers: [File; 2] =
            pipes.each_ref().map(|pipe| OpenOptions::new().write(true).open(pipe).unwrap());
        drop(readers);
        let start = Instant::now();
        while site.handle.tasks() > 0 {
            assert!(start.elapsed() < PATIENCE, "the tasks of {path} go with their requests");
            std::thread::yield_now();
        }
        assert_eq!(site.handle.in_flight(), 2, "{path}: the machines are gone, the calls are not");
        assert_eq!(site.get("/").error(), (503, "server at capacity".to_owned()), "{path}");
        drop(writers);
        site.becomes_idle();
        assert_eq!(site.get("/").status, 200, "{path}");
    }
}
