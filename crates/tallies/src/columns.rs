//! The catalogue of fact columns. Every tally names its grain.
//!
//! Missing values: code 0, `i32::MIN`, `i64::MIN`, key 0, and 255 for small numbers. Times are minutes since
//! 1970-01-01T00:00Z, days are days since then, money is in minor units of the reporting currency.

/// What one row of facts is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Grain {
    /// One cycle of one lead, from inquiry to its exit.
    LeadCycle,
    /// One opportunity, its money counted once.
    Opportunity,
    /// One account.
    Account,
    /// One row of spend.
    SpendDay,
    /// One stretch in which somebody had a lead, or in which it waited as agreed.
    LeadTurn,
}

impl Grain {
    /// All grains.
    pub const ALL: [Grain; 5] =
        [Grain::LeadCycle, Grain::Opportunity, Grain::Account, Grain::SpendDay, Grain::LeadTurn];

    /// The glossary's word.
    pub const fn word(self) -> &'static str {
        match self {
            Grain::LeadCycle => "lead_cycle",
            Grain::Opportunity => "opportunity",
            Grain::Account => "account",
            Grain::SpendDay => "spend_day",
            Grain::LeadTurn => "lead_turn",
        }
    }

    /// Its columns, in the order of the files.
    pub const fn columns(self) -> &'static [Column] {
        match self {
            Grain::LeadCycle => lead_cycle::ALL,
            Grain::Opportunity => opportunity::ALL,
            Grain::Account => account::ALL,
            Grain::SpendDay => spend_day::ALL,
            Grain::LeadTurn => lead_turn::ALL,
        }
    }
}

/// How a column is stored and what its numbers mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Width {
    /// `u32` code of the column's dictionary; 0 = not recorded.
    Code,
    /// `u8`: a flag (0, 1), a stage number; 255 = not recorded.
    Small,
    /// `i32` minutes since 1970-01-01T00:00Z; `i32::MIN` = not recorded.
    Minutes,
    /// `i32` days since 1970-01-01; `i32::MIN` = not recorded.
    Days,
    /// `i32` count.
    Count,
    /// `i64` minor units; `i64::MIN` = not recorded.
    Money,
    /// `u64` key hash; 0 = none.
    Key,
    /// `u32` number (batch, file, line).
    Number,
}

/// One fact column.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    /// At which grain.
    pub grain: Grain,
    /// Its place in the grain's list.
    pub index: usize,
    /// The glossary's word.
    pub name: &'static str,
    /// How it is stored.
    pub width: Width,
    /// What it means.
    pub meaning: &'static str,
}

impl PartialEq for Column {
    fn eq(&self, other: &Column) -> bool {
        self.grain == other.grain && self.index == other.index
    }
}
impl Eq for Column {}
impl std::hash::Hash for Column {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        (self.grain, self.index).hash(state);
    }
}

macro_rules! grain {
    ($(#[$doc:meta])* $grain:ident $module:ident { $($constant:ident $name:literal $width:ident $meaning:literal;)* }) => {
        $(#[$doc])*
        pub mod $module {
            use super::{Column, Grain, Width};
            grain!(@constants $grain 0usize; $($constant $name $width $meaning;)*);
            /// All of them, in the order of the files.
            pub const ALL: &[Column] = &[$($constant,)*];
        }
    };
    (@constants $grain:ident $n:expr; ) => {};
    (@constants $grain:ident $n:expr; $constant:ident $name:literal $width:ident $meaning:literal; $($rest:tt)*) => {
        #[doc = $meaning]
        pub const $constant: Column =
            Column { grain: Grain::$grain, index: $n, name: $name, width: Width::$width, meaning: $meaning };
        grain!(@constants $grain $n + 1usize; $($rest)*);
    };
}

grain! {
    /// One cycle of one lead.
    LeadCycle lead_cycle {
        KEY "key" Key "the lead";
        JOURNEY "journey" Key "the journey it belongs to";
        CYCLE "cycle" Count "0 for the first cycle of this lead, 1 for the next, ...";
        ACCOUNT "account" Key "the account it belongs to, 0 where unmatched";
        OPPORTUNITY "opportunity" Key "its primary opportunity, 0 where there is none";
        WINS_WITH "wins_with" Key "the won opportunity of others with which a win on its own record is counted, 0 where there is none";
        SOURCE "source" Code "where the lead came from, as recorded";
        SOURCE_DETAIL "source_detail" Code "finer source, as recorded";
        CHANNEL "channel" Code "channel of its first touch";
        CAMPAIGN "campaign" Code "the campaign that brought it, by name where known";
        SEGMENT "segment" Code "its segment as recorded";
        INDUSTRY "industry" Code "its company's industry";
        COUNTRY "country" Code "its country";
        PRODUCT "product" Code "the product it asked about";
        LANE "lane" Code "how it was dealt out: `random` where by lot, to be worked by a procedure that stays as it is";
        OWNER "owner" Code "the rep who owns it, by the source's id";
        SDR "sdr" Code "the development rep who worked it, by the source's id";
        TEAM "team" Code "the owner's team or office";
        STAGE "stage" Small "where it stands (terms::Stage)";
        STAGE_RAW "stage_raw" Code "where it stands, as recorded";
        CREATED_AT "created_at" Minutes "when the cycle began";
        MQL_AT "mql_at" Minutes "when it became marketing-qualified";
        SAL_AT "sal_at" Minutes "when sales accepted it";
        SQL_AT "sql_at" Minutes "when it became sales-qualified";
        OPPORTUNITY_AT "opportunity_at" Minutes "when its opportunity was opened";
        WON_AT "won_at" Minutes "when it was won";
        LOST_AT "lost_at" Minutes "when its opportunity was lost";
        REJECTED_AT "rejected_at" Minutes "when sales rejected it";
        RECYCLED_AT "recycled_at" Minutes "when it went back to nurture";
        RETURNED_AT "returned_at" Minutes "when it came back: its next cycle began";
        DISQUALIFIED_AT "disqualified_at" Minutes "when it was disqualified";
        EXIT_AT "exit_at" Minutes "when the cycle ended without a win, whatever the way";
        REACHED_MQL "reached_mql" Small "1 if it got at least this far, also where the time is not known";
        REACHED_SAL "reached_sal" Small "1 if it got at least this far, also where the time is not known";
        REACHED_SQL "reached_sql" Small "1 if it got at least this far, also where the time is not known";
        REACHED_OPPORTUNITY "reached_opportunity" Small "1 if it got at least this far, also where the time is not known";
        REACHED_WON "reached_won" Small "1 if it was won, also where the time is not known";
        EXITED "exited" Small "1 if the cycle ended without a win, also where the time is not known";
        HANDOFF_AT "handoff_at" Minutes "when it passed from marketing to sales";
        FIRST_ATTEMPT_AT "first_attempt_at" Minutes "first outbound activity at or after hand-off (or creation)";
        FIRST_CONTACT_AT "first_contact_at" Minutes "first two-way contact";
        ON_RECORD_AT "on_record_at" Minutes "when an attempt or a contact was first on record: when it happened, or when it was written down where that was later by more than the definitions allow";
        FIRST_REP "first_rep" Code "the rep of the first attempt, by the source's id";
        FIRST_IS_DAY "first_is_day" Small "1 if the first attempt is known by its day alone";
        ATTEMPTS "attempts" Count "outbound activities in the cycle";
        TRIES "tries" Count "those of them from the hand-off on (or creation), until the first two-way contact";
        TOUCHES "touches" Count "marketing touches in the cycle, without machine-made ones";
        MACHINE_TOUCHES "machine_touches" Count "touches taken for a machine's";
        AMOUNT "amount" Money "amount of its primary opportunity (or of the win recorded on the lead)";
        LIST_PRICE "list_price" Money "list price of its primary opportunity";
        CLOSED_ON "closed_on" Days "close day of its primary opportunity";
        HAS_CREATED_AT "has_created_at" Small "1 if its creation has a time";
        WON_BEFORE_CREATED "won_before_created" Small "1 if its win is dated before its creation";
        CONTRADICTED "contradicted" Small "1 if sources or fields contradict each other about it";
        BATCH "batch" Number "the batch of its lead row";
        FILE "file" Number "the file of its lead row within the batch";
        LINE "line" Number "the line of its lead row";
    }
}
grain! {
    /// One opportunity.
    Opportunity opportunity {
        KEY "key" Key "the opportunity";
        JOURNEY "journey" Key "the journey it belongs to";
        LEAD "lead" Key "its primary lead, 0 where there is none";
        MEMBERS "members" Count "leads linked to it, the primary one included";
        LINK_RULE "link_rule" Code "by what rule its primary lead was linked";
        ACCOUNT "account" Key "the account it is with, 0 where unmatched";
        ACCOUNT_RULE "account_rule" Code "by what rule the account was matched; `unmatched` where a name matched none";
        SOURCE "source" Code "its own source, or its lead's";
        CAMPAIGN "campaign" Code "its primary campaign, by name where known";
        SEGMENT "segment" Code "its own segment, or its lead's";
        INDUSTRY "industry" Code "its account's industry";
        COUNTRY "country" Code "its account's country";
        PRODUCT "product" Code "what is sold";
        OWNER "owner" Code "the rep who owns it, by the source's id";
        TEAM "team" Code "the owner's team or office";
        KIND "kind" Code "new business, renewal, expansion, as recorded";
        REASON "reason" Code "why it was lost, as recorded";
        STAGE "stage" Small "where it stands (terms::Stage): opportunity, closed_won, closed_lost";
        STAGE_RAW "stage_raw" Code "where it stands, as recorded";
        LEAD_CREATED_AT "lead_created_at" Minutes "when its primary lead's cycle began";
        CREATED_AT "created_at" Minutes "when it was opened";
        CLOSED_ON "closed_on" Days "when it closed; not recorded while open";
        EXPECTED_ON "expected_on" Days "when an open one is expected to close";
        WON_ON "won_on" Days "close day if won";
        LOST_ON "lost_on" Days "close day if lost";
        AMOUNT "amount" Money "what the customer pays, in the reporting currency";
        LIST_PRICE "list_price" Money "by the price list, in the reporting currency";
        CURRENCY "currency" Code "the currency it was recorded in";
        NOT_CONVERTED "not_converted" Small "1 if its money has no rate to the reporting currency";
        HAS_LEAD "has_lead" Small "1 if it has a primary lead";
        CONTRADICTED "contradicted" Small "1 if sources or fields contradict each other about it";
        PRODUCT_UNMATCHED "product_unmatched" Small "1 if its product is not in the product list (255 where there is no list)";
        BATCH "batch" Number "the batch of its row";
        FILE "file" Number "the file of its row within the batch";
        LINE "line" Number "the line of its row";
    }
}
grain! {
    /// One account.
    Account account {
        KEY "key" Key "the account";
        INDUSTRY "industry" Code "its industry";
        COUNTRY "country" Code "its country";
        SEGMENT "segment" Code "its segment";
        OWNER "owner" Code "the rep who owns it";
        EMPLOYEES "employees" Count "how many people work there";
        LEADS "leads" Count "lead cycles matched to it";
        OPPORTUNITIES "opportunities" Count "opportunities with it";
        WON "won" Count "opportunities won";
        AMOUNT "amount" Money "won amount";
        FIRST_AT "first_at" Minutes "first lead or opportunity";
        BATCH "batch" Number "the batch of its row";
        FILE "file" Number "the file of its row";
        LINE "line" Number "the line of its row";
    }
}
grain! {
    /// One row of spend.
    SpendDay spend_day {
        KEY "key" Key "the row of spend";
        PLATFORM "platform" Code "google_ads, linkedin_ads, meta_ads, ...";
        CHANNEL "channel" Code "paid_search, paid_social, ...";
        CAMPAIGN "campaign" Code "the campaign, by name where known";
        AUDIENCE "audience" Code "who it was shown to, as recorded";
        DAY "day" Days "the day, or the first day of its range";
        LAST_DAY "last_day" Days "the day, or the last day of its range";
        COST "cost" Money "what was spent, in the reporting currency";
        NOT_CONVERTED "not_converted" Small "1 if its money has no rate to the reporting currency";
        IMPRESSIONS "impressions" Money "how often it was shown (a plain count)";
        CLICKS "clicks" Money "how often it was clicked (a plain count)";
        CONVERSIONS "conversions" Money "conversions × 1000 as the platform counts them";
        RESULTS "results" Money "second outcome × 1000 as the platform counts it";
        BATCH "batch" Number "the batch of its row";
        FILE "file" Number "the file of its row";
        LINE "line" Number "the line of its row";
    }
}
grain! {
    /// One stretch in which somebody had a lead, of leads that passed from one to another; or in which a lead waited as
    /// an agreement allows.
    LeadTurn lead_turn {
        KEY "key" Key "the lead";
        JOURNEY "journey" Key "the journey it belongs to";
        WAITS "waits" Small "1 if it waited, 0 if somebody had it";
        FROM_AT "from_at" Minutes "since when; not recorded where from the beginning";
        UNTIL_AT "until_at" Minutes "until when; not recorded while it lasts";
        OWNER "owner" Code "who had it, by the source's id; not recorded where nobody, and where it waited";
        STAGE_RAW "stage_raw" Code "the stage in which it waited, as recorded";
        BATCH "batch" Number "the batch of the row that says so";
        FILE "file" Number "the file of that row within the batch";
        LINE "line" Number "the line of that row";
    }
}

/// A column of a grain by its name.
pub fn column(grain: Grain, name: &str) -> Option<Column> {
    grain.columns().iter().copied().find(|c| c.name == name)
}
