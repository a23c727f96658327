//! Leads by what both agreements say of them, and what each policy would have come to.

use stats::draws::Draws;
use stats::interval::Interval;

/// A lead of the year.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Lead {
    /// Qualified today.
    pub today: bool,
    /// Qualified under the proposal.
    pub proposed: bool,
    /// Whether it is old enough that its outcome is known.
    pub is_old: bool,
    /// Whether it was tried.
    pub tried: bool,
    /// How often.
    pub attempts: u32,
    /// Whether it became an opportunity.
    pub opportunity: bool,
    /// What was won with it, in minor units; 0 where nothing was.
    pub won: f64,
}

/// Leads of which both say the same.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Group {
    /// All of them.
    pub leads: u64,
    /// Those old enough that were tried, with opportunities and wins.
    pub tried: [u64; 3],
    /// Those old enough that were not, with opportunities and wins.
    pub untried: [u64; 3],
    /// Attempts on those tried.
    pub attempts: u64,
}

impl Group {
    fn add(&mut self, lead: &Lead) {
        self.leads += 1;
        if lead.tried {
            self.attempts += u64::from(lead.attempts);
        }
        if lead.is_old {
            let to = if lead.tried { &mut self.tried } else { &mut self.untried };
            to[0] += 1;
            to[1] += u64::from(lead.opportunity);
            to[2] += u64::from(lead.won > 0.0);
        }
    }
}

/// Leads by what both say of them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Changes {
    /// Qualified under both, today alone, under the proposal alone, under neither.
    pub groups: [Group; 4],
    /// What is won with a lead: sum, sum of squares and number.
    amount: (f64, f64, u64),
    /// All leads that were tried, and all leads, of those qualified today.
    worked: (u64, u64),
}

/// Old leads of a group from which their own rates can be told.
const LEAST: u64 = 30;

/// What a policy comes to over the year.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Policy {
    /// Leads passed.
    pub passed: u64,
    /// Attempts, opportunities, wins, money in minor units: point and interval.
    pub attempts: Drawn,
    pub opportunities: Drawn,
    pub won: Drawn,
}

/// A number and its interval.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Drawn {
    pub value: f64,
    pub interval: Option<Interval>,
}

impl Changes {
    /// From the leads of a year.
    pub fn of(leads: &[Lead]) -> Changes {
        let mut out = Changes::default();
        for lead in leads {
            let place = match (lead.today, lead.proposed) {
                (true, true) => 0,
                (true, false) => 1,
                (false, true) => 2,
                (false, false) => 3,
            };
            out.groups[place].add(lead);
            if lead.won > 0.0 {
                out.amount = (out.amount.0 + lead.won, out.amount.1 + lead.won * lead.won, out.amount.2 + 1);
            }
            if lead.today {
                out.worked = (out.worked.0 + u64::from(lead.tried), out.worked.1 + 1);
            }
        }
        out
    }

    /// Share of the leads passed today that were tried at all.
    pub fn coverage(&self) -> f64 {
        if self.worked.1 == 0 { 1.0 } else { self.worked.0 as f64 / self.worked.1 as f64 }
    }

    /// Whether enough is known of leads that only the proposal passes.
    pub fn is_new_known(&self) -> bool {
        self.groups[2].leads == 0 || self.groups[2].tried[0] >= LEAST
    }

    /// Mean of what a win brings and its standard error.
    fn mean(&self) -> (f64, f64) {
        let (sum, squares, n) = self.amount;
        let n = n.max(1) as f64;
        let mean = sum / n;
        (mean, ((squares / n - mean * mean).max(0.0) / n).sqrt())
    }

    /// What comes of all leads where some groups are passed: opportunities, money.
    fn outcome(&self, passed: [bool; 4], rate: &mut dyn FnMut(u64, u64) -> f64, amount: f64) -> [f64; 2] {
        let coverage = self.coverage();
        let mut out = [0.0; 2];
        for (group, passed) in self.groups.iter().zip(passed) {
            for (what, sum) in out.iter_mut().enumerate() {
                let of = |side: &[u64; 3], rate: &mut dyn FnMut(u64, u64) -> f64| {
                    if side[0] > 0 { rate(side[what + 1], side[0]) } else { 0.0 }
                };
                let untried = of(&group.untried, rate);
                let tried = of(&group.tried, rate);
                let share = if passed { coverage * tried + (1.0 - coverage) * untried } else { untried };
                *sum += group.leads as f64 * share;
            }
        }
        out[1] *= amount;
        out
    }

    /// What both policies come to, and the proposal less today, by the same draws.
    pub fn policies(&self, seed: u64, draws: usize) -> Option<[Policy; 3]> {
        const TODAY: [bool; 4] = [true, true, false, false];
        const PROPOSED: [bool; 4] = [true, false, true, false];
        let (mean, se) = self.mean();
        let plain = |passed| self.outcome(passed, &mut |k, n| k as f64 / n as f64, mean);
        let mut rows: Vec<[[f64; 2]; 2]> = Vec::with_capacity(draws);
        for draw in 0..draws {
            let amount = if mean > 0.0 { Draws::stream(seed, draw as u64).mean(mean, se).ok()? } else { 0.0 };
            // the same rates for both policies: one stream of its own for the rates
            let of = |passed| {
                let mut draws = Draws::stream(seed ^ 0x7261_7465, draw as u64);
                self.outcome(passed, &mut |k, n| draws.rate(k as f64, n as f64).unwrap_or(0.0), amount)
            };
            rows.push([of(TODAY), of(PROPOSED)]);
        }
        let points = [plain(TODAY), plain(PROPOSED)];
        let interval =
            |of: &dyn Fn(&[[f64; 2]; 2]) -> f64| Interval::of_draws(&mut rows.iter().map(of).collect::<Vec<f64>>());
        let passed =
            |which: [bool; 4]| self.groups.iter().zip(which).filter(|(_, is)| *is).map(|(g, _)| g.leads).sum::<u64>();
        let each = self.groups.iter().map(|g| g.attempts).sum::<u64>() as f64
            / self.groups.iter().map(|g| g.tried[0]).sum::<u64>().max(1) as f64;
        let tries = |n: u64| n as f64 * self.coverage() * each;
        let policy = |place: usize, which| {
            let drawn = |what: usize| Drawn { value: points[place][what], interval: interval(&|r| r[place][what]) };
            let passed = passed(which);
            let attempts = Drawn { value: tries(passed), interval: None };
            Policy { passed, attempts, opportunities: drawn(0), won: drawn(1) }
        };
        let apart = |what: usize| Drawn {
            value: points[1][what] - points[0][what],
            interval: interval(&|r| r[1][what] - r[0][what]),
        };
        let (today, proposed) = (policy(0, TODAY), policy(1, PROPOSED));
        let change = Policy {
            passed: 0,
            attempts: Drawn { value: proposed.attempts.value - today.attempts.value, interval: None },
            opportunities: apart(0),
            won: apart(1),
        };
        Some([today, proposed, change])
    }
}
