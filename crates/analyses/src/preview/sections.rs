//! The page.

use report::{Cell, Certainty, Figure, Finding, NotKnown, Refusal, Table, Unit, Value};
use terms::{Currency, Stage};

use super::measure::{Changes, Drawn, Policy};
use super::words;
use crate::Answer;
use crate::answer::empty_section;
use crate::figures::{About, cell, house, plain, row, text};

/// One clause under both agreements: what was promised and how it stands.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ClauseOf {
    /// Whose clause it is.
    pub by: String,
    /// What it is called.
    pub name: String,
    /// What is promised today and how it stood; none where there is no such clause.
    pub today: Option<(String, String)>,
    /// What would be promised and how it would have stood.
    pub proposed: Option<(String, String)>,
}

/// How many leads of the year reached a stage by both texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StageOf {
    /// The stage.
    pub stage: Stage,
    /// By both.
    pub both: u64,
    /// By today's text alone.
    pub left: u64,
    /// By the proposal alone.
    pub new: u64,
}

/// What is asked.
#[derive(Clone, Debug)]
pub struct Asked<'a> {
    /// Leads by what both say of them.
    pub changes: &'a Changes,
    /// Whether the proposal has a bar or a rule for mql.
    pub has_bar: bool,
    /// Whether an agreement with a bar or a rule for mql is in force; else mql as recorded.
    pub is_agreed: bool,
    /// Leads by stages, where the two texts differ in what a stage is or when a clock stands still.
    pub stages: &'a [StageOf],
    /// The clauses of both.
    pub clauses: &'a [ClauseOf],
    /// Of all money.
    pub currency: Currency,
    /// Over which time, in words.
    pub period: &'a str,
    /// What must be known to read it rightly.
    pub notes: &'a [String],
    /// The seed of the draws.
    pub seed: u64,
    /// How many draws.
    pub draws: usize,
}

/// What a proposal would have changed.
pub fn page(asked: &Asked<'_>) -> Answer {
    let not_known = |(text, settle): &(&str, &str)| NotKnown {
        text: (*text).to_owned(),
        settle: (*settle).to_owned(),
        evidence: None,
    };
    let mut section = empty_section("preview", "The year under the proposal", words::METHOD);
    section.answer = words::answer(asked.has_bar);
    section.caveats = asked.notes.iter().map(|n| plain(n)).collect();
    section.not_known = words::CANNOT.iter().map(not_known).collect();
    let old: u64 = asked.changes.groups.iter().map(|g| g.tried[0] + g.untried[0]).sum();
    if asked.has_bar && old == 0 {
        section.answer = words::CANNOT_REPLAY.to_owned();
        let [asked, had, needed] = words::NO_LEADS.map(str::to_owned);
        section.refusals.push(Refusal { code: "no_leads".to_owned(), asked, had, needed });
    } else if asked.has_bar
        && let Some(policies) = asked.changes.policies(asked.seed, asked.draws)
    {
        let page = Page { asked };
        section.tables.push(page.policies(&policies));
        section.tables.push(page.leads());
        let sure = policies[2].won.interval.is_some_and(|i| i.lo90 > 0.0 || i.hi90 < 0.0);
        let said = if sure { words::SURE } else { words::UNSURE };
        section.findings.push(Finding { code: "change".to_owned(), text: said.to_owned(), evidence: None });
        if !asked.changes.is_new_known() {
            section.caveats.push(words::NEW_UNKNOWN.to_owned());
        }
        if !asked.is_agreed {
            section.caveats.push(words::AS_RECORDED.to_owned());
        }
    }
    if !asked.stages.is_empty() {
        section.tables.push(Page { asked }.stages());
    }
    section.tables.push(clauses(asked.clauses));
    Answer { headline: section.answer.clone(), sections: vec![section], ..Answer::default() }
}

struct Page<'a> {
    asked: &'a Asked<'a>,
}

impl Page<'_> {
    fn about(&self, method: &str) -> About {
        About::new(self.asked.period, method)
    }

    fn n(&self) -> u64 {
        self.asked.changes.groups.iter().map(|g| g.leads).sum()
    }

    fn drawn(&self, id: &str, label: &str, unit: Unit, drawn: Drawn) -> Figure {
        let about = self.about("replay, drawn rates");
        about.estimated(id, label, unit, drawn.value, drawn.interval.map(house), self.n(), None)
    }

    fn policies(&self, [today, proposed, change]: &[Policy; 3]) -> Table {
        let money = Unit::Money(self.asked.currency);
        let passed = |id: &str, label: &str, n: u64| {
            cell(self.about("counted").count(&format!("preview.{id}.passed"), label, n, None))
        };
        let apart = i64::try_from(proposed.passed).unwrap_or(0) - i64::try_from(today.passed).unwrap_or(0);
        let line = |id: &str, label: &str, policy: &Policy, first: Cell| {
            let number = |what: &str, value: f64| {
                let id = format!("preview.{id}.{what}");
                let n = (self.n(), None);
                cell(self.about("replay").figure(
                    &id,
                    label,
                    Unit::Number,
                    Value::Real(value),
                    Certainty::Counted,
                    n,
                    None,
                ))
            };
            row(vec![
                text(label),
                first,
                number("attempts", policy.attempts.value),
                cell(self.drawn(&format!("preview.{id}.opportunities"), label, Unit::Number, policy.opportunities)),
                cell(self.drawn(&format!("preview.{id}.won"), label, money, policy.won)),
            ])
        };
        let more = self.about("counted").counted("preview.change.passed", "change", Unit::Count, apart, self.n(), None);
        Table {
            id: "preview.policies".to_owned(),
            title: "The year, replayed".to_owned(),
            columns: ["", "passed to sales", "attempts", "opportunities", "won"].map(str::to_owned).to_vec(),
            rows: vec![
                line("today", "today", today, passed("today", "today", today.passed)),
                line("proposed", "proposed", proposed, passed("proposed", "proposed", proposed.passed)),
                line("change", "change", change, cell(more)),
            ],
            note: "Both by the same rates: what came to pass today differs from this by chance and by who was worked."
                .to_owned(),
        }
    }

    /// Leads whose stage changes, and what is known of them.
    fn leads(&self) -> Table {
        let names = ["qualified under both", "no longer qualified", "newly qualified", "qualified under neither"];
        let ids = ["both", "dropped", "new", "neither"];
        let (counted, share) = (self.about("counted"), self.about("of those old enough"));
        let rows = self.asked.changes.groups.iter().zip(names).zip(ids).map(|((group, name), id)| {
            let id = |what: &str| format!("preview.{id}.{what}");
            row(vec![
                text(name),
                cell(counted.count(&id("leads"), name, group.leads, None)),
                cell(share.share(&id("tried"), name, group.tried[1], group.tried[0], None)),
                cell(share.share(&id("untried"), name, group.untried[1], group.untried[0], None)),
            ])
        });
        Table {
            id: "preview.leads".to_owned(),
            title: "Leads by what both say of them".to_owned(),
            columns: ["", "leads", "opportunity if tried", "opportunity if not tried"].map(str::to_owned).to_vec(),
            rows: rows.collect(),
            note: "`--list` names the leads whose stage changes.".to_owned(),
        }
    }

    /// Leads by the stages that they reached, as each text has them.
    fn stages(&self) -> Table {
        let counted = self.about("counted");
        let rows = self.asked.stages.iter().map(|one| {
            let word = one.stage.word();
            let count = |what: &str, n| cell(counted.count(&format!("preview.stage.{word}.{what}"), word, n, None));
            row(vec![
                text(word),
                count("today", one.both + one.left),
                count("proposed", one.both + one.new),
                count("left", one.left),
                count("new", one.new),
            ])
        });
        Table {
            id: "preview.stages".to_owned(),
            title: "Stages that leads of the year reached, by both".to_owned(),
            columns: ["stage", "today", "proposed", "no longer", "newly"].map(str::to_owned).to_vec(),
            rows: rows.collect(),
            note: words::STAGES.to_owned(),
        }
    }
}

fn clauses(clauses: &[ClauseOf]) -> Table {
    let rows = clauses.iter().map(|clause| {
        let side = |side: &Option<(String, String)>| {
            side.as_ref()
                .map_or([text("not promised"), Cell::Empty], |(promised, stands)| [text(promised), text(stands)])
        };
        let ([was, stood], [is, stands]) = (side(&clause.today), side(&clause.proposed));
        row(vec![text(&clause.by), text(&clause.name), was, stood, is, stands])
    });
    Table {
        id: "preview.clauses".to_owned(),
        title: "Clauses of both, judged on the same year".to_owned(),
        columns: ["by", "clause", "today", "stood", "proposed", "would have stood"].map(str::to_owned).to_vec(),
        rows: rows.collect(),
        note: String::new(),
    }
}
