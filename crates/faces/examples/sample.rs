//! Prints the sample report on one of the faces: `cargo run -p lockstep-faces --example sample -- text 100`.

#[path = "../tests/sample/mod.rs"]
mod sample;

fn main() {
    let mut args = std::env::args().skip(1);
    let face = args.next().unwrap_or_else(|| "html".into());
    let columns = args.next().and_then(|c| c.parse().ok()).unwrap_or(100);
    let report = sample::report();
    let out = match face.as_str() {
        "text" => lockstep_faces::text(&report, &lockstep_faces::TextStyle { columns, ..Default::default() }),
        "ascii" => {
            lockstep_faces::text(&report, &lockstep_faces::TextStyle { columns, ascii: true, ..Default::default() })
        }
        "markdown" => lockstep_faces::markdown(&report),
        "csv" => lockstep_faces::csv(&report),
        "json" => lockstep_faces::json(&report),
        _ => lockstep_faces::html(&report),
    };
    print!("{out}");
}
