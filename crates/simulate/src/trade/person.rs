//! Made-up people at made-up companies. Domains end in `.example`, phones are 555-01xx.

use std::fmt::Write as _;

use super::{INDUSTRIES, Segment};
use crate::chance::Chance;

const FIRST: [&str; 32] = [
    "Ana", "Ben", "Carla", "Dmitri", "Elif", "Femi", "Gita", "Hanna", "Ivo", "Jorge", "Kaya", "Lars", "Mei", "Nadia",
    "Omar", "Priya", "Quentin", "Rafa", "Sven", "Tala", "Uma", "Viktor", "Wen", "Ximena", "Yusuf", "Zoë", "José",
    "Chloé", "Jürgen", "Aino", "Bilal", "Cora",
];
const LAST: [&str; 32] = [
    "Aldous", "Brenner", "Castor", "Dorn", "Ellery", "Farrow", "Grieve", "Hollis", "Ives", "Jarrow", "Keld", "Lorne",
    "Müller", "Nash", "Orrin", "Pryce", "Quade", "Rusk", "Sable", "Tolland", "Ure", "Vaughn", "Wick", "Yarrow", "Zell",
    "Núñez", "Øster", "Birk", "Cray", "Dale", "Esk", "Ford",
];
const WORDS: [&str; 24] = [
    "Alder", "Beacon", "Cedar", "Delta", "Ember", "Fjord", "Granite", "Harbor", "Iris", "Juniper", "Kelp", "Larch",
    "Maple", "Nimbus", "Orchid", "Pine", "Quarry", "Ridge", "Summit", "Tundra", "Umber", "Vale", "Willow", "Zephyr",
];
const TRADES: [&str; 8] = ["Systems", "Works", "Health", "Capital", "Stores", "Learning", "Freight", "Partners"];
const TITLES: [&str; 8] = [
    "Head of Operations",
    "VP Finance",
    "Operations Manager",
    "Director of Planning",
    "Analyst",
    "CFO",
    "Procurement Lead",
    "IT Director",
];
const CITIES: [(&str, &str); 6] = [
    ("Springfield", "United States"),
    ("Riverton", "United States"),
    ("Fairview", "United States"),
    ("Lakeside", "Canada"),
    ("Ashford", "United Kingdom"),
    ("Neustadt", "Germany"),
];

/// A made-up company that may buy.
#[derive(Debug, Clone, Copy)]
pub struct Employer {
    /// Unique number; part of name and domain.
    pub number: u64,
    /// Size class.
    pub segment: Segment,
    /// Place in [`INDUSTRIES`], and word in the name.
    industry: u8,
    word: u8,
    city: u8,
    /// How many work there.
    pub employees: u64,
}

impl Employer {
    /// A new one.
    pub fn draw(number: u64, segment: Segment, chance: &mut Chance) -> Employer {
        Employer {
            number,
            segment,
            industry: chance.below(INDUSTRIES.len() as u64) as u8,
            word: chance.below(WORDS.len() as u64) as u8,
            city: chance.below(CITIES.len() as u64) as u8,
            employees: segment.employees(chance),
        }
    }

    /// Picklist value.
    pub fn industry(&self) -> &'static str {
        INDUSTRIES[self.industry as usize]
    }

    /// City and country.
    pub fn place(&self) -> (&'static str, &'static str) {
        CITIES[self.city as usize]
    }

    /// Writes the name, `Alder Freight 123`.
    pub fn name(&self, out: &mut String) {
        out.clear();
        let _ = write!(out, "{} {} {}", WORDS[self.word as usize], TRADES[self.industry as usize], self.number);
    }

    /// Writes the domain, `alder-123.example`.
    pub fn domain(&self, out: &mut String) {
        out.clear();
        self.push_domain(out);
    }

    fn push_domain(&self, out: &mut String) {
        let _ = write!(out, "{}-{}.example", WORDS[self.word as usize].to_ascii_lowercase(), self.number);
    }
}

/// A made-up person.
#[derive(Debug, Clone, Copy)]
pub struct Person {
    /// Unique number; the lead's.
    pub number: u64,
    first: u8,
    last: u8,
    title: u8,
    phone: u8,
}

impl Person {
    /// A new one.
    pub fn draw(number: u64, chance: &mut Chance) -> Person {
        Person {
            number,
            first: chance.below(FIRST.len() as u64) as u8,
            last: chance.below(LAST.len() as u64) as u8,
            title: chance.below(TITLES.len() as u64) as u8,
            phone: chance.below(100) as u8,
        }
    }

    /// First name.
    pub fn first(&self) -> &'static str {
        FIRST[self.first as usize]
    }

    /// Last name.
    pub fn last(&self) -> &'static str {
        LAST[self.last as usize]
    }

    /// Job title.
    pub fn title(&self) -> &'static str {
        TITLES[self.title as usize]
    }

    /// Writes a phone number nobody has, `(555) 555-0142`.
    pub fn phone(&self, out: &mut String) {
        out.clear();
        let _ = write!(out, "(555) 555-01{:02}", self.phone);
    }

    /// Writes the work mail. The number keeps colleagues of one name apart.
    pub fn mail(&self, employer: &Employer, out: &mut String) {
        out.clear();
        for c in self.first().chars().chain(['.']).chain(self.last().chars()) {
            out.push(match c {
                'ë' | 'é' => 'e',
                'ü' | 'ú' => 'u',
                'ñ' => 'n',
                'Ø' => 'o',
                other => other.to_ascii_lowercase(),
            });
        }
        if self.number != employer.number {
            let _ = write!(out, "{}", self.number);
        }
        out.push('@');
        employer.push_domain(out);
    }
}
