//! Charts and pages at their edges: nothing, one, many, zero, negative, very long.

#![allow(clippy::unwrap_used, clippy::panic)]

mod markup;
mod sample;

use faces::TextStyle;
use lockstep_faces as faces;
use report::{Band, BandPoint, Certainty, Chart, Dot, DotWhisker, Figure, Interval, Owner, Report, Table, Unit, Value};
use sample::{counted, estimated, few, of, rate, step, usd, waterfall, with_chart};

/// What holds for every report on every face.
fn holds(report: &Report) {
    let html = faces::html(report);
    for e in markup::elements(&html) {
        for (name, value) in &e.attributes {
            assert!(!value.contains("NaN") && !value.contains("inf"), "{name}={value}");
            let drawn = ["x", "x1", "x2", "cx", "y", "y1", "y2", "cy", "width", "height"].contains(&name.as_str());
            if let Some(percent) = value.strip_suffix('%').filter(|_| drawn) {
                let percent: f64 = percent.parse().unwrap();
                assert!((0.0..=100.0).contains(&percent), "{name}={value}");
            }
            if matches!(e.tag.as_str(), "rect") && name == "width" {
                assert!(!value.starts_with('-'), "{value}");
            }
        }
    }
    let ids: Vec<String> = markup::elements(&html).iter().filter_map(|e| e.get("id").map(str::to_owned)).collect();
    assert_eq!(ids.len(), ids.iter().collect::<std::collections::BTreeSet<_>>().len());
    for columns in [60, 80, 100, 120, 160] {
        for ascii in [false, true] {
            let text = faces::text(report, &TextStyle { columns, ascii, ansi: false });
            for line in text.lines() {
                let fits = line.chars().count() <= columns;
                assert!(fits || !line.trim().contains("  "), "{columns} columns: {line}");
            }
            assert!(!text.contains("NaN"));
        }
    }
    let back: Report = serde_json::from_str(&faces::json(report)).unwrap();
    assert!(&back == report, "the JSON does not read back");
    let cells = faces::csv(report).lines().next().unwrap().split(',').count();
    assert_eq!(cells, 14);
    assert!(faces::markdown(report).starts_with("# "));
}

fn dots(rows: Vec<Dot>, reference: Option<Figure>) -> Report {
    of(with_chart(Chart::DotWhisker(DotWhisker { title: "Title".into(), axis: "Row".into(), rows, reference })))
}

fn dot(figure: Figure) -> Dot {
    Dot { figure, note: String::new(), owner: None }
}

fn band(points: Vec<Figure>) -> Report {
    let points = points.into_iter().enumerate().map(|(i, figure)| BandPoint { label: format!("week {i}"), figure });
    of(with_chart(Chart::Band(Band { title: "Title".into(), points: points.collect(), reference: None })))
}

#[test]
fn the_sample_holds() {
    holds(&sample::report());
}

#[test]
fn a_waterfall_of_zeros_has_a_scale() {
    holds(&of(with_chart(Chart::Waterfall(Box::new(waterfall(vec![
        step("A", "", (0.0, 0.0, 0.0), sample::SALES, None),
        step("B", "", (0.0, 0.0, 0.0), sample::MARKETING, None),
    ]))))));
}

#[test]
fn a_waterfall_of_one_step_and_one_of_none() {
    let one = waterfall(vec![step("Only", "", (-5.0, -9.0, -1.0), Owner::Both, Some(1.0))]);
    let report = of(with_chart(Chart::Waterfall(Box::new(one))));
    assert!(
        markup::words(&faces::html(&report))
            .contains("almost certainly the largest factor beyond chance (100% of re-runs)")
    );
    holds(&report);
    holds(&of(with_chart(Chart::Waterfall(Box::new(waterfall(vec![]))))));
}

#[test]
fn a_waterfall_upwards_and_one_across_zero() {
    holds(&of(with_chart(Chart::Waterfall(Box::new(waterfall(vec![
        step("Up", "", (50.0, 20.0, 90.0), sample::SALES, None),
        step("Down", "", (-120.0, -200.0, 30.0), sample::MARKETING, None),
        step("Up again", "", (300.0, 100.0, 500.0), Owner::Unknown, None),
    ]))))));
}

#[test]
fn twelve_steps_with_very_long_names() {
    let long = "A factor whose name goes on well past what a column of any page can hold without being cut somewhere";
    let steps =
        (0..12).map(|i| step(&format!("{long} {i}"), long, (-10.0 * f64::from(i), -90.0, 12.0), Owner::Others, None));
    let report = of(with_chart(Chart::Waterfall(Box::new(waterfall(steps.collect())))));
    let text = faces::text(&report, &TextStyle { columns: 80, ..TextStyle::default() });
    // names are cut, numbers never
    assert!(text.contains('…') && text.contains("\u{2212}$110k"));
    holds(&report);
}

#[test]
fn a_step_that_cannot_be_told_moves_nothing_and_has_no_bar() {
    let mut refused = step("Price", "", (0.0, 0.0, 0.0), Owner::Others, None);
    refused.figure.value = Value::Withheld;
    refused.figure.certainty = Certainty::Refused;
    let steps = vec![step("A", "", (-50.0, -60.0, -40.0), sample::SALES, None), refused];
    let report = of(with_chart(Chart::Waterfall(Box::new(waterfall(steps)))));
    let html = faces::html(&report);
    let rows = markup::elements(&html);
    let row = rows.iter().find(|e| e.tag == "tr" && e.words().starts_with("Price") && e.inner.contains("svg")).unwrap();
    assert!(row.words().contains("cannot tell") && !row.inner.contains("<rect class=\"bar"));
    holds(&report);
}

#[test]
fn dots_below_zero_are_changes_and_carry_their_plus() {
    let report = dots(
        vec![
            dot(estimated("a.down", "down", usd(), -5e6, -9e6, -1e6, 40)),
            dot(estimated("a.up", "up", usd(), 5e6, -1e6, 9e6, 40)),
        ],
        None,
    );
    let words = markup::words(&faces::html(&report));
    assert!(words.contains("+$50k") && words.contains("direction not known"));
    holds(&report);
}

#[test]
fn dots_of_every_unit() {
    for unit in [usd(), Unit::Count, Unit::Share, Unit::ShareDifference, Unit::Days, Unit::Minutes, Unit::Number] {
        holds(&dots(
            vec![
                dot(estimated("a.x", "x", unit, 0.4, 0.1, 0.9, 3)),
                dot(estimated("a.y", "y", unit, 0.0, 0.0, 0.0, 0)),
            ],
            None,
        ));
        holds(&band(vec![estimated("a.x", "x", unit, 0.4, 0.1, 0.9, 3)]));
    }
}

#[test]
fn a_chart_of_nothing_and_one_where_nothing_can_be_told() {
    holds(&dots(vec![], None));
    holds(&dots(vec![dot(few("a.few", "few", 2, 9))], Some(rate("a.all", "all", 0.1, 0.05, 0.2, 90))));
    holds(&band(vec![]));
    holds(&band(vec![few("a.one", "one", 1, 9), few("a.two", "two", 2, 9)]));
}

#[test]
fn numbers_that_are_none_are_not_drawn() {
    let wild = Interval { lo90: f64::NEG_INFINITY, lo50: f64::NAN, hi50: 1.0, hi90: f64::INFINITY };
    let figure = sample::figure("a.wild", "wild", Unit::Number, Value::Real(0.5), Certainty::Estimated(wild), 1);
    let html = faces::html(&dots(vec![dot(figure)], None));
    assert!(!html.contains("NaN") && !html.contains("inf%") && !html.contains("inf to"));
    assert!(markup::words(&html).contains("cannot tell"));
}

#[test]
fn a_band_with_a_hole_is_broken_there_and_a_long_one_folds_its_numbers() {
    let mut figures: Vec<Figure> = (0..20).map(|i| rate(&format!("a.{i}"), "x", 0.1, 0.05, 0.2, 50)).collect();
    figures[7] = few("a.7", "x", 1, 9);
    let report = band(figures);
    let html = faces::html(&report);
    let all = markup::elements(&html);
    assert_eq!(all.iter().filter(|e| e.tag == "path" && e.has_class("band")).count(), 2);
    assert_eq!(all.iter().filter(|e| e.tag == "circle" && e.around.iter().any(|a| a == "svg.area")).count(), 19);
    assert_eq!(all.iter().filter(|e| e.tag == "details" && e.has_class("numbers")).count(), 1);
    let ticks = all.iter().filter(|e| e.tag == "text" && e.around.iter().any(|a| a == "svg.xl")).count();
    assert!(ticks <= 6, "{ticks}");
    holds(&report);
}

#[test]
fn no_figure_at_all_and_a_refusal_alone() {
    holds(&Report { sections: vec![], ..of(sample::refusal_only()) });
    let report = of(sample::refusal_only());
    let words = markup::words(&faces::html(&report));
    assert!(words.contains("Cannot tell: how much was given away by policy"));
    assert_eq!(faces::csv(&report).lines().count(), 1);
    holds(&report);
}

#[test]
fn a_table_without_rows_and_one_with_many_columns() {
    let empty = Table {
        id: "t".into(),
        title: "T".into(),
        columns: vec!["A".into(), "B".into()],
        rows: vec![],
        note: String::new(),
    };
    let many = Table {
        columns: (0..9).map(|i| format!("Column {i}")).collect(),
        rows: vec![report::TableRow {
            cells: (0..9)
                .map(|i| report::Cell::Figure(Box::new(counted(&format!("t.{i}"), "x", usd(), -1_234_567, 5))))
                .collect(),
        }],
        ..empty.clone()
    };
    let section = |tables| report::Section { tables, ..sample::price_without_refusal() };
    assert!(markup::words(&faces::html(&of(section(vec![empty.clone()])))).contains("No rows."));
    let html = faces::html(&of(section(vec![many.clone()])));
    assert!(markup::elements(&html).iter().any(|e| e.get("role") == Some("region") && e.get("tabindex") == Some("0")));
    holds(&of(section(vec![empty, many])));
}

#[test]
fn a_figure_that_stands_twice_has_one_row_and_one_place() {
    let f = rate("a.same", "same", 0.2, 0.1, 0.3, 50);
    let report = dots(vec![dot(f.clone()), dot(f)], None);
    assert_eq!(faces::csv(&report).lines().count(), 2);
    holds(&report);
}

#[test]
fn a_headline_that_is_no_gap_carries_no_plus() {
    let mut report = of(sample::refusal_only());
    report.figure = Some(counted("followup.late_now", "late", Unit::Count, 3, 3));
    assert!(faces::text(&report, &TextStyle::default()).contains("  3  late (counted)"));
}

#[test]
fn a_name_from_a_file_cannot_steer_a_terminal() {
    let hostile = "Web\u{1b}[2J\u{7}inar\r\n\u{9b}x";
    let cell = |text: &str| report::Cell::Text(text.into());
    let table = Table {
        id: "t".into(),
        title: hostile.into(),
        columns: vec!["Source".into(), hostile.into()],
        rows: vec![report::TableRow { cells: vec![cell(hostile), cell(hostile)] }],
        note: hostile.into(),
    };
    let mut report = of(report::Section { tables: vec![table], ..sample::price_without_refusal() });
    report.title = hostile.into();
    report.figure = Some(counted(hostile, hostile, Unit::Count, 3, 3));
    for columns in [60, 100] {
        let text = faces::text(&report, &TextStyle { columns, ..TextStyle::default() });
        assert!(!text.chars().any(|c| c.is_control() && c != '\n'));
        let styled = faces::text(&report, &TextStyle { columns, ansi: true, ascii: false });
        assert!(!styled.contains("\u{1b}[2J") && styled.contains("\u{1b}[1m"));
    }
    assert!(!faces::rows::table(&["file"], &[vec![hostile.into()]], 80).contains('\u{1b}'));
}
