//! In what pages fresh memory comes. Huge ones (2 MiB) make work on large values faster, by a quarter for long texts; but
//! each is cleared as a whole when its first byte is used, which costs those that use a little of much memory: who starts,
//! and who serves.

/// Whether fresh memory may come in huge pages from now on. Where that is not for a process to say, nothing happens.
pub fn allow_huge_pages(allows: bool) {
    #[cfg(target_os = "linux")]
    let _ = rustix::thread::disable_transparent_huge_pages(!allows);
    #[cfg(not(target_os = "linux"))]
    let _ = allows;
}
