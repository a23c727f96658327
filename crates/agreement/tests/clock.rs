//! Clocks in working hours against a second reckoning that walks through every minute.

#![allow(clippy::unwrap_used)]

use jiff::tz::{TimeZone, TimeZoneDatabase};
use lockstep_agreement::clock::{Calendar, Hours, Run, Shift};
use terms::{Day, Instant};

const MINUTE: i64 = 60_000;

fn zone(name: &str) -> TimeZone {
    TimeZoneDatabase::bundled().get(name).unwrap()
}

fn at(text: &str) -> Instant {
    Instant(text.parse::<jiff::Timestamp>().unwrap().as_millisecond())
}

fn hours_of(calendar: &Calendar, year: i32) -> Hours {
    Hours::new(calendar, Day::from_ymd(year - 1, 12, 1).unwrap(), Day::from_ymd(year + 1, 1, 31).unwrap())
}

fn hours(calendar: &Calendar) -> Hours {
    hours_of(calendar, 2026)
}

/// Monday 10:00, and not Saturday 16:00 or Monday 09:00, as other systems have it.
#[test]
fn a_lead_of_saturday_afternoon_with_an_hour_is_due_on_monday_at_ten() {
    for (name, saturday, monday) in [
        ("America/New_York", "2026-07-11T19:00Z", "2026-07-13T14:00Z"),
        ("Europe/Berlin", "2026-07-11T13:00Z", "2026-07-13T08:00Z"),
        // the clocks were put forward on the Sunday between
        ("Europe/Berlin", "2026-03-28T14:00Z", "2026-03-30T08:00Z"),
    ] {
        let hours = hours(&Calendar::parse(name, "Mon-Fri 09:00-17:00").unwrap());
        let run = Run::new(at(saturday), &hours);
        assert_eq!(run.deadline(60 * MINUTE), Some(at(monday)), "{name}");
        assert_eq!(run.elapsed(at(monday)), Some(60 * MINUTE));
        assert_eq!(run.elapsed(Instant(at(monday).0 - MINUTE)), Some(59 * MINUTE));
    }
}

#[test]
fn the_last_minute_of_a_day_is_due_at_its_end_and_nights_over_a_change_of_clocks_have_their_own_length() {
    let day = hours(&Calendar::parse("Europe/Berlin", "Mon-Fri 09:00-17:00").unwrap());
    let run = Run::new(at("2026-07-06T07:00Z"), &day);
    assert_eq!(run.deadline(8 * 60 * MINUTE), Some(at("2026-07-06T15:00Z")));
    assert_eq!(run.deadline(8 * 60 * MINUTE + 1), Some(Instant(at("2026-07-07T07:00Z").0 + 1)));
    let night = hours(&Calendar::parse("Europe/Berlin", "Mon-Sun 22:00-06:00").unwrap());
    let worked = |from: &str, to: &str| Run::new(at(from), &night).elapsed(at(to)).unwrap() / 60 / MINUTE;
    assert_eq!(worked("2026-07-04T12:00Z", "2026-07-05T12:00Z"), 8);
    assert_eq!(worked("2026-03-28T12:00Z", "2026-03-29T12:00Z"), 7);
    assert_eq!(worked("2026-10-24T12:00Z", "2026-10-25T12:00Z"), 9);
}

#[test]
fn what_never_comes_or_is_not_covered_is_none() {
    let calendar = Calendar::parse("UTC", "Mon 09:00-10:00").unwrap();
    let hours = Hours::new(&calendar, Day::from_ymd(2026, 1, 1).unwrap(), Day::from_ymd(2026, 1, 31).unwrap());
    let run = Run::new(at("2026-01-01T00:00Z"), &hours);
    // four Mondays
    assert_eq!(run.deadline(4 * 60 * MINUTE), Some(at("2026-01-26T10:00Z")));
    assert_eq!(run.deadline(4 * 60 * MINUTE + 1), None);
    assert_eq!(run.elapsed(at("2026-02-02T00:00Z")), None);
    assert_eq!(run.clone().paused(at("2026-01-02T00:00Z"), None).deadline(1), None);
    assert_eq!(run.paused(at("2026-01-02T00:00Z"), None).elapsed(at("2026-01-31T00:00Z")), Some(0));
    assert_eq!(Run::new(at("2025-01-01T00:00Z"), &hours).deadline(1), None);
}

#[test]
fn who_it_passes_to_counts_from_then_on() {
    let berlin = hours(&Calendar::parse("Europe/Berlin", "Mon-Fri 09:00-17:00").unwrap());
    let york = hours(&Calendar::parse("America/New_York", "Mon-Fri 09:00-17:00").unwrap());
    // two hours until the office in Berlin closes; New York is open already
    let run = Run::new(at("2026-07-06T13:00Z"), &berlin).passed(at("2026-07-06T15:00Z"), &york);
    assert_eq!(run.deadline(3 * 60 * MINUTE), Some(at("2026-07-06T16:00Z")));
    assert_eq!(run.elapsed(at("2026-07-07T00:00Z")), Some((2 + 6) * 60 * MINUTE));
    let paused = run.paused(at("2026-07-06T14:00Z"), Some(at("2026-07-06T15:30Z")));
    assert_eq!(paused.deadline(3 * 60 * MINUTE), Some(at("2026-07-06T17:30Z")));
}

/// A small generator, so that the cases are the same everywhere.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) * n) >> 31
    }
}

/// A calendar for the second reckoning: shifts by day, read minute by minute.
struct Plain {
    zone: TimeZone,
    calendar: Calendar,
}

impl Plain {
    /// Whether each minute from `first` on is work, by the latest wall time that was shown so far: a shift has begun when
    /// its start was shown, and is over when its end was.
    fn minutes(&self, first: i64, count: usize) -> Vec<bool> {
        // so long before that nothing of an earlier change of the clocks is left
        let lead = 1_500;
        let (mut shown, mut offset) = (i64::MIN, 0);
        let mut out = Vec::with_capacity(count);
        for minute in first - lead..first + count as i64 {
            // no clock changes but at a quarter of an hour
            if minute % 15 == 0 || shown == i64::MIN {
                let at = jiff::Timestamp::from_second(minute * 60).unwrap();
                offset = i64::from(self.zone.to_offset(at).seconds()) / 60;
            }
            shown = shown.max(minute + offset);
            let today = shown.div_euclid(1_440);
            let is_work = [today - 1, today].iter().any(|day| {
                self.calendar.shifts(Day(*day as i32)).iter().any(|shift| {
                    let start = day * 1_440 + i64::from(shift.from);
                    let end = day * 1_440 + i64::from(shift.to) + if shift.to > shift.from { 0 } else { 1_440 };
                    (start..end).contains(&shown)
                })
            });
            if minute >= first {
                out.push(is_work);
            }
        }
        out
    }
}

const ZONES: [&str; 9] = [
    "America/New_York",
    "Europe/Berlin",
    "Europe/London",
    "Australia/Lord_Howe",
    "Asia/Kolkata",
    "America/St_Johns",
    "Pacific/Auckland",
    "Africa/Casablanca",
    "UTC",
];

const WEEKS: [&str; 8] = [
    "Mon-Fri 09:00-17:00",
    "Mon-Fri 08:30-12:15, Mon-Fri 13:00-17:45",
    "Mon-Sun 22:00-06:00",
    "Sun-Thu 21:45-02:30, Sun-Thu 01:15-04:00",
    "Mon-Sun 00:00-24:00",
    "Sat-Sun 01:30-02:30",
    "Tue 09:00-10:00, Thu-Sat 23:00-03:00",
    "Mon-Sun 02:10-02:50, Mon-Sun 12:00-13:00",
];

fn calendar(dice: &mut Dice) -> Plain {
    let name = ZONES[dice.below(ZONES.len() as u64) as usize];
    let week = WEEKS[dice.below(WEEKS.len() as u64) as usize];
    let first = Day::from_ymd(2024, 1, 1).unwrap();
    let special: Vec<(Day, Vec<Shift>)> = (0..120)
        .map(|_| {
            let from = dice.below(1_440) as u16;
            let shifts = match dice.below(3) {
                0 => vec![],
                1 => vec![Shift { from: 600, to: 720 }],
                _ => vec![Shift { from, to: (from + 1 + dice.below(1_438) as u16) % 1_440 }],
            };
            (first.plus(dice.below(1_400) as i32), shifts)
        })
        .collect();
    let calendar = Calendar::parse(name, week).unwrap().with_days(special).unwrap();
    Plain { zone: zone(name), calendar }
}

/// 6,000 clocks, half of them around a change of the clocks; none differs from the walk through every minute.
#[test]
fn no_case_differs_from_the_reckoning_minute_by_minute() {
    let mut dice = Dice(20_260_401);
    let (mut reached, mut changed) = (0, 0);
    for _ in 0..120 {
        let plain = [calendar(&mut dice), calendar(&mut dice)];
        let year = 2024 + dice.below(4) as i32;
        let hours = [0, 1].map(|i: usize| hours_of(&plain[i].calendar, year));
        for _ in 0..50 {
            let (is_due, is_over_a_change) = one_case(&mut dice, year, &plain, &hours);
            reached += u32::from(is_due);
            changed += u32::from(is_over_a_change);
        }
    }
    println!("{reached} of 6,000 due within the window, {changed} over a change of the clocks");
    assert!(reached > 3_000 && changed > 1_000, "{reached} {changed}");
}

fn one_case(dice: &mut Dice, year: i32, plain: &[Plain; 2], hours: &[Hours; 2]) -> (bool, bool) {
    let first = Day::from_ymd(year, 1, 1).unwrap();
    let begin = jiff::Timestamp::from_second(i64::from(first.0) * 86_400).unwrap();
    let changes: Vec<i64> = plain[0].zone.following(begin).take(2).map(|t| t.timestamp().as_second() / 60).collect();
    let start = if !changes.is_empty() && dice.below(2) == 0 {
        changes[dice.below(changes.len() as u64) as usize] - dice.below(3_000) as i64
    } else {
        i64::from(first.0) * 1_440 + dice.below(366 * 1_440) as i64
    };
    let window = 3_500;
    let mut run = Run::new(Instant(start * MINUTE), &hours[0]);
    let passes = (dice.below(3) == 0).then(|| start + dice.below(2_000) as i64);
    if let Some(minute) = passes {
        run = run.passed(Instant(minute * MINUTE), &hours[1]);
    }
    let pauses: Vec<(i64, i64)> = (0..dice.below(3))
        .map(|_| {
            let from = start + dice.below(2_500) as i64 - 200;
            (from, from + dice.below(900) as i64)
        })
        .collect();
    for (from, to) in &pauses {
        run = run.paused(Instant(from * MINUTE), Some(Instant(to * MINUTE)));
    }
    let work = [true, passes.is_some()].map(|is_asked| if is_asked { window } else { 0 });
    let work = [0, 1].map(|i: usize| plain[i].minutes(start, work[i]));
    let asked = 1 + dice.below(900) as i64;
    let (mut sum, mut due) = (0, None);
    for (n, minute) in (start..start + window as i64).enumerate() {
        if n % 97 == 0 {
            assert_eq!(run.elapsed(Instant(minute * MINUTE)), Some(sum * MINUTE), "{minute} {run:?}");
        }
        let leg = usize::from(passes.is_some_and(|p| minute >= p));
        let counts = work[leg][n] && !pauses.iter().any(|(from, to)| (*from..*to).contains(&minute));
        sum += i64::from(counts);
        if sum == asked && due.is_none() {
            due = Some(Instant((minute + 1) * MINUTE));
        }
    }
    if let Some(due) = due {
        assert_eq!(run.deadline(asked * MINUTE), Some(due), "{asked} from {start}");
        assert_eq!(run.elapsed(due), Some(asked * MINUTE));
        assert!(run.elapsed(Instant(due.0 - 1)).unwrap() < asked * MINUTE);
    } else if let Some(later) = run.deadline(asked * MINUTE) {
        assert!(later.0 > (start + window as i64 - 1) * MINUTE, "{later:?}");
        assert_eq!(run.elapsed(later), Some(asked * MINUTE));
    }
    let offset = |minute: i64| plain[0].zone.to_offset(jiff::Timestamp::from_second(minute * 60).unwrap());
    (due.is_some(), offset(start) != offset(start + window as i64))
}
