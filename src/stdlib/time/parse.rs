//! Times in texts.

use super::moment::at;
use super::moment::in_zone;
use super::moment::zone_named;
use crate::diag::Fault;
use crate::native::Args;
use crate::native::Outcome;
use crate::native::fail;
use crate::value::Value;
use chrono::DateTime;
use chrono::NaiveDate;
use chrono::NaiveDateTime;
use chrono::NaiveTime;
use chrono::Utc;

const DATES_WITH_TIMES: &[&str] = &["%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S"];
const DATES: &[&str] = &["%Y-%m-%d", "%m/%d/%Y", "%d.%m.%Y", "%b %d, %Y", "%d %b %Y"];

pub(super) fn parse(args: &mut Args<'_>) -> Result<Outcome, Fault> {
    let parsed = match args.get(0) {
        Value::Str(text) => text,
        Value::Int(seconds) => return Ok(in_zone(at(*seconds)?, Utc, "UTC").into()),
        _ => return fail("time.parse() requires a date string or unix timestamp"),
    };
    let Some(at) = moment(parsed) else {
        return fail(format!(
            "cannot parse '{parsed}' as a date/time. Supported formats: YYYY-MM-DD, \
             YYYY-MM-DDTHH:MM:SS, MM/DD/YYYY, DD.MM.YYYY, \"Jan 15, 2026\""
        ));
    };
    Ok(match args.given(1) {
        Some(Value::Str(name)) => in_zone(at, zone_named(name)?, name),
        _ => in_zone(at, Utc, "UTC"),
    }
    .into())
}

/// The moment that a text stands for; without an offset it is UTC.
fn moment(text: &str) -> Option<DateTime<Utc>> {
    if let Ok(at) = DateTime::parse_from_rfc3339(text) {
        return Some(at.to_utc());
    }
    let text = text.trim_start();
    let with_time = |format: &&str| NaiveDateTime::parse_from_str(text, format).ok();
    let date = |format: &&str| NaiveDate::parse_from_str(text, format).ok();
    let midnight = |date: NaiveDate| date.and_time(NaiveTime::MIN);
    let found = DATES_WITH_TIMES.iter().find_map(with_time);
    found.or_else(|| DATES.iter().find_map(date).map(midnight)).map(|at| at.and_utc())
}
