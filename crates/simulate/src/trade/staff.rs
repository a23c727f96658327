//! The people of the two teams. All names are made up.

use crate::time::{Day, Zone};

/// A user of the CRM.
#[derive(Debug, Clone, Copy)]
pub struct User {
    /// Number of the id and index in [`staff`].
    pub number: usize,
    /// First name.
    pub first: &'static str,
    /// Last name.
    pub last: &'static str,
    /// Job title.
    pub title: &'static str,
    /// Sales or marketing side.
    pub department: &'static str,
    /// Number of the manager.
    pub manager: Option<usize>,
    /// Time zone of the working day.
    pub zone: Zone,
    /// Left before this day (turnover only).
    pub left: Option<Day>,
    /// Came on this day.
    pub came: Day,
}

/// Number of the marketing tool's user.
pub const AUTOMATION: usize = 6;
/// Numbers of the SDRs.
pub const SDRS: std::ops::Range<usize> = 9..18;
/// How many seats account executives have; seat s is user 18 + s, and its successor user 27 + s.
pub const AE_SEATS: usize = 9;

const FIRST_AE: usize = 18;

const NAMES: [(&str, &str); 36] = [
    ("Maren", "Oakhurst"),
    ("Idris", "Valmont"),
    ("Petra", "Lindqvist"),
    ("Tobias", "Fenwick"),
    ("Noor", "Castell"),
    ("Silvan", "Harrow"),
    ("Marketing", "Automation"),
    ("Jonna", "Weir"),
    ("Emre", "Dalgaard"),
    ("Ada", "Merrow"),
    ("Bruno", "Tarn"),
    ("Cleo", "Vance"),
    ("Dario", "Holt"),
    ("Elin", "Sorrel"),
    ("Farid", "Quill"),
    ("Greta", "Marsh"),
    ("Hugo", "Pell"),
    ("Ines", "Rowan"),
    ("Jasper", "Cole"),
    ("Kira", "Bloom"),
    ("Luca", "Thorne"),
    ("Mina", "Ashby"),
    ("Nils", "Carver"),
    ("Olga", "Finch"),
    ("Pavel", "Stroud"),
    ("Quinn", "Mercer"),
    ("Rosa", "Hale"),
    ("Sami", "Garrick"),
    ("Tessa", "Loomis"),
    ("Umar", "Whit"),
    ("Vera", "Kestrel"),
    ("Willa", "Prior"),
    ("Xavi", "Northam"),
    ("Yara", "Denholm"),
    ("Zeno", "Birch"),
    ("Alma", "Reed"),
];

/// All users: chiefs and managers, the robot, marketers, SDRs, account executives, and `new_seats` successors.
pub fn staff(new_seats: usize) -> Vec<User> {
    (0..FIRST_AE + AE_SEATS + new_seats).map(|number| user(number, new_seats)).collect()
}

impl User {
    /// The number of the user on an account executive's seat.
    pub const fn on_seat(seat: usize, successor: bool) -> usize {
        FIRST_AE + seat + if successor { AE_SEATS } else { 0 }
    }

    /// Work mail.
    pub fn mail(&self) -> String {
        format!("{}.{}@fernhill.example", self.first, self.last).to_lowercase()
    }
}

/// The zone of any user, without building the list.
pub(crate) const fn zone(number: usize) -> Zone {
    const ZONES: [Zone; 5] = [Zone::NewYork, Zone::Chicago, Zone::LosAngeles, Zone::London, Zone::Berlin];
    match number {
        0..=8 => Zone::NewYork,
        9..=17 => ZONES[(number - 9) % 5],
        _ => ZONES[(number - FIRST_AE) % AE_SEATS % 5],
    }
}

fn user(number: usize, new_seats: usize) -> User {
    let (first, last) = NAMES[number % NAMES.len()];
    let (title, department, manager) = match number {
        0 => ("Chief Revenue Officer", "Revenue", None),
        1 => ("VP Sales", "Sales", Some(0)),
        2 => ("VP Marketing", "Marketing", Some(0)),
        3 | 4 => ("SDR Manager", "Sales Development", Some(1)),
        5 => ("Sales Manager", "Sales", Some(1)),
        AUTOMATION => ("Integration User", "Marketing", Some(2)),
        7 | 8 => ("Campaign Manager", "Marketing", Some(2)),
        9..=17 => ("Sales Development Representative", "Sales Development", Some(3 + number % 2)),
        _ => ("Account Executive", "Sales", Some(5)),
    };
    let start = Day::new(2024, 1, 8);
    let seat = number.checked_sub(FIRST_AE);
    let leaver = seat.is_some_and(|s| s < new_seats);
    User {
        number,
        first,
        last,
        title,
        department,
        manager,
        zone: zone(number),
        left: leaver.then_some(Day::new(2026, 7, 1)),
        came: if seat.is_some_and(|s| s >= AE_SEATS) { Day::new(2026, 6, 29) } else { start },
    }
}
