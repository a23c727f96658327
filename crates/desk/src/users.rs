//! Who may sign in, and as what.
//!
//! Not here: what a role may see (`web::access`), and how a password is hashed: the desk keeps the hash that it is given. Invariant:
//! a user is closed, never removed, so that the audit log names nobody who cannot be looked up.

use rusqlite::{OptionalExtension, Row, params};
use terms::Instant;

use crate::error::Kind;
use crate::{Desk, Error};

/// What somebody is to the company.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Runs Lockstep itself.
    Admin,
    /// Chief executive.
    Ceo,
    /// Leads sales.
    SalesLead,
    /// Leads marketing.
    MarketingLead,
    /// Revenue operations.
    Revops,
    /// Works leads in sales.
    Rep,
    /// Works in marketing.
    Marketer,
    /// From outside: reads what is aggregated, and nothing about persons.
    Mediator,
}

impl Role {
    /// All of them, in the order in which they are listed.
    pub const ALL: [Role; 8] = [
        Role::Admin,
        Role::Ceo,
        Role::SalesLead,
        Role::MarketingLead,
        Role::Revops,
        Role::Rep,
        Role::Marketer,
        Role::Mediator,
    ];

    /// The word that stands for it in files and commands.
    pub const fn word(self) -> &'static str {
        match self {
            Role::Admin => "admin",
            Role::Ceo => "ceo",
            Role::SalesLead => "sales_lead",
            Role::MarketingLead => "marketing_lead",
            Role::Revops => "revops",
            Role::Rep => "rep",
            Role::Marketer => "marketer",
            Role::Mediator => "mediator",
        }
    }

    /// The role of a word.
    pub fn parse(word: &str) -> Option<Role> {
        Role::ALL.into_iter().find(|role| role.word() == word)
    }
}

/// Somebody who may sign in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// What is typed at sign-in; lower case.
    pub name: String,
    /// What pages call them.
    pub label: String,
    /// As what they sign in.
    pub role: Role,
    /// As which owner the CRM knows them; empty where they own no leads.
    pub owner: String,
    /// The user who manages them, by name; empty where an admin set none.
    pub manager: String,
    /// The hash of the password, with its settings and salt.
    pub password: String,
    /// When it was made.
    pub made_at: Instant,
    /// When it was closed, if it was.
    pub closed_at: Option<Instant>,
}

const COLUMNS: &str = "name, label, role, owner, password, made_at, closed_at, manager";

impl Desk {
    /// Adds a user. Whether it was: a name that is taken, by a closed user too, stays as it is.
    ///
    /// # Errors
    /// Where the file cannot be written.
    pub fn add_user(&self, user: &User) -> Result<bool, Error> {
        let put = format!(
            "INSERT INTO users ({COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, NULL, $7) ON CONFLICT (name) DO NOTHING"
        );
        let a = user;
        self.with(|store| {
            store.write(|store| {
                let values = params![a.name, a.label, a.role.word(), a.owner, a.password, a.made_at.0, a.manager];
                Ok(store.conn.prepare_cached(&put)?.execute(values)? > 0)
            })
        })
    }

    /// A user by its name, open or closed.
    ///
    /// # Errors
    /// Where the file cannot be read.
    pub fn user(&self, name: &str) -> Result<Option<User>, Error> {
        let ask = format!("SELECT {COLUMNS} FROM users WHERE name = $1");
        let found = self.with(|store| Ok(store.conn.prepare_cached(&ask)?.query_row([name], read).optional()?))?;
        found.map(known).transpose()
    }

    /// All users by name.
    ///
    /// # Errors
    /// Where the file cannot be read.
    pub fn users(&self) -> Result<Vec<User>, Error> {
        let ask = format!("SELECT {COLUMNS} FROM users ORDER BY name");
        let all = self.with(|store| {
            let mut all = store.conn.prepare_cached(&ask)?;
            let rows = all.query_map([], read)?;
            Ok(rows.collect::<Result<Vec<_>, _>>()?)
        })?;
        all.into_iter().map(known).collect()
    }

    /// Gives an open user another password and ends its sessions. Whether there is one.
    ///
    /// # Errors
    /// Where the file cannot be written.
    pub fn set_password(&self, name: &str, password: &str) -> Result<bool, Error> {
        self.with(|store| {
            store.write(|store| {
                let put = "UPDATE users SET password = $1 WHERE name = $2 AND closed_at IS NULL";
                let changed = store.conn.execute(put, params![password, name])? > 0;
                store.conn.execute("DELETE FROM sessions WHERE user_name = $1", [name])?;
                Ok(changed)
            })
        })
    }

    /// Changes what an open user is called, may do, owns and reports to; another role ends its sessions. Whether there is one.
    ///
    /// # Errors
    /// Where the file cannot be written.
    pub fn change_user(&self, user: &User) -> Result<bool, Error> {
        let a = user;
        self.with(|store| {
            store.write(|store| {
                let ends = "DELETE FROM sessions WHERE user_name = $1 AND EXISTS \
                            (SELECT 1 FROM users WHERE name = $1 AND role <> $2)";
                store.conn.execute(ends, params![a.name, a.role.word()])?;
                let put = "UPDATE users SET label = $1, role = $2, owner = $3, manager = $4 \
                           WHERE name = $5 AND closed_at IS NULL";
                Ok(store.conn.execute(put, params![a.label, a.role.word(), a.owner, a.manager, a.name])? > 0)
            })
        })
    }

    /// Closes a user and ends its sessions. Whether it was open.
    ///
    /// # Errors
    /// Where the file cannot be written.
    pub fn close_user(&self, name: &str, at: Instant) -> Result<bool, Error> {
        self.with(|store| {
            store.write(|store| {
                let put = "UPDATE users SET closed_at = $1 WHERE name = $2 AND closed_at IS NULL";
                let changed = store.conn.execute(put, params![at.0, name])? > 0;
                store.conn.execute("DELETE FROM sessions WHERE user_name = $1", [name])?;
                Ok(changed)
            })
        })
    }
}

fn read(row: &Row<'_>) -> rusqlite::Result<(User, String)> {
    let user = User {
        name: row.get(0)?,
        label: row.get(1)?,
        role: Role::Mediator,
        owner: row.get(3)?,
        password: row.get(4)?,
        made_at: Instant(row.get(5)?),
        closed_at: row.get::<_, Option<i64>>(6)?.map(Instant),
        manager: row.get(7)?,
    };
    Ok((user, row.get(2)?))
}

fn known((user, role): (User, String)) -> Result<User, Error> {
    Role::parse(&role)
        .map(|role| User { role, ..user })
        .ok_or_else(|| Kind::Corrupt("a user has no known role".to_owned()).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn user(name: &str, role: Role) -> User {
        User {
            name: name.to_owned(),
            label: "Somebody".to_owned(),
            role,
            owner: String::new(),
            manager: String::new(),
            password: "hash".to_owned(),
            made_at: Instant(5),
            closed_at: None,
        }
    }

    #[test]
    fn an_account_is_kept_with_every_role_and_its_name_is_taken_for_good() {
        let home = tempfile::tempdir().unwrap();
        let desk = Desk::open(home.path().join("desk.sqlite")).unwrap();
        for role in Role::ALL {
            let user = user(role.word(), role);
            assert!(desk.add_user(&user).unwrap());
            assert_eq!(desk.user(role.word()).unwrap(), Some(user));
        }
        assert!(desk.close_user("rep", Instant(9)).unwrap());
        assert!(!desk.close_user("rep", Instant(10)).unwrap() && !desk.set_password("rep", "new").unwrap());
        assert!(!desk.add_user(&user("rep", Role::Admin)).unwrap());
        let closed = desk.user("rep").unwrap().unwrap();
        assert_eq!((closed.role, closed.closed_at), (Role::Rep, Some(Instant(9))));
        assert_eq!(desk.users().unwrap().len(), Role::ALL.len());
        assert_eq!(desk.user("nobody").unwrap(), None);
    }

    #[test]
    fn another_role_ends_the_sessions_and_another_manager_does_not() {
        let home = tempfile::tempdir().unwrap();
        let desk = Desk::open(home.path().join("desk.sqlite")).unwrap();
        desk.add_user(&user("mei", Role::Rep)).unwrap();
        desk.begin_session("token", "mei", Instant(10), Instant(100)).unwrap();
        let managed = User { manager: "ana".to_owned(), owner: "005".to_owned(), ..user("mei", Role::Rep) };
        assert!(desk.change_user(&managed).unwrap());
        assert_eq!(desk.session("token", Instant(11)).unwrap().unwrap().user, managed);
        assert!(desk.change_user(&User { role: Role::Ceo, ..managed }).unwrap());
        assert_eq!(desk.session("token", Instant(12)).unwrap(), None);
        assert_eq!(desk.user("mei").unwrap().unwrap().role, Role::Ceo);
        assert!(!desk.change_user(&user("nobody", Role::Rep)).unwrap());
    }

    #[test]
    fn another_password_ends_the_sessions_of_the_old_one() {
        let home = tempfile::tempdir().unwrap();
        let desk = Desk::open(home.path().join("desk.sqlite")).unwrap();
        desk.add_user(&user("mei", Role::Revops)).unwrap();
        desk.begin_session("token", "mei", Instant(10), Instant(100)).unwrap();
        assert!(desk.session("token", Instant(11)).unwrap().is_some());
        assert!(desk.set_password("mei", "other").unwrap());
        assert_eq!(desk.session("token", Instant(11)).unwrap(), None);
        assert_eq!(desk.user("mei").unwrap().unwrap().password, "other");
    }
}
