//! Days, months and years, in UTC.

use super::moment::Moment;
use super::moment::first;
use super::moment::in_zone;
use crate::diag::Fault;
use crate::native::Args;
use crate::native::Outcome;
use crate::native::fail;
use crate::value::Value;
use chrono::DateTime;
use chrono::Datelike;
use chrono::Days;
use chrono::Months;
use chrono::NaiveDate;
use chrono::NaiveDateTime;
use chrono::NaiveTime;
use chrono::TimeDelta;
use chrono::Timelike;
use chrono::Utc;
use chrono::Weekday;

/// From the beginning of a unit to that of the next.
struct Unit {
    start: NaiveDateTime,
    next: Option<NaiveDateTime>,
}

pub(super) fn start_of(args: &mut Args<'_>) -> Result<Outcome, Fault> {
    let unit = unit(args, "start_of")?;
    Ok(in_zone(unit.start.and_utc(), Utc, "UTC").into())
}

pub(super) fn end_of(args: &mut Args<'_>) -> Result<Outcome, Fault> {
    let next = unit(args, "end_of")?.next;
    match next.and_then(|next| next.checked_sub_signed(TimeDelta::seconds(1))) {
        Some(end) => Ok(in_zone(end.and_utc(), Utc, "UTC").into()),
        None => fail("time.end_of() out of range"),
    }
}

/// The unit that the second argument names, around the time that is the first.
fn unit(args: &Args<'_>, name: &str) -> Result<Unit, Fault> {
    if args.is_empty() {
        return fail(format!("time.{name}(time_obj, unit) requires two arguments"));
    }
    let at = first(args)?.utc().naive_utc();
    let unit = match args.given(1) {
        Some(Value::Str(unit)) => unit.as_str(),
        _ => "day",
    };
    let days = |date: Option<NaiveDate>, next: fn(NaiveDate) -> Option<NaiveDate>| {
        let start = date.unwrap_or(NaiveDate::MIN);
        let midnight = |date: NaiveDate| date.and_time(NaiveTime::MIN);
        Unit { start: midnight(start), next: next(start).map(midnight) }
    };
    let within = |start: Option<NaiveDateTime>, length: TimeDelta| {
        let start = start.unwrap_or(at);
        Unit { start, next: start.checked_add_signed(length) }
    };
    let date = at.date();
    let full_minute = at.with_second(0).and_then(|at| at.with_nanosecond(0));
    Ok(match unit {
        "day" => days(Some(date), |date| date.succ_opt()),
        "hour" => within(full_minute.and_then(|at| at.with_minute(0)), TimeDelta::hours(1)),
        "minute" => within(full_minute, TimeDelta::minutes(1)),
        "week" => {
            let monday = Days::new(u64::from(date.weekday().num_days_from_monday()));
            days(date.checked_sub_days(monday), |date| date.checked_add_days(Days::new(7)))
        }
        "month" => days(date.with_day(1), |date| date.checked_add_months(Months::new(1))),
        "year" => days(date.with_ordinal(1), |date| date.checked_add_months(Months::new(12))),
        other => {
            return fail(format!(
                "unknown unit '{other}'. Use: day, hour, minute, week, month, year"
            ));
        }
    })
}

pub(super) fn date(args: &mut Args<'_>) -> Result<Outcome, Fault> {
    let [Value::Int(year), Value::Int(month), Value::Int(day)] = [0, 1, 2].map(|i| args.get(i))
    else {
        return fail("time.date(year, month, day) requires three integers");
    };
    match day_of(*year, *month, *day) {
        Some(date) => Ok(in_zone(midnight(date), Utc, "UTC").into()),
        None => fail(format!("invalid date: {year}-{month}-{day}")),
    }
}

fn day_of(year: i64, month: i64, day: i64) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(
        i32::try_from(year).ok()?,
        u32::try_from(month).ok()?,
        u32::try_from(day).ok()?,
    )
}

fn midnight(date: NaiveDate) -> DateTime<Utc> {
    date.and_time(NaiveTime::MIN).and_utc()
}

pub(super) fn is_weekend(moment: Moment) -> bool {
    matches!(moment.utc().weekday(), Weekday::Sat | Weekday::Sun)
}

pub(super) fn days_in_month(args: &mut Args<'_>) -> Result<Outcome, Fault> {
    let month = match (args.len(), args.get(0), args.get(1)) {
        (0, ..) => day_of_moment(Utc::now()),
        (_, Value::Int(year), Value::Int(month)) => day_of(*year, *month, 1),
        (1, time, _) if Moment::of(time).is_some() => {
            Moment::of(time).and_then(|moment| day_of_moment(moment.utc()))
        }
        _ => return fail("argument must be a time object or (year, month)"),
    };
    let days = month.and_then(|month| {
        let next = month.checked_add_months(Months::new(1))?;
        Some((next - month).num_days())
    });
    match days {
        Some(days) => Ok(Value::Int(days).into()),
        None => fail("invalid year/month"),
    }
}

/// The first day of the month that a moment is in.
fn day_of_moment(at: DateTime<Utc>) -> Option<NaiveDate> {
    at.date_naive().with_day(1)
}

pub(super) fn is_leap_year(args: &mut Args<'_>) -> Result<Outcome, Fault> {
    let year = match args.get(0) {
        Value::Int(year) => *year,
        time @ Value::Object(_) if Moment::of(time).is_some() => {
            Moment::of(time).map_or(0, |moment| i64::from(moment.utc().year()))
        }
        Value::Null if args.is_empty() => i64::from(Utc::now().year()),
        _ => return fail("argument must be a year integer or time object"),
    };
    let divides = |by: i64| year.rem_euclid(by) == 0;
    Ok(((divides(4) && !divides(100)) || divides(400)).into())
}
