use entries::catalogue::{rate, spend_day};
use import::{Piece, Settings};
use terms::{Day, Entity, When};

use crate::memory::{import, import_text, import_with, piece, try_import};

fn day(text: &str) -> Day {
    Day::parse(text).unwrap()
}

#[test]
fn a_totals_row_is_never_summed() {
    let Some(file) = piece("export-formats/google-ads-ui/Campaign report.csv") else { return };
    let (count, memory) = import(&file);
    assert_eq!((count.rows, count.used, count.rejected, count.ignored_rows()), (6, 2, 0, 4));
    let (cost, currency) = memory.sum(Entity::SpendDay, spend_day::COST);
    assert_eq!((cost, currency.code()), (2_565_93, "INR"));
    let sum = |field| -> i64 { memory.of(Entity::SpendDay).iter().filter_map(|e| e.get(field).int()).sum() };
    assert_eq!((sum(spend_day::IMPRESSIONS), sum(spend_day::CLICKS)), (46_168, 22_061));
    let range = When::Range(day("2025-07-08"), day("2025-07-31"));
    assert!(memory.of(Entity::SpendDay).iter().all(|e| e.valid_at == range), "the days stand above the header");
}

#[test]
fn a_german_report_by_day_is_read_with_its_comma() {
    let text = "Kampagnenbericht\n1. Juli 2026 - 2. Juli 2026\n\
        Tag,Kampagne,Währungscode,Kosten,Impr.,Klicks,Conversions\n\
        2026-07-01,Marke,EUR,\"1.234,56\",\"10.000\",120,\"3,00\"\n\
        2026-07-02,Marke,EUR,\"765,44\",\"9.000\",80,\"1,50\"\n\
        Gesamt: Konto, --,EUR,\"2.000,00\",\"19.000\",200,\"4,50\"\n";
    let (count, memory) = import_text("Kampagnenbericht.csv", text);
    assert_eq!((count.used, count.rejected, count.ignored_rows()), (2, 0, 1));
    let (cost, currency) = memory.sum(Entity::SpendDay, spend_day::COST);
    assert_eq!((cost, currency.code()), (2_000_00, "EUR"));
    assert_eq!(memory.entries[0].valid_at, When::Day(day("2026-07-01")));
    assert_eq!(memory.entries[0].get(spend_day::IMPRESSIONS).int(), Some(10_000));
}

#[test]
fn the_same_day_in_two_reports_is_one_thing() {
    let header = "Day,Campaign,Currency code,Cost,Impr.,Clicks";
    let one = format!("Campaign report\n\"July 1, 2026 - July 1, 2026\"\n{header}\n2026-07-01,Brand,USD,10.00,5,1\n");
    let two = format!(
        "Campaign report\n\"July 1, 2026 - July 2, 2026\"\n{header}\n2026-07-01,Brand,USD,10.50,6,1\n2026-07-02,Brand,USD,3.00,2,0\n"
    );
    let ((_, one), (_, two)) = (import_text("a.csv", &one), import_text("b.csv", &two));
    assert_eq!(one.entries[0].id, two.entries[0].id, "a restated day is a new version, not more spend");
    assert_ne!(two.entries[0].id, two.entries[1].id);
}

#[test]
fn a_utf_16_report_with_tabs_is_read() {
    let text = "Campaign report\r\nJuly 1, 2026 - July 31, 2026\r\nCampaign\tCurrency code\tCost\tImpr.\tClicks\r\nBränd\tUSD\t1,234.50\t1,000\t7\r\nTotal: Account\tUSD\t1,234.50\t1,000\t7\r\n";
    let mut bytes = vec![0xff, 0xfe];
    bytes.extend(text.encode_utf16().flat_map(u16::to_le_bytes));
    let (count, memory) = import(&Piece::from_bytes("Campaign report.csv", &bytes));
    assert_eq!((count.used, count.ignored_rows()), (1, 1));
    assert_eq!(memory.sum(Entity::SpendDay, spend_day::COST).0, 1_234_50);
    assert_eq!(memory.entries[0].get(spend_day::CAMPAIGN_NAME).text(), Some("Bränd"));
}

#[test]
fn the_currency_of_meta_is_read_from_the_column_name() {
    let text = "Reporting starts,Reporting ends,Campaign name,Ad set name,Ad name,Amount spent (EUR),Impressions,Reach,Link clicks,Results\n\
        2026-07-01,2026-07-01,Spring,A,a1,12.34,100,90,5,1\n\
        2026-07-01,2026-07-01,Spring,A,a2,7.66,50,40,2,\n\
        2026-07-01,2026-07-01,,,,20.00,150,130,7,1\n";
    let (count, memory) = import_text("ads-manager.csv", text);
    assert_eq!((count.used, count.ignored_rows()), (2, 1));
    let (cost, currency) = memory.sum(Entity::SpendDay, spend_day::COST);
    assert_eq!((cost, currency.code()), (20_00, "EUR"));
}

#[test]
fn a_linkedin_report_has_a_preamble_and_a_total() {
    let text = "Campaign Performance Report (in UTC)\n\"Report Start: July 1, 2026\",\"Report End: July 2, 2026\"\n\n\
        Start Date (in UTC),Account Name,Campaign Group Name,Campaign Name,Campaign ID,Currency,Total Spent,Impressions,Clicks,Clicks to Landing Page,Conversions\n\
        7/1/2026,Us,Group,Brand,123,USD,50.20,1000,12,9,1\n\
        7/2/2026,Us,Group,Brand,123,USD,49.80,900,11,8,0\n\
        Total,,,,,,100.00,1900,23,17,1\n";
    let (count, memory) = import_text("campaign_performance_report.csv", text);
    assert_eq!((count.used, count.ignored_rows()), (2, 1));
    assert_eq!(memory.sum(Entity::SpendDay, spend_day::COST).0, 100_00);
    assert_eq!(memory.entries[0].valid_at, When::Day(day("2026-07-01")));
}

#[test]
fn the_social_ads_sums_are_those_counted_elsewhere() {
    let Some(file) = piece("kag-social-ads/KAG_conversion_data.csv") else { return };
    let (count, memory) = import(&file);
    assert_eq!((count.rows, count.used, count.rejected), (1_143, 1_143, 0));
    assert_eq!(memory.distinct(Entity::SpendDay), 1_143);
    let ints = |field| -> i64 { memory.of(Entity::SpendDay).iter().filter_map(|e| e.get(field).int()).sum() };
    let reals = |field| -> f64 { memory.of(Entity::SpendDay).iter().filter_map(|e| e.get(field).real()).sum() };
    assert_eq!((ints(spend_day::IMPRESSIONS), ints(spend_day::CLICKS)), (213_434_828, 38_165));
    assert_eq!((reals(spend_day::CONVERSIONS), reals(spend_day::RESULTS)), (3_264.0, 1_079.0));
    // each ad's cost is kept in cents: 1,143 roundings of at most half a cent
    assert!((memory.sum(Entity::SpendDay, spend_day::COST).0 - 58_705_23).abs() <= 10);
    assert!(memory.of(Entity::SpendDay).iter().all(|e| e.valid_at == When::Unknown), "the date column is not the ads'");
    assert_eq!(memory.texts(Entity::SpendDay, spend_day::AUDIENCE).len(), 8);
}

#[test]
fn connectors_count_one_spend_once() {
    let Some(google) = piece("export-formats/fivetran-google-ads/campaign_stats_data.csv") else { return };
    let (count, memory) = import(&google);
    assert_eq!((count.rows, count.used), (16, 16));
    assert_eq!(memory.distinct(Entity::SpendDay), 16);
    let first = memory.entries[0].get(spend_day::COST).money().unwrap();
    assert_eq!(first.minor, 36_15, "millionths");
    for other in ["account_stats", "ad_stats", "ad_group_stats", "keyword_stats", "search_term_keyword_stats"] {
        let (count, memory) = import(&piece(&format!("export-formats/fivetran-google-ads/{other}_data.csv")).unwrap());
        assert_eq!((memory.entries.len(), count.ignored_rows()), (0, count.rows), "{other}");
        assert!(count.ignored[0].reason.contains("counted twice"), "{other}");
    }
    let (count, memory) =
        import(&piece("export-formats/fivetran-linkedin-ads/linkedin_ad_analytics_by_campaign_data.csv").unwrap());
    assert_eq!((count.used, memory.distinct(Entity::SpendDay)), (20, 20));
    let (count, memory) =
        import(&piece("export-formats/fivetran-facebook-ads/facebook_ads_basic_ad_data.csv").unwrap());
    assert_eq!((count.used, memory.distinct(Entity::SpendDay)), (10, 10));
}

#[test]
fn plans_and_rates_are_read() {
    let (count, memory) = import_text(
        "plan.csv",
        "period,metric,segment,currency,amount,count\n2026-01-01,new_bookings,,USD,1200000,\n2026-01-01,mql,smb,,,450\n",
    );
    assert_eq!((count.used, count.rejected, memory.distinct(Entity::Plan)), (2, 0, 2));
    let (count, memory) = import_text("rates.csv", "date,from,to,rate\n2026-01-01,EUR,USD,1.0842\n");
    assert_eq!(count.used, 1);
    assert_eq!(memory.entries[0].get(rate::RATE).real(), Some(1.0842));
}

#[test]
fn dates_with_two_readings_are_asked_for_and_then_read() {
    let text = "Day,Campaign,Currency code,Cost,Impr.,Clicks\n03/04/2026,Brand,USD,10.00,5,1\n05/06/2026,Brand,USD,10.00,5,1\n";
    let piece = Piece::from_bytes("report.csv", text.as_bytes());
    let Err(error) = try_import(&piece, &Settings::default()) else { panic!("guessed") };
    assert_eq!(error.code(), "ambiguous_dates");
    let order = import::values::DateOrder::parse("dmy");
    let (_, memory) = import_with(&piece, &Settings { date_order: order, ..Settings::default() });
    assert_eq!(memory.entries[0].valid_at, When::Day(day("2026-04-03")));
}
