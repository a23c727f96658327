//! Rows of facts as columns of a table.
//!
//! While a table is put together its codes are those of the one dictionary of the build; [`finish`] gives each column
//! its own, with the texts that it uses, in their order.

use journey::{LeadCycle, LeadTurn, OpportunityFact};
use rayon::prelude::*;
use tallies::columns::{lead_cycle, lead_turn, opportunity};
use tallies::{Column, Data, Dictionary, Grain, Table};

/// A value that a column can take.
trait Cell: Copy {
    fn push_all(data: &mut Data, values: impl Iterator<Item = Self>);
}

impl Cell for u32 {
    fn push_all(data: &mut Data, values: impl Iterator<Item = u32>) {
        match data {
            Data::Code(v, _) | Data::U32(v) => v.extend(values),
            _ => {}
        }
    }
}
impl Cell for u8 {
    fn push_all(data: &mut Data, values: impl Iterator<Item = u8>) {
        if let Data::Small(v) = data {
            v.extend(values);
        }
    }
}
impl Cell for i32 {
    fn push_all(data: &mut Data, values: impl Iterator<Item = i32>) {
        if let Data::I32(v) = data {
            v.extend(values);
        }
    }
}
impl Cell for i64 {
    fn push_all(data: &mut Data, values: impl Iterator<Item = i64>) {
        if let Data::I64(v) = data {
            v.extend(values);
        }
    }
}
impl Cell for u64 {
    fn push_all(data: &mut Data, values: impl Iterator<Item = u64>) {
        if let Data::Key(v) = data {
            v.extend(values);
        }
    }
}

fn push<T: Cell>(table: &mut Table, column: Column, values: impl Iterator<Item = T>) {
    if let Some(data) = table.data_mut(column) {
        T::push_all(data, values);
    }
}

macro_rules! table_of {
    ($grain:ident, $module:ident, $rows:expr, $($constant:ident $field:ident)*) => {{
        let rows = $rows;
        let mut table = Table::new(Grain::$grain, 0);
        table.rows = rows.len();
        $(push(&mut table, $module::$constant, rows.iter().map(|r| r.$field));)*
        table
    }};
}

/// Lead cycles as columns, with the codes of the build.
pub(super) fn lead_cycles(rows: &[LeadCycle]) -> Table {
    table_of!(LeadCycle, lead_cycle, rows,
        KEY key JOURNEY journey CYCLE cycle ACCOUNT account OPPORTUNITY opportunity WINS_WITH wins_with SOURCE source
        SOURCE_DETAIL source_detail CHANNEL channel CAMPAIGN campaign SEGMENT segment INDUSTRY industry
        COUNTRY country PRODUCT product LANE lane OWNER owner SDR sdr TEAM team STAGE stage STAGE_RAW stage_raw
        CREATED_AT created_at MQL_AT mql_at SAL_AT sal_at SQL_AT sql_at OPPORTUNITY_AT opportunity_at
        WON_AT won_at LOST_AT lost_at REJECTED_AT rejected_at RECYCLED_AT recycled_at RETURNED_AT returned_at
        DISQUALIFIED_AT disqualified_at EXIT_AT exit_at REACHED_MQL reached_mql REACHED_SAL reached_sal
        REACHED_SQL reached_sql REACHED_OPPORTUNITY reached_opportunity REACHED_WON reached_won EXITED exited
        HANDOFF_AT handoff_at FIRST_ATTEMPT_AT first_attempt_at FIRST_CONTACT_AT first_contact_at ON_RECORD_AT on_record_at
        FIRST_REP first_rep FIRST_IS_DAY first_is_day ATTEMPTS attempts TRIES tries TOUCHES touches MACHINE_TOUCHES machine_touches AMOUNT amount LIST_PRICE list_price
        CLOSED_ON closed_on HAS_CREATED_AT has_created_at WON_BEFORE_CREATED won_before_created
        CONTRADICTED contradicted BATCH batch FILE file LINE line)
}

/// Opportunities as columns, with the codes of the build.
pub(super) fn opportunities(rows: &[OpportunityFact]) -> Table {
    table_of!(Opportunity, opportunity, rows,
        KEY key JOURNEY journey LEAD lead MEMBERS members LINK_RULE link_rule ACCOUNT account
        ACCOUNT_RULE account_rule SOURCE source CAMPAIGN campaign SEGMENT segment INDUSTRY industry
        COUNTRY country PRODUCT product OWNER owner TEAM team KIND kind REASON reason STAGE stage
        STAGE_RAW stage_raw LEAD_CREATED_AT lead_created_at CREATED_AT created_at CLOSED_ON closed_on
        EXPECTED_ON expected_on WON_ON won_on LOST_ON lost_on AMOUNT amount LIST_PRICE list_price
        CURRENCY currency NOT_CONVERTED not_converted HAS_LEAD has_lead CONTRADICTED contradicted
        PRODUCT_UNMATCHED product_unmatched BATCH batch FILE file LINE line)
}

/// Who had leads in turn as columns, with the codes of the build.
pub(super) fn turns(rows: &[LeadTurn]) -> Table {
    table_of!(LeadTurn, lead_turn, rows,
        KEY key JOURNEY journey WAITS waits FROM_AT from_at UNTIL_AT until_at OWNER owner STAGE_RAW stage_raw
        BATCH batch FILE file LINE line)
}

/// Parts one after the other.
pub(super) fn concat(grain: Grain, parts: Vec<Table>) -> Table {
    let rows = parts.iter().map(|p| p.rows).sum();
    // column by column, so that parts and whole are never all in memory
    let mut by_column: Vec<Vec<Data>> = grain.columns().iter().map(|_| Vec::new()).collect();
    for part in parts {
        by_column.iter_mut().zip(part.columns).for_each(|(all, data)| all.push(data));
    }
    let columns = by_column.into_par_iter().map(|parts| join(parts, rows)).collect();
    Table { grain, rows, columns }
}

fn join(parts: Vec<Data>, rows: usize) -> Data {
    let mut parts = parts.into_iter();
    let Some(mut all) = parts.next() else { return Data::U32(Vec::new()) };
    macro_rules! append {
        ($($variant:ident),*) => {
            for part in parts {
                match (&mut all, part) {
                    (Data::Code(v, _), Data::Code(more, _)) => v.extend(more),
                    $((Data::$variant(v), Data::$variant(more)) => {
                        if v.capacity() < rows {
                            v.reserve_exact(rows - v.len());
                        }
                        v.extend(more);
                    })*
                    _ => {}
                }
            }
        };
    }
    append!(Small, I32, I64, Key, U32);
    all
}

/// Gives each code column its own dictionary: the texts that occur, in their order. `texts` are sorted already.
pub(super) fn finish(table: &mut Table, texts: &[String]) {
    table.columns.par_iter_mut().for_each(|data| {
        let Data::Code(codes, dictionary) = data else { return };
        let mut used = vec![0u32; texts.len() + 1];
        codes.iter().for_each(|c| {
            if let Some(slot) = used.get_mut(*c as usize) {
                *slot = 1;
            }
        });
        let mut own = Vec::new();
        for (code, slot) in used.iter_mut().enumerate() {
            let text = code.checked_sub(1).and_then(|i| texts.get(i));
            *slot = match text {
                Some(text) if *slot == 1 => {
                    own.push(text.clone());
                    own.len() as u32
                }
                _ => 0,
            };
        }
        codes.iter_mut().for_each(|c| *c = used.get(*c as usize).copied().unwrap_or(0));
        *dictionary = Dictionary { texts: own };
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_column_of_a_row_is_filled() {
        let table = lead_cycles(&[LeadCycle::default(), LeadCycle::default()]);
        let full = |t: &Table| {
            t.columns.iter().all(|c| match c {
                Data::Code(v, _) | Data::U32(v) => v.len() == t.rows,
                Data::Small(v) => v.len() == t.rows,
                Data::I32(v) => v.len() == t.rows,
                Data::I64(v) => v.len() == t.rows,
                Data::Key(v) => v.len() == t.rows,
            })
        };
        assert!(full(&table));
        assert!(full(&opportunities(&[OpportunityFact::default()])));
        assert!(full(&turns(&[LeadTurn::default()])));
    }
}
