//! Who works when.

use serde::Serialize;

use crate::time::HOLIDAYS;
use crate::trade::User;

/// The working calendar of every rep, in the rep's own zone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Calendar {
    /// First and last day of the working week.
    pub days: [&'static str; 2],
    /// Local time at which the day begins and ends.
    pub hours: [&'static str; 2],
    /// Days nobody works.
    pub holidays: Vec<String>,
}

/// A user.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Rep {
    /// Work mail.
    pub mail: String,
    /// Job title.
    pub title: &'static str,
    /// Department.
    pub team: &'static str,
    /// The manager's mail.
    pub manager: Option<String>,
    /// Time zone.
    pub zone: &'static str,
    /// First day.
    pub came: String,
    /// First day no longer there.
    pub left: Option<String>,
}

impl Calendar {
    pub(crate) fn new() -> Calendar {
        Calendar {
            days: ["monday", "friday"],
            hours: ["09:00", "17:30"],
            holidays: HOLIDAYS.iter().map(ToString::to_string).collect(),
        }
    }
}

impl Rep {
    pub(crate) fn list(users: &[User]) -> Vec<Rep> {
        let rep = |user: &User| Rep {
            mail: user.mail(),
            title: user.title,
            team: user.department,
            manager: user.manager.and_then(|m| users.get(m)).map(User::mail),
            zone: user.zone.name(),
            came: user.came.to_string(),
            left: user.left.map(|d| d.to_string()),
        };
        users.iter().map(rep).collect()
    }
}
