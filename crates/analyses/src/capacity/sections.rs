//! The page: settings, the curve by bar, the best bar and today's.

use report::{Certainty, Chart, Dot, DotWhisker, Figure, Finding, Refusal, Table, Unit, Value};
use stats::capacity::Habit;
use terms::Currency;

use super::measure::{Curves, Lead, Measured, Setting, Settings, curves, measure};
use super::words;
use crate::Answer;
use crate::answer::empty_section;
use crate::figures::{About, cell, house, plain, row, text};

/// What is asked.
#[derive(Clone, Debug)]
pub struct Asked<'a> {
    /// Leads that are old enough.
    pub leads: &'a [Lead],
    /// The team, and the draws.
    pub settings: &'a Settings,
    /// Today's bar.
    pub bar: Option<i64>,
    /// Of all money.
    pub currency: Currency,
    /// Over which time, in words.
    pub period: &'a str,
    /// What must be known to read it rightly.
    pub notes: &'a [String],
}

/// Where the bar should stand.
pub fn page(asked: &Asked<'_>) -> Answer {
    let mut section = empty_section("capacity", "The bar, and what the team can do", words::METHOD);
    section.answer = words::CANNOT.to_owned();
    section.caveats = asked.notes.iter().map(|n| plain(n)).collect();
    let found = measure(asked.leads, asked.settings).and_then(|m| Some((curves(&m, asked.settings)?, m)));
    let Some((curves, measured)) = found else {
        let [asked, had, needed] = words::TOO_FEW.map(str::to_owned);
        section.refusals.push(Refusal { code: "too_few".to_owned(), asked, had, needed });
        return Answer { headline: section.answer.clone(), sections: vec![section], ..Answer::default() };
    };
    let page = Page { asked, measured: &measured, curves: &curves };
    let works_cold = measured.habit == Habit::WorksCold;
    section.answer = words::answer(measured.bands[curves.best].from, works_cold);
    section.tables = vec![page.curve(), page.whole(), page.settings()];
    section.charts.push(page.chart());
    section.findings = page.findings();
    section.caveats.extend(page.caveats());
    let figure = Some(page.net("capacity.headline", "Best bar, a week", curves.best));
    Answer { headline: section.answer.clone(), figure, sections: vec![section], ..Answer::default() }
}

struct Page<'a> {
    asked: &'a Asked<'a>,
    measured: &'a Measured,
    curves: &'a Curves,
}

impl Page<'_> {
    fn about(&self, method: &str) -> About {
        About::new(self.asked.period, method)
    }

    fn net(&self, id: &str, label: &str, bar: usize) -> Figure {
        let interval = self.curves.spread.net.get(bar).copied().map(house);
        let (unit, n) = (Unit::Money(self.asked.currency), self.asked.leads.len() as u64);
        self.about("queue, drawn settings").estimated(id, label, unit, self.curves.points[bar].net, interval, n, None)
    }

    fn number(&self, id: &str, label: &str, unit: Unit, value: f64) -> Figure {
        // a share of the team's week, of worth or of draws is no share of leads
        let n = if unit == Unit::Share { 0 } else { self.asked.leads.len() as u64 };
        self.about("as measured").figure(id, label, unit, Value::Real(value), Certainty::Counted, (n, None), None)
    }

    /// The bar that today's stands for: the last band that lies above it as a whole.
    fn today(&self) -> Option<usize> {
        let bar = self.asked.bar?;
        self.measured.bands.iter().rposition(|b| b.from >= bar)
    }

    fn curve(&self) -> Table {
        let rows = self.measured.bands.iter().zip(&self.curves.points).enumerate().map(|(i, (band, point))| {
            let id = |what: &str| format!("capacity.bar.{i}.{what}");
            let name = format!("{} or more", band.from);
            let mark = match (i == self.curves.best, self.today() == Some(i)) {
                (true, true) => "best, and today's",
                (true, false) => "best",
                (false, true) => "today's",
                _ => "",
            };
            row(vec![
                text(&name),
                cell(self.number(&id("passed"), &name, Unit::Number, point.passed)),
                cell(self.number(&id("use"), &name, Unit::Share, point.utilisation)),
                cell(self.number(&id("kept"), &name, Unit::Share, point.kept)),
                cell(self.net(&id("net"), &name, i)),
                cell(self.number(&id("best"), &name, Unit::Share, self.curves.spread.share_best[i])),
                text(mark),
            ])
        });
        let heads = ["bar", "leads a week", "use of the team", "worth left", "a week", "best in draws", ""];
        Table {
            id: "capacity.curve".to_owned(),
            title: "What each bar gives".to_owned(),
            columns: heads.map(str::to_owned).to_vec(),
            rows: rows.collect(),
            note: "A week: what is won above what leads that nobody tries come to, less the cost of the hours."
                .to_owned(),
        }
    }

    fn whole(&self) -> Table {
        let currency = Unit::Money(self.asked.currency);
        let mut rows = Vec::new();
        let mut line = |what: &str, figure: Figure| rows.push(row(vec![text(what), cell(figure)]));
        line("best bar, a week", self.net("capacity.best.net", "Best bar", self.curves.best));
        let (tried, all) = self.measured.cold;
        line(
            "cold leads tried all the same",
            self.about("of cold leads").share("capacity.cold", "Cold", tried, all, None),
        );
        let other = stats::capacity::best(&self.curves.other).map_or(0, |b| self.measured.bands[b].from);
        line(
            "best bar under the other habit, in points",
            self.number("capacity.other.points", "Other habit", Unit::Number, other as f64),
        );
        let price = self.about("knapsack bound, drawn settings").estimated(
            "capacity.price",
            "One more hour",
            currency,
            self.curves.bound.price,
            self.curves.price.map(house),
            self.asked.leads.len() as u64,
            None,
        );
        line("worth of one more hour of a rep's week", price);
        if let Some(today) = self.today() {
            line("today's bar, a week", self.net("capacity.today.net", "Today's bar", today));
            let passed = self.curves.points[today].passed;
            line(
                "leads that it passes a week",
                self.number("capacity.today.passed", "Today's bar", Unit::Number, passed),
            );
        }
        Table {
            id: "capacity.whole".to_owned(),
            title: "The best bar, and what else it hangs on".to_owned(),
            columns: ["what", ""].map(str::to_owned).to_vec(),
            rows,
            note: String::new(),
        }
    }

    fn settings(&self) -> Table {
        let team = &self.asked.settings.team;
        let money = Unit::Money(self.asked.currency);
        let mut rows = Vec::new();
        let mut line = |id: &str, what: &str, unit: Unit, setting: &Setting| {
            let figure = self.number(&format!("capacity.setting.{id}"), what, unit, setting.value);
            rows.push(row(vec![text(what), cell(figure), text(&setting.from)]));
        };
        line("reps", "people who work leads in a week", Unit::Number, &team.reps);
        line("each", "leads that one takes on in a week", Unit::Number, &team.each);
        line("minutes", "minutes of an attempt", Unit::Minutes, &team.minutes);
        line("hour", "cost of an hour", money, &team.hour);
        let (mean, se, n) = self.measured.amount;
        let amount = self.about("mean of won").estimated(
            "capacity.setting.amount",
            "won",
            money,
            mean,
            stats::interval::Interval::normal(mean, se).map(house),
            n,
            None,
        );
        rows.push(row(vec![text("what a won lead brings"), cell(amount), text("mean of leads that were won")]));
        let (decay, se) = self.measured.decay;
        let n = self.asked.leads.len() as u64;
        let (figure, from) = match se {
            Some(se) => {
                let interval = stats::interval::Interval::normal(decay, se).map(house);
                let about = self.about("logistic regression at the same score");
                let id = "capacity.setting.decay";
                (about.estimated(id, "decay", Unit::Number, decay, interval, n, None), "learned, confounded")
            }
            None => (self.number("capacity.setting.decay", "decay", Unit::Number, decay), "given"),
        };
        rows.push(row(vec![text("rate at which a week of waiting takes worth"), cell(figure), text(from)]));
        Table {
            id: "capacity.settings".to_owned(),
            title: "What it rests on".to_owned(),
            columns: ["what", "", "from"].map(str::to_owned).to_vec(),
            rows,
            note: String::new(),
        }
    }

    fn chart(&self) -> Chart {
        let rows = (0..self.measured.bands.len()).map(|i| {
            let name = format!("{} or more", self.measured.bands[i].from);
            let note = if i == self.curves.best { "best".to_owned() } else { String::new() };
            Dot { figure: self.net(&format!("capacity.chart.{i}"), &name, i), note, owner: None }
        });
        Chart::DotWhisker(DotWhisker {
            title: match self.asked.currency {
                Currency::UNKNOWN => "What each bar gives a week".to_owned(),
                known => format!("What each bar gives a week, {}", known.code()),
            },
            axis: "bar, in points".to_owned(),
            rows: rows.collect(),
            reference: None,
        })
    }

    fn findings(&self) -> Vec<Finding> {
        let mut out = Vec::new();
        let mut say = |code: &str, text: String| out.push(Finding { code: code.to_owned(), text, evidence: None });
        let bands = &self.measured.bands;
        let (first, last) = self.curves.flat;
        if first != last {
            say("flat", words::flat(bands[first].from, bands[last].from));
        }
        let after = self.curves.points.get(self.curves.best + 1);
        if after.is_some_and(|p| p.net < self.curves.points[self.curves.best].net) {
            say("overfull", words::OVERFULL.to_owned());
        }
        if let (Some(_), Some(bar)) = (self.today(), self.asked.bar) {
            say("today", words::today(bar));
        }
        say("price", if self.curves.bound.price > 0.0 { words::PRICE } else { words::ROOM }.to_owned());
        if self.measured.decay.0 > 0.0 {
            say("habit", words::habit(self.measured.habit == Habit::WorksCold).to_owned());
        }
        out
    }

    fn caveats(&self) -> Vec<String> {
        let mut out = Vec::new();
        if self.measured.decay.1.is_some() {
            let lost = self.measured.decay.0 > 0.0;
            out.push(if lost { words::CONFOUNDED } else { words::NO_DECAY }.to_owned());
        }
        out.extend([words::UNTRIED, words::PASSED_ONLY, words::QUEUE].map(str::to_owned));
        out
    }
}
