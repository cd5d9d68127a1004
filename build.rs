//! How the `forge` command is linked.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    // At a fixed address: at a random one the loader would write 90,000 addresses into tables (of time zones, of HTML
    // entities, of trait objects) at each start, three quarters of the time that `forge -e 'say 1'` takes. Stack, heap
    // and libraries stay where chance puts them.
    let is = |key: &str, value: &str| std::env::var(key).as_deref() == Ok(value);
    if is("CARGO_CFG_TARGET_OS", "linux") && is("CARGO_CFG_TARGET_ENV", "gnu") {
        println!("cargo::rustc-link-arg-bins=-no-pie");
    }
}
