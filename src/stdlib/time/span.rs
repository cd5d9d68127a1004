//! How far times are apart, and times that far away.

use super::moment::Moment;
use super::moment::first;
use super::moment::like;
use super::moment::two;
use crate::diag::Fault;
use crate::native::Args;
use crate::native::Outcome;
use crate::native::fail;
use crate::value::Object;
use crate::value::Text;
use crate::value::Value;
use chrono::DateTime;

const SECOND: i128 = 1000;
const DAY: i128 = 24 * 3600 * SECOND;

/// The parts of a duration and their milliseconds: a month has 30 days, a year 365.
const UNITS: &[(&str, i128)] = &[
    ("years", 365 * DAY),
    ("months", 30 * DAY),
    ("weeks", 7 * DAY),
    ("days", DAY),
    ("hours", 3600 * SECOND),
    ("minutes", 60 * SECOND),
    ("seconds", SECOND),
    ("millis", 1),
];

pub(super) fn diff(args: &mut Args<'_>) -> Result<Outcome, Fault> {
    let [a, b] = two(args, "diff")?;
    let millis = a.millis() - b.millis();
    let seconds = millis / 1000;
    let per = |unit: f64| Value::Float(millis as f64 / 1000.0 / unit);
    let fields = [
        ("seconds", Value::Int(seconds)),
        ("minutes", per(60.0)),
        ("hours", per(3600.0)),
        ("days", per(86400.0)),
        ("weeks", per(604_800.0)),
        ("human", human(seconds).into()),
    ];
    let named = fields.into_iter().map(|(name, value)| (Text::from(name), value));
    Ok(Value::Object(Object::from_pairs(named)).into())
}

fn human(seconds: i64) -> String {
    let sign = if seconds < 0 { "-" } else { "" };
    let all = seconds.unsigned_abs();
    let (days, hours, minutes) = (all / 86400, all / 3600 % 24, all / 60 % 60);
    format!("{sign}{days}d {hours}h {minutes}m {}s", all % 60)
}

/// The time that is a duration later, or earlier.
pub(super) fn shift(args: &mut Args<'_>, name: &str, sign: i128) -> Result<Outcome, Fault> {
    if args.is_empty() {
        return fail(format!("time.{name}(time_obj, duration) requires two arguments"));
    }
    let moment: Moment = first(args)?;
    let Some(millis) = duration(args.get(1)) else {
        let example = if sign > 0 { " like {days: 5, hours: 3}" } else { "" };
        return fail(format!(
            "time.{name}() second argument must be a duration object{example} or seconds integer"
        ));
    };
    let moved = i64::try_from(i128::from(moment.millis()) + sign * millis).ok();
    match moved.and_then(DateTime::from_timestamp_millis) {
        Some(at) => Ok(like(at, args.get(0)).into()),
        None => fail(format!("time.{name}() out of range")),
    }
}

/// A duration in milliseconds.
fn duration(value: &Value) -> Option<i128> {
    match value {
        Value::Int(seconds) => Some(i128::from(*seconds) * SECOND),
        Value::Object(parts) => {
            let part = |(name, unit): &(&str, i128)| match parts.get(name).map(Value::thawed) {
                Some(Value::Int(count)) => i128::from(*count) * unit,
                _ => 0,
            };
            Some(UNITS.iter().map(part).sum())
        }
        _ => None,
    }
}
