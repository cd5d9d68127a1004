//! The working directory and the environment variables that a handler sets stay its own; its log lines say which
//! request they belong to.

use crate::process::Running;
use crate::site::Client;
use crate::site::Site;
use serde_json::json;

const PROGRAM: &str = r#"
@server(port: 0)
cd("/usr")
env.set("MODE", "template")
@get("/change")
fn changes() {
    cd("/")
    env.set("MODE", "handler")
    wait 0.01 seconds
    return [cwd(), env.get("MODE"), await spawn { cwd() + env.get("MODE") }, fs.is_dir("usr")]
}
@get("/look")
fn look() { return [cwd(), env.get("MODE"), env.all().MODE, fs.is_dir("bin")] }
@get("/log/:text")
fn line(text) {
    log.info("handler says", text)
    wait 0.01 seconds
    log.warn("later", text)
    return "ok"
}
"#;

#[test]
fn what_a_handler_sets_stays_its_own() {
    let site = Site::new(PROGRAM);
    let address = site.address;
    let get = |path: &str| Client::new(address).get(path).json();
    let look = json!(["/usr", "template", "template", true]);
    assert_eq!(get("/look"), look);
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                let changed = json!(["/", "handler", "/handler", true]);
                assert_eq!(get("/change"), changed);
                assert_eq!(get("/look"), look);
            });
        }
    });
}

#[test]
fn log_lines_of_a_handler_carry_its_request() {
    let env = [("FORGE_LOG_FORMAT", "json")];
    let server = Running::of(PROGRAM, &["-p", "0"], &env);
    let listening = server.event("Forge server listening");
    let port = listening["fields"]["port"].as_u64().unwrap() as u16;
    let mut client = Client::new(([127, 0, 0, 1], port).into());
    client.send("GET", "/log/one", &["x-request-id: mine"], b"");
    for (message, level) in [("handler says one", "INFO"), ("later one", "WARN")] {
        let event = server.event(message);
        assert_eq!((&event["target"], &event["level"]), (&"forge.user".into(), &level.into()));
        assert_eq!(event["span"]["request_id"], "mine", "{event}");
    }
}
