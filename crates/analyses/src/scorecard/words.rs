//! Every sentence this room can say. Numbers are placeholders.

use super::judge::Standing;

pub const METHOD: &str = "A clause is judged on what fell in the time in which its version was in force: clocks by when they \
started, leads by their hand-off, returns by their day. A lead counts once its time is over, kept or not; one whose time is \
still running counts for nothing yet. Clocks run in the working hours of the office that the agreement names, or by the clock where it says so; \
only an attempt or a contact stops the clock of a first attempt, from when it was on record. A share has a Jeffreys interval: kept where its 90% interval is at \
or above what was promised, not kept where it is below. See docs/methods/scorecard.md.";

pub const NO_AGREEMENT: [&str; 3] = [
    "what each side promised the other, and what came of it",
    "no agreement was in force in PERIOD",
    "a version that both teams have signed (lockstep agreement new, propose, sign), or `--under VERSION` to read the period under a proposed one",
];

pub fn no_agreement(period: &str) -> String {
    format!("Cannot tell what each side owed the other: no agreement was in force in {period}.")
}

pub const NO_RECORD: &str = "no record tells";
pub const NO_REQUESTS: &str = "no request for content is recorded";
pub const NO_CONVERSATIONS: &str = "no conversation with a customer that was asked for is recorded";
pub const NO_TARGETS: &str = "the agreement names no target accounts";
pub const NO_TARGET_KNOWN: &str = "no account, lead or contact has a domain of the target accounts";

pub fn targets_unknown(unknown: u64, n: u64) -> String {
    format!("Of the {n} target accounts {unknown} are in no record; they count as not worked.")
}

pub const NO_HANDOFFS: &str = "no hand-off has a time";
pub const NO_ATTEMPTS: &str = "no attempt to reach a lead is recorded";
pub const DAYS_ALONE: &str = "attempts have a day and no time, so hours cannot be judged";
pub const NO_DECISIONS: &str = "no acceptance, rejection or return has a time";
pub const NO_SPAN: &str = "the clause names no span";
pub const NO_WHOLE_PERIOD: &str = "no such period lies wholly in the time that is judged";
pub const OTHER_CURRENCY: &str = "the agreement counts in another currency than the reports";
pub const NO_AMOUNTS: &str = "no win of a lead has a time and an amount";
pub const FEW_WINS: &str = "fewer than 20 leads of the year before were won, so what one is worth is not known";
pub const NO_OPPORTUNITY_TIMES: &str = "no opportunity that came of a lead has a time";

/// What would settle it.
pub fn settle(kind: &str) -> &'static str {
    match kind {
        "customer_access" | "content_requests" => {
            "import a table of requests, or push them: id, kind (content, customer_access), asked_at, answered_at"
        }
        "target_accounts" => {
            "name target accounts by the domains that their accounts, leads or contacts have in the CRM"
        }
        "completeness" => {
            "name fields as the export has them, or as Lockstep does (mail_domain, title, source, segment, industry, country)"
        }
        "first_attempt" | "attempts" => "export calls and mails with their times",
        "leads" | "opportunity_rate" => "export the field history of leads, and the field that holds their segment",
        "disposition" => "export the field history of leads, so that each change of stage has a time",
        _ => "nothing that an export holds",
    }
}

pub fn no_segments(segment: &str) -> String {
    format!("leads have no segment recorded, so those of `{segment}` are not known")
}

pub fn no_lead_of(segment: &str) -> String {
    format!("no lead has ever had the segment `{segment}`: it may be written otherwise in the CRM")
}

pub fn fields_not_read(fields: &[String]) -> String {
    format!("when these fields were filled in was not read: {}", fields.join(", "))
}

pub fn fields_unknown(fields: &[String]) -> String {
    format!("no lead has ever had these fields, or they are written otherwise in the CRM: {}", fields.join(", "))
}

/// How a clause stands, in the same words for both teams.
pub fn standing(standing: Standing, why: Option<&str>) -> String {
    match (standing, why) {
        (Standing::Kept, _) => "kept".to_owned(),
        (Standing::NotKept, _) => "not kept".to_owned(),
        (Standing::Open, _) => "the data cannot say".to_owned(),
        (Standing::Nothing, _) => "nothing came due".to_owned(),
        (Standing::Unknown, Some(why)) => format!("cannot be told: {why}"),
        (Standing::Unknown, None) => "cannot be told".to_owned(),
    }
}

/// The answer: both teams in one sentence, by the same measure.
pub fn answer(period: &str, version: usize, id: &str, any: bool) -> String {
    if !any {
        return format!(
            "In {period}, under version {version} of the agreement, no clause can be judged: nothing came due, or the records do not tell."
        );
    }
    format!(
        "In {period}, under version {version} of the agreement, sales kept {{{id}.sales.kept}} of the {{{id}.sales.judged}} clauses \
that can be judged, and marketing {{{id}.marketing.kept}} of {{{id}.marketing.judged}}."
    )
}

pub fn not_kept(team: &str, sentence: &str, id: &str) -> String {
    format!("Not kept: {team} {sentence}; it was {{{id}}}.")
}

pub fn not_kept_in(team: &str, sentence: &str, id: &str) -> String {
    format!("Not kept: {team} {sentence}; the least was {{{id}}}.")
}

pub fn open(team: &str, sentence: &str, id: &str) -> String {
    format!(
        "Cannot tell whether {team} kept it: {sentence}; it was {{{id}}}, and chance alone could have moved it over the line."
    )
}

pub fn hours_matter(span: &str, clock_span: &str, id: &str, clock: &str) -> String {
    format!(
        "Working hours matter: within {span} it was {{{id}}}, within {clock_span} by the clock {{{clock}}}. Nights, weekends and \
holidays stand between the two."
    )
}

pub fn written_later(id: &str) -> String {
    format!(
        "For {{{id}.written_later}} leads an attempt is dated before the end of the time that was promised, and was written down more \
than an hour after that date, when the time was over. By those dates it would have been {{{id}.as_said}}; on record in time it was {{{id}.on_record}}."
    )
}

pub const ON_RECORD: &str = "Work counts from when it happened if it was written down within the hour, else from when it was written \
down. Who writes calls down at the end of the day shows here as well: the dates may be right, and nobody can check them.";
pub const AS_SAID: &str = "Most attempts were written down a month or more after they are said to have happened, as after a move from \
another tool. When they were on record says nothing here, so they are taken as they are dated.";

pub fn under(version: usize) -> String {
    format!(
        "Read under version {version} as if it had been in force all the time, whatever was: nobody had promised this then."
    )
}

pub fn held(from: &str, until: &str) -> String {
    format!("This version held from {from} to {until} of the period; what fell outside of that is not judged by it.")
}

pub const OFFICES_OF_REPS: &str = "A lead that passed from one office to another counts the hours of each while it was there, as far as the \
history of owners is recorded; it is shown with its last one.";
pub const OFFICES_OF_LEADS: &str = "Countries are taken as recorded now.";
pub const WAITED: &str = "Leads in a stage in which the agreement lets clocks stand still, for no longer than it allows. A clock \
that stands still longer than its work takes is worth a question: the rows show each wait.";
pub const NO_OFFICE: &str = "The agreement names no office, so every hour of every day counts as a working hour.";
pub const WAITS: &str = "Over leads handed over in this time for which it came to pass; those that still wait are not among \
them. The wait until the hand-off is the system's, what comes after it is a human's. P95: 95 of 100 waited no longer.";
