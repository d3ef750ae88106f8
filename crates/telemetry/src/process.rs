//! What the operating system says of this process.

/// Resident memory in bytes; `None` where the system does not say.
pub(crate) fn resident_memory_bytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    read(&status)
}

fn read(status: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kilobytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kilobytes * 1024)
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn the_line_of_resident_memory_is_read() {
        assert_eq!(read("Name:\tx\nVmRSS:\t   23552 kB\nThreads:\t4\n"), Some(23552 * 1024));
        assert_eq!(read("Name:\tx\n"), None);
    }
}
