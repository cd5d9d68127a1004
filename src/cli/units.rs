//! Numbers with units on the command line: seconds, sizes.

use std::time::Duration;

/// A number of seconds, 0 included.
pub(super) fn seconds(text: &str) -> Result<Duration, String> {
    let seconds = text.parse().map_err(|_| "expected a number of seconds".to_owned())?;
    Duration::try_from_secs_f64(seconds).map_err(|_| "expected a number of seconds".to_owned())
}

/// A number of seconds above 0.
pub(super) fn some_seconds(text: &str) -> Result<Duration, String> {
    let wanted = || "expected a number of seconds above 0".to_owned();
    seconds(text).and_then(|time| if time.is_zero() { Err(wanted()) } else { Ok(time) })
}

/// `4096`, `64KiB`, `2MB`: a number of bytes.
pub(super) fn size(text: &str) -> Result<usize, String> {
    let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let (number, unit) = text.split_at(digits);
    let factor: usize = match unit.trim().to_ascii_lowercase().as_str() {
        "" | "b" => 1,
        "k" | "kib" => 1 << 10,
        "m" | "mib" => 1 << 20,
        "g" | "gib" => 1 << 30,
        "kb" => 1_000,
        "mb" => 1_000_000,
        "gb" => 1_000_000_000,
        _ => return Err("expected a size such as 4096, 64KiB or 2MiB".to_owned()),
    };
    let number: Option<usize> = number.parse().ok();
    let size = number.and_then(|number| number.checked_mul(factor));
    size.ok_or_else(|| "expected a size such as 4096, 64KiB or 2MiB".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_have_units() {
        let table =
            [("0", 0), ("4096", 4096), ("2MiB", 2 << 20), ("64 k", 65536), ("3mb", 3_000_000)];
        for (text, bytes) in table {
            assert_eq!(size(text), Ok(bytes), "{text}");
        }
        for text in ["", "MiB", "-1", "1.5MiB", "1TiB", "99999999999999999999", "99999999999GiB"] {
            assert!(size(text).is_err(), "{text}");
        }
    }

    #[test]
    fn seconds_may_have_fractions() {
        assert_eq!(seconds("0.25"), Ok(Duration::from_millis(250)));
        assert_eq!(seconds("0"), Ok(Duration::ZERO));
        assert!(some_seconds("0").is_err() && seconds("-1").is_err() && seconds("soon").is_err());
    }
}
